"""Front ends trade Google's ID tokens for ours; a token that is not right is worth nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from moviesite import clock
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Identity, User
from tests.openid import CLIENT_ID, CLIENT_SECRET, Provider, new_key
from tests.people import PASSWORD, join

EMAIL = "ada@example.org"


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider(new_key())
    yield started
    started.close()


@pytest.fixture
def caller(app: Flask, settings: dict[str, str], provider: Provider) -> Iterator[FlaskClient]:
    """A program that calls a site which signs in at this provider."""
    own = {
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_DISCOVERY_URL": provider.discovery_url,
    }
    site = create_app(load_config({**settings, **own}))
    yield site.test_client()
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


def trade(caller: FlaskClient, **body: Any) -> TestResponse:
    return caller.post("/api/v1/auth/google", json=body)


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def ada(*, verified: bool = True, active: bool = True) -> User:
    return join("ada", email_verified_at=clock.now() if verified else None, is_active=active)


def assert_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = answer.get_json()
    assert problem["status"] == status
    return problem


def test_a_good_token_opens_an_account_and_its_tokens_work(
    caller: FlaskClient, provider: Provider
) -> None:
    answer = trade(caller, id_token=provider.token())
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["user"]["email"] == EMAIL
    assert found["user"]["email_verified"] is True
    mine = caller.get("/api/v1/me", headers={"Authorization": f"Bearer {found['access']}"})
    assert mine.get_json()["id"] == found["user"]["id"]
    again = trade(caller, id_token=provider.token())
    assert again.get_json()["user"]["id"] == found["user"]["id"]
    assert (count(User), count(Identity)) == (1, 1)


def test_cookies_carry_the_tokens_where_asked(caller: FlaskClient, provider: Provider) -> None:
    answer = caller.post(
        "/api/v1/auth/google",
        json={"id_token": provider.token()},
        headers={"X-Auth-Mode": "cookie"},
    )
    assert "access" not in answer.get_json()
    assert "refresh" not in answer.get_json()
    assert any("HttpOnly" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_a_nonce_that_was_named_must_fit(caller: FlaskClient, provider: Provider) -> None:
    token = provider.token(nonce="mine")
    assert trade(caller, id_token=token, nonce="mine").status_code == 200
    assert_problem(trade(caller, id_token=token, nonce="other"), 401)
    assert_problem(trade(caller, id_token=provider.token(), nonce="mine"), 401)


def test_a_forged_token_is_a_401(caller: FlaskClient, provider: Provider) -> None:
    forged = [
        provider.token(key=new_key()),
        provider.token(aud="somebody-else"),
        provider.token(iss="https://evil.example"),
        provider.token(exp=1),
        provider.token(sub=None),
        provider.token()[:-3],
        "a.b.c",
    ]
    for token in forged:
        problem = assert_problem(trade(caller, id_token=token), 401)
        assert token not in str(problem)
    assert count(User) == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id_token": ""},
        {"id_token": None},
        {"id_token": 7},
        {"id_token": "x" * 8193},
        {"id_token": "a\x00b"},
        {"id_token": "a.b.c", "nonce": ""},
        {"id_token": "a.b.c", "nonce": "x" * 256},
        {"id_token": "a.b.c", "more": 1},
    ],
)
def test_a_body_that_is_none_is_a_422(caller: FlaskClient, body: dict[str, Any]) -> None:
    assert "json" in assert_problem(trade(caller, **body), 422)["errors"]


@pytest.mark.parametrize("said", [False, None, "true", "false"])
def test_an_unconfirmed_address_is_a_409_that_says_what_to_do(
    caller: FlaskClient, provider: Provider, said: Any
) -> None:
    answers = [trade(caller, id_token=provider.token(email_verified=said))]
    ada()
    answers.append(trade(caller, id_token=provider.token(email_verified=said)))
    problems = [assert_problem(answer, 409) for answer in answers]
    for problem in problems:
        assert problem["code"] == "password_needed"
        assert "password" in problem["detail"]
        assert problem["link"] == "http://127.0.0.1:8000/auth/google/login"
        problem.pop("request_id")
    assert problems[0] == problems[1]
    assert (count(User), count(Identity)) == (1, 0)


def test_the_true_owner_takes_an_unconfirmed_account(
    caller: FlaskClient, provider: Provider
) -> None:
    user = ada(verified=False)
    answer = trade(caller, id_token=provider.token())
    assert answer.get_json()["user"]["id"] == str(user.uuid)
    wrong = {"identifier": EMAIL, "password": PASSWORD}
    assert caller.post("/api/v1/auth/token", json=wrong).status_code == 401


def test_a_closed_account_is_a_403(caller: FlaskClient, provider: Provider) -> None:
    ada(active=False)
    assert "closed" in assert_problem(trade(caller, id_token=provider.token()), 403)["detail"]


def test_a_provider_that_is_down_is_a_503(caller: FlaskClient, provider: Provider) -> None:
    token = provider.token()
    provider.close()
    answer = trade(caller, id_token=token)
    assert_problem(answer, 503)
    assert answer.headers["Retry-After"]


def test_without_settings_there_is_no_such_door(client: FlaskClient) -> None:
    assert "not set up" in assert_problem(trade(client, id_token="a.b.c"), 404)["detail"]
