"""What 200 people who watch a shared list cost everybody else, and how soon they see an edit.

    python -m benchmarks.sharing --rounds 5 --seconds 8

The site runs as it is shipped. Other pages are asked at a steady pace, with and without the
watchers in turn, so that what disturbs the machine disturbs both; each figure is the median of
its rounds. A watcher asks as the page does: every two seconds, with what it has.
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import made_up, serving
from benchmarks.table import Row, at_most, markdown
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.lists import item_service, service, share_service
from moviesite.models import User

WATCHERS, EVERY = 200, 2.0
LONGEST = 15.0
FILMS, LISTED = 5_000, 100
# Requests a second of everybody else.
PACE = 40
OTHERS = ("/movie/27205-inception", "/api/v1/movies?ordering=-popularity", "/lists")


class Adding:
    """Adds one movie after another to the shared list, as its owner does elsewhere."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        settings = {"INSTANCE_DIR": str(folder), "THROTTLE_PROFILE": "off", "LOG_LEVEL": "ERROR"}
        self.app = create_app(load_config({**settings, "REDIS_URL": redis_url}))
        self._next = LISTED + 1
        with self.app.app_context():
            owner = User(username="owner", email="owner@example.org", password_hash=None)
            owner.username_folded, owner.email_folded = "owner", "owner@example.org"
            self._list, self.token = _make_list(owner)

    def __call__(self) -> None:
        """One more movie."""
        with self.app.app_context():
            owner = db.session.query(User).filter_by(username="owner").one()
            item_service.put_movie(owner, self._list, self._next, position=0)
        self._next += 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    wanted = parser.parse_args()
    print(markdown(measured(wanted.rounds, wanted.seconds)))


def measured(rounds: int, seconds: float) -> list[Row]:
    """One row for each promise."""
    with _site() as (address, adding):
        page = f"{address}/l/{adding.token}"
        alone: list[list[float]] = []
        watched: list[list[float]] = []
        unchanged, seen = [], []
        for _ in range(rounds):
            alone.append(asyncio.run(_others(address, seconds)))
            times, answers, late = asyncio.run(_watched(address, page, seconds, adding))
            watched.append(times)
            unchanged += answers
            seen.append(late)
    return _rows(alone, watched, unchanged, seen)


@contextlib.contextmanager
def _site() -> Iterator[tuple[str, Adding]]:
    with tempfile.TemporaryDirectory() as name, serving.redis_server(Path(name)) as redis_url:
        folder = Path(name)
        env = serving.environment(folder, REDIS_URL=redis_url)
        serving.prepare(env)
        made_up.fill_sqlite(str(folder / "moviesite.db"), FILMS)
        adding = Adding(folder, redis_url)
        with serving.web(env) as (address, _):
            for path in OTHERS * 20:
                serving.fetch(address + path)
            yield address, adding


def _make_list(owner: User) -> tuple[object, str]:
    db.session.add(owner)
    db.session.commit()
    ids = range(1, LISTED + 1)
    made = service.create(owner, "Watched", visibility="private", movie_ids=ids)
    return made.uuid, share_service.share(owner, "list", "Watched", list_id=made.uuid).token


async def _others(address: str, seconds: float) -> list[float]:
    """Milliseconds of each answer, asked at a steady pace whatever the last one took."""
    times: list[float] = []
    asked = []
    for number in range(int(seconds * PACE)):
        asked.append(asyncio.create_task(_timed(address + OTHERS[number % len(OTHERS)], times)))
        await asyncio.sleep(1 / PACE)
    await asyncio.gather(*asked)
    return times


async def _timed(address: str, times: list[float]) -> None:
    began = time.perf_counter()
    async with _connected(address) as line:
        status, _, _ = await _ask(line, address)
    if status != 200:
        raise RuntimeError(f"{address}: {status}")
    times.append((time.perf_counter() - began) * 1000)


async def _watched(
    address: str, page: str, seconds: float, adding: Adding
) -> tuple[list[float], list[float], float]:
    """The others' times, those of the watchers' 304s, and how late the last saw an edit."""
    answers: list[float] = []
    seen: dict[int, float] = {}
    watchers = [
        asyncio.create_task(_watch(page, number, answers, seen)) for number in range(WATCHERS)
    ]
    await asyncio.sleep(2 * EVERY)
    answers.clear()
    seen.clear()
    times = await _others(address, seconds)
    edited = time.perf_counter()
    await asyncio.to_thread(adding)
    while len(seen) < WATCHERS and time.perf_counter() < edited + LONGEST:
        await asyncio.sleep(0.05)
    late = max(seen.values()) - edited if len(seen) == WATCHERS else float("inf")
    for watcher in watchers:
        watcher.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
    return times, answers, late


async def _watch(page: str, number: int, answers: list[float], seen: dict[int, float]) -> None:
    """One open page. They did not all open at the same moment."""
    await asyncio.sleep(EVERY * number / WATCHERS)
    tag = ""
    while True:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            async with _connected(page) as line:
                while True:
                    began = time.perf_counter()
                    status, found, _ = await _ask(line, page, tag)
                    took = time.perf_counter() - began
                    if status == 200:
                        tag, seen[number] = found, time.perf_counter()
                    else:
                        answers.append(took * 1000)
                    await asyncio.sleep(max(EVERY - took, 0))


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def _connected(address: str):  # noqa: ANN202 - a context manager of a Line
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _ask(line: Line, address: str, tag: str = "") -> tuple[int, str, bytes]:
    """Status, entity tag and body."""
    reader, writer = line
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}"]
    if "/l/" in path:
        sent += ["HX-Request: true", "HX-Request-Type: partial"]
    if tag:
        sent.append(f"If-None-Match: {tag}")
    writer.write(("\r\n".join(sent) + "\r\n\r\n").encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(first.split()[1]), headers.get("etag", ""), body


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _rows(
    alone: list[list[float]], watched: list[list[float]], unchanged: list[float], seen: list[float]
) -> list[Row]:
    before = statistics.median(map(_p99, alone))
    during = statistics.median(map(_p99, watched))
    middle = [statistics.median(map(statistics.median, found)) for found in (alone, watched)]
    return [
        Row("other pages alone", f"p50 {middle[0]:.1f} ms, p99 {before:.1f} ms"),
        Row(f"beside {WATCHERS} open pages", f"p50 {middle[1]:.1f} ms, p99 {during:.1f} ms"),
        at_most("their p99, times that alone", during / before, 2),
        Row(
            "an open page that has all",
            f"p50 {statistics.median(unchanged):.1f} ms, p99 {_p99(unchanged):.1f} ms",
        ),
        at_most("the last of them shows an edit after", statistics.median(seen), 3, " s"),
    ]


if __name__ == "__main__":
    main()
