"""Which mail server a setting names. Pure; opens no connection and imports nothing of ours."""

from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailServer(NamedTuple):
    """Where mail is handed over; `tls` from the first byte, by STARTTLS, or not at all."""

    host: str
    port: int
    user: str
    password: str
    tls: Literal["starttls", "tls", "none"]


def mail_server(address: str) -> MailServer:
    """Read `smtp://user:password@host:587?tls=starttls` or `smtps://…`.

    `smtp` demands STARTTLS unless it says `tls=none`, so that a password is never sent in clear
    by oversight. Raises ValueError with the end of a sentence, without the password.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:587 or smtps://host")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is no number from 1 to 65535") from None
    tls = _tls(parts.scheme, parts.query)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or PORTS[tls], user, password, tls)


def _tls(scheme: str, query: str) -> Literal["starttls", "tls", "none"]:
    asked = parse_qs(query, keep_blank_values=True)
    if set(asked) - {"tls"}:
        raise ValueError("takes no parameter but tls")
    [wanted] = asked.get("tls", [""])[-1:]
    if scheme == "smtps" and wanted in ("", "tls"):
        return "tls"
    if scheme == "smtp" and wanted in ("", "starttls"):
        return "starttls"
    if scheme == "smtp" and wanted == "none":
        return "none"
    raise ValueError("takes tls=starttls or tls=none with smtp, and neither with smtps")
