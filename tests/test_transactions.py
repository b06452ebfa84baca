"""One public write is one transaction."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from moviesite import clock
from moviesite.catalogue import service
from moviesite.errors import Unavailable
from moviesite.extensions import db
from moviesite.models import Genre, TmdbSnapshot
from moviesite.providers.base import GenreData
from moviesite.transactions import after_commit, commits_itself, snapshot, transactional
from tests import factories
from tests.meanwhile import another_writer, until_somebody_waits

pytestmark = pytest.mark.usefixtures("app")


def genres() -> int:
    """How many genres another transaction would see."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Genre)) or 0


@transactional
def outer(*, fails: bool) -> None:
    service.store_genres([GenreData(18, "Drama")])
    if fails:
        raise ValueError("after a nested write")


def test_a_nested_write_commits_with_its_caller() -> None:
    outer(fails=False)
    assert genres() == 1


def test_a_nested_write_is_undone_with_its_caller() -> None:
    with pytest.raises(ValueError, match="nested"):
        outer(fails=True)
    assert genres() == 0


def test_callbacks_run_once_the_rows_are_there_and_never_after_a_failure() -> None:
    seen: list[int] = []

    @transactional
    def write(*, fails: bool) -> None:
        after_commit(lambda: seen.append(genres()))
        outer(fails=fails)
        assert seen == []

    with pytest.raises(ValueError, match="nested"):
        write(fails=True)
    assert seen == []
    write(fails=False)
    assert seen == [1]


def test_a_callback_outside_of_a_transaction_runs_at_once() -> None:
    seen: list[int] = []
    after_commit(lambda: seen.append(1))
    assert seen == [1]


def test_a_change_made_outside_of_a_transaction_is_a_mistake() -> None:
    db.session.add(Genre(id=1, name="Loose", slug="loose"))
    with pytest.raises(RuntimeError, match="outside"):
        outer(fails=False)
    db.session.rollback()


def test_rows_read_before_a_write_stay_readable_after_it() -> None:
    service.store_genres([GenreData(18, "Drama")])
    row = db.session.scalars(select(Genre)).one()
    service.store_movies([factories.movie()])
    assert row.name == "Drama"


def elsewhere(app: Flask, write: Callable[[], object]) -> None:
    """Somebody else writes, and is done."""

    def run() -> None:
        with app.app_context():
            write()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_in_a_snapshot_nothing_changes_and_after_it_everything_has(app: Flask) -> None:
    def count() -> int:
        return db.session.scalar(select(func.count()).select_from(Genre)) or 0

    with snapshot():
        assert count() == 0
        elsewhere(app, lambda: outer(fails=False))
        assert count() == 0
    assert count() == 1


def test_a_snapshot_joins_the_write_that_it_is_taken_in() -> None:
    @transactional
    def write() -> int:
        outer(fails=False)
        with snapshot():
            found = db.session.scalar(select(func.count()).select_from(Genre)) or 0
        db.session.execute(delete(Genre))
        return found

    assert write() == 1
    assert genres() == 0


def test_a_snapshot_that_fails_leaves_reading_and_writing_as_they_were() -> None:
    with pytest.raises(DBAPIError), snapshot():
        db.session.execute(text("SELECT nonsense"))
    outer(fails=False)
    assert genres() == 1


def test_writers_queue_and_readers_do_not_wait(app: Flask) -> None:
    """Six threads write the same rows while others read: nobody fails, nothing is lost."""
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with app.app_context():
                service.store_detail(factories.detail(title=f"Heat {number}"))
                service.keep_snapshot(f"tmdb:test:{number}", b"{}", clock.now())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        genres()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.01)  # the writers compute in the same process
    assert problems == []
    db.session.rollback()  # the last look may have begun before the last write
    assert db.session.scalar(select(func.count()).select_from(TmdbSnapshot)) == 6
    assert slowest < 4, "a reader waited for the writers"


def test_of_two_that_wait_for_each_other_the_one_that_is_undone_writes_anew(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    service.store_genres([GenreData(18, "Drama"), GenreData(80, "Crime")])
    first, second = (update(Genre).where(Genre.id == number) for number in (18, 80))
    has_second, go_on, done = threading.Event(), threading.Event(), list[str]()

    def other() -> None:
        with app.app_context(), another_writer() as mine:
            mine.execute(second.values(slug="second"))
            has_second.set()
            go_on.wait(30)
            mine.execute(first.values(slug="first"))

    @transactional
    def write() -> None:
        after_commit(lambda: done.append("told once"))
        db.session.execute(first.values(name="Ours"))
        if not go_on.is_set():
            go_on.set()
            until_somebody_waits()
        db.session.execute(second.values(name="Ours"))

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(other)
        assert has_second.wait(30)
        write()
        told.result(60)
    assert done == ["told once"]
    found = {row.slug: row.name for row in db.session.scalars(select(Genre))}
    assert found == {"first": "Ours", "second": "Ours"}


def test_what_fails_after_a_write_is_logged_and_fails_nothing_else(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []

    def fail() -> None:
        raise OSError("the disk is full")

    @transactional
    def write() -> str:
        after_commit(fail)
        after_commit(lambda: called.append("the next"))
        return "written"

    assert write() == "written"
    assert called == ["the next"]
    assert "what was to follow a write failed" in caplog.text


@commits_itself
def name_genre(name: str) -> None:
    db.session.execute(update(Genre).values(name=name))


def names_seen_elsewhere() -> list[str]:
    with db.engine.connect() as other:
        return list(other.scalars(select(Genre.name)))


def test_a_single_statement_is_there_for_others_at_once() -> None:
    service.store_genres([GenreData(18, "Drama")])
    db.session.scalars(select(Genre)).all()  # reading has begun
    seen: list[str] = []

    @commits_itself
    def write() -> None:
        name_genre("Plays")
        if db.engine.dialect.name == "postgresql":
            seen.extend(names_seen_elsewhere())

    write()
    assert names_seen_elsewhere() == ["Plays"]
    # Not at the function's end: no transaction is around it.
    assert seen == (["Plays"] if db.engine.dialect.name == "postgresql" else [])


def test_a_single_statement_within_a_write_is_undone_with_it() -> None:
    service.store_genres([GenreData(18, "Drama")])

    @transactional
    def write() -> None:
        name_genre("Plays")
        raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        write()
    assert names_seen_elsewhere() == ["Drama"]


def test_what_was_read_is_read_anew_after_a_single_statement_that_failed() -> None:
    service.store_genres([GenreData(18, "Drama")])
    held = db.session.scalars(select(Genre)).one()

    @commits_itself
    def fail() -> None:
        with db.engine.begin() as other:
            other.execute(update(Genre).values(name="Plays"))
        raise ValueError("in vain")

    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    with pytest.raises(ValueError, match="in vain"):
        fail()
    assert held.name == "Plays"


def test_a_change_made_outside_of_a_single_statement_is_a_mistake() -> None:
    db.session.add(Genre(id=1, name="Loose", slug="loose"))
    with pytest.raises(RuntimeError, match="outside"):
        name_genre("Plays")
    db.session.rollback()


@pytest.mark.parametrize("kind", [transactional, commits_itself])
def test_who_is_undone_every_time_is_told_to_try_again(kind: Callable[..., Any]) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    undone = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$")
    tried = []

    @kind
    def write() -> None:
        tried.append(1)
        db.session.execute(undone)

    with pytest.raises(Unavailable) as refused:
        write()
    assert (refused.value.status, refused.value.retry_after) == (503, 1)
    assert len(tried) == 3
