"""Looks up, many at once, who and what a wish may name. No web, no statement of its own."""

import re
from collections.abc import Iterable, Iterator, Sequence

from moviesite import cache_kinds
from moviesite.assistant import queries
from moviesite.assistant.draft import Film
from moviesite.assistant.people_rules import LONGEST_NAME, singulars
from moviesite.assistant.rules import LONGEST_TITLE, MOST_WORDS
from moviesite.assistant.vocabulary import MOODS
from moviesite.caching import get_or_load
from moviesite.catalogue import live, people_search
from moviesite.errors import MovieSiteError
from moviesite.providers.base import PersonRef
from moviesite.providers.http import Patience, patience
from moviesite.providers.tmdb import current_tmdb
from moviesite.text import fold

# Surnames that are looked for one by one, and genres that say little of a film.
_MOST_SURNAMES = 8
# Names for which the source is asked, and how long each may take: films are still to be found.
_MOST_STRANGERS = 3
_BRIEFLY = Patience(seconds=1.0, retries=0, longest_wait=0.0)
_BROAD = (18, 53, 35, 28)
_TITLES_FOLLOW = frozenset(
    ["like", "to", "of", "as", "called", "film", "movie", "watching", "than"]
)


class Catalogue:
    """The names in the stored catalogue that are in a prompt; whole names in three statements."""

    def __init__(self, prompt: str, language: str) -> None:
        words = re.findall(r"\w+", fold(prompt))[: 2 * MOST_WORDS]
        runs = list(_runs(words, LONGEST_NAME))
        self._people = queries.people_called(run for run in runs if " " in run)
        self._keywords = queries.keywords_called(_keyword_spellings(runs))
        self._films = queries.films_called(_titles(words))
        self._surnames: dict[str, int | None] = {}
        self._last_names: dict[str, int | None] = {}
        self._strangers: dict[str, Sequence[PersonRef]] = {}
        self._language = language
        self._read: dict[int, Film] = {}

    def person(self, name: str, *, alone: bool) -> int | None:
        """Whoever has this whole name; part of a name is enough where a person was announced."""
        found = self._people.get(name)
        if found or alone or len(self._surnames) >= _MOST_SURNAMES:
            return found
        if name not in self._surnames:
            self._surnames[name] = _best_known(name)
        return self._surnames[name]

    def surname(self, name: str) -> int | None:
        """Whoever is best known by this last name, here or to the source."""
        if name not in self._last_names and len(self._last_names) < _MOST_SURNAMES:
            stored = [one.person for one in people_search.search_people(name, guessing=False)]
            found = _with_last_name(name, stored) or _with_last_name(name, self._beyond(name))
            self._last_names[name] = found
        return self._last_names.get(name)

    def stranger(self, name: str) -> int | None:
        """Whoever has exactly this name at the source."""
        return next((one.id for one in self._beyond(name) if fold(one.name) == name), None)

    def _beyond(self, name: str) -> Sequence[PersonRef]:
        """People whom the source finds by this name; none while it does not answer in time."""
        if name not in self._strangers:
            asks = len(self._strangers) < _MOST_STRANGERS and live.source_answering()
            self._strangers[name] = _told_by_source(name, self._language) if asks else ()
        return self._strangers[name]

    def keyword(self, name: str) -> int | None:
        """The keyword of this name."""
        return self._keywords.get(fold(name))

    def film(self, title: str) -> Film | None:
        """The film of this title, with what it is made of."""
        found = self._films.get(title)
        if found is None:
            return None
        movie_id, own_title = found
        if movie_id not in self._read:
            genres = sorted(queries.genres_of(movie_id), key=lambda id_: (id_ in _BROAD, id_))
            keywords = tuple(queries.telling_keywords_of(movie_id))
            facts = queries.length_and_year(movie_id)
            self._read[movie_id] = Film(movie_id, own_title, tuple(genres), keywords, *facts)
        return self._read[movie_id]


def _runs(words: list[str], longest: int) -> Iterator[str]:
    for start in range(len(words)):
        for length in range(1, longest + 1):
            yield " ".join(words[start : start + length])


def _titles(words: list[str]) -> Iterator[str]:
    """Whatever follows a word after which a title may come."""
    for place, word in enumerate(words):
        if word in _TITLES_FOLLOW:
            rest = words[place + 1 : place + 1 + LONGEST_TITLE]
            yield from (" ".join(rest[:length]) for length in range(1, len(rest) + 1))


def _keyword_spellings(runs: list[str]) -> set[str]:
    """As catalogues spell them: in one word, in several, or with hyphens."""
    found = {name for names, _ in MOODS.values() for name in names}
    for run in runs:
        for form in singulars(run):
            found |= {form, form.replace(" ", "-"), form.replace(" ", "-", 1)}
    return found


def _best_known(name: str) -> int | None:
    """Each word must be a whole word of the name: the beginning of one may be anybody's."""
    words = set(name.split())
    for one in people_search.search_people(name, guessing=False):
        if words <= set(fold(one.person.name).split()):
            return one.person.id
    return None


def _with_last_name(name: str, people: Iterable[PersonRef]) -> int | None:
    return next((one.id for one in people if fold(one.name).split()[-1:] == [name]), None)


def _told_by_source(name: str, language: str) -> Sequence[PersonRef]:
    params = {"query": name, "language": language}
    try:
        with patience(_BRIEFLY):
            answer = get_or_load(
                cache_kinds.SUGGEST, params, lambda: current_tmdb().search_multi(name, language)
            )
    except MovieSiteError:
        return ()
    return [one.person for one in answer.value.results if one.person]
