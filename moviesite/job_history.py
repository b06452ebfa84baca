"""How each kind of job went the last time, and which running ones are to stop. Runs no job.

In Redis, beside the queues: what was done leaves them at once, so that equal jobs may follow.
"""

import datetime as dt
from enum import StrEnum
from typing import Any

import msgspec
import redis

LAST_KEY = "moviesite:jobs:last"
# When each periodic job was handed over last, by its name in lower case.
FED_KEY = "moviesite:cron:last"
# Somebody who asked for a stop that never came is forgotten after so long.
_STOP_SECONDS = 300
LONGEST_REASON = 300
# Where a job of RQ's says why it failed.
REASON = "reason"


class Outcome(StrEnum):
    """What became of a job's last run."""

    DONE = "done"
    FAILED = "failed"
    KILLED = "killed"
    STOPPED = "stopped"


class Run(msgspec.Struct):
    """The last run of a kind of job; `seconds` is None where nobody saw its end."""

    ended_at: dt.datetime
    outcome: Outcome
    seconds: float | None = None
    reason: str = ""


def note(client: redis.Redis, name: str, run: Run) -> None:
    """Remember a run under the job's name; raises RedisError."""
    client.hset(LAST_KEY, name, msgspec.json.encode(run))


def last_runs(client: redis.Redis) -> dict[str, Run]:
    """The last run of each kind of job, by its name; raises RedisError."""
    found: dict[Any, Any] = client.hgetall(LAST_KEY)
    return {name.decode(): run for name, body in found.items() if (run := _read(body))}


def fed_at(client: redis.Redis) -> dict[str, dt.datetime]:
    """When each periodic job was handed over last; raises RedisError."""
    found: dict[Any, Any] = client.hgetall(FED_KEY)
    return {name.decode(): dt.datetime.fromisoformat(at.decode()) for name, at in found.items()}


def ask_to_stop(client: redis.Redis, job_id: str) -> None:
    """Have the worker that does this job end it at its next look; raises RedisError."""
    client.set(_stop_key(job_id), 1, ex=_STOP_SECONDS)


def is_asked_to_stop(client: redis.Redis, job_id: str) -> bool:
    """Whether somebody asked for it; raises RedisError."""
    return bool(client.exists(_stop_key(job_id)))


def begin(client: redis.Redis, job_id: str) -> None:
    """Forget what was asked of an earlier job with this name; raises RedisError."""
    client.delete(_stop_key(job_id))


def _stop_key(job_id: str) -> str:
    return f"moviesite:jobs:stop:{job_id}"


def _read(body: bytes) -> Run | None:
    try:
        return msgspec.json.decode(body, type=Run)
    except msgspec.MsgspecError:
        return None
