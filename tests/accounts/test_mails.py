"""Mails lead home and nowhere else, are made when they are sent, and outlast a dead server."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from rq import Queue, SimpleWorker
from rq.job import JobStatus
from rq.registry import ScheduledJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import select

from moviesite.accounts import address_service, jobs, mail_service, mails, service
from moviesite.accounts.mails import Kind, write
from moviesite.accounts.single_use_service import Purpose, issue_token, redeem
from moviesite.app import create_app
from moviesite.clock import now
from moviesite.config import load_config
from moviesite.errors import InvalidInput, Unavailable
from moviesite.extensions import db
from moviesite.models import OutboxEntry, SingleUseToken, User
from moviesite.queue import Job, job_id
from tests.people import DEVICE, join, succeed
from tests.smtp import SmtpServer

HOME = "https://films.example"
NEW_PASSWORD = "a long walk home"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    started = SmtpServer()
    yield started
    started.close()


@pytest.fixture
def site(
    app: Flask, settings: dict[str, str], server: SmtpServer, redis_url: str
) -> Iterator[Flask]:
    """The same database, with a mail server, a queue and a public address."""
    mail = f"smtp://127.0.0.1:{server.port}?tls=none"
    own = {"MAIL_URL": mail, "MAIL_FROM": "films@films.example", "BASE_URL": HOME}
    made = create_app(load_config({**settings, **own, "REDIS_URL": redis_url}))
    made.extensions["redis_client"].flushdb()
    with made.app_context():
        yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    made.extensions["redis_client"].close()


def ada(*, verified: bool = True, active: bool = True, username: str = "ada") -> User:
    confirmed = now() if verified else None
    return join("ada", username=username, email_verified_at=confirmed, is_active=active)


def token_in(text: str) -> str:
    found = re.search(r"https://\S+", text)
    assert found
    address = urlsplit(found[0])
    assert (address.scheme, address.netloc) == ("https", "films.example")
    return parse_qs(address.query)["token"][0]


@pytest.mark.parametrize("kind", Kind)
def test_every_mail_says_the_same_in_both_shapes(kind: Kind) -> None:
    token = "t0ken-_" if kind in mail_service.PURPOSES else ""
    mail = write(kind, "ada@example.org", name="ada", base_url=HOME, token=token)
    assert mail.subject
    assert "\n" not in mail.subject
    text = set(re.findall(r"https?://[^\s\"<>]+", mail.text))
    html = set(re.findall(r"https?://[^\s\"<>]+", mail.html))
    assert html - {HOME} == text - {HOME}
    assert all(address.startswith(f"{HOME}/") for address in text)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", mail.html)).replace("&#39;", "'")
    for words in mail.text.split("\n\n"):
        assert " ".join(words.partition("\n")[0].rstrip(":").split()) in plain
    assert "<script" not in mail.html
    assert "<img" not in mail.html


def test_a_name_cannot_bring_markup_along() -> None:
    mail = write(Kind.PASSWORD_CHANGED, "v@example.org", name="<a href=//x>", base_url=HOME)
    assert "<a href=//x>" not in mail.html
    assert "&lt;a href=//x&gt;" in mail.html


def test_a_stranger_cannot_make_us_mail_their_words(site: Flask, server: SmtpServer) -> None:
    user = ada(verified=False, username="cheap-pills.example")
    jobs.send_email("verify_email", str(user.uuid))
    jobs.send_email("reset_password", str(user.uuid))
    assert len(server.deliveries) == 2
    assert not any(b"cheap-pills" in delivery.raw for delivery in server.deliveries)


def test_a_mailed_link_proves_the_address(site: Flask, server: SmtpServer) -> None:
    user = ada(verified=False)
    jobs.send_email("verify_email", str(user.uuid))
    [delivery] = server.deliveries
    assert delivery.to == ["ada@example.org"]
    assert address_service.verify_email(token_in(delivery.part("plain"))).id == user.id


def test_a_mailed_link_sets_a_password(site: Flask, server: SmtpServer) -> None:
    user = ada()
    jobs.send_email("reset_password", str(user.uuid))
    token = token_in(server.deliveries[0].part("plain"))
    assert token in server.deliveries[0].part("html")
    service.confirm_password_reset(token, NEW_PASSWORD)
    with pytest.raises(InvalidInput):
        service.confirm_password_reset(token, NEW_PASSWORD)
    jobs.send_email("password_changed", str(user.uuid))
    assert "changed" in server.deliveries[1].message["Subject"]


def test_links_lead_to_the_public_address_whatever_the_host_header_said(
    site: Flask, server: SmtpServer
) -> None:
    user = ada()
    with site.test_request_context("/", headers={"Host": "evil.example"}):
        jobs.send_email("reset_password", str(user.uuid))
    assert b"evil.example" not in server.deliveries[0].raw
    token_in(server.deliveries[0].part("plain"))


def test_a_notice_about_an_address_goes_to_the_old_one(site: Flask, server: SmtpServer) -> None:
    jobs.send_email("address_changed", str(ada().uuid), "old@example.org")
    assert server.deliveries[0].to == ["old@example.org"]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("change_address", {}),
        ("address_asked", {}),
        ("confirm_identity", {"active": False}),
        ("verify_email", {"verified": True}),
        ("verify_email", {"verified": False, "active": False}),
        ("reset_password", {"active": False}),
    ],
)
def test_what_became_pointless_is_not_sent(
    site: Flask, server: SmtpServer, kind: str, facts: dict[str, bool]
) -> None:
    jobs.send_email(kind, str(ada(**facts).uuid))
    jobs.send_email(kind, str(service.NOBODY))
    assert server.deliveries == []
    assert db.session.query(SingleUseToken).count() == 0


def test_what_waits_for_somebody_who_is_gone_is_not_sent_to_who_has_their_number(
    site: Flask, server: SmtpServer
) -> None:
    user = ada(verified=False)
    address_service.request_verification(user)
    service.request_password_reset(user.email, DEVICE)
    address_service.ask_for_change(user, "ada@new.example")
    service.confirm_password_reset(issue_token(user, Purpose.RESET_PASSWORD), NEW_PASSWORD)
    waiting = db.session.scalars(select(OutboxEntry.args)).all()
    assert len(waiting) == 5
    succeed(user, "ben", pending_email="ben@new.example", email_verified_at=None)
    for told in waiting:
        jobs.send_email(*told)
    assert server.deliveries == []


def test_a_job_of_an_earlier_release_is_done(site: Flask, server: SmtpServer) -> None:
    jobs.send_email("verify_email", ada(verified=False).id)
    assert len(server.deliveries) == 1


def test_a_second_run_sends_a_second_link_and_both_are_good(
    site: Flask, server: SmtpServer
) -> None:
    user = ada(verified=False)
    for _ in range(2):
        jobs.send_email("verify_email", str(user.uuid))
    first, second = (token_in(delivery.part("plain")) for delivery in server.deliveries)
    assert first != second
    assert redeem(second, Purpose.VERIFY_EMAIL) == redeem(first, Purpose.VERIFY_EMAIL)


def test_a_refusal_raises_so_that_it_is_tried_again(site: Flask, server: SmtpServer) -> None:
    server.replies["RCPT"] = "451 later"
    with pytest.raises(Unavailable):
        jobs.send_email("reset_password", str(ada().uuid))


def test_no_mail_is_unknown_to_the_job() -> None:
    with pytest.raises(ValueError, match="unheard_of"):
        jobs.send_email("unheard_of", 1)
    assert {kind.value for kind in Kind} == set(mails.PATHS)


def test_nothing_is_lost_while_the_mail_server_is_down(site: Flask, server: SmtpServer) -> None:
    """Registered while mail is down: the job waits, is tried again by the queue, and arrives."""
    server.replies["HELLO"] = "421 down for now"
    user = ada(verified=False)
    address_service.request_verification(user)
    client = site.extensions["redis_client"]
    queue = Queue("high", connection=client, serializer=JSONSerializer)
    work(queue)
    name = job_id(Job.SEND_EMAIL, "verify_email", str(user.uuid))
    waiting = queue.fetch_job(name)
    assert waiting is not None
    assert waiting.get_status() == JobStatus.SCHEDULED
    assert waiting.args == ["verify_email", str(user.uuid)]
    server.replies.clear()
    ScheduledJobRegistry(queue=queue).remove(waiting)
    queue.enqueue_job(waiting)
    work(queue)
    assert [delivery.to for delivery in server.deliveries] == [["ada@example.org"]]
    assert token_in(server.deliveries[0].part("plain"))
    assert db.session.query(OutboxEntry).filter(OutboxEntry.delivered_at.is_(None)).count() == 0


def work(queue: Queue) -> None:
    """Do what waits, in this process."""
    worker = SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
