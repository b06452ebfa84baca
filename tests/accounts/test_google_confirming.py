"""Who has only ever come through Google goes there once more before what cannot be undone."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.extensions import db
from moviesite.models import Identity, User
from tests.accounts.conftest import send_form
from tests.accounts.test_google_journeys import (
    assert_page_in_frame,
    bearing,
    built,
    closed,
    come_back,
    count,
    journey,
    leave,
    request_token,
    who,
)
from tests.openid import Provider, new_key
from tests.people import signed_in_browser
from tests.provider_process import ProviderProcess, provider_process

EMAIL, NEW = "ada@example.org", "ada@new.example"
SURE = "Yes, delete everything"


@pytest.fixture(scope="module")
def real_provider() -> Iterator[ProviderProcess]:
    """A provider written by others."""
    with provider_process() as provider:
        provider.knows("g-1", email=EMAIL, email_verified=True)
        provider.knows("g-2", email="another@example.org", email_verified=True)
        yield provider


@pytest.fixture(scope="module")
def real_site(settings: dict[str, str], real_provider: ProviderProcess) -> Iterator[Flask]:
    site = built(settings, real_provider.discovery_url)
    yield site
    closed(site)


@pytest.fixture
def visitor(app: Flask, real_site: Flask, real_provider: ProviderProcess) -> FlaskClient:
    """A browser whose account was opened by Google."""
    browser = real_site.test_client()
    journey(browser, real_provider)
    assert who(browser) == "ada"
    return browser


def errand(visitor: FlaskClient) -> str:
    return f"?confirm={request_token(visitor)}&next=/account%23delete"


def test_google_is_told_to_ask_again(visitor: FlaskClient) -> None:
    asked = parse_qs(urlsplit(leave(visitor, errand(visitor))).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    ordinary = parse_qs(urlsplit(leave(visitor.application.test_client())).query)
    assert "prompt" not in ordinary


def test_there_and_back_opens_the_forms_once(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    page = visitor.get("/account").text
    assert page.count("Confirm with Google") == 2
    assert SURE not in page
    back = journey(visitor, real_provider, query=errand(visitor))
    assert (back.status_code, back.headers["Location"]) == (303, "/account#delete")
    assert SURE in visitor.get("/account").text
    assert send_form(visitor, "/account/address", email=NEW).status_code == 303
    assert SURE not in visitor.get("/account").text, "it was for one thing"
    assert send_form(visitor, "/account/delete", sure="1").status_code == 422
    journey(visitor, real_provider, query=errand(visitor))
    assert send_form(visitor, "/account/delete", sure="1").status_code == 303
    assert (count(User), count(Identity)) == (0, 0)


def test_another_google_account_confirms_nothing(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    for subject in ("g-2", "g-3"):
        real_provider.knows(subject, email="another@example.org", email_verified=True)
        answer = journey(visitor, real_provider, subject, query=errand(visitor))
        assert_page_in_frame(answer, 403, "is not linked to this account")
    assert SURE not in visitor.get("/account").text
    assert (count(User), count(Identity)) == (1, 1)


@pytest.mark.parametrize("token", ["", "made-up"])
def test_no_foreign_page_begins_it(visitor: FlaskClient, token: str) -> None:
    answer = visitor.get(f"/auth/google/login?confirm={token}")
    assert_page_in_frame(answer, 403, "your account page")


def test_a_visitor_confirms_nothing(real_site: Flask, app: Flask) -> None:
    stranger = real_site.test_client()
    answer = stranger.get(f"/auth/google/login?confirm={request_token(stranger)}")
    assert_page_in_frame(answer, 401, "password")


def test_a_sign_in_on_the_way_is_no_confirmation(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    """What was begun as something else stays that, whatever the address says on the way back."""
    location = real_provider.consent(leave(visitor.application.test_client()), "g-1")
    assert_page_in_frame(come_back(visitor, f"{location}&confirm=1"), 400, "another browser")
    assert SURE not in visitor.get("/account").text


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that says whatever a test wants."""
    started = Provider(new_key())
    yield started
    started.close()


@pytest.fixture
def told(app: Flask, settings: dict[str, str], provider: Provider, ada: User) -> Iterator[Any]:
    """The answer to a way back on which the provider says when it asked for the password."""
    db.session.add(Identity(user_id=ada.id, issuer=provider.issuer, subject="1234567890"))
    db.session.commit()
    site = built(settings, provider.discovery_url)
    browser = signed_in_browser(site, ada)

    def tell(auth_time: Any) -> TestResponse:
        asked = parse_qs(urlsplit(leave(browser, errand(browser))).query)
        token = provider.token(nonce=asked["nonce"][0], auth_time=auth_time)
        provider.token_answer = 200, bearing(token)
        return browser.get(f"/auth/google/callback?state={asked['state'][0]}&code=c")

    yield tell
    closed(site)


@pytest.mark.parametrize("ago", [600, 3600 * 24 * 365])
def test_an_older_look_at_the_password_confirms_nothing(told: Any, ago: int) -> None:
    assert_page_in_frame(told(int(time.time()) - ago), 401, "did not check who you are")


@pytest.mark.parametrize("odd", ["yesterday", True, {"at": 1}])
def test_an_odd_time_confirms_nothing(told: Any, odd: object) -> None:
    assert told(odd).status_code == 401


@pytest.mark.parametrize("ago", [None, 0, 5])
def test_a_fresh_look_does_and_so_does_silence_about_it(told: Any, ago: int | None) -> None:
    answer = told(None if ago is None else int(time.time()) - ago)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account#delete")
