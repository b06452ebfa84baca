"""What trends, whose counting it is, and why."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from moviesite import clock
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import Movie, TrendingChart, User
from moviesite.transactions import transactional
from moviesite.trending import service
from tests.statements import counted
from tests.trending import crowd
from tests.trending.crowd import DARK_HORSE, FILMS


@pytest.fixture
def counted_here(app: Flask) -> None:
    """Forty films that a modest site turned to, and one that nobody did."""
    crowd.films()
    now = clock.now()
    crowd.an_ordinary_week(now)
    service.refresh(now)


@pytest.fixture
def few_counted(app: Flask) -> None:
    """Two films that somebody turned to here."""
    crowd.films()
    now = clock.now()
    people = crowd.accounts(5, now - dt.timedelta(days=30))
    crowd.looks((FILMS[0], crowd.hour(now, 1), one) for one in people)
    crowd.looks((FILMS[1], crowd.hour(now, 1), one) for one in people[:2])
    service.refresh(now)


def answer(client: FlaskClient, query: str = "") -> Any:
    response = client.get(f"/api/v1/movies/trending?{query}")
    assert response.status_code == 200
    return response.get_json()


@transactional
def counted_last(at: dt.datetime) -> None:
    db.session.execute(update(TrendingChart).values(computed_at=at))


def test_tmdbs_order_stands_in_and_says_so(client: FlaskClient) -> None:
    found = answer(client, "time_range=day&limit=5")
    assert found["score_source"] == "tmdb"
    assert found["computed_at"].endswith("Z")
    assert found["source"]["name"] == "Demo catalog"
    scores = [movie["score"] for movie in found["results"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert {movie["why"] for movie in found["results"]} == {"Trending on the demo catalog today"}
    assert {movie["score_source"] for movie in found["results"]} == {"tmdb"}
    assert found["rising"] == []


def test_what_is_not_counted_yet_is_empty_and_not_made_up(client: FlaskClient) -> None:
    found = answer(client, "score_source=local")
    assert found["results"] == []
    assert found["score_source"] == "local"
    assert found["computed_at"] is None
    assert found["note"] == "Too few people have shown interest in any film here this week."
    assert found["source"] is None


@pytest.mark.parametrize("limit", [1, 20, 21, 100])
def test_as_many_as_asked_for_and_each_once(client: FlaskClient, limit: int) -> None:
    results = answer(client, f"limit={limit}")["results"]
    assert len(results) == limit
    assert len({movie["id"] for movie in results}) == limit


@pytest.mark.parametrize("limit", [1, 20, 40, 100])
def test_the_same_where_a_part_is_counted_here(
    client: FlaskClient, counted_here: None, limit: int
) -> None:
    results = answer(client, f"limit={limit}")["results"]
    assert len(results) == limit
    assert len({movie["id"] for movie in results}) == limit
    scores = [movie["score"] for movie in results]
    assert scores == sorted(scores, reverse=True)


def test_what_people_turn_to_here_decides(client: FlaskClient, counted_here: None) -> None:
    found = answer(client)
    assert found["score_source"] == "local"
    assert found["source"] is None
    assert not found["stale"]
    assert {movie["score_source"] for movie in found["results"]} == {"local"}
    assert "people showed interest this week" in found["results"][0]["why"]
    assert found["results"] == answer(client, "score_source=local")["results"]
    assert answer(client, "score_source=tmdb")["score_source"] == "tmdb"


def test_a_thin_count_is_filled_and_every_row_says_whose_it_is(
    client: FlaskClient, few_counted: None
) -> None:
    found = answer(client, "limit=10")
    assert found["score_source"] == "blend"
    assert found["note"].startswith("The first 2 films are counted here; the rest is what trends")
    assert [movie["id"] for movie in found["results"][:2]] == list(FILMS[:2])
    assert [movie["score_source"] for movie in found["results"]] == ["local"] * 2 + ["tmdb"] * 8
    assert found["results"][1]["why"] == "2 people showed interest this week"
    assert found["source"]["name"] == "Demo catalog"
    assert len(answer(client, "score_source=local")["results"]) == 2


def test_while_tmdb_is_away_what_is_counted_here_is_shown(
    few_counted: None, site_with: Callable[..., Flask]
) -> None:
    away = site_with(TMDB_API_KEY="f" * 32, TMDB_BASE_URL="http://127.0.0.1:9/3")
    found = answer(away.test_client())
    assert [movie["id"] for movie in found["results"]] == list(FILMS[:2])
    assert found["score_source"] == "local"
    assert found["note"] == "The Movie Database is not answering; these are counted here."


def test_a_count_that_has_stopped_is_called_old(client: FlaskClient, counted_here: None) -> None:
    counted_last(clock.now() - dt.timedelta(hours=3))
    found = answer(client)
    assert found["stale"]
    assert len(found["results"]) == 20
    page = re.sub(r"</?time[^>]*>", "", client.get("/trending").text)
    assert "Counted 3 hours ago; nothing has been counted since" in page


def test_what_rises_is_named_beside_what_leads(client: FlaskClient, counted_here: None) -> None:
    now = clock.now()
    people = crowd.accounts(9, now - dt.timedelta(days=30), "crowd")
    for weeks in range(1, 5):
        crowd.looks(
            (film, crowd.hour(now, 168 * weeks + 20), f"{weeks} {n}")
            for n in range(40)
            for film in FILMS
        )
    crowd.looks((DARK_HORSE, crowd.hour(now), one) for one in people)
    service.refresh(now, whole=True)
    found = answer(client, "limit=5")
    rising = {movie["id"]: movie for movie in found["rising"]}
    assert rising[DARK_HORSE]["why"].endswith("up from none in the month before")
    assert all(movie["rising"] for movie in rising.values())
    assert DARK_HORSE not in [movie["id"] for movie in found["results"]]


def test_films_for_adults_stay_out(client: FlaskClient, few_counted: None) -> None:
    _for_adults(FILMS[0])
    assert [m["id"] for m in answer(client, "score_source=local")["results"]] == [FILMS[1]]


@transactional
def _for_adults(movie_id: int) -> None:
    db.session.execute(update(Movie).where(Movie.id == movie_id).values(adult=True))


@pytest.mark.parametrize("limit", [5, 100])
def test_reading_costs_three_statements(
    client: FlaskClient, counted_here: None, limit: int
) -> None:
    answer(client, f"limit={limit}")
    with counted() as said:
        answer(client, f"limit={limit}")
    assert len(said) <= 3


def hide(user: User, movie_ids: Iterable[int]) -> None:
    for movie_id in movie_ids:
        library.hide(user, "movie", movie_id)


@pytest.mark.parametrize("source", ["local", "tmdb", "blend"])
def test_what_somebody_muted_takes_no_place(
    as_ada: FlaskClient, client: FlaskClient, ada: User, counted_here: None, source: str
) -> None:
    query = f"score_source={source}&limit="
    everything = [movie["id"] for movie in answer(client, f"{query}38")["results"]]
    hide(ada, everything[:30])
    shown = answer(as_ada, f"{query}5")
    assert [movie["id"] for movie in shown["results"]] == everything[30:35]
    assert [movie["id"] for movie in answer(client, f"{query}5")["results"]] == everything[:5]


def test_where_all_of_ours_is_muted_there_is_theirs(
    as_ada: FlaskClient, ada: User, few_counted: None
) -> None:
    hide(ada, FILMS[:2])
    found = answer(as_ada, "limit=3")
    assert (found["score_source"], found["note"], len(found["results"])) == ("tmdb", "", 3)


def test_muting_costs_few_statements_however_much_it_is(
    as_ada: FlaskClient, ada: User, counted_here: None
) -> None:
    hide(ada, (movie["id"] for movie in answer(as_ada, "score_source=tmdb&limit=100")["results"]))
    hide(ada, FILMS)
    library.hide(ada, "person", 1)
    answer(as_ada, "limit=5")
    with counted() as said:
        assert len(answer(as_ada, "limit=5")["results"]) == 5
    assert len(said) <= 20
