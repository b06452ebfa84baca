"""Connections to a Redis that may be away. Imports nothing of ours."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from redis.connection import Connection

AWAY_SECONDS = 1.0

_Result = TypeVar("_Result")


class QuickPool(redis.ConnectionPool):
    """After a failed connection, all callers fail at once for a second.

    Otherwise each command would wait for its time-out while Redis is away, and a page for several.
    """

    _away_until = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = threading.local()

    def get_connection(
        self,
        command_name: Any = None,  # noqa: ARG002 - an older caller's; redis-py ignores it too
        *_: Any,
        **__: Any,
    ) -> Connection:
        """A working connection; raises `redis.ConnectionError` or `redis.TimeoutError`."""
        return self._unless_away(super().get_connection)

    def read(self, key: str) -> bytes | None:
        """The bytes under a key; raises `redis.RedisError`.

        Each thread keeps a connection for this, since borrowing one from the pool takes longer than
        the command. One that broke meanwhile shows that only by failing.
        """
        connection = self._unless_away(self._of_this_thread)
        connection.send_command("GET", key)
        found = connection.read_response()
        return found if isinstance(found, bytes) else None

    def _unless_away(self, connect: Callable[[], _Result]) -> _Result:
        if time.monotonic() < self._away_until:
            raise redis.ConnectionError("Redis did not answer a moment ago")
        try:
            return connect()
        except (redis.ConnectionError, redis.TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise

    def _of_this_thread(self) -> Any:
        connection = getattr(self._own, "connection", None)
        if connection is None or connection.pid != os.getpid():
            connection = self.connection_class(**self.connection_kwargs)
            self._own.connection = connection
        if not connection.is_connected:
            connection.connect()
        return connection
