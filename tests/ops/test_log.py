"""What happened is found by its request's id, whoever wrote it; no secret, no delay, no failure."""

import os
import time
from collections.abc import Callable, Iterator

import pytest
import redis
import structlog
from flask import Flask
from flask.testing import FlaskClient

from moviesite import log_store, logs
from moviesite.config import load_config
from moviesite.log_store import KEYS, LINES, MOST, WORK
from moviesite.models import User
from moviesite.ops import log_queries
from moviesite.ops.log_queries import LogWish
from tests.ops.conftest import NOBODY_LISTENS
from tests.own_logging import logging_as_before
from tests.people import signed_in_browser, signed_in_program
from tests.processes.running import wait_for

LOG = "/api/v1/admin/log"


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """What logging was set to before, for the tests that follow."""
    with logging_as_before():
        yield


@pytest.fixture
def logger(site: Flask) -> structlog.stdlib.BoundLogger:
    """A logger of the site."""
    made: structlog.stdlib.BoundLogger = structlog.get_logger("moviesite.test")
    return made


def sent() -> None:
    """Wait until what was logged is stored."""
    store = log_store.current()
    assert store is not None
    wait_for(lambda: store.idle, 30, "the lines are stored")


def found(**wish: str) -> list[log_queries.Line]:
    """Lines as the page shows them."""
    sent()
    log = log_queries.lines(LogWish(**wish))
    assert log.available
    return log.lines


def test_a_request_is_found_by_the_id_that_its_answer_names(
    site: Flask, running: FlaskClient
) -> None:
    answer = site.test_client().get("/movie/99999999-nothing")
    request_id = answer.headers["X-Request-ID"]
    sent()
    [line] = running.get(f"{LOG}?id={request_id}").get_json()["lines"]
    assert line["kind"] == "request"
    assert line["words"] == "GET /movie/99999999-nothing · 404"
    assert float(line["details"]["milliseconds"]) >= 0


