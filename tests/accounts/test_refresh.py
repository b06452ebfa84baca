"""Refresh tokens are used once; who uses one again loses the whole family."""

import datetime as dt
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite import clock
from moviesite.accounts import jobs, profile_service, queries, session_service
from moviesite.accounts.session_service import GRACE, Opened
from moviesite.errors import NotSignedIn
from moviesite.extensions import db
from moviesite.models import RefreshToken, Session, User
from moviesite.transactions import transactional
from tests.people import DEVICE

REFRESH = "/api/v1/auth/refresh"


@pytest.fixture
def opened(ada: User) -> Opened:
    """Where Ada is signed in with a program."""
    return session_service.open_api(ada, DEVICE)


@transactional
def use_long_ago(by: dt.timedelta = GRACE + dt.timedelta(seconds=1)) -> None:
    """As if every token that was used had been used so much earlier."""
    used = update(RefreshToken).where(RefreshToken.used_at.is_not(None))
    db.session.execute(used.values(used_at=clock.now() - by))


def test_a_refresh_token_is_traded_for_a_new_pair(client: FlaskClient, opened: Opened) -> None:
    answer = client.post(REFRESH, json={"refresh": opened.refresh})
    assert answer.status_code == 200
    assert answer.json.keys() == {"access", "refresh"}
    assert answer.json["refresh"] != opened.refresh
    assert answer.headers["Cache-Control"] == "no-store"
    bearer = {"Authorization": f"Bearer {answer.json['access']}"}
    assert client.get("/api/v1/me", headers=bearer).json["username"] == "ada"


def test_no_token_lies_in_the_database(opened: Opened) -> None:
    session_service.refresh(opened.refresh)
    kept = {row.token_hash for row in db.session.scalars(select(RefreshToken))}
    assert opened.refresh not in kept
    assert all(len(one) == 64 for one in kept)


def test_a_retry_within_ten_seconds_gets_the_same_successor(opened: Opened) -> None:
    first = session_service.refresh(opened.refresh)
    again = session_service.refresh(opened.refresh)
    assert first.refresh == again.refresh
    assert db.session.scalar(select(func.count()).select_from(RefreshToken)) == 2
    use_long_ago(GRACE - dt.timedelta(seconds=3))
    assert session_service.refresh(opened.refresh).refresh == first.refresh


def test_many_retries_at_once_get_the_same_successor(app: Flask, opened: Opened) -> None:
    successors: list[str] = []

    def work() -> None:
        with app.app_context():
            successors.append(session_service.refresh(opened.refresh).refresh)

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(successors) == 10
    assert len(set(successors)) == 1


def test_a_token_used_again_later_ends_its_whole_family(
    client: FlaskClient, opened: Opened
) -> None:
    pair = client.post(REFRESH, json={"refresh": opened.refresh}).json
    use_long_ago()
    assert client.post(REFRESH, json={"refresh": opened.refresh}).status_code == 401
    assert client.post(REFRESH, json={"refresh": pair["refresh"]}).status_code == 401
    bearer = {"Authorization": f"Bearer {pair['access']}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 401


def test_another_family_of_the_same_person_lives_on(ada: User, opened: Opened) -> None:
    other = session_service.open_api(ada, DEVICE)
    session_service.refresh(opened.refresh)
    use_long_ago()
    with pytest.raises(NotSignedIn):
        session_service.refresh(opened.refresh)
    assert session_service.refresh(other.refresh)


def test_a_token_is_followed_by_a_chain(opened: Opened) -> None:
    token, seen = opened.refresh, set[str]()
    for _ in range(5):
        seen.add(token)
        token = session_service.refresh(token).refresh
    assert len(seen | {token}) == 6


def test_an_expired_token_is_refused(opened: Opened) -> None:
    @transactional
    def expire() -> None:
        db.session.execute(update(RefreshToken).values(expires_at=clock.now()))

    expire()
    with pytest.raises(NotSignedIn):
        session_service.refresh(opened.refresh)


def test_a_token_lasts_thirty_days(opened: Opened) -> None:
    [row] = db.session.scalars(select(RefreshToken))
    assert abs(row.expires_at - clock.now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)


def test_nobody_deactivated_refreshes(ada: User, opened: Opened) -> None:
    profile_service.deactivate(ada)
    with pytest.raises(NotSignedIn):
        session_service.refresh(opened.refresh)


@pytest.mark.parametrize("token", ["nonsense", "x" * 2048, "'; DROP TABLE users --"])
def test_an_unknown_token_is_refused(client: FlaskClient, token: str) -> None:
    assert client.post(REFRESH, json={"refresh": token}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": 1}, {"refresh": "x" * 2049}])
def test_what_is_no_token_is_refused_by_field(client: FlaskClient, body: object) -> None:
    answer = client.post(REFRESH, json=body)
    assert answer.status_code == 422
    assert "refresh" in answer.json["errors"]["json"]


def test_logout_ends_the_family_and_says_nothing_of_unknown_tokens(
    client: FlaskClient, opened: Opened
) -> None:
    newest = session_service.refresh(opened.refresh)
    assert client.post("/api/v1/auth/logout", json={"refresh": newest.refresh}).status_code == 204
    assert client.post(REFRESH, json={"refresh": newest.refresh}).status_code == 401
    assert client.post("/api/v1/auth/logout", json={"refresh": "nonsense"}).status_code == 204


def test_a_used_token_still_signs_out(client: FlaskClient, opened: Opened) -> None:
    session_service.refresh(opened.refresh)
    client.post("/api/v1/auth/logout", json={"refresh": opened.refresh})
    assert queries.sessions_of(opened.user) == []


def test_sessions_long_over_are_deleted_with_their_tokens(ada: User, opened: Opened) -> None:
    old = session_service.open_api(ada, DEVICE)

    @transactional
    def age() -> None:
        over = update(Session).where(Session.id == old.session.id)
        db.session.execute(over.values(ended_at=clock.now() - dt.timedelta(days=31)))

    age()
    jobs.forget_old_access()
    assert db.session.scalars(select(Session.id)).all() == [opened.session.id]
    assert db.session.scalar(select(func.count()).select_from(RefreshToken)) == 1
