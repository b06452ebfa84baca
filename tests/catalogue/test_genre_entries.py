"""Lists of a genre are read from entries that always say what the films say."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, insert, inspect, select, text, update

from moviesite.app import create_app
from moviesite.catalogue import browse, purge_service, service
from moviesite.catalogue.filter_sql import narrowed
from moviesite.catalogue.filters import Filters, Ordering
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Genre, GenreEntry, Movie, movie_genres
from moviesite.providers.base import GenreData
from moviesite.transactions import transactional
from tests import factories
from tests.catalogue.test_browse import MANY, fill
from tests.statements import counted
from tests.test_migrations import empty_database

__all__ = ["empty_database"]

WAR = GenreData(10752, "War")
Entry = tuple[int, int, float, dt.date | None, bool]


def entries() -> list[Entry]:
    """Film, genre and facts of each entry."""
    facts = (GenreEntry.popularity, GenreEntry.release_date, GenreEntry.adult)
    rows = db.session.execute(select(GenreEntry.movie_id, GenreEntry.genre_id, *facts))
    return sorted(tuple(row) for row in rows)


def told() -> list[Entry]:
    """The same as the films tell it."""
    facts = (Movie.popularity, Movie.release_date, Movie.adult)
    links = select(movie_genres, *facts).join(Movie, Movie.id == movie_genres.c.movie_id)
    return sorted(tuple(row) for row in db.session.execute(links))


@transactional
def run(*statements: Any) -> None:
    """Change rows behind everybody's back."""
    for statement in statements:
        db.session.execute(statement)


@pytest.mark.usefixtures("app")
def test_entries_follow_whoever_writes() -> None:
    service.store_movies([factories.movie(1), factories.movie(2, genres=(WAR,), release_date=None)])
    assert len(entries()) == 3
    assert entries() == told()
    changes: list[Any] = [
        update(Movie).where(Movie.id == 1).values(popularity=5.5),
        update(Movie).where(Movie.id == 1).values(release_date=None),
        update(Movie).values(release_date=dt.date(2001, 2, 3)),
        update(Movie).where(Movie.id == 2).values(adult=True),
        insert(movie_genres).values(movie_id=2, genre_id=18),
        delete(movie_genres).where(movie_genres.c.genre_id == WAR.id),
        delete(Genre).where(Genre.id == 80),
        delete(Movie).where(Movie.id == 1),
    ]
    for change in changes:
        before = entries()
        run(change)
        assert entries() == told() != before
    service.store_movies([factories.movie(2, popularity=77.0)])
    assert entries() == told()
    assert {entry[1:3] for entry in entries()} == {(18, 77.0), (80, 77.0)}
    purge_service.purge_tmdb()
    assert entries() == told() == []


@pytest.mark.usefixtures("app")
def test_storing_films_again_writes_no_link_anew() -> None:
    service.store_movies([factories.movie(n, genres=(factories.DRAMA, WAR)) for n in (1, 2)])
    with counted() as statements:
        service.store_movies([factories.movie(n, genres=(factories.DRAMA, WAR)) for n in (1, 2)])
    writes = [one for one in statements if "movie_genres" in one and not one.startswith("SELECT")]
    assert [one for one in writes if not one.startswith("UPDATE movies")] == []


@pytest.fixture
def many(app: Flask) -> None:
    """More films of a genre than are counted; two of three are of a second one as well."""
    fill(MANY)
    service.store_genres([factories.DRAMA, WAR])
    numbers = range(1, MANY + 1)
    link([(n, 18) for n in numbers] + [(n, WAR.id) for n in numbers if n % 3])


@transactional
def link(pairs: list[tuple[int, int]]) -> None:
    """Films and their genres."""
    rows = [{"movie_id": movie_id, "genre_id": genre_id} for movie_id, genre_id in pairs]
    db.session.execute(insert(movie_genres), rows)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("years", [{}, {"year_from": 1955}, {"year_from": 1960, "year_to": 1969}])
def test_a_list_of_a_genre_shows_what_sorting_all_films_would(years: dict[str, int]) -> None:
    both = (("drama",), ("war",))
    for genres in (both[:1], both[1:], both):
        wish = Filters(genres=genres, include_adult=True, **years)
        for name in ("popularity", "release_date", "title"):
            for descending in (False, True):
                ordering = Ordering(name, descending)  # type: ignore[arg-type]
                statement = browse.ordered(narrowed(select(Movie.id), wish), ordering)
                expected = db.session.scalars(statement).all()
                for page in (1, 11, 51):
                    shown = browse.stored(wish, ordering, page=page, page_size=100)
                    of_page = expected[(page - 1) * 100 : page * 100]
                    assert [movie.id for movie in shown.movies] == list(of_page), (wish, ordering)
                    assert shown.total == min(len(expected), browse.COUNTED)


_MOVIE = """INSERT INTO movies (id, title, original_title, original_language, search_text,
    overview, tagline, status, homepage, vote_average, vote_count, popularity, adult,
    release_date, created_at, fetched_at) VALUES (:id, 'Heat', '', 'en', 'heat', '', '', '', '',
    0, 0, :popularity, false, '1995-12-15', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"""
_GENRES = (
    "INSERT INTO genres (id, name, slug) VALUES (18, 'Drama', 'drama'), (80, 'Crime', 'crime')"
)
_LINKS = "INSERT INTO movie_genres (movie_id, genre_id) VALUES (1, 18), (1, 80), (2, 18)"


def test_an_upgrade_enters_what_is_there_and_can_be_undone(
    empty_database: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": empty_database, "INSTANCE_DIR": str(tmp_path)}
    with create_app(load_config(settings)).app_context():
        upgrade(revision="0011")
        run(text(_GENRES))
        run(*(text(_MOVIE).bindparams(id=n, popularity=2.5 * n) for n in (1, 2)), text(_LINKS))
        upgrade(revision="0012")
        day = dt.date(1995, 12, 15)
        assert entries() == told()
        assert entries()[0] == (1, 18, 2.5, day, False)
        db.session.remove()
        downgrade(revision="0011")
        assert "genre_entries" not in inspect(db.engine).get_table_names()
        run(update(Movie).values(popularity=1), delete(movie_genres))
        upgrade(revision="0012")
        assert entries() == []
        db.session.remove()
        db.engine.dispose()
