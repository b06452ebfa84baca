"""Copies of one small thing in several processes follow each change of it."""

from flask import Flask

from moviesite import request_cache
from moviesite.local_copies import Replica


def test_a_change_by_one_is_seen_by_all_and_nothing_else_is_read(app: Flask) -> None:
    state, reads = {"value": 1}, []

    def load() -> int:
        reads.append(state["value"])
        return state["value"]

    one, other = Replica("thing", load), Replica("thing", load)
    assert [one.value(), other.value(), one.value(), other.value()] == [1, 1, 1, 1]
    assert len(reads) == 2
    state["value"] = 2
    one.changed()
    assert [other.value(), one.value(), other.value()] == [2, 2, 2]
    assert len(reads) == 4


def test_a_change_while_it_is_read_is_not_overlooked(app: Flask) -> None:
    state = {"value": 1}

    def load() -> int:
        before = state["value"]
        if before == 1:
            state["value"] = 2
            other.changed()
        return before

    one, other = Replica("thing", load), Replica("thing", lambda: state["value"])
    assert one.value() == 1
    assert one.value() == 2


def test_one_request_looks_once_and_sees_its_own_change(app: Flask) -> None:
    state = {"value": 1}
    thing, other = (Replica("thing", lambda: state["value"]) for _ in range(2))
    request_cache.begin()
    try:
        assert thing.value() == 1
        state["value"] = 2
        assert thing.value() == 1
        thing.changed()
        assert thing.value() == 2
    finally:
        request_cache.end()
    assert other.value() == 2
