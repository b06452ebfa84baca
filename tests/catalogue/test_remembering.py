"""What a visitor saw is kept by a job: once more, in the database, in our own rows."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite import caching
from moviesite.catalogue import finding, jobs, live, search_syntax, seeding
from moviesite.extensions import db
from moviesite.models import Movie, Person, TmdbSnapshot, movie_genres


def keys() -> set[str]:
    """Names of the saved answers."""
    return set(db.session.scalars(select(TmdbSnapshot.key)))


def test_a_movie_that_was_seen_is_stored_with_its_people(client: FlaskClient) -> None:
    client.get("/movie/27205")
    jobs.remember("tmdb:movie:27205:detail")
    assert keys() == {"tmdb:movie:27205:detail"}
    movie = db.session.get(Movie, 27205)
    assert movie is not None
    assert movie.runtime == 148
    assert db.session.get(Person, 525) is not None, "its director"


def test_remembering_twice_is_remembering_once(client: FlaskClient) -> None:
    client.get("/movie/27205")
    for _ in range(2):
        jobs.remember("tmdb:movie:27205:detail")
    assert keys() == {"tmdb:movie:27205:detail"}


def test_a_list_that_was_seen_is_stored_with_the_names_of_genres(client: FlaskClient) -> None:
    client.get("/api/v1/movies/popular")
    jobs.remember("tmdb:popular")
    stored = finding.browse_stored(search_syntax.read("")).movies
    assert len(stored) == 20
    assert all(genre.name for movie in stored for genre in movie.genres)


def test_films_beside_one_that_was_seen_keep_their_genres(client: FlaskClient) -> None:
    seeding.seed_demo()
    before = set(map(tuple, db.session.execute(select(movie_genres))))
    client.get("/movie/27205")
    jobs.remember("tmdb:movie:27205:detail")
    client.get("/person/525")
    jobs.remember("tmdb:person:525:detail")
    assert set(map(tuple, db.session.execute(select(movie_genres)))) == before


def test_a_person_that_was_seen_is_stored(client: FlaskClient) -> None:
    client.get("/api/v1/people/525")
    jobs.remember("tmdb:person:525:detail")
    person = db.session.get(Person, 525)
    assert person is not None
    assert person.detailed_at is not None


def test_what_is_not_there_any_more_is_not_remembered(app: Flask) -> None:
    jobs.remember("tmdb:movie:1:detail")
    jobs.remember("no-key-of-ours")
    assert keys() == set()


def test_translated_answers_are_saved_but_do_not_rename(client: FlaskClient) -> None:
    client.get("/api/v1/movies/27205?language=de-DE")
    jobs.remember("tmdb:movie:27205:detail:language=de-DE")
    assert keys() == {"tmdb:movie:27205:detail:language=de-DE"}
    assert db.session.get(Movie, 27205) is None


def test_the_home_page_is_fetched_before_anybody_asks(app: Flask) -> None:
    jobs.warm_catalogue()
    for listing in ("trending:week", "popular", "now_playing", "upcoming", "top_rated"):
        assert caching.peek(f"tmdb:{listing}") is not None, listing


def test_expired_answers_are_purged_by_the_job(app: Flask) -> None:
    jobs.purge_expired()
    assert keys() == set()


@pytest.mark.parametrize("key", list(live.LISTINGS))
def test_every_listing_has_a_key_that_the_job_understands(app: Flask, key: str) -> None:
    live.listing(key, 1, "en-US", "US")
    assert caching.recall(f"tmdb:{key}") is not None
