"""The stored catalogue in pages: every filter, every order, few statements."""

import datetime as dt
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from moviesite.catalogue import browse, service
from moviesite.catalogue.filter_sql import narrowed
from moviesite.catalogue.filters import ORDERS, Filters, Ordering
from moviesite.catalogue.storage import search_columns
from moviesite.extensions import db
from moviesite.models import Movie, MovieCast
from moviesite.providers.base import GenreData
from moviesite.transactions import transactional
from tests import factories
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

ACTION, WAR = GenreData(28, "Action"), GenreData(10752, "War")
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# More than are counted, so that an index is walked instead of sorting what the filters leave.
MANY = browse.COUNTED + 200


def ids(client: FlaskClient, query: str) -> list[int]:
    """Ids of the first page for this query string."""
    response = client.get(f"/api/v1/movies?{query}")
    assert response.status_code == 200, response.get_json()
    return [row["id"] for row in response.get_json()["results"]]


@pytest.fixture
def three(app: Flask) -> None:
    """Heat whole, and two that lack something."""
    whole = {"original_language": "en", "popularity": 40.0, "vote_average": 7.9}
    service.store_detail(factories.detail(similar=(), recommended=(), **whole))
    service.store_movies(
        [
            factories.movie(1, "Éloge", genres=(WAR,), original_language="fr", popularity=90.0),
            factories.movie(
                2, "zodiac", genres=(), release_date=None, vote_average=0.0, popularity=1.0
            ),
        ]
    )


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        *(("", [1, 949, 2]), ("search=heat", [949]), ("search=haet", [949])),
        *(("search=dir:mann", [949]), ("title=elo", [1]), ("title=heat+elo", [])),
        *(("imdb_id=tt0113277", [949]), ("imdb_id=tt0000000", [])),
        *(("genre=18", [949]), ("genre=drama", [949]), ("genre=Drama", [949])),
        *(("genre=18,80", [949]), ("genre=18,10752", []), ("genre=18|10752", [1, 949])),
        *(("genre=18&genre=80", [949]), ("genre=18&genre=war", []), ("genre=nothing", [])),
        *(("genre=-drama", [1, 2]), ("genre=-18&genre=-war", [2]), ("genre=-18|war", [2])),
        *(("year=1995", [1, 949]), ("year_from=1996", []), ("year_to=1995", [1, 949])),
        *(("year=1995&year_from=1996", []), ("runtime_max=170", [949]), ("runtime_max=169", [])),
        *(("rating_min=7.9", [1, 949]), ("rating_max=7.8", [2]), ("rating_min=8", [])),
        *(("person=1158", [949]), ("person=pacino", [949]), ("person=al+pacino,mann", [949])),
        *(("person=5|638", [949]), ("person=nobody", []), ("keyword=heist", [949])),
        *(("keyword=642", [949]), ("keyword=642,heist", [949]), ("keyword=dogs|heist", [949])),
        *(("language=fr", [1]), ("language=fr-FR", [1, 949, 2]), ("country=us", [949])),
        *(("country=DE", []), ("search=heat&ordering=title", [949]), ("page=2", [])),
        *(("search=tt0113277", [949]), ("page_size=2", [1, 949]), ("page_size=2&page=2", [2])),
    ],
)
def test_filters_keep_what_they_say(client: FlaskClient, query: str, expected: list[int]) -> None:
    assert ids(client, query) == expected


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        *(("title", [1, 949, 2]), ("-title", [2, 949, 1]), ("popularity", [2, 949, 1])),
        *(("release_date", [1, 949, 2]), ("-release_date", [949, 1, 2]), ("-year", [949, 1, 2])),
        *(("vote_average", [2, 1, 949]), ("imdb_id", [949, 1, 2]), ("-imdb_id", [949, 2, 1])),
        *(("genre", [949, 1, 2]), ("-genre", [1, 949, 2]), ("likes", [1, 2, 949])),
    ],
)
def test_orders_put_what_lacks_a_value_last(
    client: FlaskClient, ordering: str, expected: list[int]
) -> None:
    assert ids(client, f"ordering={ordering}") == expected
    assert ids(client, f"ordering={ordering}&genre=-nothing&search=") == expected


@pytest.mark.usefixtures("three")
def test_a_page_shows_summaries_with_counters_and_its_neighbours(client: FlaskClient) -> None:
    page = client.get("/api/v1/movies?page_size=1&page=2&language=de-DE").get_json()
    assert {name: page[name] for name in page.keys() - {"results"}} == {
        "count": 3,
        "count_exact": True,
        "close_to": None,
        "page": 2,
        "page_size": 1,
        "total_pages": 3,
        "next": "/api/v1/movies?page_size=1&language=de-DE&page=3",
        "previous": "/api/v1/movies?page_size=1&language=de-DE&page=1",
        "not_understood": [],
    }
    [movie] = page["results"]
    assert [genre["name"] for genre in movie["genres"]] == ["Crime", "Drama"]
    assert movie["community"]["likes"] == 0
    assert movie["viewer"] is None


@pytest.mark.usefixtures("three")
def test_an_operator_that_is_not_understood_is_said(client: FlaskClient) -> None:
    page = client.get("/api/v1/movies?search=heat+budget:9").get_json()
    assert page["not_understood"] == ["budget:9"]
    assert page["count"] == 1


def test_filters_and_orders_fit_any_statement_that_joins_movies() -> None:
    service.store_detail(factories.detail())
    parts = select(MovieCast.character).join(Movie, Movie.id == MovieCast.movie_id)
    wanted = Filters(genres=(("crime",),), year_to=1995)
    statement = browse.ordered(narrowed(parts, wanted), Ordering("title"))
    assert db.session.scalars(statement).all() == ["Vincent Hanna", "Himself"]


