"""The page for wishes in a real browser: a model that answers, and one that fails in every way."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import cache, db
from moviesite.models import User
from tests import model_server
from tests.conftest import absent
from tests.model_server import KEY, Act, ModelServer, answer, error, films, message
from tests.people import signed_in_browser
from tests.processes.conftest import QUIET
from tests.servers import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("tiers"),
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

WISH = "comedies that bend the mind"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
GIVEN_BACK = "Nothing was taken from your day."
Opening = Callable[..., Page]


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_said: Any) -> None:
        """No line for a request."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        absent("chromium", "apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def source() -> Iterator[ModelServer]:
    with model_server.model_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(settings: dict[str, str], source: ModelServer) -> Iterator[tuple[Flask, str]]:
    """A running site with a model, and its address."""
    port = free_port()
    changes = {"PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"}
    model = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": source.url}
    site = create_app(load_config({**settings, **changes, **model}))
    server = make_server("127.0.0.1", port, site, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield site, changes["BASE_URL"]
    server.shutdown()
    thread.join()
    server.server_close()
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def opened(
    app: Flask, house: tuple[Flask, str], chromium: Browser, ada: User, source: ModelServer
) -> Iterator[Opening]:
    """Opens a wish as Ada in a window of some kind; every complaint of a page fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    source.told.clear()
    source.plays(films(("Inception", 2010, 97), ("The Dark Knight", 2008, 80)))
    house[0].extensions["adviser"].gate.passed()
    with house[0].app_context():
        cache.clear()

    def note(page: Page) -> None:
        page.on("pageerror", lambda fault: complaints.append(f"{page.url}: {fault}"))
        page.on("console", heard)

    def heard(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(said.text)

    def open_wish(**options: Any) -> Page:
        context = chromium.new_context(base_url=house[1], **{"viewport": DESK, **options})
        contexts.append(context)
        context.on("page", note)
        cookie = signed_in_browser(app, ada).get_cookie("session")
        assert cookie
        context.add_cookies([{"name": "session", "value": cookie.value, "url": house[1]}])
        page = context.new_page()
        page.goto(f"/ask?q={WISH}")
        return page

    yield open_wish
    for context in contexts:
        context.close()
    assert complaints == []


def press(page: Page) -> None:
    page.get_by_role("button", name="Ask the model").press("Enter")


def test_a_model_names_films_below_the_same_question(opened: Opening) -> None:
    page = opened()
    expect(page.locator(".engine__title")).to_have_text("Found by rules")
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model calls left today.")
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Named by a model")
    expect(page.locator(".engine__left")).to_have_text("2 of 3 model calls left today.")
    expect(page.locator(".card__title")).to_have_text(["Inception", "The Dark Knight"])
    expect(page).to_have_url(f"/ask?q={WISH.replace(' ', '+')}&by=model")
    expect(page.locator("#wish")).to_have_value(WISH)


def test_going_back_and_loading_again_cost_nothing(opened: Opening, source: ModelServer) -> None:
    page = opened()
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Named by a model")
    page.reload()
    expect(page.locator(".engine__title")).to_have_text("Named by a model")
    page.go_back()
    expect(page.locator(".engine__title")).to_have_text("Found by rules")
    expect(page.locator(".engine__left")).to_have_text("2 of 3 model calls left today.")
    page.go_forward()
    expect(page.locator(".engine__title")).to_have_text("Named by a model")
    assert len(source.told) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (error(429, "rate_limit_error"), "The model has too much to do at the moment"),
        (error(529, "overloaded_error"), "The model has too much to do at the moment"),
        (error(500, "api_error"), "The model could not be reached"),
        (model_server.hang_up, "The model could not be reached"),
        (answer(message(stop_reason="refusal")), "The model would not answer this"),
        (answer(message(text="{", stop_reason="max_tokens")), "answer broke off before its end"),
        (answer(b"<h1>Hello</h1>", content_type="text/html"), "answer could not be read"),
        (answer(message(text="Watch something nice.")), "answer could not be read"),
        (films(("The Utterly Invented Picture", 1999, 9)), "no film that is known here"),
    ],
)
def test_each_failure_is_said_and_rules_answer(
    opened: Opening, source: ModelServer, act: Act, words: str, script: bool
) -> None:
    page = opened(java_script_enabled=script)
    source.plays(act)
    press(page)
    expect(page.locator(".engine__why")).to_contain_text(words)
    expect(page.locator(".engine__why")).to_contain_text(GIVEN_BACK)
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model calls left today.")
    expect(page.get_by_role("button", name="Ask the model again")).to_be_visible()
    expect(page.locator(".card__title").first).to_be_visible()


def test_a_model_that_is_silent_for_eight_seconds_is_said_to_be_slow(
    opened: Opening, source: ModelServer
) -> None:
    page = opened(viewport=PHONE)
    source.plays(model_server.silent)
    press(page)
    expect(page.locator(".engine__why")).to_contain_text("took longer than eight seconds")
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model calls left today.")


def test_after_the_last_call_of_the_day_there_is_no_button(opened: Opening) -> None:
    page = opened(viewport=PHONE)
    for turn in range(3):
        page.goto(f"/ask?q=comedies {turn}")
        press(page)
        expect(page.locator(".engine__title")).to_have_text("Named by a model")
    page.goto(f"/ask?q={WISH}")
    words = "0 of 3 model calls left today; more from midnight UTC."
    expect(page.locator(".engine__left")).to_have_text(words)
    expect(page.get_by_role("button", name="Ask the model")).to_have_count(0)


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_answers_fit_their_window(opened: Opening, size: dict[str, int], mood: str) -> None:
    page = opened(viewport=size, color_scheme=mood)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Named by a model")
    assert page.evaluate(fits)
