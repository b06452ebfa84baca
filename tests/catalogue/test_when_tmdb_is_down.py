"""Pages and JSON over a TMDb that answers over HTTP, and then does not any more."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import cache_kinds
from moviesite.admin import removal_service
from moviesite.catalogue import queries, remembering, service, shelves
from moviesite.extensions import cache
from tests import factories, people
from tests.sites import own_site
from tests.tmdb_server import TmdbServer

POPULAR = {"list": "popular", "page": 1, "language": "en-US", "region": "US"}


@pytest.fixture
def tmdb() -> Iterator[TmdbServer]:
    server = TmdbServer()
    yield server
    server.stop()


@pytest.fixture
def live_app(tmdb: TmdbServer, tmp_path: Path) -> Iterator[Flask]:
    settings = {
        "INSTANCE_DIR": str(tmp_path),
        "TMDB_BASE_URL": tmdb.url,
        "TMDB_API_KEY": "a-token-for-tests",
        "CACHE_LISTING_SECONDS": "1",
        "CACHE_DETAIL_SECONDS": "1",
        "CACHE_SEARCH_SECONDS": "1",
        "THROTTLE_PROFILE": "off",
        "LOG_LEVEL": "ERROR",
    }
    with own_site(settings) as app, app.app_context():
        yield app


@pytest.fixture
def visitor(live_app: Flask) -> FlaskClient:
    return live_app.test_client()


def test_a_saved_answer_is_shown_with_its_age(tmdb: TmdbServer, visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/movies/27205")
    assert answer.status_code == 200, answer.text
    fresh = answer.get_json()
    assert fresh["source"]["stale"] is False
    tmdb.stop()
    time.sleep(1.1)
    saved = visitor.get("/api/v1/movies/27205").get_json()
    assert saved["title"] == "Inception"
    assert saved["source"]["stale"] is True
    assert saved["source"]["fetched_at"] == fresh["source"]["fetched_at"]
    page = visitor.get("/movie/27205").text
    assert "Inception" in page
    assert "Saved" in page


def test_a_lost_cache_falls_back_on_the_database(tmdb: TmdbServer, visitor: FlaskClient) -> None:
    visitor.get("/api/v1/movies/27205")
    remembering.remember("tmdb:movie:27205:detail")
    tmdb.stop()
    cache.clear()
    answer = visitor.get("/api/v1/movies/27205")
    assert answer.status_code == 200
    assert answer.get_json()["source"]["stale"] is True


def test_a_film_that_was_removed_here_is_absent_whether_or_not_the_source_answers(
    tmdb: TmdbServer, visitor: FlaskClient, live_app: Flask
) -> None:
    remembering.sync(27205)
    removal_service.remove(people.join("cleo"), 27205)
    cache.clear()
    tmdb.stop()
    for address in ("/movie/27205", "/api/v1/movies/27205", "/api/v1/movies/27205/similar"):
        assert visitor.get(address).status_code == 404, address
    assert visitor.get("/api/v1/movies/424242").status_code == 503, "this one may well be"


def test_what_was_never_seen_is_a_503_that_says_when(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    tmdb.stop()
    answer = visitor.get("/api/v1/movies/27205")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    page = visitor.get("/movie/27205")
    assert page.status_code == 503
    assert "<html" in page.text


def test_a_film_that_only_lists_told_of_stands_with_what_they_told(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    service.store_movies([factories.movie(949, "Heat")])
    tmdb.stop()
    answer = visitor.get("/api/v1/movies/949").get_json()
    assert (answer["title"], answer["genres"][0]["name"]) == ("Heat", "Crime")
    assert answer["source"]["stale"] is True
    assert {"credits", "runtime", "watch_providers"} <= set(answer["source"]["missing"])
    assert "genres" not in answer["source"]["missing"]
    page = visitor.get("/movie/949-heat")
    assert page.status_code == 200
    assert "Heat" in page.text
    assert "is not answering" in page.text


def test_what_was_made_up_of_a_list_is_not_taken_for_all_of_a_film(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    service.store_movies([factories.movie(27205, "Inception")])
    tmdb.stop()
    assert visitor.get("/api/v1/movies/27205").get_json()["runtime"] is None
    assert queries.detailed_ids() == set()
    assert visitor.get("/api/v1/movies/27205/similar").status_code == 503


def test_home_keeps_standing_and_names_once_what_it_lacks(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    tmdb.stop()
    page = visitor.get("/")
    assert page.status_code == 200
    assert page.text.count("is not answering") == 1
    lacking = ", ".join(kind.title for kind in shelves.HOME)
    assert f"Missing until it answers again: {lacking}." in page.text
    assert "data-row-track" not in page.text, "an empty row says nothing"
    assert "Search what is saved here" in page.text


def test_home_says_once_how_old_its_saved_rows_are(tmdb: TmdbServer, visitor: FlaskClient) -> None:
    assert "is not answering" not in visitor.get("/").text
    cache.delete(cache_kinds.LISTING.key(POPULAR))
    tmdb.stop()
    time.sleep(1.1)
    # The first that finds its rows old has them fetched anew, and so learns of the silence.
    pages = [visitor.get("/").text for _ in range(2)]
    assert pages[-1].count("is not answering") == 1
    assert "Its rows show what was saved, the oldest" in pages[-1]
    assert "Missing until it answers again: Popular now." in pages[-1]
    rows = re.findall(r'id="row-([a-z-]+)"', pages[-1])
    assert "top-rated" in rows, "what was saved stays"
    assert "popular" not in rows


def test_search_shows_stored_films_and_says_that_they_are_all_it_has(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    visitor.get("/api/v1/movies/27205")
    remembering.remember("tmdb:movie:27205:detail")
    tmdb.stop()
    page = visitor.get("/search?query=incepti").text
    assert "Inception" in page
    assert "is not answering" in page
    assert "No films found" not in page


def test_a_genre_shows_stored_films_and_says_that_they_are_all_it_has(
    tmdb: TmdbServer, visitor: FlaskClient
) -> None:
    visitor.get("/api/v1/movies/27205")
    visitor.get("/genres")
    remembering.remember("tmdb:movie:27205:detail")
    tmdb.stop()
    page = visitor.get("/genre/action")
    assert page.status_code == 200
    assert "Inception" in page.text
    assert "Only films saved here" in page.text
    assert visitor.get("/genre/western").status_code == 503, "of which none is stored"


def test_no_key_of_ours_is_in_any_answer(visitor: FlaskClient, tmdb: TmdbServer) -> None:
    for address in ("/", "/api/v1/movies/27205", "/health"):
        assert "a-token-for-tests" not in visitor.get(address).text
    tmdb.stop()
    cache.clear()
    assert "a-token-for-tests" not in visitor.get("/movie/603").text
