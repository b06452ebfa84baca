"""Fresh is given, stale is given and refreshed, missing is loaded, and old beats nothing."""

import datetime as dt
import json
import pickle
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from moviesite import caching, clock, logs
from moviesite.cache_kinds import (
    ADVISED,
    FAVORITES,
    KEPT_AT_TMDB,
    LISTING,
    MOVIE_DETAIL,
    RECOMMENDED,
    SEARCH,
    SHARED_PART,
)
from moviesite.caching import Answer, get_or_load
from moviesite.config import load_config
from moviesite.errors import MovieSiteError, NotFound, Unavailable
from moviesite.extensions import cache, connect_redis, db, redis_connection
from moviesite.models import TmdbSnapshot
from moviesite.providers.base import MovieData, MovieDetailData, MoviePage
from tests.conftest import let_refreshes_end
from tests.meanwhile import at_once
from tests.own_logging import logging_as_before
from tests.servers import free_port

KEY = "tmdb:movie:603:detail"
MATRIX = MovieDetailData(id=603, title="The Matrix", release_date=dt.date(1999, 3, 31))
RELOADED = MovieDetailData(id=603, title="The Matrix, once more")


class Source:
    """Answers as it is told, and counts how often it is asked."""

    def __init__(self, *answers: MovieDetailData | MovieSiteError, seconds: float = 0) -> None:
        self.answers, self.seconds = list(answers), seconds
        self.asked = 0
        self._lock = threading.Lock()

    def __call__(self) -> MovieDetailData:
        with self._lock:
            self.asked += 1
            found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        time.sleep(self.seconds)
        if isinstance(found, MovieSiteError):
            raise found
        return found


def movie(source: Callable[[], MovieDetailData]) -> Answer[MovieDetailData]:
    return get_or_load(MOVIE_DETAIL, {"id": 603, "language": "en-US"}, source)


def hours_ago(hours: float) -> dt.datetime:
    return clock.now() - dt.timedelta(hours=hours)


def put(value: Any, fetched_at: dt.datetime) -> None:
    cache.set(KEY, caching.encode(value, fetched_at), timeout=1000)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.usefixtures("site")
def test_a_fresh_answer_is_given_without_asking() -> None:
    source = Source(MATRIX)
    first, second = movie(source), movie(source)
    assert first == second
    assert first.value == MATRIX
    assert not first.stale
    assert source.asked == 1


@pytest.mark.usefixtures("site")
def test_a_stale_answer_is_given_at_once_and_refreshed_once_afterwards() -> None:
    put(MATRIX, hours_ago(13))
    source = Source(RELOADED, seconds=1)
    started = time.monotonic()
    answers = [movie(source) for _ in range(10)]
    assert time.monotonic() - started < 0.9
    assert all(answer.stale and answer.value == MATRIX for answer in answers)
    wait_until(lambda: movie(source).value == RELOADED)
    assert not movie(source).stale
    assert source.asked == 1


@pytest.mark.usefixtures("site")
def test_an_answer_by_a_clock_that_was_far_ahead_is_stale() -> None:
    put(RELOADED, hours_ago(-13))
    source = Source(MATRIX)
    assert movie(source).stale
    wait_until(lambda: movie(source).value == MATRIX)


@pytest.mark.usefixtures("site")
def test_a_refresh_that_fails_leaves_the_old_answer() -> None:
    put(MATRIX, hours_ago(13))
    source = Source(Unavailable())
    assert movie(source).stale
    wait_until(lambda: source.asked == 1)
    assert movie(source).value == MATRIX


@pytest.mark.usefixtures("site")
def test_an_error_of_the_programme_in_a_refresh_is_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(MATRIX, hours_ago(13))

    def fail() -> MovieDetailData:
        raise ValueError("a fault of ours")

    with logging_as_before():
        logs.configure(load_config({"INSTANCE_DIR": str(tmp_path), "LOG_FORMAT": "json"}))
        assert movie(fail).stale
        let_refreshes_end()
    [line] = map(json.loads, capsys.readouterr().err.splitlines())
    assert (line["event"], line["level"], line["key"]) == ("refresh failed", "error", KEY)
    assert "a fault of ours" in line["exception"]


@pytest.mark.usefixtures("site")
def test_what_is_not_there_is_remembered_and_is_no_failure() -> None:
    source = Source(NotFound())
    for _ in range(3):
        with pytest.raises(NotFound):
            movie(source)
    assert source.asked == 1


