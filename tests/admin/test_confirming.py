"""What is dangerous takes a session whose owner has shown again that it is they."""

import datetime as dt

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from moviesite import clock
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.extensions import db
from moviesite.models import Session, User
from moviesite.models.accounts import CONFIRMED_FOR
from moviesite.transactions import transactional
from tests.admin.conftest import confirm, post
from tests.people import PASSWORD, join, signed_in_browser, signed_in_program

AGAIN = "/account/again"


@transactional
def let_pass(span: dt.timedelta) -> None:
    """Make every confirmation older."""
    db.session.execute(update(Session).values(confirmed_at=clock.now() - span))


def is_confirmed(user: User) -> bool:
    db.session.rollback()
    found = db.session.query(Session).filter_by(user_id=user.id).populate_existing().one()
    return found.is_confirmed


def test_a_program_confirms_its_session_by_the_password(as_ada: FlaskClient, ada: User) -> None:
    assert not is_confirmed(ada)
    answer = as_ada.put("/api/v1/me/confirmation", json={"password": PASSWORD})
    assert answer.status_code == 200
    assert answer.get_json()["confirmed_until"] > clock.rfc3339(clock.now())
    assert is_confirmed(ada)


def test_a_wrong_password_confirms_nothing(as_ada: FlaskClient, ada: User) -> None:
    assert confirm(as_ada, "something else") == 422
    assert as_ada.put("/api/v1/me/confirmation", json={}).status_code == 422
    assert not is_confirmed(ada)


def test_a_confirmation_wears_off(as_ada: FlaskClient, ada: User) -> None:
    assert confirm(as_ada) == 200
    let_pass(CONFIRMED_FOR + dt.timedelta(seconds=1))
    assert not is_confirmed(ada)


def test_it_is_for_one_session_alone(app: Flask, ada: User) -> None:
    assert confirm(signed_in_program(app, ada)) == 200
    other = signed_in_program(app, ada)
    sessions = db.session.query(Session).filter_by(user_id=ada.id).order_by(Session.id).all()
    assert [one.is_confirmed for one in sessions] == [True, False]
    assert other.get("/api/v1/me").status_code == 200


def test_without_a_password_a_mailed_token_does_once(app: Flask) -> None:
    ben = join("ben", password_hash=None)
    program, token = signed_in_program(app, ben), issue_token(ben, Purpose.CONFIRM)
    assert program.put("/api/v1/me/confirmation", json={"token": token}).status_code == 200
    again = program.put("/api/v1/me/confirmation", json={"token": token})
    assert again.status_code == 422


def test_a_browser_is_led_back_to_where_it_was_going(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    page = browser.get(AGAIN, query_string={"next": "/lists?page=2"})
    assert 'value="/lists?page=2"' in page.text
    refused = post(browser, AGAIN, password="wrong one", next="/lists?page=2")
    assert refused.status_code == 422
    assert 'value="/lists?page=2"' in refused.text
    assert "wrong one" not in refused.text
    answer = post(browser, AGAIN, password=PASSWORD, next="/lists?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lists?page=2")
    assert is_confirmed(ada)


def test_it_leads_to_no_other_site(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    for away in ("https://example.org/", "//example.org", "/\\example.org"):
        answer = post(browser, AGAIN, password=PASSWORD, next=away)
        assert answer.headers["Location"] == "/"


def test_a_browser_without_a_password_is_offered_a_link(app: Flask) -> None:
    ben = join("ben", password_hash=None)
    page = signed_in_browser(app, ben).get(AGAIN)
    assert "Email me a link" in page.text
