"""Compresses answers. Keeps and sends nothing itself.

A secret that is compressed together with words that a stranger chose can be guessed from the
length, letter by letter (the attack is called BREACH). So of personal answers only whole pages
requested without a query are compressed, since nobody can put words into those, and a random
length is added against words that strangers stored in them before.
"""

import gzip
import io
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import brotli

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]

# Below this the headers weigh more than what is saved.
LEAST_BYTES: Final = 860
# Content types that are whole texts, and worth compressing.
TEXTS: Final = ("text/", "application/json", "application/problem+json", "application/xml")
# Up to so many random bytes are added to personal answers.
MOST_PADDING: Final = 100


class Coding(NamedTuple):
    """A content coding by its HTTP name, the content types it is for, and whether it may be used
    for answers that contain secrets, such as all that set a cookie.
    """

    name: str
    pack: Callable[[bytes], bytes]
    kinds: tuple[str, ...] = TEXTS
    for_secrets: bool = False


def _uncertain(body: bytes) -> bytes:
    """Compressed and padded: gzip has room for a file name, which clients ignore."""
    packed_body = io.BytesIO()
    name = "x" * secrets.randbelow(MOST_PADDING + 1)
    with gzip.GzipFile(name, "wb", 1, packed_body, mtime=0) as file:
        file.write(body)
    return packed_body.getvalue()


# Quick rather than small: each takes about a millisecond for the longest page, a tenth of its
# bytes.
_FOR_EVERYBODY: Final = (
    Coding("br", lambda body: bytes(brotli.compress(body, quality=4))),
    Coding("gzip", lambda body: gzip.compress(body, 6, mtime=0)),
)
# Of JSON the validator must stay a strong one: writes name it in If-Match.
_FOR_ONE: Final = (Coding("gzip", _uncertain, ("text/html",), for_secrets=True),)


def coding_for(environ: "WSGIEnvironment", *, shows_somebody: bool) -> Coding | None:
    """The best coding that the client accepts and the answer may have; None without one."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if not accepted or (shows_somebody and environ.get("QUERY_STRING")):
        return None
    offered = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        offered[name.strip()] = not _is_refused(parameters)
    codings = _FOR_ONE if shows_somebody else _FOR_EVERYBODY
    return next((coding for coding in codings if offered.get(coding.name)), None)


def _is_refused(parameters: str) -> bool:
    name, _, weight = parameters.strip().partition("=")
    return name.strip() == "q" and weight.strip().strip("0.") == ""


def may_be_packed(headers: Headers, body: bytes, coding: Coding) -> bool:
    """Whether this coding is for such an answer, which is not compressed yet."""
    by_name = {name.lower(): value for name, value in headers}
    if len(body) < LEAST_BYTES or "content-encoding" in by_name:
        return False
    if "set-cookie" in by_name and not coding.for_secrets:
        return False
    return by_name.get("content-type", "").startswith(coding.kinds)


def packed(headers: Headers, body: bytes, coding: Coding) -> tuple[Headers, bytes]:
    """Headers and body in that coding; the ETag becomes weak, as the bytes differ."""
    small = coding.pack(body)
    kept = [pair for pair in headers if pair[0].lower() not in ("content-length", "etag")]
    etags = [value for name, value in headers if name.lower() == "etag"]
    weak = [("ETag", f"W/{value.removeprefix('W/')}") for value in etags]
    if not any(n.lower() == "vary" and "accept-encoding" in v.lower() for n, v in headers):
        kept.append(("Vary", "Accept-Encoding"))
    sizes = ("Content-Encoding", coding.name), ("Content-Length", str(len(small)))
    return [*kept, *weak, *sizes], small
