"""A link shows the present content of one thing to whoever has it, until it ends."""

import datetime as dt
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import clock
from moviesite.accounts import profile_service
from moviesite.accounts.proof_service import Proof
from moviesite.errors import Conflict
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.lists import item_service, service, share_queries, share_service
from moviesite.models import ShareLink, User
from moviesite.transactions import transactional
from tests.lists.conftest import Making
from tests.meanwhile import at_once, meanwhile
from tests.people import DEVICE, PASSWORD
from tests.statements import counted

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def share(client: FlaskClient, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/me/shares", json={"name": "For friends", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def titles(client: FlaskClient, token: str, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/shared/{token}{query}")
    assert answer.status_code == 200, answer.text
    return [row["movie"]["title"] for row in answer.get_json()["results"]]


@transactional
def expire(token: str) -> None:
    """Let the moment come at which a link ends."""
    found = db.session.query(ShareLink).filter_by(token=token).one()
    found.expires_at = clock.now() - dt.timedelta(seconds=1)


def test_a_private_list_is_shown_to_whoever_has_its_link_and_always_as_it_is(
    client: FlaskClient, as_ada: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(visibility="private", movie_ids=movies[:2])
    link = share(as_ada, source="list", list_id=str(made.uuid))
    assert link.keys() == {
        *("id", "source", "list_id", "name", "token", "url", "expires_at", "created_at")
    }
    assert len(link["token"]) == 22
    assert link["url"].endswith(f"/l/{link['token']}")
    assert link["list_id"] == str(made.uuid)
    assert titles(client, link["token"]) == ["Alien", "Brazil"]
    item_service.put_movie(ada, made.uuid, movies[7], position=0, note="At last")
    shown = client.get(f"/api/v1/shared/{link['token']}").get_json()
    assert [row["movie"]["title"] for row in shown["results"]] == ["Heat", "Alien", "Brazil"]
    assert (shown["name"], shown["owner"], shown["count"]) == (
        *("For friends", {"username": "ada"}),
        3,
    )
    assert (shown["results"][0]["note"], shown["results"][0]["position"]) == ("At last", 0)
    assert shown["results"][0]["movie"]["viewer"] is None
    assert client.get(f"/api/v1/lists/{made.uuid}").status_code == 404


@pytest.mark.parametrize("source", ["favorites", "watchlist"])
def test_what_somebody_keeps_is_shared_without_what_they_noted(
    client: FlaskClient, as_ada: FlaskClient, ada: User, movies: list[int], source: str
) -> None:
    link = share(as_ada, source=source)
    assert link["list_id"] is None
    assert titles(client, link["token"]) == []
    library.add_favorite(ada, movies[0])
    library.keep_on_watchlist(ada, movies[0], note="Ask Ben", priority=5)
    shown = client.get(f"/api/v1/shared/{link['token']}").get_json()["results"]
    assert [(row["movie"]["title"], row["note"], row["position"]) for row in shown] == [
        ("Alien", "", None)
    ]
    assert "Ask Ben" not in client.get(f"/l/{link['token']}").text


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
def test_a_link_that_ended_tells_nothing_else(
    app: Flask, client: FlaskClient, as_ada: FlaskClient, ada: User, adas_list: Making, end: str
) -> None:
    made = adas_list("Secret garden")
    link = share(as_ada, source="list", list_id=str(made.uuid), name="Garden")
    page, answer = f"/l/{link['token']}", f"/api/v1/shared/{link['token']}"
    tag = client.get(answer).headers["ETag"]
    if end == "revoked":
        assert as_ada.delete(f"/api/v1/me/shares/{link['id']}").status_code == 204
        assert as_ada.delete(f"/api/v1/me/shares/{link['id']}").status_code == 204
    elif end == "expired":
        expire(link["token"])
    else:
        db.session.merge(ada).is_active = False
        db.session.flush()
    for path, headers in ((page, {}), (page, HTMX), (answer, {"If-None-Match": tag})):
        gone = client.get(path, headers=headers)
        assert gone.status_code == 410
        assert gone.headers["Cache-Control"] == "no-store"
        for word in ("Garden", "garden", ">ada<", "Alien"):
            assert word not in gone.text, word


def test_a_link_that_never_was(client: FlaskClient) -> None:
    for token in ("x", "x" * 22, "x" * 500, "%00", "%F0%9F%8E%AC", "../x"):
        assert client.get(f"/l/{token}").status_code == 404
        assert client.get(f"/api/v1/shared/{token}").status_code == 404


def test_ones_live_links_are_listed_and_nobody_elses(
    as_ada: FlaskClient, as_ben: FlaskClient, adas_list: Making
) -> None:
    made = adas_list()
    first = share(as_ada, source="list", list_id=str(made.uuid))
    second = share(as_ada, source="favorites", expires_at="2099-01-01T00:00:00+02:00")
    assert second["expires_at"] == "2098-12-31T22:00:00Z"
    page = as_ada.get("/api/v1/me/shares").get_json()
    assert [row["id"] for row in page["results"]] == [second["id"], first["id"]]
    assert as_ben.get("/api/v1/me/shares").get_json()["count"] == 0
    assert as_ben.delete(f"/api/v1/me/shares/{first['id']}").status_code == 404
    as_ada.delete(f"/api/v1/me/shares/{first['id']}")
    expire(second["token"])
    assert as_ada.get("/api/v1/me/shares").get_json()["results"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source": "list"}, "list_id"),
        ({"source": "favorites", "list_id": str(uuid4())}, "list_id"),
        ({"source": "list", "list_id": str(uuid4())}, "list_id"),
        ({"source": "list", "list_id": "x"}, "list_id"),
        ({"source": "history"}, "source"),
        ({"source": "favorites", "name": ""}, "name"),
        ({"source": "favorites", "name": "x" * 256}, "name"),
        ({"source": "favorites", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"source": "favorites", "expires_at": "2099-01-01T00:00:00"}, "expires_at"),
        ({"source": "favorites", "expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"source": "favorites", "expires_at": "tomorrow"}, "expires_at"),
        ({"source": "favorites", "token": "mine"}, "token"),
    ],
)
def test_what_cannot_be_shared_is_refused_by_name(
    as_ada: FlaskClient, body: dict[str, Any], field: str
) -> None:
    refused = as_ada.post("/api/v1/me/shares", json={"name": "A", **body})
    assert refused.status_code == 422, refused.text
    assert field in refused.get_json()["errors"]["json"]


def test_only_its_owner_shares_a_list(
    as_ben: FlaskClient, as_cleo: FlaskClient, adas_list: Making
) -> None:
    public, private = adas_list(), adas_list(visibility="private")
    body = {"name": "A", "source": "list"}
    for caller in (as_ben, as_cleo):
        answer = caller.post("/api/v1/me/shares", json={**body, "list_id": str(public.uuid)})
        assert answer.status_code == 403
    answer = as_ben.post("/api/v1/me/shares", json={**body, "list_id": str(private.uuid)})
    assert answer.status_code == 422


def test_a_repeated_request_makes_one_link(as_ada: FlaskClient) -> None:
    body, key = {"source": "favorites", "name": "A"}, {"Idempotency-Key": "one"}
    both = [as_ada.post("/api/v1/me/shares", json=body, headers=key) for _ in range(2)]
    assert both[0].get_json() == both[1].get_json()


def test_a_request_whose_link_went_with_its_list_is_told_so(
    as_ada: FlaskClient, ada: User, adas_list: Making
) -> None:
    made, key = adas_list(), {"Idempotency-Key": "one"}
    body = {"source": "list", "list_id": str(made.uuid), "name": "A"}
    assert as_ada.post("/api/v1/me/shares", json=body, headers=key).status_code == 201
    service.delete_list(ada, made.uuid)
    again = as_ada.post("/api/v1/me/shares", json=body, headers=key)
    assert again.status_code == 404
    assert "link" in again.get_json()["detail"]


@pytest.mark.parametrize("whose", ["list", "account"])
def test_a_link_has_ended_once_what_it_showed_is_deleted(
    client: FlaskClient, as_ada: FlaskClient, ada: User, adas_list: Making, whose: str
) -> None:
    made = adas_list("Secret garden")
    link = share(as_ada, source="list", list_id=str(made.uuid), name="Garden")
    if whose == "list":
        service.delete_list(ada, made.uuid)
    else:
        profile_service.delete_account(ada, Proof(PASSWORD), DEVICE)
    for path in (f"/l/{link['token']}", f"/api/v1/shared/{link['token']}"):
        gone = client.get(path)
        assert gone.status_code == 410
        assert "arden" not in gone.text
    assert client.get(f"/l/{link['token'][::-1]}").status_code == 404


def test_a_shared_list_costs_three_statements_whatever_its_size(
    client: FlaskClient, as_ada: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    link = share(as_ada, source="list", list_id=str(adas_list(movie_ids=movies).uuid))
    for caller, more in ((client, 0), (as_ada, 1)):
        for size in (2, 8):
            with counted() as statements:
                caller.get(f"/api/v1/shared/{link['token']}?page_size={size}")
            assert len(statements) <= 3 + more, statements
    with counted() as statements:
        client.get(f"/l/{link['token']}")
    assert len(statements) <= 3, statements


def test_an_open_page_asks_with_one_statement_until_something_changes(
    client: FlaskClient, as_ada: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    page = f"/l/{share(as_ada, source='list', list_id=str(made.uuid))['token']}"
    first = client.get(page, headers=HTMX)
    assert "<html" not in first.text
    known = {**HTMX, "If-None-Match": first.headers["ETag"]}
    with counted() as statements:
        unchanged = client.get(page, headers=known)
    assert (unchanged.status_code, unchanged.data, len(statements)) == (304, b"", 1)
    item_service.put_movie(ada, made.uuid, movies[7])
    changed = client.get(page, headers=known)
    assert changed.status_code == 200
    assert "Heat" in changed.text
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_shared_page_stays_out_of_searches_and_can_be_previewed(
    client: FlaskClient, as_ada: FlaskClient, adas_list: Making
) -> None:
    page = client.get(f"/l/{share(as_ada, source='list', list_id=str(adas_list().uuid))['token']}")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert 'content="noindex, nofollow"' in page.text
    assert 'property="og:title" content="For friends' in page.text
    assert 'property="og:image" content="http' in page.text
    assert "csrf" not in page.text


def test_nobody_has_more_links_than_can_be_looked_through(ada: User, as_ada: FlaskClient) -> None:
    for _ in range(share_service.MOST_LIVE):
        share_service.share(ada, "favorites", "A")
    answer = as_ada.post("/api/v1/me/shares", json={"source": "favorites", "name": "A"})
    assert answer.status_code == 409


def test_of_two_links_that_are_made_at_once_the_last_that_may_be_is_made(
    app: Flask, ada: User
) -> None:
    for _ in range(share_service.MOST_LIVE - 1):
        share_service.share(ada, "favorites", "A")
    db.session.rollback()
    both_counted = Barrier(2)

    def wait() -> None:
        with suppress(BrokenBarrierError):
            both_counted.wait(1)

    with meanwhile(wait, after="FROM share_links"):
        raised = at_once(app, [lambda: share_service.share(ada, "watchlist", "B")] * 2)
    assert [type(error) for error in raised] == [Conflict]
    assert share_queries.live_count(ada) == share_service.MOST_LIVE


def test_links_that_have_expired_leave_room_for_others(ada: User, as_ada: FlaskClient) -> None:
    soon = clock.now() + dt.timedelta(days=1)
    for _ in range(share_service.MOST_LIVE):
        expire(share_service.share(ada, "favorites", "A", expires_at=soon).token)
    assert as_ada.get("/api/v1/me/shares").get_json()["count"] == 0
    share(as_ada, source="favorites")
