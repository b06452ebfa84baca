"""Real browsers make the address of a calendar: by pointer, by keyboard, without script."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from moviesite import clock
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import service
from moviesite.models import User
from tests import factories
from tests.browsing import DESK, OpenPage, check_usable
from tests.library.browser.conftest import PHONE

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(autouse=True)
def awaited(site: Flask, ada_here: User) -> None:
    """A film on Ada's watchlist that is to come."""
    soon = clock.now().date() + dt.timedelta(days=20)
    catalogue.store_movies([factories.movie(2001, "Rain in May", release_date=soon)])
    service.keep_on_watchlist(ada_here, 2001)


def address_on(page: Page) -> str:
    """The path of the address that the page shows."""
    return urlsplit(page.get_by_label("Calendar address", exact=True).input_value()).path


def shown_at(site: Flask, path: str) -> str | None:
    """What a calendar app gets there; None where there is nothing."""
    db.session.rollback()  # what was read before is not what is there now
    answer = site.test_client().get(path)
    return answer.text if answer.status_code == 200 else None


def test_an_address_is_made_copied_renewed_and_removed(opened: OpenPage, site: Flask) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/watchlist")
    opener = page.get_by_role("link", name="Add to calendar")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Release calendar")
    expect(dialog).to_contain_text("1 film is still to come. Next: Rain in May")
    make = dialog.get_by_role("button", name="Create calendar address")
    make.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("Your calendar address is ready.")
    field = dialog.get_by_label("Calendar address", exact=True)
    expect(field).to_be_focused()
    first = address_on(page)
    assert "Rain in May" in (shown_at(site, first) or "")
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert urlsplit(page.evaluate("navigator.clipboard.readText()")).path == first
    opens = dialog.get_by_role("link", name="Open in calendar app")
    assert (opens.get_attribute("href") or "").startswith("webcal://127.0.0.1:")
    dialog.get_by_text("Replace or remove this address").click()
    dialog.get_by_role("button", name="Create new address").click()
    expect(dialog.get_by_role("status")).to_contain_text("The old one no longer works.")
    second = address_on(page)
    assert (shown_at(site, first), second != first) == (None, True)
    assert "Rain in May" in (shown_at(site, second) or "")
    dialog.get_by_text("Replace or remove this address").click()
    dialog.get_by_role("button", name="Remove address").click()
    expect(make).to_be_focused()
    assert shown_at(site, second) is None
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_everything_works_without_script(opened: OpenPage, site: Flask) -> None:
    page = opened(java_script_enabled=False)
    page.goto("/watchlist")
    page.get_by_role("link", name="Add to calendar").click()
    page.get_by_role("button", name="Create calendar address").click()
    expect(page.get_by_text("Your calendar address is ready.")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    path = address_on(page)
    assert "Rain in May" in (shown_at(site, path) or "")
    page.get_by_text("Replace or remove this address").click()
    page.get_by_role("button", name="Remove address").click()
    expect(page.get_by_role("button", name="Create calendar address")).to_be_visible()
    assert shown_at(site, path) is None


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, {"viewport": DESK}, NARROW], ids=["phone", "desk", "320"])
def test_it_fits_and_breaks_no_rule(opened: OpenPage, size: dict[str, object], mood: str) -> None:
    page = opened(**size, color_scheme=mood)
    page.goto("/watchlist/calendar")
    check_usable(page)
    page.get_by_role("button", name="Create calendar address").click()
    page.get_by_text("QR code").click()
    page.get_by_text("Replace or remove this address").click()
    check_usable(page)
    page.goto("/watchlist")
    page.get_by_role("link", name="Add to calendar").click()
    expect(page.get_by_role("dialog").get_by_label("Calendar address", exact=True)).to_be_visible()
    check_usable(page)
