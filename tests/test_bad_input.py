"""What nobody should send, sent to every public address: refused clearly, kept nowhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from moviesite.extensions import cache, db
from tests.test_api_contract import EXAMPLES, PUBLIC

# Something that exists for each variable part of an address.
SOUND = {name: str(value) for name, value in EXAMPLES.items()}
ONE = "%D9%A1"  # in Arabic digits; the API reads it, as Python does
# Such a number is not the small one that it begins like.
ZEROS_FIRST = ["0" * zeros + "1" + "9" * 30 for zeros in (5, 9)] + ["0" * 9 + "1" * 5000]
NUMBERS = [
    "0",
    "-1",
    "501",
    "abc",
    "",
    "1.5",
    "1e3",
    "%00",
    "9223372036854775808",
    "1" * 5000,
    "%D9%A1",
    *ZEROS_FIRST,
]
TEXTS = {
    "empty": "",
    "blank": "%20%20",
    "huge": "x" * 10_000,
    "NUL": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "emoji": "%F0%9F%8E%AC",
    "right to left": "%D7%A9%D7%9C%D7%95%D7%9D%E2%80%AE",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "SQL": "'%22;--%25_%5C",
    "match syntax": "%22%20AND%20NEAR(*",
    "line feed": "a%0Ab",
}
IDS = ["0", "-1", "00027205", "99999999", "2147483648", "9223372036854775808", "1" * 400, "abc"]
IDS += ["1.5", "%00", "%ED%A0%80", "%F0%9F%8E%AC", "%D9%A1%D9%A2", "27205%0A"]
OF_NUMBERS = (
    *("page", "query", "q", "year", "genre", "language", "region", "sort", "with_genres"),
    *("service", "month", "without"),
)
# What JSON can say and no field takes, or not all do.
ODD_VALUES: dict[str, Any] = {
    "text": "x" * 100_000,
    "NUL": "a\x00b",
    "lone surrogate": "\ud800",
    "markup": "<script>",
    "true": True,
    "null": None,
    "list": [[1]],
    "object": {"a": {"b": 1}},
    "integer": 10**400,
    "negative": -(2**63),
    "number": 1e308,
    "no number": float("nan"),
    "moment": "0001-01-01T00:00:00+23:59",
}
ODD_NAMES = ["%00=1", "=1", "&&&", "%", "a%00=b", "%ED%A0%80=1", "[]=1", "page[]=1", "x" * 10_000]


def readable(app: Flask) -> list[Rule]:
    """Every address that answers to a GET."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def address(rule: Rule, **other: str) -> str:
    """The address with sound parts but for those given; these may be what no builder writes."""
    parts = {**SOUND, **other}
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda match: parts[match[1]], rule.rule)


def parameters_of(rule: Rule, described: dict[str, Any]) -> list[str]:
    """What the address reads: an operation's are described, a page's may be any of these."""
    operation = described.get(re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule))
    if operation is None:
        return [] if rule.rule.startswith("/api/") else list(OF_NUMBERS)
    return [named["name"] for named in operation["get"].get("parameters", ())]


def assert_clear(client: FlaskClient, wanted: str, **request: Any) -> int:
    """Answered at once in the right shape; never a failure of ours."""
    answer = client.get(wanted, **request)
    words = answer.data[:300].decode(errors="replace")
    said = f"{wanted[:200]} {request}: {answer.status_code} {words}"
    assert answer.status_code < 500, said
    if answer.status_code >= 400:
        if wanted.startswith("/api/"):
            assert answer.content_type == "application/problem+json", said
            assert answer.get_json()["status"] == answer.status_code, said
        else:
            assert answer.content_type.startswith("text/html"), said
            assert "</html>" in answer.text, said
        assert answer.headers["X-Request-ID"], said
    return answer.status_code


def everything_kept(app: Flask) -> tuple[dict[str, Any], set[str]]:
    count = select(func.count())
    rows = {t.name: db.session.scalar(count.select_from(t)) for t in db.metadata.sorted_tables}
    return rows, set(app.extensions["cache"][cache].keys(""))


@pytest.fixture
def nothing_kept(app: Flask, client: FlaskClient) -> Iterator[None]:
    """What is refused leaves nothing, neither in a table nor in the cache."""
    before = everything_kept(app)
    yield
    db.session.rollback()
    assert everything_kept(app) == before


