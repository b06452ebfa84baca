"""The tables that migrations make are the tables that the models describe."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from moviesite import migrating
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db


@pytest.fixture
def empty_database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without any table."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = str(request.getfixturevalue("postgresql_url"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty")
        connection.execute("CREATE DATABASE empty")
    return server.replace("/postgres", "/empty")


def test_migrations_build_what_the_models_describe(empty_database: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": empty_database, "INSTANCE_DIR": str(tmp_path)}
    app = create_app(load_config(settings))
    with app.app_context():
        bound = app.extensions["migrate"].migrate
        assert ScriptDirectory.from_config(bound.get_config()).get_heads() == [migrating.newest()]
        upgrade()
        check()
        assert migrating.present() == migrating.newest()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        db.session.remove()
        db.engine.dispose()
    assert left <= {"alembic_version"}


def test_migrations_are_numbered_in_their_order() -> None:
    folder = Path(__file__).parent.parent / "migrations" / "versions"
    numbers = [int(path.name.partition("_")[0]) for path in sorted(folder.glob("*.py"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_migration_gives_up_a_lock_it_cannot_have_and_changes_nothing(
    postgresql_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS locked")
        connection.execute("CREATE DATABASE locked")
    address = postgresql_url.replace("/postgres", "/locked")
    settings = {"DATABASE_URL": address, "INSTANCE_DIR": str(tmp_path)}
    app = create_app(load_config({**settings, "MIGRATION_LOCK_SECONDS": "1"}))
    with app.app_context(), psycopg.connect(address) as reader:
        upgrade(revision="0001")
        reader.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        with pytest.raises(OperationalError, match="lock timeout"):
            upgrade()
        assert time.monotonic() - began < 10
        reader.rollback()
        assert reader.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        reader.rollback()
        upgrade()
        db.session.remove()
        db.engine.dispose()


def test_a_second_migration_waits_for_the_first_for_longer_than_for_a_table(
    postgresql_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": postgresql_url, "INSTANCE_DIR": str(tmp_path)}
    app = create_app(load_config({**settings, "MIGRATION_LOCK_SECONDS": "1"}))
    with app.app_context(), psycopg.connect(postgresql_url) as first:
        first.execute("SELECT pg_advisory_xact_lock(7040815)")
        releasing = threading.Timer(2.5, first.rollback)
        releasing.start()
        upgrade()
        releasing.join()
        db.session.remove()
        db.engine.dispose()


def test_a_web_server_does_without_alembic(tmp_path: Path) -> None:
    """It is a tenth of a start, and megabytes of every process."""
    program = (
        "import sys, moviesite.app as site; app = site.create_app(); "
        "app.test_client().get('/health/ready'); print('alembic' in sys.modules)"
    )
    env = {**os.environ, "INSTANCE_DIR": str(tmp_path)}
    asked = [sys.executable, "-c", program]
    said = subprocess.run(asked, env=env, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False"]
