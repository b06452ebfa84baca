"""A real Chromium goes to the provider and back, with and without JavaScript."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browsing import running
from tests.openid import CLIENT_ID, CLIENT_SECRET
from tests.people import PASSWORD, join
from tests.provider_process import ProviderProcess, provider_process

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with provider_process() as started:
        yield started


@pytest.fixture(scope="module")
def address(settings: dict[str, str], provider: ProviderProcess) -> Iterator[str]:
    """Where the site listens; it is the public address, too."""
    own = {
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_DISCOVERY_URL": provider.discovery_url,
    }
    with running(settings, **own) as (_, address):
        yield address


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(
    app: Flask, chromium: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """An empty site in a fresh browser."""
    context = chromium.new_context(base_url=address, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def consent(page: Page, subject: str) -> None:
    """On the provider's page."""
    page.locator("input[name=sub]").fill(subject)
    page.locator("input[name=sub]").press("Enter")


def test_there_and_back(page: Page, provider: ProviderProcess) -> None:
    provider.knows("g-1", email="ada@example.org", email_verified=True)
    page.goto("/auth/google/login?next=/about")
    consent(page, "g-1")
    page.wait_for_url("**/about")
    [cookie] = [kept for kept in page.context.cookies() if kept["name"] == "session"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    page.goto("/auth/google/login?next=/search")
    page.wait_for_url("**/search")


def test_the_password_is_asked_once(page: Page, provider: ProviderProcess) -> None:
    join("ada")
    provider.knows("g-1", email="ada@example.org", email_verified=False)
    page.goto("/auth/google/login?next=/about")
    consent(page, "g-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Link your Google sign-in")
    expect(page.get_by_label("Email address or username")).to_have_value("ada@example.org")
    page.get_by_label("Password", exact=True).fill("a wrong one")
    page.get_by_role("button", name="Sign in and link").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in and link").click()
    page.wait_for_url("**/about")


def test_who_declines_finds_a_way_on(page: Page) -> None:
    page.goto("/auth/google/login")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("did not continue")
    page.get_by_role("link", name="Try Google again").click()
    expect(page.locator("input[name=sub]")).to_be_visible()
