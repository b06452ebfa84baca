"""What was seen upstream is kept, once, whole, and never made worse by a poorer answer."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from moviesite import clock
from moviesite.catalogue import purge_service, queries, service
from moviesite.catalogue.queries import Community
from moviesite.extensions import Base, db
from moviesite.models import (
    Genre,
    Movie,
    MovieAvailability,
    MovieCast,
    MovieVideo,
    Person,
    TmdbSnapshot,
)
from moviesite.providers.base import GenreData, PersonCredit, PersonData
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def count(table: type[Base]) -> int:
    """Rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def stored(movie_id: int) -> Movie:
    """A movie with all that belongs to it."""
    parts = (
        *(Movie.genres, Movie.keywords, Movie.cast, Movie.crew, Movie.countries),
        *(Movie.languages, Movie.certifications, Movie.videos, Movie.availability),
        Movie.collection,
    )
    statement = select(Movie).where(Movie.id == movie_id).options(*map(selectinload, parts))
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def test_a_movie_of_a_list_is_stored_with_its_genres() -> None:
    service.store_movies([factories.movie()])
    movie = stored(949)
    assert (movie.title, movie.year, movie.search_text) == ("Heat", 1995, "heat")
    assert [genre.name for genre in movie.genres] == ["Crime", "Drama"]


def test_storing_twice_changes_facts_and_keeps_the_day_of_arrival() -> None:
    service.store_movies([factories.movie()])
    arrived = stored(949).created_at
    service.store_movies([factories.movie(title="Heat (restored)")])
    assert count(Movie) == 1
    movie = stored(949)
    assert movie.title == "Heat (restored)"
    assert movie.created_at == arrived


def test_the_same_movie_twice_in_one_list_is_one_row() -> None:
    service.store_movies([factories.movie(), factories.movie()])
    assert count(Movie) == 1


def test_a_translated_list_adds_movies_and_renames_none() -> None:
    service.store_movies([factories.movie()])
    titles = [factories.movie(title="Hitze"), factories.movie(5, "Vier Zimmer")]
    service.store_movies(titles, translated=True)
    assert stored(949).title == "Heat"
    assert stored(5).title == "Vier Zimmer"


def test_a_detail_is_stored_whole() -> None:
    service.store_detail(factories.detail())
    movie = stored(949)
    assert (movie.runtime, movie.imdb_id, movie.revenue) == (170, "tt0113277", 3_000_000_000)
    assert [part.character for part in movie.cast] == ["Vincent Hanna", "Himself"]
    assert {work.job for work in movie.crew} == {"Director", "Screenplay"}
    assert {keyword.name for keyword in movie.keywords} == {"robbery", "heist"}
    assert {country.code for country in movie.countries} == {"US"}
    assert {language.code for language in movie.languages} == {"en", "es"}
    assert {c.region: c.value for c in movie.certifications} == {"US": "R", "DE": "16"}
    assert [video.url for video in movie.videos] == ["https://youtu.be/abc"]
    assert {(a.region, a.offer) for a in movie.availability} == {
        *(("US", "stream"), ("US", "rent"), ("US", "buy"), ("DE", "stream")),
    }
    assert movie.collection is not None
    assert movie.collection.name == "Los Angeles"
    assert count(Movie) == 3, "similar and recommended movies are stored too"


def test_parts_that_the_source_left_out_stay_as_they_were() -> None:
    service.store_detail(factories.detail())
    parts = ("credits", "videos", "watch_providers", "keywords")
    poorer = factories.detail(
        cast=(), crew=(), videos=(), watch_providers=(), keywords=(), missing=parts
    )
    service.store_detail(poorer)
    assert (count(MovieCast), count(MovieVideo), count(MovieAvailability)) == (2, 1, 4)
    assert len(stored(949).keywords) == 2


def test_parts_that_the_source_emptied_are_emptied() -> None:
    service.store_detail(factories.detail())
    service.store_detail(factories.detail(videos=(), watch_providers=()))
    assert (count(MovieVideo), count(MovieAvailability)) == (0, 0)


def test_a_person_is_stored_with_the_filmography() -> None:
    person = PersonData(
        id=1158,
        name="Al Pacino",
        birthday=dt.date(1940, 4, 25),
        credits=(PersonCredit(factories.movie(), character="Vincent Hanna"),),
    )
    service.store_person(person)
    row = db.session.get(Person, 1158)
    assert row is not None
    assert (row.name, row.birthday, row.search_text) == (
        "Al Pacino",
        dt.date(1940, 4, 25),
        "al pacino",
    )
    assert count(Movie) == 1


def test_genres_have_an_address_even_without_latin_letters() -> None:
    service.store_genres([GenreData(18, "Drama"), GenreData(99, "!!!")])
    slugs = set(db.session.scalars(select(Genre.slug)))
    assert slugs == {"drama", "99"}


def test_counters_start_at_nothing() -> None:
    service.store_movies([factories.movie()])
    assert queries.community_of([949, 1]) == {949: Community(0, 0, 0, None, 0)}
    assert queries.community_of([]) == {}


def test_the_average_rating_follows_its_sum() -> None:
    service.store_movies([factories.movie()])
    stored(949).rating_sum, stored(949).rating_count = 9.0, 2
    db.session.flush()
    assert queries.community_of([949])[949].rating_average == 4.5


def test_answers_older_than_may_be_kept_are_purged() -> None:
    now = clock.now()
    service.keep_snapshot("tmdb:genres", b"{}", now)
    service.keep_snapshot("tmdb:popular", b"{}", now - dt.timedelta(days=151))
    assert service.purge_expired() == 1
    assert db.session.scalars(select(TmdbSnapshot.key)).all() == ["tmdb:genres"]


def test_everything_that_came_from_tmdb_can_be_purged() -> None:
    service.store_detail(factories.detail())
    service.keep_snapshot("tmdb:genres", b"{}", clock.now())
    assert purge_service.purge_tmdb() > 0
    for table in db.metadata.sorted_tables:
        assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.name
