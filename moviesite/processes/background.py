"""The loops of the background programs: wait for Redis, work, feed, leave. Holds no job."""

import signal
import sys
import time
from types import FrameType
from typing import NoReturn

import redis
import structlog

from moviesite.extensions import connect_redis
from moviesite.processes.cron import TICK_SECONDS, Feeder
from moviesite.processes.worker import Context, Worker

FEEDER_TIMEOUT = 5.0

log = structlog.get_logger(__name__)


def work(context: Context, url: str) -> int:
    """Work the queues until asked to stop; 0 when that was the reason to end.

    Ends with 1 when Redis went away under a job: that job is done again, in a fresh process.
    """
    leave_when_asked()
    connection = connect_redis(url, timeout=None)
    wait_for_redis(connection)
    worker = Worker(connection, context)
    try:
        worker.work(logging_level="WARNING")
    except redis.RedisError as error:
        log.warning("worker lost Redis", reason=str(error))
    return 0 if worker.was_asked_to_stop else 1


def feed(context: Context, url: str) -> NoReturn:
    """Feed the periodic jobs until asked to stop, through any absence of Redis."""
    leave_when_asked()
    connection = connect_redis(url, timeout=FEEDER_TIMEOUT)
    wait_for_redis(connection)
    feeder = Feeder(connection)
    try:
        while True:
            try:
                with context():
                    feeder.tick()
            except redis.RedisError:
                wait_for_redis(connection)
            time.sleep(TICK_SECONDS)
    finally:
        feeder.resign()


def wait_for_redis(connection: redis.Redis, longest: float = 5.0) -> None:
    """Return once Redis can be used; logs each kind of trouble once, and the end of it.

    A Redis whose disk is full answers, but refuses even a PING.
    """
    pause, reported = 0.1, None
    while trouble := _trouble(connection):
        if type(trouble) is not reported:
            reported = type(trouble)
            log.warning("Redis cannot be used; waiting for it", reason=str(trouble))
        time.sleep(pause)
        pause = min(pause * 2, longest)
    if reported:
        log.warning("Redis can be used again")


def leave_when_asked() -> None:
    """End on a signal wherever the program is; RQ's worker later sets its own handlers."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _trouble(connection: redis.Redis) -> redis.RedisError | None:
    try:
        connection.ping()
    except redis.RedisError as error:
        return error
    return None
