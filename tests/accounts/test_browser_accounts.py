"""A real Chromium opens an account, comes back to it and leaves, with and without JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from moviesite.accounts import queries
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.extensions import db
from moviesite.models import User
from moviesite.transactions import transactional
from tests.browsing import DESK, PHONE, REFUSED, check_usable, windows
from tests.people import PASSWORD, join

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

ADDRESS = "ada@example.org"
NEW_PASSWORD = "a long walk home"
SIZES = {"phone": PHONE, "desk": DESK}


@pytest.fixture(params=["phone, script", "desk, script", "phone, no script"])
def page(
    app: Flask, chromium: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A fresh browser on an empty site; every complaint of it fails the test."""
    size, _, script = str(request.param).partition(", ")
    with windows(chromium, address, expected=REFUSED) as open_window:
        window = open_window(viewport=SIZES[size], java_script_enabled=script == "script")
        yield window.new_page()


def password(page: Page, label: str = "Password") -> Any:
    return page.get_by_label(label, exact=True)


def open_account(page: Page) -> User:
    page.goto("/about")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create account").click()
    page.get_by_label("Email address").fill(ADDRESS)
    password(page).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/about")
    db.session.rollback()
    user = queries.user_by_email(ADDRESS)
    assert user is not None
    return user


def part(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def test_from_the_first_day_to_the_last(page: Page) -> None:
    user = open_account(page)
    token = issue_token(user, Purpose.VERIFY_EMAIL)
    page.goto(f"/verify-email?token={token}")
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("Your email address is confirmed.")).to_be_visible()

    page.locator(".whoami summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email address or username").fill("ada")
    password(page).fill("a wrong one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#sign-in-trouble")).to_be_focused()
    expect(page.get_by_label("Email address or username")).to_have_value("ada")
    expect(password(page)).to_have_value("")
    password(page).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.endswith("/"))

    page.locator(".whoami summary").click()
    page.get_by_role("link", name="Your account").click()
    profile = part(page, "Profile")
    profile.get_by_label("Username").fill("two words")
    profile.get_by_role("button", name="Save profile").click()
    expect(page.locator("#profile-trouble")).to_be_focused()
    page.get_by_label("Username").fill("ada.l")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    profile.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")

    leaving = part(page, "Delete account")
    leaving.get_by_label("Current password", exact=True).fill(PASSWORD)
    leaving.get_by_label("Yes, delete everything").check()
    leaving.get_by_role("button", name="Delete account").click()
    expect(page.get_by_text("Your account and everything in it have been deleted.")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    db.session.rollback()
    assert queries.user_by_email(ADDRESS) is None


def test_a_password_is_shown_and_hidden_by_a_button_that_says_which(
    chromium: Browser, address: str
) -> None:
    with windows(chromium, address) as open_window:
        page = open_window().new_page()
        page.goto("/sign-in")
        password(page).fill(PASSWORD)
        page.get_by_role("button", name="Show password", exact=True).press("Enter")
        expect(password(page)).to_have_attribute("type", "text")
        button = page.get_by_role("button", name="Hide password", exact=True)
        expect(button).to_be_focused()
        assert button.get_attribute("aria-pressed") is None, "which would turn the name around"
        button.press("Enter")
        expect(password(page)).to_have_attribute("type", "password")
        expect(page.get_by_role("button", name="Show password", exact=True)).to_be_visible()


def test_a_lost_password_is_replaced(page: Page) -> None:
    user = join("ada")
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("If this address has an account")).to_be_visible()
    page.goto(f"/reset-password?token={issue_token(user, Purpose.RESET_PASSWORD)}")
    password(page, "New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    page.get_by_label("Email address or username").fill(ADDRESS)
    password(page).fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".whoami summary")).to_be_visible()


