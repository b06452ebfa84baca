"""Everything that TMDb was recorded to answer is read; no damage to it does any damage here."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from moviesite import cache_kinds, caching, clock
from moviesite.errors import MovieSiteError
from moviesite.providers.base import DiscoverQuery, Grant
from moviesite.providers.http import Patience, patience
from moviesite.providers.tmdb import TMDb
from moviesite.text import is_clean
from tests.providers.conftest import replaying

ONCE = Patience(seconds=3.0, retries=0, longest_wait=0.0)

MOST_TEXT = 20_000


class Question(NamedTuple):
    """How a recorded path is asked, and in which kind of entry its answer is kept."""

    ask: Callable[[TMDb, dict[str, Any]], Any]
    kind: cache_kinds.Kind[Any]


def _page(body: dict[str, Any]) -> int:
    page = body.get("page")
    return page if isinstance(page, int) and not isinstance(page, bool) else 1


def _id(body: dict[str, Any]) -> int:
    id_ = body.get("id")
    return id_ if isinstance(id_, int) and not isinstance(id_, bool) else 1


QUESTIONS: dict[str, Question] = {
    "/3/configuration": Question(lambda t, _: t.image_sizes(), cache_kinds.IMAGE_SIZES),
    "/3/genre/movie/list": Question(lambda t, _: t.genres("en"), cache_kinds.GENRES),
    "/3/trending/movie/week": Question(
        lambda t, b: t.trending("week", _page(b), "en"), cache_kinds.LISTING
    ),
    "/3/trending/all/week": Question(
        lambda t, b: t.trending("week", _page(b), "en"), cache_kinds.LISTING
    ),
    "/3/movie/popular": Question(lambda t, b: t.popular(_page(b), "en"), cache_kinds.LISTING),
    "/3/movie/top_rated": Question(lambda t, b: t.top_rated(_page(b), "en"), cache_kinds.LISTING),
    "/3/movie/upcoming": Question(lambda t, b: t.upcoming(_page(b), "en"), cache_kinds.LISTING),
    "/3/movie/now_playing": Question(
        lambda t, b: t.now_playing(_page(b), "en"), cache_kinds.LISTING
    ),
    "/3/discover/movie": Question(
        lambda t, b: t.discover(DiscoverQuery(page=_page(b))), cache_kinds.DISCOVER
    ),
    "/3/search/movie": Question(
        lambda t, b: t.search_movies("x", _page(b), "en"), cache_kinds.SEARCH
    ),
    "/3/search/multi": Question(lambda t, _: t.search_multi("x", "en"), cache_kinds.SUGGEST),
    "/3/watch/providers/movie": Question(
        lambda t, _: t.watch_providers("US", "en"), cache_kinds.WATCH_PROVIDERS
    ),
    "/3/watch/providers/regions": Question(
        lambda t, _: t.watch_regions("en"), cache_kinds.WATCH_REGIONS
    ),
    "/3/account/{account_id}/favorite/movies": Question(
        lambda t, b: t.account_favorites(Grant("token"), "1", _page(b), "en"), cache_kinds.LISTING
    ),
    "/3/find/": Question(lambda t, _: t.find_by_imdb("tt0088247", "en"), cache_kinds.FIND),
    "/3/movie/": Question(lambda t, b: t.movie(_id(b), "de-DE"), cache_kinds.MOVIE_DETAIL),
    "/3/collection/": Question(lambda t, b: t.collection(_id(b), "en"), cache_kinds.COLLECTION),
    "/3/person/": Question(lambda t, b: t.person(_id(b), "de-DE"), cache_kinds.PERSON),
}
_DETAILS = ("/3/find/", "/3/movie/", "/3/collection/", "/3/person/")


def question_for(path: str) -> Question | None:
    """How this path is asked; None for one that the product does not use."""
    if path in QUESTIONS:
        return QUESTIONS[path]
    prefix, _, last = path.rpartition("/")
    named = last in ("latest", "popular", "changes")
    return None if named or f"{prefix}/" not in _DETAILS else QUESTIONS[f"{prefix}/"]


def checked(question: Question, value: Any) -> None:
    """The answer survives the cache unchanged, and a database could hold every text in it."""
    body = caching.encode(value, clock.now())
    entry = caching.decode(question.kind, body)
    assert entry is not None
    assert entry.value == value
    assert caching.encode(entry.value, entry.fetched_at) == body
    for found in _leaves(msgspec.to_builtins(value)):
        if isinstance(found, str):
            assert is_clean(found)
            assert len(found) <= MOST_TEXT
        if isinstance(found, int):
            assert -(2**63) <= found < 2**63


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def test_every_recorded_answer_to_a_question_of_ours_is_read(
    shared_data: Path, record_property: Callable[[str, object], None]
) -> None:
    folder = shared_data / "tmdb" / "recorded"
    index = json.loads((folder / "index.json").read_bytes())["bodies"]
    read, refused = 0, []
    for record in index:
        question = question_for(record["path"])
        if question is None or record["method"] != "GET":
            continue
        raw = (folder / "bodies" / record["file"]).read_bytes()
        with patience(ONCE):
            try:
                checked(question, question.ask(replaying(raw, record["status"]), json.loads(raw)))
                read += 1
            except MovieSiteError as error:
                refused.append((record["file"], error.status))
    record_property("recorded bodies read", read)
    # A 404, and identifiers of people and series, which are no movies.
    assert {status for _, status in refused} <= {404}
    assert all("999999999" in name or name.startswith("find-") for name, _ in refused)
    assert read >= 70


def full_movie(recorded: Callable[[str], bytes]) -> dict[str, Any]:
    """A movie with every part that is appended, put together from one movie's recordings."""
    name = "movie-47964{}__jellyfin-tmdblib.json"
    body = json.loads(recorded(name.format("")))
    parts = {
        "credits": "credits",
        "videos": "videos",
        "images": "images",
        "keywords": "keywords",
        "release_dates": "release-dates",
        "similar": "similar",
        "recommendations": "recommendations",
        "translations": "translations",
    }
    for part, file in parts.items():
        body[part] = json.loads(recorded(name.format(f"-{file}")))
    body["watch/providers"] = json.loads(
        recorded("movie-1007757-watch-providers__jellyfin-tmdblib.json")
    )
    body["external_ids"] = json.loads(recorded("movie-335984-external-ids__jellyfin-tmdblib.json"))
    return body