def refused_or_sound(client: FlaskClient, app: Flask, query: str, **request: Any) -> None:
    for rule in readable(app):
        assert_clear(client, f"{address(rule)}?{query}", **request)


@pytest.fixture(scope="module")
def questions(migrated_app: Flask) -> list[tuple[str, str]]:
    """Every public address with each parameter that it reads."""
    described = migrated_app.test_client().get("/api/openapi.json").get_json()["paths"]
    return [
        (address(rule), name)
        for rule in readable(migrated_app)
        for name in parameters_of(rule, described)
    ]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_odd_text_in_any_parameter(
    client: FlaskClient, questions: list[tuple[str, str]], text: str
) -> None:
    for wanted, name in questions:
        assert_clear(client, f"{wanted}?{name}={text}")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:20] or "empty")
def test_odd_numbers_in_any_parameter(
    client: FlaskClient, questions: list[tuple[str, str]], number: str
) -> None:
    for wanted, name in questions:
        assert_clear(client, f"{wanted}?{name}={number}")


@pytest.mark.parametrize("number", ZEROS_FIRST, ids=lambda number: number[:20])
def test_odd_numbers_from_somebody(
    ada_browsing: FlaskClient, as_ada: FlaskClient, questions: list[tuple[str, str]], number: str
) -> None:
    for wanted, name in questions:
        caller = as_ada if wanted.startswith("/api/") else ada_browsing
        assert_clear(caller, f"{wanted}?{name}={number}")


def test_repeated_parameters(client: FlaskClient, questions: list[tuple[str, str]]) -> None:
    for wanted, name in questions:
        assert_clear(client, f"{wanted}?{name}=1&{name}=2&{name}=%00")


@pytest.mark.parametrize("query", ODD_NAMES, ids=lambda query: query[:20])
def test_odd_names_of_parameters(app: Flask, client: FlaskClient, query: str) -> None:
    refused_or_sound(client, app, query)


@pytest.mark.parametrize("odd", IDS, ids=lambda odd: odd[:20])
def test_odd_ids_are_not_found(app: Flask, client: FlaskClient, odd: str) -> None:
    for rule in readable(app):
        for name in rule.arguments & {"movie_id", "person_id", "collection_id"}:
            status = assert_clear(client, address(rule, **{name: odd}))
            # Whoever is not signed in is not told what is not there either.
            assert status == 404 or (rule.endpoint not in PUBLIC and status in (302, 401))


