"""Where Flask-Caching keeps bytes: Redis, or this process without it. Never pickles anything."""

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import redis
from flask_caching.backends.base import BaseCache
from redis.client import Pipeline

from moviesite.extensions import connect_redis
from moviesite.redis_pool import QuickPool

LOCAL_BYTES = 64 * 1024 * 1024
# While Redis is away each process keeps a little itself, for at most this long.
STANDBY_BYTES = 16 * 1024 * 1024
STANDBY_SECONDS = 30

# What the keys of whole pages begin with.
ANSWERS = "answer:"

Timeout = int | dt.timedelta | None
# Maps the bytes of an entry to new ones, or to None where they are to stay.
Change = Callable[[bytes], bytes | None]


def cache_settings(redis_url: str) -> dict[str, Any]:
    """Flask-Caching's settings; keys carry no prefix, their names are part of the product."""
    backend = "RedisBytes" if redis_url else "LocalBytes"
    return {
        "CACHE_TYPE": f"moviesite.cache_backends.{backend}",
        "CACHE_REDIS_URL": redis_url,
        "CACHE_DEFAULT_TIMEOUT": 300,
    }


class ByteCache(BaseCache):
    """What both backends are: bytes in, bytes out; timeouts in seconds."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        raise NotImplementedError

    def put(self, key: str, value: bytes, seconds: int, *, only_new: bool) -> bool:
        """Keep bytes for so long (0: for ever); says whether it did."""
        raise NotImplementedError

    def put_each(self, entries: Mapping[str, bytes], seconds: int) -> None:
        """Keep several entries for so long."""
        for key, value in entries.items():
            self.put(key, value, seconds, only_new=False)

    def change(self, key: str, change: Change, seconds: int) -> None:
        """Keep what `change` makes of an entry, where there is one, for so long.

        None of several changes made at once is lost: `change` may be called more than once.
        """
        raise NotImplementedError

    def keys(self, *prefixes: str) -> Iterator[str]:
        """Names that begin with one of these."""
        raise NotImplementedError

    def delete_all(self, *prefixes: str) -> int:
        """Forget every entry whose name begins so; says how many."""
        return sum(self.delete(key) for key in list(self.keys(*prefixes)))

    def set(self, key: str, value: Any, timeout: Timeout = None) -> bool:
        """Keep bytes."""
        return self.put(key, _checked(value), self._seconds(timeout), only_new=False)

    def add(self, key: str, value: Any, timeout: Timeout = None) -> bool:
        """Keep bytes unless there are some; says whether it did."""
        return self.put(key, _checked(value), self._seconds(timeout), only_new=True)

    def has(self, key: str) -> bool:
        """Whether there is an entry."""
        return self.get(key) is not None

    def _seconds(self, timeout: Timeout) -> int:
        return self.default_timeout if timeout is None else self._to_seconds(timeout)


def _checked(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(f"the cache holds bytes alone, not {type(value).__name__}")
    return value


def _brief(seconds: int) -> int:
    return min(seconds or STANDBY_SECONDS, STANDBY_SECONDS)


class LocalBytes(ByteCache):
    """Bytes in this process; the least recently used go first when there are too many."""

    def __init__(self, default_timeout: int = 300, most_bytes: int = LOCAL_BYTES) -> None:
        super().__init__(default_timeout)
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._most_bytes = most_bytes
        self._size = 0
        self._lock = threading.RLock()

    @classmethod
    def factory(
        cls,
        app: Any,  # noqa: ARG003 - the signature is Flask-Caching's
        config: dict[str, Any],  # noqa: ARG003
        args: list[Any],  # noqa: ARG003
        kwargs: dict[str, Any],
    ) -> "LocalBytes":
        """An empty one."""
        return cls(kwargs["default_timeout"])

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        with self._lock:
            expires, value = self._entries.get(key, (0.0, b""))
            if expires <= time.monotonic():
                self.delete(key)
                return None
            self._entries.move_to_end(key)
            return value

    def put(self, key: str, value: bytes, seconds: int, *, only_new: bool) -> bool:
        """Keep bytes for so long (0: for ever); says whether it did."""
        expires = time.monotonic() + seconds if seconds else float("inf")
        with self._lock:
            if only_new and self.has(key):
                return False
            self.delete(key)
            if len(value) > self._most_bytes:
                return False
            self._entries[key] = (expires, value)
            self._size += len(value)
            while self._size > self._most_bytes:
                self.delete(next(iter(self._entries)))
            return True

    def change(self, key: str, change: Change, seconds: int) -> None:
        """Keep what `change` makes of an entry, where there is one, for so long."""
        with self._lock:
            value = self.get(key)
            changed = change(value) if value is not None else None
            if changed is not None:
                self.put(key, changed, seconds, only_new=False)

    def delete(self, key: str) -> bool:
        """Forget an entry."""
        with self._lock:
            entry = self._entries.pop(key, None)
            self._size -= len(entry[1]) if entry else 0
            return entry is not None

    def keys(self, *prefixes: str) -> Iterator[str]:
        """Names that begin with one of these."""
        with self._lock:
            return iter([key for key in self._entries if key.startswith(prefixes)])

    def clear(self) -> bool:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._size = 0
        return True


class RedisBytes(ByteCache):
    """Bytes in Redis. Whatever goes wrong with Redis is a miss, or a short memory of our own."""

    def __init__(self, client: redis.Redis, default_timeout: int = 300) -> None:
        super().__init__(default_timeout)
        self._client = client
        self._pool = cast(QuickPool, client.connection_pool)
        self._standby = LocalBytes(STANDBY_SECONDS, STANDBY_BYTES)

    @classmethod
    def factory(
        cls,
        app: Any,
        config: dict[str, Any],
        args: list[Any],  # noqa: ARG003 - the signature is Flask-Caching's
        kwargs: dict[str, Any],
    ) -> "RedisBytes":
        """The application's own client where there is one: its connections are shared."""
        client = app.extensions.get("redis_client") or connect_redis(config["CACHE_REDIS_URL"])
        return cls(client, kwargs["default_timeout"])

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        try:
            return self._pool.read(key)
        except redis.RedisError:
            return self._standby.get(key)

    def put(self, key: str, value: bytes, seconds: int, *, only_new: bool) -> bool:
        """Keep bytes for so long (0: for ever); says whether it did."""
        try:
            return bool(self._client.set(key, value, ex=seconds or None, nx=only_new))
        except redis.RedisError:
            return self._standby.put(key, value, _brief(seconds), only_new=only_new)

    def put_each(self, entries: Mapping[str, bytes], seconds: int) -> None:
        """Keep several entries for so long, in one round trip."""
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                for key, value in entries.items():
                    pipeline.set(key, value, ex=seconds or None)
                pipeline.execute()
        except redis.RedisError:
            self._standby.put_each(entries, _brief(seconds))

    def change(self, key: str, change: Change, seconds: int) -> None:
        """Keep what `change` makes of an entry, where there is one, for so long."""

        def attempt(pipeline: Pipeline) -> None:
            value = cast(bytes | None, pipeline.get(key))
            changed = change(value) if value is not None else None
            pipeline.multi()
            if changed is not None:
                pipeline.set(key, changed, ex=seconds or None)

        try:
            # Begun anew where somebody else wrote the entry meanwhile.
            self._client.transaction(attempt, key)
        except redis.RedisError:
            self._standby.change(key, change, _brief(seconds))

    def delete(self, key: str) -> bool:
        """Forget an entry."""
        self._standby.delete(key)
        try:
            return bool(self._client.delete(key))
        except redis.RedisError:
            return False

    def keys(self, *prefixes: str) -> Iterator[str]:
        """Names that begin with one of these; none while Redis is away. Prefixes are ours, without
        wildcards. Redis goes through all names, whatever it is asked for, and takes one pattern.
        """
        pattern = f"{prefixes[0]}*" if len(prefixes) == 1 else None
        begun = tuple(prefix.encode() for prefix in prefixes)
        try:
            for key in self._client.scan_iter(pattern, count=1000):
                if key.startswith(begun):
                    yield key.decode("utf-8", "replace")
        except redis.RedisError:
            return

    def clear(self) -> bool:
        """Not done: jobs and limits live in the same Redis. `caching.purge` deletes by kind."""
        return False