def full_person(recorded: Callable[[str], bytes]) -> dict[str, Any]:
    """A person with a filmography."""
    name = "person-62{}__jellyfin-tmdblib.json"
    body = json.loads(recorded(name.format("-2")))
    body["movie_credits"] = json.loads(recorded(name.format("-movie-credits")))
    body["external_ids"] = json.loads(recorded(name.format("-external-ids")))
    return body


def test_a_whole_movie_is_told_in_one_call(recorded: Callable[[str], bytes]) -> None:
    body = full_movie(recorded)
    movie = replaying(json.dumps(body).encode()).movie(47964, "en-US")
    assert movie.title == "A Good Day to Die Hard"
    assert movie.missing == ()
    assert movie.cast[0].person.name == "Bruce Willis"
    assert any(crew.job == "Director" for crew in movie.crew)
    assert {video.site for video in movie.videos} == {"YouTube"}
    assert all(video.url.startswith("https://www.youtube.com/watch?v=") for video in movie.videos)
    assert len(movie.watch_providers) > 50
    assert {"US", "DE"} <= {certificate.region for certificate in movie.certifications}
    assert movie.similar
    assert movie.recommended
    assert movie.collection is not None


def test_a_series_is_told_with_its_films_in_order(recorded: Callable[[str], bytes]) -> None:
    series = replaying(recorded("collection-264__jellyfin-tmdblib.json")).collection(264, "en-US")
    assert series.name == "Back to the Future Collection"
    assert [part.year for part in series.parts] == [1985, 1989, 1990]


