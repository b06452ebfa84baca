"""What was backed up comes back: the README's commands, run as they are written."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from moviesite.app import create_app
from moviesite.catalogue import service as catalogue
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import User
from tests import factories, people, servers
from tests.conftest import absent

README = Path(__file__).parent.parent / "README.md"
QUESTIONS = (
    "/api/v1/me",
    "/api/v1/me/favorites",
    "/api/v1/me/watchlist",
    "/api/v1/me/lists/updates",
)


def commands(kind: str, act: str) -> str:
    """The block of commands that begins with this comment."""
    found = re.search(rf"```sh\n(# {act}: {kind}\n.+?)```", README.read_text(), re.DOTALL)
    assert found
    return found[1]


def run(kind: str, act: str, folder: Path, **settings: str) -> None:
    """Run the README's commands with these settings, in that folder."""
    bin_folder = servers.postgresql_bin()
    path = os.pathsep.join([*([str(bin_folder)] if bin_folder else []), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", commands(kind, act)],
        cwd=folder,
        env={"PATH": path, "BACKUP": str(folder / "backup"), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def name(database_kind: str) -> str:
    """The database's name in the README; skips where its programs are absent."""
    wanted = "sqlite3" if database_kind == "sqlite" else "pg_dump"
    if shutil.which(wanted) is None and servers.postgresql_bin() is None:
        absent(wanted, f"apt install {'sqlite3' if wanted == 'sqlite3' else 'postgresql'}")
    return "SQLite" if database_kind == "sqlite" else "PostgreSQL"


def another_database(kind: str, server: str, folder: Path) -> str:
    """The address of a database that is not there yet, or empty."""
    if kind == "sqlite":
        (folder / "restored").mkdir()
        return f"sqlite:///{folder / 'restored' / 'moviesite.db'}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored")
        connection.execute("CREATE DATABASE restored")
    return server.rpartition("/")[0] + "/restored"


def told(site: Flask, token: str) -> list[Any]:
    """What the site answers to a program with that token."""
    program = site.test_client(use_cookies=False)
    answers = [program.get(address, headers={"Authorization": token}) for address in QUESTIONS]
    assert [answer.status_code for answer in answers] == [200] * len(QUESTIONS)
    return [answer.json for answer in answers]


def test_a_restored_copy_answers_as_the_site_did(
    app: Flask,
    ada: User,
    settings: dict[str, str],
    database_kind: str,
    name: str,
    tmp_path: Path,
) -> None:
    for movie_id in (27205, 155, 603):
        catalogue.store_movies([factories.movie(movie_id)])
        library.add_favorite(ada, movie_id)
    instance = Path(settings["INSTANCE_DIR"])
    (instance / "media").mkdir(exist_ok=True)
    (instance / "media" / "face.webp").write_bytes(b"a picture")
    program = people.signed_in_program(app, ada)
    token = str(program.environ_base["HTTP_AUTHORIZATION"])
    before = told(app, token)
    assert before[1]["count"] == 3
    db.session.rollback()

    places = {"INSTANCE_DIR": str(instance)}
    address = settings["DATABASE_URL"]
    file = address.removeprefix("sqlite:///")
    run(name, "Back up", tmp_path, DATABASE_URL=address, DATABASE_FILE=file, **places)

    library.remove_favorite(ada, 603)
    copy = another_database(database_kind, address, tmp_path)
    new = {"INSTANCE_DIR": str(tmp_path / "new"), "DATABASE_URL": copy}
    run(name, "Restore", tmp_path, DATABASE_FILE=copy.removeprefix("sqlite:///"), **new)
    restored = create_app(load_config({**settings, **new}))
    with restored.app_context():
        assert told(restored, token) == before
        assert restored.test_client().get("/health/ready").json["parts"]["migrations"] == "ok"
        db.session.remove()
        db.engine.dispose()
    assert (tmp_path / "new" / "media" / "face.webp").read_bytes() == b"a picture"
