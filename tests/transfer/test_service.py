"""An import finds its films, keeps what is new, and leaves what was here."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from moviesite import clock
from moviesite.catalogue import service as catalogue
from moviesite.errors import Conflict, Unavailable
from moviesite.extensions import db
from moviesite.library import muting_queries
from moviesite.library import service as library
from moviesite.models import (
    Favorite,
    Import,
    Like,
    Movie,
    OutboxEntry,
    Review,
    User,
    Viewing,
    WatchlistItem,
)
from moviesite.providers.tmdb import TMDb
from moviesite.queue import Job
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from moviesite.transfer import matching, queries, service
from moviesite.transfer.queries import Report
from moviesite.transfer.reading import Entry, HiddenData, Reading
from tests import factories
from tests.meanwhile import meanwhile

INCEPTION, MATRIX = 27205, 603
NOON = dt.datetime(2019, 5, 4, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2021, 8, 1, 12, tzinfo=dt.UTC)


def line(title: str = "Inception", year: int | None = 2010, **said: Any) -> Entry:
    return Entry("diary.csv, line 2", title, year, **said)


def bring(user: User, *entries: Entry, **told: Any) -> Report:
    """Import these lines to the end."""
    begin(user, *entries, **told)
    going = queries.of(user.id)
    assert going is not None
    service.carry_on(going.uuid)
    return reported(user)


def begin(user: User, *entries: Entry, others: int = 0, unread: tuple[str, ...] = ()) -> None:
    service.begin_reading(user, Reading("Letterboxd", entries, others, unread))


def reported(user: User) -> Report:
    found = queries.report(user.id)
    assert found is not None
    return found


def rows(table: Any) -> list[Any]:
    return list(db.session.scalars(select(table).order_by(table.movie_id)))


def turns() -> list[list[str | int]]:
    """What the jobs that were asked for are given."""
    asked = select(OutboxEntry.args).where(OutboxEntry.job == Job.IMPORT_LIBRARY)
    return list(db.session.scalars(asked.order_by(OutboxEntry.id)))


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.waiting, report.kept, report.known, report.missing


def test_everything_that_a_line_can_say_is_kept(ada: User) -> None:
    report = bring(
        ada,
        line(watched_at=NOON, rating=4.5, review="A top that spins.", liked=True, favorite=True),
        line("The Matrix", 1999, watchlist=True, note="again, with Ben", noted_at=LATER),
    )
    assert counts(report) == (0, 2, 0, 0)
    assert report.finished_at is not None
    [play] = rows(Viewing)
    assert (play.movie_id, play.watched_at, play.finished) == (INCEPTION, NOON, True)
    [review] = rows(Review)
    assert (review.rating, review.text, review.created_at) == (4.5, "A top that spins.", NOON)
    assert [row.movie_id for row in (*rows(Like), *rows(Favorite))] == [INCEPTION, INCEPTION]
    [wish] = rows(WatchlistItem)
    assert (wish.movie_id, wish.note, wish.added_at) == (MATRIX, "again, with Ben", LATER)
    db.session.refresh(ada)
    assert (ada.favorite_count, ada.watchlist_count) == (1, 1)
    film = db.session.get(Movie, INCEPTION)
    assert film is not None
    assert (film.likes, film.rating_average) == (1, 4.5)


def test_the_same_file_again_changes_nothing(ada: User) -> None:
    lines = (
        line(watched_at=NOON, rating=4, liked=True),
        line("The Matrix", 1999, seen=True, watchlist=True),
    )
    assert counts(bring(ada, *lines)) == (0, 2, 0, 0)
    before = [row.watched_at for row in rows(Viewing)]
    assert counts(bring(ada, *lines)) == (0, 0, 2, 0)
    assert [row.watched_at for row in rows(Viewing)] == before
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1


def test_what_is_here_stays_as_it_is(ada: User) -> None:
    library.keep_on_watchlist(ada, INCEPTION, note="mine", priority=5)
    reviews.write_review(ada, INCEPTION, ReviewInput(2.0, "Mine."))
    report = bring(ada, line(rating=5, review="Theirs.", watchlist=True, note="theirs"))
    assert counts(report) == (0, 0, 1, 0)
    [review], [wish] = rows(Review), rows(WatchlistItem)
    assert (review.rating, review.text, wish.note, wish.priority) == (2.0, "Mine.", "mine", 5)


def test_a_film_is_played_once_a_day_and_seen_at_least_once(ada: User) -> None:
    report = bring(
        ada,
        line(seen=True),
        line(watched_at=NOON),
        line(watched_at=NOON + dt.timedelta(hours=3)),
        line(watched_at=LATER),
        line("The Matrix", 1999, seen=True, noted_at=NOON),
        line("The Matrix", 1999, seen=True),
    )
    assert counts(report) == (0, 3, 3, 0)
    plays = [(play.movie_id, play.watched_at) for play in rows(Viewing)]
    assert sorted(plays) == [(MATRIX, NOON), (INCEPTION, NOON), (INCEPTION, LATER)]


def test_a_review_comes_before_a_mere_rating_of_the_same_film(ada: User) -> None:
    ratings = [line(f"Film {number}", None, rating=3) for number in range(service.PORTION)]
    bring(ada, line(rating=4), *ratings, line(rating=4, review="It ends well."))
    [review] = rows(Review)
    assert (review.rating, review.text) == (4, "It ends well.")


def test_of_several_reviews_of_a_film_the_newest_is_kept_and_the_others_are_told(
    ada: User,
) -> None:
    older = line(watched_at=NOON, rating=2, review="Too long.")
    newer = line(watched_at=LATER, rating=5, review="Not a minute too long.")
    report = bring(ada, older, newer, line(rating=4))
    [review] = rows(Review)
    assert (review.rating, review.text) == (5, "Not a minute too long.")
    assert {play.watched_at for play in rows(Viewing)} == {NOON, LATER}
    [sentence] = report.unread
    assert "left out: 1, the first of Inception (diary.csv, line 2)" in sentence


def test_of_several_days_the_newest_tells_the_rating(ada: User) -> None:
    bring(ada, line(watched_at=NOON, rating=2), line(watched_at=LATER, rating=5))
    [review] = rows(Review)
    assert (review.rating, review.created_at) == (5, LATER)


def test_a_day_is_one_where_the_person_lives(ada: User) -> None:
    ada.time_zone = "America/Los_Angeles"
    evening = dt.datetime(2019, 5, 4, 20, tzinfo=ada.zone)
    library.record_viewing(ada, INCEPTION, watched_at=evening)
    noon = dt.datetime(2019, 5, 4, 12, tzinfo=ada.zone)
    assert counts(bring(ada, line(watched_at=noon))) == (0, 0, 1, 0)
    assert counts(bring(ada, line(watched_at=noon + dt.timedelta(days=1)))) == (0, 1, 0, 0)


def test_nothing_is_noted_as_said_in_the_time_to_come(ada: User) -> None:
    bring(ada, line(rating=4, noted_at=clock.now() + dt.timedelta(days=400)))
    [review] = rows(Review)
    assert review.created_at <= clock.now()


def test_what_was_not_found_and_what_was_left_out_is_told(ada: User) -> None:
    report = bring(
        ada,
        line("No Such Film At All", 1911, seen=True),
        line(),
        others=7,
        unread=("line 9: odd.",),
    )
    assert counts(report) == (0, 0, 1, 1)
    assert [(entry.title, entry.year) for entry in report.not_found] == [
        ("No Such Film At All", 1911)
    ]
    assert (report.others, report.unread, report.source) == (7, ["line 9: odd."], "Letterboxd")


def test_one_import_goes_on_at_a_time(ada: User, ben: User) -> None:
    begin(ada, line())
    with pytest.raises(Conflict):
        begin(ada, line())
    begin(ben, line())
    service.forget(ada)
    begin(ada, line())


def test_of_many_that_begin_at_once_one_does(app: Flask, ada: User) -> None:
    refused: list[Conflict] = []

    def one() -> None:
        with app.app_context():
            try:
                begin(ada, line())
            except Conflict as error:
                refused.append(error)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert reported(ada).waiting == 1


def test_an_import_that_was_stopped_meanwhile_writes_nothing(ada: User) -> None:
    begin(ada, line(rating=4))
    going = queries.of(ada.id)
    assert going is not None

    def stop() -> None:
        with db.engine.begin() as other:
            other.execute(delete(Import))

    with meanwhile(stop, after="FROM import_entries"):
        service.carry_on(going.uuid)
    assert rows(Review) == []
    assert queries.report(ada.id) is None


def test_a_long_import_hands_its_next_turn_on(ada: User) -> None:
    begin(ada, *[line(f"No Such Film {number}", None) for number in range(service.PORTION + 3)])
    going = queries.of(ada.id)
    assert going is not None
    service.carry_on(going.uuid, seconds=0)
    assert reported(ada).waiting == 3
    assert turns() == [[str(going.uuid)], [str(going.uuid), service.PORTION - 1]]
    service.carry_on(going.uuid)
    service.carry_on(going.uuid)
    assert counts(reported(ada)) == (0, 0, 0, service.PORTION + 3)


@pytest.fixture
def silenced(app: Flask) -> Iterator[Flask]:
    """The site, whose source is silent."""
    kept = app.extensions["tmdb"]
    app.extensions["tmdb"] = TMDb("http://127.0.0.1:9/3", "key", redis=None, threads=8, name="TMDb")
    yield app
    app.extensions["tmdb"] = kept


def test_while_the_source_is_silent_what_is_stored_is_found_and_the_rest_waits(
    app: Flask, ada: User, silenced: Flask
) -> None:
    catalogue.store_movies([factories.movie(949, "Heat")])
    begin(ada, line("Heat", 1995, rating=5), line(rating=4))
    going = queries.of(ada.id)
    assert going is not None
    with pytest.raises(Unavailable):
        service.carry_on(going.uuid)
    assert counts(reported(ada)) == (1, 1, 0, 0)
    assert reported(ada).finished_at is None


def test_it_goes_on_when_it_is_asked_to(ada: User) -> None:
    begin(ada, line())
    service.go_on(ada)
    going = queries.of(ada.id)
    assert going is not None
    assert turns() == [[str(going.uuid)]] * 2
    service.carry_on(going.uuid)
    service.go_on(ada)
    assert len(turns()) == 2, "nothing is left to do"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (Entry("", "", None, tmdb_id=MATRIX), MATRIX),
        (Entry("", "The Matrix", 1999, tmdb_id=2**31 + 5), MATRIX),
        (Entry("", "the matrix!", 1999), MATRIX),
        (Entry("", "The Matrix", 2000), MATRIX),
        (Entry("", "The Matrix", None), MATRIX),
        (Entry("", "The Matrix", 1979), None),
        (Entry("", "???", 1999), None),
        (Entry("", "", None, imdb_id="tt9999999"), None),
        (Entry("", "x" * 500, None), None),
    ],
)
def test_films_are_found_by_numbers_and_by_titles(
    app: Flask, entry: Entry, found: int | None
) -> None:
    assert matching.movie_of(entry) == found


def test_films_are_found_by_imdbs_number(app: Flask) -> None:
    catalogue.store_detail(factories.detail(949, "Heat", imdb_id="tt0113277"))
    assert matching.movie_of(Entry("", "Fuego contra fuego", 1995, imdb_id="tt0113277")) == 949


def test_of_two_films_with_one_title_the_year_decides_and_else_fame(app: Flask) -> None:
    catalogue.store_movies(
        [
            factories.movie(1, "Suspiria", release_date=dt.date(1977, 2, 1), popularity=9),
            factories.movie(2, "Suspiria", release_date=dt.date(2018, 9, 1), popularity=5),
        ]
    )
    years = (1977, 2018, None)
    assert [matching.movie_of(Entry("", "Suspiria", year)) for year in years] == [1, 2, 1]


def test_what_is_hidden_is_hidden_here_as_far_as_there_is_room(ada: User) -> None:
    library.hide(ada, "genre", 27)
    [before] = muting_queries.hidden_of(ada)
    told = [HiddenData("genre", 27, NOON)] * 2
    told += [HiddenData("person", n) for n in range(1, 1100)]
    for _ in range(2):
        service.begin_reading(ada, Reading("a table of films", (), 0, (), (), tuple(told)))
        report = reported(ada)
        assert report.hidden == muting_queries.MOST_HIDDEN
        assert report.unread == ["You can hide at most 1,000 things. Left out: 100."]
        service.forget(ada)
        hidden = muting_queries.hidden_of(ada)
        assert len(hidden) == muting_queries.MOST_HIDDEN
        assert before in hidden


def test_whoever_leaves_takes_an_import_along(ada: User) -> None:
    begin(ada, line())
    db.session.delete(ada)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0
