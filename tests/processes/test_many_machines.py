"""Two web groups and three workers on one PostgreSQL and one Redis are one site.

Each group has a folder of its own, as a machine would; the model's folder alone is shared. What
is done at one of them is there at the other with the next request.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from flask_migrate import upgrade

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from tests import people, servers
from tests.processes.running import ROOT, end, environment, free_port, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.redis]

# Of a machine that does much else; nothing here is about speed.
PATIENCE = 180
INCEPTION, DARK_KNIGHT = 27205, 155
WEB = ("-m", "gunicorn", "--config", "python:moviesite.processes.server")


class Site:
    """The addresses of the groups, asked in turn."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self._turn = cycle(addresses)

    def ask(self, method: str, path: str, token: str = "", **given: Any) -> requests.Response:
        """A request at whichever group is next, on a connection of its own."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = next(self._turn) + path
        return requests.request(method, address, headers=headers, timeout=30, **given)

    def json(self, method: str, path: str, token: str = "", **given: Any) -> Any:
        """What a well answered call to the API says."""
        answer = self.ask(method, f"/api/v1{path}", token, **given)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def site(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two groups of two web processes, and three workers, on a Redis of their own."""
    tmp_path = tmp_path_factory.mktemp("machines")
    with servers.redis_server(tmp_path) as address:
        yield from _running(postgresql_url, address, tmp_path)


def _running(postgresql_url: str, real_redis: str, tmp_path: Path) -> Iterator[Site]:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS machines WITH (FORCE)")
        connection.execute("CREATE DATABASE machines")
    shared = {
        "DATABASE_URL": postgresql_url.replace("/postgres", "/machines"),
        "REDIS_URL": real_redis,
        "MODEL_DIR": str(tmp_path / "models"),
        "SECRET_KEY": "the same on every machine, as it must be",
        "ENCRYPTION_KEY": "the same on every machine, and another one",
        "THROTTLE_PROFILE": "off",
        # What people ask is one address; which group answers is a proxy's business.
        "BASE_URL": "http://127.0.0.1:8000",
    }
    _prepare({**shared, "INSTANCE_DIR": str(tmp_path / "first")})
    processes: list[subprocess.Popen] = []
    addresses = []
    with (tmp_path / "log").open("ab") as log:
        try:
            for place in ("one", "two"):
                port = free_port()
                own = {"INSTANCE_DIR": str(tmp_path / place), "PORT": str(port)}
                processes.append(_started(WEB, {**shared, **own}, log))
                addresses.append(f"http://127.0.0.1:{port}")
            for number in range(3):
                own = {"INSTANCE_DIR": str(tmp_path / f"worker-{number}")}
                processes.append(_started(("rq_worker.py",), {**shared, **own}, log))
            for address in addresses:
                wait_for(lambda address=address: _answers(address), PATIENCE, f"{address} answers")
            yield Site(addresses)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                end(process)


def _prepare(settings: dict[str, str]) -> None:
    app = create_app(load_config(settings))
    with app.app_context():
        upgrade()
        people.join("cleo")
        db.session.remove()
        db.engine.dispose()


def _started(program: tuple[str, ...], settings: dict[str, str], log: Any) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *program], cwd=ROOT, env=environment(**settings), stdout=log, stderr=log
    )


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/live", timeout=20).ok
    except requests.RequestException:
        return False


def form_token(page: requests.Response) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.status_code
    return found[1]


def test_what_is_done_at_one_group_is_there_at_the_other(site: Site) -> None:
    account = {"email": "ada@example.org", "username": "ada", "password": people.PASSWORD}
    ada = site.json("POST", "/auth/register", json=account)["access"]
    assert site.json("GET", "/me", ada)["username"] == "ada"

    site.json("PUT", f"/me/favorites/{INCEPTION}", ada)
    kept = site.json("GET", "/me/favorites", ada)["results"]
    assert [row["movie"]["id"] for row in kept] == [INCEPTION]
    wait_for(lambda: _runtime(site, ada), PATIENCE, "a worker has fetched the film's details")

    made = site.json("POST", "/lists", ada, json={"name": "Rainy days", "visibility": "public"})
    for movie_id in (INCEPTION, DARK_KNIGHT):
        site.json("PUT", f"/lists/{made['id']}/movies/{movie_id}", ada, json={})
    rows = site.json("GET", f"/lists/{made['id']}/movies")["results"]
    assert [row["movie"]["id"] for row in rows] == [INCEPTION, DARK_KNIGHT]

    named = {"source": "list", "list_id": made["id"], "name": "For Sunday"}
    link = site.json("POST", "/me/shares", ada, json=named)
    for _ in site.addresses:
        assert len(site.json("GET", f"/shared/{link['token']}")["results"]) == 2
    site.json("DELETE", f"/me/shares/{link['id']}", ada)
    for _ in site.addresses:
        assert site.ask("GET", f"/api/v1/shared/{link['token']}").status_code == 410

    site.json("POST", "/admin/periodic/generate_recommendations/run", _cleo(site))
    for _ in site.addresses:
        wait_for(lambda: _recommended(site, ada), PATIENCE, "what a worker learnt is used by each")
    assert INCEPTION not in _recommended(site, ada)


def _recommended(site: Site, token: str) -> list[int]:
    found = site.json("GET", "/me/recommendations", token)["results"]
    return [row["movie"]["id"] for row in found]


def _cleo(site: Site) -> str:
    given = {"identifier": "cleo", "password": people.PASSWORD}
    return str(site.json("POST", "/auth/token", json=given)["access"])


def _runtime(site: Site, token: str) -> bool:
    [row] = site.json("GET", "/me/favorites", token)["results"]
    return bool(row["movie"]["genres"])


def test_a_browser_that_signs_in_at_one_group_is_known_at_the_other(site: Site) -> None:
    one, two = site.addresses
    with requests.Session() as browser:
        form = {"identifier": "cleo", "password": people.PASSWORD}
        form["csrf_token"] = form_token(browser.get(f"{one}/sign-in", timeout=30))
        answer = browser.post(f"{one}/sign-in", data=form, allow_redirects=False, timeout=30)
        assert answer.status_code == 303
        page = browser.get(f"{two}/favorites", allow_redirects=False, timeout=30)
        assert page.status_code == 200
        token = {"csrf_token": form_token(page)}
        browser.post(f"{two}/sign-out", data=token, allow_redirects=False, timeout=30)
        page = browser.get(f"{one}/favorites", allow_redirects=False, timeout=30)
        assert page.status_code == 302


def test_who_runs_the_site_sees_all_of_it_from_any_group(site: Site) -> None:
    cleo = _cleo(site)
    three = lambda: len(site.json("GET", "/admin/jobs", cleo)["workers"]) == 3  # noqa: E731
    wait_for(three, PATIENCE, "three workers give a sign of life")
    for address in site.addresses:
        request_id = requests.get(f"{address}/nowhere", timeout=30).headers["X-Request-ID"]

        def known(request_id: str = request_id) -> bool:
            found = [site.json("GET", f"/admin/log?id={request_id}", cleo) for _ in site.addresses]
            return all(len(log["lines"]) == 1 for log in found)

        wait_for(known, PATIENCE, "the line is found from both")
