"""What people wrote or made whose accounts are closed is seen by nobody, and not counted."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.lists import service as lists
from moviesite.models import Movie, MovieList, User
from moviesite.reviews import service
from moviesite.reviews.service import ReviewInput
from moviesite.transactions import transactional
from tests import factories

HEAT = 949
API = f"/api/v1/movies/{HEAT}/reviews"


@transactional
def _close(user: User) -> None:
    user.is_active = False


@transactional
def _open(user: User) -> None:
    user.is_active = True


@transactional
def _delete(user: User) -> None:
    db.session.execute(delete(User).where(User.id == user.id))


@pytest.fixture
def written(app: Flask, ada: User, ben: User) -> Any:
    """Ada's review, beside one of Ben's."""
    catalogue.store_detail(factories.detail(HEAT, "Heat"))
    service.write_review(ben, HEAT, ReviewInput(3, "Tea."))
    return service.write_review(ada, HEAT, ReviewInput(4.5, "Coffee."))


def test_their_reviews_are_not_shown_and_not_counted(
    client: FlaskClient, as_ben: FlaskClient, ada: User, written: Any
) -> None:
    assert client.get(API).get_json()["count"] == 2
    assert "Coffee." in client.get(f"/movie/{HEAT}/reviews").text
    _close(ada)
    for caller in (client, as_ben):
        shown = caller.get(API).get_json()
        assert (shown["count"], [row["text"] for row in shown["results"]]) == (1, ["Tea."])
        assert caller.get(f"/api/v1/reviews/{written.uuid}").status_code == 404
    for address in (f"/movie/{HEAT}/reviews", f"/movie/{HEAT}"):
        page = client.get(address, follow_redirects=True).text
        assert "Coffee." not in page
        assert ">ada<" not in page
    assert client.get(f"/reviews/{written.uuid}").status_code == 404


def test_their_reviews_can_be_taken_away_by_who_runs_the_site_and_reported_by_nobody(
    as_ben: FlaskClient, as_cleo: FlaskClient, ada: User, written: Any
) -> None:
    _close(ada)
    address = f"/api/v1/reviews/{written.uuid}"
    assert as_ben.post(f"{address}/reports", json={}).status_code == 404
    assert as_cleo.get(address).get_json()["text"] == "Coffee."
    assert as_cleo.delete(address).status_code == 204


def test_what_they_thought_counts_for_no_film_until_they_are_let_back_in(
    ada: User, ben: User, written: Any
) -> None:
    for user in (ada, ben):
        library.like(user, HEAT)
        library.vote(user, HEAT, "down")
    library.add_favorite(ada, HEAT)
    everybodys = {"likes": 2, "votes_up": 0, "votes_down": 2, "rating": 3.75, "count": 2}
    bens = {"likes": 1, "votes_up": 0, "votes_down": 1, "rating": 3.0, "count": 1}
    assert _community() == everybodys
    _close(ada)
    assert _community() == bens
    # What an account that is closed still changes, counts for nobody.
    service.edit_review(ada, written.uuid, {"rating": 0.5})
    library.vote(ada, HEAT, "up")
    assert _community() == bens
    _open(ada)
    assert _community() == {**everybodys, "votes_up": 1, "votes_down": 1, "rating": 1.75}


@pytest.mark.parametrize("closed_before", [True, False])
def test_who_leaves_takes_their_part_along_once(
    ada: User, ben: User, written: Any, closed_before: bool
) -> None:
    library.like(ada, HEAT)
    if closed_before:
        _close(ada)
    _delete(ada)
    assert _community() == {"likes": 0, "votes_up": 0, "votes_down": 0, "rating": 3.0, "count": 1}
    _delete(ben)
    assert _community()["count"] == 0


def _community() -> dict[str, Any]:
    db.session.rollback()
    found = db.session.get_one(Movie, HEAT, populate_existing=True)
    return {
        "likes": found.likes,
        "votes_up": found.votes_up,
        "votes_down": found.votes_down,
        "rating": found.rating_average,
        "count": found.rating_count,
    }


def test_their_lists_are_found_nowhere(
    client: FlaskClient, as_ben: FlaskClient, ada: User, written: Any
) -> None:
    made = lists.create(ada, "Evenings", visibility="public", movie_ids=[HEAT])
    assert as_ben.put(f"/api/v1/lists/{made.uuid}/subscription").status_code < 300
    assert client.get("/api/v1/lists").get_json()["count"] == 1
    assert f"/list/{made.uuid}" in client.get("/sitemap-lists-1.xml").text
    _close(ada)
    _no_trace(client, as_ben, made)


def _no_trace(client: FlaskClient, follower: FlaskClient, made: MovieList) -> None:
    ways: dict[str, Callable[[], Any]] = {
        "directory": lambda: client.get("/api/v1/lists").get_json()["count"],
        "followed": lambda: follower.get("/api/v1/lists?subscribed=1").get_json()["count"],
        "owner": lambda: client.get("/api/v1/lists?owner=ada").get_json()["count"],
        "news": lambda: follower.get("/api/v1/me/lists/updates").get_json()["count"],
    }
    assert {name: read() for name, read in ways.items()} == dict.fromkeys(ways, 0)
    for caller in (client, follower):
        assert caller.get(f"/api/v1/lists/{made.uuid}").status_code == 404
        assert caller.get(f"/api/v1/lists/{made.uuid}/movies").status_code == 404
    for address in (f"/list/{made.uuid}", f"/list/{made.uuid}/preview-1.jpg"):
        assert client.get(address).status_code == 404
    assert "Evenings" not in client.get("/lists").text
    assert client.get("/sitemap-lists-1.xml").status_code == 404
