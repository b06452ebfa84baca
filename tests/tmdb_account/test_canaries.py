"""A caller's own token reaches TMDb and nothing else: it is looked for everywhere."""

import logging
from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from moviesite import logs
from moviesite.config import load_config
from moviesite.demo.account import account_id_of
from moviesite.extensions import db
from moviesite.models import User
from moviesite.tmdb_account import service
from tests.people import signed_in_program
from tests.tmdb_server import TmdbServer

CANARY = "canary.7f3a9c51e8d2.token"


@pytest.fixture
def everything_logged(tmp_path: object) -> Iterator[None]:
    """Logs at their most talkative."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    logs.configure(
        load_config({"INSTANCE_DIR": str(tmp_path), "LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"})
    )
    yield
    root.handlers, root.level = before


def walk(site: Flask, token: str) -> str:
    """Every route that takes a token, in health and with wrong input; what they answered."""
    caller = site.test_client()
    number = account_id_of(token)
    ways = ({"X-TMDb-Token": token}, {"Authorization": f"Bearer {token}"})
    said = []
    for headers in ways:
        for address in (
            f"/api/v1/tmdb/favorites?account_id={number}",
            "/api/v1/tmdb/favorites?account_id=1",
            "/api/v1/tmdb/shared/canaries",
        ):
            said.append(caller.get(address, headers=headers))
        body = {"account_id": number, "movie_id": 27205}
        said.append(caller.put("/api/v1/tmdb/favorites", json=body, headers=headers))
        said.append(caller.put("/api/v1/tmdb/favorites", json={"x": 1}, headers=headers))
        share = {"account_id": number, "list_name": "canaries"}
        said.append(caller.post("/api/v1/tmdb/shares", json=share, headers=headers))
    for kind in ("discover?", "search?query=inception&"):
        address = f"/api/v1/movies/{kind}account_id={number}"
        said.append(caller.get(address, headers=ways[0]))
    said += [caller.get(address) for address in ("/", "/l/tmdb/canaries", "/account/tmdb")]
    return "\n".join(f"{answer.headers}{answer.text}" for answer in said)


def stored_text() -> str:
    """Every row of every table."""
    rows = [db.session.execute(select(t)).all() for t in db.metadata.sorted_tables]
    return repr(rows)


def redis_text(url: str) -> str:
    """Every key of Redis, and whatever lies under it."""
    client = redis.Redis.from_url(url)
    keys = client.keys("*")
    dumped = [client.dump(key) for key in keys]
    client.close()
    return repr((keys, dumped))


def test_a_token_is_found_nowhere_but_at_tmdb(
    live_site: Flask,
    tmdb: TmdbServer,
    redis_url: str,
    everything_logged: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered = walk(live_site, CANARY)
    printed = capsys.readouterr()
    assert CANARY not in answered
    assert CANARY not in printed.out + printed.err
    assert CANARY not in stored_text()
    assert CANARY not in redis_text(redis_url)
    own = [headers for _, headers in tmdb.heard if CANARY in headers]
    assert own, "it did reach TMDb"
    assert all(f"HTTP_AUTHORIZATION: Bearer {CANARY}" in headers for headers in own)
    assert all(CANARY not in address for address, _ in tmdb.heard)
    assert all("account" in address for address, headers in tmdb.heard if CANARY in headers)


def test_a_token_is_in_no_log_while_tmdb_is_silent(
    live_site: Flask,
    tmdb: TmdbServer,
    everything_logged: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tmdb.stop()
    assert CANARY not in walk(live_site, CANARY)
    printed = capsys.readouterr()
    assert CANARY not in printed.out + printed.err


def test_the_session_of_a_connected_account_is_in_no_log_page_or_clear_row(
    live_site: Flask,
    ada: User,
    redis_url: str,
    everything_logged: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with live_site.app_context():
        service.begin_connection(ada)
        service.finish_connection(ada)
        grant = service.grant_of(ada)
        program = signed_in_program(live_site, ada)
    assert grant is not None
    answered = program.get("/api/v1/me/tmdb").text
    printed = capsys.readouterr()
    for place in (answered, printed.out + printed.err, stored_text(), redis_text(redis_url)):
        assert grant.session_id not in place