# Every field of an answer damaged in every way, one at a time

_HUGE = "x" * 2 * MOST_TEXT
DAMAGES: dict[str, Any] = {
    "null": None,
    "true": True,
    "text": "x",
    "number": -1.5,
    "list": ["x", None, {}],
    "object": {"x": {"y": None}},
    "huge text": _HUGE,
    "huge number": 10**40,
    "huge float": 1e308,
    "no number": float("nan"),
    "unclean": "a\x00b\ud800c\u202e",
    "huge list": [[{}] * 3] * 1_500,
}
DROPPED = object()


def reduced(value: Any, most: int = 2) -> Any:
    """The same shape with short lists: a field is damaged once, not once for each row."""
    if isinstance(value, dict):
        items = list(value.items())
        regions = len(items) > 40
        return {name: reduced(item) for name, item in (items[:3] if regions else items)}
    if isinstance(value, list):
        return [reduced(item) for item in value[:most]]
    return value


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something could be damaged: the first item of each list stands for the others."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def damaged(body: Any, path: tuple[Any, ...], damage: Any) -> Any:
    """A copy with one place damaged."""
    whole = copy.deepcopy(body)
    parent = whole
    for step in path[:-1]:
        parent = parent[step]
    if damage is DROPPED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = damage
    return whole


SAMPLES = {
    "/3/configuration": "configuration__jellyfin-tmdblib.json",
    "/3/genre/movie/list": "genre-movie-list__jellyfin-tmdblib.json",
    "/3/trending/all/week": "trending-all-week__jellyfin-tmdblib.json",
    "/3/movie/upcoming": "movie-upcoming__18months-themoviedb-api.json",
    "/3/discover/movie": "discover-movie__18months-themoviedb-api.json",
    "/3/search/movie": "search-movie-2__jellyfin-tmdblib.json",
    "/3/search/multi": "search-multi__jellyfin-tmdblib.json",
    "/3/watch/providers/movie": "watch-providers-movie__jellyfin-tmdblib.json",
    "/3/watch/providers/regions": "watch-providers-regions__jellyfin-tmdblib.json",
    "/3/account/{account_id}/favorite/movies": (
        "account-account-id-favorite-movies__php-tmdb-api.json"
    ),
    "/3/find/": "find-tt0088247__jellyfin-tmdblib.json",
    "/3/collection/": "collection-264__jellyfin-tmdblib.json",
    "/3/movie/": None,
    "/3/person/": None,
}


def sample(path: str, recorded: Callable[[str], bytes]) -> dict[str, Any]:
    """A sound answer to damage."""
    name = SAMPLES[path]
    if name:
        whole = json.loads(recorded(name))
    else:
        whole = full_movie(recorded) if path == "/3/movie/" else full_person(recorded)
    found: dict[str, Any] = reduced(whole)
    return found


@pytest.mark.parametrize("path", SAMPLES)
def test_a_damaged_field_costs_at_most_the_answer(
    path: str, recorded: Callable[[str], bytes]
) -> None:
    question, body = QUESTIONS[path], sample(path, recorded)
    tried = answered = 0
    with patience(ONCE):
        for place in places(body):
            for damage in (DROPPED, *DAMAGES.values()):
                raw = json.dumps(damaged(body, place, damage)).encode()
                tried += 1
                try:
                    value = question.ask(replaying(raw), body)
                except MovieSiteError:
                    continue
                checked(question, value)
                answered += 1
    assert answered > tried // 2


def test_the_damages_are_many(
    recorded: Callable[[str], bytes], record_property: Callable[[str, object], None]
) -> None:
    spots = sum(len(list(places(sample(path, recorded)))) for path in SAMPLES)
    mutations = spots * (1 + len(DAMAGES))
    record_property("mutations", mutations)
    assert mutations >= 2_000
