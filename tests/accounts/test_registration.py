"""Accounts begin: once, under one name and one address, and with a mail to prove it."""

import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite import clock
from moviesite.accounts import jobs, queries, service
from moviesite.accounts.names import is_email, is_username, username_from
from moviesite.extensions import db
from moviesite.idempotency import KEPT
from moviesite.models import IdempotencyKey, OutboxEntry, User
from moviesite.transactions import transactional
from tests.people import DEVICE

REGISTER = "/api/v1/auth/register"
GRACE = {"email": "Grace.Hopper@Example.org", "password": "nineteen lemons"}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_a_new_account_is_whole_and_signed_in(client: FlaskClient) -> None:
    answer = client.post(REGISTER, json=GRACE)
    assert answer.status_code == 201
    assert answer.json.keys() == {"user", "access", "refresh"}
    user = answer.json["user"]
    assert user["email"] == "Grace.Hopper@Example.org"
    assert user["username"] == "grace-hopper"
    assert (user["email_verified"], user["is_admin"], user["providers"]) == (False, False, [])
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {answer.json['access']}"})
    assert me.json == user


def test_a_mail_to_prove_the_address_waits_with_the_account(client: FlaskClient) -> None:
    client.post(REGISTER, json=GRACE)
    [entry] = db.session.scalars(select(OutboxEntry))
    assert entry.args == ["verify_email", str(db.session.scalar(select(User.uuid)))]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"email": "ADA@example.ORG"}, {"email"}),
        ({"username": "Ada"}, {"username"}),
        ({"email": "ada@example.org", "username": "ADA"}, {"email", "username"}),
    ],
)
def test_what_somebody_has_is_a_conflict_that_names_the_field(
    client: FlaskClient, ada: User, given: dict[str, str], fields: set[str]
) -> None:
    answer = client.post(REGISTER, json={**GRACE, **given})
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"]["json"].keys() == fields
    assert people() == 1


def test_a_derived_name_that_somebody_has_gets_an_end(client: FlaskClient, ada: User) -> None:
    answer = client.post(REGISTER, json={**GRACE, "email": "ada@elsewhere.example"})
    assert answer.status_code == 201
    assert answer.json["user"]["username"].startswith("ada-")


def test_people_whose_names_are_derived_alike_at_one_moment_all_get_in(app: Flask) -> None:
    outcomes: list[tuple[int, str]] = []
    together = threading.Barrier(5)

    def work(place: int) -> None:
        person = {**GRACE, "email": f"grace@{place}.example.org"}
        together.wait(30)
        answer = app.test_client().post(REGISTER, json=person)
        outcomes.append((answer.status_code, answer.json.get("user", {}).get("username")))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in outcomes} == {201}
    assert len({name for _, name in outcomes}) == 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": "a@example"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"email": "a\x00@example.org"}, "email"),
        ({"email": None}, "email"),
        ({"username": ""}, "username"),
        ({"username": "ada@example.org"}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "grace.hopper@example.org"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"is_admin": True}, "is_admin"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    client: FlaskClient, change: dict[str, object], field: str
) -> None:
    answer = client.post(REGISTER, json={**GRACE, **change})
    assert answer.status_code == 422
    assert answer.json["errors"]["json"].keys() == {field}
    assert people() == 0


def test_twenty_at_once_make_one_account(app: Flask) -> None:
    outcomes: Counter[int] = Counter()

    def work() -> None:
        outcomes[app.test_client().post(REGISTER, json=GRACE).status_code] += 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {201: 1, 409: 7}
    assert people() == 1