@pytest.mark.parametrize("part", ["size", "name", "slug"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_odd_text_in_any_part_of_an_address(
    app: Flask, client: FlaskClient, part: str, text: str
) -> None:
    for rule in readable(app):
        if part in rule.arguments:
            assert_clear(client, address(rule, **{part: text}))


@pytest.mark.parametrize(
    "request_",
    [
        {"data": b"{", "content_type": "application/json"},
        {"data": b"\x00\xff", "content_type": "text/nonsense; charset=nonsense"},
        {"headers": {"Accept": "nonsense/none"}},
        {"headers": {"Content-Type": "\xff"}},
        {"headers": {"Authorization": "Bearer nonsense"}},
        {"headers": {"Authorization": "Basic " + "x" * 5000}},
        {"headers": {"Cookie": "session=nonsense; =; \xff"}},
        {"headers": {"If-None-Match": 'W/"', "If-Modified-Since": "nonsense"}},
        {"headers": {"Range": "bytes=9-1"}},
        {"headers": {"HX-Request": "nonsense"}},
        {"headers": {"HX-Request-Type": "full", "HX-Target": "\xff" * 100}},
        {"headers": {"X-Request-ID": "x" * 5000}},
        {"headers": {"Accept-Language": "x" * 5000}},
    ],
    ids=lambda request: str(request)[:60],
)
def test_odd_headers_and_bodies(app: Flask, client: FlaskClient, request_: dict[str, Any]) -> None:
    refused_or_sound(client, app, "", **request_)


@pytest.mark.parametrize(
    "wanted",
    [
        *(f"/api/v1/movies/popular?page={page[:30]}" for page in NUMBERS if page and page != ONE),
        *(f"/search?query=heat&page={page[:30]}" for page in NUMBERS if page),
        *(f"/api/v1/movies/search?query={TEXTS[name]}" for name in ("empty", "blank", "huge")),
        *(f"/api/v1/movies/search?query={TEXTS[name]}" for name in ("NUL",)),
        *(f"/search?query={TEXTS[name]}" for name in ("huge", "NUL")),
        "/search?query=heat&year=abc",
        "/search?query=heat&year=99999",
        "/api/v1/movies/discover?sort_by=nonsense",
        "/api/v1/movies/discover?with_genres=a,b",
        "/api/v1/movies/trending?time_range=nonsense",
        "/api/v1/movies/trending?limit=0",
        "/api/v1/movies/popular?language=en%0A",
        "/api/v1/movies/popular?language=english",
        "/api/v1/movies/popular?region=xx",
    ],
)
def test_what_is_refused_is_a_422_and_leaves_nothing(
    client: FlaskClient, nothing_kept: None, wanted: str
) -> None:
    assert assert_clear(client, wanted) == 422


@pytest.mark.parametrize("odd", IDS, ids=lambda odd: odd[:20])
@pytest.mark.parametrize("start", ["/movie/", "/api/v1/movies/", "/api/v1/people/"])
def test_an_id_that_cannot_be_leaves_nothing(
    app: Flask, client: FlaskClient, start: str, odd: str
) -> None:
    rows, _ = everything_kept(app)
    assert assert_clear(client, start + odd) == 404
    db.session.rollback()
    kept_rows, kept_keys = everything_kept(app)
    assert kept_rows == rows
    assert [key for key in kept_keys if key.startswith("answer:")] == []
    if odd != "99999999":  # may exist for all we know, and that it does not is worth a minute
        assert [key for key in kept_keys if ":movie:" in key or ":person:" in key] == []


@pytest.fixture(scope="module")
def fields_of_bodies(migrated_app: Flask) -> list[tuple[str, str, str]]:
    """Method, address and name of every field that a body may have."""
    described = migrated_app.test_client().get("/api/openapi.json").get_json()
    schemas = described["components"]["schemas"]
    return [
        (method, re.sub(r"{(\w+)}", lambda match: SOUND[match[1]], path), name)
        for path, operations in described["paths"].items()
        for method in operations.keys() & {"post", "put", "patch", "delete"}
        for kind, body in operations[method].get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
        for name in schemas[body["schema"]["$ref"].rpartition("/")[2]]["properties"]
    ]


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_odd_values_in_any_field_of_a_body(
    as_cleo: FlaskClient, fields_of_bodies: list[tuple[str, str, str]], value: Any
) -> None:
    for method, wanted, name in fields_of_bodies:
        answer = as_cleo.open(
            wanted, method=method, data=json.dumps({name: value}), content_type="application/json"
        )
        assert answer.status_code < 500, (method, wanted, name)


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"email":' * 50_000, '{"email": %s}' % ("1" * 5000)],
    ids=["lists", "objects", "digits"],
)
def test_json_that_python_gives_up_on_is_none(client: FlaskClient, body: str) -> None:
    refused = client.post("/api/v1/auth/token", data=body, content_type="application/json")
    assert (refused.status_code, refused.json["detail"]) == (400, "Invalid JSON body.")


@pytest.mark.parametrize(
    ("path", "method", "sent"),
    [
        ("/api/v1/me", "PATCH", {"providers": [0] * 20_000}),
        ("/api/v1/lists", "POST", {"name": "Noir", "movie_ids": [""] * 20_000}),
        ("/api/v1/lists", "POST", {"name": "Noir", "movie_ids": [0] * 10_000}),
        ("/api/v1/auth/register", "POST", {f"field{number}": 0 for number in range(20_000)}),
    ],
    ids=["values", "values of a list", "as many as are taken", "fields"],
)
def test_a_refusal_does_not_grow_with_what_was_sent(
    as_ada: FlaskClient, path: str, method: str, sent: dict[str, Any]
) -> None:
    refused = as_ada.open(path, method=method, json=sent)
    assert refused.status_code == 422
    assert 1 <= sum(map(len, refused.json["errors"]["json"].values())) <= 100
    assert len(refused.data) < 20_000


def test_of_a_list_that_is_too_long_that_alone_is_said(as_ada: FlaskClient) -> None:
    refused = as_ada.patch("/api/v1/me", json={"providers": [0] * 101})
    said = {"providers": ["Longer than maximum length 100."]}
    assert refused.json["errors"] == {"json": said}
