"""Sources, their breakers and the age of what is kept are told; what lasts is mailed once."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from moviesite import clock
from moviesite.cache_kinds import LONGEST_KEPT
from moviesite.catalogue import service
from moviesite.errors import Unavailable
from moviesite.extensions import db
from moviesite.models import AuditEntry, BreakerOpening, Movie, OutboxEntry, User
from moviesite.ops import breaker_service, provider_queries
from moviesite.providers.gate import TRIP_AFTER, Gate, current_gates
from moviesite.providers.mail import Mail
from moviesite.queue import Job
from moviesite.transactions import transactional
from tests import factories, people
from tests.admin.conftest import post
from tests.people import PASSWORD, form_token
from tests.statements import counted

PROVIDERS = "/api/v1/admin/providers"


def source() -> Gate:
    """The breaker of the site's main source."""
    return current_gates()[0]


def fall_silent(gate: Gate) -> None:
    """As many failures as open the breaker."""
    for _ in range(TRIP_AFTER):
        gate.failed(counts=True)


@pytest.fixture(autouse=True)
def answering_again(app: Flask) -> Iterator[None]:
    """No test leaves a source silent: without Redis breakers are kept by the process."""
    yield
    for gate in app.extensions["gates"]:
        gate.failed(counts=True)
        gate.passed()


def mails() -> list[tuple[int, str]]:
    """Openings and people that mails were asked for."""
    entries = db.session.scalars(select(OutboxEntry).where(OutboxEntry.job == Job.WARN_OF_SOURCE))
    return [(entry.args[0], entry.args[1]) for entry in entries]


@transactional
def grow_old(minutes: int) -> None:
    """The openings began earlier."""
    earlier = clock.now() - dt.timedelta(minutes=minutes)
    db.session.execute(update(BreakerOpening).values(opened_at=earlier))


def test_a_source_tells_its_breaker_and_its_calls(site: Flask, running: FlaskClient) -> None:
    site.test_client().get("/movie/27205-inception")
    [first, *_] = running.get(PROVIDERS).get_json()["sources"]
    assert first["name"] == source().name
    assert first["state"] == "answering"
    assert first["calls"] >= 1
    fall_silent(source())
    [first, *_] = running.get(PROVIDERS).get_json()["sources"]
    assert first["state"] == "paused"
    assert first["failures"] >= TRIP_AFTER


def test_a_source_stays_silent_until_it_answers(site: Flask, redis_client: redis.Redis) -> None:
    gate = source()
    fall_silent(gate)
    redis_client.delete(*redis_client.keys("gate:*closed*"), *redis_client.keys("gate:*failures*"))
    assert not gate.shut
    assert gate.silent
    gate.admit()
    gate.passed()
    assert not gate.silent


def test_the_cache_tells_what_it_spared(site: Flask, running: FlaskClient) -> None:
    for _ in range(3):
        site.test_client().get("/api/v1/movies/27205")
    kinds = {one["kind"]: one for one in running.get(PROVIDERS).get_json()["cache"]}
    found = kinds["tmdb:movie:{id}:detail"]
    every = found["fresh"] + found["stale"] + found["missed"]
    assert found["fresh"] >= 2
    assert found["ratio"] == pytest.approx((found["fresh"] + found["stale"]) / every)


def test_the_oldest_of_what_is_kept_is_told(app: Flask, as_cleo: FlaskClient) -> None:
    old = clock.now() - LONGEST_KEPT - dt.timedelta(days=1)
    service.store_movies([factories.movie(949), factories.movie(950)])
    service.keep_snapshot("tmdb:movie:949:detail", b"{}", old)
    _fetched_at(949, old)
    held = as_cleo.get(PROVIDERS).get_json()["held"]
    assert held["oldest_answer_at"] == held["oldest_movie_at"] == clock.rfc3339(old)
    assert (held["too_old_answers"], held["too_old_movies"]) == (1, 1)


@transactional
def _fetched_at(movie_id: int, moment: dt.datetime) -> None:
    db.session.execute(update(Movie).where(Movie.id == movie_id).values(fetched_at=moment))


def test_everything_costs_two_statements(app: Flask) -> None:
    with counted() as made:
        provider_queries.providers()
    assert len(made) == 2


def test_a_breaker_open_for_five_minutes_is_mailed_once_to_each_who_runs_the_site(
    site: Flask, ada: User, cleo: User
) -> None:
    fall_silent(source())
    breaker_service.watch()
    assert mails() == []
    grow_old(6)
    breaker_service.watch()
    breaker_service.watch()
    [(opening, person)] = mails()
    assert person == str(cleo.uuid)
    found = db.session.get(BreakerOpening, opening)
    assert found is not None
    assert found.mailed_at is not None


