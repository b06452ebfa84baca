"""Connections to a Redis that may be away. Imports nothing of ours."""

import time
from typing import Any

import redis
from redis.connection import Connection

AWAY_SECONDS = 1.0


class QuickPool(redis.ConnectionPool):
    """After a failed connection everybody fails at once for a second.

    Without it a Redis that is away costs each command its time-out, and a page several of them.
    """

    _away_until = 0.0

    def get_connection(
        self,
        command_name: Any = None,  # noqa: ARG002 - an older caller's; redis-py ignores it too
        *_: Any,
        **__: Any,
    ) -> Connection:
        """A working connection; raises `redis.ConnectionError` or `redis.TimeoutError`."""
        if time.monotonic() < self._away_until:
            raise redis.ConnectionError("Redis did not answer a moment ago")
        try:
            return super().get_connection()
        except (redis.ConnectionError, redis.TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise
