"""How the site is used is counted by day, once, and stays when people go. Nobody is named."""

import csv
import datetime as dt
import io
import logging

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from moviesite import clock, spreadsheets
from moviesite.accounts import session_service
from moviesite.catalogue import failed_searches, service
from moviesite.extensions import db
from moviesite.models import (
    ActiveDay,
    AnalyticsDay,
    AnalyticsSearch,
    Identity,
    Session,
    User,
    Viewing,
)
from moviesite.ops import analytics_queries, analytics_service, charts
from moviesite.ops.analytics_queries import SPANS, Day
from moviesite.transactions import transactional
from tests import factories, people
from tests.people import DEVICE
from tests.statements import counted

ANALYTICS = "/api/v1/admin/analytics"


def today() -> dt.date:
    """This day in UTC."""
    return clock.now().date()


def yesterday() -> dt.date:
    """The day before."""
    return days_ago(1)


def days_ago(number: int) -> dt.date:
    """A day that is over."""
    return today() - dt.timedelta(days=number)


def moment(day: dt.date, hour: int = 12) -> dt.datetime:
    """A time of a day."""
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


@transactional
def joined(name: str, day: dt.date, **changes: object) -> User:
    """Somebody who joined on a day."""
    return people.join(name, joined_at=moment(day), **changes)


@transactional
def link(user: User) -> None:
    """Google's word for who somebody is."""
    db.session.add(Identity(user_id=user.id, issuer="https://accounts.google.com", subject="7"))


@transactional
def came(user: User, *days: dt.date) -> None:
    """Somebody's session, used on these days."""
    session = session_service._session(user, DEVICE, "browser", token_hash=f"{user.id}")
    session.last_used_at = moment(days[0])
    db.session.add(session)
    db.session.flush()
    for day in days[1:]:
        db.session.execute(
            update(Session).where(Session.id == session.id).values(last_used_at=moment(day))
        )


@transactional
def saw(user: User, day: dt.date, *movie_ids: int, finished: bool = True) -> None:
    """Plays of a day."""
    for movie_id in movie_ids:
        db.session.add(
            Viewing(user_id=user.id, movie_id=movie_id, watched_at=moment(day), finished=finished)
        )


@transactional
def taken_ahead(told: dt.datetime, since: dt.date) -> None:
    """Days since one were counted while the clock told a later time."""
    late = update(AnalyticsDay).where(AnalyticsDay.day >= since)
    db.session.execute(late.values(taken_at=told))


@transactional
def leave(user: User) -> None:
    """Somebody's account, and all that hangs on it, goes."""
    db.session.execute(delete(User).where(User.id == user.id))


@pytest.fixture
def films(app: Flask) -> None:
    """Two stored films, one with a title that a spreadsheet would run."""
    service.store_movies([factories.movie(949, "Heat"), factories.movie(950, "=1+1")])


def day_of(day: dt.date) -> Day:
    """A day as the page shows it."""
    return next(one for one in analytics_queries.days(30) if one.day == day)


def test_every_use_of_a_session_leaves_its_day(app: Flask, ada: User) -> None:
    came(ada, yesterday(), today())
    days = db.session.scalars(select(ActiveDay.day).order_by(ActiveDay.day)).all()
    assert days == [yesterday(), today()]


def test_people_are_counted_once_a_day_week_and_month(app: Flask) -> None:
    came(joined("ada", yesterday()), yesterday(), today())
    came(joined("ben", yesterday()), days_ago(6))
    came(joined("cleo", yesterday()), days_ago(30))
    found = day_of(today())
    assert (found.active_day, found.active_week, found.active_month) == (1, 2, 2)


def test_new_accounts_are_told_by_where_they_come_from(app: Flask) -> None:
    joined("ada", today())
    ben = joined("ben", today(), password_hash=None)
    link(ben)
    joined("cleo", today(), password_hash=None)  # such as the demo's own, which nobody enters
    found = day_of(today())
    assert (found.new_users, found.new_by_google) == (3, 1)


@pytest.mark.usefixtures("films")
def test_films_seen_to_their_end_are_counted(app: Flask, ada: User, ben: User) -> None:
    saw(ada, today(), 949, 949)
    saw(ben, today(), 949, 950)
    saw(ben, today(), 950, finished=False)
    found = analytics_queries.most_watched(7)
    assert [(one.place, one.title, one.plays, one.viewer_days) for one in found] == [
        (1, "Heat", 3, 2),
        (2, "=1+1", 1, 1),
    ]
    assert (day_of(today()).plays, day_of(today()).viewers) == (4, 2)


