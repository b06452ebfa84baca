"""A real Chromium, and sites on ports of their own for it to visit. Knows no page."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import User
from tests.conftest import absent
from tests.people import signed_in_browser
from tests.servers import free_port
from tests.sites import let_go

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# A form that is sent back is an answer of 4xx, which Chromium notes.
REFUSED = "Failed to load resource: the server responded with a status of 4"
# Chromium asks nobody but the site.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

OpenPage = Callable[..., Page]
OpenWindow = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium, started once for a file.

    Not once for a run: as long as it lives, its thread counts as one that runs an event loop,
    which whatever else wants a loop of its own would trip over.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        absent("chromium", "apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(settings: dict[str, str]) -> Iterator[str]:
    """Where the site listens."""
    with running(settings) as (_, address):
        yield address


@pytest.fixture
def refused() -> str:
    """What pages may note in their console; a file that expects less says so."""
    return REFUSED


@pytest.fixture
def opened(app: Flask, chromium: Browser, address: str, refused: str) -> Iterator[OpenPage]:
    """Opens browsers of their own, somebody's or a stranger's; every complaint fails the test."""

    def open_browser(user: User | None = None, **options: Any) -> Page:
        return open_window(user and session_cookie(app, user), **options).new_page()

    with windows(chromium, address, expected=refused) as open_window:
        yield open_browser
    db.session.rollback()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_said: Any) -> None:
        """No line for a request."""


@contextmanager
def serving(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """An application at a port of 127.0.0.1, 0 for any; yields its address."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@contextmanager
def running(settings: dict[str, str], **changes: str) -> Iterator[tuple[Flask, str]]:
    """A site that knows where it listens; yields it and its address."""
    port = free_port()
    place = {"PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"}
    site = create_app(load_config({**settings, **place, **changes}))
    with serving(site, port) as address:
        yield site, address
    let_go(site)


def session_cookie(app: Flask, user: User) -> str:
    """What a browser carries in which somebody has just signed in."""
    carried = signed_in_browser(app, user).get_cookie("session")
    assert carried is not None
    return carried.value


@contextmanager
def windows(
    chromium: Browser, address: str, *, expected: str | None = None, watch: str = ""
) -> Iterator[OpenWindow]:
    """Opens windows, each a browser of its own; complaints but the `expected` fail the test.

    `watch` is a script that runs before those of each page, where scripts run at all.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(cookie: str | None = None, **options: Any) -> BrowserContext:
        context = chromium.new_context(base_url=address, **{"viewport": DESK, **options})
        contexts.append(context)
        context.on("page", lambda page: listen(page, complaints, expected))
        if watch and options.get("java_script_enabled", True):
            context.add_init_script(watch)
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        return context

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page: Page, complaints: list[str], expected: str | None = None) -> None:
    """Note what goes wrong on a page, and every dialog that opens."""

    def heard(said: ConsoleMessage) -> None:
        if said.type not in ("error", "warning"):
            return
        if expected is None or expected not in said.text:
            complaints.append(f"{page.url}: {said.text}")

    def dialog(opened: Any) -> None:
        complaints.append(f"{page.url}: dialog {opened.message}")
        opened.dismiss()

    page.on("console", heard)
    page.on("dialog", dialog)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


def check_usable(page: Page) -> None:
    """The page is no wider than its window, and axe finds nothing that keeps anybody out.

    Its scripts must run: axe is one, and would be waited for in vain.
    """
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, (page.url, wide)
    found = Axe().run(page).response["violations"]
    broken = [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
    assert broken == [], page.url
