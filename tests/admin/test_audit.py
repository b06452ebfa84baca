"""The audit log holds who did what, when, and what it changed; and no secret."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import audit
from moviesite.admin import audit_queries, user_service
from moviesite.admin.audit_queries import AuditWish
from moviesite.audit import Act, Subject
from moviesite.errors import Forbidden
from moviesite.extensions import db
from moviesite.models import Genre, User
from moviesite.transactions import transactional
from tests.admin.conftest import acts
from tests.statements import counted

HEAT = Subject("movie", 949, "Heat")


def note(actor: User | None, number: int = 1) -> None:
    for runtime in range(number):
        audit.record(actor, Act.MOVIE_EDIT, HEAT, after={"runtime": runtime})


def test_an_act_is_kept_with_what_it_changed(cleo: User) -> None:
    before = {"title": "Heat", "runtime": 170, "release_date": dt.date(1995, 12, 15)}
    after = {**before, "runtime": 171, "genres": (18, 80)}
    audit.record(cleo, Act.MOVIE_EDIT, HEAT, before=before, after=after)
    [entry] = acts()
    assert (entry.actor_id, entry.actor_name) == (cleo.id, "cleo")
    assert (entry.act, entry.subject_kind, entry.subject_id) == ("movie.edit", "movie", "949")
    assert entry.before == {"runtime": 170}
    assert entry.after == {"runtime": 171, "genres": [18, 80]}


def test_secrets_are_not_kept(cleo: User) -> None:
    state = {"password_hash": "abc", "access_token": "abc", "profile": {"api_key": "abc"}}
    audit.record(cleo, Act.USER_EDIT, Subject("user", "1"), after=state)
    [entry] = acts()
    assert "abc" not in str(entry.after)


def test_nothing_is_kept_of_an_act_that_failed(cleo: User) -> None:
    @transactional
    def fail() -> None:
        audit.record(cleo, Act.MOVIE_EDIT, HEAT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert acts() == []


def test_who_does_not_run_the_site_does_nothing(ada: User) -> None:
    @transactional
    def add() -> None:
        db.session.add(Genre(id=1, name="Noir", slug="noir"))
        audit.record(ada, Act.GENRE_ADD, Subject("genre", 1, "Noir"))

    with pytest.raises(Forbidden):
        add()
    db.session.rollback()
    assert db.session.query(Genre).count() == 0


def test_an_entry_outlives_its_actor(cleo: User) -> None:
    note(cleo)
    delete(cleo)
    [entry] = acts()
    assert (entry.actor_id, entry.actor_name) == (None, "cleo")


@transactional
def delete(user: User) -> None:
    db.session.delete(user)


def test_the_log_is_read_in_pages_of_one_statement(admin: FlaskClient, cleo: User) -> None:
    note(cleo, 7)
    first = admin.get("/api/v1/admin/audit?page_size=3").get_json()
    assert [row["after"]["runtime"] for row in first["results"]] == [6, 5, 4]
    second = admin.get(first["next"]).get_json()
    assert [row["after"]["runtime"] for row in second["results"]] == [3, 2, 1]
    last = admin.get(second["next"]).get_json()
    assert [row["after"]["runtime"] for row in last["results"]] == [0]
    assert last["next"] is None
    for size in (2, 7):
        with counted() as made:
            audit_queries.entries(AuditWish(), page_size=size)
        assert len(made) == 1


def test_a_page_of_the_log_is_as_long_as_any_other(admin: FlaskClient, cleo: User) -> None:
    note(cleo, 21)
    page = admin.get("/api/v1/admin/audit").get_json()
    assert (page["page_size"], len(page["results"])) == (20, 20)


def test_the_log_is_narrowed(admin: FlaskClient, cleo: User) -> None:
    note(cleo)
    note(None)
    audit.record(cleo, Act.GENRE_ADD, Subject("genre", 18, "Drama"))

    def found(query: str) -> list[tuple[str, str]]:
        body = admin.get(f"/api/v1/admin/audit?{query}").get_json()
        return [(row["actor"], row["act"]) for row in body["results"]]

    assert found("actor=CLEO") == [("cleo", "genre.add"), ("cleo", "movie.edit")]
    assert found("actor=command%20line") == [("command line", "movie.edit")]
    assert found("act=genre.add") == [("cleo", "genre.add")]
    assert found("kind=movie&subject=949&actor=cleo") == [("cleo", "movie.edit")]
    today = dt.datetime.now(dt.UTC).date()
    assert len(found(f"since={today - dt.timedelta(days=1)}&until={today}")) == 3
    assert found(f"until={today - dt.timedelta(days=2)}") == []


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "cursor=LTE", "act=nothing", "since=yesterday", "page_size=0"]
)
def test_what_the_log_cannot_be_asked_is_refused(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/api/v1/admin/audit?{query}").status_code == 422


def test_the_page_shows_who_did_what(desk: FlaskClient, cleo: User) -> None:
    audit.record(cleo, Act.MOVIE_EDIT, HEAT, before={"runtime": 170}, after={"runtime": 1})
    page = desk.get("/admin/audit").text
    assert "Film edited" in page
    assert ">170</span></del>" in page
    assert "<del>" in desk.get("/admin").text
    assert desk.get("/admin/audit?act=genre.add").text.count("<del>") == 0


def test_the_frame_is_offered_to_those_who_run_the_site_alone(
    app: Flask, ada_browsing: FlaskClient, desk: FlaskClient
) -> None:
    assert 'href="/admin"' in desk.get("/").text
    assert 'href="/admin"' not in ada_browsing.get("/").text
    assert ada_browsing.get("/admin").status_code == 403


def test_who_was_let_go_gets_no_further(desk: FlaskClient, cleo: User) -> None:
    assert desk.get("/admin").status_code == 200
    demote(cleo)
    assert desk.get("/admin").status_code == 403


@transactional
def demote(user: User) -> None:
    user.is_admin = False


def test_promoting_from_the_command_line_lets_in(
    app: Flask, ada_browsing: FlaskClient, ada: User
) -> None:
    user_service.set_admin_by_operator(ada, True)
    assert ada_browsing.get("/admin").status_code == 200
    [entry] = acts()
    assert (entry.actor_name, entry.after) == ("command line", {"is_admin": True})
