"""The demo's made-up viewers: looks without accounts, of today, in the demo alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite import clock
from moviesite.demo.viewers import bundled_viewers
from moviesite.extensions import db
from moviesite.models import Movie, MovieView, User
from moviesite.transactions import snapshot
from moviesite.trending import audience_service, formula, queries, service
from moviesite.trending.counting import Buckets
from tests.trending import crowd


@pytest.fixture
def stored(app: Flask) -> set[int]:
    """The films that the demo's viewers looked at lately; the whole catalogue takes too long."""
    viewed = {
        movie_id
        for viewer in bundled_viewers()
        for movie_id, hours in viewer.views
        if hours < formula.WINDOW
    }
    crowd.films(viewed)
    return viewed


def looks() -> int:
    return db.session.scalar(select(func.count()).select_from(MovieView)) or 0


def counted() -> Buckets:
    with snapshot():
        return queries.buckets(0, 2**31 - 1)


def test_the_demo_begins_with_charts_of_its_own(stored: set[int]) -> None:
    now = clock.now()
    assert service.generate(now)
    trends = queries.trending("week", 20, "local", "en-US", "US")
    assert len(trends.results) == 20
    assert all("demo viewers showed interest" in trend.why for trend in trends.results)
    assert not any("people" in trend.why for trend in trends.results)
    assert trends.rising
    assert not trends.stale


def test_nobody_of_them_has_an_account(stored: set[int]) -> None:
    service.generate(clock.now())
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    assert set(db.session.scalars(select(MovieView.user_id))) == {None}
    named = db.session.scalars(select(MovieView.viewer).distinct()).all()
    assert len(named) > 200
    assert all(name.startswith("demo:") for name in named)


def test_they_look_once_a_day_and_are_always_of_today(stored: set[int]) -> None:
    hour = crowd.hour(clock.now())
    assert audience_service.renew(hour)
    count = looks()
    assert not audience_service.renew(hour)
    assert not audience_service.renew(hour + 20)
    assert looks() == count
    assert audience_service.renew(hour + 30)
    assert looks() == count
    assert hour + 30 - (queries.newest_made_up() or 0) <= 1


def test_they_wait_until_their_films_are_stored(app: Flask) -> None:
    assert not audience_service.renew(crowd.hour(clock.now()))
    assert looks() == 0


def test_they_leave_when_the_site_goes_live(
    stored: set[int], site_with: Callable[..., Flask]
) -> None:
    now = clock.now()
    service.generate(now)
    crowd.looks([(min(stored), crowd.hour(now), "somebody real")])
    with site_with(TMDB_API_KEY="f" * 32).app_context():
        service.generate(now + dt.timedelta(minutes=10))
        assert looks() == 1
        assert queries.chart_of("week").entries == []
        assert not audience_service.renew(crowd.hour(now))
    assert db.session.scalar(select(func.count()).select_from(Movie)) == len(stored)


def test_a_worker_killed_before_it_counted_them_loses_nothing(stored: set[int]) -> None:
    now = clock.now()
    service.generate(now)
    later = now + dt.timedelta(hours=30)
    assert audience_service.renew(crowd.hour(later))
    # Here the worker dies. The next one finds nothing to renew, and counts from the start.
    service.generate(later)
    kept = counted()
    service.refresh(later, whole=True)
    assert len(kept.hours) > 0
    assert not kept.unlike(counted()).any()