def test_the_next_opening_is_mailed_again(site: Flask, cleo: User) -> None:
    for times in (1, 2):
        fall_silent(source())
        breaker_service.watch()
        grow_old(6)
        breaker_service.watch()
        assert len(mails()) == times
        source().passed()
        breaker_service.watch()
    rows = db.session.scalars(select(BreakerOpening)).all()
    assert len(rows) == 2
    assert all(row.closed_at for row in rows)


def test_a_short_silence_is_mailed_to_nobody(site: Flask, cleo: User) -> None:
    fall_silent(source())
    breaker_service.watch()
    source().passed()
    breaker_service.watch()
    grow_old(60)
    breaker_service.watch()
    assert mails() == []


def test_many_who_watch_at_once_tell_once(site: Flask, cleo: User) -> None:
    fall_silent(source())
    _all_at_once(site, 6)
    assert db.session.scalar(select(func.count()).select_from(BreakerOpening)) == 1
    grow_old(6)
    _all_at_once(site, 6)
    db.session.rollback()
    assert len(mails()) == 1


def _all_at_once(site: Flask, number: int) -> None:
    together = threading.Barrier(number)
    failures: list[BaseException] = []

    def look() -> None:
        with site.app_context():
            together.wait()
            try:
                breaker_service.watch()
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


class _Box:
    """A mailer that keeps what it is given, or that cannot."""

    def __init__(self, *, broken: bool = False) -> None:
        self.mails: list[Mail] = []
        self._broken = broken

    def send(self, mail: Mail) -> None:
        """Keep it."""
        if self._broken:
            raise Unavailable("The mail server is away.")
        self.mails.append(mail)


@contextmanager
def mailing(app: Flask, box: _Box) -> Iterator[_Box]:
    """The site with this mailer."""
    before = app.extensions["mailer"]
    app.extensions["mailer"] = box
    try:
        yield box
    finally:
        app.extensions["mailer"] = before


@transactional
def opened(provider: str = "TMDb") -> BreakerOpening:
    """A silence that began just now."""
    row = BreakerOpening(provider=provider, opened_at=clock.now())
    db.session.add(row)
    return row


def test_the_mail_says_which_source_and_leads_to_its_page(app: Flask, cleo: User) -> None:
    with mailing(app, _Box()) as box:
        breaker_service.warn(opened().id, str(cleo.uuid))
    [mail] = box.mails
    assert mail.to == cleo.email
    assert mail.subject == "TMDb is not answering"
    assert "/admin/providers" in mail.text
    assert "/admin/providers" in mail.html


def test_nobody_is_mailed_who_no_longer_runs_the_site(app: Flask, ada: User) -> None:
    with mailing(app, _Box()) as box:
        breaker_service.warn(opened().id, str(ada.uuid))
        breaker_service.warn(999, str(ada.uuid))
    assert box.mails == []


def test_nobody_is_mailed_for_whose_number_they_have(app: Flask, cleo: User) -> None:
    opening, name = opened(), str(cleo.uuid)
    people.succeed(cleo, "ben", is_admin=True)
    with mailing(app, _Box()) as box:
        breaker_service.warn(opening.id, name)
    assert box.mails == []


def test_a_mail_that_was_not_taken_is_tried_again(app: Flask, cleo: User) -> None:
    with mailing(app, _Box(broken=True)), pytest.raises(Unavailable):
        breaker_service.warn(opened().id, str(cleo.uuid))


def test_the_page_tells_it_all(site: Flask, browsing: FlaskClient) -> None:
    site.test_client().get("/movie/27205-inception")
    opened(source().name)
    page = browsing.get("/admin/providers")
    assert page.status_code == 200
    assert source().name in page.text
    assert "still" in page.text


def test_a_purge_asks_who_one_is_and_is_done_by_a_worker(
    site: Flask, browsing: FlaskClient
) -> None:
    form = {"csrf_token": form_token(browsing)}
    assert browsing.post("/admin/providers/purge", data=form).status_code == 303
    assert _purges() == 0
    post(browsing, "/account/again", password=PASSWORD)
    assert "cannot be undone" in browsing.get("/admin/providers/purge").text
    assert browsing.post("/admin/providers/purge", data=form).status_code == 303
    assert _purges() == 1
    assert list(db.session.scalars(select(AuditEntry.act))) == ["tmdb.purge"]


def _purges() -> int:
    asked = select(func.count()).where(OutboxEntry.job == Job.PURGE_TMDB)
    return db.session.scalar(asked) or 0
