"""What every route owes its callers: one error shape, a guard or a name on the open list."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from moviesite.extensions import db
from tests.people import form_token

SNAPSHOT = Path(__file__).parent / "openapi.json"

# Routes that anybody may call. Whatever is not here must refuse a stranger.
PUBLIC = {
    *("catalogue.home", "catalogue.movie", "catalogue.about"),
    *("catalogue.tmdb_logo", "demo.image"),
    *("movies.popular", "movies.top_rated", "movies.upcoming", "movies.now_playing"),
    *("search.search", "movies.movie", "movies.genres", "trending.trending"),
    *("movies.similar", "movies.recommendations", "people.person"),
    *("discover.discover", "discover.watch_providers", "browse.movies", "browse.suggest"),
    *("discover_pages.discover", "discover_pages.services", "discover_pages.certificates"),
    "listings.listing",
    *("listings.genre", "listings.all_genres", "listings.collection", "people_pages.person"),
    *("sitemaps.robots", "sitemaps.index", "sitemaps.fixed", "sitemaps.films"),
    *("sitemaps.lists", "preview_pages.of_list", "preview_pages.of_link"),
    *("ops.live", "ops.ready", "metrics.metrics", "media.media"),
    *("auth.register", "auth.token", "auth.refresh", "auth.verify", "auth.logout"),
    *("google.login", "google.callback", "google.link", "google_auth.sign_in"),
    *("accounts.register", "accounts.open_account", "accounts.sign_in", "accounts.begin_session"),
    *("accounts.sign_out", "accounts.forgot_password", "accounts.ask_for_reset"),
    *("accounts.reset_password", "accounts.set_password"),
    *("accounts.verify_email", "accounts.confirm_address"),
    *("auth.reset", "auth.confirm_reset", "auth.verify_email"),
    *("assistant.search", "assistant_pages.ask"),
    *("search_pages.search", "trending_pages.trending", "trending_pages.how"),
    *("history.count_view", "reviews.reviews", "reviews.one_review"),
    *("review_pages.of_film", "review_pages.one", "library_pages.views"),
    *("tmdb.shared", "tmdb_pages.shared"),
    *("lists.lists", "lists.one_list", "list_items.items", "shares.shared"),
    *("list_pages.lists", "list_pages.one_list", "shared_pages.shared"),
    "feed_pages.feed",
    *("api-docs.openapi_json", "docs.swagger", "docs.redoc"),
}

# Something for each variable part of an address.
EXAMPLES = {
    "movie_id": 27205,
    "person_id": 525,
    "slug": "inception",
    "key": "popular",
    "collection_id": 10,
    "first_id": 1,
    "number": 1,
    "version": 1,
    "size": "w342",
    "name": "poster-27205.svg",
    "list_name": "nights",
    "identity_id": 1,
    "list_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "share_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "kind": "genre",
    "target_id": 18,
    "viewing_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "token": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "value": "up",
    "review_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "job_id": "sync_tmdb_movie-0f8fad5bd9cb469fa1657086",
    "job_name": "warm_catalogue",
    "table_name": "new-users",
    "term_id": 18,
    "user_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "code": "free",
    "step": "promote",
    "session_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
}


def _rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def _addresses(app: Flask) -> Iterator[str]:
    for rule in _rules(app, "GET"):
        if rule.endpoint != "static":
            values = {name: EXAMPLES[name] for name in rule.arguments}
            built = rule.build(values)
            assert built is not None
            yield built[1]


def test_every_route_is_guarded_or_named_public(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            address = rule.build({name: EXAMPLES[name] for name in rule.arguments})
            assert address is not None
            nobody = app.test_client()
            sent = {"X-CSRFToken": form_token(nobody)}
            status = nobody.open(address[1], method=method, headers=sent).status_code
            assert status in (302, 303, 401, 403), (
                f"{method} {rule.rule} let a stranger in: {status}"
            )
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


def test_a_get_leaves_the_tables_unchanged(app: Flask, client: FlaskClient) -> None:
    def sizes() -> dict[str, Any]:
        count = select(func.count())
        return {t.name: db.session.scalar(count.select_from(t)) for t in db.metadata.sorted_tables}

    before = sizes()
    for address in _addresses(app):
        assert client.get(address).status_code < 500, address
    db.session.rollback()
    assert sizes() == before


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/movies/0", 404),
        ("/api/v1/movies/99999999", 404),
        ("/api/v1/movies/9223372036854775808", 404),
        ("/api/v1/movies/popular?page=0", 422),
        ("/api/v1/movies/popular?page=501", 422),
        ("/api/v1/movies/popular?page=abc", 422),
        ("/api/v1/movies/popular?page=9223372036854775808", 422),
        ("/api/v1/movies/popular?language=English", 422),
        ("/api/v1/movies/popular?region=zz", 422),
        ("/api/v1/movies/trending?time_range=year", 422),
        ("/api/v1/movies/trending?limit=101", 422),
        ("/api/v1/movies/search", 422),
        ("/api/v1/movies/search?query=", 422),
        ("/api/v1/movies/search?query=%00", 422),
        ("/api/v1/movies/search?query=" + "x" * 10_000, 422),
        ("/api/v1/no-such-thing", 404),
        ("/api/no-such-thing", 404),
    ],
)
def test_every_api_error_has_one_shape(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert {"type", "title", "status", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    if status == 422:
        assert problem["errors"]["query"]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("movies/99999999", "There is no such film."),
        ("people/99999999", "There is no such person."),
        (f"reviews/{EXAMPLES['review_id']}", "There is no such review."),
        ("me/votes/27205", "You have not voted on this movie."),
    ],
)
def test_what_is_absent_is_named(as_ada: FlaskClient, address: str, detail: str) -> None:
    answer = as_ada.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.get_json()["detail"]) == (404, detail)


@pytest.mark.parametrize("address", ["movies?title=zq", "movies/discover?with_runtime.lte=1"])
def test_nothing_has_no_pages(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    page = answer.get_json()
    assert (page["count"], page["total_pages"], page["next"]) == (0, 0, None)
    assert "Link" not in answer.headers


def test_a_wrong_method_has_the_same_shape(client: FlaskClient) -> None:
    response = client.post("/api/v1/movies/popular")
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("address", ["/no-such-page", "/movie/99999999", "/?page=0&x"])
def test_pages_answer_with_pages(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.content_type.startswith("text/html")


DESCRIBED = json.loads(SNAPSHOT.read_text())["paths"]


def asked_of(name: str) -> str:
    """An address with something for each variable part of it."""
    return re.sub(r"{(\w+)}", lambda part: str(EXAMPLES[part[1]]), name)


def taken_by(path: str) -> dict[str, dict[str, Any]]:
    """The parameters of a GET, by name."""
    parameters = DESCRIBED[path]["get"].get("parameters", ())
    return {one["name"]: one for one in parameters if one.get("in") == "query"}


def test_what_can_be_meant_once_is_taken_once(as_cleo: FlaskClient) -> None:
    for path in (path for path, operations in DESCRIBED.items() if "get" in operations):
        for name, one in taken_by(path).items():
            if one["schema"].get("type") != "array":
                twice = f"{asked_of(path)}?{name}=1&{name}=2"
                answer = as_cleo.get(twice, headers={"X-TMDb-Token": "hers"})
                assert answer.status_code == 422, (path, name)
                said = answer.get_json()["errors"]["query"]
                assert said[name] == ["Give this only once."], (path, name)


@pytest.mark.parametrize(
    "path",
    [
        *("movies", "movies/popular", "movies/trending", "movies/{movie_id}", "people/{person_id}"),
        *("search/suggest", "shared/{token}", "lists/{list_id}/movies", "tmdb/favorites"),
        *("me/hidden", "me/lists/updates", "me/statistics", "me/watchlist/statistics"),
        *("me/favorites", "me/history", "me/reviews", "me/recommendations"),
    ],
)
def test_what_shows_films_or_people_takes_language_and_region(path: str) -> None:
    assert {"language", "region"} <= taken_by(f"/api/v1/{path}").keys()


def test_a_trailing_slash_is_accepted(client: FlaskClient) -> None:
    assert client.get("/api/v1/movies/popular/").status_code == 200


def test_the_openapi_document_is_the_one_on_record(client: FlaskClient) -> None:
    """Set UPDATE_SNAPSHOTS=1 to record a change that is meant."""
    document = client.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text


LISTS = "/api/v1/lists"


@pytest.mark.parametrize(
    ("sent", "errors", "detail"),
    [
        ({"foo": 1}, {"foo", "name"}, "foo: Unknown field."),
        ({"name": "x", "movie_ids": [1, "x"]}, {"movie_ids"}, "movie_ids: 1: Not a valid integer."),
        ({"name": "", "visibility": "x", "a": 1, "b": 2}, {*"ab", "name", "visibility"}, "1 more."),
        ([], {"_schema"}, "Invalid input type."),
    ],
)
def test_what_schemas_refuse_is_told_field_by_field_and_in_one_line(
    as_ada: FlaskClient, sent: Any, errors: set[str], detail: str
) -> None:
    problem = as_ada.post(LISTS, json=sent).get_json()
    assert problem["status"] == 422
    assert problem["title"] == "Some of the input is not valid", "as services call it"
    assert problem["errors"]["json"].keys() == errors
    assert all(isinstance(said, list) for said in problem["errors"]["json"].values())
    assert detail in problem["detail"]


def test_a_body_that_is_no_json_is_called_so(as_ada: FlaskClient) -> None:
    broken = as_ada.post(LISTS, data="{", content_type="application/json")
    assert (broken.status_code, broken.json["detail"]) == (400, "Invalid JSON body.")
    assert broken.json["errors"] == {"json": {"_schema": ["Invalid JSON body."]}}
    forms = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    for kind in ("text/plain", *forms, ""):
        refused = as_ada.post(LISTS, data='{"name": "x"}', content_type=kind)
        assert refused.status_code == 415, kind
        assert "Content-Type: application/json" in refused.json["detail"]
    assert as_ada.post("/api/v1/nothing", data="x").status_code == 404
    assert as_ada.put("/api/v1/me/favorites/27205", data="").status_code == 201
    changed = as_ada.patch("/api/v1/me", data={"bio": "Never read"})
    assert (changed.status_code, changed.mimetype) == (415, "application/problem+json")


def test_a_body_of_unknown_length_is_no_other_than_one_of_known_length(
    as_ada: FlaskClient,
) -> None:
    streamed = {
        "method": "PATCH",
        "environ_overrides": {
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
        },
    }
    for kind, status in (("text/plain", 415), ("application/json", 200)):
        sent = as_ada.open("/api/v1/me", data='{"bio": "Hi"}', content_type=kind, **streamed)
        assert sent.status_code == status, kind


def test_an_answer_without_a_body_names_no_kind_of_one(as_ada: FlaskClient) -> None:
    gone = as_ada.delete("/api/v1/me/favorites/27205")
    assert (gone.status_code, gone.data) == (204, b"")
    assert "Content-Type" not in gone.headers


def test_what_is_taken_on_is_answered_with_an_object(client: FlaskClient) -> None:
    asked = client.post("/api/v1/auth/password-reset", json={"email": "nobody@example.org"})
    assert (asked.status_code, asked.get_json()) == (202, {})


def described(client: FlaskClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of the description, with its address and method."""
    for path, operations in client.get("/api/openapi.json").get_json()["paths"].items():
        for method in operations.keys() - {"parameters"}:
            yield path, method, operations[method]