@pytest.mark.usefixtures("films")
def test_numbers_stay_when_people_and_films_go(app: Flask) -> None:
    ada = joined("ada", yesterday())
    came(ada, yesterday())
    saw(ada, yesterday(), 949)
    analytics_service.snapshot()
    before = day_of(yesterday())
    assert (before.new_users, before.active_day, before.plays) == (1, 1, 1)
    leave(ada)
    analytics_service.snapshot()
    assert day_of(yesterday()) == before
    assert db.session.scalars(select(ActiveDay)).all() == []
    [film] = analytics_queries.most_watched(7)
    assert (film.movie_id, film.plays) == (949, 1)


def test_counting_twice_changes_nothing(app: Flask) -> None:
    came(joined("ada", yesterday()), yesterday())
    assert analytics_service.snapshot() == analytics_queries.MONTH
    first = {row.day: row.taken_at for row in db.session.scalars(select(AnalyticsDay))}
    assert analytics_service.snapshot() == 0
    rows = db.session.scalars(select(AnalyticsDay).execution_options(populate_existing=True))
    again = {row.day: row.taken_at for row in rows}
    assert len(again) == len(first)
    assert {day for day in again if again[day] != first[day]} == {today()}
    assert all(row.closed for row in db.session.scalars(select(AnalyticsDay)) if row.day != today())


def test_a_month_that_is_made_up_for_is_one_line_of_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    analytics_service.snapshot()
    assert sum("counted" in line.getMessage() for line in caplog.records) == 1


def test_days_without_a_worker_are_made_up_for(app: Flask) -> None:
    analytics_service.take(days_ago(5), closed=True)
    assert analytics_service.snapshot() == 4


@pytest.mark.usefixtures("films")
def test_days_that_a_clock_which_was_ahead_has_closed_are_counted_again(
    app: Flask, ada: User
) -> None:
    for number in range(-3, 3):
        analytics_service.take(days_ago(number), closed=True)
    taken_ahead(clock.now() + dt.timedelta(days=4), since=days_ago(1))
    saw(ada, days_ago(2), 949)
    saw(ada, days_ago(1), 949)
    saw(ada, today(), 949)
    assert analytics_service.snapshot() == 1
    rows = db.session.scalars(select(AnalyticsDay).execution_options(populate_existing=True))
    found = {row.day: (row.plays, row.closed) for row in rows}
    assert found[days_ago(2)] == (0, True), "closed in time"
    assert found[days_ago(1)] == (1, True)
    assert found[today()] == (1, False)
    assert not any(closed for day, (_, closed) in found.items() if day > today())


def test_who_joined_and_left_on_the_same_day_stays_counted(app: Flask) -> None:
    ada = joined("ada", today())
    analytics_service.snapshot()
    leave(ada)
    analytics_service.snapshot()
    row = db.session.get(AnalyticsDay, today(), populate_existing=True)
    assert row is not None
    assert row.new_users == 1


def test_who_came_when_is_forgotten_after_a_month(app: Flask, ada: User) -> None:
    came(ada, days_ago(60), today())
    analytics_service.snapshot()
    assert db.session.scalars(select(ActiveDay.day)).all() == [today()]


@pytest.mark.usefixtures("site")
class TestSearches:
    def test_words_that_find_nothing_are_counted_folded(self, site: Flask) -> None:
        visitor = site.test_client()
        for words in ("Zzyzx Qwrtk!", "zzyzx  qwrtk"):
            assert (
                visitor.get("/api/v1/movies/search", query_string={"query": words}).json["count"]
                == 0
            )
        visitor.get("/search?query=inception")
        analytics_service.snapshot()
        assert analytics_queries.searched_in_vain(7) == [("zzyzx qwrtk", 2)]

    def test_of_words_typed_letter_by_letter_the_last_are_meant(self) -> None:
        for words in ("zz", "zzy", "zzyz", "zzyzx", "other"):
            failed_searches.note(words)
        assert dict(failed_searches.of_day(today())) == {"zzyzx": 1, "other": 1}

    @pytest.mark.parametrize(
        "words",
        ["ada@example.org", "+49 30 1234567", "https://x.example/y", "  ", "4111 1111 1111"],
    )
    def test_what_may_be_somebodys_is_not_counted(self, words: str) -> None:
        failed_searches.note(words)
        assert failed_searches.of_day(today()) == []

    def test_the_store_has_an_end(self, redis_client: redis.Redis) -> None:
        failed_searches.note("wanted")
        failed_searches.note("wanted")
        for number in range(failed_searches.MOST_WORDS + 50):
            failed_searches.note(f"{chr(97 + number % 26)} {number} " + "long " * 50)
        found = dict(failed_searches.of_day(today()))
        assert len(found) <= failed_searches.MOST_WORDS
        assert found["wanted"] == 2
        assert max(map(len, found)) <= 60
        [key] = redis_client.keys("moviesite:fruitless:*")
        assert redis_client.ttl(key) > 0
        analytics_service.snapshot()
        kept = db.session.scalars(select(AnalyticsSearch.words)).all()
        assert len(kept) == analytics_queries.MOST_SEARCHES

    def test_without_redis_a_search_is_answered_all_the_same(self, cut_off: Flask) -> None:
        answer = cut_off.test_client().get("/api/v1/movies/search?query=zzyzxqwrtk")
        assert answer.status_code == 200

    def test_a_lost_redis_takes_no_numbers_with_it(self, redis_client: redis.Redis) -> None:
        failed_searches.note("zzyzx")
        analytics_service.snapshot()
        redis_client.flushall()
        analytics_service.snapshot()
        assert analytics_queries.searched_in_vain(7) == [("zzyzx", 1)]


