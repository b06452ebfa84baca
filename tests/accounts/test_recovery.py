"""Mailed secrets: for one person, one purpose, one use, and not for long."""

import datetime as dt
import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite import clock
from moviesite.accounts import (
    address_service,
    jobs,
    passwords,
    profile_service,
    queries,
    service,
    session_service,
)
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.single_use_service import Purpose, issue_token, redeem
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.models import OutboxEntry, SingleUseToken, User
from moviesite.queue import Job
from moviesite.transactions import transactional
from tests import people
from tests.people import DEVICE, PASSWORD
from tests.statements import counted

RESET, CONFIRM = "/api/v1/auth/password-reset", "/api/v1/auth/password-reset/confirm"
VERIFY = "/api/v1/auth/verify-email"
NEW = "nineteen lemons"


def mails() -> list[list[object]]:
    """What was asked to be mailed, oldest first."""
    asked = select(OutboxEntry.args).where(OutboxEntry.job == Job.SEND_EMAIL)
    return list(db.session.scalars(asked.order_by(OutboxEntry.id)))


@transactional
def expire(ago: dt.timedelta) -> None:
    db.session.execute(update(SingleUseToken).values(expires_at=clock.now() - ago))


def test_a_mailed_secret_sets_a_new_password_once(client: FlaskClient, ada: User) -> None:
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    body = {"token": token, "password": NEW}
    assert client.post(CONFIRM, json=body).status_code == 204
    assert service.sign_in("ada", NEW, DEVICE).id == ada.id
    again = client.post(CONFIRM, json={"token": token, "password": "twenty lemons"})
    assert again.status_code == 422
    assert "token" in again.json["errors"]["json"]


def test_a_reset_ends_every_session_proves_the_address_and_is_told(app: Flask) -> None:
    ada = people.join("ada", email_verified_at=None)
    session_service.open_api(ada, DEVICE)
    session_service.open_browser(ada, DEVICE)
    service.confirm_password_reset(issue_token(ada, Purpose.RESET_PASSWORD), NEW)
    assert queries.sessions_of(ada) == []
    assert ada.email_verified
    assert mails() == [["password_changed", str(ada.uuid)]]


def test_twenty_parallel_uses_succeed_once(app: Flask, ada: User) -> None:
    token, outcomes = issue_token(ada, Purpose.RESET_PASSWORD), Counter[int]()

    def work(number: int) -> None:
        body = {"token": token, "password": f"lemons of thread {number}"}
        outcomes[app.test_client().post(CONFIRM, json=body).status_code] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {204: 1, 422: 19}


def test_a_secret_is_bound_to_the_password_it_was_sent_for(ada: User) -> None:
    first, second = (issue_token(ada, Purpose.RESET_PASSWORD) for _ in range(2))
    service.confirm_password_reset(second, NEW)
    with pytest.raises(InvalidInput):
        service.confirm_password_reset(first, "twenty lemons")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_secret_is_bound_to_the_address_it_was_sent_to(ada: User, purpose: Purpose) -> None:
    token = issue_token(ada, purpose)
    changes = {"email": "ada@new.example"}
    profile_service.edit_profile(ada, changes, DEVICE, Proof(PASSWORD))
    address_service.verify_email(issue_token(ada, Purpose.CHANGE_EMAIL))
    with pytest.raises(InvalidInput):
        redeem(token, purpose)


@pytest.mark.parametrize(
    ("purpose", "lifetime"),
    [
        (Purpose.RESET_PASSWORD, 30 * 60),
        (Purpose.VERIFY_EMAIL, 48 * 3600),
        (Purpose.CHANGE_EMAIL, 48 * 3600),
        (Purpose.CONFIRM, 30 * 60),
    ],
)
def test_a_secret_is_good_for_as_long_as_it_says(
    ada: User, purpose: Purpose, lifetime: int
) -> None:
    issue_token(ada, purpose)
    expires_at = db.session.scalars(select(SingleUseToken.expires_at)).one()
    assert abs((expires_at - clock.now()).total_seconds() - lifetime) < 30