def test_every_operation_has_a_name_of_its_own(client: FlaskClient) -> None:
    names = [operation["operationId"] for _, _, operation in described(client)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    assert "get_movies_by_movie_id_reviews" in names


def test_the_description_tells_where_a_sign_in_is_needed_possible_or_none(
    client: FlaskClient,
) -> None:
    needed = [{"bearer": []}, {"cookie": []}]
    for path, _, operation in described(client):
        if path.startswith(("/api/v1/auth/", "/api/v1/tmdb/")):
            assert "security" not in operation, path
        else:
            assert operation["security"] in (needed, [{}, *needed]), path
            assert ("401" in operation["responses"]) >= (operation["security"] == needed), path


def test_the_description_tells_of_headers_and_bodies(client: FlaskClient) -> None:
    shared = client.get("/api/openapi.json").get_json()["components"]["responses"]
    assert "Retry-After" in shared["SERVICE_UNAVAILABLE"]["headers"]
    assert "RateLimit-Reset" in shared["TOO_MANY_REQUESTS"]["headers"]
    told = {f"{method} {path}": operation for path, method, operation in described(client)}
    movies = told["get /api/v1/movies"]["responses"]
    assert {"ETag", "Link"} == movies["200"]["headers"].keys()
    assert "304" in movies
    favorite = told["delete /api/v1/me/favorites/{movie_id}"]["responses"]
    assert "Undo-Token" in favorite["204"]["headers"]
    edit = told["patch /api/v1/reviews/{review_id}"]
    assert "ETag" in edit["responses"]["412"]["headers"]
    assert told["put /api/v1/me/watchlist/{movie_id}"]["requestBody"]["required"] is False
    assert told["post /api/v1/lists"]["requestBody"]["required"] is True
    assert not any("x-" in json.dumps(list(operation)) for operation in told.values())


def test_patterns_are_in_the_notation_of_json_schema(client: FlaskClient) -> None:
    """Which has no `\\Z`: other languages take it for a letter, or refuse it."""
    assert "\\\\Z" not in client.get("/api/openapi.json").text


def test_what_answers_hold_is_described_as_it_is_written(
    client: FlaskClient, as_ada: FlaskClient
) -> None:
    shapes = client.get("/api/openapi.json").get_json()["components"]["schemas"]
    month = shapes["MonthCount"]["properties"]["month"]
    months = as_ada.get("/api/v1/me/statistics").get_json()["months"]
    assert all(re.search(month["pattern"], each["month"]) for each in months)
    assert "format" not in month, "a month is no date"
    assert shapes["Viewer"]["properties"]["vote"]["enum"] == ["up", "down", None]
    assert shapes["RelatedMovie"]["properties"]["origin"]["enum"] == ["moviesite", "tmdb"]


def test_every_operation_is_described(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    assert "servers" not in document
    for path, operations in document["paths"].items():
        assert path.startswith("/api/v1/")
        for method, operation in operations.items():
            if method != "parameters":
                assert operation["summary"], (method, path)


def test_the_description_says_movie_as_its_addresses_and_fields_do(client: FlaskClient) -> None:
    text = client.get("/api/openapi.json").text
    words = re.findall(r'"(?:description|summary)": ?"((?:[^"\\]|\\.)*)"', text)
    assert len(words) > 300
    assert [one for one in words if re.search(r"\bfilms?\b", one, re.IGNORECASE)] == []
