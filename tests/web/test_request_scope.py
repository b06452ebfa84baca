"""A source that hangs costs a visitor three seconds at most, whatever a page is made of."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from moviesite import budget
from moviesite.catalogue import shelves
from moviesite.errors import Unavailable
from tests.providers.scripted import ScriptedServer, silent
from tests.sites import own_site

# Three visits or rows that each wait: what a busy machine adds to one wait stays below.
MUCH_MORE = 3 * budget.REQUEST_SECONDS


@pytest.fixture
def source() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    server.plays(silent)
    yield server
    server.close()


@pytest.fixture
def hanging_app(source: ScriptedServer, tmp_path: Path) -> Iterator[Flask]:
    settings = {
        "INSTANCE_DIR": str(tmp_path),
        "TMDB_BASE_URL": source.url,
        "TMDB_API_KEY": "a-token-for-tests",
        "THROTTLE_PROFILE": "off",
        "LOG_LEVEL": "ERROR",
    }
    with own_site(settings) as app, app.app_context():
        yield app


def seconds_for(app: Flask, address: str) -> tuple[float, str]:
    began = time.monotonic()
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    return time.monotonic() - began, answer.text


def test_a_page_of_many_questions_waits_once(hanging_app: Flask) -> None:
    taken, text = seconds_for(hanging_app, "/")
    assert taken < MUCH_MORE, "each of five rows waited for itself"
    lacking = text.partition("Missing until it answers again: ")[2].partition("</p>")[0]
    for kind in shelves.HOME:
        assert f'id="row-{kind.key}"' not in text
        assert kind.title in lacking


def test_others_are_answered_meanwhile(hanging_app: Flask) -> None:
    with ThreadPoolExecutor(4) as readers:
        waiting = [readers.submit(seconds_for, hanging_app, "/") for _ in range(3)]
        time.sleep(0.3)
        seconds_for(hanging_app, "/health/live")
        assert not any(one.done() for one in waiting)
        assert max(one.result()[0] for one in waiting) < MUCH_MORE, "one after the other"


def test_a_page_that_says_that_something_is_missing_is_not_kept(hanging_app: Flask) -> None:
    client = hanging_app.test_client(use_cookies=False)
    client.get("/")
    assert "Age" not in client.get("/").headers


def test_waiting_adds_up_and_then_there_is_none() -> None:
    budget.begin(0.2)
    try:
        with budget.waiting(3) as allowed:
            assert allowed == pytest.approx(0.2)
            time.sleep(0.15)
        assert budget.left(3) < 0.06
        with budget.waiting(3):
            time.sleep(0.06)
        with pytest.raises(Unavailable), budget.waiting(3):
            pytest.fail("there was no time left")
    finally:
        budget.end()


def test_outside_of_requests_nothing_is_counted() -> None:
    found: list[float] = []
    budget.begin(0.1)
    try:
        thread = threading.Thread(target=lambda: found.append(budget.left(10)))
        thread.start()
        thread.join()
    finally:
        budget.end()
    assert found == [10]
    assert budget.left(10) == 10
