"""Log lines are one line each, carry the request's id and never a secret."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from moviesite import log_context, logs
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import User
from tests import people
from tests.own_logging import logging_as_before
from tests.people import signed_in_browser

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def json_log(tmp_path: Path, capsys: Capture) -> Iterator[Capture]:
    with logging_as_before():
        logs.configure(load_config({"INSTANCE_DIR": str(tmp_path), "LOG_FORMAT": "json"}))
        yield capsys


def lines(capsys: Capture) -> list[dict[str, object]]:
    """What was logged, a dictionary a line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_record_is_one_line_of_json_with_its_context(
    json_log: Capture,
) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc")
    structlog.get_logger("moviesite.test").info("saved\nand more", movie=27205)
    structlog.contextvars.clear_contextvars()
    [line] = lines(json_log)
    assert line["event"] == "saved\nand more"
    assert (line["movie"], line["request_id"], line["level"]) == (27205, "abc", "info")
    assert str(line["timestamp"]).endswith("Z")


def test_libraries_speak_through_the_same_formatter(json_log: Capture) -> None:
    logging.getLogger("some.library").warning("careful: %s", "x")
    assert lines(json_log)[0]["event"] == "careful: x"


@pytest.mark.parametrize(
    "record",
    [
        {"event": "x", "api_key": "canary"},
        {"event": "x", "Authorization": "Bearer canary"},
        {"event": "GET https://api.example/3/movie?api_key=canary&page=1"},
        {"event": "x", "url": "https://a.example/?session_id=1&access_token=canary"},
        {"event": "header was Bearer canary"},
        {"event": "x", "cookie": "session=canary"},
        {"event": "x", "headers": {"Authorization": "canary", "list": ["token=canary"]}},
        {"event": "x", "tries": [{"password": "canary"}, ("Bearer canary",)]},
        {"event": 'sent {"password": "canary", "x": 1}'},
        {"event": "connecting to postgresql://moviesite:canary@db/moviesite"},
        {"event": "connecting to redis://:canary@cache:6379/0"},
        {"event": "signed eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.canary_canary-canary"},
    ],
)
def test_secrets_are_masked_by_name_and_by_look(json_log: Capture, record: dict[str, Any]) -> None:
    structlog.get_logger("moviesite.test").warning(**record)
    assert "canary" not in json_log.readouterr().err


def test_a_failure_is_logged_with_its_place(json_log: Capture) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("moviesite.test").exception("went wrong")
    [line] = lines(json_log)
    assert "ValueError: broken" in str(line["exception"])


def test_a_secret_in_a_trace_is_masked(json_log: Capture) -> None:
    try:
        raise ValueError("refused: https://api.example/3?api_key=canary")
    except ValueError:
        logging.getLogger("some.library").exception("went wrong")
    assert "canary" not in json_log.readouterr().err


@pytest.fixture(params=["json", "console"])
def any_log(request: Any, tmp_path: Path, capsys: Capture) -> Iterator[Capture]:
    with logging_as_before():
        logs.configure(load_config({"INSTANCE_DIR": str(tmp_path), "LOG_FORMAT": request.param}))
        yield capsys


@pytest.mark.parametrize(
    "trick", ["\n", "\r", "\x1b[2J", "\x7f", "\x9b2J", "\u2028", "\u202e", "\0"]
)
def test_no_character_of_a_visitor_leaves_its_line(any_log: Capture, trick: str) -> None:
    words = f"begin{trick}end"
    structlog.get_logger("moviesite.test").warning(words, query=words, deep={"list": [words]})
    logging.getLogger("some.library").warning("heard %s", words)
    written = any_log.readouterr().err
    assert written.count("\n") == 2
    assert trick == "\n" or trick not in written


def test_a_thread_tells_for_whom_it_works(json_log: Capture) -> None:
    log = structlog.get_logger("moviesite.test")
    with structlog.contextvars.bound_contextvars(request_id="abc", user_id=7):
        work = log_context.carrying(lambda: log.info("from a thread"))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    [line] = lines(json_log)
    assert (line["request_id"], line["user_id"]) == ("abc", 7)


def test_lines_of_a_request_carry_its_id_and_its_callers(
    site_with: Callable[..., Flask], ada: User, capsys: Capture
) -> None:
    site = site_with(LOG_SQL="true", LOG_FORMAT="json", LOG_LEVEL="INFO")
    person = signed_in_browser(site, ada)
    capsys.readouterr()
    answer = person.get("/account", headers={"X-Request-ID": "from-the-proxy"})
    assert answer.status_code == 200
    [line] = [line for line in lines(capsys) if line["event"] == "statements"]
    assert (line["request_id"], line["user_id"]) == ("from-the-proxy", ada.id)
    site.test_client().get("/about")
    [line] = [line for line in lines(capsys) if line["event"] == "statements"]
    assert "user_id" not in line, "nobody inherits who called before"


@pytest.mark.parametrize("taken", ["canary@example.org", None])
def test_what_a_failing_statement_was_given_is_in_no_log(
    app: Flask, json_log: Capture, taken: str | None
) -> None:
    people.join("ada", email="canary@example.org")
    row = {"username": "ben", "username_folded": "ben", "email": "canary", "bio": "canary"}
    try:
        db.session.execute(insert(User).values(**row, email_folded=taken))
    except IntegrityError:
        structlog.get_logger("moviesite.test").exception("went wrong")
    db.session.rollback()
    said = json_log.readouterr().err
    assert "INSERT INTO users" in said
    assert "canary" not in said
