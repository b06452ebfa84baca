"""Binds Flask-Migrate, and says how far migrations go. Changes no table itself.

Flask-Migrate and alembic are loaded by those who migrate alone: a web server never does, and they
would be a tenth of its start and eight megabytes.
"""

from functools import partial
from importlib import import_module
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect, text
from werkzeug.local import LocalProxy

from moviesite.database import MIGRATIONS
from moviesite.extensions import db


class _Commands(click.Command):
    """Stands for `flask db` until that is used."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """That of Flask-Migrate's own group."""
        context: click.Context = import_module("flask_migrate.cli").db.make_context(*args, **kwargs)
        return context


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.cli.add_command(_Commands("db", help="Perform database migrations."))
    app.extensions["migrate"] = LocalProxy(partial(_bound, app))


def _bound(app: Flask) -> Any:
    # Puts its own settings into the place of the proxy.
    import_module("flask_migrate").Migrate(app, db, directory=MIGRATIONS)
    return app.extensions["migrate"]


def newest() -> str:
    """The newest migration that this code brings; migrations are one line, in order of name."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def present() -> str | None:
    """The newest migration that the database has had: one statement."""
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def are_tables_there() -> bool:
    """Whether the database has had any migration."""
    return inspect(db.engine).has_table("alembic_version")
