"""What each database is asked in its own way."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from sqlalchemy import Connection, Engine, column, create_engine, select, text
from sqlalchemy.exc import OperationalError

from moviesite.app import create_app
from moviesite.catalogue import browse, queries, service
from moviesite.catalogue.filters import NO_FILTERS, Filters
from moviesite.catalogue.search import search
from moviesite.config import load_config
from moviesite.database import (
    STATEMENT_SECONDS,
    TRUSTED_SECONDS,
    engine_options,
    one_of,
    prepare_engine,
)
from moviesite.extensions import db
from moviesite.lists import following_service
from moviesite.lists import queries as list_queries
from moviesite.lists import service as lists
from moviesite.lists.queries import Wanted
from moviesite.models import Movie, User
from moviesite.transactions import snapshot
from tests import factories
from tests.processes.running import wait_for
from tests.sites import let_go
from tests.statements import counted

PROCESS = text("SELECT pg_backend_pid()")
PREPARED = select(column("statement")).select_from(text("pg_prepared_statements"))


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_any_number_of_ids_is_one_parameter(app: Flask, count: int) -> None:
    service.store_movies([factories.movie(number, f"Film {number}") for number in (1, 2, 5)])
    ids = range(1, count + 1)
    statement = select(Movie.id).where(one_of(Movie.id, ids))
    assert sorted(db.session.scalars(statement)) == [one for one in (1, 2, 5) if one in ids]
    compiled = statement.compile(db.engine)
    assert [name for name in compiled.params if name.startswith("param")] == ["param_1"]


@pytest.mark.usefixtures("app")
def test_of_ids_only_their_own_rows_are_read(database_kind: str) -> None:
    compiled = select(Movie.title).where(one_of(Movie.id, [5, 2])).compile(db.engine)
    with snapshot():
        connection = db.session.connection()
        if database_kind == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", ("[5, 2]",))
        else:
            # It would rather read all of a table as small as this one.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {compiled}", {"param_1": [5, 2]})
        told = " ".join(str(row) for row in plan)
    assert "SEARCH movies USING INTEGER PRIMARY KEY" in told or "pk_movies" in told


def sqlite_plan(statement: str) -> str:
    """How SQLite goes about a statement, whatever its values are."""
    values = (1,) * statement.count("?")
    connection = db.session.connection()
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return " ".join(row.detail for row in plan)


@pytest.mark.usefixtures("app")
def test_the_sitemap_sorts_no_public_lists(database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL knows how many there are")
    with counted() as made:
        list_queries.public_ranges(50_000)
    told = sqlite_plan(made[0])
    assert "SEARCH lists USING INTEGER PRIMARY KEY" in told
    assert "ix_lists_visibility" not in told


def test_covers_are_looked_up_for_the_lists_of_a_page_alone(database_kind: str, ada: User) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL looks them up after it has sorted")
    lists.create(ada, "Evenings")
    with counted() as made:
        list_queries.directory(ada, Wanted())
    sorting, _, looking = sqlite_plan(made[1]).rpartition("SCAN page")
    assert "USE TEMP B-TREE FOR ORDER BY" in sorting
    assert "SEARCH list_items" not in sorting
    assert "SEARCH list_items" in looking


def test_lists_that_somebody_follows_are_found_by_their_follower(
    database_kind: str, ada: User, ben: User
) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL finds them so by itself")
    made = lists.create(ada, "Evenings", visibility="public")
    following_service.follow(ben, made.uuid)
    with counted() as statements:
        found = list_queries.directory(ben, Wanted(subscribed=True))
    assert [one.movie_list.id for one in found.rows] == [made.id]
    for statement in statements:
        assert "SEARCH lists USING INTEGER PRIMARY KEY" in sqlite_plan(statement)


def test_ids_may_be_given_when_the_statement_is_run(app: Flask) -> None:
    service.store_movies([factories.movie(7, "Seven")])
    assert queries.stored_among({7, 8}) == {7}
    assert queries.stored_among([]) == set()


def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(
    postgresql_url: str,
) -> None:
    address = load_config({"DATABASE_URL": postgresql_url}).database
    engine, others = create_engine(address, **engine_options(address)), create_engine(address)
    prepare_engine(engine)
    with engine.connect() as connection:
        first = connection.scalar(PROCESS)
    with others.connect() as other:
        assert other.scalar(text(f"SELECT pg_terminate_backend({first})")) is True
    time.sleep(TRUSTED_SECONDS)
    with engine.connect() as connection:
        assert connection.scalar(PROCESS) != first
    for one in (engine, others):
        one.dispose()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_what_is_asked_often_stays_prepared_whoever_asks_and_writes(app: Flask) -> None:
    """A transaction that is rolled back would make the driver forget all of it."""
    for number in range(8):
        with app.app_context():
            queries.stored_among({number})
            service.store_movies([factories.movie(number + 1, f"Film {number}")])
            queries.stored_among({number})
    kept = db.session.scalars(PREPARED).all()
    assert any(statement.startswith("SELECT movies.id") for statement in kept)
    assert any(statement.startswith("INSERT INTO movies") for statement in kept)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_search_is_planned_for_its_words_each_time(app: Flask) -> None:
    service.store_movies([factories.movie(949, "Heat")])
    for _ in range(8):
        assert [movie_id for _, movie_id in search("heat")] == [949]
    kept = db.session.scalars(PREPARED).all()
    reading = [one for one in kept if not one.startswith("DELETE")]
    assert [one for one in reading if "FROM movie_terms" in one] == []


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_list_with_filters_is_planned_for_them_each_time_and_one_without_is_kept(
    app: Flask,
) -> None:
    service.store_movies([factories.movie(949, "Heat")])
    for filters in (Filters(year_from=1990), NO_FILTERS):
        for _ in range(8):
            assert [movie.id for movie in browse.stored(filters).movies] == [949]
    kept = [one for one in db.session.scalars(PREPARED) if "AS place" in one]
    assert kept
    assert not any("release_date >=" in one for one in kept)


def test_columns_are_told_by_name_and_kind(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("has a driver of its own")
    said = "SELECT 1 AS number, 'é' AS \"naïve\", NULL::jsonb AS nothing"
    with db.engine.connect() as connection:
        cursor = connection.exec_driver_sql(said).cursor
        plain = psycopg.Cursor(cursor.connection)
        plain.execute(said)
        assert [(one.name, one.type_code) for one in plain.description or ()] == [
            one[:2] for one in cursor.description
        ]
        assert all(len(one) == 7 for one in cursor.description)
        empty = psycopg.Cursor.execute(type(cursor)(cursor.connection), "SET work_mem = '4MB'")
        assert empty.description is None


def test_a_database_that_takes_calls_and_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x"
        engine = create_engine(address, **engine_options(address))
        with pytest.raises(OperationalError, match="timeout expired"):
            engine.connect()


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Engine]:
    """A PostgreSQL as the site opens it."""
    address = load_config({"DATABASE_URL": postgresql_url}).database
    engine = create_engine(address, **engine_options(address))
    prepare_engine(engine)
    yield engine
    engine.dispose()


@contextmanager
def frozen(process: int) -> Iterator[None]:
    """A process of the server that stands still, on a machine that goes on answering."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def limit(connection: Connection, seconds: float | None) -> None:
    connection.connection.driver_connection.seconds = seconds


