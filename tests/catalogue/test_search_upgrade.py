"""What was stored before there were terms is found after the upgrade."""

from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from moviesite.app import create_app
from moviesite.catalogue.people_search import search_people
from moviesite.catalogue.search import search
from moviesite.config import load_config
from moviesite.extensions import db
from tests.test_migrations import empty_database

__all__ = ["empty_database"]

_MOVIE = """INSERT INTO movies (id, title, original_title, original_language, search_text,
    overview, tagline, status, homepage, vote_average, vote_count, popularity, adult,
    created_at, fetched_at) VALUES (:id, :title, :title, 'en', '', '', '', '', '', 0, 0, 1,
    false, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"""
_PERSON = """INSERT INTO people (id, name, search_text, biography, place_of_birth, known_for)
    VALUES (:id, :name, '', '', '', '')"""


def test_an_upgrade_lists_the_movies_and_people_that_are_there(
    empty_database: str,
    tmp_path: Path,
) -> None:
    settings = {"DATABASE_URL": empty_database, "INSTANCE_DIR": str(tmp_path)}
    with create_app(load_config(settings)).app_context():
        upgrade(revision="0001")
        db.session.execute(text(_MOVIE), {"id": 194, "title": "Amélie"})
        db.session.execute(text(_PERSON), {"id": 137427, "name": "Denis Villeneuve"})
        db.session.commit()
        upgrade(revision="0002")
        assert [movie_id for _, movie_id in search("amelei")] == [194]
        assert [one.person.id for one in search_people("vileneuve")] == [137427]
        db.session.remove()
        downgrade(revision="0001")
        db.session.remove()
        db.engine.dispose()
