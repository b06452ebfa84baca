"""Two rows that are made together are both there or neither is, on either database."""

import datetime as dt
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select

from moviesite import clock
from moviesite.catalogue import service
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.inserts import insert_with
from moviesite.models import LastChange, Movie, User, WatchlistItem
from moviesite.models.library import USUAL_PRIORITY
from moviesite.transactions import commits_itself
from tests import factories
from tests.meanwhile import at_once

HEAT = 949
RENEWED = ("token", "made_at")


@pytest.fixture(autouse=True)
def heat(app: Flask) -> None:
    service.store_movies([factories.movie(HEAT, "Heat", genres=())])


@commits_itself
def wish(user_id: int, movie_id: int = HEAT, **values: object) -> tuple[object, LastChange]:
    """What was made, if anything, and the note that was to go with it."""
    note = LastChange(
        user_id=user_id, kind="watchlist", subject=str(movie_id), token=uuid4(), made_at=clock.now()
    )
    named = ("user_id", "kind", "subject", "token", "made_at")
    given = {"before": None, **{name: getattr(note, name) for name in named}}
    mine = {"user_id": user_id, "movie_id": movie_id, **values}
    return insert_with(WatchlistItem, mine, LastChange, given, update=RENEWED), note


def tokens() -> list[object]:
    return list(db.session.scalars(select(LastChange.token)))


def test_both_are_made_with_what_their_tables_add(ada: User) -> None:
    made, note = wish(ada.id)
    assert tokens() == [note.token]
    stored = db.session.execute(select(WatchlistItem.__table__)).one()
    assert made == stored
    assert (stored.priority, stored.note) == (USUAL_PRIORITY, "")
    assert abs(stored.added_at - clock.now()) < dt.timedelta(minutes=1)
    assert db.session.scalar(select(User.watchlist_count)) == 1


def test_what_is_given_is_kept(ada: User) -> None:
    wish(ada.id, priority=5, note="with popcorn")
    stored = db.session.execute(select(WatchlistItem.priority, WatchlistItem.note)).one()
    assert stored == (5, "with popcorn")


def test_where_the_first_is_there_neither_is_made(ada: User) -> None:
    _, first = wish(ada.id)
    again, _ = wish(ada.id, priority=5)
    assert again is None
    assert tokens() == [first.token]
    assert db.session.scalar(select(WatchlistItem.priority)) == USUAL_PRIORITY


def test_the_second_takes_the_place_of_one_with_its_key(ada: User) -> None:
    wish(ada.id)
    with db.engine.begin() as other:
        other.execute(delete(WatchlistItem))
    _, note = wish(ada.id)
    assert tokens() == [note.token]


def test_where_what_the_first_hangs_on_is_gone_neither_is_made(ada: User) -> None:
    with db.engine.begin() as other:
        other.execute(delete(Movie))
    with pytest.raises(NotFound):
        wish(ada.id)
    assert tokens() == []


def test_of_many_at_once_one_makes_both(app: Flask, ada: User) -> None:
    user_id, made = ada.id, []
    assert at_once(app, [lambda: made.append(wish(user_id)[0]) for _ in range(8)]) == []
    assert len([row for row in made if row is not None]) == 1
    assert len(tokens()) == 1