def test_warnings_belong_to_their_request(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh", user_id=7):
        logger.warning("careful", movie=27205)
    logger.warning("elsewhere")
    [line] = found(id="abcdefgh")
    assert (line.words, line.level, line.user_id) == ("careful", "warning", 7)
    assert line.details == {"movie": "27205"}


def test_what_is_usual_is_not_among_the_problems(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    logger.info("all is well")
    logger.error("all is not")
    assert [line.words for line in found(kind="problem")] == ["all is not"]
    assert found(level="warning") == []
    assert [line.words for line in found(query="IS NOT")] == ["all is not"]


def test_an_error_tells_where_it_happened(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("went wrong")
    [line] = found()
    assert "ValueError: broken" in line.trace
    assert "test_log.py" in line.trace


def test_no_secret_is_stored(
    site: Flask, redis_client: redis.Redis, logger: structlog.stdlib.BoundLogger
) -> None:
    logger.warning("header was Bearer canary", password="canary")
    logger.warning("GET https://api.example/3?api_key=canary")
    site.test_client().get("/l/canary-canary-canary-canary-canary")
    site.test_client().get("/reset-password?token=canary")
    sent()
    for key in KEYS.values():
        assert b"canary" not in b"".join(f[b"line"] for _, f in redis_client.xrange(key))
    assert [line.words for line in found(kind="request")] == [
        "GET /reset-password · 200",
        "GET /l/<token> · 404",
    ]


@pytest.mark.parametrize("place", ["/l/{}", "/api/v1/shared/{}", "/calendar/{}.ics"])
def test_an_address_that_opens_something_is_stored_without_its_secret(
    site: Flask, redis_client: redis.Redis, place: str, logger: structlog.stdlib.BoundLogger
) -> None:
    address, stranger = place.format("canary" * 4), site.test_client()
    statuses = [stranger.get(address).status_code, stranger.post(address).status_code]
    # As programs feel their way, and as people mistype.
    statuses.append(stranger.open(address, method="PROPFIND").status_code)
    statuses.append(stranger.get(f"{address}/more").status_code)
    logger.warning(f"no answer to http://127.0.0.1:8000{address}")
    assert statuses == [404, 405, 405, 404]
    sent()
    for key in KEYS.values():
        assert b"canary" not in b"".join(f[b"line"] for _, f in redis_client.xrange(key))


def test_the_store_has_an_end(site: Flask, redis_client: redis.Redis) -> None:
    for number in range(MOST[WORK] // 100 + 20):
        with redis_client.pipeline() as pipeline:
            for _ in range(100):
                fields = {"line": f'{{"kind": "request", "status": {number}}}'}
                pipeline.xadd(KEYS[WORK], fields, maxlen=MOST[WORK], approximate=True)
            pipeline.execute()
    assert redis_client.xlen(KEYS[WORK]) < MOST[WORK] * 1.1
    first = log_queries.lines(LogWish())
    assert len(first.lines) == log_queries.PAGE_SIZE
    second = log_queries.lines(LogWish(), before=first.before or "")
    assert not {line.place for line in first.lines} & {line.place for line in second.lines}


def test_a_long_line_is_cut_and_still_found(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="longwinded"):
        logger.warning("x" * 100_000, more=["y" * 100_000])
    [line] = found(id="longwinded")
    assert len(line.words) < 1000


def test_lines_are_in_the_order_of_time_over_both_stores(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    for number in range(3):
        logger.warning(f"warning {number}")
        sent()
        site.test_client().get(f"/nowhere-{number}")
        sent()
    words = [line.words.partition(" ·")[0] for line in found()]
    assert words == [
        *("GET /nowhere-2", "warning 2", "GET /nowhere-1"),
        *("warning 1", "GET /nowhere-0", "warning 0"),
    ]


def test_a_forked_process_stores_its_own_lines(
    site: Flask, logger: structlog.stdlib.BoundLogger
) -> None:
    logger.warning("before")
    sent()
    pid = os.fork()
    if pid == 0:
        try:
            logger.warning("after")
            sent()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert {line.words for line in found()} == {"before", "after"}


def test_old_lines_are_forgotten(site: Flask, redis_client: redis.Redis) -> None:
    redis_client.xadd(KEYS[LINES], {"line": "{}"}, id="1000-0")
    redis_client.xadd(KEYS[LINES], {"line": '{"event": "new"}'})
    assert log_store.forget_old(redis_client) == 1
    assert [line.words for line in found()] == ["new"]


def test_without_redis_nothing_fails_or_waits_and_the_page_says_so(
    site_with: Callable[..., Flask], cleo: User, app: Flask
) -> None:
    site = site_with(REDIS_URL=NOBODY_LISTENS)
    with site.app_context():
        began = time.perf_counter()
        for _ in range(2000):
            structlog.get_logger("moviesite.test").warning("careful")
        # A blocking write would cost its time-out again and again.
        assert time.perf_counter() - began < 60
        program = signed_in_program(site, cleo)
        answer = program.get(LOG).get_json()
        assert (answer["available"], answer["lines"]) == (False, [])
        page = signed_in_browser(site, cleo).get("/admin/log")
        assert "Redis is not answering" in page.text


def test_without_a_redis_there_is_no_store(tmp_path: object) -> None:
    logs.configure(load_config({"INSTANCE_DIR": str(tmp_path)}))
    assert log_store.current() is None
    log_store.note_work(kind="request")


def test_the_page_is_searched_by_a_form(
    site: Flask, browsing: FlaskClient, logger: structlog.stdlib.BoundLogger
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh"):
        logger.error("<script>alert(1)</script>", part="x")
    sent()
    page = browsing.get("/admin/log?id=abcdefgh")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)" in page.text
    assert "No entries match" in browsing.get("/admin/log?id=unheard-of").text
    assert browsing.get("/admin/log?before=x").status_code == 422


def test_the_thread_ends_with_its_store(site: Flask) -> None:
    store = log_store.current()
    assert store is not None
    store.note_work(kind="request")
    store.close()
    thread = store._thread
    assert thread is not None
    wait_for(lambda: not thread.is_alive(), 30, "the thread ends")
