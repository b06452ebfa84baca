"""Mail is handed to a real server, protected as asked, and a failure says nothing it should not."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from moviesite.errors import Unavailable
from moviesite.mail_server import MailServer, mail_server
from moviesite.providers.mail import Mail, Mailer, compose
from tests.smtp import SmtpServer, certificate

MAIL = Mail(
    "ada@example.org",
    "Confirm your email address",
    "Hello Adá,\n\nhttps://films.example/verify#secret-canary\n.\nA line by itself.",
    "<p>Hello Adá</p>",
)
SENDER = "Films <films@example.org>"
Start = Callable[..., SmtpServer]


@pytest.fixture
def start() -> Iterator[Start]:
    servers: list[SmtpServer] = []

    def started(**options: Any) -> SmtpServer:
        servers.append(SmtpServer(**options))
        return servers[-1]

    yield started
    for server in servers:
        server.close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this process trusts, as the machine's own store would."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def mailer(server: SmtpServer, extra: str = "?tls=none", scheme: str = "smtp") -> Mailer:
    address = f"{scheme}://127.0.0.1:{server.port}{extra}"
    return Mailer(mail_server(address), SENDER, prints=False)


def test_a_message_arrives_in_both_shapes(start: Start) -> None:
    server = start()
    mailer(server).send(MAIL)
    [delivery] = server.deliveries
    assert (delivery.sender, delivery.to) == ("films@example.org", ["ada@example.org"])
    assert delivery.message["From"] == SENDER
    assert delivery.message["Subject"] == "Confirm your email address"
    assert delivery.message["Auto-Submitted"] == "auto-generated"
    assert delivery.message["Message-ID"].endswith("@example.org>")
    assert delivery.part("plain").replace("\r\n", "\n").rstrip() == MAIL.text
    assert delivery.part("html").strip() == MAIL.html


def test_starttls_comes_before_the_password_and_the_message(start: Start, trusted: Path) -> None:
    server = start(certificate=trusted, password="pa/ss:word")
    address = f"smtp://films%40example.org:pa%2Fss%3Aword@127.0.0.1:{server.port}"
    Mailer(mail_server(address), SENDER, prints=False).send(MAIL)
    assert server.deliveries[0].encrypted
    assert server.verbs.index("STARTTLS") < server.verbs.index("AUTH") < server.verbs.index("MAIL")


def test_smtps_is_protected_from_the_first_byte(start: Start, trusted: Path) -> None:
    server = start(certificate=trusted, from_first_byte=True)
    mailer(server, extra="", scheme="smtps").send(MAIL)
    assert server.deliveries[0].encrypted


def test_a_server_without_starttls_gets_neither_password_nor_message(start: Start) -> None:
    server = start(password="secret-canary")
    address = f"smtp://ada:secret-canary@127.0.0.1:{server.port}?tls=starttls"
    with pytest.raises(Unavailable, match="SMTPNotSupportedError"):
        Mailer(mail_server(address), SENDER, prints=False).send(MAIL)
    assert not {"AUTH", "MAIL", "DATA"} & set(server.verbs)
    assert server.deliveries == []


def test_a_certificate_nobody_vouches_for_is_refused(start: Start, tmp_path: Path) -> None:
    server = start(certificate=certificate(tmp_path))
    with pytest.raises(Unavailable, match="SSLCertVerificationError"):
        mailer(server, extra="").send(MAIL)
    assert server.deliveries == []


@pytest.mark.parametrize(
    ("replies", "problem"),
    [
        ({"HELLO": "554 go away ada@example.org"}, "SMTPConnectError 554"),
        ({"MAIL": "451 later ada@example.org"}, "SMTPSenderRefused 451"),
        ({"RCPT": "550 no ada@example.org here"}, "SMTPRecipientsRefused 550"),
        ({"DATA": "452 full"}, "SMTPDataError 452"),
        ({"TAKEN": "554 looks like spam: secret-canary"}, "SMTPDataError 554"),
        ({"EHLO": "what", "HELO": "what"}, "SMTP"),
    ],
)
def test_a_refusal_is_told_by_its_status_alone(
    start: Start, replies: dict[str, str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server = start()
    server.replies = replies
    with pytest.raises(Unavailable, match=problem) as caught:
        mailer(server).send(MAIL)
    told = str(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)
    told += "".join(capsys.readouterr())
    assert "canary" not in told
    assert "ada" not in told
    assert server.deliveries == []


def test_a_wrong_password_is_a_refusal(start: Start, trusted: Path) -> None:
    server = start(certificate=trusted, password="right")
    address = f"smtp://ada:wrong-canary@127.0.0.1:{server.port}"
    with pytest.raises(Unavailable, match="SMTPAuthenticationError 535") as caught:
        Mailer(mail_server(address), SENDER, prints=False).send(MAIL)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("verb", ["EHLO", "DATA"])
def test_a_silent_server_is_given_up(start: Start, verb: str) -> None:
    server = start()
    server.silent_at = verb
    began = time.monotonic()
    place = mail_server(f"smtp://127.0.0.1:{server.port}?tls=none")
    with pytest.raises(Unavailable, match="mail server"):
        Mailer(place, SENDER, prints=False, answer_seconds=0.3).send(MAIL)
    assert time.monotonic() - began < 10


def test_no_server_at_all_is_a_failure_too(start: Start) -> None:
    server = start()
    server.close()
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        mailer(server).send(MAIL)


def test_without_a_server_the_link_is_printed_in_development(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Mailer(None, "", prints=True).send(MAIL)
    printed = capsys.readouterr().err
    assert "To: ada@example.org" in printed
    assert "https://films.example/verify#secret-canary" in printed


def test_without_a_server_production_prints_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    Mailer(None, "", prints=False).send(MAIL)
    told = "".join(capsys.readouterr())
    assert "canary" not in told
    assert "ada" not in told
    assert "MAIL_URL" in told


@pytest.mark.parametrize(
    "change",
    [
        {"to": "ada@example.org\r\nBcc: all@example.org"},
        {"subject": "Hello\r\nBcc: all@example.org"},
        {"to": "ada@example.org, all@example.org"},
        {"to": ""},
        {"to": "ada"},
        {"to": "ada@"},
    ],
)
def test_no_header_is_smuggled_in(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        compose(MAIL._replace(**change), SENDER)


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "", "", "starttls")),
        ("smtp://mail.example?tls=none", MailServer("mail.example", 25, "", "", "none")),
        ("smtps://a:b@mail.example", MailServer("mail.example", 465, "a", "b", "tls")),
        (
            "smtp://me%40x.org:p%40ss@mail.example:2525?tls=starttls",
            MailServer("mail.example", 2525, "me@x.org", "p@ss", "starttls"),
        ),
    ],
)
def test_an_address_says_how_mail_is_protected(address: str, server: MailServer) -> None:
    assert mail_server(address) == server


@pytest.mark.parametrize(
    "address",
    [
        *("mail.example", "http://mail.example", "smtp://", "smtp://h:99999", "smtp://h:x"),
        *("smtp://h?tls=maybe", "smtps://h?tls=none", "smtp://h?ssl=1", "smtp://[::1"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        mail_server(address)
