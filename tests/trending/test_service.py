"""Counting what people do, and swapping the charts."""

import datetime as dt
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from moviesite import clock
from moviesite.extensions import db
from moviesite.models import (
    Favorite,
    MovieView,
    Review,
    TrendingChart,
    TrendingEntry,
    TrendingHour,
    User,
    Viewing,
)
from moviesite.transactions import transactional
from moviesite.trending import counting, formula, jobs, queries, service
from tests.trending import crowd
from tests.trending.crowd import DARK_HORSE, FILMS, hour

NOW = dt.datetime(2026, 3, 20, 17, 40, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=200)


@transactional
def done(table: Any, **columns: Any) -> None:
    db.session.execute(insert(table).values(**columns))


@pytest.fixture
def town(app: Flask) -> list[int]:
    """A modest site after an ordinary week."""
    crowd.films()
    return crowd.an_ordinary_week(NOW)


def leaders(time_range: str = "week", count: int = 20) -> list[int]:
    return [entry.movie_id for entry in queries.chart_of(time_range).entries[:count]]


def entry_of(movie_id: int, time_range: str = "week") -> counting.Entry | None:
    entries = queries.chart_of(time_range).entries
    return next((entry for entry in entries if entry.movie_id == movie_id), None)


def hours() -> list[tuple[Any, ...]]:
    columns = (TrendingHour.hour, TrendingHour.movie_id, TrendingHour.weight, TrendingHour.people)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(*columns[:2]))]


def test_what_many_people_turned_to_leads(town: list[int]) -> None:
    assert service.refresh(NOW)
    assert set(FILMS[:5]) < set(leaders(count=12))
    assert DARK_HORSE not in leaders(count=200)
    week, day = queries.chart_of("week"), queries.chart_of("day")
    assert week.computed_at == day.computed_at == NOW
    assert [e.score for e in week.entries] == sorted((e.score for e in week.entries), reverse=True)
    assert day.entries[0].people < week.entries[0].people


def test_twenty_people_who_came_by_bring_a_film_in(town: list[int]) -> None:
    crowd.looks((DARK_HORSE, hour(NOW, place / 4), one) for place, one in enumerate(town[:40]))
    service.refresh(NOW)
    assert DARK_HORSE in leaders()


def test_one_accounts_thousand_views_do_not(town: list[int]) -> None:
    crowd.looks((DARK_HORSE, hour(NOW, ago), town[0]) for ago in range(1000))
    service.refresh(NOW)
    assert DARK_HORSE not in leaders(count=200)


def test_one_addresss_thousand_cookies_do_not(town: list[int]) -> None:
    """Without an account there is the address alone, and that under another name each day."""
    crowd.looks((DARK_HORSE, hour(NOW, ago), f"192.0.2.7, day {ago // 24}") for ago in range(1000))
    service.refresh(NOW)
    assert DARK_HORSE not in leaders()
    assert DARK_HORSE not in leaders("day")
    entry = entry_of(DARK_HORSE)
    assert entry is None or entry.score < 1.5, "less than two people who came just now"


def test_one_address_under_seven_names_is_not_listed_even_where_hardly_anybody_comes(
    app: Flask,
) -> None:
    crowd.films()
    people = crowd.accounts(3, LONG_AGO)
    crowd.looks((FILMS[0], hour(NOW, 30 * number), one) for number, one in enumerate(people[:2]))
    crowd.looks([(FILMS[1], hour(NOW, 50), people[2]), (FILMS[1], hour(NOW, 2), "an address")])
    crowd.looks((FILMS[2], hour(NOW), f"an address {number}") for number in range(2))
    crowd.looks((DARK_HORSE, hour(NOW, ago), f"192.0.2.7, day {ago // 24}") for ago in range(168))
    service.refresh(NOW)
    assert set(leaders()) == {*FILMS[:3]}, "two accounts, one and an address, two of one day"
    assert DARK_HORSE not in leaders("day")