@transactional
def fill(count: int) -> None:
    """Stores movies that differ in everything a list can be in order of."""
    keys = [search_columns(f"Movie {n * 7919 % count:06}", "") for n in range(count)]
    facts = dict.fromkeys(("overview", "tagline", "status", "homepage", "original_title"), "")
    rows: list[dict[str, Any]] = [
        {
            **key,
            **facts,
            "id": n + 1,
            "title": key["title_key"],
            "original_language": "en",
            "created_at": NOW + dt.timedelta(days=n % 9),
            "fetched_at": NOW,
            "popularity": n * 31 % 97 / 3,
            "vote_average": n % 11,
            "vote_count": n,
            "adult": n % 50 == 0,
            "release_date": None if n % 3 == 0 else dt.date(1950 + n % 70, 1, 1),
            "imdb_id": None if n % 4 else f"tt{n:07}",
            "first_genre": None if n % 5 else "Action",
            "likes": n % 4,
        }
        for n, key in enumerate(keys)
    ]
    db.session.execute(insert(Movie), rows)
    rated = update(Movie).where(Movie.id % 6 == 0)
    db.session.execute(rated.values(rating_sum=Movie.id % 5, rating_count=1))


def test_a_walk_along_an_index_shows_what_sorting_everything_would() -> None:
    fill(MANY)
    everything = db.session.scalars(select(Movie).where(Movie.adult.is_(False))).all()
    assert len(everything) < MANY
    wish = Filters(include_adult=True)
    for name in ORDERS:
        for descending in (False, True):
            ordering = Ordering(name, descending)
            sorted_ids = db.session.scalars(browse.ordered(select(Movie.id), ordering)).all()
            for page in (1, 51, 100):
                shown = browse.stored(wish, ordering, page=page, page_size=100)
                assert (shown.total, shown.exact) == (browse.COUNTED, False)
                expected = sorted_ids[(page - 1) * 100 : page * 100]
                assert [movie.id for movie in shown.movies] == list(expected), ordering


def test_counts_stop_at_ten_thousand_and_say_so(client: FlaskClient) -> None:
    fill(MANY * 51 // 50)
    page = client.get("/api/v1/movies").get_json()
    assert (page["count"], page["count_exact"], page["total_pages"]) == (10_000, False, 500)
    last = client.get("/api/v1/movies?page=500").get_json()
    assert len(last["results"]) == 20
    assert last["next"] is None
    assert client.get("/api/v1/movies?page=101&page_size=100").get_json()["results"] == []


def test_pages_neither_repeat_nor_skip_a_movie(client: FlaskClient) -> None:
    fill(500)
    seen = [n for page in range(1, 6) for n in ids(client, f"page={page}&page_size=100")]
    assert len(seen) == len(set(seen)) == 490
    popularity = dict(db.session.execute(select(Movie.id, Movie.popularity)).all())
    assert all(popularity[a] >= popularity[b] for a, b in pairwise(seen))


@pytest.mark.parametrize(
    "query",
    ["", "&genre=drama&ordering=-release_date&country=US&year_from=1900", "&search=movie"],
)
def test_a_list_takes_three_statements_whatever_the_page_size(
    client: FlaskClient, query: str
) -> None:
    service.store_movies([factories.movie(n, f"Movie {n}") for n in range(1, 151)])
    counts = []
    for size in (12, 100):
        with counted() as statements:
            client.get(f"/api/v1/movies?page_size={size}{query}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=-1", "page=501", "page=abc", "page=9223372036854775808", "page="),
        *("page=1&page=2", "page_size=0", "page_size=101", "ordering=nothing", "ordering=--title"),
        *("ordering=", "ordering=title&ordering=year", "search=" + "x" * 10_000, "search=%00"),
        *("search=%ED%A0%80%00", "title=%00", "genre=", "genre=%00", "imdb_id=5", "year=1500"),
        *("year=9223372036854775808", "rating_min=nan", "rating_min=11", "runtime_max=0"),
        *("country=Germany", "language=English", "person=" + "x" * 201, "keyword=%00"),
        "genre=1&" * 21,
    ],
)
def test_bad_input_is_refused_by_name(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/movies?{query}")
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert set(response.get_json()["errors"]["query"]) == {query.partition("=")[0]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "مرحبا بالعالم",
        "\u202e",
        "%",
        "'; DROP TABLE movies; --",
        "\ud800",
        "x:",
        '"',
        "-",
    ],
)
@pytest.mark.parametrize("name", ["search", "title", "genre", "person", "keyword"])
def test_strange_text_is_searched_or_refused(client: FlaskClient, name: str, text: str) -> None:
    value = quote(text.encode("utf-8", "surrogatepass"))
    assert client.get(f"/api/v1/movies?{name}={value}").status_code in (200, 422)


@pytest.mark.parametrize(
    "query",
    ["genre=9223372036854775808", "person=9223372036854775808", "keyword=99999999999999999999"],
)
def test_ids_beyond_any_find_nothing(client: FlaskClient, query: str) -> None:
    service.store_movies([factories.movie()])
    assert ids(client, query) == []


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mark", [",", "|"])
def test_very_many_names_cost_no_more_statements_than_some(client: FlaskClient, mark: str) -> None:
    names = [first + second for first in "bcdfghjk" for second in "aeiou"]
    with counted() as some:
        ids(client, "person=" + mark.join(names[:10]))
    with counted() as many:
        ids(client, "person=" + mark.join(names))
    assert len(many) == len(some)
    assert ids(client, "person=" + "|".join([*names, "pacino"])) == [949], "it is taken as typed"
