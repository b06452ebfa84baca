"""Headers on every answer, hosts that are ours, ids that can be followed."""

from pathlib import Path

import pytest
import structlog
from flask import request
from flask.testing import FlaskClient

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.web.security import content_security_policy, trusted_hosts

ADDRESSES = (
    *("/", "/search", "/movie/27205", "/about", "/nothing", "/health", "/api/docs"),
    *("/api/v1/genres", "/api/v1/nothing", "/api/openapi.json"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_protected(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert headers["Permissions-Policy"]
    assert headers["X-Request-ID"]


def test_redoc_alone_may_write_styles_and_still_no_script(client: FlaskClient) -> None:
    policy = client.get("/api/redoc").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


def test_images_of_another_host_are_allowed_by_name() -> None:
    assert "img-src 'self' data: https://image.tmdb.org;" in content_security_policy(
        "https://image.tmdb.org/t/p/"
    )
    assert "img-src 'self' data:;" in content_security_policy("/demo/images/")


def test_a_callers_request_id_is_kept_if_it_is_one(client: FlaskClient) -> None:
    given = client.get("/health/live", headers={"X-Request-ID": "abc-12345678"})
    assert given.headers["X-Request-ID"] == "abc-12345678"
    for bad in ("x", "a b c d e f g h", "x" * 65, "<script>alert"):
        made = client.get("/health/live", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert made != bad
        assert len(made) == 32


def test_a_refused_form_has_an_id_of_its_own(
    client: FlaskClient, ada_browsing: FlaskClient
) -> None:
    page = ada_browsing.get("/favorites")
    foreign = client.post("/theme", headers={"Origin": "https://evil.example"})
    without_token = client.post("/sign-in")
    assert (foreign.status_code, without_token.status_code) == (403, 400)
    ids = [answer.headers["X-Request-ID"] for answer in (page, foreign, without_token)]
    assert len(set(ids)) == 3
    # What is logged of it names neither the request before it nor who sent that.
    assert structlog.contextvars.get_contextvars() == {"request_id": ids[2]}


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:8000", 200), ("evil.example", 400)])
def test_only_our_own_hosts_are_answered(client: FlaskClient, host: str, status: int) -> None:
    assert client.get("/health/live", headers={"Host": host}).status_code == status


def test_named_hosts_take_the_place_of_the_public_one(tmp_path: Path) -> None:
    own = {"INSTANCE_DIR": str(tmp_path), "BASE_URL": "https://films.example"}
    assert trusted_hosts(load_config(own))[0] == "films.example"
    named = trusted_hosts(load_config({**own, "ALLOWED_HOSTS": "a.example, b.example"}))
    assert named[:2] == ["a.example", "b.example"]
    assert "films.example" not in named


@pytest.mark.parametrize(("hops", "seen"), [("0", "127.0.0.1"), ("1", "2.2.2.2"), ("2", "1.1.1.1")])
def test_forwarded_addresses_count_for_as_many_proxies_as_were_named(
    tmp_path: Path, hops: str, seen: str
) -> None:
    app = create_app(load_config({"INSTANCE_DIR": str(tmp_path), "TRUSTED_PROXIES": hops}))
    addresses: list[str | None] = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    forwarded = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}
    app.test_client().get("/health/live", headers=forwarded)
    assert addresses == [seen]


def test_https_sites_tell_browsers_to_stay_with_it(tmp_path: Path) -> None:
    own = {"INSTANCE_DIR": str(tmp_path), "BASE_URL": "https://films.example"}
    client = create_app(load_config(own)).test_client()
    headers = client.get("/health/live", headers={"Host": "films.example"}).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000", "of this host alone"


def test_an_answer_that_did_not_change_is_a_304(client: FlaskClient) -> None:
    first = client.get("/api/v1/genres")
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get("/api/v1/genres", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_what_a_caller_with_a_token_gets_is_kept_by_nobody(client: FlaskClient) -> None:
    answer = client.get("/api/v1/genres", headers={"Authorization": "Bearer x"})
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in answer.headers["Vary"]


def test_errors_are_kept_by_nobody(client: FlaskClient) -> None:
    for address in ("/nothing", "/api/v1/nothing", "/api/v1/movies/popular?page=0"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
