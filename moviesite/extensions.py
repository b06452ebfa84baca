"""The Flask extensions, unbound; `app.py` binds them. Of ours it imports parts of them alone."""

import redis
from flask import Flask, current_app
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_smorest import Api
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from moviesite.redis_pool import QuickPool
from moviesite.token_reader import TokenReader

# Constraints need names of our own choosing so that a later migration can address them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)


def connect_redis(url: str, *, timeout: float | None = 0.25) -> redis.Redis:
    """A Redis client that gives up at once: retries would hold a request for seconds.

    `timeout` is in seconds; None waits for ever, as only a worker's blocking read may.
    """
    pool = QuickPool.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout or 2,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=30,
    )
    return redis.Redis.from_pool(pool)


class RedisConnection:
    """The application's own Redis client; `client` is None where no REDIS_URL is set."""

    def init_app(self, app: Flask, url: str) -> None:
        """Bind to an application; connects on first use."""
        app.extensions["redis_client"] = connect_redis(url) if url else None

    @property
    def client(self) -> redis.Redis | None:
        """The current application's client."""
        client: redis.Redis | None = current_app.extensions["redis_client"]
        return client


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
login = LoginManager()
jwt = TokenReader()
cache = Cache()
api = Api()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
redis_connection = RedisConnection()
