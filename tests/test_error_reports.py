"""Unexpected errors are reported where a DSN is set, and name neither requests nor people."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from moviesite import error_reports, logs
from moviesite.config import load_config
from tests.own_logging import logging_as_before

# Never written out: the lines of this file are in its traces.
PERSON = 7000 + 777
WORDS = "-".join(("somebody", "canary"))
DSN = "http://public@127.0.0.1:9/1"


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent += [json.dumps(item.payload.json) for item in envelope.items]


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[list[str]]:
    config = load_config({"INSTANCE_DIR": str(tmp_path), "SENTRY_DSN": DSN})
    kept = Kept()
    with logging_as_before():
        logs.configure(load_config({"INSTANCE_DIR": str(tmp_path)}))
        found = error_reports.reporter(config, transport=kept)
        assert found is not None
        logging.getLogger().addHandler(found)
        yield kept.sent
    sentry_sdk.init()


def fail() -> None:
    raise ValueError(WORDS)


def test_an_error_is_reported_with_its_place_and_ids_and_without_its_words(
    sent: list[str],
) -> None:
    try:
        with structlog.contextvars.bound_contextvars(request_id="abc", user_id=PERSON):
            fail()
    except ValueError as error:
        with structlog.contextvars.bound_contextvars(request_id="abc", user_id=PERSON):
            structlog.get_logger("moviesite.test").error("unexpected error", exc_info=error)
    [event] = sent
    assert '"ValueError"' in event
    assert '"fail"' in event
    assert '"request_id": "abc"' in event
    for personal in (WORDS, str(PERSON)):
        assert personal not in event


def test_errors_of_libraries_are_reported_too(sent: list[str]) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("some.library").exception("went wrong")
    assert len(sent) == 1


def test_an_error_that_was_written_as_text_while_it_was_handled_is_reported_too(
    sent: list[str],
) -> None:
    try:
        fail()
    except ValueError as error:
        logging.getLogger("rq.worker").error("job failed: %s", error)
    [event] = sent
    assert '"ValueError"' in event
    assert WORDS not in event


def test_what_is_no_error_is_not_reported(sent: list[str]) -> None:
    logging.getLogger("some.library").error("without a trace")
    structlog.get_logger("moviesite.test").warning("careful")
    assert sent == []


def test_nothing_is_reported_without_a_dsn(tmp_path: Path) -> None:
    assert error_reports.reporter(load_config({"INSTANCE_DIR": str(tmp_path)})) is None
