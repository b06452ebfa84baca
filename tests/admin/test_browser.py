"""The administration in a real browser: on a phone and a desk, by keyboard, without script."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from moviesite.admin import movie_service, term_service, user_service
from moviesite.admin.term_queries import GENRES
from moviesite.app import create_app
from moviesite.catalogue import remembering, service
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.lists import service as lists
from moviesite.models import User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.conftest import absent
from tests.people import PASSWORD, signed_in_browser
from tests.processes.conftest import QUIET
from tests.servers import free_port

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
INCEPTION = 27205
# A form that is sent back is an answer of 4xx, which Chromium notes.
REFUSED = "Failed to load resource: the server responded with a status of 4"
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
def address(settings: dict[str, str]) -> Iterator[str]:
    """Where the site listens."""
    port = free_port()
    changes = {"PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"}
    site = create_app(load_config({**settings, **changes}))
    server = make_server("127.0.0.1", port, site, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(5)
    server.server_close()
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def opened(app: Flask, cleo: User, chromium: Browser, address: str) -> Iterator[Opening]:
    """Opens Cleo's browser; every complaint of a page fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{page.url}: {said.text}")
                if said.type in ("error", "warning") and not said.text.startswith(REFUSED)
                else None
            ),
        )

    def open_browser(**options: Any) -> Page:
        context = chromium.new_context(base_url=address, **{"viewport": DESK, **options})
        context.on("page", note)
        carried = signed_in_browser(app, cleo).get_cookie("session")
        assert carried is not None
        context.add_cookies([{"name": "session", "value": carried.value, "url": address}])
        contexts.append(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    db.session.rollback()
    assert complaints == []


@pytest.fixture
def stocked(app: Flask, ada: User, ben: User, cleo: User) -> User:
    """Something on every page of the administration; Ada, whose account is looked at."""
    remembering.sync(INCEPTION)
    service.store_movies([factories.movie(number, f"Film {number}") for number in range(1, 9)])
    movie_service.edit(cleo, INCEPTION, {"title": "Nested dreams", "runtime": 149})
    term_service.add(cleo, GENRES, "Noir")
    written = reviews.write_review(ada, INCEPTION, ReviewInput(4, "The top falls. " * 20))
    reviews.report_review(ben, written.uuid, "Tells the end")
    lists.create(ada, "Nights of rain and long titles", visibility="public", movie_ids=[INCEPTION])
    user_service.edit(cleo, ben.uuid, {"is_active": False})
    return ada


def addresses(ada: User) -> list[str]:
    """Every page of the administration."""
    film, account = f"/admin/movies/{INCEPTION}", f"/admin/users/{ada.uuid}"
    return [
        *("/admin", "/admin/movies", "/admin/movies?show=changed", film, "/admin/genres"),
        *("/admin/genres/1000000000", "/admin/keywords", "/admin/users", account, "/admin/tiers"),
        *("/admin/lists", "/admin/reviews", "/admin/cache", "/admin/audit"),
        *(f"{film}/remove", f"{account}/close", "/admin/genres/1000000000/remove"),
    ]


def show_who(page: Page, wanted: str) -> None:
    """Confirm the session on the way to a page."""
    page.goto(wanted)
    page.locator("#again-password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(wanted if "://" in wanted else f"{page_base(page)}{wanted}")


def page_base(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits(opened: Opening, stocked: User, size: dict[str, int]) -> None:
    page = opened(viewport=size)
    show_who(page, f"/admin/movies/{INCEPTION}/remove")
    for wanted in addresses(stocked):
        page.goto(wanted)
        expect(page.locator("h1")).to_have_count(1)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, wanted


def test_a_film_is_edited_put_back_and_removed_without_script(
    opened: Opening, stocked: User
) -> None:
    page = opened(java_script_enabled=False, viewport=PHONE)
    page.goto("/admin")
    page.locator(".admin__fold > summary").click()
    page.locator(".admin__fold").get_by_role("link", name="Films").click()
    page.get_by_label("Title, words or id").fill("nested dreams")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Nested dreams").click()
    page.get_by_label("Tagline").fill("Dream on")
    page.get_by_label("Tagline").press("Enter")
    expect(page.locator(".said")).to_contain_text("Saved")
    expect(page.get_by_label("Tagline")).to_have_value("Dream on")
    page.get_by_role("button", name="Put back Title", exact=True).click()
    expect(page.locator("h1")).to_have_text("Inception")
    expect(page.get_by_label("Tagline")).to_have_value("Dream on")
    page.get_by_role("link", name="Remove…").click()
    page.locator("#again-password").fill("not this one")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[role=alert]")).to_contain_text("not your present password")
    page.locator("#again-password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".notice")).to_contain_text("Ratings and reviews: 1")
    page.get_by_role("button", name="Remove the film").click()
    expect(page.locator(".said")).to_contain_text("is removed")
    page.get_by_role("button", name="Let in again").click()
    expect(page.locator(".said")).to_contain_text("let in again")


def test_every_stop_of_the_tab_key_can_be_seen(opened: Opening, stocked: User) -> None:
    page = opened()
    page.goto("/admin/users")
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const here = document.activeElement
              const { outlineStyle, outlineWidth } = getComputedStyle(here)
              return { name: here.outerHTML.slice(0, 90), place: here.tagName,
                ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 }
            }"""
        )
        if stop["place"] == "BODY":
            break
        assert stop["ringed"], stop["name"]
        stops += 1
    assert stops > 25
