"""Both readers of the API's description work in a real browser under their policies."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes.running import RunningSite

pytestmark = [pytest.mark.processes, pytest.mark.browser]

NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


class Reader:
    """An open page, what its browser complained about and whom it asked."""

    def __init__(self, page: Page, site: RunningSite) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self._own = (f"http://127.0.0.1:{site.port}/", f"blob:http://127.0.0.1:{site.port}/")
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)

    def _note(self, request) -> None:
        if not request.url.startswith((*self._own, "data:")):
            self.elsewhere.append(request.url)

    def assert_quiet(self) -> None:
        assert self.page.evaluate("window.violations") == []
        assert self.complaints == []
        assert self.elsewhere == []


@pytest.fixture
def reader(chromium: Browser, shared_site: RunningSite) -> Iterator[Reader]:
    page = chromium.new_page(base_url=f"http://127.0.0.1:{shared_site.port}")
    yield Reader(page, shared_site)
    page.close()


def test_swagger_ui_tries_a_call_under_the_policy_of_every_page(reader):
    page = reader.page
    response = page.goto("/api/docs")
    assert "unsafe" not in response.headers["content-security-policy"]
    # Of so many operations the page draws those that are in sight.
    popular = page.locator(".opblock", has=page.locator("[data-path='/api/v1/movies/popular']"))
    popular.locator(".opblock-summary-control").click()
    popular.get_by_role("button", name="Try it out").click()
    popular.get_by_role("button", name="Execute").click()
    status = popular.locator(".live-responses-table .response-col_status").last
    expect(status).to_contain_text("200")
    page.locator(".json-schema-2020-12-accordion").first.click()
    reader.assert_quiet()


def test_redoc_reads_and_searches_under_a_policy_of_its_own(reader):
    page = reader.page
    response = page.goto("/api/redoc")
    policy = response.headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    page.get_by_placeholder("Search...").fill("popular")
    expect(page.get_by_role("search").get_by_role("menuitem").first).to_be_visible()
    reader.assert_quiet()


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_without_javascript_a_reader_points_to_the_description(chromium, shared_site, path):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"http://127.0.0.1:{shared_site.port}{path}")
    link = page.get_by_role("link", name="The raw API description")
    assert link.get_attribute("href") == "/api/openapi.json"
    page.close()
