"""A browser is signed in by a session on the server, for as long as that lasts."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import select, update

from moviesite import caching, clock
from moviesite.accounts import profile_service, service, session_service
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.cache_kinds import GENRES
from moviesite.errors import NotSignedIn
from moviesite.extensions import db
from moviesite.models import Session, User
from moviesite.transactions import transactional
from moviesite.web import access_tokens, identity
from tests import people
from tests.accounts.conftest import send_form
from tests.people import DEVICE, PASSWORD
from tests.statements import counted


def secret_of(browser: FlaskClient) -> str:
    with browser.session_transaction() as cookie:
        return str(cookie.get("_user_id", ""))


def carry(browser: FlaskClient, secret: str) -> None:
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = secret


@pytest.fixture
def browser(house: Flask, ada: User) -> FlaskClient:
    """Ada's browser after she signed in on a page."""
    browser = house.test_client()
    answer = send_form(browser, "/sign-in-here", identifier="ada", password=PASSWORD)
    assert answer.status_code == 302
    return browser


def test_signing_in_shows_who_somebody_is(browser: FlaskClient) -> None:
    assert browser.get("/who").text == "ada"


def test_a_visitor_is_sent_away(house: Flask) -> None:
    assert house.test_client().get("/who").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_lasts(house: Flask, ada: User) -> None:
    browser = house.test_client()
    answer = send_form(browser, "/sign-in-here", identifier="ada", password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_the_session_is_renewed_at_sign_in(house: Flask, ada: User) -> None:
    """What somebody planted in the browser before is worth nothing after."""
    browser = house.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "known to a thief", "x"
    send_form(browser, "/sign-in-here", identifier="ada", password=PASSWORD)
    first = secret_of(browser)
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie
    send_form(browser, "/sign-in-here", identifier="ada", password=PASSWORD)
    second = secret_of(browser)
    assert len({"known to a thief", first, second}) == 3
    assert browser.get("/who").text == "ada"
    carry(browser, first)
    assert browser.get("/who").status_code == 401, "the session before it ended"


def test_the_secret_is_not_in_the_database(browser: FlaskClient) -> None:
    [row] = db.session.scalars(select(Session))
    assert row.token_hash != secret_of(browser)
    carry(browser, row.token_hash or "")
    assert browser.get("/who").status_code == 401


@pytest.mark.parametrize("ending", ["sign out", "reset", "password", "deactivation", "deletion"])
def test_an_old_cookie_is_dead(browser: FlaskClient, ada: User, ending: str) -> None:
    old = secret_of(browser)
    elsewhere = session_service.open_api(ada, DEVICE).session
    if ending == "sign out":
        send_form(browser, "/sign-out-here")
    elif ending == "reset":
        token = issue_token(ada, Purpose.RESET_PASSWORD)
        service.confirm_password_reset(token, "nineteen lemons")
    elif ending == "password":
        service.change_password(ada, PASSWORD, "nineteen lemons", DEVICE, kept=elsewhere)
    elif ending == "deactivation":
        profile_service.deactivate(ada)
    else:
        profile_service.delete_account(ada, Proof(PASSWORD), DEVICE)
    carry(browser, old)
    assert browser.get("/who").status_code == 401


def test_a_session_that_was_not_used_for_long_is_over(browser: FlaskClient) -> None:
    set_last_use(dt.timedelta(days=29))
    assert browser.get("/who").status_code == 200
    set_last_use(dt.timedelta(days=31))
    assert browser.get("/who").status_code == 401


@transactional
def set_last_use(ago: dt.timedelta) -> None:
    db.session.execute(update(Session).values(last_used_at=clock.now() - ago))


def last_use() -> dt.datetime:
    db.session.rollback()
    return db.session.scalars(select(Session.last_used_at)).one()


def test_use_is_noted_at_most_once_in_ten_minutes_and_after_the_answer(
    browser: FlaskClient,
) -> None:
    set_last_use(dt.timedelta(minutes=9))
    before = last_use()
    browser.get("/who").close()
    assert last_use() == before
    set_last_use(dt.timedelta(minutes=11))
    before = last_use()
    with counted() as said:
        answer = browser.get("/who")
        assert answer.text == "ada"
        assert len(said) == 1, "the answer waits for no write"
    answer.close()
    assert clock.now() - last_use() < dt.timedelta(minutes=1)


def test_who_browses_costs_one_statement_and_a_visitor_none(
    browser: FlaskClient, house: Flask
) -> None:
    with counted() as said:
        browser.get("/who")
    assert len(said) == 1
    with counted() as said:
        house.test_client().get("/who")
    assert said == []


@pytest.mark.parametrize("secret", ["", "nonsense", "'; DROP TABLE sessions --", "x" * 3000])
def test_a_made_up_secret_is_nobodys(house: Flask, ada: User, secret: str) -> None:
    browser = house.test_client()
    carry(browser, secret)
    assert browser.get("/who").status_code == 401


def test_a_cookie_that_we_did_not_sign_is_nobodys(browser: FlaskClient) -> None:
    browser.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert browser.get("/who").status_code == 401


class _Elsewhere(TimestampSigner):
    """A machine whose clock tells another time."""

    seconds = 0

    def get_timestamp(self) -> int:
        return super().get_timestamp() + self.seconds


@pytest.mark.parametrize(("days", "status"), [(1, 200), (-60, 401)])
def test_a_cookie_of_a_machine_whose_clock_is_ahead_is_good_and_an_old_one_is_not(
    house: Flask, ada: User, monkeypatch: pytest.MonkeyPatch, days: int, status: int
) -> None:
    monkeypatch.setattr(_Elsewhere, "seconds", days * 86400)
    browser = people.signed_in_browser(house, ada)
    cookies = house.session_interface.get_signing_serializer(house)
    kept = browser.get_cookie("session")
    assert cookies
    assert kept
    held = cookies.loads(kept.value)
    cookies.signer = _Elsewhere
    browser.set_cookie("session", cookies.dumps(held))
    assert browser.get("/who").status_code == status


def test_a_programs_session_opens_no_browser(house: Flask, ada: User) -> None:
    browser = house.test_client()
    carry(browser, session_service.open_api(ada, DEVICE).refresh)
    assert browser.get("/who").status_code == 401


def test_nobodys_own_data_is_looked_at_while_a_shared_answer_is_made(
    house: Flask, ada: User
) -> None:
    def load() -> object:
        return identity.viewer()

    with house.test_request_context("/"), pytest.raises(RuntimeError, match="shared"):
        caching.get_or_load(GENRES, {"language": "en-US"}, load)  # type: ignore[arg-type]


def test_pages_know_who_looks_at_them(house: Flask, ada: User) -> None:
    with house.test_request_context("/"):
        assert identity.viewer() is None
        identity.begin_browsing(session_service.open_browser(ada, DEVICE))
        assert identity.current_user().id == ada.id


def test_a_public_call_knows_its_caller_where_there_is_one(app: Flask, ada: User) -> None:
    opened = session_service.open_api(ada, DEVICE)
    bearer = {"Authorization": f"Bearer {access_tokens.issue(ada, opened.session)}"}
    with app.test_request_context("/api/v1/genres", headers=bearer):
        assert identity.current_viewer().session.id == opened.session.id
    identity._know_nobody()
    with app.test_request_context("/api/v1/genres"):
        assert identity.viewer() is None
        with pytest.raises(NotSignedIn):
            identity.current_user()


def test_pages_are_drawn_while_the_database_is_away(
    site_with: Callable[..., Flask], ada: User
) -> None:
    away = site_with(DATABASE_URL="sqlite:////nowhere/at/all.db", LOG_LEVEL="ERROR")
    browser = away.test_client()
    carry(browser, "whatever it was")
    page = browser.get("/about")
    assert page.status_code == 200
    assert "</html>" in page.text


def test_people_see_and_end_their_sessions(app: Flask, as_ada: FlaskClient, ada: User) -> None:
    session_service.open_browser(ada, DEVICE)
    third = session_service.open_api(ada, DEVICE)
    listed = as_ada.get("/api/v1/me/sessions").json
    assert listed["count"] == 3
    assert [row["current"] for row in listed["results"]].count(True) == 1
    assert listed["results"][0].keys() == {
        *("id", "device", "address", "created_at", "last_used_at", "current"),
    }
    one = f"/api/v1/me/sessions/{third.session.uuid}"
    assert [as_ada.delete(one).status_code for _ in range(2)] == [204, 204]
    assert as_ada.delete("/api/v1/me/sessions").status_code == 204
    left = as_ada.get("/api/v1/me/sessions?page_size=1").json
    assert (left["count"], left["results"][0]["current"]) == (1, True)


def test_nobody_ends_the_session_of_somebody_else(as_ada: FlaskClient, app: Flask) -> None:
    assert as_ada.delete(f"/api/v1/me/sessions/{uuid4()}").status_code == 404
    theirs = session_service.open_api(people.join("ben"), DEVICE)
    assert as_ada.delete(f"/api/v1/me/sessions/{theirs.session.uuid}").status_code == 404
    assert session_service.refresh(theirs.refresh)
