"""What people do with movies: once, safe to repeat, and to be taken back."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite import clock
from moviesite.catalogue import purge_service
from moviesite.catalogue import service as catalogue
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.library import history_queries, muting, muting_queries, overlay_queries, service
from moviesite.models import Favorite, Movie, MovieView, User, Viewing, WatchlistItem
from tests import factories

HEAT = 949


@pytest.fixture(autouse=True)
def heat(app: Flask) -> None:
    catalogue.store_detail(factories.detail(HEAT, "Heat"))


def state(user: User) -> overlay_queries.ViewerState:
    return overlay_queries.overlay(user.id, [HEAT])[HEAT]


def fresh(user: User) -> User:
    db.session.rollback()
    db.session.refresh(user)
    return user


def community() -> tuple[int, int, int, float | None, int]:
    row = db.session.execute(
        select(
            *(Movie.likes, Movie.votes_up, Movie.votes_down, Movie.rating_average),
            Movie.rating_count,
        ).where(Movie.id == HEAT)
    ).one()
    return row[0], row[1], row[2], row[3], row[4]


def test_a_movie_is_kept_once_however_often_it_is_said(ada: User) -> None:
    first, second = service.add_favorite(ada, HEAT), service.add_favorite(ada, HEAT)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.row.added_at == second.row.added_at
    assert second.undo is None
    assert state(ada).favorite
    assert fresh(ada).favorite_count == 1
    assert service.remove_favorite(ada, HEAT).row is None
    assert service.remove_favorite(ada, HEAT).undo is None
    assert not state(ada).favorite
    assert fresh(ada).favorite_count == 0


def test_a_removal_is_taken_back_with_its_date_note_and_priority(ada: User) -> None:
    service.keep_on_watchlist(ada, HEAT, priority=5, note="with Ben")
    kept = service.keep_on_watchlist(ada, HEAT).row
    removed = service.remove_from_watchlist(ada, HEAT)
    assert removed.undo
    undone = service.undo(ada, removed.undo)
    assert (undone.kind, undone.movie_id) == ("watchlist", HEAT)
    row = db.session.execute(select(WatchlistItem.__table__)).one()
    assert row == kept


def test_undo_works_once_for_its_owner_and_not_after_a_newer_change(ada: User, ben: User) -> None:
    first = service.keep_on_watchlist(ada, HEAT, note="first").undo
    second = service.keep_on_watchlist(ada, HEAT, note="second").undo
    assert first
    assert second
    for user, token in ((ada, first), (ben, second), (ada, uuid4())):
        with pytest.raises(Conflict):
            service.undo(user, token)
    service.undo(ada, second)
    assert db.session.scalar(select(WatchlistItem.note)) == "first"
    with pytest.raises(Conflict):
        service.undo(ada, second)


def test_what_hung_on_a_film_that_is_gone_cannot_be_taken_back(ada: User) -> None:
    service.add_favorite(ada, HEAT)
    token = service.remove_favorite(ada, HEAT).undo
    assert token
    # Nothing of anybody's holds the film in the database any more.
    purge_service.purge_tmdb()
    with pytest.raises(Conflict):
        service.undo(ada, token)


def test_every_kind_of_change_can_be_taken_back(ada: User) -> None:
    made = [
        service.add_favorite(ada, HEAT),
        service.like(ada, HEAT),
        service.vote(ada, HEAT, "down"),
        service.record_viewing(ada, HEAT),
        service.give_feedback(ada, HEAT, "less"),
        service.hide(ada, "genre", 18),
    ]
    for change in made:
        assert change.undo
        service.undo(ada, change.undo)
    assert state(ada) == overlay_queries.UNTOUCHED
    assert muting_queries.muted(ada.id) == muting.Muted()
    assert community() == (0, 0, 0, None, 0)


def test_a_vote_the_other_way_takes_the_place_of_the_first(ada: User, ben: User) -> None:
    service.vote(ada, HEAT, "up")
    service.vote(ben, HEAT, "up")
    change = service.vote(ada, HEAT, "down")
    assert community()[1:3] == (1, 1)
    assert (change.is_new, state(ada).vote) == (False, "down")
    service.withdraw_vote(ada, HEAT)
    assert community()[1:3] == (1, 0)


def test_plays_add_up_and_the_newest_can_go(ada: User) -> None:
    long_ago = dt.datetime(1996, 2, 29, 20, 15, tzinfo=dt.UTC)
    service.record_viewing(ada, HEAT, watched_at=long_ago)
    service.record_viewing(ada, HEAT)
    assert state(ada).watched_at != long_ago
    assert service.unmark(ada, HEAT).row.watched_at == long_ago
    assert state(ada).watched_at == long_ago
    assert service.unmark(ada, HEAT).row is None
    assert state(ada).watched_at is None
    assert service.unmark(ada, HEAT).undo is None


def test_what_was_broken_off_does_not_go_in_the_place_of_what_was_seen(ada: User) -> None:
    service.mark_seen(ada, HEAT)
    broken_off = service.record_viewing(ada, HEAT, progress_seconds=10).row
    service.unmark(ada, HEAT)
    assert state(ada).watched_at is None
    assert [play.id for play in history_queries.history_of(ada).rows] == [broken_off.uuid]


def test_seen_is_marked_once_and_may_leave_the_watchlist(ada: User) -> None:
    service.keep_on_watchlist(ada, HEAT)
    change = service.mark_seen(ada, HEAT, leave_watchlist=True)
    assert (state(ada).watchlist, state(ada).watched_at is not None) == (False, True)
    assert service.mark_seen(ada, HEAT).is_new is False
    assert db.session.scalar(select(func.count()).select_from(Viewing)) == 1
    assert change.undo
    service.undo(ada, change.undo)
    assert state(ada).watched_at is None


@pytest.mark.parametrize(("seconds", "finished"), [(600, False), (9179, False), (9180, True)])
def test_nine_tenths_of_a_movie_are_all_of_it(ada: User, seconds: int, finished: bool) -> None:
    row = service.record_viewing(ada, HEAT, progress_seconds=seconds).row
    assert row.finished is finished
    assert (state(ada).watched_at is not None) is finished


def test_what_cannot_be_is_refused_and_leaves_nothing(ada: User) -> None:
    tomorrow = clock.now() + dt.timedelta(days=2)
    attempts: list[Callable[[], Any]] = [
        lambda: service.record_viewing(ada, HEAT, watched_at=tomorrow),
        lambda: service.record_viewing(
            ada, HEAT, watched_at=dt.datetime(1887, 1, 1, tzinfo=dt.UTC)
        ),
        lambda: service.record_viewing(ada, HEAT, progress_seconds=-1),
        lambda: service.keep_on_watchlist(ada, HEAT, note="x" * 1001),
        lambda: service.keep_on_watchlist(ada, HEAT, note="\x00"),
        lambda: service.keep_on_watchlist(ada, HEAT, priority=6),
        lambda: service.vote(ada, HEAT, "sideways"),  # type: ignore[arg-type]
        lambda: service.give_feedback(ada, HEAT, "meh"),
        lambda: service.hide(ada, "colour", 1),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidInput):
            attempt()
    with pytest.raises(NotFound):
        service.add_favorite(ada, 2_000_000_000)
    with pytest.raises(NotFound):
        service.delete_viewing(ada, uuid4())
    assert state(ada) == overlay_queries.UNTOUCHED


def test_a_play_of_somebody_else_is_not_there(ada: User, ben: User) -> None:
    play = service.record_viewing(ada, HEAT).row
    with pytest.raises(NotFound):
        service.delete_viewing(ben, play.uuid)
    removed = service.delete_viewing(ada, play.uuid)
    assert removed.undo
    service.undo(ada, removed.undo)
    assert db.session.scalar(select(Viewing.uuid)) == play.uuid


def test_views_count_once_an_hour_whoever_looks(app: Flask, ada: User) -> None:
    for address in ("192.0.2.7", "192.0.2.7", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"):
        service.count_view(HEAT, None, address)
    assert service.count_view(HEAT, ada, "192.0.2.7")
    assert not service.count_view(HEAT, ada, "192.0.2.99")
    viewers = set(db.session.scalars(select(MovieView.viewer)))
    assert len(viewers) == 3
    assert not any("192" in viewer for viewer in viewers)


def test_deleting_somebody_takes_everything_and_lowers_the_counters(ada: User, ben: User) -> None:
    for user in (ada, ben):
        service.add_favorite(user, HEAT)
        service.like(user, HEAT)
        service.vote(user, HEAT, "up")
        service.record_viewing(user, HEAT)
        service.count_view(HEAT, user, "192.0.2.1")
    db.session.delete(db.session.merge(ada))
    db.session.commit()
    assert community() == (1, 1, 0, None, 0)
    assert list(db.session.scalars(select(Favorite.user_id))) == [ben.id]
    assert db.session.scalar(select(func.count()).select_from(MovieView)) == 1
