"""A process full of visitors who all want the same movie; says as JSON how each of them fared.

Arguments: Redis address, source address, folder, number of visitors, whether to read on the side.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask

from moviesite.cache_kinds import GENRES, MOVIE_DETAIL
from moviesite.caching import get_or_load
from moviesite.errors import Unavailable
from moviesite.providers.base import GenreData
from moviesite.providers.tmdb import TMDb, current_tmdb
from tests.caching import house

PATIENCE_SECONDS = 6.0


def visit(app: Flask, log: list[dict[str, Any]]) -> None:
    """Ask, and when told to come back do so, as a well-behaved client does."""
    started = time.monotonic()
    told: list[int] = []
    while time.monotonic() - started < PATIENCE_SECONDS:
        retry_after = ask(app)
        if retry_after is None:
            log.append({"told": told, "seconds": time.monotonic() - started})
            return
        told.append(retry_after)
        time.sleep(retry_after)
    log.append({"told": told, "seconds": None})


def ask(app: Flask) -> int | None:
    """One request, in a context of its own; says when to come back, None when there is no need."""
    with app.app_context():
        try:
            get_or_load(MOVIE_DETAIL, {"id": 603}, lambda: current_tmdb().movie(603, "en-US"))
        except Unavailable as error:
            return error.retry_after
    return None


def read_on_the_side(app: Flask, done: threading.Event, log: list[float]) -> None:
    """What a page that is cached costs meanwhile."""
    with app.app_context():
        while not done.is_set():
            started = time.monotonic()
            get_or_load(GENRES, {}, never)
            log.append(time.monotonic() - started)
            time.sleep(0.005)


def never() -> tuple[GenreData, ...]:
    raise AssertionError("what is cached is not loaded")


def main(redis_url: str, source_url: str, folder: str, visitors: str, side: str) -> None:
    app = house.build(Path(folder), redis_url, threads=8)
    client = app.extensions["redis_client"]
    app.extensions["tmdb"] = TMDb(source_url, "key", redis=client, threads=8)
    outcomes: list[dict[str, Any]] = []
    reads: list[float] = []
    with app.app_context():
        get_or_load(GENRES, {}, lambda: (GenreData(18, "Drama"),))
    done = threading.Event()
    reader = threading.Thread(target=read_on_the_side, args=(app, done, reads))
    crowd = [threading.Thread(target=visit, args=(app, outcomes)) for _ in range(int(visitors))]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for thread in [*([reader] if side == "1" else []), *crowd]:
        thread.start()
    for thread in crowd:
        thread.join()
    done.set()
    sys.stdout.write(json.dumps({"outcomes": outcomes, "reads": reads}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
