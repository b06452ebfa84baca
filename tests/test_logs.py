"""Log lines are one line each, carry the request's id and never a secret."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from moviesite import logs
from moviesite.config import load_config

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def json_log(tmp_path: Path, capsys: Capture) -> Iterator[Capture]:
    before = (logging.getLogger().handlers, logging.getLogger().level)
    logs.configure(load_config({"INSTANCE_DIR": str(tmp_path), "LOG_FORMAT": "json"}))
    yield capsys
    logging.getLogger().handlers, logging.getLogger().level = before
    structlog.reset_defaults()


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
    ],
)
def test_secrets_are_masked_by_name_and_by_look(json_log: Capture, record: dict[str, str]) -> None:
    structlog.get_logger("moviesite.test").warning(**record)
    assert "canary" not in json_log.readouterr().err


def test_a_failure_is_logged_with_its_place(json_log: Capture) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("moviesite.test").exception("went wrong")
    [line] = lines(json_log)
    assert "ValueError: broken" in str(line["exception"])
