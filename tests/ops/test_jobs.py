"""Those who run the site see the jobs as they are, and can repair them."""

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from rq import Queue, SimpleWorker
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from sqlalchemy import select

from moviesite import clock, job_history
from moviesite.extensions import db
from moviesite.job_history import Outcome, Run
from moviesite.models import AuditEntry, User
from moviesite.ops import job_queries
from moviesite.queue import PERIODIC, RULES, Job, enqueue, job_id, offer
from moviesite.transactions import transactional
from tests.people import form_token, signed_in_browser, signed_in_program
from tests.statements import counted

JOBS = "/api/v1/admin/jobs"


@transactional
def ask_for(job: Job, *args: str | int) -> None:
    """Have a job done because of a write."""
    enqueue(job, *args)


def fetched(client: redis.Redis, job: Job) -> RQJob:
    """A job as RQ knows it."""
    return RQJob.fetch(job_id(job), connection=client, serializer=JSONSerializer)


def failed(client: redis.Redis, job: Job) -> RQJob:
    """A job that was given up."""
    offer(job)
    known = fetched(client, job)
    queue = Queue(RULES[job].queue, connection=client, serializer=JSONSerializer)
    queue.remove(known)
    known.set_status(JobStatus.FAILED)
    known.meta[job_history.REASON] = "Unavailable: TMDb is not answering."
    known.save_meta()
    queue.failed_job_registry.add(known, ttl=600)
    return known


def waiting(client: redis.Redis, job: Job) -> list[str]:
    """Ids of what waits in the queue of a job."""
    return Queue(RULES[job].queue, connection=client, serializer=JSONSerializer).get_job_ids()


def acts() -> list[str]:
    """What the audit log holds."""
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_queues_tell_how_much_waits_and_for_how_long(site: Flask, running: FlaskClient) -> None:
    offer(Job.WARM_CATALOGUE)
    offer(Job.PURGE_EXPIRED)
    found = running.get(JOBS).get_json()
    assert found["available"] is True
    depths = {queue["name"]: queue["waiting"] for queue in found["queues"]}
    assert depths == {"high": 0, "default": 1, "low": 1}
    assert {line["job"] for line in found["waiting"]} == {
        "catalogue.jobs.warm_catalogue",
        "catalogue.jobs.purge_expired",
    }
    assert all(0 <= queue["oldest_seconds"] < 60 for queue in found["queues"])


def test_every_job_of_the_table_is_told_with_its_rules(running: FlaskClient) -> None:
    found = running.get(JOBS).get_json()
    assert {rule["job"] for rule in found["rules"]} == {
        str(job).removeprefix("moviesite.") for job in Job
    }
    assert all(rule["timeout"] > 0 and rule["failure_ttl"] > 0 for rule in found["rules"])
    assert all(rule["retry_after"] for rule in found["rules"])


def test_periodic_jobs_tell_when_they_come_and_how_it_went(
    redis_client: redis.Redis, running: FlaskClient
) -> None:
    now = clock.now()
    redis_client.hset(job_history.FED_KEY, "warm_catalogue", now.isoformat())
    run = Run(now, Outcome.FAILED, 1.5, "Unavailable: no answer")
    job_history.note(redis_client, "catalogue.jobs.warm_catalogue", run)
    found = {one["name"]: one for one in running.get(JOBS).get_json()["periodic"]}
    assert set(found) == {one.job.name.lower() for one in PERIODIC}
    warm = found["warm_catalogue"]
    assert warm["next_at"] > warm["started_at"]
    assert (warm["last"]["outcome"], warm["last"]["seconds"]) == ("failed", 1.5)
    assert found["purge_expired"]["next_at"] is None


def test_a_worker_is_told_with_its_last_sign_of_life(
    redis_client: redis.Redis, running: FlaskClient
) -> None:
    queue = Queue("high", connection=redis_client, serializer=JSONSerializer)
    worker = SimpleWorker([queue], connection=redis_client, serializer=JSONSerializer)
    worker.register_birth()
    [found] = running.get(JOBS).get_json()["workers"]
    assert found["name"] == worker.name
    assert found["silent_seconds"] < 60
    worker.register_death()


def test_a_failed_job_says_why_and_begins_anew_with_all_its_tries(
    redis_client: redis.Redis, running: FlaskClient
) -> None:
    job = failed(redis_client, Job.WARM_CATALOGUE)
    [line] = running.get(JOBS).get_json()["failed"]
    assert (line["id"], line["reason"]) == (job.id, "Unavailable: TMDb is not answering.")
    answer = running.post(f"{JOBS}/{job.id}/retry")
    assert (answer.status_code, answer.get_json()["state"]) == (202, "queued")
    again = fetched(redis_client, Job.WARM_CATALOGUE)
    assert again.retries_left == len(RULES[Job.WARM_CATALOGUE].retry_after)
    assert waiting(redis_client, Job.WARM_CATALOGUE) == [job.id]
    assert running.get(JOBS).get_json()["failed"] == []
    assert acts() == ["job.retry"]


