"""Films for a wish in somebody's own words: understood by rules, found by the source. No web."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec

from moviesite import clock
from moviesite.assistant import queries, quota_service
from moviesite.assistant.draft import Value
from moviesite.assistant.naming import Catalogue
from moviesite.assistant.rules import Interpretation, read
from moviesite.assistant.scoring import match
from moviesite.caching import Answer
from moviesite.catalogue import browse, live
from moviesite.catalogue.filters import Filters, Ordering, OrderName, alternatives
from moviesite.config import current_config
from moviesite.errors import Unavailable
from moviesite.library.presenting import offered
from moviesite.models import User
from moviesite.providers.base import DiscoverQuery, MovieData, MoviePage
from moviesite.text import capital

# Of plain letters; of other scripts each is taken for a token of its own.
CHARACTERS_A_TOKEN = 4
PAGE_SIZE = 20
# Pages asked for where many films are left out, and results of which there are too few.
_MOST_PAGES, _FEW = 3, 5
# The demo's films have no more than a hundred votes or so.
_VOTES_IN_DEMO = 10
_SERVICES, _COUNTRY = "with_watch_providers", "watch_region"

TOO_LONG = "too_long"
NOTHING_UNDERSTOOD = "nothing_understood"


class Asker(NamedTuple):
    """Who asks, in which language, and on which services they watch."""

    user: User | None
    language: str
    region: str
    adult: bool = False
    services: tuple[int, ...] = ()


class Hit(NamedTuple):
    """A film, and how many of the wishes it meets, 0 to 100."""

    movie: MovieData
    match: int


class Reply(NamedTuple):
    """What was understood, and films for it.

    `reason` says why there are none where nothing was looked for; `problem` is a sentence for
    what the answer lacks; `used` and `left` are calls of a model today. `engine` is what found
    the films, `fallback` why rules did although a model was asked.
    """

    interpretation: Interpretation
    hits: Sequence[Hit] = ()
    answer: Answer[MoviePage] | None = None
    reason: str | None = None
    problem: str | None = None
    used: int = 0
    left: int = 0
    engine: str = "rules"
    fallback: str | None = None


class _Found(NamedTuple):
    movies: list[MovieData]
    answer: Answer[MoviePage] | None
    dropped: frozenset[str]
    problem: str | None = None


def search(prompt: str, asker: Asker, off: Collection[str] = ()) -> Reply:
    """Films for a wish; `off` names parts of the interpretation that are taken away.

    Such a part is the name of a filter, or that with one of its ids as `with_genres:35`, or one of
    `seen`, `like` and `on_my_services`. Costs no unit of the day. Raises Unavailable where
    neither the source nor the stored catalogue can answer.
    """
    return with_quota(_answered(prompt, asker, off), asker)


def with_quota(reply: Reply, asker: Asker) -> Reply:
    """The answer with what its asker used of the day, and what is left."""
    if asker.user is None:
        return reply
    quota = quota_service.quota_of(asker.user)
    return reply._replace(used=quota.used, left=quota.left)


def is_too_long(prompt: str) -> bool:
    """Whether a wish is longer than this site reads."""
    return tokens(prompt) > current_config().assistant_max_prompt_tokens


def interpretation(prompt: str, asker: Asker) -> Interpretation:
    """What rules take a wish for."""
    most_votes = _VOTES_IN_DEMO if current_config().demo else None
    return read(prompt, Catalogue(prompt, asker.language), clock.now().year, most_votes)


def tokens(prompt: str) -> int:
    """About how many tokens a text is, rather too many than too few."""
    plain = sum(char.isascii() for char in prompt)
    return -(-plain // CHARACTERS_A_TOKEN) + len(prompt) - plain


def _answered(prompt: str, asker: Asker, off: Collection[str]) -> Reply:
    if is_too_long(prompt):
        return Reply(Interpretation({}), reason=TOO_LONG)
    wish, problem = _on_services(_without(interpretation(prompt, asker), off), asker)
    if wish.empty:
        return Reply(wish, reason=NOTHING_UNDERSTOOD, problem=problem)
    found = _found(wish, asker)
    unmet = len(wish.not_understood)
    hits = [
        Hit(movie, match(movie, wish.filters, dropped=dropped, not_understood=unmet))
        for movie, dropped in _widened(found, wish, asker)
    ]
    hits = sorted(hits, key=lambda hit: -hit.match)[:PAGE_SIZE]
    trouble = " ".join(filter(None, (problem, found.problem))) or None
    return Reply(wish, hits, found.answer, problem=trouble)


def _without(wish: Interpretation, off: Collection[str]) -> Interpretation:
    filters = {name: _less(name, value, off) for name, value in wish.filters.items()}
    return wish._replace(
        filters={name: value for name, value in filters.items() if value != "" and name not in off},
        seen=None if "seen" in off else wish.seen,
        like=None if "like" in off else wish.like,
        on_my_services=wish.on_my_services and "on_my_services" not in off,
    )


def _less(name: str, value: Value, off: Collection[str]) -> Value:
    """A list of ids without those that are taken away."""
    gone = {part.partition(":")[2] for part in off if part.startswith(f"{name}:")}
    if not gone or not isinstance(value, str):
        return value
    mark = "|" if "|" in value else ","
    return mark.join(part for part in value.split(mark) if part not in gone)


def _on_services(wish: Interpretation, asker: Asker) -> tuple[Interpretation, str | None]:
    if not wish.on_my_services:
        return wish, None
    if not asker.services:
        problem = "Your services are not known here, so films from all services are shown."
        return wish, problem
    own = {_SERVICES: "|".join(map(str, asker.services)), _COUNTRY: asker.region}
    return wish._replace(filters={**wish.filters, **own}), None


def _found(wish: Interpretation, asker: Asker, dropped: frozenset[str] = frozenset()) -> _Found:
    """Films from the source; while it is away, stored ones by what is stored of them."""
    query = _query(wish.filters, asker)
    movies, answer = list[MovieData](), None
    try:
        for page in range(1, _MOST_PAGES + 1):
            answer = live.discover(msgspec.structs.replace(query, page=page))
            movies += wanted(answer.value.results, wish, asker)
            if len(movies) >= PAGE_SIZE or page >= answer.value.total_pages:
                break
    except Unavailable:
        if not movies:
            return _stored(wish, asker, dropped)
    return _Found(movies, answer, dropped)


def _query(filters: dict[str, Value], asker: Asker) -> DiscoverQuery:
    dates = ("release_date.gte", "release_date.lte")
    typed: dict[str, Any] = {
        name.replace(".", "_"): dt.date.fromisoformat(str(value)) if name in dates else value
        for name, value in filters.items()
    }
    typed |= {"language": asker.language, "region": asker.region, "include_adult": asker.adult}
    return DiscoverQuery(**typed)


def wanted(movies: Sequence[MovieData], wish: Interpretation, asker: Asker) -> list[MovieData]:
    """Without what this person mutes, what they did or did not see, and the film of a likeness."""
    rows = [movie for movie in movies if not wish.like or movie.id != wish.like.id]
    rows = offered(rows, asker.user)
    if wish.seen is None or asker.user is None:
        return rows
    seen = queries.seen_among(asker.user.id, [movie.id for movie in rows])
    return [movie for movie in rows if (movie.id in seen) == wish.seen]


def _widened(
    found: _Found, wish: Interpretation, asker: Asker
) -> list[tuple[MovieData, frozenset[str]]]:
    """The films, and where they are few those that meet all wishes but one."""
    rows = [(movie, found.dropped) for movie in found.movies]
    name = next((n for n in ("with_keywords", "with_genres") if n in wish.filters), None)
    if len(rows) >= _FEW or name is None or len(wish.filters) < 2:
        return rows
    rest = {key: value for key, value in wish.filters.items() if key != name}
    more = _found(wish._replace(filters=rest), asker, frozenset({name}))
    known = {movie.id for movie, _ in rows}
    also = [(movie, found.dropped | more.dropped) for movie in more.movies if movie.id not in known]
    return [*rows, *also]


# The stored catalogue, by the same filters as far as it knows what they are about.

_UNSTORED = (_SERVICES,)
_ORDERS: dict[str, OrderName] = {
    "popularity": "popularity",
    "vote_average": "vote_average",
    "release_date": "release_date",
}


def _stored(wish: Interpretation, asker: Asker, dropped: frozenset[str]) -> _Found:
    filters = wish.filters
    by, _, way = str(filters.get("sort_by", "popularity.desc")).partition(".")
    ordering = Ordering(_ORDERS[by], descending=way == "desc")
    page = browse.stored(stored_filters(filters, asker.adult), ordering, page_size=3 * PAGE_SIZE)
    votes = int(filters.get("vote_count.gte", 0))
    movies = [movie for movie in page.movies if movie.vote_count >= votes]
    unmet = [name for name in _UNSTORED if name in filters]
    source = live.source_in_words()
    problem = f"{capital(source)} is not answering; these are films saved here."
    if unmet:
        problem += " Which services have them is not known."
    return _Found(wanted(movies, wish, asker), None, dropped | frozenset(unmet), problem)


def stored_filters(filters: dict[str, Value], adult: bool) -> Filters:
    """The filters of a wish in the words of the stored catalogue; services and votes are none."""
    text = {name: str(value) for name, value in filters.items()}
    year = filters.get("year")
    first, last = text.get("release_date.gte", ""), text.get("release_date.lte", "")
    return Filters(
        genres=alternatives(text.get("with_genres", "")),
        without_genres=tuple(filter(None, text.get("without_genres", "").split(","))),
        year_from=int(year or first[:4] or 0) or None,
        year_to=int(year or last[:4] or 0) or None,
        runtime_min=_whole(filters.get("with_runtime.gte")),
        runtime_max=_whole(filters.get("with_runtime.lte")),
        rating_min=float(text["vote_average.gte"]) if "vote_average.gte" in text else None,
        people=alternatives(text.get("with_people", "")),
        keywords=alternatives(text.get("with_keywords", "")),
        languages=tuple(filter(None, [text.get("with_original_language", "")])),
        countries=tuple(filter(None, [text.get("with_origin_country", "")])),
        include_adult=adult,
    )


def _whole(value: Value | None) -> int | None:
    return None if value is None else int(value)
