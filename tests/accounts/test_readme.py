"""The README's script of the accounts' API does what it says, run as it is written."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Session, User
from tests.browsing import serving
from tests.readme import answers_of
from tests.servers import free_port


@pytest.fixture
def api(app: Flask, settings: dict[str, str]) -> Iterator[str]:
    """Where the API listens."""
    port = free_port()
    site = create_app(load_config({**settings, "PORT": str(port)}))
    with serving(site, port) as address:
        yield f"{address}/api/v1"
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_script_walks_through_an_account(api: str) -> None:
    registered, me, sessions, verified, changed = answers_of("### Accounts by API", api)
    assert {"access", "refresh"} <= registered.keys()
    assert me["email"] == "you@example.org"
    assert sessions["count"] == 2
    assert verified == {}
    assert changed["time_zone"] == "Europe/Berlin"
    db.session.rollback()
    assert db.session.scalars(select(User.username)).all() == ["you"]
    live = select(func.count()).select_from(Session).where(Session.ended_at.is_(None))
    assert db.session.scalar(live) == 1, "the session of the token that signed out is over"
