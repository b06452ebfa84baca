"""Pages of other origins call the API from a real Chromium: a named one may, another may not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Session, User
from tests.browsing import serving
from tests.people import PASSWORD, join
from tests.servers import free_port
from tests.sites import let_go

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

ASK = """async ([address, asked]) => {
  try {
    const answer = await fetch(address, asked);
    const text = await answer.text();
    return {
      type: answer.type, status: answer.status, body: text && JSON.parse(text),
      wait: answer.headers.get("Retry-After"), id: answer.headers.get("X-Request-ID"),
    };
  } catch (error) {
    return { type: String(error) };
  }
}"""
REFUSED = {"type": "TypeError: Failed to fetch"}
JSON = {"Content-Type": "application/json"}
SIGN_IN = f'{{"identifier": "ada", "password": "{PASSWORD}"}}'


class Places(NamedTuple):
    """The API, the two pages elsewhere, and what the API was asked: method, path, origin."""

    api: str
    named: str
    foreign: str
    asked: list[tuple[str, str, str]]


def elsewhere(_environ: Any, start_response: Any) -> list[bytes]:
    """A page with nothing on it."""
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<!doctype html><title>elsewhere</title>"]


@pytest.fixture(scope="module")
def places(settings: dict[str, str]) -> Iterator[Places]:
    port, named, foreign = free_port(), free_port(), free_port()
    origins = {
        "PORT": str(port),
        "CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{named}",
        "CORS_ALLOW_CREDENTIALS": "true",
    }
    site = create_app(load_config({**settings, **origins}))
    asked: list[tuple[str, str, str]] = []

    def noted(environ: Any, start_response: Any) -> Any:
        said = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_ORIGIN", "")
        asked.append(said)
        return site(environ, start_response)

    with (
        serving(noted, port) as api,
        serving(elsewhere, named) as one,
        serving(elsewhere, foreign) as other,
    ):
        yield Places(f"{api}/api/v1", one, other, asked)
    let_go(site)


@pytest.fixture
def page(app: Flask, chromium: Browser, places: Places) -> Iterator[Page]:
    """A fresh browser."""
    context = chromium.new_context()
    places.asked.clear()
    yield context.new_page()
    context.close()


@pytest.fixture
def ada_there(app: Flask) -> User:
    return join("ada")


def fetch(page: Page, address: str, method: str = "GET", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(ASK, [address, {"method": method, **asked}])
    return found


def sign_in(page: Page, places: Places, **asked: Any) -> dict[str, Any]:
    headers = {**JSON, **asked.pop("headers", {})}
    address = f"{places.api}/auth/token"
    return fetch(page, address, "POST", headers=headers, body=SIGN_IN, **asked)


def sessions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Session)) or 0


def test_a_named_page_signs_in_and_calls_with_its_token(
    page: Page, places: Places, ada_there: User
) -> None:
    page.goto(places.named)
    found = sign_in(page, places)
    assert (found["type"], found["status"]) == ("cors", 200)
    assert found["id"], "headers that are exposed can be read"
    bearer = {"Authorization": f"Bearer {found['body']['access']}"}
    assert fetch(page, f"{places.api}/me", headers=bearer)["body"]["username"] == "ada"
    changes = {"headers": {**JSON, **bearer}, "body": '{"bio": "From elsewhere."}'}
    changed = fetch(page, f"{places.api}/me", "PATCH", **changes)
    assert changed["body"]["bio"] == "From elsewhere."
    origins = {origin for _, _, origin in places.asked}
    assert origins == {places.named}
    methods = [method for method, path, _ in places.asked if path == "/api/v1/me"]
    assert methods[0] == "OPTIONS", "a preflight came first"
    assert [method for method in methods if method != "OPTIONS"] == ["GET", "PATCH"]


def test_a_named_page_reads_what_was_refused(page: Page, places: Places) -> None:
    page.goto(places.named)
    refused = fetch(page, f"{places.api}/me")
    assert (refused["type"], refused["status"]) == ("cors", 401)
    assert refused["body"]["title"]


def test_pages_elsewhere_show_the_pictures_that_answers_name(page: Page, places: Places) -> None:
    page.goto(places.foreign)
    shown = page.evaluate(
        """address => new Promise(done => {
          const image = new Image();
          image.onload = () => done(image.naturalWidth > 0);
          image.onerror = () => done(false);
          image.src = address;
        })""",
        places.api.removesuffix("/api/v1") + "/demo/images/w342/poster-27205.svg",
    )
    assert shown


def test_a_named_page_works_with_cookies(page: Page, places: Places, ada_there: User) -> None:
    page.goto(places.named)
    mode = {"X-Auth-Mode": "cookie"}
    found = sign_in(page, places, headers=mode, credentials="include")
    assert found["status"] == 200
    assert "access" not in found["body"]
    kept = {cookie["name"]: cookie for cookie in page.context.cookies(places.api)}
    assert kept["access_token"]["httpOnly"]
    me = f"{places.api}/me"
    assert fetch(page, me, credentials="include")["body"]["username"] == "ada"
    assert fetch(page, me, credentials="omit")["status"] == 401
    change = {"headers": JSON, "body": '{"bio": "x"}', "credentials": "include"}
    assert fetch(page, me, "PATCH", **change)["status"] == 403
    change["headers"] = {**JSON, "X-CSRF-Token": kept["csrf_token"]["value"]}
    assert fetch(page, me, "PATCH", **change)["body"]["bio"] == "x"


def test_a_foreign_page_reads_nothing_and_its_calls_do_not_arrive(
    page: Page, places: Places, ada_there: User
) -> None:
    page.goto(places.foreign)
    assert sign_in(page, places) == REFUSED
    assert fetch(page, f"{places.api}/movies/popular") == REFUSED
    assert fetch(page, f"{places.api}/me", headers={"Authorization": "Bearer x"}) == REFUSED
    assert fetch(page, f"{places.api}/me", "DELETE") == REFUSED
    arrived = [said[:2] for said in places.asked]
    assert ("GET", "/api/v1/movies/popular") in arrived, "it is asked without a preflight"
    assert {method for method, _ in arrived} == {"OPTIONS", "GET"}
    assert sessions() == 0


def test_a_foreign_page_does_nothing_with_the_cookies_of_a_named_one(
    page: Page, places: Places, ada_there: User
) -> None:
    """Both are of one site to the browser, which sends the cookies along."""
    page.goto(places.named)
    sign_in(page, places, headers={"X-Auth-Mode": "cookie"}, credentials="include")
    page.goto(places.foreign)
    me = f"{places.api}/me"
    assert fetch(page, me, credentials="include") == REFUSED
    for address in (f"{me}/verification", f"{places.api}/auth/logout"):
        plain = {"mode": "no-cors", "credentials": "include", "body": "{}"}
        assert fetch(page, address, "POST", **plain)["type"] in ("opaque", *REFUSED.values())
    db.session.rollback()
    assert db.session.scalar(select(Session.ended_at)) is None
    page.goto(places.named)
    assert fetch(page, me, credentials="include")["body"]["username"] == "ada"
