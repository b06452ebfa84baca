"""Signing in tells nobody who exists, and lets nobody guess for long."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from moviesite import clock
from moviesite.accounts import attempt_service, jobs, passwords, service, session_service
from moviesite.accounts.attempt_service import Limit
from moviesite.accounts.client import Client
from moviesite.errors import NotSignedIn, QuotaExceeded
from moviesite.extensions import db
from moviesite.models import SignInAttempt, User
from moviesite.transactions import transactional
from tests import people
from tests.people import DEVICE, PASSWORD
from tests.statements import counted

TOKEN = "/api/v1/auth/token"


@contextmanager
def hashings() -> Iterator[Counter[str]]:
    """Counts how often Argon2 is asked meanwhile, which is what takes time."""
    made: Counter[str] = Counter()
    real = argon2.low_level.verify_secret

    def counting(*args: object) -> bool:
        made["verify"] += 1
        return real(*args)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argon2._password_hasher, "verify_secret", counting)
        yield made


def sign_in(client: FlaskClient, identifier: str, password: str, address: str = "192.0.2.1"):
    return client.post(
        TOKEN,
        json={"identifier": identifier, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


@pytest.mark.parametrize(
    "identifier", ["ada", "ADA", " Ada ", "ada@example.org", "ADA@Example.ORG"]
)
def test_people_sign_in_by_name_or_address_in_any_case(
    client: FlaskClient, ada: User, identifier: str
) -> None:
    answer = sign_in(client, identifier, PASSWORD)
    assert answer.status_code == 200
    assert answer.json["user"]["id"] == str(ada.uuid)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "password" not in answer.text


@pytest.fixture
def four_failures(ada: User) -> dict[str, tuple[str, str]]:
    """Each way in which a sign-in fails."""
    people.join("ben", is_active=False)
    people.join("cleo", password_hash=None)
    return {
        "unknown": ("nobody@example.org", PASSWORD),
        "wrong": ("ada", "not the password"),
        "closed": ("ben", PASSWORD),
        "without password": ("cleo", PASSWORD),
    }


def test_every_failure_has_the_same_answer(
    client: FlaskClient, four_failures: dict[str, tuple[str, str]]
) -> None:
    answers = [sign_in(client, *tried) for tried in four_failures.values()]
    bodies = {str({**answer.json, "request_id": ""}) for answer in answers}
    headers = [{**answer.headers, "X-Request-ID": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert len(bodies) == 1
    assert all(other == headers[0] for other in headers)


def test_every_failure_costs_the_same_work(
    house: Flask, four_failures: dict[str, tuple[str, str]]
) -> None:
    """Not the clock but what takes its time is compared: hashes and statements."""
    work = {}
    for kind, (identifier, password) in four_failures.items():
        with hashings() as made, counted() as said, pytest.raises(NotSignedIn):
            service.sign_in(identifier, password, DEVICE)
        work[kind] = (made["verify"], [statement.split("WHERE")[0] for statement in said])
        db.session.rollback()
    hashes = {kind: count for kind, (count, _) in work.items()}
    assert set(hashes.values()) == {1}, hashes
    by_name = [work[kind][1] for kind in ("wrong", "closed", "without password")]
    assert by_name[0] == by_name[1] == by_name[2] == work["unknown"][1]


def test_an_outdated_hash_is_replaced_at_sign_in(ada: User, app: Flask) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)

    @transactional
    def age() -> None:
        ada.password_hash = old

    age()
    service.sign_in("ada", PASSWORD, DEVICE)
    assert ada.password_hash != old
    assert service.sign_in("ada", PASSWORD, DEVICE).id == ada.id


def set_elsewhere(password_hash: str) -> None:
    """Change the password as another process does."""
    with db.engine.begin() as connection:
        connection.execute(update(User).values(password_hash=password_hash))


def test_a_password_that_is_right_no_longer_changes_none(ada: User) -> None:
    session = session_service.open_api(ada, DEVICE).session
    other = passwords.hash_of("another one by now")
    set_elsewhere(other)
    with pytest.raises(NotSignedIn):
        service.change_password(ada, PASSWORD, "nineteen lemons", DEVICE, kept=session)
    db.session.rollback()
    assert db.session.scalar(select(User.password_hash)) == other


def test_a_password_that_is_changed_meanwhile_stays_changed(ada: User) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    other = passwords.hash_of("another one by now")

    def change(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT users") and not changed:
            changed.append(statement)
            set_elsewhere(other)

    set_elsewhere(old)
    db.session.expire_all()
    changed: list[str] = []
    event.listen(db.engine, "after_cursor_execute", change)
    try:
        with pytest.raises(NotSignedIn):
            service.sign_in("ada", PASSWORD, DEVICE)
    finally:
        event.remove(db.engine, "after_cursor_execute", change)
    db.session.rollback()
    assert db.session.scalar(select(User.password_hash)) == other


def test_an_account_takes_ten_failures_in_five_minutes(house: Flask, ada: User) -> None:
    client = house.test_client()
    tries = [
        sign_in(client, who, "wrong password", f"192.0.2.{number}").status_code
        for number, who in enumerate(["ada", "ada@example.org"] * 6)
    ]
    assert tries == [401] * 10 + [429] * 2
    refused = sign_in(client, "ada", PASSWORD, "198.51.100.1")
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 330
    assert refused.headers["RateLimit-Limit"] == "10"
    assert refused.headers["RateLimit-Remaining"] == "0"


def test_an_unknown_account_takes_as_many(house: Flask) -> None:
    client = house.test_client()
    tries = [sign_in(client, "nobody", "wrong password").status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]


@pytest.mark.parametrize(
    ("addresses", "passed"),
    [
        (["192.0.2.1"], 25),
        (["192.0.2.1", "::ffff:192.0.2.1"], 25),
        (["2001:db8::1", "2001:db8::dead:beef"], 25),
        (["2001:db8:0:1::1", "2001:db8:0:2::1"], 28),
    ],
    ids=["one address", "the same mapped", "one /64", "two /64"],
)
def test_an_address_takes_twenty_five_failures_whatever_the_accounts(
    house: Flask, addresses: list[str], passed: int
) -> None:
    client = house.test_client()
    tries = [
        sign_in(client, f"nobody{n}", "wrong password", addresses[n % len(addresses)]).status_code
        for n in range(28)
    ]
    assert tries.count(401) == passed
    assert tries.count(429) == 28 - passed


def test_everybody_together_has_a_limit(house: Flask) -> None:
    limit = Limit("everybody", service.ALL_TRIES, 60)
    used = {"bucket": "everybody", "window_start": now_in_slices(limit), "count": 600}

    @transactional
    def crowd() -> None:
        db.session.add(SignInAttempt(**used))

    crowd()
    with pytest.raises(QuotaExceeded) as refused:
        service.sign_in("nobody", "wrong password", DEVICE)
    assert 0 < (refused.value.retry_after or 0) <= 66


def now_in_slices(limit: Limit) -> int:
    now = int(clock.now().timestamp())
    return now - now % limit.width


def test_forged_forwarded_addresses_buy_no_tries(house: Flask) -> None:
    client = house.test_client()
    tries = [
        client.post(
            TOKEN,
            json={"identifier": f"nobody{n}", "password": "wrong password"},
            headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"},
        ).status_code
        for n in range(26)
    ]
    assert tries.count(401) == 25


def test_one_trusted_proxy_is_believed_for_one_hop(
    site_with: Callable[..., Flask],
) -> None:
    proxied = site_with(THROTTLE_PROFILE="household", TRUSTED_PROXIES="1")
    client = proxied.test_client()

    def tries(forwarded: Callable[[int], str]) -> list[int]:
        return [
            client.post(
                TOKEN,
                json={"identifier": f"nobody{n}", "password": "wrong password"},
                headers={"X-Forwarded-For": forwarded(n)},
            ).status_code
            for n in range(26)
        ]

    with proxied.app_context():
        assert tries(lambda n: f"203.0.113.{n}, 192.0.2.77").count(401) == 25
        assert tries(lambda n: f"192.0.2.66, 203.0.113.{n}").count(401) == 26


def test_what_succeeds_is_not_counted(house: Flask, ada: User) -> None:
    for _ in range(12):
        assert service.sign_in("ada", PASSWORD, DEVICE)
    assert sum(db.session.scalars(select(SignInAttempt.count))) == 0


def test_refused_tries_do_not_make_the_wait_longer(house: Flask) -> None:
    for _ in range(15):
        with pytest.raises((NotSignedIn, QuotaExceeded)):
            service.sign_in("nobody", "wrong password", DEVICE)
    account = select(SignInAttempt.count).where(SignInAttempt.bucket.startswith("account:"))
    assert sum(db.session.scalars(account)) == 10


def test_tries_grow_old_and_nobody_gets_twice_as_many_around_a_border(house: Flask) -> None:
    limit = Limit("account:test", 10, 300)

    @transactional
    def age(seconds: int) -> None:
        moved = SignInAttempt.window_start - seconds
        db.session.execute(update(SignInAttempt).values(window_start=moved))

    for _ in range(10):
        attempt_service.take([limit])
    age(270)
    with pytest.raises(QuotaExceeded) as refused:
        attempt_service.take([limit])
    assert (refused.value.retry_after or 0) <= 60
    age(90)
    attempt_service.take([limit])


def test_tries_at_once_are_all_counted(house: Flask) -> None:
    limit, outcomes = Limit("account:test", 10, 300), Counter[str]()

    def work() -> None:
        with house.app_context():
            try:
                attempt_service.take([limit])
            except QuotaExceeded:
                outcomes["refused"] += 1
            else:
                outcomes["taken"] += 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"taken": 10, "refused": 10}


def test_the_limits_hold_without_redis(site_with: Callable[..., Flask], ada: User) -> None:
    dead = "redis://127.0.0.1:1/0"
    without = site_with(THROTTLE_PROFILE="household", REDIS_URL=dead, LOG_LEVEL="ERROR")
    with without.app_context():
        client = without.test_client()
        tries = [sign_in(client, "ada", "wrong password").status_code for _ in range(11)]
        assert tries == [401] * 10 + [429]


def test_counts_that_matter_no_more_are_deleted(house: Flask) -> None:
    attempt_service.take([Limit("old", 10, 300)])

    @transactional
    def age() -> None:
        old = int((clock.now() - dt.timedelta(days=3)).timestamp())
        db.session.execute(update(SignInAttempt).values(window_start=old))

    age()
    attempt_service.take([Limit("new", 10, 300)])
    jobs.forget_old_access()
    assert db.session.scalars(select(SignInAttempt.bucket)).all() == ["new"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"identifier": "ada"},
        {"identifier": "", "password": "x"},
        {"identifier": "ada", "password": ""},
        {"identifier": "a\x00", "password": "x"},
        {"identifier": "ada", "password": "x" * 1001},
        {"identifier": 1, "password": "x"},
        {"identifier": "ada", "password": "x", "remember": True},
        [],
        "ada",
    ],
)
def test_what_is_no_sign_in_is_refused_by_field(client: FlaskClient, body: object) -> None:
    answer = client.post(TOKEN, json=body)
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


def test_a_device_has_a_name_people_know(client: FlaskClient, ada: User) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    answer = client.post(
        TOKEN,
        json={"identifier": "ada", "password": PASSWORD},
        headers={"User-Agent": agent},
        environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
    )
    bearer = {"Authorization": f"Bearer {answer.json['access']}"}
    [session] = client.get("/api/v1/me/sessions", headers=bearer).json["results"]
    assert (session["device"], session["address"]) == ("Firefox on Linux", "203.0.113.9")
    assert session["current"] is True


def test_a_lone_surrogate_is_no_password(client: FlaskClient) -> None:
    body = b'{"identifier": "ada", "password": "\\ud800 and more"}'
    answer = client.post(TOKEN, data=body, content_type="application/json")
    assert answer.status_code in (400, 422)


@transactional
def behind_the_back(**changes: object) -> None:
    """As another process would change people while this one still holds their old rows."""
    statement = update(User).values(**changes)
    db.session.execute(statement.execution_options(synchronize_session=False))


@pytest.mark.parametrize("open_session", [session_service.open_browser, session_service.open_api])
@pytest.mark.parametrize("changes", [{"password_hash": "another"}, {"is_active": False}])
def test_a_proof_that_was_overtaken_opens_nothing(
    ada: User, changes: dict[str, object], open_session: Callable[[User, Client], object]
) -> None:
    proven = service.sign_in("ada", PASSWORD, DEVICE)
    behind_the_back(**changes)
    with pytest.raises(NotSignedIn):
        open_session(proven, DEVICE)
