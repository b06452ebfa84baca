"""Movies and people for a field that completes what somebody types. No web, no statement."""

from collections.abc import Iterable
from typing import NamedTuple

from moviesite import cache_kinds
from moviesite.caching import get_or_load
from moviesite.catalogue import browse, finding, live, people_search, search, search_syntax
from moviesite.catalogue.closeness import INSIDE
from moviesite.catalogue.filters import Filters
from moviesite.errors import MovieSiteError
from moviesite.providers.base import MovieData, PersonRef, Suggestion
from moviesite.providers.tmdb import current_tmdb

MOST = 10
# With fewer stored ones than these, the source is asked as well.
FEW = 5


class _Hit(NamedTuple):
    """A suggestion that may be made; less is better, from the first field to the last."""

    kind: int
    place: int
    of_a_person: bool
    id: int


def suggest(text: str, language: str, *, adult: bool = False) -> list[Suggestion]:
    """At most ten movies and people, closest first; the source is asked where few are stored."""
    wish = search_syntax.read(text).narrowed(adult=adult)
    if wish.target or not wish.words:
        stored = finding.browse_stored(wish, page_size=MOST).movies if not wish.empty else ()
        return [Suggestion(movie=movie) for movie in stored]
    found = _stored(wish.words, adult)
    if len(found) >= FEW or not live.source_answering():
        return found
    return _unique([*found, *_upstream(wish.words, language, adult)])[:MOST]


def movies(text: str, language: str, *, adult: bool = False) -> list[Suggestion]:
    """At most ten movies alone."""
    return [one for one in suggest(text, language, adult=adult) if one.movie]


def people(text: str, language: str, *, adult: bool = False) -> list[Suggestion]:
    """At most ten people alone; operators and addresses are nobody's name."""
    found = people_search.search_people(text)[:MOST]
    stored = list({one.person.id: Suggestion(person=one.person) for one in found}.values())
    if len(stored) >= FEW or not text.strip() or not live.source_answering():
        return stored
    beyond = [one for one in _upstream(text.strip(), language, adult) if one.person]
    return _unique([*stored, *beyond])[:MOST]


def _stored(words: str, adult: bool) -> list[Suggestion]:
    titles = search.search(words, Filters(include_adult=adult))[:MOST]
    guessing = not titles or titles[0][0].kind >= INSIDE
    names = people_search.search_people(words, guessing=guessing)[:MOST]
    people = {one.person.id: one for one in names}
    hits = [
        *(_Hit(match.kind, n, False, id_) for n, (match, id_) in enumerate(titles)),
        *(_Hit(one.match.kind, n, True, id_) for n, (id_, one) in enumerate(people.items())),
    ]
    chosen = _worthwhile(sorted(hits))[:MOST]
    movies = {
        movie.id: movie
        for movie in browse.chosen([hit.id for hit in chosen if not hit.of_a_person])
    }
    return [
        Suggestion(person=people[hit.id].person)
        if hit.of_a_person
        else Suggestion(movie=movies[hit.id])
        for hit in chosen
    ]


def _worthwhile(hits: list[_Hit]) -> list[_Hit]:
    """Guesses are for those of whom nothing fits."""
    sure = [hit for hit in hits if hit.kind < INSIDE]
    return sure or hits


def _upstream(words: str, language: str, adult: bool) -> Iterable[Suggestion]:
    params = {"query": words.casefold(), "language": language, "include_adult": adult}
    try:
        found = get_or_load(
            cache_kinds.SUGGEST,
            params,
            lambda: current_tmdb().search_multi(words, language, include_adult=adult),
        ).value.results
    except MovieSiteError:
        return ()
    matched = tuple(one.movie for one in found if one.movie)
    movies = {movie.id: Suggestion(movie=movie) for movie in live.shown(matched, language)}
    return [
        movies[one.movie.id] if one.movie else one
        for one in found
        if not one.movie or one.movie.id in movies
    ]


def _unique(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    unique: dict[tuple[type, int], Suggestion] = {}
    for suggestion in suggestions:
        unique.setdefault(_key(suggestion), suggestion)
    return list(unique.values())


def _key(suggestion: Suggestion) -> tuple[type, int]:
    thing: MovieData | PersonRef | None = suggestion.movie or suggestion.person
    return type(thing), thing.id if thing else 0
