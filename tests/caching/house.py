"""The smallest application that has a cache: settings, database, Redis, no pages."""

from pathlib import Path

from flask import Flask

from moviesite.cache_backends import cache_settings
from moviesite.config import Config
from moviesite.extensions import cache, db, redis_connection


def build(folder: Path, redis_url: str = "", threads: int = 8) -> Flask:
    """Over a database file in the folder, and Redis where an address is given."""
    config = Config(
        secret_key="for tests alone, and long enough", redis_url=redis_url, web_threads=threads
    )
    app = Flask("house", instance_path=str(folder))
    app.config.update(
        cache_settings(config.redis_url),
        MOVIESITE=config,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'house.db'}",
    )
    db.init_app(app)
    redis_connection.init_app(app, redis_url)
    cache.init_app(app)
    return app
