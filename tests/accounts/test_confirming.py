"""Without a password, a session alone does nothing that cannot be undone."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite import clock
from moviesite.accounts import jobs, proof_service
from moviesite.accounts.single_use_service import LIFETIMES, Purpose, issue_token
from moviesite.extensions import db
from moviesite.models import OutboxEntry, SingleUseToken, User
from moviesite.transactions import transactional
from tests.accounts.conftest import send_form
from tests.accounts.test_pages import faults
from tests.people import PASSWORD, join, signed_in_browser, signed_in_program
from tests.smtp import SmtpServer

ME, CONFIRMATION = "/api/v1/me", "/api/v1/me/confirmation"
NEW = "ada@new.example"


@pytest.fixture
def dora(app: Flask) -> User:
    """Ada, who has only ever come through Google."""
    return join("ada", password_hash=None)


@pytest.fixture
def program(app: Flask, dora: User) -> FlaskClient:
    return signed_in_program(app, dora)


@pytest.fixture
def browser(app: Flask, dora: User) -> FlaskClient:
    return signed_in_browser(app, dora)


def people_left() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def mails() -> list[list[object]]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxEntry.args).order_by(OutboxEntry.id)))


@transactional
def let_expire() -> None:
    db.session.execute(update(SingleUseToken).values(expires_at=clock.now()))


def test_a_program_cannot_leave_or_move_without_a_confirmation(
    program: FlaskClient, dora: User
) -> None:
    for answer in (
        program.delete(ME),
        program.delete(ME, json={"password": "anything"}),
        program.patch(ME, json={"email": NEW}),
    ):
        assert answer.status_code == 422
        assert answer.json["errors"]["json"].keys() == {"token"}
    made_up = program.delete(ME, json={"token": "made up"})
    assert (made_up.status_code, made_up.json["errors"]["json"].keys()) == (422, {"token"})
    assert program.get(ME).json["pending_email"] is None


def test_a_mailed_confirmation_lets_a_program_leave(program: FlaskClient, dora: User) -> None:
    assert program.post(CONFIRMATION).status_code == 202
    assert mails() == [["confirm_identity", str(dora.uuid)]]
    token = issue_token(dora, Purpose.CONFIRM)
    assert program.delete(ME, json={"token": token}).status_code == 204
    assert people_left() == 0


def test_a_confirmation_is_for_one_thing(program: FlaskClient, dora: User) -> None:
    token = issue_token(dora, Purpose.CONFIRM)
    assert program.patch(ME, json={"email": NEW, "token": token}).status_code == 200
    assert program.get(ME).json["pending_email"] == NEW
    assert program.delete(ME, json={"token": token}).status_code == 422


def test_what_is_refused_for_another_reason_uses_no_confirmation_up(
    program: FlaskClient, dora: User, ben: User
) -> None:
    token = issue_token(dora, Purpose.CONFIRM)
    taken = program.patch(ME, json={"email": "ben@example.org", "token": token})
    assert taken.status_code == 409
    assert program.patch(ME, json={"email": NEW, "token": token}).status_code == 200


def test_a_confirmation_is_worth_nothing_to_others_and_for_other_things(
    program: FlaskClient, dora: User
) -> None:
    other = join("ben", password_hash=None)
    theirs = issue_token(other, Purpose.CONFIRM)
    wrong = [theirs, *(issue_token(dora, one) for one in Purpose if one is not Purpose.CONFIRM)]
    for token in wrong:
        assert program.delete(ME, json={"token": token}).status_code == 422
    let_expire()
    assert not proof_service.is_confirmed(other, theirs)
    assert LIFETIMES[Purpose.CONFIRM].total_seconds() == 1800


def test_a_password_is_not_replaced_by_a_confirmation(as_ada: FlaskClient, ada: User) -> None:
    assert as_ada.post(CONFIRMATION).status_code == 409
    token = issue_token(ada, Purpose.CONFIRM)
    assert as_ada.delete(ME, json={"token": token}).status_code == 422
    assert as_ada.delete(ME, json={"token": token, "password": PASSWORD}).status_code == 204


def test_confirmations_are_mailed_a_few_times_an_hour(house: Flask) -> None:
    program = signed_in_program(house, join("ada", password_hash=None))
    assert [program.post(CONFIRMATION).status_code for _ in range(6)] == [202] * 5 + [429]


def test_the_page_offers_a_link_before_the_forms(browser: FlaskClient, dora: User) -> None:
    page = browser.get("/account").text
    assert page.count("Email me a link") == 2
    assert "Yes, delete everything" not in page
    assert "Confirm with Google" not in page, "it is not set up here"
    for address, form in (
        ("/account/delete", {"sure": "1"}),
        ("/account/address", {"email": NEW}),
    ):
        refused = send_form(browser, address, **form)
        assert refused.status_code == 422
        assert "Please confirm that it is you first." in refused.text
    assert people_left() == 1


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    started = SmtpServer()
    yield started
    started.close()


def test_a_mailed_link_opens_the_forms_of_the_page_once(
    site_with, server: SmtpServer, dora: User
) -> None:
    mail = f"smtp://127.0.0.1:{server.port}?tls=none"
    site = site_with(MAIL_URL=mail, MAIL_FROM="films@films.example")
    browser = signed_in_browser(site, dora)
    asked = send_form(browser, "/account/confirmation", **{"for": "delete"})
    assert (asked.status_code, asked.headers["Location"]) == (303, "/account#delete")
    with site.app_context():
        jobs.send_email("confirm_identity", str(dora.uuid))
    [delivery] = server.deliveries
    assert delivery.to == ["ada@example.org"]
    found = re.search(
        r"http://127\.0\.0\.1:\d+(/account/confirm\?token=(\S+))", delivery.part("plain")
    )
    assert found
    assert "Yes, it is me" in browser.get(found[1]).text
    assert "Yes, delete everything" not in browser.get("/account").text, "a look is not enough"
    pressed = send_form(browser, "/account/confirm", token=found[2])
    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/account")
    assert "Yes, delete everything" in browser.get("/account").text
    unsure = send_form(browser, "/account/delete")
    assert faults(unsure).keys() == {"delete-sure"}
    gone = send_form(browser, "/account/delete", sure="1")
    assert (gone.status_code, gone.headers["Location"]) == (303, "/sign-in")
    assert people_left() == 0


def test_somebody_elses_link_confirms_nothing_here(browser: FlaskClient, dora: User) -> None:
    theirs = issue_token(join("ben", password_hash=None), Purpose.CONFIRM)
    refused = send_form(browser, "/account/confirm", token=theirs)
    assert refused.status_code == 403
    assert "This link does not work" in refused.text
    assert "Yes, delete everything" not in browser.get("/account").text


@pytest.mark.parametrize("token", ["", "x" * 5000, "\x00", "<script>"])
def test_a_broken_link_says_so(browser: FlaskClient, token: str) -> None:
    assert browser.get("/account/confirm", query_string={"token": token}).status_code == 200
    answer = send_form(browser, "/account/confirm", token=token)
    assert answer.status_code in {403, 422}
    assert "This link does not work" in answer.text
