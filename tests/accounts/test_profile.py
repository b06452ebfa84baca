"""People change what is known about them, and leave with everything that is theirs."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite.accounts import policy, queries, service, session_service
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.catalogue import service as catalogue
from moviesite.errors import Forbidden
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import (
    Identity,
    Movie,
    OutboxEntry,
    RefreshToken,
    Session,
    SingleUseToken,
    User,
)
from moviesite.transactions import transactional
from tests import factories, people
from tests.meanwhile import another_writer, until_somebody_waits
from tests.people import DEVICE, PASSWORD

ME, PASSWORDS = "/api/v1/me", "/api/v1/me/password"
NEW = "nineteen lemons"


def mails() -> list[list[object]]:
    return list(db.session.scalars(select(OutboxEntry.args).order_by(OutboxEntry.id)))


def test_a_profile_says_every_field_and_no_secret(as_ada: FlaskClient, ada: User) -> None:
    me = as_ada.get(ME)
    assert me.headers["Cache-Control"] == "private, no-store"
    assert me.json == {
        "id": str(ada.uuid),
        "username": "ada",
        "email": "ada@example.org",
        "email_verified": True,
        "pending_email": None,
        "avatar_url": None,
        "locale": None,
        "time_zone": None,
        "bio": "",
        "region": None,
        "providers": [],
        "show_adult": False,
        "is_admin": False,
        "tier": "free",
        "joined_at": me.json["joined_at"],
    }


CHANGES = {
    "username": "ada.l",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "bio": "Likes numbers.\n🎬",
    "region": "GB",
    "providers": [8, 337],
    "show_adult": True,
}


def test_each_field_is_changed_and_what_is_absent_stays(as_ada: FlaskClient) -> None:
    for name, value in CHANGES.items():
        answer = as_ada.patch(ME, json={name: value})
        assert answer.status_code == 200
        assert answer.json[name] == value
    kept = as_ada.get(ME).json
    assert {name: kept[name] for name in CHANGES} == CHANGES
    assert as_ada.patch(ME, json={}).json == kept


def test_what_was_said_can_be_taken_back(as_ada: FlaskClient) -> None:
    as_ada.patch(ME, json=CHANGES)
    nothing = {"locale": None, "time_zone": None, "region": None, "bio": "", "providers": []}
    answer = as_ada.patch(ME, json=nothing).json
    assert {name: answer[name] for name in nothing} == nothing


@pytest.mark.parametrize(
    "change",
    [
        {"username": ""},
        {"username": "a@b"},
        {"locale": "english"},
        {"time_zone": "Mars/Olympus"},
        {"bio": "x" * 1001},
        {"bio": "\x00"},
        {"region": "gb"},
        {"providers": [0]},
        {"providers": ["8"]},
        {"providers": [2**31]},
        {"providers": list(range(1, 102))},
        {"providers": None},
        {"show_adult": "yes"},
        {"show_adult": 1},
        {"is_admin": True},
        {"id": "0f8fad5b-d9cb-469f-a165-70867728950e"},
        {"email_verified": True},
        {"avatar_url": "https://evil.example/x.png"},
        {"email": "nobody"},
    ],
    ids=lambda change: str(change)[:40],
)
def test_what_cannot_be_is_refused_by_field(as_ada: FlaskClient, change: dict[str, object]) -> None:
    before = as_ada.get(ME).json
    answer = as_ada.patch(ME, json=change)
    assert answer.status_code == 422
    assert answer.json["errors"]["json"].keys() == change.keys()
    assert as_ada.get(ME).json == before


def test_what_somebody_else_has_is_a_conflict(as_ada: FlaskClient, ben: User) -> None:
    name = as_ada.patch(ME, json={"username": "BEN"})
    assert (name.status_code, name.json["errors"]["json"].keys()) == (409, {"username"})
    email = as_ada.patch(ME, json={"email": "BEN@example.org", "password": PASSWORD})
    assert (email.status_code, email.json["errors"]["json"].keys()) == (409, {"email"})
    own = as_ada.patch(ME, json={"username": "ADA", "email": "Ada@Example.org"})
    assert own.status_code == 200, "another case of one's own needs no password"


def test_one_of_many_who_want_a_name_at_once_gets_it(app: Flask) -> None:
    callers = [
        people.signed_in_program(app, people.join("ada", username=f"a{n}", email=f"a{n}@x.example"))
        for n in range(6)
    ]
    together, outcomes = threading.Barrier(len(callers)), Counter[int]()

    def work(caller: FlaskClient) -> None:
        together.wait()
        outcomes[caller.patch(ME, json={"username": "wanted"}).status_code] += 1

    threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {200: 1, 409: 5}


def test_a_password_is_changed_with_the_present_one_and_ends_other_sessions(
    as_ada: FlaskClient, ada: User
) -> None:
    other = session_service.open_browser(ada, DEVICE)
    answer = as_ada.put(PASSWORDS, json={"current": PASSWORD, "new": NEW})
    assert answer.status_code == 204
    assert as_ada.get(ME).status_code == 200, "the session that changed it stays"
    assert queries.viewer_by_cookie(other) is None
    assert service.sign_in("ada", NEW, DEVICE)
    assert mails() == [["password_changed", str(ada.uuid)]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current": "wrong one", "new": NEW}, "current"),
        ({"current": PASSWORD, "new": "short"}, "new"),
        ({"current": PASSWORD, "new": "password1"}, "new"),
        ({"current": PASSWORD, "new": "ada@example.org"}, "new"),
        ({"new": NEW}, "current"),
        ({"current": PASSWORD}, "new"),
    ],
)
def test_a_password_that_may_not_be_is_refused_by_field(
    as_ada: FlaskClient, body: dict[str, str], field: str
) -> None:
    answer = as_ada.put(PASSWORDS, json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]["json"].keys() == {field}
    assert service.sign_in("ada", PASSWORD, DEVICE)


def test_a_password_is_not_set_where_there_is_none(app: Flask) -> None:
    as_ada = people.signed_in_program(app, people.join("ada", password_hash=None))
    answer = as_ada.put(PASSWORDS, json={"current": "whatever", "new": NEW})
    assert answer.status_code == 409


def test_the_present_password_is_not_guessed_by_a_thief_of_a_token(house: Flask, ada: User) -> None:
    thief = people.signed_in_program(house, ada)
    tries = [
        thief.put(PASSWORDS, json={"current": "wrong one", "new": NEW}).status_code,
        thief.delete(ME, json={"password": "wrong one"}).status_code,
        thief.patch(ME, json={"email": "t@x.example", "password": "wrong one"}).status_code,
    ]
    assert tries == [422] * 3
    tries = [thief.delete(ME, json={"password": "wrong one"}).status_code for _ in range(8)]
    assert tries == [422] * 7 + [429]


def test_leaving_takes_the_password_and_everything_with_it(
    as_ada: FlaskClient, ada: User, ben: User
) -> None:
    issue_token(ada, Purpose.VERIFY_EMAIL)

    @transactional
    def know() -> None:
        db.session.add(Identity(user_id=ada.id, issuer="https://id.example", subject="1"))

    know()
    assert as_ada.delete(ME).status_code == 422
    wrong = as_ada.delete(ME, json={"password": "wrong one"})
    assert (wrong.status_code, wrong.json["errors"]["json"].keys()) == (422, {"password"})
    assert as_ada.delete(ME, json={"password": PASSWORD}).status_code == 204
    assert as_ada.get(ME).status_code == 401
    for table in (Identity, RefreshToken, Session, SingleUseToken):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert db.session.scalars(select(User.username)).all() == ["ben"]


def test_leaving_while_a_job_writes_the_same_films_in_another_order_is_no_error(
    as_ada: FlaskClient, ada: User
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    catalogue.store_movies([factories.movie(1, "Alien"), factories.movie(2, "Brazil")])
    library.like(ada, 1)
    library.vote(ada, 2, "up")
    has_second = threading.Event()

    def store() -> None:
        first, second = (update(Movie).where(Movie.id == number) for number in (1, 2))
        with as_ada.application.app_context(), another_writer() as mine:
            mine.execute(second.values(popularity=5))
            has_second.set()
            until_somebody_waits()
            mine.execute(first.values(popularity=5))

    with ThreadPoolExecutor(1) as pool:
        stored = pool.submit(store)
        assert has_second.wait(30)
        assert as_ada.delete(ME, json={"password": PASSWORD}).status_code == 204
        stored.result(60)
    counts = select(Movie.likes, Movie.votes_up, Movie.popularity)
    assert db.session.execute(counts).all() == [(0, 0, 5), (0, 0, 5)]


def test_identities_are_found_and_listed(ada: User) -> None:
    @transactional
    def know() -> None:
        db.session.add(Identity(user_id=ada.id, issuer="https://id.example", subject="1"))

    know()
    found = queries.user_by_identity("https://id.example", "1")
    assert found is not None
    assert found.id == ada.id
    assert queries.user_by_identity("https://other.example", "1") is None
    assert [one.subject for one in queries.identities_of(ada)] == ["1"]


def test_running_the_site_is_for_those_who_do(ada: User, cleo: User) -> None:
    policy.check_admin(cleo)
    with pytest.raises(Forbidden):
        policy.check_admin(ada)