def test_a_job_that_waits_is_not_begun_twice(
    redis_client: redis.Redis, running: FlaskClient
) -> None:
    offer(Job.WARM_CATALOGUE)
    assert running.post(f"{JOBS}/{job_id(Job.WARM_CATALOGUE)}/retry").status_code == 409
    assert acts() == []


def test_a_job_that_waits_can_be_taken_away(
    redis_client: redis.Redis, running: FlaskClient
) -> None:
    offer(Job.WARM_CATALOGUE)
    answer = running.post(f"{JOBS}/{job_id(Job.WARM_CATALOGUE)}/cancel")
    assert (answer.status_code, answer.get_json()["state"]) == (202, "cancelled")
    assert waiting(redis_client, Job.WARM_CATALOGUE) == []
    assert acts() == ["job.cancel"]
    offer(Job.WARM_CATALOGUE)
    assert waiting(redis_client, Job.WARM_CATALOGUE) == [job_id(Job.WARM_CATALOGUE)]


def test_a_running_job_is_asked_to_stop(redis_client: redis.Redis, running: FlaskClient) -> None:
    offer(Job.WARM_CATALOGUE)
    fetched(redis_client, Job.WARM_CATALOGUE).set_status(JobStatus.STARTED)
    name = job_id(Job.WARM_CATALOGUE)
    assert running.post(f"{JOBS}/{name}/cancel").get_json()["state"] == "stopping"
    assert job_history.is_asked_to_stop(redis_client, name)


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_a_job_that_nobody_knows_is_not_found(running: FlaskClient, verb: str) -> None:
    assert running.post(f"{JOBS}/nothing/{verb}").status_code == 404


def test_a_periodic_job_is_started_at_once(redis_client: redis.Redis, running: FlaskClient) -> None:
    answer = running.post("/api/v1/admin/periodic/snapshot_analytics/run")
    assert (answer.status_code, answer.get_json()["state"]) == (202, "queued")
    assert waiting(redis_client, Job.SNAPSHOT_ANALYTICS) == ["snapshot_analytics"]
    assert acts() == ["job.run"]
    assert running.post("/api/v1/admin/periodic/send_email/run").status_code == 404


def test_addresses_in_jobs_are_nobodys_business(
    redis_client: redis.Redis, running: FlaskClient, ada: User
) -> None:
    ask_for(Job.SEND_EMAIL, "address_changed", str(ada.uuid), "ada@old.example")
    [line] = running.get(JOBS).get_json()["waiting"]
    assert line["arguments"] == ["address_changed", str(ada.uuid), "an address"]


def test_while_redis_is_away_the_outbox_is_told_and_nothing_else(
    cut_off: Flask, cleo: User
) -> None:
    ask_for(Job.SYNC_TMDB_MOVIE, 27205)
    program = signed_in_program(cut_off, cleo)
    found = program.get(JOBS).get_json()
    assert found["available"] is False
    assert found["outbox"]["waiting"] == 1
    assert found["queues"] == found["failed"] == found["workers"] == []
    assert program.post("/api/v1/admin/periodic/warm_catalogue/run").status_code == 503
    assert program.post(f"{JOBS}/warm_catalogue/retry").status_code == 503
    assert acts() == []
    page = signed_in_browser(cut_off, cleo).get("/admin/jobs")
    assert page.status_code == 200
    assert "Redis is not answering" in page.text


def test_the_page_repairs_by_its_buttons(redis_client: redis.Redis, browsing: FlaskClient) -> None:
    job = failed(redis_client, Job.WARM_CATALOGUE)
    page = browsing.get("/admin/jobs")
    assert "TMDb is not answering." in page.text
    form = {"csrf_token": form_token(browsing)}
    answer = browsing.post(f"/admin/jobs/{job.id}/retry", data=form)
    assert answer.status_code == 303
    assert waiting(redis_client, Job.WARM_CATALOGUE) == [job.id]
    assert "waiting for a worker" in browsing.get("/admin/jobs").text
    browsing.post(f"/admin/jobs/{job.id}/cancel", data=form)
    assert waiting(redis_client, Job.WARM_CATALOGUE) == []
    browsing.post("/admin/periodic/warm_catalogue/run", data=form)
    assert waiting(redis_client, Job.WARM_CATALOGUE) == [job.id]


def test_the_lists_have_an_end_and_cost_one_statement(
    site: Flask, redis_client: redis.Redis
) -> None:
    for number in range(80):
        offer(Job.SYNC_TMDB_MOVIE, number)
    with counted() as made:
        found = job_queries.jobs()
    assert len(found.waiting) == job_queries.MOST
    assert next(queue for queue in found.queues if queue.name == "default").waiting == 80
    assert len(made) == 1
