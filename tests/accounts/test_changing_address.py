"""An account moves to another address once that one is proven, and not a moment before."""

import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite.accounts import address_service, google_service, mail_service, queries, service
from moviesite.accounts.mails import Kind
from moviesite.accounts.profile_service import edit_profile
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.errors import InvalidInput, NotSignedIn
from moviesite.extensions import db
from moviesite.models import OutboxEntry, User
from moviesite.providers.google import Witnessed
from tests.accounts.conftest import send_form
from tests.people import DEVICE, PASSWORD, join, signed_in_browser, signed_in_program

ME, VERIFY = "/api/v1/me", "/api/v1/auth/verify-email"
OLD, NEW = "ada@example.org", "ada@new.example"
ASK = {"email": NEW, "password": PASSWORD}
NEW_PASSWORD = "nineteen lemons"


def mails() -> list[list[object]]:
    """What was asked to be mailed, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxEntry.args).order_by(OutboxEntry.id)))


def fresh(user: User) -> User:
    db.session.expire_all()
    return db.session.get_one(User, user.id)


def ask(user: User, email: str = NEW) -> str:
    """Begin to move, and the secret of the link that is mailed for it."""
    edit_profile(user, {"email": email}, DEVICE, Proof(PASSWORD))
    return issue_token(user, Purpose.CHANGE_EMAIL)


def test_a_program_asks_and_the_old_address_stays(as_ada: FlaskClient, ada: User) -> None:
    new = {"email": NEW}
    assert as_ada.patch(ME, json=new).status_code == 422
    assert as_ada.patch(ME, json={**new, "password": "wrong one"}).status_code == 422
    assert mails() == []
    asked = as_ada.patch(ME, json={**ASK, "bio": "Likes trains."})
    assert asked.status_code == 200
    said = {name: asked.json[name] for name in ("email", "email_verified", "pending_email", "bio")}
    assert said == {
        "email": OLD,
        "email_verified": True,
        "pending_email": NEW,
        "bio": "Likes trains.",
    }
    assert mails() == [["address_asked", str(ada.uuid)], ["change_address", str(ada.uuid)]]


def test_until_the_proof_the_old_address_signs_in_and_is_mailed(ada: User) -> None:
    ask(ada)
    assert service.sign_in(OLD, PASSWORD, DEVICE).id == ada.id
    with pytest.raises(NotSignedIn):
        service.sign_in(NEW, PASSWORD, DEVICE)
    assert queries.user_by_email(OLD) is not None
    assert queries.user_by_email(NEW) is None
    recipients = {kind: mail_service.recipient(kind, fresh(ada)) for kind in Kind}
    assert recipients.pop(Kind.CHANGE_ADDRESS) == NEW
    assert set(recipients.values()) == {OLD}


def test_the_link_moves_the_account_and_the_old_address_is_told(
    client: FlaskClient, ada: User
) -> None:
    token = ask(ada)
    assert client.post(VERIFY, json={"token": token}).status_code == 204
    user = fresh(ada)
    assert (user.email, user.pending_email, user.email_verified) == (NEW, None, True)
    assert mails()[-1] == ["address_changed", str(ada.uuid), OLD]
    assert service.sign_in(NEW, PASSWORD, DEVICE).id == ada.id
    with pytest.raises(NotSignedIn):
        service.sign_in(OLD, PASSWORD, DEVICE)
    assert client.post(VERIFY, json={"token": token}).status_code == 422


def test_the_page_says_what_it_waits_for_and_sends_the_link_again(
    ada_browsing: FlaskClient, ada: User
) -> None:
    assert send_form(ada_browsing, "/account/address", **ASK).status_code == 303
    page = ada_browsing.get("/account").text
    assert f"We sent a link to <strong>{NEW}</strong>" in page
    assert f"Waiting for confirmation at <strong>{NEW}</strong>" in page
    assert "A link is on its way to the new address." in page
    assert send_form(ada_browsing, "/account/verification").status_code == 303
    assert [mail[0] for mail in mails()] == ["address_asked", *["change_address"] * 2]
    token = issue_token(fresh(ada), Purpose.CHANGE_EMAIL)
    assert "Confirm my address" in ada_browsing.get(f"/verify-email?token={token}").text
    assert fresh(ada).email == OLD, "a look at the link is no proof"
    assert send_form(ada_browsing, "/verify-email", token=token).status_code == 303
    assert fresh(ada).email == NEW
    assert "Waiting for confirmation" not in ada_browsing.get("/account").text


def test_a_program_has_the_link_sent_again(as_ada: FlaskClient, ada: User) -> None:
    as_ada.patch(ME, json=ASK)
    assert as_ada.post(f"{ME}/verification").status_code == 202
    assert [mail[0] for mail in mails()] == ["address_asked", *["change_address"] * 2]


def test_asking_again_for_the_same_does_not_tell_the_old_one_twice(ada: User) -> None:
    ask(ada)
    ask(ada)
    ask(ada, "ada@third.example")
    kinds = [mail[0] for mail in mails()]
    assert Counter(kinds) == {"address_asked": 2, "change_address": 3}


def test_a_change_is_called_off_on_the_page(ada_browsing: FlaskClient, ada: User) -> None:
    token = ask(ada)
    assert send_form(ada_browsing, "/account/address/cancel").status_code == 303
    assert fresh(ada).pending_email is None
    refused = send_form(ada_browsing, "/verify-email", token=token)
    assert (refused.status_code, fresh(ada).email) == (422, OLD)


def test_a_change_is_called_off_by_a_program(as_ada: FlaskClient, ada: User) -> None:
    token = ask(ada)
    assert as_ada.delete(f"{ME}/pending-email").status_code == 204
    assert as_ada.get(ME).json["pending_email"] is None
    with pytest.raises(InvalidInput):
        address_service.verify_email(token)


def test_another_wish_makes_the_first_link_worthless(ada: User) -> None:
    first = ask(ada)
    second = ask(ada, "ada@third.example")
    with pytest.raises(InvalidInput):
        address_service.verify_email(first)
    assert address_service.verify_email(second).email == "ada@third.example"


def test_writing_the_present_address_changes_nothing(as_ada: FlaskClient, ada: User) -> None:
    ask(ada)
    same = as_ada.patch(ME, json={"email": OLD.upper(), "bio": "x"})
    assert (same.status_code, same.json["email"], same.json["pending_email"]) == (200, OLD, NEW)


def test_an_address_that_somebody_has_is_refused_when_asked_for(
    as_ada: FlaskClient, ben: User
) -> None:
    taken = as_ada.patch(ME, json={**ASK, "email": "BEN@example.org"})
    assert (taken.status_code, taken.json["errors"]["json"].keys()) == (409, {"email"})
    assert mails() == []


def test_asking_for_addresses_tells_no_more_than_registering_does(
    guarded: Flask, ada: User, ben: User
) -> None:
    program = signed_in_program(guarded, ada)
    sent = [{**ASK, "email": email} for email in [ben.email, "nobody@example.org"] * 3]
    answers = [program.patch(ME, json=one) for one in sent]
    assert [answer.status_code for answer in answers] == [409, 200, 409, 200, 409, 429]
    register = {"email": ben.email, "password": NEW_PASSWORD}
    assert guarded.test_client().post("/api/v1/auth/register", json=register).status_code == 429
    assert program.patch(ME, json={"bio": "Likes trains."}).status_code == 200


def test_an_address_that_somebody_got_meanwhile_is_a_conflict_and_a_clear_page(
    client: FlaskClient, ada_browsing: FlaskClient, ada: User
) -> None:
    token = ask(ada)
    join("ben", email=NEW)
    answer = client.post(VERIFY, json={"token": token})
    assert (answer.status_code, answer.json["errors"]["json"].keys()) == (409, {"email"})
    page = send_form(ada_browsing, "/verify-email", token=token)
    assert page.status_code == 409
    assert "This address is already taken" in page.text
    assert (fresh(ada).email, fresh(ada).pending_email) == (OLD, NEW)


def test_of_many_who_wait_for_one_address_the_first_gets_it(app: Flask) -> None:
    users = [join("ada", username=f"a{n}", email=f"a{n}@x.example") for n in range(5)]
    tokens, outcomes = [ask(user) for user in users], Counter[int]()
    together = threading.Barrier(len(tokens))

    def follow(token: str) -> None:
        together.wait()
        outcomes[app.test_client().post(VERIFY, json={"token": token}).status_code] += 1

    threads = [threading.Thread(target=follow, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {204: 1, 409: 4}
    db.session.rollback()
    assert len(db.session.scalars(select(User).where(User.email == NEW)).all()) == 1


def test_a_new_password_calls_a_strangers_change_off(ada: User) -> None:
    changed = ask(ada)
    service.confirm_password_reset(issue_token(ada, Purpose.RESET_PASSWORD), NEW_PASSWORD)
    assert fresh(ada).pending_email is None
    with pytest.raises(InvalidInput):
        address_service.verify_email(changed)


def test_the_true_owner_of_an_address_calls_a_strangers_change_off(app: Flask) -> None:
    squatter = join("ada", email_verified_at=None)
    changed = ask(squatter, "evil@example.net")
    owner = Witnessed("https://accounts.google.com", "g-1", OLD, email_verified=True)
    assert google_service.enter(owner, DEVICE).id == squatter.id
    assert fresh(squatter).pending_email is None
    with pytest.raises(InvalidInput):
        address_service.verify_email(changed)


def test_links_to_strangers_are_sent_a_few_times_an_hour(house: Flask, ada: User) -> None:
    program = signed_in_program(house, ada)
    asked = [
        program.patch(ME, json={"email": f"a{n}@new.example", "password": PASSWORD}).status_code
        for n in range(6)
    ]
    assert asked == [200] * 5 + [429]
    assert fresh(ada).pending_email == "a4@new.example", "the refused one changed nothing"
    again = send_form(signed_in_browser(house, ada), "/account/verification")
    assert again.status_code == 429


def test_a_refusal_leaves_the_rest_of_the_profile_alone(as_ada: FlaskClient, ben: User) -> None:
    refused = as_ada.patch(ME, json={**ASK, "email": "ben@example.org", "bio": "new"})
    assert refused.status_code == 409
    assert as_ada.get(ME).json["bio"] == ""