def test_what_is_not_there_is_forgotten_soon(site_on_redis: Flask) -> None:
    with pytest.raises(NotFound):
        movie(Source(NotFound()))
    client = redis_connection.client
    assert client is not None
    assert 0 < client.ttl(KEY) <= 60
    assert caching.recall(KEY) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"junk",
        b"null",
        b"\x00\xff",
        pickle.dumps({"value": 1}),
        b'{"v": {"id": 603, "title": "old"}}',
        b'{"at": "2026-01-01T00:00:00", "v": {"id": 603, "title": "no zone"}}',
        b'{"at": "2999-01-01T00:00:00Z", "v": {"id": "603", "title": "an older shape"}}',
        b'{"at": "2999-01-01T00:00:00Z", "v": {"name": "an older shape"}}',
        b'{"at": "2999-01-01T00:00:00Z", "v": ' + b"[" * 5000,
    ],
)
@pytest.mark.usefixtures("site")
def test_an_entry_that_does_not_fit_is_a_miss(body: bytes) -> None:
    cache.set(KEY, body, timeout=1000)
    assert movie(Source(MATRIX)).value == MATRIX


@pytest.mark.usefixtures("site")
def test_nothing_older_than_150_days_is_shown() -> None:
    put(RELOADED, hours_ago(24 * 151))
    assert movie(Source(MATRIX)).value == MATRIX
    put(RELOADED, hours_ago(24 * 149))
    assert movie(Source(MATRIX)).value == RELOADED


def keep(value: MovieDetailData, fetched_at: dt.datetime) -> None:
    body = caching.encode(value, fetched_at)
    db.session.add(TmdbSnapshot(key=KEY, body=body, fetched_at=fetched_at))
    db.session.commit()


@pytest.mark.usefixtures("site")
def test_the_last_good_answer_of_the_database_beats_nothing() -> None:
    keep(MATRIX, hours_ago(24 * 30))
    source = Source(Unavailable())
    answer = movie(source)
    assert answer.value == MATRIX
    assert answer.stale
    assert (clock.now() - answer.fetched_at).days == 30
    assert caching.peek(KEY) is not None, "the next visitor is not kept waiting"


@pytest.mark.usefixtures("site")
def test_a_snapshot_older_than_150_days_is_not_shown() -> None:
    keep(MATRIX, hours_ago(24 * 151))
    with pytest.raises(Unavailable):
        movie(Source(Unavailable()))


@pytest.mark.usefixtures("site")
def test_without_any_answer_visitors_are_told_when_to_come_back() -> None:
    with pytest.raises(Unavailable) as caught:
        movie(Source(Unavailable()))
    assert caught.value.retry_after == 1


@pytest.mark.usefixtures("site")
def test_a_failure_is_not_kept() -> None:
    source = Source(Unavailable(), MATRIX)
    with pytest.raises(Unavailable):
        movie(source)
    assert movie(source).value == MATRIX


@pytest.mark.usefixtures("site")
def test_an_error_of_the_programme_is_not_hidden_and_locks_nothing() -> None:
    def broken() -> MovieDetailData:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        movie(broken)
    assert movie(Source(MATRIX)).value == MATRIX


@pytest.mark.usefixtures("site")
def test_personal_data_can_tell_that_a_shared_answer_is_being_loaded() -> None:
    seen: list[bool] = []

    def load() -> MovieDetailData:
        seen.append(caching.loading())
        return MATRIX

    movie(load)
    assert seen == [True]
    assert not caching.loading()


