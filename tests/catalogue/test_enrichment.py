"""What other sources add to a movie, and what they find where TMDb finds nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests_mock
from flask import Flask
from sqlalchemy import select, update

from moviesite.catalogue import enrich_service, jobs, keeping
from moviesite.errors import Unavailable
from moviesite.extensions import db
from moviesite.models import Enrichment, Movie, OutboxEntry
from moviesite.queue import Job

OMDB, IMDB = "http://omdb.invalid", "http://imdb.invalid"
INCEPTION, INCEPTIONS_IMDB = 27205, "tt1375666"
TOLD = {
    "imdbID": INCEPTIONS_IMDB,
    "Type": "movie",
    "Awards": "Won 4 Oscars.",
    "Plot": "Told at length.",
    "Rated": "PG-13",
    "Metascore": "74",
    "imdbRating": "8.8",
    "imdbVotes": "1,434,451",
    "Ratings": [{"Source": "Metacritic", "Value": "74/100"}],
    "Response": "True",
}


@pytest.fixture
def outside() -> Iterator[requests_mock.Mocker]:
    """Declared answers of other sources; the demo's TMDb answers as ever."""
    with requests_mock.Mocker(real_http=True) as mocker:
        yield mocker


@pytest.fixture
def site(site_with: Callable[..., Flask]) -> Flask:
    """The site with keys of both sources."""
    return site_with(OMDB_API_KEY="o", OMDB_BASE_URL=OMDB, IMDB_API_KEY="i", IMDB_BASE_URL=IMDB)


def keep() -> None:
    """Store Inception with its IMDb id, which the demo does not know."""
    keeping.ensure_stored(INCEPTION)
    jobs.sync_tmdb_movie(INCEPTION)
    db.session.execute(update(Movie).values(imdb_id=INCEPTIONS_IMDB).where(Movie.id == INCEPTION))
    db.session.commit()


def asked(outside: requests_mock.Mocker, host: str) -> list[Any]:
    return [r for r in outside.request_history if r.url.startswith(host)]


def test_a_movie_is_enriched_by_its_job(site: Flask, outside: requests_mock.Mocker) -> None:
    outside.get(f"{OMDB}/", json=TOLD)
    said = {**TOLD, "Ratings": [{"Source": "Metacritic", "Value": "1/100"}]}
    outside.get(f"{IMDB}/imdbSearchById", json={"success": True, "result": said})
    with site.app_context():
        keep()
        enrich_service.ask_for_enrichment(INCEPTION)
        assert Job.ENRICH_MOVIE in db.session.scalars(select(OutboxEntry.job)).all()
        jobs.enrich_movie(INCEPTION)
        shown = site.test_client().get(f"/api/v1/movies/{INCEPTION}").get_json()
    assert {name: shown["omdb"][name] for name in ("awards", "metascore", "imdb_votes")} == {
        "awards": "Won 4 Oscars.",
        "metascore": 74,
        "imdb_votes": 1_434_451,
    }
    assert shown["omdb"]["fetched_at"].endswith("Z")
    assert shown["external_ratings"] == [{"source": "Metacritic", "value": "74/100"}]
    page = site.test_client().get(f"/movie/{INCEPTION}").text
    assert "Won 4 Oscars." in page
    assert "OMDb" in page


def test_a_movie_that_was_asked_about_lately_is_not_asked_about_again(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", json=TOLD)
    outside.get(f"{IMDB}/imdbSearchById", json={"success": True, "result": ""})
    with site.app_context():
        keep()
        for _ in range(3):
            enrich_service.enrich(INCEPTION)
    assert len(asked(outside, OMDB)) == 1


def test_what_nobody_knows_is_null_and_asked_for_once(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", json={"Response": "False", "Error": "Movie not found!"})
    outside.get(f"{IMDB}/imdbSearchById", json={"success": True, "result": ""})
    with site.app_context():
        keep()
        enrich_service.enrich(INCEPTION)
        enrich_service.enrich(INCEPTION)
        shown = site.test_client().get(f"/api/v1/movies/{INCEPTION}").get_json()
    assert (shown["omdb"], shown["external_ratings"]) == (None, [])
    assert len(asked(outside, OMDB)) == 1


def test_one_silent_source_does_not_cost_the_other(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", json=TOLD)
    outside.get(f"{IMDB}/imdbSearchById", status_code=401)
    with site.app_context():
        keep()
        enrich_service.enrich(INCEPTION)
        assert db.session.scalars(select(Enrichment.metascore)).one() == 74


def test_where_all_are_silent_the_job_is_tried_again(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", status_code=401)
    outside.get(f"{IMDB}/imdbSearchById", status_code=401)
    with site.app_context():
        keep()
        with pytest.raises(Unavailable):
            enrich_service.enrich(INCEPTION)
        assert db.session.scalars(select(Enrichment)).all() == []


def test_without_keys_nothing_is_asked_for(app: Flask) -> None:
    keeping.ensure_stored(INCEPTION)
    jobs.sync_tmdb_movie(INCEPTION)
    assert db.session.scalars(select(OutboxEntry.job)).all() == []
    jobs.enrich_movie(INCEPTION)
    assert app.test_client().get(f"/api/v1/movies/{INCEPTION}").get_json()["omdb"] is None


HITS = {
    "Search": [
        {"Title": "Unknown to us", "Year": "1999", "imdbID": "tt9999999", "Type": "movie"},
        {"Title": "Inception", "Year": "2010", "imdbID": INCEPTIONS_IMDB, "Type": "movie"},
    ],
    "Response": "True",
}


def found_by(site: Flask, query: str) -> list[int]:
    answer = site.test_client().get(f"/api/v1/movies/search?query={query}")
    return [row["id"] for row in answer.get_json()["results"]]


def test_where_tmdb_finds_nothing_the_next_source_is_asked(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", json=HITS)
    with site.app_context():
        keep()
    assert found_by(site, "xqzvw") == [INCEPTION], "the other hit is no movie that we know"
    assert asked(outside, OMDB)[0].qs["s"] == ["xqzvw"]


def test_where_tmdb_finds_something_nobody_else_is_asked(
    site: Flask, outside: requests_mock.Mocker
) -> None:
    assert INCEPTION in found_by(site, "inception")
    assert not asked(outside, OMDB)


def test_the_operator_may_put_another_source_first(
    site_with: Callable[..., Flask], outside: requests_mock.Mocker
) -> None:
    outside.get(f"{OMDB}/", json=HITS)
    site = site_with(OMDB_API_KEY="o", OMDB_BASE_URL=OMDB, MOVIE_SEARCH_PROVIDERS="omdb,tmdb")
    with site.app_context():
        keep()
    assert found_by(site, "batman") == [INCEPTION]


def test_a_silent_source_finds_nothing(site: Flask, outside: requests_mock.Mocker) -> None:
    outside.get(f"{OMDB}/", status_code=500)
    outside.get(f"{IMDB}/imdbSearchByName", status_code=500)
    assert found_by(site, "xqzvw") == []
