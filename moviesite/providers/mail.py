"""Hands one message to the mail server, or prints it. Decides nothing about who gets which."""

import smtplib
import ssl
import sys
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from typing import NamedTuple

import structlog
from flask import current_app

from moviesite import clock
from moviesite.errors import Unavailable
from moviesite.mail_server import MailServer

# For each answer of the server; a job has a time limit of its own.
ANSWER_SECONDS = 10.0
RETRY_SECONDS = 60

log = structlog.get_logger(__name__)


class Mail(NamedTuple):
    """One message to one person, said twice."""

    to: str
    subject: str
    text: str
    html: str


class Mailer:
    """Sends through `server`; without one it prints, or in production says that it cannot."""

    def __init__(
        self,
        server: MailServer | None,
        sender: str,
        *,
        prints: bool,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._server = server
        self._answer_seconds = answer_seconds
        self._sender = sender or "moviesite <moviesite@localhost>"
        self._prints = prints

    def send(self, mail: Mail) -> None:
        """Hand the message over; raises Unavailable where the server did not take it.

        What went wrong is said by status and kind alone: answers of mail servers repeat
        addresses, and the message holds links that open an account.
        """
        if self._server is None:
            self._print(mail)
            return
        problem = ""
        try:
            message = compose(mail, self._sender)
            with self._connection(self._server) as connection:
                _hand_over(connection, self._server, message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            problem = describe(error)
        if problem:
            log.warning("mail not taken", problem=problem)
            raise Unavailable(f"The mail server: {problem}.", retry_after=RETRY_SECONDS)

    def _connection(self, server: MailServer) -> smtplib.SMTP:
        place = (server.host, server.port)
        if server.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(*place, timeout=self._answer_seconds, context=context)
        return smtplib.SMTP(*place, timeout=self._answer_seconds)

    def _print(self, mail: Mail) -> None:
        if not self._prints:
            log.error("mail not sent: MAIL_URL is not set", subject=mail.subject)
            return
        # Past the log's formatter, which would blank out the link that somebody waits for.
        rule = "-" * 72
        words = f"{rule}\nTo: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}\n{rule}\n"
        sys.stderr.write(words)
        sys.stderr.flush()


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message with its headers; raises ValueError for an address that is none."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(address, name)
    message["To"] = _address(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    # Keeps absence notices and mailing lists from answering a machine.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(spec: str, name: str = "") -> Address:
    try:
        return Address(name, addr_spec=spec)
    except (IndexError, MessageError):  # the parser's ways to say so
        raise ValueError("not an address") from None


def _hand_over(connection: smtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    if server.tls == "starttls":
        connection.starttls(context=ssl.create_default_context())
    if server.user:
        connection.login(server.user, server.password)
    connection.send_message(message)


def describe(error: Exception) -> str:
    """Kind and status of a failure, without anything that the server said."""
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"{kind} {' '.join(map(str, codes))}"
    return kind


def current_mailer() -> Mailer:
    """The mailer of the current application."""
    mailer: Mailer = current_app.extensions["mailer"]
    return mailer
