"""Answers keep to the description, headers and bodies alike, through a program's day."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from tests.people import PASSWORD
from tests.test_api_contract import EXAMPLES

# Headers that a program acts upon: none may come as a surprise.
ACTED_UPON = {
    *("Content-Disposition", "ETag", "Link", "Location", "Retry-After", "Undo-Token"),
    "WWW-Authenticate",
}
FILM, OTHER = EXAMPLES["movie_id"], 155


def parts_of(path: str) -> list[str]:
    """The names of what varies in a described path."""
    return re.findall(r"{(\w+)}", path)


class Described:
    """Calls the API as its description says, and holds each answer to it."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.document = client.get("/api/openapi.json").get_json()
        whole = Resource(contents=self.document, specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:api", whole)

    def call(self, method: str, path: str, status: int, /, **sent: Any) -> TestResponse:
        """`path` is a described one below /api/v1; its parts are taken from what is sent."""
        path = f"/api/v1/{path}"
        parts = {name: sent.pop(name) for name in parts_of(path)}
        answer = self._client.open(path.format(**parts), method=method, **sent)
        assert answer.status_code == status, (method, path, answer.text)
        self._check(f"{method} {path}", self.document["paths"][path][method.lower()], answer)
        return answer

    def _check(self, asked: str, operation: dict[str, Any], answer: TestResponse) -> None:
        described = operation["responses"].get(str(answer.status_code))
        assert described is not None, (asked, answer.status_code)
        if "$ref" in described:
            name = described["$ref"].rpartition("/")[2]
            described = self.document["components"]["responses"][name]
        told = ACTED_UPON & {name for name, _ in answer.headers}
        assert told <= described.get("headers", {}).keys(), (asked, answer.status_code, told)
        kinds = described.get("content", {})
        assert (answer.mimetype in kinds) == bool(answer.data), (asked, answer.mimetype)
        if answer.is_json:
            self._check_body(asked, kinds[answer.mimetype]["schema"], answer.get_json())

    def _check_body(self, asked: str, schema: dict[str, Any], body: Any) -> None:
        anchored = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
        found = Draft202012Validator(anchored, registry=self._registry).iter_errors(body)
        assert [(list(one.absolute_path), one.message) for one in found] == [], asked


@pytest.fixture
def visitor(client: FlaskClient) -> Described:
    """A program of nobody's."""
    return Described(client)


@pytest.fixture
def program(as_ada: FlaskClient) -> Described:
    """Ada's program."""
    return Described(as_ada)


@pytest.fixture
def friend(as_ben: FlaskClient) -> Described:
    """Ben's program."""
    return Described(as_ben)


def test_accounts(visitor: Described, app: Flask) -> None:
    given = {"email": "dora@example.org", "password": PASSWORD}
    visitor.call("POST", "auth/register", 201, json=given)
    visitor.call("POST", "auth/register", 409, json=given)
    visitor.call("POST", "auth/token", 401, json={"identifier": "dora", "password": "wrong"})
    signed = {"identifier": "dora", "password": PASSWORD}
    pair = visitor.call("POST", "auth/token", 200, json=signed).get_json()
    new = visitor.call("POST", "auth/refresh", 200, json={"refresh": pair["refresh"]}).get_json()
    visitor.call("POST", "auth/verify", 200, json={"token": new["access"]})
    visitor.call("POST", "auth/verify", 401, json={"token": new["refresh"]})
    visitor.call("POST", "auth/password-reset", 202, json={"email": "dora@example.org"})
    mine = app.test_client(use_cookies=False)
    mine.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {new['access']}"
    dora = Described(mine)
    dora.call("PATCH", "me", 200, json={"locale": "de-DE", "bio": "Ticket collector"})
    dora.call("PATCH", "me", 422, json={"is_admin": True})
    dora.call("PUT", "me/avatar", 422, json={})
    dora.call("GET", "me/sessions", 200)
    dora.call("PUT", "me/confirmation", 200, json={"password": PASSWORD})
    dora.call("DELETE", "me", 204, json={"password": PASSWORD})
    dora.call("GET", "me", 401)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("me/favorites/{movie_id}", None),
        ("me/watchlist/{movie_id}", {"note": "With Anna", "priority": 1}),
        ("movies/{movie_id}/like", None),
        ("me/votes/{movie_id}", {"value": "up"}),
        ("me/feedback/{movie_id}", {"value": "more"}),
    ],
)
def test_what_is_said_of_a_film(program: Described, path: str, body: Any) -> None:
    sent = {} if body is None else {"json": body}
    for status in (201, 200):
        program.call("PUT", path, status, movie_id=FILM, **sent)
    for _ in range(2):
        gone = program.call("DELETE", path, 204, movie_id=FILM)
    program.call("PUT", path, 404, movie_id=99_999_999, **sent)
    assert "Undo-Token" not in gone.headers, "nothing was changed"


def test_a_play_is_logged_moved_deleted_and_brought_back(program: Described) -> None:
    made = program.call("POST", "me/history", 201, json={"movie_id": FILM}).get_json()
    moved = {"watched_at": "2026-01-03T20:00:00Z"}
    program.call("PATCH", "me/history/{viewing_id}", 200, viewing_id=made["id"], json=moved)
    gone = program.call("DELETE", "me/history/{viewing_id}", 204, viewing_id=made["id"])
    program.call("DELETE", "me/history/{viewing_id}", 404, viewing_id=made["id"])
    for status in (200, 409):
        program.call("POST", "me/undo", status, json={"token": gone.headers["Undo-Token"]})
    program.call("GET", "me/history", 200, query_string={"page_size": 1})


