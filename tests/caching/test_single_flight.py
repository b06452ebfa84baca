"""Many who miss the same answer in two processes ask for it once, even when one of them dies."""

import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from moviesite.extensions import connect_redis
from tests.providers.scripted import ScriptedServer, answer, silent, slowly

ROOT = Path(__file__).parent.parent.parent
MOVIE = answer({"id": 603, "title": "The Matrix"})

pytestmark = [pytest.mark.redis, pytest.mark.processes]

Start = Callable[[int, bool], "subprocess.Popen[str]"]


@pytest.fixture
def source() -> Iterator[ScriptedServer]:
    """Where the movie comes from."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def start(
    source: ScriptedServer, clean_redis: str, tmp_path: Path, built: Callable[[str], Flask]
) -> Iterator[Start]:
    """Starts a process full of visitors, who wait for a sign."""
    built(clean_redis)
    started: list[subprocess.Popen[str]] = []

    def begin(visitors: int, side: bool) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.caching.visitors", clean_redis, source.url]
        process = subprocess.Popen(
            [*command, str(tmp_path), str(visitors), str(int(side))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def go(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def told(process: "subprocess.Popen[str]") -> dict[str, Any]:
    output, _ = process.communicate(timeout=40)
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def test_sixty_four_misses_in_two_processes_make_one_call(
    start: Start, source: ScriptedServer, record_property: Callable[[str, object], None]
) -> None:
    takes = 0.7
    source.plays(slowly(takes, MOVIE))
    one, other = start(32, True), start(32, True)
    go(one, other)
    stories = [told(one), told(other)]
    outcomes = [outcome for story in stories for outcome in story["outcomes"]]
    assert len(source.requests) == 1
    assert len(outcomes) == 64
    assert all(outcome["seconds"] is not None for outcome in outcomes), "everybody has the movie"
    assert {seconds for outcome in outcomes for seconds in outcome["told"]} == {1}
    slowest = max(outcome["seconds"] for outcome in outcomes)
    reads = sorted(seconds for story in stories for seconds in story["reads"])
    record_property("slowest visitor, seconds", slowest)
    record_property(
        "cached reads, median and slowest, seconds", (reads[len(reads) // 2], reads[-1])
    )
    assert slowest < 3
    assert len(reads) > 20
    assert statistics.quantiles(reads, n=100)[-1] < takes / 2, "no reader waits for the source"


def test_the_death_of_the_one_who_asks_costs_a_second(
    start: Start, source: ScriptedServer, clean_redis: str
) -> None:
    source.plays(silent, MOVIE)
    asker, others = start(1, False), start(32, False)
    go(asker)
    client = connect_redis(clean_redis)
    deadline = time.monotonic() + 20
    while not (source.requests and client.exists("lock:tmdb:movie:603:detail")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    asker.send_signal(signal.SIGKILL)
    go(others)
    outcomes = told(others)["outcomes"]
    client.close()
    assert len(source.requests) == 2, "the dead one's and one more"
    assert all(outcome["seconds"] is not None for outcome in outcomes)
    assert {seconds for outcome in outcomes for seconds in outcome["told"]} <= {1}
    assert max(outcome["seconds"] for outcome in outcomes) < 3


def test_a_living_holder_keeps_its_lock_for_longer_than_it_lasts_by_itself(
    start: Start, source: ScriptedServer
) -> None:
    source.plays(slowly(1.6, MOVIE))
    one, other = start(2, False), start(2, False)
    go(one, other)
    outcomes = told(one)["outcomes"] + told(other)["outcomes"]
    assert len(source.requests) == 1
    assert all(outcome["seconds"] is not None for outcome in outcomes)
