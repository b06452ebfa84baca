"""What is somebody's own, as it is read: complete, in order, in few statements."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.catalogue import service as catalogue
from moviesite.catalogue.filters import Filters, Ordering
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.library import (
    history_queries,
    kept_queries,
    muting_queries,
    overlay_queries,
    service,
)
from moviesite.library.kept_queries import KeptOrder, Wish
from moviesite.models import Favorite, User
from moviesite.reviews import service as reviews
from moviesite.transactions import transactional
from tests import factories
from tests.statements import counted

HEAT = 949
START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@transactional
def keep_many(user: User, count: int) -> None:
    """That many favorites, one added each minute; every second movie came out in another year."""
    catalogue.store_movies(
        [
            factories.movie(n, f"Film {n:04}", release_date=dt.date(1990 + n % 2, 1, 1))
            for n in range(1, count + 1)
        ]
    )
    for n in range(1, count + 1):
        added_at = START + dt.timedelta(minutes=n)
        db.session.add(Favorite(user_id=user.id, movie_id=n, added_at=added_at))


def ids(page: kept_queries.KeptPage) -> list[int]:
    return [row.movie.id for row in page.rows]


def refreshed(user: User) -> User:
    db.session.refresh(user)
    return user


def test_the_overlay_tells_everything_in_one_statement(ada: User, ben: User) -> None:
    catalogue.store_movies([factories.movie(), factories.movie(1, "Other")])
    seen = dt.datetime(2020, 5, 4, 20, 0, tzinfo=dt.UTC)
    service.add_favorite(ada, HEAT)
    service.keep_on_watchlist(ada, HEAT)
    service.like(ada, HEAT)
    service.vote(ada, HEAT, "down")
    service.record_viewing(ada, HEAT, watched_at=seen)
    reviews.rate(ada, HEAT, 4.5)
    service.give_feedback(ada, HEAT, "less")
    with counted() as statements:
        found = overlay_queries.overlay(ada.id, [HEAT, 1])
    assert len(statements) == 1
    assert found[HEAT] == (True, True, True, "down", 4.5, seen, "less")
    assert found[1] == overlay_queries.UNTOUCHED
    assert overlay_queries.overlay(ben.id, [HEAT])[HEAT] == overlay_queries.UNTOUCHED
    assert overlay_queries.overlay(ada.id, []) == {}


@pytest.mark.parametrize("page_size", [12, 20, 100])
def test_a_page_of_favorites_is_one_statement_whatever_its_size(ada: User, page_size: int) -> None:
    keep_many(ada, 120)
    user = refreshed(ada)
    with counted() as statements:
        page = kept_queries.favorites_of(user, page_size=page_size)
    assert len(statements) == 1
    assert ids(page) == list(range(120, 120 - page_size, -1))
    assert (page.total, page.exact) == (120, True)
    assert [genre.name for genre in page.rows[0].movie.genres] == ["Crime", "Drama"]


def test_pages_from_both_ends_meet_in_the_middle(ada: User) -> None:
    keep_many(ada, 47)
    user = refreshed(ada)
    pages = [ids(kept_queries.favorites_of(user, page=n, page_size=10)) for n in range(1, 7)]
    assert [number for page in pages for number in page] == list(range(47, 0, -1))
    assert pages[-1] == []


def test_favorites_are_put_in_any_order_and_narrowed(ada: User) -> None:
    keep_many(ada, 9)
    user = refreshed(ada)
    by_title = kept_queries.favorites_of(user, ordering=Ordering("title"), page_size=3, page=2)
    assert ids(by_title) == [4, 5, 6]
    oldest = kept_queries.favorites_of(user, ordering=KeptOrder("added_at"), page_size=3)
    assert ids(oldest) == [1, 2, 3]
    years = Filters(year_from=1991, year_to=1991)
    with counted() as statements:
        narrowed = kept_queries.favorites_of(user, Wish(years))
    assert len(statements) == 2
    assert (ids(narrowed), narrowed.total) == ([9, 7, 5, 3, 1], 5)
    assert kept_queries.favorites_of(user, Wish(Filters(genres=(("horror",),)))).total == 0
    assert ids(kept_queries.favorites_of(user, Wish(words="film 0004"))) == [4]
    assert ids(kept_queries.favorites_of(user, Wish(words="year:1990 film"))) == [8, 6, 4, 2]


def test_adult_films_are_shown_to_who_keeps_them(ada: User) -> None:
    catalogue.store_movies([factories.movie(adult=True)])
    service.add_favorite(ada, HEAT)
    assert ids(kept_queries.favorites_of(ada, Wish(Filters()))) == [HEAT]
    assert ids(kept_queries.favorites_of(ada, Wish(Filters(year_from=1990)))) == [HEAT]


def test_the_watchlist_shows_priorities_and_notes(ada: User) -> None:
    catalogue.store_movies([factories.movie(n, f"Film {n}") for n in (1, 2, 3)])
    catalogue.store_detail(factories.detail())
    for n, priority in ((1, 2), (2, 5), (3, 2), (HEAT, 1)):
        service.keep_on_watchlist(ada, n, priority=priority, note=f"note {n}")
    page = kept_queries.watchlist_of(ada, ordering=KeptOrder("priority", descending=True))
    assert [(row.movie.id, row.note) for row in page.rows] == [
        (2, "note 2"),
        (3, "note 3"),
        (1, "note 1"),
        (HEAT, f"note {HEAT}"),
    ]
    assert page.total == 4
    streamed = kept_queries.watchlist_of(ada, Wish(services=[9001], region="DE"))
    assert ids(streamed) == [HEAT]
    assert kept_queries.watchlist_of(ada, Wish(services=[9005], region="US")).total == 0


def test_likes_and_votes_are_pages_as_well(ada: User) -> None:
    catalogue.store_movies([factories.movie(n, f"Film {n}") for n in (1, 2)])
    service.like(ada, 1)
    service.vote(ada, 1, "up")
    service.vote(ada, 2, "down")
    assert ids(kept_queries.likes_of(ada)) == [1]
    assert kept_queries.likes_of(ada).rows[0].community.likes == 1
    assert [(row.movie.id, row.value) for row in kept_queries.votes_of(ada).rows] == [
        (2, "down"),
        (1, "up"),
    ]


def test_history_goes_on_where_a_page_ended(ada: User) -> None:
    catalogue.store_movies([factories.movie()])
    for day in (3, 1, 2, 2, 2):
        when = START + dt.timedelta(days=day)
        service.record_viewing(ada, HEAT, watched_at=when)
    days, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        with counted() as statements:
            page = history_queries.history_of(ada, cursor=cursor, page_size=2)
        assert len(statements) == 1
        days += [row.watched_at.day for row in page.rows]
        cursor, pages = page.cursor, pages + 1
    assert (days, pages) == ([4, 3, 3, 3, 2], 3)
    assert page.rows[0].movie.title == "Heat"


def test_a_month_is_that_of_where_somebody_lives(ada: User) -> None:
    catalogue.store_movies([factories.movie()])
    service.record_viewing(ada, HEAT, watched_at=dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC))
    assert len(history_queries.history_of(ada, month=dt.date(2026, 2, 1)).rows) == 1
    ada.time_zone = "Europe/Berlin"
    assert len(history_queries.history_of(ada, month=dt.date(2026, 2, 1)).rows) == 0
    assert len(history_queries.history_of(ada, month=dt.date(2026, 3, 31)).rows) == 1
    db.session.rollback()


@pytest.mark.parametrize("cursor", ["x", "%00", "ü", "MjAyNi0wMS0wMQ", "a" * 500, "OTk5OTk="])
def test_a_cursor_that_is_none_is_refused(ada: User, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        history_queries.history_of(ada, cursor=cursor)


def test_what_is_muted_is_not_offered(ada: User) -> None:
    catalogue.store_detail(factories.detail())
    rows: list[Any] = [factories.movie(), factories.movie(1, "Other", genres=())]
    for kind, target in (("genre", 80), ("person", 638), ("keyword", 642), ("movie", HEAT)):
        service.hide(ada, kind, target)
        with counted() as statements:
            assert [movie.id for movie in muting_queries.offered(ada.id, rows)] == [1]
        assert len(statements) <= 2
        names = {"genre": "Crime", "person": "Michael Mann", "keyword": "robbery", "movie": "Heat"}
        assert [thing.name for thing in muting_queries.hidden_of(ada)] == [names[kind]]
        service.unhide(ada, kind, target)
    assert muting_queries.offered(ada.id, rows) == rows


def test_what_is_muted_stays_in_ones_own_library(ada: User) -> None:
    catalogue.store_movies([factories.movie()])
    service.add_favorite(ada, HEAT)
    service.hide(ada, "movie", HEAT)
    assert ids(kept_queries.favorites_of(ada)) == [HEAT]


def test_reading_changes_nothing(app: Flask, ada: User) -> None:
    kept_queries.favorites_of(ada)
    history_queries.history_of(ada)
    assert db.session.scalar(select(func.count()).select_from(Favorite)) == 0
