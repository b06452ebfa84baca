"""The tables that migrations make are the tables that the models describe."""

from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db, migrate


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
        heads = ScriptDirectory.from_config(migrate.get_config()).get_heads()
        assert len(heads) == 1
        upgrade()
        check()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        db.engine.dispose()
    assert left <= {"alembic_version"}


def test_migrations_are_numbered_in_their_order() -> None:
    folder = Path(__file__).parent.parent / "migrations" / "versions"
    numbers = [int(path.name.partition("_")[0]) for path in sorted(folder.glob("*.py"))]
    assert numbers == list(range(1, len(numbers) + 1))
