"""Jobs of a write are never lost: they wait in the database for as long as Redis is away."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from sqlalchemy import func, select, update

from moviesite import clock, queue
from moviesite.extensions import db
from moviesite.models import OutboxEntry
from moviesite.queue import Job, enqueue, enqueue_each, hurry, job_id, offer
from moviesite.transactions import transactional
from tests import servers
from tests.statements import counted

MAIL = (Job.SEND_EMAIL, "verify_email", 7)


@transactional
def write(*, fails: bool = False) -> None:
    """A write with a consequence."""
    enqueue(*MAIL)
    if fails:
        raise ValueError("after it asked for a job")


def waiting() -> int:
    """How many entries no queue has yet."""
    db.session.rollback()
    rows = select(func.count()).select_from(OutboxEntry).where(OutboxEntry.delivered_at.is_(None))
    return db.session.scalar(rows) or 0


@pytest.fixture
def connected(site_with: Callable[..., Flask], redis_url: str) -> Iterator[redis.Redis]:
    """The site with a Redis, over the same tables; yields the Redis."""
    site = site_with(REDIS_URL=redis_url)
    with site.app_context(), redis.Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


def queued(client: redis.Redis, name: str = "high") -> list[str]:
    return list(Queue(name, connection=client, serializer=JSONSerializer).job_ids)


def test_a_job_lies_in_the_queue_after_the_commit(connected: redis.Redis) -> None:
    write()
    assert queued(connected) == [job_id(*MAIL)]
    assert waiting() == 0


def test_a_job_is_undone_with_its_write(connected: redis.Redis) -> None:
    with pytest.raises(ValueError, match="asked"):
        write(fails=True)
    assert queued(connected) == []
    assert waiting() == 0


def test_a_job_can_be_asked_for_outside_of_a_write(connected: redis.Redis) -> None:
    enqueue(*MAIL)
    assert queued(connected) == [job_id(*MAIL)]


def test_the_same_job_waits_once_and_both_writes_are_content(connected: redis.Redis) -> None:
    write()
    write()
    assert queued(connected) == [job_id(*MAIL)]
    assert waiting() == 0


def test_a_job_that_runs_already_is_done_again_after_it(connected: redis.Redis) -> None:
    """What runs may have read before the write; the next delivery comes after it is done."""
    write()
    lane = Queue("high", connection=connected, serializer=JSONSerializer)
    running = lane.fetch_job(job_id(*MAIL))
    assert running is not None
    connected.delete(lane.key)
    running.set_status(JobStatus.STARTED)
    write()
    queue.deliver_outbox()
    assert (queued(connected), waiting()) == ([], 1)
    running.delete()
    queue.deliver_outbox()
    assert (queued(connected), waiting()) == ([job_id(*MAIL)], 0)


def test_a_job_survives_a_redis_that_is_away(
    site_with: Callable[..., Flask], tmp_path: Path
) -> None:
    port = servers.free_port()
    address = f"redis://127.0.0.1:{port}/0"
    site = site_with(REDIS_URL=address, LOG_LEVEL="ERROR")
    with site.app_context():
        write()
        enqueue(Job.SEND_EMAIL, "verify_email", 8)
        assert waiting() == 2
    with servers.redis_server(tmp_path, port), redis.Redis(port=port) as client:
        back = site_with(REDIS_URL=address)
        with back.app_context():
            queue.deliver_outbox()
            assert waiting() == 0
        assert len(queued(client)) == 2


def test_without_any_redis_jobs_wait(app: Flask) -> None:
    write()
    queue.deliver_outbox()
    assert waiting() == 1


def test_what_a_get_starts_is_offered_and_not_written_down(connected: redis.Redis) -> None:
    for _ in range(2):
        offer(Job.REMEMBER, "tmdb:popular")
    assert queued(connected, "low") == [job_id(Job.REMEMBER, "tmdb:popular")]
    assert waiting() == 0


def test_what_a_get_starts_is_dropped_while_redis_is_away(site_with: Callable[..., Flask]) -> None:
    site = site_with(REDIS_URL="redis://127.0.0.1:1/0", LOG_LEVEL="ERROR")
    with site.app_context():
        offer(Job.REMEMBER, "tmdb:popular")
    assert waiting() == 0


def test_a_job_that_failed_for_good_makes_room_for_the_next(connected: redis.Redis) -> None:
    write()
    lane = Queue("high", connection=connected, serializer=JSONSerializer)
    failed = lane.fetch_job(job_id(*MAIL))
    assert failed is not None
    connected.delete(lane.key)
    failed.set_status(JobStatus.FAILED)
    write()
    assert (queued(connected), waiting()) == ([job_id(*MAIL)], 0)


def test_a_job_that_failed_in_the_queue_of_an_older_release_makes_room_too(
    connected: redis.Redis,
) -> None:
    before = Queue("low", connection=connected, serializer=JSONSerializer)
    failed = before.enqueue(str(MAIL[0]), *MAIL[1:], job_id=job_id(*MAIL))
    connected.delete(before.key)
    failed.set_status(JobStatus.FAILED)
    write()
    assert (queued(connected), waiting()) == ([job_id(*MAIL)], 0)


def test_a_job_that_waits_in_the_queue_of_an_older_release_is_done_from_there(
    connected: redis.Redis,
) -> None:
    before = Queue("low", connection=connected, serializer=JSONSerializer)
    before.enqueue(str(MAIL[0]), *MAIL[1:], job_id=job_id(*MAIL))
    write()
    assert (queued(connected, "low"), queued(connected), waiting()) == ([job_id(*MAIL)], [], 0)


def test_many_jobs_of_one_write_are_noted_together(connected: redis.Redis) -> None:
    calls = [("verify_email", number) for number in range(40)]
    with counted() as statements:
        enqueue_each(Job.SEND_EMAIL, calls)
    assert len(queued(connected)) == len(calls)
    assert waiting() == 0
    written = [one for one in statements if one.startswith(("INSERT", "UPDATE"))]
    assert len(written) == 2


def test_a_job_that_pauses_before_a_new_try_is_hurried(connected: redis.Redis) -> None:
    write()
    lane = Queue("high", connection=connected, serializer=JSONSerializer)
    pausing = lane.fetch_job(job_id(*MAIL))
    assert pausing is not None
    connected.delete(lane.key)
    pausing.set_status(JobStatus.SCHEDULED)
    write()
    assert queued(connected) == [], "asking for it does not cut its pause short"
    hurry(*MAIL)
    assert queued(connected) == [job_id(*MAIL)]


def test_what_is_hurried_while_redis_is_away_waits(site_with: Callable[..., Flask]) -> None:
    site = site_with(REDIS_URL="redis://127.0.0.1:1/0", LOG_LEVEL="ERROR")
    with site.app_context():
        hurry(*MAIL)
    assert waiting() == 1


def test_what_a_get_starts_is_forgotten_without_redis(app: Flask) -> None:
    offer(Job.REMEMBER, "tmdb:popular")
    assert waiting() == 0


def test_a_job_that_is_no_more_does_not_block_the_others(connected: redis.Redis) -> None:
    @transactional
    def leave() -> None:
        db.session.add(OutboxEntry(job="moviesite.gone.jobs.gone", args=[]))

    leave()
    write()
    queue.deliver_outbox()
    assert waiting() == 0
    assert queued(connected) == [job_id(*MAIL)]


def test_delivered_entries_are_forgotten_after_a_week(connected: redis.Redis) -> None:
    write()
    queue.deliver_outbox()
    count = select(func.count()).select_from(OutboxEntry)
    assert db.session.scalar(count) == 1

    @transactional
    def age() -> None:
        long_ago = clock.now() - dt.timedelta(days=8)
        db.session.execute(update(OutboxEntry).values(delivered_at=long_ago))

    age()
    queue.deliver_outbox()
    assert db.session.scalar(count) == 0


def test_the_outbox_is_delivered_every_thirty_seconds() -> None:
    [periodic] = [row for row in queue.PERIODIC if row.job is Job.DELIVER_OUTBOX]
    assert periodic.seconds == 30
