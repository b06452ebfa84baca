"""What every address owes HTTP itself: HEAD like GET, 405 with `Allow`, and 304 for a known tag."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.test_api_contract import EXAMPLES

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
# Of one request, not of what is there.
OF_ONE_REQUEST = {"Date", "X-Request-ID", "Server-Timing", "Set-Cookie"}
# Tell the time of asking, or what asking adds to.
NEVER_TWICE_ALIKE = {
    *("library.pick", "recommendations.recommendations", "transfer.take"),
    *("jobs.jobs", "providers.providers", "log.log", "metrics.metrics"),
}


def address(rule: Rule) -> str:
    """Where a rule leads, with something for each variable part of it."""
    built = rule.build({name: EXAMPLES[name] for name in rule.arguments})
    assert built is not None
    return built[1]


def allowed_at(app: Flask) -> dict[str, set[str]]:
    """Methods of every address, whichever of its rules takes them."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(address(rule), set()).update(rule.methods or ())
    return found


@pytest.fixture(params=["api", "pages"])
def readable(
    request: pytest.FixtureRequest, app: Flask, as_cleo: FlaskClient, cleo_browsing: FlaskClient
) -> Iterator[tuple[FlaskClient, str]]:
    """Every address of one door that answers to a GET, and an admin who asks."""
    is_api = request.param == "api"
    client = as_cleo if is_api else cleo_browsing
    return (
        (client, address(rule))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.rule.startswith("/api/v1/") == is_api
        and rule.endpoint not in NEVER_TWICE_ALIKE
    )


def headers_of(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in OF_ONE_REQUEST}


def test_head_answers_like_get_without_a_body(readable: Iterator[tuple[FlaskClient, str]]) -> None:
    for client, asked in readable:
        whole, head = client.get(asked), client.head(asked)
        assert (head.status_code, head.data) == (whole.status_code, b""), asked
        assert headers_of(head).keys() == headers_of(whole).keys(), asked
        assert head.content_type == whole.content_type, asked


def test_what_is_known_by_its_tag_is_not_sent_again(
    readable: Iterator[tuple[FlaskClient, str]],
) -> None:
    for client, asked in readable:
        answer = client.get(asked)
        tag = answer.headers.get("ETag")
        assert tag or answer.status_code != 200 or not asked.startswith("/api/"), asked
        for known in (tag, f'"another", {tag}') if tag else ():
            for answer in (
                client.get(asked, headers={"If-None-Match": known}),
                client.head(asked, headers={"If-None-Match": known}),
            ):
                assert (answer.status_code, answer.data) == (304, b""), (asked, known)
                assert answer.headers["ETag"] == tag, asked
                assert "Cache-Control" in answer.headers, asked


def test_an_address_says_which_methods_it_takes(
    app: Flask, client: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    for asked, allowed in allowed_at(app).items():
        # What a browser asks before it calls from another origin, it asks without a token.
        caller = client if asked.startswith("/api/") else cleo_browsing
        for method in [*sorted(METHODS - allowed), "PROPFIND"]:
            refused = caller.open(asked, method=method)
            assert refused.status_code == 405, (method, asked)
            assert set(refused.headers["Allow"].split(", ")) == allowed, (method, asked)
            if asked.startswith("/api/"):
                assert refused.content_type == "application/problem+json", (method, asked)
                assert refused.get_json()["status"] == 405, (method, asked)
            else:
                assert refused.content_type.startswith("text/html"), (method, asked)
        options = caller.options(asked)
        assert (options.status_code, options.data) == (200, b""), asked
        assert set(options.headers["Allow"].split(", ")) == allowed, asked
