"""Other origins reach the API where a setting names them, and pages never."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.config import ConfigError, load_config
from moviesite.extensions import db
from moviesite.models import User
from tests import people
from tests.accounts.conftest import send_form, with_pages
from tests.people import PASSWORD, form_token
from tests.test_api_contract import EXAMPLES

ALLOWED, FOREIGN = "https://app.example", "https://evil.example"
ADDRESSES = ["/api/v1/me", "/api/v1/auth/token", "/api/v1/movies/popular", "/api/v1/nothing"]


@pytest.fixture(scope="module")
def open_app(settings: dict[str, str], migrated_app: Flask) -> Iterator[Flask]:
    """The site with two front ends elsewhere."""
    origins = {
        "CORS_ALLOWED_ORIGINS": f"{ALLOWED}, http://127.0.0.1:5173/",
        "CORS_ALLOW_CREDENTIALS": "true",
        "CSRF_TRUSTED_ORIGINS": ALLOWED,
    }
    site = with_pages({**settings, **origins})
    yield site
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def elsewhere(app: Flask, open_app: Flask) -> Iterator[FlaskClient]:
    """A browser at another origin."""
    with open_app.app_context():
        yield open_app.test_client()


def preflight(client: FlaskClient, address: str, origin: str):
    asks = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, x-csrf-token",
    }
    return client.options(address, headers=asks).headers


@pytest.mark.parametrize("origin", [ALLOWED, "http://127.0.0.1:5173"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_named_origin_may_ask(elsewhere: FlaskClient, address: str, origin: str) -> None:
    allowed = preflight(elsewhere, address, origin)
    if address != "/api/v1/nothing":
        assert "PATCH" in allowed["Access-Control-Allow-Methods"]
        assert "x-csrf-token" in allowed["Access-Control-Allow-Headers"].lower()
        assert allowed["Access-Control-Max-Age"] == "600"
    answer = elsewhere.get(address, headers={"Origin": origin})
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [origin]
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    shown = answer.headers["Access-Control-Expose-Headers"]
    assert {"Content-Disposition", "ETag", "Retry-After", "Undo-Token"} <= {*shown.split(", ")}
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        FOREIGN,
        "null",
        "https://app.example.evil.example",
        "https://evil.example/https://app.example",
        "http://app.example",
        "https://app.example:8443",
        "https://APP.example.",
        "*",
    ],
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_foreign_origin_may_not(elsewhere: FlaskClient, address: str, origin: str) -> None:
    for headers in (
        preflight(elsewhere, address, origin),
        elsewhere.get(address, headers={"Origin": origin}).headers,
    ):
        assert not [name for name, _ in headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("address", ["/", "/who", "/health", "/api-like", "/media/x"])
def test_pages_are_no_part_of_this(elsewhere: FlaskClient, address: str) -> None:
    headers = elsewhere.get(address, headers={"Origin": ALLOWED}).headers
    assert not [name for name, _ in headers if name.startswith("Access-Control-")]


def test_without_the_setting_nobody_may(app: Flask, client: FlaskClient) -> None:
    for origin in (ALLOWED, FOREIGN):
        headers = preflight(client, "/api/v1/me", origin)
        assert "Access-Control-Allow-Origin" not in headers


def test_credentials_take_a_setting_of_their_own(site_with: Callable[..., Flask]) -> None:
    plain = site_with(CORS_ALLOWED_ORIGINS=ALLOWED)
    answer = plain.test_client().get("/api/v1/me", headers={"Origin": ALLOWED})
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_refusal_can_be_read_by_a_named_origin(elsewhere: FlaskClient) -> None:
    answer = elsewhere.post("/api/v1/auth/token", json={}, headers={"Origin": ALLOWED})
    assert answer.status_code == 422
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED


@pytest.mark.parametrize(
    ("origin", "named"),
    [
        ("http://[2001:db8::1]", True),
        ("http://devil.example", False),
        ("http://[2001:db8::1].evil.example", False),
    ],
)
def test_an_ipv6_origin_is_itself_and_no_other(
    site_with: Callable[..., Flask], origin: str, named: bool
) -> None:
    site = site_with(CORS_ALLOWED_ORIGINS="http://[2001:db8::1]")
    answer = site.test_client().get("/api/v1/me", headers={"Origin": origin})
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if named else None)


@pytest.mark.parametrize("name", ["CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS"])
@pytest.mark.parametrize("value", ["*", "app.example", "https://app.example/x", "https://*.x.com"])
def test_what_is_no_origin_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} "):
        load_config({name: value})


# Pages for everybody carry no token; one more view counted is no harm to anybody.
HARMLESS = {"library_pages.views"}


def unsafe_pages(app: Flask) -> list[tuple[str, str]]:
    """Every address outside of the API that takes more than a look, and how."""
    return [
        (method, str((rule.build({name: EXAMPLES[name] for name in rule.arguments}) or [""])[1]))
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(("/api/", "/compat/")) and rule.endpoint not in HARMLESS
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]


def test_the_token_of_its_form_lets_a_page_through(house: Flask, ada: User) -> None:
    browser = house.test_client()
    answer = send_form(browser, "/sign-in-here", identifier="ada", password=PASSWORD)
    assert answer.status_code == 302
    assert browser.get("/who").text == "ada"


def test_every_page_that_changes_something_wants_the_token_of_its_form(
    house: Flask, ada: User
) -> None:
    browser = people.signed_in_browser(house, ada)
    assert unsafe_pages(house)
    for method, address in unsafe_pages(house):
        for token in ({}, {"csrf_token": "nonsense"}):
            answer = browser.open(address, method=method, data=token)
            assert answer.status_code == 400, (method, address)
            assert "nothing was changed" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": FOREIGN, "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_no_page_takes_a_form_of_another_site(
    house: Flask, ada: User, headers: dict[str, str]
) -> None:
    browser = people.signed_in_browser(house, ada)
    token = {"csrf_token": form_token(browser)}
    for method, address in unsafe_pages(house):
        answer = browser.open(address, method=method, headers=headers, data=token)
        assert answer.status_code == 403, (method, address)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": ALLOWED},
        {"Origin": "http://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_of_our_own_or_a_trusted_origin_gets_as_far_as_its_token(
    elsewhere: FlaskClient, headers: dict[str, str]
) -> None:
    form = {"identifier": "ada", "password": PASSWORD}
    assert elsewhere.post("/sign-in-here", data=form, headers=headers).status_code == 400
