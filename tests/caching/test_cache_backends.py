"""Both backends hold bytes and nothing else, within bounds."""

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from moviesite.cache_backends import ByteCache, LocalBytes, RedisBytes
from moviesite.extensions import cache, connect_redis
from tests.servers import free_port


@pytest.fixture(params=["redis", "local"])
def backend(request: pytest.FixtureRequest) -> Iterator[ByteCache]:
    """Each of the two, empty."""
    if request.param == "local":
        yield LocalBytes()
        return
    client = connect_redis(request.getfixturevalue("clean_redis"))
    yield RedisBytes(client)
    client.close()


def test_bytes_come_back(backend: ByteCache) -> None:
    assert backend.get("a") is None
    assert backend.set("a", b"\x00\xff", timeout=10)
    assert backend.get("a") == b"\x00\xff"
    assert backend.has("a")
    assert not backend.add("a", b"other")
    assert backend.get("a") == b"\x00\xff"
    assert backend.delete("a")
    assert not backend.delete("a")
    assert backend.add("a", b"other")


@pytest.mark.parametrize("value", [None, "text", 1, {"a": 1}, object()])
def test_nothing_but_bytes_goes_in(backend: ByteCache, value: object) -> None:
    with pytest.raises(TypeError):
        backend.set("a", value)
    assert backend.get("a") is None


def test_entries_end(backend: ByteCache) -> None:
    backend.set("a", b"1", timeout=1)
    backend.set("b", b"1", timeout=0)
    time.sleep(1.1)
    assert backend.get("a") is None
    assert backend.get("b") == b"1"


def test_several_entries_go_in_at_once(backend: ByteCache) -> None:
    backend.put_each({"a": b"1", "b": b"2"}, 1)
    assert (backend.get("a"), backend.get("b")) == (b"1", b"2")
    time.sleep(1.1)
    assert backend.get("a") is None


def test_an_entry_is_changed_where_there_is_one(backend: ByteCache) -> None:
    backend.change("a", lambda body: body + b"2", 10)
    assert backend.get("a") is None
    backend.set("a", b"1")
    backend.change("a", lambda body: body + b"2", 10)
    assert backend.get("a") == b"12"
    backend.change("a", lambda _: None, 10)
    assert backend.get("a") == b"12"


def test_names_are_listed_by_their_beginning(backend: ByteCache) -> None:
    for key in ("tmdb:a", "tmdb:b", "user:1"):
        backend.set(key, b"1")
    assert sorted(backend.keys("tmdb:")) == ["tmdb:a", "tmdb:b"]
    assert sorted(backend.keys("user:", "tmdb:b")) == ["tmdb:b", "user:1"]


def test_the_least_recently_used_goes_first() -> None:
    local = LocalBytes(most_bytes=30)
    for key in "abc":
        local.set(key, b"x" * 10)
    local.get("a")
    local.set("d", b"x" * 10)
    assert [key for key in "abcd" if local.has(key)] == ["a", "c", "d"]


def test_what_is_larger_than_the_whole_memory_pushes_nothing_out() -> None:
    local = LocalBytes(most_bytes=30)
    local.set("a", b"x" * 10)
    local.set("b", b"x" * 10)
    assert not local.set("b", b"x" * 31)
    assert [key for key in "ab" if local.has(key)] == ["a"], "nor does its old value stay"


def test_a_redis_that_is_away_is_a_miss_and_a_short_memory() -> None:
    client = connect_redis(f"redis://127.0.0.1:{free_port()}/0")
    away = RedisBytes(client)
    assert away.get("a") is None
    assert away.set("a", b"1")
    away.change("a", lambda body: body + b"2", 10)
    assert away.get("a") == b"12"
    assert not away.delete("a")
    assert away.get("a") is None
    assert list(away.keys("")) == []
    client.close()


def test_clearing_the_cache_spares_the_jobs_in_the_same_redis(clean_redis: str) -> None:
    client = connect_redis(clean_redis)
    client.set("rq:queues", "x")
    assert not RedisBytes(client).clear()
    assert client.get("rq:queues") == b"x"
    client.close()


def test_the_application_uses_the_backend_that_its_settings_name(
    built: Callable[[str], Flask], clean_redis: str
) -> None:
    for url, kind in (("", LocalBytes), (clean_redis, RedisBytes)):
        with built(url).app_context():
            assert isinstance(cache.cache, kind)
