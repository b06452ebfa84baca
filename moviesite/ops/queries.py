"""The health of each part. Reads only."""

from collections.abc import Callable

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from moviesite import migrating
from moviesite.catalogue import live
from moviesite.extensions import db, redis_connection
from moviesite.ops import job_queries

OK, DEGRADED, FAILED = "ok", "degraded", "failed"


def readiness() -> tuple[str, dict[str, str]]:
    """The whole and each part by name.

    Without its database or its tables nothing works; without Redis, a worker or the movie
    source the site still answers, a little worse.
    """
    needed = {"database": _attempt(_database), "migrations": _attempt(_migrations)}
    wanted = {
        "redis": _attempt(_redis),
        "worker": _attempt(_worker),
        "source": OK if live.source_answering() else DEGRADED,
    }
    if FAILED in needed.values():
        whole = FAILED
    else:
        whole = OK if set(wanted.values()) == {OK} else DEGRADED
    return whole, needed | {name: OK if state == OK else DEGRADED for name, state in wanted.items()}


def _attempt(check: Callable[[], bool]) -> str:
    try:
        return OK if check() else FAILED
    except (SQLAlchemyError, RedisError, OSError):
        return FAILED


def _database() -> bool:
    return bool(db.session.scalar(text("SELECT 1")))


def _migrations() -> bool:
    """Tables may be newer than the code, as they are while machines get a new release in turn."""
    return (migrating.present() or "") >= migrating.newest()


def _redis() -> bool:
    client = redis_connection.client
    return client is not None and bool(client.ping())


def _worker() -> bool:
    client = redis_connection.client
    return client is not None and bool(job_queries.workers(client))