def test_a_database_that_stands_still_is_given_up(server: Engine) -> None:
    with server.connect() as connection:
        limit(connection, 0.3)
        with frozen(connection.scalar(PROCESS)):
            with pytest.raises(OperationalError, match="timeout expired"):
                connection.execute(text("SELECT 1"))
            assert connection.invalidated
            with server.connect() as another:
                assert another.scalar(text("SELECT 1")) == 1


def test_one_that_stood_still_while_it_rested_is_given_up_before_it_is_asked(
    server: Engine,
) -> None:
    with server.connect() as connection:
        process = connection.scalar(PROCESS)
    time.sleep(TRUSTED_SECONDS)
    with frozen(process), server.connect() as another:
        assert another.scalar(PROCESS) != process


def asleep(server: Engine) -> int:
    """How many statements sleep in the database."""
    active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE :sleep"
    with server.connect() as connection:
        return int(connection.scalar(text(active), {"sleep": "SELECT pg_sleep(%"}) or 0)


def test_a_statement_that_takes_too_long_ends_in_the_database_as_well(server: Engine) -> None:
    with server.connect() as connection:
        limit(connection, 0.3)
        with pytest.raises(OperationalError, match="timeout expired"):
            connection.execute(text("SELECT pg_sleep(300)"))
    wait_for(lambda: not asleep(server), 20, "it ended")


def test_so_does_that_of_a_job_whose_time_is_over(server: Engine) -> None:
    with (
        server.connect() as connection,
        pytest.raises(JobTimeoutException),
        UnixSignalDeathPenalty(1, JobTimeoutException),
    ):
        connection.execute(text("SELECT pg_sleep(300)"))
    wait_for(lambda: not asleep(server), 20, "it ended")


def test_what_the_database_refuses_ends_no_connection(server: Engine) -> None:
    with server.connect() as connection:
        process = connection.scalar(PROCESS)
        with pytest.raises(OperationalError):
            connection.execute(text("DO $$ BEGIN RAISE 'full' USING ERRCODE = '53100'; END $$"))
        assert connection.scalar(PROCESS) == process


def test_a_web_server_waits_for_so_long_and_others_as_long_as_they_may(
    postgresql_url: str, tmp_path: Path
) -> None:
    site = create_app(load_config({"DATABASE_URL": postgresql_url, "INSTANCE_DIR": str(tmp_path)}))

    def seconds() -> float | None:
        with site.app_context():
            driver: Any = db.session.connection().connection.driver_connection
            return driver.seconds

    assert seconds() is None
    for make in site.extensions["before_fork"]:
        make()
    assert seconds() == STATEMENT_SECONDS
    time.sleep(TRUSTED_SECONDS)
    assert seconds() == STATEMENT_SECONDS
    let_go(site)


def test_time_limits_of_the_address_come_first() -> None:
    limits = engine_options("postgresql+psycopg://x@host/x?tcp_user_timeout=60000")["connect_args"]
    assert "tcp_user_timeout" not in limits
    assert "keepalives_idle" in limits


def test_a_database_that_is_away_is_a_503(tmp_path: Path) -> None:
    settings = {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}
    site = create_app(load_config(settings))
    for address in ("/api/v1/lists", "/lists"):
        answer = site.test_client().get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), address
        assert "database is not answering" in answer.text
    let_go(site)


def test_tables_that_are_older_than_the_code_are_a_fault_and_no_absence(tmp_path: Path) -> None:
    site = create_app(load_config({"INSTANCE_DIR": str(tmp_path)}))
    with site.app_context():
        upgrade(revision="0001")
    answer = site.test_client().get("/api/v1/lists")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
    let_go(site)


def test_a_database_that_somebody_holds_is_a_503(tmp_path: Path) -> None:
    site = create_app(load_config({"INSTANCE_DIR": str(tmp_path)}))
    with site.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "moviesite.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        answer = site.test_client().get("/api/v1/lists")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    let_go(site)
