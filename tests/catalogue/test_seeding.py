"""The demo's films are stored once, whole, and only over the demo."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.app import create_app
from moviesite.catalogue import finding, jobs, search_syntax, seeding
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Movie, MovieCast


@pytest.mark.usefixtures("app")
def test_every_film_of_the_demo_is_stored_and_found() -> None:
    assert seeding.seed_demo() == 1232
    assert db.session.scalar(select(func.count()).select_from(Movie)) == 1232
    parts = db.session.scalar(select(func.count()).select_from(MovieCast)) or 0
    assert parts > 10_000
    found = finding.browse_stored(search_syntax.read("incepti")).movies
    assert found[0].title == "Inception"
    assert seeding.seed_demo() == 0, "a second time there is nothing to do"


def test_another_source_is_not_copied(tmp_path: Path) -> None:
    settings = {"INSTANCE_DIR": str(tmp_path), "TMDB_API_KEY": "x"}
    app: Flask = create_app(load_config(settings))
    with app.app_context():
        jobs.seed_demo()
