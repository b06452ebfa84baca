"""Commands do what pages and jobs do, and ask before they delete."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.app import create_app
from moviesite.catalogue import service
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Movie
from tests import factories
from tests.processes.running import ROOT, environment
from tests.sites import let_go


def movies() -> int:
    """How many movies are stored."""
    return db.session.scalar(select(func.count()).select_from(Movie)) or 0


def test_purging_asks_first(app: Flask) -> None:
    service.store_movies([factories.movie()])
    answer = app.test_cli_runner().invoke(args=["purge-tmdb"], input="n\n")
    assert answer.exit_code == 1
    assert movies() == 1


def test_purging_deletes_what_came_from_tmdb(app: Flask) -> None:
    service.store_detail(factories.detail())
    answer = app.test_cli_runner().invoke(args=["purge-tmdb", "--yes"])
    assert answer.exit_code == 0
    assert "rows deleted" in answer.output
    assert movies() == 0


def test_sample_data_is_for_the_demo_alone(site_with: Callable[..., Flask]) -> None:
    site = site_with(TMDB_BASE_URL="http://127.0.0.1:9/3")
    with site.app_context():
        answer = site.test_cli_runner().invoke(args=["seed", "--demo"])
    assert answer.exit_code == 1
    assert "unset TMDB_API_KEY" in answer.output


@pytest.mark.parametrize("command", ["db upgrade", "user promote ada"])
def test_a_wrong_setting_is_told_in_a_sentence(command: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command.split()],
        cwd=ROOT,
        env=environment(LOG_LEVEL="loud"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "LOG_LEVEL is not valid: it takes DEBUG, INFO, WARNING or ERROR." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_database_that_is_away_is_told_of_in_a_sentence(tmp_path: Path) -> None:
    settings = {
        "INSTANCE_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://x:secret@127.0.0.1:9/x",
    }
    site = create_app(load_config(settings))
    answer = site.test_cli_runner().invoke(args=["db", "upgrade"])
    let_go(site)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The database cannot be used: ")
    assert "port 9 failed" in answer.output
    assert "secret" not in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize(
    "command", ["user promote ada", "user create ada@example.org --password x", "seed --demo"]
)
def test_a_database_without_tables_is_told_of_in_a_sentence(tmp_path: Path, command: str) -> None:
    site = create_app(load_config({"INSTANCE_DIR": str(tmp_path)}))
    answer = site.test_cli_runner().invoke(args=command.split())
    let_go(site)
    assert answer.exit_code == 1
    assert "This database has no tables" in answer.output
    assert "Traceback" not in answer.output
