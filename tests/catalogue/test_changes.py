"""What changed at the source and is stored here is fetched anew; nothing else, nothing less."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests_mock
from flask import Flask
from sqlalchemy import select, update

from moviesite import clock
from moviesite.catalogue import changes_service, service
from moviesite.errors import Unavailable
from moviesite.extensions import db
from moviesite.models import Movie, OutboxEntry, SourceMark
from moviesite.queue import Job
from moviesite.transactions import transactional
from tests import factories
from tests.statements import counted

HEAT, ALIEN, UNKNOWN = 949, 348, 424242
URL = "http://tmdb.example/3"


def days_ago(number: int) -> dt.date:
    """A day in UTC."""
    return clock.now().date() - dt.timedelta(days=number)


class Changes:
    """The source's list of changes: what it holds by day, a page for each row of ids."""

    def __init__(self) -> None:
        self.by_day: dict[dt.date, list[list[int]]] = {}
        self.asked: list[dt.date] = []
        self.broken: set[dt.date] = set()

    def answer(self, request: requests_mock.request._RequestObjectProxy, context: object) -> str:
        """As TMDb does."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        day, page = dt.date.fromisoformat(query["start_date"]), int(query["page"])
        self.asked.append(day)
        if day in self.broken:
            context.status_code = 500  # type: ignore[attr-defined]
            return "{}"
        pages = self.by_day.get(day, [[]])
        rows = [{"id": movie_id, "adult": None} for movie_id in pages[page - 1]]
        return json.dumps({"results": rows, "page": page, "total_pages": len(pages)})


@pytest.fixture
def changes(site_with: Callable[..., Flask]) -> Iterator[Changes]:
    """A source of which nothing but its changes is asked."""
    site = site_with(TMDB_BASE_URL=URL, TMDB_API_KEY="k" * 40)
    listed = Changes()
    with site.app_context(), requests_mock.Mocker() as mocker:
        mocker.get(
            f"{URL}/movie/changes",
            text=listed.answer,
            headers={"Content-Type": "application/json"},
        )
        service.store_movies([factories.movie(HEAT), factories.movie(ALIEN, "Alien")])
        _fetched(dt.timedelta(days=10))
        yield listed


@transactional
def _fetched(ago: dt.timedelta, movie_id: int | None = None) -> None:
    moment = clock.now() - ago
    rows = update(Movie) if movie_id is None else update(Movie).where(Movie.id == movie_id)
    db.session.execute(rows.values(fetched_at=moment, detailed_at=moment))


@transactional
def _followed_until(day: dt.date) -> None:
    db.session.add(SourceMark(name="TMDb", day=day))


def asked_for() -> list[int]:
    """Movies that are to be fetched."""
    entries = db.session.scalars(
        select(OutboxEntry).where(OutboxEntry.job == Job.SYNC_TMDB_MOVIE).order_by(OutboxEntry.id)
    )
    return [entry.args[0] for entry in entries]


def mark() -> dt.date | None:
    """Up to which day the changes were followed."""
    return db.session.scalar(select(SourceMark.day))


def test_what_changed_and_is_stored_is_fetched(changes: Changes) -> None:
    changes.by_day[days_ago(1)] = [[UNKNOWN], [HEAT]]
    assert changes_service.follow() == 1
    assert asked_for() == [HEAT]
    assert mark() == days_ago(0)


def test_a_second_run_on_the_same_day_asks_for_nothing(changes: Changes) -> None:
    changes.by_day[days_ago(1)] = [[HEAT]]
    changes_service.follow()
    changes.asked.clear()
    assert changes_service.follow() == 0
    assert changes.asked == []


def test_what_was_fetched_after_the_change_is_left_alone(changes: Changes) -> None:
    changes.by_day[days_ago(3)] = [[HEAT, ALIEN]]
    _followed_until(days_ago(3))
    _fetched(dt.timedelta(hours=1), HEAT)
    changes_service.follow()
    assert asked_for() == [ALIEN]


def test_every_day_since_the_last_run_is_followed(changes: Changes) -> None:
    _followed_until(days_ago(4))
    changes.by_day[days_ago(4)] = [[HEAT]]
    changes.by_day[days_ago(1)] = [[ALIEN]]
    changes_service.follow()
    assert changes.asked == [days_ago(number) for number in (4, 3, 2, 1)]
    assert asked_for() == [HEAT, ALIEN]


def test_after_a_failure_the_next_run_goes_on_with_the_day_that_failed(changes: Changes) -> None:
    _followed_until(days_ago(3))
    changes.broken = {days_ago(2)}
    with pytest.raises(Unavailable):
        changes_service.follow()
    assert mark() == days_ago(2)
    changes.broken = set()
    changes.asked.clear()
    changes_service.follow()
    assert changes.asked == [days_ago(2), days_ago(1)]
    assert mark() == days_ago(0)


def test_after_a_long_absence_as_much_is_followed_as_the_source_tells(changes: Changes) -> None:
    _followed_until(days_ago(100))
    changes_service.follow()
    assert changes.asked[0] == days_ago(14)
    assert len(changes.asked) == 14


def test_absence_from_the_list_deletes_nothing(changes: Changes) -> None:
    changes_service.follow()
    assert len(db.session.scalars(select(Movie.id)).all()) == 2
    assert asked_for() == []


def test_films_nobody_heard_of_for_long_are_fetched_as_well(changes: Changes) -> None:
    _fetched(dt.timedelta(days=130), ALIEN)
    assert changes_service.follow() == 1
    assert asked_for() == [ALIEN]


def test_a_day_with_many_changes_costs_few_statements(changes: Changes) -> None:
    changes.by_day[days_ago(1)] = [
        list(range(10_000 + 100 * n, 10_100 + 100 * n)) for n in range(9)
    ]
    with counted() as made:
        changes_service.follow()
    assert len(made) <= 6


def test_the_demo_is_followed_and_never_changes(app: Flask) -> None:
    service.store_movies([factories.movie(27205, "Inception")])
    assert changes_service.follow() == 0
    assert mark() == days_ago(0)
