"""An access token is good for its session, for minutes, and only if we made it."""

import base64
import datetime as dt
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient

from moviesite.accounts import profile_service, session_service
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.session_service import Opened
from moviesite.models import User
from moviesite.web import access_tokens
from tests import people
from tests.people import DEVICE
from tests.statements import counted

ME, VERIFY = "/api/v1/me", "/api/v1/auth/verify"


@pytest.fixture
def opened(ada: User) -> Opened:
    """Where Ada is signed in with a program."""
    return session_service.open_api(ada, DEVICE)


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def signed(app: Flask, claims: dict[str, Any], key: Any = None, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key or app.config["JWT_SECRET_KEY"], algorithm)


def unsigned(claims: dict[str, Any], header: dict[str, str]) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(claims)}."


def changed(**changes: Any) -> Callable[[Flask, dict[str, Any], str], str]:
    """The claims of a good token with some others, signed by the right key."""

    def forge(app: Flask, claims: dict[str, Any], _good: str) -> str:
        made = {**claims, **changes}
        return signed(app, {name: value for name, value in made.items() if value is not None})

    return forge


def rsa_key() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


FORGED: dict[str, Callable[[Flask, dict[str, Any], str], str]] = {
    "no signature": lambda _, claims, __: unsigned(claims, {"alg": "none", "typ": "JWT"}),
    "no signature, said loudly": lambda _, claims, __: unsigned(claims, {"alg": "NONE"}),
    "signature taken away": lambda _, __, good: good.rpartition(".")[0] + ".",
    "another key": lambda app, claims, _: signed(app, claims, "x" * 64),
    "an empty-looking key": lambda app, claims, _: signed(app, claims, "0" * 32),
    "the key of cookies": lambda app, claims, _: signed(app, claims, app.secret_key),
    "another algorithm": lambda app, claims, _: signed(app, claims, algorithm="HS512"),
    "RSA": lambda app, claims, _: signed(app, claims, rsa_key(), "RS256"),
    "claims tampered with": lambda _, claims, good: ".".join(
        (
            good.split(".")[0],
            unsigned({**claims, "sub": str(uuid.uuid4())}, {}).split(".")[1],
            good.split(".")[2],
        )
    ),
    "signature tampered with": lambda _, __, good: good[:-5] + "AAAAA",
    "another issuer": changed(iss="https://evil.example"),
    "no issuer": changed(iss=None),
    "another audience": changed(aud="https://evil.example/api"),
    "no audience": changed(aud=None),
    "another type": changed(type="refresh"),
    "expired": changed(exp=1_700_000_000),
    "never expiring": changed(exp=None),
    "not yet good": changed(nbf=4_000_000_000),
    "issued in the future": changed(iat=4_000_000_000),
    "another person": changed(sub=str(uuid.uuid4())),
    "no person": changed(sub=None),
    "a person that is no id": changed(sub="1 OR 1=1"),
    "another session": changed(sid=str(uuid.uuid4())),
    "no session": changed(sid=None),
    "a session that is no id": changed(sid="../../x"),
    "no token at all": lambda *_: "nonsense",
    "two dots": lambda *_: "..",
    "very long": lambda *_: "x" * 2000,
}


