"""What somebody is offered of whom nothing is known: what trends, in turn with many kinds."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import clock
from moviesite.catalogue import live
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import Movie, User
from moviesite.recommendations import in_service, queries, training_service
from moviesite.recommendations.recommending import Wish, picks_for
from moviesite.recommendations.starting import OF_MANY_KINDS, offered_to
from moviesite.trending import service as trending
from tests.recommendations import town

CRIME = 80
ADDRESS = "/api/v1/me/recommendations"


@pytest.fixture
def seeded(app: Flask) -> Flask:
    """Films are known, and nothing of anybody."""
    town.films()
    in_service.look_again()
    return app


@pytest.fixture
def counted(seeded: Flask) -> Flask:
    """... and it was counted what people turn to."""
    town.look(town.people())
    trending.refresh(clock.now())
    return seeded


@pytest.fixture
def trained(counted: Flask) -> Flask:
    """... and learnt what they like."""
    training_service.train()
    in_service.look_again()
    return counted


def how(results: list[dict[str, object]]) -> list[object]:
    return [one["found_by"] for one in results]


@pytest.mark.parametrize("stage", ["counted", "trained"])
def test_trends_and_many_kinds_take_turns(
    stage: str, request: pytest.FixtureRequest, as_ada: FlaskClient
) -> None:
    request.getfixturevalue(stage)
    told = as_ada.get(ADDRESS).get_json()
    results = told["results"]
    assert not told["personal"]
    assert how(results) == ["trending", "variety"] * 10
    assert len({one["movie"]["id"] for one in results}) == 20
    assert all("showed interest this week" in one["why"] for one in results[::2])
    assert {one["why"] for one in results[1::2]} == {OF_MANY_KINDS}
    chart = as_ada.get("/api/v1/movies/trending?limit=10").get_json()["results"]
    assert [one["movie"]["id"] for one in results[::2]] == [one["id"] for one in chart]
    for one in results:
        assert [reason["kind"] for reason in one["reasons"]] == ["rest"]
        assert one["reasons"][0]["weight"] == pytest.approx(one["score"])
    scores = [one["score"] for one in results]
    assert scores == sorted(scores, reverse=True)


def test_what_is_of_many_kinds_differs(seeded: Flask, as_ada: FlaskClient) -> None:
    results = as_ada.get(f"{ADDRESS}?limit=40").get_json()["results"]
    shown = [one["movie"] for one in results if one["found_by"] == "variety"][:4]
    assert {genre["name"] for movie in shown for genre in movie["genres"]} >= {
        *("Crime", "Thriller", "Music", "Romance")
    }


def test_while_nothing_is_counted_here_what_trends_elsewhere_is_said_to(
    seeded: Flask, as_ada: FlaskClient
) -> None:
    catalogue.store_movies(live.listing("trending:week", 1, "en-US", "US").value.results)
    results = as_ada.get(ADDRESS).get_json()["results"]
    assert {one["why"] for one in results if one["found_by"] == "trending"} == {
        "Trending on the demo catalog this week"
    }


@pytest.mark.parametrize("stage", ["counted", "trained"])
def test_wishes_and_what_was_seen_or_muted_count_from_the_start(
    stage: str, request: pytest.FixtureRequest, ada: User
) -> None:
    request.getfixturevalue(stage)
    first, second = offered_to(ada, Wish(), "en-US", "US").rows[:2]
    library.vote(ada, first.movie_id, "down")
    library.hide(ada, "movie", second.movie_id)
    left = {row.movie_id for row in offered_to(ada, Wish(limit=100), "en-US", "US").rows}
    assert left
    assert not left & {first.movie_id, second.movie_id}
    wish = Wish(decade=1980, genres=((CRIME,),))
    narrow = [row.movie_id for row in offered_to(ada, wish, "en-US", "US").rows]
    assert narrow
    for movie in (db.session.get_one(Movie, movie_id) for movie_id in narrow):
        assert movie.year in range(1980, 1990)


@pytest.mark.parametrize("genre", ["nonsense", "80,nonsense", "999999", "0" * 9 + "9" * 28])
def test_from_the_start_there_is_nothing_of_a_genre_that_there_is_none_of(
    seeded: Flask, as_ada: FlaskClient, genre: str
) -> None:
    found = as_ada.get(ADDRESS, query_string={"genre": genre})
    assert (found.status_code, found.get_json()["results"]) == (200, [])
    either = as_ada.get(ADDRESS, query_string={"genre": f"80|{genre}".replace(",", "|")})
    assert either.get_json()["results"] == as_ada.get(f"{ADDRESS}?genre=80").get_json()["results"]


@pytest.mark.parametrize("stage", ["counted", "trained"])
def test_of_a_muted_genre_nothing_is_offered_nor_more_read_than_might_be(
    stage: str, request: pytest.FixtureRequest, ada: User
) -> None:
    request.getfixturevalue(stage)
    library.hide(ada, "genre", CRIME)
    rows = offered_to(ada, Wish(), "en-US", "US").rows
    assert rows
    crimes = {movie_id for movie_id, _ in queries.genres_among([CRIME], town.FILMS)}
    assert crimes
    assert not crimes & {row.movie_id for row in rows}
    some = sorted(crimes)[:2]
    assert queries.left_out(queries.signals_of(ada.id), some) == set(some)


def test_one_favorite_ends_it(trained: Flask, as_ada: FlaskClient) -> None:
    as_ada.put(f"/api/v1/me/favorites/{town.HEISTS[0]}")
    told = as_ada.get(ADDRESS).get_json()
    assert told["personal"]
    assert set(how(told["results"])) == {"taste"}


def test_a_favorite_before_anything_was_learnt_is_not_offered_back(
    counted: Flask, ada: User, as_ada: FlaskClient
) -> None:
    leader = as_ada.get(ADDRESS).get_json()["results"][0]["movie"]["id"]
    as_ada.put(f"/api/v1/me/favorites/{leader}")
    told = as_ada.get(f"{ADDRESS}?limit=100").get_json()
    assert not told["personal"]
    assert leader not in [one["movie"]["id"] for one in told["results"]]
    assert picks_for(ada, Wish()).rows == ()


def test_the_page_says_what_it_is(counted: Flask, ada_browsing: FlaskClient) -> None:
    page = ada_browsing.get("/for-you").text
    assert "We do not know your taste yet" in page
    assert "Start with a film you love" in page
    assert "Because you" not in page
    reasons = re.findall(r'class="pick__why"[^>]*>([^<]+)', page)
    assert len(reasons) == 20


def test_decades_to_choose_from_end_with_the_present_one(
    counted: Flask, ada_browsing: FlaskClient
) -> None:
    page = ada_browsing.get("/for-you").text
    year = clock.now().year
    assert re.findall(r">(\d{4})s</option>", page)[0] == str(year - year % 10)


def test_the_page_says_that_it_is_still_learning(
    counted: Flask, ada: User, ada_browsing: FlaskClient
) -> None:
    library.add_favorite(ada, town.HEISTS[0])
    page = ada_browsing.get("/for-you").text
    assert "still learning what you like" in page
    assert "Start with a film you love" not in page