@pytest.mark.usefixtures("films")
class TestDoors:
    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("", ["day", "counted", "new_users", "new_by_password"]),
            ("/most-watched", ["place", "movie_id", "title", "plays", "viewer_days"]),
            ("/new-users", ["day", "new_users", "by_password", "by_google"]),
            ("/daily-active-users", ["day", "daily", "weekly", "monthly"]),
            ("/searches", ["words", "times"]),
        ],
    )
    def test_each_is_a_file_with_the_same_numbers(
        self, as_cleo: FlaskClient, cleo: User, path: str, names: list[str]
    ) -> None:
        saw(cleo, today(), 949)
        answer = as_cleo.get(f"{ANALYTICS}{path}?format=csv&days=7")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["Content-Disposition"]
        paths = as_cleo.get("/api/openapi.json").get_json()["paths"]
        described = paths[f"{ANALYTICS}{path}"]["get"]["responses"]["200"]["content"]
        assert sorted(described) == ["application/json", "text/csv"]
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        told = as_cleo.get(f"{ANALYTICS}{path}?days=7").get_json()
        same = told.get("results", told.get("by_day"))
        assert answer.text.startswith(",".join(names))
        assert [list(row.values()) for row in rows] == [
            [str(value) for value in row.values()] for row in same
        ]

    def test_a_title_that_is_a_formula_is_text_in_the_file(
        self, as_cleo: FlaskClient, cleo: User
    ) -> None:
        saw(cleo, today(), 950)
        answer = as_cleo.get(f"{ANALYTICS}/most-watched?format=csv")
        assert ",'=1+1," in answer.text

    @pytest.mark.parametrize("span", SPANS)
    def test_the_page_draws_the_numbers_and_shows_them(
        self, cleo_browsing: FlaskClient, cleo: User, span: int
    ) -> None:
        saw(cleo, today(), 949)
        page = cleo_browsing.get(f"/admin/analytics?days={span}")
        assert page.status_code == 200
        assert page.text.count('<svg class="course__chart"') == 3
        assert page.text.count("The numbers<span") == 3
        assert "Heat" in page.text

    def test_files_are_offered_on_the_page(self, cleo_browsing: FlaskClient) -> None:
        for name in ("most-watched", "new-users", "active-users", "searches-in-vain"):
            answer = cleo_browsing.get(f"/admin/analytics/{name}.csv?days=7")
            assert answer.content_type == "text/csv; charset=utf-8"
        assert cleo_browsing.get("/admin/analytics/passwords.csv").status_code == 404

    def test_an_unknown_span_is_refused(self, as_cleo: FlaskClient) -> None:
        assert as_cleo.get(f"{ANALYTICS}?days=8").status_code == 422

    def test_the_number_of_statements_does_not_grow_with_the_days(self, ada: User) -> None:
        saw(ada, today(), 949, 950)
        analytics_service.snapshot()
        made = []
        for span in SPANS:
            with counted() as statements:
                analytics_queries.days(span)
                analytics_queries.most_watched(span)
                analytics_queries.searched_in_vain(span)
            made.append(len(statements))
        assert made == [8, 8, 8, 8]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        (" =1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\u3000\uff201", "'\u3000\uff201"),
        ("Heat", "Heat"),
        ("a=b", "a=b"),
        ("", ""),
        (-5, -5),
        (None, ""),
    ],
)
def test_what_begins_like_a_formula_is_defused(cell: object, shown: object) -> None:
    assert spreadsheets.defused(cell) == shown


def test_many_days_are_drawn_by_week_or_month() -> None:
    first = dt.date(2026, 1, 1)
    for span, columns in ((30, 30), (90, 14), (365, 12)):
        days = [Day(first + dt.timedelta(days=n), new_users=1, active_day=n) for n in range(span)]
        added = charts.columns(days, lambda day: day.new_users, adds_up=True)
        best = charts.columns(days, lambda day: day.active_day, adds_up=False)
        assert len(added) == len(best) == columns
        assert sum(one.number for one in added) == span
        assert best[-1].number == span - 1
        assert 2 <= len([one for one in added if one.label]) <= 6