def test_a_hundred_accounts_of_two_days_are_less_than_one_person(app: Flask) -> None:
    crowd.films()
    crowd.an_ordinary_week(NOW, people=15)
    fresh = crowd.accounts(100, NOW - dt.timedelta(days=2), "fresh")
    crowd.looks((DARK_HORSE, hour(NOW), one) for one in fresh)
    service.refresh(NOW)
    assert len(leaders()) == 20
    assert DARK_HORSE not in leaders(count=200)


@pytest.mark.parametrize("days", [0.003, 1, 2, 3])
def test_a_hundred_fresh_accounts_do_not(town: list[int], days: float) -> None:
    age = dt.timedelta(days=days)
    fresh = crowd.accounts(100, NOW - age, "fresh")
    crowd.looks((DARK_HORSE, hour(NOW), one) for one in fresh)
    service.refresh(NOW)
    assert DARK_HORSE not in leaders()
    assert DARK_HORSE not in leaders("day")


def test_all_three_together_do_not_even_make_it_rise(town: list[int]) -> None:
    for weeks in range(1, 5):
        past = hour(NOW, 168 * weeks + 20)
        crowd.looks((film, past, one) for film in FILMS[:10] for one in town[:60])
    fresh = crowd.accounts(100, NOW - dt.timedelta(hours=6), "fresh")
    crowd.looks((DARK_HORSE, hour(NOW), one) for one in fresh)
    crowd.looks((DARK_HORSE, hour(NOW, ago), "hash of 192.0.2.7") for ago in range(100))
    crowd.looks((DARK_HORSE, hour(NOW, ago), town[0]) for ago in range(100))
    service.refresh(NOW)
    entry = entry_of(DARK_HORSE)
    assert DARK_HORSE not in leaders()
    assert entry is None or entry.surprise < formula.RISING


def test_nobody_is_two_people_of_one_week(town: list[int]) -> None:
    for ago in (1, 30, 100):
        crowd.looks((DARK_HORSE, hour(NOW, ago), one) for one in town[:6])
    crowd.looks([(DARK_HORSE, hour(NOW, 2), "hash of 192.0.2.7")])
    for number, one in enumerate(town[:6]):
        done(Favorite, user_id=one, movie_id=DARK_HORSE, added_at=NOW - dt.timedelta(hours=number))
    service.refresh(NOW)
    entry = entry_of(DARK_HORSE)
    assert entry is not None
    assert entry.people == 7


def test_keeping_rating_and_seeing_count_like_looking(app: Flask) -> None:
    crowd.films([DARK_HORSE])
    one, two, three, four = crowd.accounts(4, LONG_AGO)
    done(Favorite, user_id=one, movie_id=DARK_HORSE, added_at=NOW)
    done(Review, user_id=two, movie_id=DARK_HORSE, rating=2.0, created_at=NOW, updated_at=NOW)
    done(Viewing, user_id=three, movie_id=DARK_HORSE, watched_at=NOW + dt.timedelta(hours=20))
    crowd.looks([(DARK_HORSE, hour(NOW), four)])
    service.refresh(NOW)
    entry = entry_of(DARK_HORSE)
    assert entry is not None
    assert entry.people == 4
    assert entry.score == pytest.approx(4 * 2 ** (-(40 / 60) / 48), rel=0.02)


def test_one_persons_interest_is_not_shown_to_others(app: Flask) -> None:
    crowd.films([DARK_HORSE])
    one, two = crowd.accounts(2, LONG_AGO)
    crowd.looks([(DARK_HORSE, hour(NOW), one)])
    service.refresh(NOW)
    assert leaders() == []
    crowd.looks([(DARK_HORSE, hour(NOW), two)])
    service.refresh(NOW + dt.timedelta(minutes=10))
    assert leaders() == [DARK_HORSE]


def test_of_two_films_with_the_same_visitors_the_better_rated_leads(app: Flask) -> None:
    crowd.films(FILMS[:2])
    people = crowd.accounts(12, LONG_AGO)
    for number, one in enumerate(people):
        stars = 4.5 if number % 2 else 1.5
        done(
            Review,
            user_id=one,
            movie_id=FILMS[number % 2],
            rating=stars,
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        )
    crowd.looks((film, hour(NOW), one) for film in FILMS[:2] for one in people)
    service.refresh(NOW)
    assert leaders() == [FILMS[1], FILMS[0]]


