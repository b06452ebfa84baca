"""Answers a second and how long they take, beside a bare Flask route under the same server.

    python -m benchmarks.answers --rounds 5 --seconds 4

The yardstick returns constant bytes of the same size. All servers run at once, the rounds take
turns, and every figure is the median of its rounds: what disturbs one disturbs all.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks import made_up, serving
from benchmarks.load import Load, press, typical
from benchmarks.table import Row, at_least, at_most, markdown

CACHED = {"trending": "/api/v1/movies/trending", "home": "/", "movie": "/movie/27205-inception"}
STORED = "/api/v1/movies?ordering=-popularity"
NAMES = {"trending": "trending JSON", "home": "home page", "movie": "movie page"}
FILMS = 5_000
WARMING = 40

Rounds = dict[tuple[str, str], list[Load]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    wanted = parser.parse_args()
    print(markdown(measured(wanted.rounds, wanted.seconds)))


def measured(rounds: int, seconds: float) -> list[Row]:
    """One row for each promise."""
    with ExitStack() as stack:
        addresses = _servers(stack)
        taken: Rounds = {}
        for _ in range(rounds):
            for key, address in addresses.items():
                taken.setdefault(key, []).append(press(address, seconds))
        return list(_rows({key: typical(loads) for key, loads in taken.items()}))


def _servers(stack: ExitStack) -> dict[tuple[str, str], str]:
    """Everything that is asked, by server and by answer."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    redis_url = stack.enter_context(serving.redis_server(folder))
    env = serving.environment(folder, REDIS_URL=redis_url)
    serving.prepare(env)
    made_up.fill_sqlite(str(folder / "moviesite.db"), FILMS)
    site, _ = stack.enter_context(serving.web(env))
    far, _ = stack.enter_context(serving.web(env, "benchmarks.through_redis:app"))
    asked = {("site", name): site + path for name, path in CACHED.items()}
    asked |= {("redis", name): far + path for name, path in CACHED.items()}
    asked["site", "stored"] = site + STORED
    sizes = {name: _warm(address) for (_, name), address in asked.items()}
    constant, _ = stack.enter_context(_yardstick(env, sizes))
    asked |= {("constant", name): f"{constant}/{name}" for name in sizes}
    # Neighbours in time are compared: the same answer from each server, one after another.
    return dict(sorted(asked.items(), key=lambda item: item[0][1]))


def _warm(address: str) -> int:
    """Ask until every process has what it will have; the size of the answer in bytes."""
    return [len(serving.fetch(address)) for _ in range(WARMING)][-1]


def _yardstick(env: Mapping[str, str], sizes: Mapping[str, int]) -> serving.Served:
    constant_sizes = ",".join(f"{name}={size}" for name, size in sizes.items())
    settings = {**env, "CONSTANT_SIZES": constant_sizes}
    return serving.web(settings, "benchmarks.constant:app", f"/{next(iter(sizes))}")


def _rows(found: Mapping[tuple[str, str], Load]) -> Iterator[Row]:
    for answer, name in NAMES.items():
        yardstick = found["constant", answer]
        yield _speed(f"bare Flask route of the size of the {name}", yardstick)
        for server, layer, promised in (
            ("redis", "from Redis", 0.7),
            ("site", "with the layer in the process", 0.9),
        ):
            load = found[server, answer]
            title = f"{name} {layer}"
            yield _speed(title, load)
            yield at_least(f"{title}: of the bare route", load.rate / yardstick.rate, promised)
        yield at_most(f"{title}: median, times the bare route's", load.p50 / yardstick.p50, 2)
        yield at_most(f"{title}: p99, times its median", load.p99 / load.p50, 3)
    stored, yardstick = found["site", "stored"], found["constant", "stored"]
    yield _speed("20 stored movies, made anew", stored)
    yield at_least("20 stored movies: of the bare route", stored.rate / yardstick.rate, 1 / 20)


def _speed(name: str, load: Load) -> Row:
    return Row(name, f"{load.rate:,.0f}/s, p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms")


if __name__ == "__main__":
    main()
