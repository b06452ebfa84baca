"""The names under which answers are kept are part of the product."""

from typing import Any

import pytest

from moviesite.cache_kinds import (
    DISCOVER,
    FIND,
    GENRES,
    IMAGE_SIZES,
    KINDS,
    LISTING,
    LONGEST_KEY,
    MOVIE_DETAIL,
    PERSON,
    SEARCH,
    SUGGEST,
    WATCH_PROVIDERS,
    Kind,
    kind_of,
)

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("kind", "params", "key"),
    [
        (LISTING, {"list": "trending:week", "language": "en-US"}, "tmdb:trending:week"),
        (LISTING, {"list": "trending:day", "page": 1}, "tmdb:trending:day"),
        (LISTING, {"list": "popular", "page": 2}, "tmdb:popular:page=2"),
        (
            LISTING,
            {"list": "upcoming", "region": "AT", "language": "de-AT", "page": 3},
            "tmdb:upcoming:language=de-AT:page=3:region=AT",
        ),
        (MOVIE_DETAIL, {"id": 603, "language": "en-US"}, "tmdb:movie:603:detail"),
        (MOVIE_DETAIL, {"id": 603, "language": "de"}, "tmdb:movie:603:detail:language=de"),
        (PERSON, {"id": 6384}, "tmdb:person:6384:detail"),
        (GENRES, {"language": "en-US"}, "tmdb:genres"),
        (IMAGE_SIZES, {}, "tmdb:configuration"),
        (FIND, {"imdb_id": "tt0133093"}, "tmdb:find:tt0133093"),
        (SEARCH, {"query": "a:b c/d", "year": None}, "tmdb:search:movie:a%3Ab%20c%2Fd"),
        (SEARCH, {"query": "é", "year": 1999}, "tmdb:search:movie:%C3%A9:year=1999"),
        (SUGGEST, {"query": "x", "include_adult": True}, "tmdb:search:multi:x:include_adult=True"),
        (WATCH_PROVIDERS, {"region": "US"}, "tmdb:watch_providers"),
        (DISCOVER, {"with_genres": "28,12"}, "tmdb:discover:with_genres=28%2C12"),
    ],
)
def test_names(kind: Kind[Any], params: dict[str, Any], key: str) -> None:
    assert kind.key(params) == key
    assert kind_of(key) is kind


@pytest.mark.parametrize("query", ["x" * 5000, "\ud800", "\x00", "long " * 100])
def test_any_words_make_a_sound_name(query: str) -> None:
    key = SEARCH.key({"query": query, "page": 7})
    assert len(key) <= LONGEST_KEY
    assert key.isascii()
    assert key.isprintable()
    assert kind_of(key) is SEARCH


def test_different_questions_have_different_names() -> None:
    questions = [
        {"query": "x"},
        {"query": "x", "page": 2},
        {"query": "x:page=2"},
        {"query": "x" * 300, "page": 1},
        {"query": "x" * 300, "page": 2},
    ]
    assert len({SEARCH.key(question) for question in questions}) == len(questions)


def test_each_kind_has_a_lifetime() -> None:
    assert {kind.seconds for kind in KINDS} == {60, 600, 86_400, 12 * 3600}
    assert LISTING.seconds == 600
    assert SEARCH.seconds_kept == 600
    assert all(kind.seconds < kind.seconds_kept <= 150 * 86_400 for kind in KINDS)


def test_other_names_are_nobodys() -> None:
    assert kind_of("user:1:recommendations") is None
    assert kind_of("tmdb:nothing") is None