def test_an_expired_secret_is_refused_and_later_deleted(client: FlaskClient, ada: User) -> None:
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    expire(dt.timedelta(seconds=1))
    assert client.post(CONFIRM, json={"token": token, "password": NEW}).status_code == 422
    expire(dt.timedelta(days=2))
    jobs.forget_old_access()
    assert db.session.scalar(select(func.count()).select_from(SingleUseToken)) == 0


def test_a_secret_for_one_purpose_is_none_for_another(client: FlaskClient, ada: User) -> None:
    token = issue_token(ada, Purpose.VERIFY_EMAIL)
    assert client.post(CONFIRM, json={"token": token, "password": NEW}).status_code == 422
    assert client.post(VERIFY, json={"token": token}).status_code == 204


def test_a_refused_password_does_not_use_up_the_secret(client: FlaskClient, ada: User) -> None:
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    common = client.post(CONFIRM, json={"token": token, "password": "password1"})
    assert "password" in common.json["errors"]["json"]
    assert client.post(CONFIRM, json={"token": token, "password": NEW}).status_code == 204


def test_a_closed_account_is_not_recovered(ada: User) -> None:
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    profile_service.deactivate(ada)
    with pytest.raises(InvalidInput):
        service.confirm_password_reset(token, NEW)


def test_an_account_without_password_gets_one_by_mail(app: Flask) -> None:
    ada = people.join("ada", password_hash=None)
    service.confirm_password_reset(issue_token(ada, Purpose.RESET_PASSWORD), NEW)
    assert passwords.matches(ada.password_hash, NEW)


def test_no_secret_lies_in_the_database_or_the_queue(client: FlaskClient, ada: User) -> None:
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    client.post(RESET, json={"email": "ada@example.org"})
    assert token not in set(db.session.scalars(select(SingleUseToken.token_hash)))
    assert mails() == [["reset_password", str(ada.uuid)]]


def test_asking_for_a_reset_answers_the_same_whether_somebody_is_there(
    house: Flask, ada: User
) -> None:
    people.join("ben", is_active=False)
    client, work, answers = house.test_client(), [], []
    for email in ("ada@example.org", "nobody@example.org", "ben@example.org"):
        with counted() as said:
            answers.append(client.post(RESET, json={"email": email}))
        work.append([statement.split("WHERE")[0] for statement in said])
        db.session.rollback()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.data for answer in answers}) == 1
    assert work[0] == work[1] == work[2]
    assert mails() == [
        ["reset_password", str(ada.uuid)],
        ["reset_password", str(service.NOBODY)],
        ["reset_password", str(service.NOBODY)],
    ]


def test_many_resets_of_one_address_are_answered_and_not_mailed(house: Flask, ada: User) -> None:
    client = house.test_client()
    statuses = {
        client.post(
            RESET,
            json={"email": "ada@example.org"},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(8)
    }
    assert statuses == {202}
    assert len(mails()) == 5


def test_many_resets_from_one_address_are_refused(house: Flask) -> None:
    client = house.test_client()
    asked = [
        client.post(RESET, json={"email": f"nobody{n}@example.org"}).status_code for n in range(26)
    ]
    assert asked == [202] * 25 + [429]


def test_an_address_is_proven_once(client: FlaskClient) -> None:
    ada = people.join("ada", email_verified_at=None)
    token = issue_token(ada, Purpose.VERIFY_EMAIL)
    assert client.post(VERIFY, json={"token": token}).status_code == 204
    assert ada.email_verified
    assert client.post(VERIFY, json={"token": token}).status_code == 422


def test_a_proof_can_be_asked_for_again_until_there_is_one(house: Flask, ada: User) -> None:
    address_service.request_verification(ada)
    assert mails() == []
    ben = people.join("ben", email_verified_at=None)
    address_service.request_verification(ben)
    assert mails() == [["verify_email", str(ben.uuid)]]
