"""The site in a real Chromium, with Ada signed in; every complaint of a page fails the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page

from moviesite.catalogue import seeding
from moviesite.extensions import db
from moviesite.models import User
from tests import people
from tests.browsing import REFUSED, OpenPage, serving, session_cookie, windows
from tests.conftest import empty_tables
from tests.fuller import fuller_app
from tests.sites import let_go

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
# Reports of the content security policy, and whether something foreign was run.
WATCH = """
  window.reports = []; window.hits = 0; window.hit = () => { window.hits += 1 };
  addEventListener('securitypolicyviolation', e => window.reports.push(e.violatedDirective));
"""


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A running site whose catalogue is stored, and its address."""
    app = fuller_app(tmp_path_factory.mktemp("library"))
    with app.app_context():
        upgrade()
        seeding.seed_demo()
    with serving(app) as address:
        yield app, address
    with app.app_context():
        empty_tables()
    let_go(app)


@pytest.fixture
def site(house: tuple[Flask, str]) -> Iterator[Flask]:
    """The site, inside its context; people and what they have are gone afterwards."""
    app, _ = house
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.execute(User.__table__.delete())
        db.session.commit()


@pytest.fixture
def ada_here(site: Flask) -> User:
    """Somebody with an account."""
    return people.join("ada")


@pytest.fixture
def opened(
    house: tuple[Flask, str], site: Flask, ada_here: User, chromium: Browser
) -> Iterator[OpenPage]:
    """Opens a page as Ada in a window of some kind."""

    def open_page(**options: Any) -> Page:
        return open_window(session_cookie(site, ada_here), **options).new_page()

    with windows(chromium, house[1], expected=REFUSED, watch=WATCH) as open_window:
        yield open_page