def test_threads_that_miss_together_ask_once_and_those_too_many_hear_soon(site: Flask) -> None:
    source, values, refused = Source(MATRIX, seconds=1.5), [], []

    def visit() -> None:
        with site.app_context():
            started = time.monotonic()
            try:
                values.append(movie(source).value)
            except Unavailable as error:
                refused.append((error.retry_after, time.monotonic() - started))

    visitors = [threading.Thread(target=visit) for _ in range(16)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert source.asked == 1
    assert len(values) == 4, "half of the eight request threads wait"
    assert len(refused) == 12
    assert all(retry_after == 1 and seconds < 0.9 for retry_after, seconds in refused)


# What is kept for longer


def queued(site: Flask) -> int:
    client = redis_connection.client
    assert client is not None
    return len(client.keys("rq:job:*"))


def test_a_loaded_answer_is_handed_to_the_worker_to_keep(site_on_redis: Flask) -> None:
    movie(Source(MATRIX))
    assert queued(site_on_redis) == 1
    recalled = caching.recall(KEY)
    assert recalled is not None
    assert recalled.kind == MOVIE_DETAIL
    assert recalled.value == MATRIX
    assert recalled.body == caching.peek(KEY)


def test_what_people_search_for_is_not_kept(site_on_redis: Flask) -> None:
    get_or_load(SEARCH, {"query": "a secret", "page": 1}, lambda: MoviePage(1, 1, 0))
    assert queued(site_on_redis) == 0


@pytest.mark.usefixtures("site")
def test_one_kind_or_everything_from_tmdb_can_be_forgotten() -> None:
    movie(Source(MATRIX))
    get_or_load(LISTING, {"list": "popular"}, lambda: MoviePage(1, 1, 0))
    cache.set("user:1:recommendations", b"[]")
    assert caching.purge(LISTING) == 1
    assert caching.purge() == 1
    assert cache.get("user:1:recommendations") == b"[]"


@pytest.mark.usefixtures("site")
def test_all_that_is_cached_for_somebody_can_be_forgotten_and_nothing_of_others() -> None:
    def keys(number: int, public: UUID) -> list[str]:
        return [
            *(FAVORITES.key({"user_id": number, "page": page, "version": 7}) for page in (1, 2)),
            RECOMMENDED.key({"user_id": number, "model": "m", "version": 7}),
            ADVISED.key({"user_id": public, "words": "x"}),
            SHARED_PART.key({"owner": public, "link": "x", "version": 7, "page": 1}),
        ]

    theirs, others = (1, uuid4()), (11, uuid4())
    for key in (*keys(*theirs), *keys(*others)):
        cache.set(key, b"[]")
    caching.forget_person(*theirs)
    assert not any(cache.has(key) for key in keys(*theirs))
    assert all(cache.has(key) for key in keys(*others))


# Redis away


def test_without_its_redis_the_site_asks_and_remembers_by_itself(
    built: Callable[[str], Flask],
) -> None:
    source = Source(MATRIX)
    with built(f"redis://127.0.0.1:{free_port()}/0").app_context():
        started = time.monotonic()
        for _ in range(20):
            assert movie(source).value == MATRIX
        assert time.monotonic() - started < 2
    assert source.asked == 1


def test_an_entry_travels_as_json(site_on_redis: Flask) -> None:
    get_or_load(
        LISTING,
        {"list": "trending:week", "page": 1},
        lambda: MoviePage(1, 1, 1, (MovieData(id=1, title="Ä"),)),
    )
    client = connect_redis(site_on_redis.config["CACHE_REDIS_URL"])
    raw = client.get("tmdb:trending:week")
    client.close()
    assert isinstance(raw, bytes)
    assert raw.startswith(b'{"at":"20')
    assert '"title":"Ä"'.encode() in raw


def test_changes_made_at_once_are_all_there_afterwards(site: Flask) -> None:
    account = {"account_id": "548"}
    caching.renew(KEPT_AT_TMDB, account, lambda: ())
    both = threading.Barrier(2)

    def keep(movie_id: int) -> None:
        def change(ids: tuple[int, ...]) -> tuple[int, ...]:
            with suppress(threading.BrokenBarrierError):
                both.wait(0.5)
            return (*ids, movie_id)

        caching.amend(KEPT_AT_TMDB, account, change)

    assert at_once(site, [partial(keep, 155), partial(keep, 603)]) == []
    assert sorted(caching.latest(KEPT_AT_TMDB, account).value or ()) == [155, 603]


def test_what_is_forgotten_while_it_is_changed_stays_forgotten(site_on_redis: Flask) -> None:
    account = {"account_id": "548"}
    caching.renew(KEPT_AT_TMDB, account, lambda: (603,))

    def change(ids: tuple[int, ...]) -> tuple[int, ...]:
        caching.forget(KEPT_AT_TMDB, account)
        return ids

    caching.amend(KEPT_AT_TMDB, account, change)
    assert caching.latest(KEPT_AT_TMDB, account).value is None


VERSION = "tests:version"


def changing_to(found: MovieDetailData) -> None:
    """What a writer does whose source has just been told something."""
    caching.keep(VERSION, found.title.encode(), 100)
    caching.amend(MOVIE_DETAIL, {"id": 603, "language": "en-US"}, lambda _: found)


def loaded_while(*moves: Callable[[], None] | None) -> tuple[MovieDetailData | None, int]:
    """What is known after a load during which the version was looked at, and a change made right
    after each look that `moves` names; then how often the source was asked.
    """
    left, source = list(moves), Source(MATRIX, RELOADED)

    def version() -> bytes | None:
        found = caching.peek(VERSION)
        move = left.pop(0) if left else None
        if move is not None:
            move()
        return found

    params = {"id": 603, "language": "en-US"}
    caching.load_later(MOVIE_DETAIL, params, source, version)
    for thread in threading.enumerate():
        if thread.name == "refresh":
            thread.join(20)
    return caching.latest(MOVIE_DETAIL, params).value, source.asked


@pytest.mark.usefixtures("site")
def test_what_is_loaded_while_nothing_changes_is_kept_and_loaded_once() -> None:
    assert loaded_while() == (MATRIX, 1)


@pytest.mark.usefixtures("site")
def test_what_is_loaded_while_something_changes_is_loaded_again() -> None:
    assert loaded_while(lambda: changing_to(RELOADED)) == (RELOADED, 2)


@pytest.mark.usefixtures("site")
def test_a_change_right_after_the_last_look_is_not_overwritten() -> None:
    third = MovieDetailData(id=603, title="The Matrix, a third time")
    assert loaded_while(None, lambda: changing_to(third)) == (third, 1)


@pytest.mark.usefixtures("site")
def test_what_changes_all_the_time_is_not_kept() -> None:
    def change() -> None:
        caching.keep(VERSION, uuid4().bytes, 100)

    assert loaded_while(change, None, change) == (None, 2)
