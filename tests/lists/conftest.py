"""Stored movies, and lists of Ada's."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.lists import service
from moviesite.models import ListItem, MovieList, User
from tests import factories

FIRST = 1001
TITLES = ("Alien", "Brazil", "Chinatown", "Diva", "Eraserhead", "Fargo", "Gattaca", "Heat")

Making = Callable[..., MovieList]


def movie_id(place: int) -> int:
    """The id of the stored movie with this place in the alphabet."""
    return FIRST + place


@pytest.fixture(autouse=True)
def movies(app: Flask) -> list[int]:
    """Eight stored movies from Alien to Heat; their ids."""
    rows = [
        factories.movie(FIRST + n, title, poster_path=f"/{title.lower()}.jpg")
        for n, title in enumerate(TITLES)
    ]
    catalogue.store_movies(rows)
    return [row.id for row in rows]


@pytest.fixture
def adas_list(ada: User, movies: list[int]) -> Making:
    """Makes lists of Ada's: public, of the first four movies, unless told otherwise."""

    def make(name: str = "Evenings", **changes: object) -> MovieList:
        usual: dict[str, object] = {"visibility": "public", "movie_ids": movies[:4]}
        return service.create(ada, name, **{**usual, **changes})  # type: ignore[arg-type]

    return make


def order_of(movie_list: MovieList) -> list[tuple[int, int]]:
    """Positions and movies as the database has them."""
    db.session.rollback()
    rows = select(ListItem.position, ListItem.movie_id).where(ListItem.list_id == movie_list.id)
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(ListItem.position))]


def titles_of(movie_list: MovieList) -> list[str]:
    """The list's titles in its order; fails where positions have gaps."""
    found = order_of(movie_list)
    assert [position for position, _ in found] == list(range(len(found)))
    return [TITLES[movie - FIRST] for _, movie in found]