def test_an_address_moves_once_the_new_one_is_confirmed(page: Page) -> None:
    user = open_account(page)
    page.goto("/account")
    for turn in range(2):
        moving = part(page, "Email address")
        moving.get_by_label("New email address").fill("ada@new.example")
        moving.get_by_label("Current password", exact=True).fill(PASSWORD)
        moving.get_by_role("button", name="Change email address").click()
        expect(page.get_by_role("heading", name="Confirm your new email address")).to_be_visible()
        if turn == 0:
            page.get_by_role("button", name="Keep the old address").click()
            expect(page.get_by_text("Your email address was not changed.")).to_be_visible()
    page.get_by_role("button", name="Send another link").click()
    expect(page.get_by_text("A new link is on its way to you.")).to_be_visible()
    db.session.rollback()
    db.session.refresh(user)
    page.goto(f"/verify-email?token={issue_token(user, Purpose.CHANGE_EMAIL)}")
    page.get_by_role("button", name="Confirm my address").click()
    expect(
        part(page, "Email address").get_by_text("ada@new.example, which is confirmed")
    ).to_be_visible()
    page.goto("/account/address")
    page.wait_for_url("**/account")


def test_services_are_chosen_and_discover_keeps_to_them(page: Page) -> None:
    open_account(page)
    page.goto("/account")
    stock = page.get_by_role("group", name="Where you can watch")
    stock.get_by_label("Demo Free").check()
    page.get_by_label("Country").select_option("DE")
    expect(stock.get_by_label("Demo Free")).to_be_checked()
    part(page, "Profile").get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(stock.get_by_label("Demo Free")).to_be_checked()
    expect(stock.get_by_label("Demo Store")).not_to_be_checked()
    page.goto("/discover")
    address = page.get_by_role("link", name="Only my services", include_hidden=True).get_attribute(
        "href"
    )
    assert address is not None
    page.goto(address)
    assert "watch_region=DE" in page.url
    ticked = page.locator("input[name=with_watch_providers]:checked")
    expect(ticked).to_have_count(1)


def test_a_long_list_of_services_is_sifted(page: Page) -> None:
    open_account(page)
    page.goto("/account")
    rows = page.locator("#profile-stock li")
    if page.evaluate("() => !document.documentElement.hasAttribute('data-js')"):
        expect(page.locator(".needs-js:visible")).to_have_count(0)
        return
    # The demo's list is too short to get such a field by itself.
    page.evaluate(
        """() => document.getElementById("profile-stock").insertAdjacentHTML(
          "beforebegin", "<input aria-label='Find a service' data-sift='profile-stock'>")"""
    )
    page.get_by_label("Find a service").fill("  RENT")
    expect(rows.filter(visible=True)).to_have_text(["Demo Rentals"])
    page.get_by_label("Find a service").press("Enter")
    page.get_by_label("Find a service").fill("")
    expect(rows.filter(visible=True)).to_have_count(rows.count())


def test_without_a_password_a_mailed_link_comes_before_the_end(page: Page) -> None:
    user = open_account(page)
    make_passwordless(user)
    page.goto("/account")
    leaving = part(page, "Delete account")
    expect(leaving.get_by_label("Yes, delete everything")).to_have_count(0)
    leaving.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_text("A link is on its way to you.")).to_be_visible()
    page.goto(f"/account/confirm?token={issue_token(user, Purpose.CONFIRM)}")
    page.get_by_role("button", name="Yes, it is me").click()
    leaving.get_by_label("Yes, delete everything").check()
    leaving.get_by_role("button", name="Delete account").click()
    expect(page.get_by_text("Your account and everything in it have been deleted.")).to_be_visible()


@transactional
def make_passwordless(user: User) -> None:
    user.password_hash = None


@pytest.mark.parametrize("page", ["phone, script", "desk, script"], indirect=True)
def test_every_page_of_an_account_fits(page: Page) -> None:
    open_account(page)
    for address in (
        "/account",
        "/forgot-password",
        "/reset-password?token=a",
        "/verify-email",
        "/account/confirm?token=a",
    ):
        page.goto(address)
        check_usable(page)
