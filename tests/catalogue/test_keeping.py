"""A movie is stored before something of somebody's hangs on it, whatever its source is doing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from moviesite.catalogue import jobs, keeping, purge_service
from moviesite.errors import NotFound, Unavailable
from moviesite.extensions import cache, db
from moviesite.models import Favorite, Genre, Movie, OutboxEntry, User, WatchlistItem
from moviesite.providers.tmdb import TMDb
from moviesite.queue import Job
from tests.statements import counted

INCEPTION = 27205


@pytest.fixture
def silenced(app: Flask) -> Iterator[Flask]:
    """The site, whose source falls silent for everything but what was asked before."""
    kept = app.extensions["tmdb"]
    yield app
    app.extensions["tmdb"] = kept


def silence(app: Flask) -> None:
    """From now on no source answers."""
    app.extensions["tmdb"] = TMDb("http://127.0.0.1:9/3", "key", redis=None, threads=8, name="TMDb")


def stored(movie_id: int) -> Movie | None:
    """The movie's row as it is now."""
    return db.session.get(Movie, movie_id, populate_existing=True)


def test_a_movie_of_a_search_row_is_stored_while_the_source_is_silent(
    silenced: Flask, client: FlaskClient
) -> None:
    client.get("/api/v1/movies/search?query=inception")
    silence(silenced)
    keeping.ensure_stored(INCEPTION)
    movie = stored(INCEPTION)
    assert movie is not None
    assert movie.title == "Inception"
    assert movie.runtime is None
    assert movie.first_genre is not None
    waiting = db.session.scalars(select(OutboxEntry)).one()
    assert (waiting.job, waiting.args) == (Job.SYNC_TMDB_MOVIE, [INCEPTION])


def test_its_details_follow_by_the_job(app: Flask, client: FlaskClient) -> None:
    client.get("/api/v1/movies/search?query=inception")
    keeping.ensure_stored(INCEPTION)
    jobs.sync_tmdb_movie(INCEPTION)
    movie = stored(INCEPTION)
    assert movie is not None
    assert movie.runtime == 148


def test_a_silent_source_has_the_job_tried_again(silenced: Flask) -> None:
    silence(silenced)
    with pytest.raises(Unavailable):
        jobs.sync_tmdb_movie(INCEPTION)


def test_a_movie_that_nobody_was_shown_is_asked_for(app: Flask) -> None:
    keeping.ensure_stored(INCEPTION)
    movie = stored(INCEPTION)
    assert movie is not None
    assert movie.runtime == 148


def test_a_stored_movie_costs_one_statement(app: Flask) -> None:
    keeping.ensure_stored(INCEPTION)
    with counted() as statements:
        keeping.ensure_stored(INCEPTION)
    assert len(statements) == 1


def test_a_movie_that_no_source_knows_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        keeping.ensure_stored(2_000_000_000)
    assert keeping.ensure_each_stored([INCEPTION, 2_000_000_000]) == [2_000_000_000]
    assert db.session.scalar(select(func.count()).select_from(Movie).where(Movie.id > 10**9)) == 0


def test_a_movie_that_nobody_was_shown_cannot_be_had_from_a_silent_source(silenced: Flask) -> None:
    silence(silenced)
    with pytest.raises(Unavailable):
        keeping.ensure_stored(INCEPTION)


def test_what_people_keep_survives_a_purge(app: Flask, ada: User) -> None:
    for movie_id in (INCEPTION, 155, 680):
        keeping.ensure_stored(movie_id)
    db.session.add(Favorite(user_id=ada.id, movie_id=INCEPTION))
    db.session.add(WatchlistItem(user_id=ada.id, movie_id=155, note="with Ben"))
    db.session.commit()
    purge_service.purge_tmdb()
    db.session.expire_all()
    titles = dict(db.session.execute(select(Movie.id, Movie.title)).all())
    assert titles == {INCEPTION: f"TMDb {INCEPTION}", 155: "TMDb 155"}
    assert db.session.scalars(select(WatchlistItem.note)).one() == "with Ben"
    assert db.session.scalar(select(func.count()).select_from(Genre)) == 0
    cache.clear()
    jobs.sync_tmdb_movie(INCEPTION)
    movie = stored(INCEPTION)
    assert movie is not None
    assert movie.title == "Inception"
