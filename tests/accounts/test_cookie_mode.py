"""A browser front end may keep its tokens where no script reads them; then calls prove more."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.models import User
from tests.people import PASSWORD

COOKIE_MODE = {"X-Auth-Mode": "cookie"}
SIGN_IN = {"identifier": "ada", "password": PASSWORD}
TOKEN, REFRESH = "/api/v1/auth/token", "/api/v1/auth/refresh"
LOGOUT, ME = "/api/v1/auth/logout", "/api/v1/me"


@pytest.fixture
def browser(app: Flask, ada: User) -> FlaskClient:
    """Ada's browser in cookie mode."""
    browser = app.test_client()
    assert browser.post(TOKEN, json=SIGN_IN, headers=COOKIE_MODE).status_code == 200
    return browser


def repeated(browser: FlaskClient) -> dict[str, str]:
    """What a script of the front end sends along."""
    cookie = browser.get_cookie("csrf_token")
    assert cookie is not None
    return {"X-CSRF-Token": cookie.value}


def test_tokens_go_into_cookies_and_not_into_the_body(client: FlaskClient, ada: User) -> None:
    answer = client.post(TOKEN, json=SIGN_IN, headers=COOKIE_MODE)
    assert answer.json.keys() == {"user"}
    cookies = {one.split("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    assert cookies.keys() == {"access_token", "refresh_token", "csrf_token"}
    assert "HttpOnly" in cookies["access_token"]
    assert "HttpOnly" in cookies["refresh_token"]
    assert "HttpOnly" not in cookies["csrf_token"]
    assert "Path=/api/v1/auth" in cookies["refresh_token"]
    assert all("SameSite=Lax" in one for one in cookies.values())
    assert all("Secure" not in one for one in cookies.values()), "development speaks HTTP"


def test_cookies_are_secure_outside_of_development(
    site_with: Callable[..., Flask], database_kind: str, ada: User
) -> None:
    if database_kind == "sqlite":
        pytest.skip("production names its database, which here is PostgreSQL")
    production = {
        "MOVIESITE_ENV": "production",
        "THROTTLE_PROFILE": "household",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "BASE_URL": "https://films.example",
        "LOG_LEVEL": "ERROR",
    }
    live = site_with(**production)
    with live.app_context():
        answer = live.test_client().post(
            TOKEN, json=SIGN_IN, headers={**COOKIE_MODE, "Host": "films.example"}
        )
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 3
    assert all("Secure" in one for one in cookies)


def test_registering_takes_cookies_too(client: FlaskClient) -> None:
    given = {"email": "grace@example.org", "password": "nineteen lemons"}
    answer = client.post("/api/v1/auth/register", json=given, headers=COOKIE_MODE)
    assert (answer.status_code, answer.json.keys()) == (201, {"user"})
    assert client.get(ME).json["username"] == "grace"


def test_reading_takes_the_cookie_alone(browser: FlaskClient) -> None:
    answer = browser.get(ME)
    assert answer.json["username"] == "ada"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", [None, "", "nonsense", "x" * 43])
@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PATCH", ME, {"bio": "changed"}),
        ("DELETE", ME, {"password": PASSWORD}),
        ("PUT", "/api/v1/me/password", {"current": PASSWORD, "new": "nineteen lemons"}),
        ("DELETE", "/api/v1/me/avatar", None),
        ("DELETE", "/api/v1/me/sessions", None),
        ("POST", REFRESH, {}),
        ("POST", LOGOUT, {}),
    ],
)
def test_changing_something_takes_the_repeated_cookie(
    browser: FlaskClient, method: str, address: str, body: object, header: str | None
) -> None:
    headers = {} if header is None else {"X-CSRF-Token": header}
    answer = browser.open(address, method=method, json=body, headers=headers)
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    assert browser.get(ME).json["bio"] == ""


def test_changing_something_works_with_it(browser: FlaskClient) -> None:
    answer = browser.patch(ME, json={"bio": "changed"}, headers=repeated(browser))
    assert answer.json["bio"] == "changed"


def test_the_repeated_cookie_of_another_session_is_worth_nothing(
    browser: FlaskClient, app: Flask
) -> None:
    other = app.test_client()
    other.post(TOKEN, json=SIGN_IN, headers=COOKIE_MODE)
    answer = browser.patch(ME, json={"bio": "changed"}, headers=repeated(other))
    assert answer.status_code == 403


def test_refreshing_renews_the_cookies(browser: FlaskClient) -> None:
    def carried() -> list[str]:
        found = [browser.get_cookie("access_token")]
        found.append(browser.get_cookie("refresh_token", path="/api/v1/auth"))
        return [cookie.value for cookie in found if cookie]

    before = carried()
    answer = browser.post(REFRESH, headers=repeated(browser))
    assert (answer.status_code, answer.json) == (200, {})
    assert len(carried()) == 2
    assert not set(before) & set(carried())
    assert browser.get(ME).status_code == 200


def test_signing_out_takes_the_cookies_away(browser: FlaskClient) -> None:
    kept = browser.get_cookie("access_token")
    assert browser.post(LOGOUT, headers=repeated(browser)).status_code == 204
    assert browser.get_cookie("access_token") is None
    assert browser.get_cookie("csrf_token") is None
    assert browser.get_cookie("refresh_token", path="/api/v1/auth") is None
    assert kept is not None
    browser.set_cookie("access_token", kept.value)
    assert browser.get(ME).status_code == 401


def test_leaving_takes_the_cookies_away(browser: FlaskClient) -> None:
    answer = browser.delete(ME, json={"password": PASSWORD}, headers=repeated(browser))
    assert answer.status_code == 204
    assert browser.get_cookie("access_token") is None


def test_a_header_needs_no_repeated_cookie(as_ada: FlaskClient) -> None:
    assert as_ada.patch(ME, json={"bio": "changed"}).status_code == 200
