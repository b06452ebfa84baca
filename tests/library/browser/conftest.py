"""The site in a real Chromium, with Ada signed in; every complaint of a page fails the test."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from moviesite.accounts import session_service
from moviesite.catalogue import seeding
from moviesite.extensions import db
from moviesite.models import User
from tests import people
from tests.conftest import absent, empty_tables
from tests.fuller import fuller_app
from tests.processes.conftest import QUIET

CHROMIUM = Path("/usr/bin/chromium")
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
# Reports of the content security policy, and whether something foreign was run.
WATCH = """
  window.reports = []; window.hits = 0; window.hit = () => { window.hits += 1 };
  addEventListener('securitypolicyviolation', e => window.reports.push(e.violatedDirective));
"""
# A form that is sent back is an answer of 4xx, which Chromium notes.
REFUSED = "Failed to load resource: the server responded with a status of 4"

Opening = Callable[..., Page]


class Quiet(WSGIRequestHandler):
    """Writes no line for a request."""

    def log_request(self, *_said: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A running site whose catalogue is stored, and its address."""
    if not CHROMIUM.is_file():
        absent("chromium", "apt install chromium")
    app = fuller_app(tmp_path_factory.mktemp("library"))
    with app.app_context():
        upgrade()
        seeding.seed_demo()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()
    with app.app_context():
        empty_tables()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


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
) -> Iterator[Opening]:
    """Opens a page as Ada in a window of some kind."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    base = house[1]

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(base_url=base, **{**DESK, **options})
        if options.get("java_script_enabled", True):
            context.add_init_script(WATCH)
        contexts.append(context)
        context.add_cookies([{"name": "session", "value": cookie_of(site, ada_here), "url": base}])
        page = context.new_page()
        listen(page, complaints)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def cookie_of(site: Flask, user: User) -> str:
    """The signed cookie of a new session."""
    secret = session_service.open_browser(user, people.DEVICE)
    signer: Any = site.session_interface
    serializer = signer.get_signing_serializer(site)
    return str(serializer.dumps({"_user_id": secret, "_permanent": True}))


def listen(page: Page, complaints: list[str]) -> None:
    """Note what goes wrong on a page, and every dialog that opens."""

    def dialog(opened: Any) -> None:
        complaints.append(f"{page.url}: dialog {opened.message}")
        opened.dismiss()

    page.on("dialog", dialog)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if said.type in ("error", "warning") and not said.text.startswith(REFUSED)
            else None
        ),
    )
