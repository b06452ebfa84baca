"""What each database is asked in its own way."""

import time

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from moviesite.catalogue import queries, service
from moviesite.database import TRUSTED_SECONDS, one_of
from moviesite.extensions import db
from moviesite.models import Movie
from tests import factories


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_any_number_of_ids_is_one_parameter(app: Flask, count: int) -> None:
    service.store_movies([factories.movie(number, f"Film {number}") for number in (1, 2, 5)])
    ids = range(1, count + 1)
    statement = select(Movie.id).where(one_of(Movie.id, ids))
    assert sorted(db.session.scalars(statement)) == [one for one in (1, 2, 5) if one in ids]
    compiled = statement.compile(db.engine)
    assert [name for name in compiled.params if name.startswith("param")] == ["param_1"]


def test_ids_may_be_given_when_the_statement_is_run(app: Flask) -> None:
    service.store_movies([factories.movie(7, "Seven")])
    assert queries.stored_among({7, 8}) == {7}
    assert queries.stored_among([]) == set()


def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(select(1)) == 1  # There is no server.
        return
    mine = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    others = create_engine(db.engine.url)
    with others.connect() as other:
        assert other.scalar(text(f"SELECT pg_terminate_backend({mine})")) is True
    others.dispose()
    time.sleep(TRUSTED_SECONDS)
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != mine