def test_a_film_rises_above_its_own_usual_not_above_others(town: list[int]) -> None:
    for weeks in range(1, 5):
        past = hour(NOW, 168 * weeks + 20)
        crowd.looks((FILMS[0], past, one) for one in town)
        crowd.looks((FILMS[place], past, one) for place in range(1, 20) for one in town[:60])
        crowd.looks((DARK_HORSE, past, f"hash {weeks} {n}") for n in range(4))
    crowd.looks((DARK_HORSE, hour(NOW, 3), one) for one in town[:12])
    service.refresh(NOW)
    horse, leader = entry_of(DARK_HORSE), entry_of(FILMS[0])
    assert horse is not None
    assert leader is not None
    assert horse.surprise >= formula.RISING > leader.surprise
    assert horse.usual == pytest.approx(4, rel=0.1)
    assert horse.score < leader.score


def test_where_the_whole_site_is_busier_nothing_rises_for_that(town: list[int]) -> None:
    for weeks in range(1, 5):
        crowd.looks(
            (film, hour(NOW, 168 * weeks + 20), one)
            for film in FILMS
            for one in town[: int(200 / (film - FILMS[0] + 6))]
        )
    service.refresh(NOW)
    rising = [e for e in queries.chart_of("week").entries if e.surprise >= formula.RISING]
    assert len(rising) < 8, "chance alone does a little"


def test_a_site_without_a_past_calls_nothing_usual(town: list[int]) -> None:
    crowd.looks([(FILMS[0], hour(NOW, 700), "an early visitor")])
    service.refresh(NOW)
    entries = queries.chart_of("week").entries
    assert {(entry.usual, entry.surprise) for entry in entries} == {(None, 0.0)}


def test_counting_hour_by_hour_gives_what_counting_at_once_gives(town: list[int]) -> None:
    """The last visits come while the counting goes on; those of a week before are known."""
    start = NOW - dt.timedelta(hours=30)
    later = [
        tuple(row)
        for row in db.session.execute(
            select(MovieView.movie_id, MovieView.hour, MovieView.user_id).where(
                MovieView.hour > hour(start)
            )
        )
    ]
    _forget(hour(start))
    service.refresh(start)
    for step in range(1, 31):
        moment = start + dt.timedelta(hours=step)
        crowd.looks(row for row in later if row[1] == hour(moment))
        # The daily count from the start is kept from happening.
        _recounted(moment)
        assert service.refresh(moment)
    kept, charts = hours(), [queries.chart_of(name).entries for name in formula.RANGES]
    service.refresh(NOW, whole=True)
    assert kept == hours()
    for entries, name in zip(charts, formula.RANGES, strict=True):
        again = queries.chart_of(name).entries
        assert [e.movie_id for e in entries] == [e.movie_id for e in again]
        assert [e.score for e in entries] == pytest.approx([e.score for e in again], rel=1e-9)


@transactional
def _forget(after: int) -> None:
    db.session.execute(delete(MovieView).where(MovieView.hour > after))


@transactional
def _recounted(at: dt.datetime) -> None:
    db.session.execute(update(TrendingChart).values(recounted_at=at))


def test_once_a_day_everything_is_counted_from_the_start(town: list[int], app: Flask) -> None:
    service.refresh(NOW)
    before = entry_of(FILMS[0])
    _everybody_leaves(town[:100])
    service.refresh(NOW + dt.timedelta(minutes=10))
    soon = entry_of(FILMS[0])
    service.refresh(NOW + dt.timedelta(hours=24))
    after = entry_of(FILMS[0])
    assert before is not None
    assert soon is not None
    assert after is not None
    assert soon.people >= before.people - 5 > after.people


@transactional
def _everybody_leaves(ids: list[int]) -> None:
    db.session.execute(delete(User).where(User.id.in_(ids)))