def test_a_review_is_written_changed_reported_and_deleted(
    program: Described, friend: Described
) -> None:
    words = {"rating": 4.5, "text": "Rain, again", "spoiler": True}
    made = program.call("POST", "movies/{movie_id}/reviews", 201, movie_id=FILM, json=words)
    program.call("POST", "movies/{movie_id}/reviews", 409, movie_id=FILM, json=words)
    review = {"review_id": made.get_json()["id"]}
    assert made.headers["Location"].endswith(review["review_id"])
    for tag, status in (('"9"', 412), (made.headers["ETag"], 200)):
        changes = {"json": {"rating": 3}, "headers": {"If-Match": tag}}
        program.call("PATCH", "reviews/{review_id}", status, **review, **changes)
    friend.call("DELETE", "reviews/{review_id}", 403, **review)
    for status in (201, 200):
        friend.call("POST", "reviews/{review_id}/reports", status, **review, json={"reason": "no"})
    friend.call("GET", "reviews/{review_id}", 200, **review)
    program.call("GET", "me/reviews", 200)
    program.call("DELETE", "reviews/{review_id}", 204, **review)


def test_a_list_is_made_followed_copied_shared_and_deleted(
    program: Described, friend: Described, visitor: Described
) -> None:
    given = {"name": "Rain", "movie_ids": [FILM], "visibility": "private"}
    made = program.call("POST", "lists", 201, json=given)
    named = {"list_id": made.get_json()["id"]}
    assert made.headers["Location"].endswith(named["list_id"])
    friend.call("GET", "lists/{list_id}", 404, **named)
    public = {"json": {"visibility": "public"}, "headers": {"If-Match": made.headers["ETag"]}}
    for status in (200, 412):
        program.call("PATCH", "lists/{list_id}", status, **named, **public)
    friend.call("PUT", "lists/{list_id}/subscription", 201, **named)
    one = {**named, "movie_id": OTHER}
    for status in (201, 200):
        program.call("PUT", "lists/{list_id}/movies/{movie_id}", status, **one, json={"note": "!"})
    friend.call("DELETE", "lists/{list_id}/movies/{movie_id}", 403, **one)
    friend.call("GET", "me/lists/updates", 200)
    friend.call("POST", "lists/{list_id}/clone", 201, **named)
    share = {"source": "list", "list_id": named["list_id"], "name": "For friends"}
    link = program.call("POST", "me/shares", 201, json=share).get_json()
    shown = visitor.call("GET", "shared/{token}", 200, token=link["token"])
    known = {"headers": {"If-None-Match": shown.headers["ETag"]}}
    visitor.call("GET", "shared/{token}", 304, token=link["token"], **known)
    program.call("DELETE", "me/shares/{share_id}", 204, share_id=link["id"])
    visitor.call("GET", "shared/{token}", 410, token=link["token"])
    program.call("DELETE", "lists/{list_id}", 204, **named)


def test_a_library_is_taken_along_and_brought_back(program: Described) -> None:
    program.call("PUT", "me/favorites/{movie_id}", 201, movie_id=FILM)
    taken = program.call("GET", "me/export", 200).data
    program.call("GET", "me/import", 404)
    program.call("POST", "me/import", 202, data={"file": (BytesIO(taken), "mine.zip")})
    program.call("GET", "me/import", 200)
    program.call("DELETE", "me/import", 204)


def test_a_tmdb_account_needs_a_token(visitor: Described) -> None:
    for path, query in (("discover", {}), ("search", {"query": "heat"})):
        asked = {"query_string": {**query, "account_id": "1"}}
        visitor.call("GET", f"movies/{path}", 401, **asked)
        headers = {"X-TMDb-Token": "another's"}
        visitor.call("GET", f"movies/{path}", 403, **asked, headers=headers)
    visitor.call("GET", "tmdb/favorites", 401)


def test_everything_that_can_be_read(as_cleo: FlaskClient) -> None:
    program = Described(as_cleo)
    for path, operations in program.document["paths"].items():
        if "get" not in operations:
            continue
        status = as_cleo.get(path.format(**EXAMPLES)).status_code
        parts = {name: EXAMPLES[name] for name in parts_of(path)}
        program.call("GET", path.removeprefix("/api/v1/"), status, **parts)


def test_admins_add_films_genres_and_tiers(as_cleo: FlaskClient) -> None:
    admin = Described(as_cleo)
    admin.call("PUT", "me/confirmation", 200, json={"password": PASSWORD})
    for path, given in (
        ("admin/movies", {"id": OTHER, "title": "Mine"}),
        ("admin/genres", {"name": "Rainy"}),
        ("admin/keywords", {"name": "umbrella"}),
        ("admin/tiers", {"code": "gold", "name": "Gold", "daily_limit": 50}),
    ):
        made = admin.call("POST", path, 201, json=given)
        assert as_cleo.get(made.headers["Location"]).status_code == 200
        admin.call("POST", path, 409, json=given)
    table = admin.call("GET", "admin/analytics", 200, query_string={"format": "csv"})
    assert "filename" in table.headers["Content-Disposition"]
