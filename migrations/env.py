"""Runs migrations inside the application's own database settings."""

from typing import Any

import click
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from moviesite.config import current_config
from moviesite.database import WRITING
from moviesite.extensions import db

# Search indexes are written by hand in the migrations, a different kind for each database.
SEARCH_PREFIX = "movie_search"


def include_object(_object: Any, name: str | None, *_: Any) -> bool:
    """Leave the hand-written search tables and indexes out of comparisons."""
    return not (name or "").startswith(SEARCH_PREFIX)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types into new migrations by their plain equivalents."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def upgrade_under_lock(connection: Connection) -> None:
    """Migrate in one transaction.

    PostgreSQL gives up a lock that it cannot have soon, and undoes everything: behind a migration
    that waits for a long reader every other statement on that table would wait as well.
    """
    if connection.dialect.name == "postgresql":
        # Two processes that start together migrate one after the other, however long that takes.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7040815)")
        seconds = current_config().migration_lock_seconds
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{seconds}s'")
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=include_object,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def connected() -> Connection:
    """A connection that writes; the command ends with a sentence where there is none."""
    try:
        return db.engine.connect().execution_options(**WRITING[db.engine.dialect.name])
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be used: {error.orig}") from error


with connected() as connection, connection.begin():
    upgrade_under_lock(connection)