def test_a_deactivated_account_does_not_count(app: Flask) -> None:
    crowd.films([DARK_HORSE])
    people = crowd.accounts(3, LONG_AGO)
    crowd.looks((DARK_HORSE, hour(NOW), one) for one in people)
    done(Favorite, user_id=people[0], movie_id=DARK_HORSE, added_at=NOW)
    _deactivate(people[0])
    service.refresh(NOW)
    entry = entry_of(DARK_HORSE)
    assert entry is not None
    assert entry.people == 2


@transactional
def _deactivate(user_id: int) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(is_active=False))


def test_counts_know_nobody(town: list[int]) -> None:
    service.refresh(NOW)
    named = {"user_id", "viewer", "username", "address"}
    for table in (TrendingHour, TrendingEntry, TrendingChart):
        assert not named & set(table.__table__.columns.keys())


def test_a_failing_run_leaves_the_charts_as_they_were(town: list[int]) -> None:
    service.refresh(NOW)
    before = queries.chart_of("week")
    # As a killed worker or a full disk would: in the middle of the swap.
    _break_entries()
    try:
        crowd.looks((DARK_HORSE, hour(NOW), one) for one in town)
        with pytest.raises(DBAPIError):
            service.refresh(NOW + dt.timedelta(minutes=10))
        assert queries.chart_of("week") == before
    finally:
        _mend_entries()
    assert service.refresh(NOW + dt.timedelta(minutes=20)), "and the next one makes up for it"
    assert leaders()[0] == DARK_HORSE


@transactional
def _break_entries() -> None:
    if db.engine.dialect.name == "sqlite":
        statements = [
            "CREATE TRIGGER full_disk BEFORE INSERT ON trending_entries"
            " BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        ]
    else:
        statements = [
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk is full'; END $$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON trending_entries"
            " FOR EACH ROW EXECUTE FUNCTION full_disk()",
        ]
    for statement in statements:
        db.session.execute(text(statement))


@transactional
def _mend_entries() -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER full_disk"))
    else:
        db.session.execute(text("DROP FUNCTION full_disk() CASCADE"))


def test_an_older_run_does_not_overwrite_a_later_one(town: list[int]) -> None:
    assert service.refresh(NOW)
    assert not service.refresh(NOW - dt.timedelta(minutes=10))
    assert queries.chart_of("week").computed_at == NOW
    assert service.refresh(NOW), "the same one again does no harm"


def test_a_run_by_a_clock_that_was_ahead_is_put_right_by_the_next(town: list[int]) -> None:
    service.refresh(NOW)
    known, best = hours(), leaders()
    assert service.refresh(NOW + dt.timedelta(days=50))
    assert hours() == []
    assert service.refresh(NOW)
    assert (hours(), leaders()) == (known, best)
    assert queries.chart_of("week").computed_at == NOW


def test_four_runs_at_once_leave_one_whole_result(app: Flask, town: list[int]) -> None:
    troubles: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                service.refresh(NOW)
            except BaseException as error:
                troubles.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    db.session.rollback()
    places = db.session.scalars(
        select(TrendingEntry.place)
        .where(TrendingEntry.time_range == "week")
        .order_by(TrendingEntry.place)
    ).all()
    assert places == list(range(1, len(places) + 1))
    kept = hours()
    service.refresh(NOW + dt.timedelta(seconds=1), whole=True)
    assert hours() == kept


def test_after_a_long_pause_nothing_is_missing_and_nothing_old_is_kept(town: list[int]) -> None:
    service.refresh(NOW)
    later = NOW + dt.timedelta(days=50)
    service.refresh(later)
    assert hours() == []
    assert queries.chart_of("week").entries == []


def test_the_job_works_on_an_empty_site(site_with: Any) -> None:
    with site_with(TMDB_API_KEY="f" * 32).app_context():
        jobs.generate_daily_trending()
        chart = queries.chart_of("day")
        assert chart.entries == []
        assert chart.computed_at is not None
        assert clock.now() - chart.computed_at < dt.timedelta(minutes=1)
        assert db.session.scalar(select(func.count()).select_from(MovieView)) == 0
