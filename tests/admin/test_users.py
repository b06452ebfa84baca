"""Those who run the site look after accounts and tiers; one of them is always left."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from moviesite.accounts import session_service
from moviesite.admin import tiers_service, user_queries, user_service
from moviesite.admin.user_queries import UserWish
from moviesite.assistant import tier_service
from moviesite.errors import MovieSiteError
from moviesite.extensions import db
from moviesite.models import AccountTier, User
from moviesite.transactions import transactional
from tests.admin.conftest import acts, confirm, post
from tests.people import DEVICE, PASSWORD, join, signed_in_program
from tests.statements import counted

API = "/api/v1/admin"


def fresh(user: User) -> User:
    db.session.rollback()
    db.session.refresh(user)
    return user


@pytest.fixture
def tiers(app: Flask) -> None:
    """Two tiers and no other, the smaller being the default."""
    forget_tiers()
    tier_service.create("free", "Free", 3)
    tier_service.create("premium", "Premium", 30)


@transactional
def forget_tiers() -> None:
    """Those that an installation begins with."""
    db.session.execute(delete(AccountTier))


def test_accounts_are_found_by_name_address_and_what_they_are(
    admin: FlaskClient, ada: User, ben: User, tiers: None
) -> None:
    def found(query: str) -> list[str]:
        body = admin.get(f"{API}/users?{query}").get_json()
        return sorted(row["username"] for row in body["results"])

    assert found("") == ["ada", "ben", "cleo"]
    assert found("search=AD") == ["ada"]
    assert found("search=ben@example") == ["ben"]
    assert found("search=%25") == []
    assert found("show=admins") == ["cleo"]
    admin.patch(f"{API}/users/{ada.uuid}", json={"tier": "premium", "is_active": False})
    assert found("show=closed") == ["ada"]
    assert found("tier=premium") == ["ada"]
    assert found("tier=-") == ["ben", "cleo"]


def test_no_secret_is_shown(admin: FlaskClient, ada: User) -> None:
    shown = admin.get(f"{API}/users/{ada.uuid}").get_json()
    assert set(shown) == {
        *("id", "username", "email", "email_verified", "is_admin", "is_active", "tier"),
        *("joined_at", "sessions", "last_used_at"),
    }


def test_an_account_is_closed_and_opened(
    app: Flask, admin: FlaskClient, ada: User, as_ada: FlaskClient
) -> None:
    answer = admin.patch(f"{API}/users/{ada.uuid}", json={"is_active": False})
    assert (answer.status_code, answer.get_json()["sessions"]) == (200, 0)
    assert as_ada.get("/api/v1/me").status_code == 401
    assert admin.patch(f"{API}/users/{ada.uuid}", json={"is_active": True}).status_code == 200
    assert signed_in_program(app, fresh(ada)).get("/api/v1/me").status_code == 200
    changes = [(entry.before, entry.after) for entry in acts()]
    assert changes == [
        ({"is_active": True}, {"is_active": False}),
        ({"is_active": False}, {"is_active": True}),
    ]


def test_somebody_is_signed_out_everywhere(
    admin: FlaskClient, as_ada: FlaskClient, ada: User, cleo: User
) -> None:
    session_service.open_browser(ada, DEVICE)
    answer = admin.delete(f"{API}/users/{ada.uuid}/sessions")
    assert answer.get_json() == {"ended": 2}
    assert as_ada.get("/api/v1/me").status_code == 401
    session_service.open_browser(cleo, DEVICE)
    assert admin.delete(f"{API}/users/{cleo.uuid}/sessions").get_json()["ended"] >= 1
    assert admin.get("/api/v1/me").status_code == 200
    assert [entry.act for entry in acts()] == ["user.end-sessions"] * 2


def test_letting_somebody_run_the_site_takes_a_confirmed_session(
    as_cleo: FlaskClient, ada: User, tiers: None
) -> None:
    address = f"{API}/users/{ada.uuid}"
    assert as_cleo.patch(address, json={"tier": "premium"}).status_code == 200
    for dangerous in ({"is_admin": True}, {"is_active": False}):
        assert as_cleo.patch(address, json=dangerous).status_code == 403
    assert confirm(as_cleo) == 200
    assert as_cleo.patch(address, json={"is_admin": True}).get_json()["is_admin"]
    assert fresh(ada).is_admin


def test_nobody_locks_everybody_out(admin: FlaskClient, ada: User, cleo: User) -> None:
    address = f"{API}/users/{cleo.uuid}"
    for changes in ({"is_admin": False}, {"is_active": False}):
        assert admin.patch(address, json=changes).status_code == 409
    admin.patch(f"{API}/users/{ada.uuid}", json={"is_admin": True})
    assert admin.patch(address, json={"is_active": False}).status_code == 409
    assert admin.patch(address, json={"is_admin": False}).status_code == 200
    assert not fresh(cleo).is_admin
    assert acts()[-1].after == {"is_admin": False}
    assert admin.get(f"{API}/users").status_code == 403


def test_who_closed_is_none_of_those_who_are_left(
    admin: FlaskClient, ada: User, cleo: User
) -> None:
    admin.patch(f"{API}/users/{ada.uuid}", json={"is_admin": True, "is_active": False})
    assert admin.patch(f"{API}/users/{cleo.uuid}", json={"is_admin": False}).status_code == 409


def test_two_who_take_the_site_from_each_other_at_once_leave_one(app: Flask, cleo: User) -> None:
    dora = join("cleo", username="dora", email="dora@example.org")
    pairs = ((cleo.uuid, dora.uuid), (dora.uuid, cleo.uuid))
    begin, outcomes = threading.Barrier(2), []

    def demote(own: Any, other: Any) -> None:
        with app.app_context():
            actor = db.session.query(User).filter_by(uuid=own).one()
            db.session.rollback()
            begin.wait(30)
            try:
                user_service.edit(actor, other, {"is_admin": False})
                outcomes.append("done")
            except MovieSiteError as error:
                outcomes.append(type(error).__name__)
            db.session.remove()

    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["NotAdmin", "done"]
    db.session.rollback()
    assert db.session.query(User).filter_by(is_admin=True, is_active=True).count() == 1
    assert len(acts()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"tier": "Nope!"}, {"is_admin": "yes"}, {"is_active": None}, {"username": "x"}, {"tier": 1}],
    ids=str,
)
def test_what_cannot_be_changed_is_refused(
    admin: FlaskClient, ada: User, changes: dict[str, Any]
) -> None:
    assert admin.patch(f"{API}/users/{ada.uuid}", json=changes).status_code == 422
    assert acts() == []


def test_who_and_what_is_not_there_is_not_found(admin: FlaskClient, ada: User) -> None:
    assert admin.get(f"{API}/users/{uuid4()}").status_code == 404
    assert admin.patch(f"{API}/users/{uuid4()}", json={"is_admin": True}).status_code == 404
    assert admin.patch(f"{API}/users/{ada.uuid}", json={"tier": "gone"}).status_code == 404
    assert admin.get(f"{API}/tiers/gone").status_code == 404


def test_tiers_are_made_changed_and_deleted(admin: FlaskClient, ada: User, tiers: None) -> None:
    new = {"code": "club", "name": "Club", "daily_limit": 10}
    made = admin.post(f"{API}/tiers", json=new)
    assert (made.status_code, made.get_json()["people"]) == (201, 0)
    again = admin.post(f"{API}/tiers", json=new)
    assert (again.status_code, again.get_json()["errors"]["json"].keys()) == (409, {"code"})
    admin.patch(f"{API}/users/{ada.uuid}", json={"tier": "club"})
    changed = admin.patch(f"{API}/tiers/club", json={"daily_limit": 20, "is_default": True})
    assert changed.get_json()["is_default"]
    assert admin.delete(f"{API}/tiers/club").status_code == 409
    assert admin.delete(f"{API}/tiers/free?successor=premium").status_code == 204
    codes = [row["code"] for row in admin.get(f"{API}/tiers").get_json()["results"]]
    assert codes == ["club", "premium"]
    assert [entry.act for entry in acts()] == [
        *("tier.add", "user.edit", "tier.edit", "tier.delete")
    ]


@pytest.mark.parametrize(
    "new",
    [
        {"code": "Big", "name": "Big", "daily_limit": 1},
        {"code": "big", "name": " ", "daily_limit": 1},
        {"code": "big", "name": "Big", "daily_limit": -1},
        {"code": "big", "name": "Big", "daily_limit": "1"},
        {"code": "big\n", "name": "Big", "daily_limit": 1},
    ],
    ids=str,
)
def test_a_tier_that_cannot_be_is_refused(
    admin: FlaskClient, tiers: None, new: dict[str, Any]
) -> None:
    assert admin.post(f"{API}/tiers", json=new).status_code == 422
    assert len(tiers_service.listing()) == 2


def test_accounts_cost_the_same_whatever_their_number(cleo: User, app: Flask) -> None:
    for number in range(30):
        join("ada", username=f"viewer{number}", email=f"viewer{number}@example.org")
    for size in (5, 30):
        with counted() as made:
            assert len(user_queries.users(UserWish(), page_size=size).rows) == size
        assert len(made) == 3


def test_pages_of_accounts(desk: FlaskClient, ada: User, cleo: User, tiers: None) -> None:
    assert "ada@example.org" in desk.get("/admin/users?search=ada").text
    page = f"/admin/users/{ada.uuid}"
    assert post(desk, f"{page}/tier", tier="premium").status_code == 303
    assert fresh(ada).tier_code == "premium"
    assert post(desk, f"{page}/tier", tier="gone").status_code == 404
    assert post(desk, f"{page}/tier", tier="-").status_code == 303
    assert "Make admin" in desk.get(f"{page}/promote").text
    assert post(desk, f"{page}/promote").status_code == 303
    assert ">admin<" in desk.get(page).text
    assert post(desk, f"{page}/close").status_code == 303
    assert post(desk, f"{page}/open").status_code == 303
    assert post(desk, f"{page}/end-sessions").status_code == 303
    assert post(desk, f"{page}/demote").status_code == 303
    refused = post(desk, f"/admin/users/{cleo.uuid}/demote")
    assert refused.status_code == 409
    assert "There would be no admin left" in refused.text
    assert desk.get(f"{page}/delete").status_code == 404


def test_the_last_who_runs_the_site_does_not_leave(
    as_cleo: FlaskClient, cleo: User, ada: User
) -> None:
    proof = {"password": PASSWORD}
    refused = as_cleo.delete("/api/v1/me", json=proof)
    assert refused.status_code == 409
    assert "There would be no admin left" in refused.get_json()["detail"]
    user_service.set_admin_by_operator(ada, True)
    assert as_cleo.delete("/api/v1/me", json=proof).status_code == 204
    assert db.session.scalars(select(User.username)).all() == ["ada"]


def test_pages_of_tiers(desk: FlaskClient, tiers: None) -> None:
    new = {"code": "club", "name": "Club", "daily_limit": "10"}
    assert post(desk, "/admin/tiers", **new).status_code == 303
    assert post(desk, "/admin/tiers", **{**new, "daily_limit": "lots"}).status_code == 422
    assert "Club" in desk.get("/admin/tiers").text
    changed = post(desk, "/admin/tiers/club", name="Club", daily_limit="12", is_default="1")
    assert changed.status_code == 303
    assert post(desk, "/admin/tiers/club/delete").status_code == 409
    assert post(desk, "/admin/tiers/free/delete", successor="club").status_code == 303
    assert tiers_service.one("club").is_default


def test_the_command_line_is_in_the_log_and_may_do_anything(app: Flask, cleo: User) -> None:
    for command in (["user", "demote", "cleo"], ["user", "end-sessions", "cleo"]):
        assert app.test_cli_runner().invoke(args=command).exit_code == 0
    assert app.test_cli_runner().invoke(args=["user", "deactivate", "cleo"]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["purge-tmdb", "--yes"]).exit_code == 0
    assert not fresh(cleo).is_admin
    assert [(entry.actor_name, entry.act) for entry in acts()] == [
        ("command line", act)
        for act in ("user.edit", "user.end-sessions", "user.edit", "tmdb.purge")
    ]


def test_a_closed_session_is_told_apart_from_a_confirmed_one(app: Flask, cleo: User) -> None:
    program = signed_in_program(app, cleo)
    assert confirm(program) == 200
    close(cleo)
    assert program.get(f"{API}/users").status_code == 401


@transactional
def close(user: User) -> None:
    user.is_active = False
