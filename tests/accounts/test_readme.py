"""The README's script of the accounts' API does what it says, run as it is written."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Session, User
from tests.accounts.conftest import serving
from tests.conftest import absent
from tests.servers import free_port

README = Path(__file__).parent.parent.parent / "README.md"


@pytest.fixture
def api(app: Flask, settings: dict[str, str]) -> Iterator[str]:
    """Where the API listens."""
    port = free_port()
    site = create_app(load_config({**settings, "PORT": str(port)}))
    with serving(site, port) as address:
        yield f"{address}/api/v1"
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


def script() -> str:
    part = README.read_text().partition("### Accounts by API")[2]
    found = re.search(r"```sh\n(.+?)```", part, re.DOTALL)
    assert found
    return found[1]


def answers(text: str) -> list[dict[str, object]]:
    """The JSON values that were printed one after another."""
    decoder, found, text = json.JSONDecoder(), [], text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    return found


def test_the_script_walks_through_an_account(api: str) -> None:
    if shutil.which("curl") is None:
        absent("curl", "apt install curl")
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script()],
        env={"API": api, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    registered, me, sessions, verified, changed = answers(done.stdout)
    assert {"access", "refresh"} <= registered.keys()
    assert me["email"] == "you@example.org"
    assert sessions["count"] == 2
    assert verified == {}
    assert changed["time_zone"] == "Europe/Berlin"
    db.session.rollback()
    assert db.session.scalars(select(User.username)).all() == ["you"]
    live = select(func.count()).select_from(Session).where(Session.ended_at.is_(None))
    assert db.session.scalar(live) == 1, "the session of the token that signed out is over"
