"""Versions of rows in `ETag` and `If-Match`, and answers that are asked for anew each time."""

import hashlib
import re

from flask import Response, request

from moviesite.web.errors import is_api_request
from moviesite.web.public import shows_who_asks

# A tag of ours begins with the version; what follows the dot tells representations apart.
_TAG = re.compile(r'(?:W/)?"?(\d{1,9})(?:\.[\w.-]*)?"?')

IF_MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "maxLength": 200},
    "description": "The `ETag` of the answer that showed it, or its `version` where it has one, or "
    "several separated by commas: the change is made only if one of them is still current, else "
    "the answer is 412 with the current state and its `ETag`.",
}


def expected_versions() -> frozenset[int] | None:
    """The versions that `If-Match` allows; None for any, none at all where no tag is ours."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = (_TAG.fullmatch(tag.strip()) for tag in given.split(","))
    return frozenset(int(tag[1]) for tag in found if tag)


def version_tag(version: int, rest: object) -> str:
    """An `ETag`: the version, which `If-Match` is held to, then what else the answer shows."""
    return f'"{version}.{hashlib.sha256(repr(rest).encode()).hexdigest()[:12]}"'


def ask_each_time(response: Response) -> Response:
    """Let caches keep an answer only to have it confirmed: what it shows may become private.

    What somebody's credentials may have changed is kept by nobody but the program that asked.
    """
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if "Cache-Control" in response.headers:
        return response
    response.vary.update(("Accept-Encoding", "Authorization", "Cookie"))
    personal = shows_who_asks(request.environ)
    response.headers["Cache-Control"] = "private, no-store" if personal else "public, no-cache"
    if personal and not is_api_request():
        return response
    response.add_etag()
    response.make_conditional(request)
    return response


def is_known(tag: str) -> bool:
    """Whether the caller has the answer with this tag already."""
    return request.if_none_match.contains_weak(tag)


def unchanged(tag: str) -> Response:
    """The answer to somebody who has it already."""
    response = Response(status=304)
    response.set_etag(tag, weak=True)
    return response
