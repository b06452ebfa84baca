"""Sites of a test's own, over a database of their own. Knows no page and no browser."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask
from flask_migrate import upgrade

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db


@contextmanager
def own_site(settings: Mapping[str, str]) -> Iterator[Flask]:
    """The application with these settings and all of its tables; inside no context of it."""
    site = create_app(load_config(settings))
    site.testing = True
    with site.app_context():
        upgrade()
    try:
        yield site
    finally:
        let_go(site)


def let_go(site: Flask) -> None:
    """Give back what the site holds of its database."""
    with site.app_context():
        db.session.remove()
        db.engine.dispose()
