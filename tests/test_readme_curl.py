"""The README's walk by curl does what it says over the demo, run as it is written."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from tests.accounts.conftest import serving
from tests.conftest import absent
from tests.servers import free_port

README = Path(__file__).parent.parent / "README.md"


@pytest.fixture
def api(app: Flask, settings: dict[str, str]) -> Iterator[str]:
    """Where the API of a seeded demo listens."""
    seeded = app.test_cli_runner().invoke(args=["seed", "--demo"])
    assert seeded.exit_code == 0, seeded.output
    assert "lists made" in seeded.output
    port = free_port()
    site = create_app(load_config({**settings, "PORT": str(port)}))
    with serving(site, port) as address:
        yield f"{address}/api/v1"
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


def script() -> str:
    """The commands below the heading."""
    part = README.read_text().partition("### A walk by curl")[2]
    found = re.search(r"```sh\n(.+?)```", part, re.DOTALL)
    assert found
    return found[1]


def answers(text: str) -> list[dict[str, Any]]:
    """The JSON values that were printed one after another."""
    decoder, found, text = json.JSONDecoder(), [], text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    return found


def test_the_walk_ends_with_a_shared_favorite(api: str, client: FlaskClient) -> None:
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
    account, trending, kept, favorites, recommended, link, shown = answers(done.stdout)
    assert account["user"]["username"] == "reader"
    assert len(trending["results"]) == 5
    assert favorites["results"][0]["movie"]["id"] == kept["movie"]["id"]
    assert recommended["results"]
    assert link["source"] == "favorites"
    assert shown["results"][0]["movie"]["id"] == kept["movie"]["id"]