def test_there_are_more_than_twenty_forgeries() -> None:
    assert len(FORGED) >= 20


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_refused(
    app: Flask, client: FlaskClient, opened: Opened, kind: str
) -> None:
    good = access_tokens.issue(opened.user, opened.session)
    forged = FORGED[kind](app, claims_of(good), good)
    answer = client.get(ME, headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert client.post(VERIFY, json={"token": forged}).status_code == 401
    in_cookie = app.test_client()
    in_cookie.set_cookie("access_token", forged)
    assert in_cookie.get(ME).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_written_in_any_case(
    client: FlaskClient, opened: Opened, scheme: str
) -> None:
    token = access_tokens.issue(opened.user, opened.session)
    assert client.get(ME, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a b", "Basic YWRhOng=", "Token x", "bearer x", "Bearer \xff"]
)
def test_an_odd_header_is_refused(client: FlaskClient, header: str) -> None:
    answer = client.get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_a_good_token_says_what_was_fixed(app: Flask, opened: Opened) -> None:
    token = access_tokens.issue(opened.user, opened.session)
    claims = claims_of(token)
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert claims["iss"] == "http://127.0.0.1:8000"
    assert claims["aud"] == "http://127.0.0.1:8000/api"
    assert (claims["type"], claims["sub"]) == ("access", str(opened.user.uuid))
    assert claims["exp"] - claims["iat"] == 15 * 60


def test_a_token_of_one_person_does_not_open_anothers_session(app: Flask, ada: User) -> None:
    opened, ben = session_service.open_api(ada, DEVICE), people.join("ben")
    mixed = access_tokens.issue(ben, opened.session)
    bearer = {"Authorization": f"Bearer {mixed}"}
    assert app.test_client().get(ME, headers=bearer).status_code == 401


def test_a_good_token_is_verified_as_long_as_its_session_lasts(
    client: FlaskClient, opened: Opened
) -> None:
    token = access_tokens.issue(opened.user, opened.session)
    good = client.post(VERIFY, json={"token": token})
    assert (good.status_code, good.json) == (200, {})
    session_service.end_all(opened.user)
    assert client.post(VERIFY, json={"token": token}).status_code == 401


@pytest.mark.parametrize("ending", ["logout", "end", "deactivate", "delete"])
def test_a_token_dies_with_its_session(client: FlaskClient, opened: Opened, ending: str) -> None:
    bearer = {"Authorization": f"Bearer {access_tokens.issue(opened.user, opened.session)}"}
    assert client.get(ME, headers=bearer).status_code == 200
    if ending == "logout":
        client.post("/api/v1/auth/logout", json={"refresh": opened.refresh})
    elif ending == "end":
        session_service.end(opened.user, opened.session.uuid)
    elif ending == "deactivate":
        profile_service.deactivate(opened.user)
    else:
        profile_service.delete_account(opened.user, Proof(people.PASSWORD), DEVICE)
    assert client.get(ME, headers=bearer).status_code == 401


def test_a_token_that_was_used_expires_all_the_same(
    app: Flask, client: FlaskClient, opened: Opened
) -> None:
    claims = claims_of(access_tokens.issue(opened.user, opened.session))
    brief = signed(app, {**claims, "exp": time.time() + 1})
    bearer = {"Authorization": f"Bearer {brief}"}
    assert client.get(ME, headers=bearer).status_code == 200
    assert client.get(ME, headers=bearer).status_code == 200
    time.sleep(1.1)
    assert client.get(ME, headers=bearer).status_code == 401


def test_a_token_that_was_used_is_read_by_its_own_key_alone(
    client: FlaskClient, opened: Opened, site_with: Callable[..., Flask]
) -> None:
    bearer = {"Authorization": f"Bearer {access_tokens.issue(opened.user, opened.session)}"}
    assert client.get(ME, headers=bearer).status_code == 200
    other = site_with(SECRET_KEY="another key, as long as the one before it")
    assert other.test_client().get(ME, headers=bearer).status_code == 401


def test_a_browsers_session_is_no_programs(app: Flask, ada: User, ada_browsing: FlaskClient):
    assert ada_browsing.get(ME).status_code == 401


def test_who_calls_costs_one_statement(as_ada: FlaskClient) -> None:
    with counted() as said:
        assert as_ada.get(ME).status_code == 200
    # And another for the profile's tier, which may be the site's default one.
    about_caller = [one for one in said if "account_tiers" not in one]
    assert (len(about_caller), len(said)) == (1, 2), said


def test_a_public_answer_costs_a_signed_in_caller_no_more_than_three_statements(
    app: Flask, as_ada: FlaskClient, client: FlaskClient
) -> None:
    address = "/api/v1/movies/popular"
    client.get(address)
    with counted() as without:
        client.get(address)
    with counted() as with_token:
        answer = as_ada.get(address)
    # Who that is, what they do not want to be offered, and what they did with these films.
    assert len(with_token) <= len(without) + 3
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_lifetimes_come_from_the_settings(site_with: Callable[..., Flask]) -> None:
    other = site_with(ACCESS_TOKEN_MINUTES="3")
    assert other.config["JWT_ACCESS_TOKEN_EXPIRES"] == dt.timedelta(minutes=3)