def test_five_tries_an_hour_from_one_address(house: Flask, ada: User) -> None:
    client = house.test_client()
    taken = {**GRACE, "email": "ada@example.org"}
    tries = [client.post(REGISTER, json=taken).status_code for _ in range(6)]
    assert tries == [409] * 5 + [429]
    refused = client.post(REGISTER, json=GRACE)
    assert int(refused.headers["Retry-After"]) > 0
    elsewhere = client.post(REGISTER, json=GRACE, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 201


def test_the_same_request_under_one_key_is_done_once(house: Flask) -> None:
    client, key = house.test_client(), {"Idempotency-Key": "0f8fad5b"}
    answers = [client.post(REGISTER, json=GRACE, headers=key) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {201}, "more often than the limit"
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    assert people() == 1


def test_a_key_is_for_one_request_and_no_way_around_the_password(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "0f8fad5b"}
    client.post(REGISTER, json=GRACE, headers=key)
    other = client.post(REGISTER, json={**GRACE, "username": "hopper"}, headers=key)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json["errors"]["headers"]
    guessed = client.post(REGISTER, json={**GRACE, "password": "other lemons"}, headers=key)
    assert guessed.status_code == 401
    bad = client.post(REGISTER, json=GRACE, headers={"Idempotency-Key": "x" * 256})
    assert bad.status_code == 422


def test_a_strangers_key_is_their_own(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "1"}
    first = client.post(REGISTER, json=GRACE, headers=key)
    beside = client.post(REGISTER, json={**GRACE, "email": "b@example.org"}, headers=key)
    assert beside.status_code == 201
    assert beside.json["user"]["id"] != first.json["user"]["id"]
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    for body in (GRACE, {**GRACE, "password": "other lemons"}):
        refused = client.post(REGISTER, json=body, headers=key, environ_overrides=elsewhere)
        assert refused.status_code == 409, refused.text
        assert refused.json["errors"]["json"].keys() == {"email"}


def test_the_same_key_at_the_same_moment_is_done_once(app: Flask) -> None:
    outcomes: list[tuple[int, str]] = []

    def work() -> None:
        answer = app.test_client().post(REGISTER, json=GRACE, headers={"Idempotency-Key": "k"})
        outcomes.append((answer.status_code, answer.json["user"]["id"]))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 6
    assert len(set(outcomes)) == 1


def test_a_key_is_forgotten_after_a_day(client: FlaskClient) -> None:
    client.post(REGISTER, json=GRACE, headers={"Idempotency-Key": "k"})

    @transactional
    def age() -> None:
        db.session.execute(update(IdempotencyKey).values(created_at=clock.now() - KEPT))

    age()
    again = client.post(REGISTER, json=GRACE, headers={"Idempotency-Key": "k"})
    assert again.status_code == 409
    jobs.forget_old_access()
    assert db.session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ada.byron@example.org", "ada-byron"),
        ("Ada+films@example.org", "ada-films"),
        ("łukasz@example.org", "lukasz"),
        ("雨@example.org", "雨"),
        ("...@example.org", "viewer"),
        ("x" * 64 + "@example.org", "x" * 40),
    ],
)
def test_a_name_is_derived_from_the_address(email: str, name: str) -> None:
    assert username_from(email) == name
    assert is_username(name)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("ada@example.org", True),
        ("ada+films@sub.example.co.uk", True),
        ("дана@пример.рф", True),
        ("ada@localhost", False),
        ("ada@@example.org", False),
        ("ada@example..org", False),
        (".ada@example.org", False),
        ("ada.@example.org", False),
        ("ada@example.org\n", False),
        ("ada@example.org, ben@example.org", False),
        ("<ada@example.org>", False),
    ],
)
def test_an_address_is_one_that_mail_could_reach(address: str, good: bool) -> None:
    assert is_email(address) is good


def test_who_is_vouched_for_needs_no_password_and_no_proof(app: Flask) -> None:
    grace = service.register("grace@example.org", None, DEVICE, verified=True)
    assert (grace.password_hash, grace.email_verified) == (None, True)
    assert queries.user_of_job(str(grace.uuid)) is grace
    assert db.session.scalar(select(func.count()).select_from(OutboxEntry)) == 0
