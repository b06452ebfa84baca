"""What signed-in people do most, on PostgreSQL, beside a bare Flask route under the same server.

    python -m benchmarks.library --rounds 3 --seconds 4

Favorites with an access token, keeping a film, a film's page with the viewer's own part, and how
all of that grows from 10 favorites to 10,000. Writes need wrk.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert

from benchmarks import made_up, serving
from benchmarks.load import Load, press, typical
from benchmarks.table import Row, at_least, at_most, markdown
from moviesite import clock
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Favorite, User
from moviesite.transactions import transactional
from tests import people, servers

FILMS = 12_000
FEW, USUAL, MANY = 10, 200, 10_000
WRITERS = 64
WARMING = 20
ASKED = 60
FAVORITES, FILM = "/api/v1/me/favorites", "/api/v1/movies/27205"
_ENVIRONMENT = {
    "SECRET_KEY": "for measurements alone, and long enough for them",
    "BASE_URL": "http://127.0.0.1",
    "ACCESS_TOKEN_MINUTES": "1440",
}


class Site(NamedTuple):
    """Where the servers listen, and the headers of people with that many favorites."""

    address: str
    without_redis: str
    constant: str
    usual: dict[str, str]
    few: dict[str, str]
    many: dict[str, str]
    writers: list[str]
    folder: Path


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    wanted = parser.parse_args()
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{os.cpu_count()} processors, {wanted.rounds} rounds of {wanted.seconds:g} s with 64")
    print(f"connections; load before: {load}\n")
    print(markdown(measured(wanted.rounds, wanted.seconds)))


def measured(rounds: int, seconds: float) -> list[Row]:
    """One row for each figure."""
    with ExitStack() as stack:
        site = _site(stack)
        taken: dict[str, list[Load]] = {}
        for number in range(rounds):
            for name, load in _round(site, number, seconds):
                taken.setdefault(name, []).append(load)
        found = {name: typical(loads) for name, loads in taken.items()}
        return [*_rows(found), *_growth(site)]


def _site(stack: ExitStack) -> Site:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    folder.chmod(0o755)
    (folder / "server").mkdir()
    url = stack.enter_context(servers.postgresql(folder / "server"))
    redis_url = stack.enter_context(serving.redis_server(folder))
    plain = serving.environment(folder / "instance", DATABASE_URL=url, **_ENVIRONMENT)
    serving.prepare(plain)
    made_up.fill_postgresql(url, FILMS)
    crowd = _crowd(plain)
    address, _ = stack.enter_context(serving.web({**plain, "REDIS_URL": redis_url}))
    without_redis, _ = stack.enter_context(serving.web(plain))
    asked = {"favorites": (address + FAVORITES, crowd[1]), "film": (address + FILM, crowd[1])}
    sizes = {name: _warm(*one) for name, one in asked.items()}
    _warm(without_redis + FAVORITES, crowd[1])
    constant_sizes = ",".join(f"{name}={size}" for name, size in sizes.items())
    yardstick = serving.web(
        {**plain, "CONSTANT_SIZES": constant_sizes}, "benchmarks.constant:app", "/favorites"
    )
    constant, _ = stack.enter_context(yardstick)
    return Site(address, without_redis, constant, crowd[1], crowd[0], crowd[2], crowd[3], folder)


def _crowd(
    env: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, str], dict[str, str], list[str]]:
    """Headers of people with few, 200 and many favorites, and the tokens of those who write."""
    app = create_app(load_config(env))
    with app.app_context():
        few, usual, many = (
            _person(app, number, size) for number, size in enumerate((FEW, 200, MANY))
        )
        writers = [_person(app, 100 + number, 0)["Authorization"] for number in range(WRITERS)]
        db.session.remove()
        db.engine.dispose()
    return few, usual, many, writers


def _person(app: Any, number: int, favorites: int) -> dict[str, str]:
    user = people.join("ada", username=f"person{number}", email=f"person{number}@example.org")
    _keep(user, favorites)
    client = people.signed_in_program(app, user)
    return {"Authorization": str(client.environ_base["HTTP_AUTHORIZATION"])}


@transactional
def _keep(user: User, count: int) -> None:
    rows = [
        {"user_id": user.id, "movie_id": movie_id, "added_at": clock.now()}
        for movie_id in range(1, count + 1)
    ]
    if rows:
        db.session.execute(insert(Favorite), rows)


def _warm(address: str, headers: Mapping[str, str]) -> int:
    return [len(serving.fetch(address, headers)) for _ in range(WARMING)][-1]


def _round(site: Site, number: int, seconds: float) -> Iterator[tuple[str, Load]]:
    """Neighbours in time are compared."""
    yield "constant favorites", press(f"{site.constant}/favorites", seconds)
    yield "favorites", press(site.address + FAVORITES, seconds, headers=site.usual)
    yield "favorites anew", press(site.without_redis + FAVORITES, seconds, headers=site.usual)
    script = _writing(site, number)
    yield "write", press(site.address, seconds, script=script)
    yield "constant film", press(f"{site.constant}/film", seconds)
    yield "film", press(site.address + FILM, seconds, headers=site.usual)


def _writing(site: Site, number: int) -> Path:
    """Every request keeps another film, for one person after the other."""
    tokens = ", ".join(f'"{token}"' for token in site.writers)
    script = site.folder / f"write-{number}.lua"
    script.write_text(
        f"local tokens = {{{tokens}}}\n"
        f"local count = {number * 40_000}\n"
        "request = function()\n"
        "  count = count + 1\n"
        f"  local film = math.floor(count / {WRITERS}) % {FILMS} + 1\n"
        f"  local headers = {{['Authorization'] = tokens[count % {WRITERS} + 1]}}\n"
        f"  return wrk.format('PUT', '{FAVORITES}/' .. film, headers)\n"
        "end\n"
    )
    return script


def _rows(found: Mapping[str, Load]) -> Iterator[Row]:
    bare, film = found["constant favorites"], found["constant film"]
    yield _speed("bare Flask route of the size of 20 favorites", bare)
    for name, title, promised in (
        ("favorites", "20 favorites with a token", 1 / 20),
        ("favorites anew", "20 favorites with a token, without Redis", 1 / 20),
        ("write", "a film kept", 1 / 12),
    ):
        yield _speed(title, found[name])
        ratio = found[name].rate / bare.rate
        yield at_least(f"{title}: of the bare route", ratio, promised, digits=3)
    yield _speed("bare Flask route of the size of a film", film)
    yield _speed("a film with the viewer's part", found["film"])
    ratio = found["film"].rate / film.rate
    yield at_least("a film with the viewer's part: of the bare route", ratio, 1 / 20, digits=3)


def _speed(name: str, load: Load) -> Row:
    return Row(name, f"{load.rate:,.0f}/s, p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms")


def _growth(site: Site) -> Iterator[Row]:
    """Pages are made anew each time, and asked for in turn."""
    pages = {
        "first page": (site.without_redis + FAVORITES, site.many),
        "middle page": (f"{site.without_redis}{FAVORITES}?page=250", site.many),
        "last page": (f"{site.without_redis}{FAVORITES}?page=500", site.many),
        "few": (site.without_redis + FAVORITES + "?page_size=10", site.few),
        "ten of many": (site.without_redis + FAVORITES + "?page_size=10", site.many),
        "twenty": (site.without_redis + FAVORITES, site.usual),
    }
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ASKED):
        for name, (address, headers) in pages.items():
            begun = time.perf_counter()
            serving.fetch(address, headers)
            times[name].append((time.perf_counter() - begun) * 1000)
    found = {name: statistics.median(all_) for name, all_ in times.items()}
    yield Row("10 favorites of 10, alone", f"{found['few']:.1f} ms")
    yield at_most(
        "10 favorites of 10,000, times those of 10", found["ten of many"] / found["few"], 1.5
    )
    yield Row("20 favorites of 200, alone", f"{found['twenty']:.1f} ms")
    for name in ("first page", "middle page", "last page"):
        yield at_most(
            f"20 favorites of 10,000, {name}, times those of 200",
            found[name] / found["twenty"],
            1.5,
        )


if __name__ == "__main__":
    main()
