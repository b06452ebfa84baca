"""People go on keeping films while the source is silent."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.providers.tmdb import TMDb

INCEPTION = 27205


@pytest.fixture
def silenced(app: Flask) -> Iterator[Flask]:
    """The site, whose source can be silenced for a while."""
    kept = app.extensions["tmdb"]
    yield app
    app.extensions["tmdb"] = kept


def silence(app: Flask) -> None:
    """From now on no source answers."""
    app.extensions["tmdb"] = TMDb("http://127.0.0.1:9/3", "key", redis=None, threads=8, name="TMDb")


def test_what_a_search_showed_can_be_kept_seen_and_reviewed(
    silenced: Flask, client: FlaskClient, as_ada: FlaskClient
) -> None:
    client.get("/api/v1/movies/search?query=inception")
    silence(silenced)
    kept = as_ada.put(f"/api/v1/me/favorites/{INCEPTION}")
    assert (kept.status_code, kept.get_json()["movie"]["title"]) == (201, "Inception")
    assert as_ada.put(f"/api/v1/me/watchlist/{INCEPTION}", json={"note": "soon"}).status_code == 201
    assert as_ada.post("/api/v1/me/history", json={"movie_id": INCEPTION}).status_code == 201
    review = as_ada.post(f"/api/v1/movies/{INCEPTION}/reviews", json={"rating": 4})
    assert review.status_code == 201
    [row] = as_ada.get("/api/v1/me/favorites").get_json()["results"]
    assert row["movie"]["viewer"]["rating"] == 4


def test_a_film_that_nobody_was_shown_is_asked_for_later(
    silenced: Flask, as_ada: FlaskClient
) -> None:
    silence(silenced)
    answer = as_ada.put("/api/v1/me/favorites/155")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert as_ada.get("/api/v1/me/favorites").get_json()["count"] == 0
