"""Tells the API's description what operations share: their names, headers, ids and problems."""

from http import HTTPStatus
from typing import Any

from apispec import APISpec, BasePlugin
from flask import Flask
from werkzeug.routing import IntegerConverter

from moviesite.bounds import MAX_ID
from moviesite.web.access_tokens import SIGNED
from moviesite.web.errors import PROBLEM_JSON

_JSON = "application/json"
# Under which name a view's description holds parameters beside those of its schemas.
MORE_PARAMETERS = "x-more-parameters"
# Put into a view's description by `UNDOABLE`.
_UNDOABLE = "x-undoable"
UNDOABLE = {_UNDOABLE: True}
# Put there by `ALSO_CSV`: what answers with JSON answers with a table as well.
_ALSO_CSV = "x-also-csv"
ALSO_CSV = {_ALSO_CSV: True}
_PREFIX = "/api/v1/"
# Where another's token travels, or none does yet.
_SIGNED_OTHERWISE = (f"{_PREFIX}auth/", f"{_PREFIX}tmdb/")
# What any operation may answer beside what it says itself, and what those with a body may.
_SHARED = {"429": "TOO_MANY_REQUESTS", "503": "SERVICE_UNAVAILABLE"}
_OF_BODIES = {"400": "BAD_REQUEST", "415": "UNSUPPORTED_MEDIA_TYPE"}
_TABLE = {"schema": {"type": "string"}}
_UNCHANGED = "Unchanged since the `ETag` in `If-None-Match`."
_LINK = "`first`, `prev`, `next` and `last` pages, where they exist (RFC 8288)."
_UNDO = "Undoes this change with `POST /me/undo`; left out if nothing was changed."


def _header(words: str, kind: str = "string") -> dict[str, Any]:
    return {"description": words, "schema": {"type": kind}}


# For what an operation answers with: where the thing created is, its version, a file's name.
CREATED = {"Location": _header("Where it is from now on.")}
VERSIONED = {"ETag": _header("The version, for `If-Match`.")}
SAVED = {"Content-Disposition": _header("`attachment`, with a name for the file.")}
_RETRY_AFTER = {"Retry-After": _header("Seconds to wait.", "integer")}
# By what the framework calls the shared responses.
_SHARED_HEADERS = {
    HTTPStatus.SERVICE_UNAVAILABLE.phrase: _RETRY_AFTER,
    HTTPStatus.TOO_MANY_REQUESTS.phrase: {
        **_RETRY_AFTER,
        "RateLimit-Limit": _header("How many requests are allowed.", "integer"),
        "RateLimit-Remaining": _header("How many are left.", "integer"),
        "RateLimit-Reset": _header("Seconds until the count resets.", "integer"),
    },
}

# What a reader of the description should know first.
ABOUT = """\
Movies, with data from The Movie Database (TMDb) and from the people on this site.

**Signing in.** `POST /auth/register` or `/auth/token` give an access token for the header
`Authorization: Bearer …` and a refresh token for `POST /auth/refresh`, which works once. Where no
sign-in is needed, an expired token counts as none: movies then have `viewer: null`.
Browsers on the same site may use cookies instead (`X-Auth-Mode: cookie`); calls that change
something then repeat the cookie `csrf_token` in `X-CSRF-Token`.

**Movies** are identified by their TMDb id, everything else by a UUID. `community` belongs to
everyone, `viewer` to the caller. `language` and `region` choose the language of texts and the
country of theaters; the profile sets the defaults. Links to pages and images may be relative to
this host.

**Pages** have `next` and `previous` and a `Link` header; endless feeds continue with
`next_cursor`.

**Writing.** `PUT` and `DELETE` can be repeated: a second `DELETE` is also 204, or 404 if the
thing itself is gone; a `POST` that creates something takes an `Idempotency-Key`.
With `If-Match` and an `ETag` or `version`, a change is made only if no one else made one in the
meantime; otherwise the answer is 412 with the current state. A change that answers with an
`Undo-Token` can be undone. Bodies are JSON; unknown fields are refused.

**Errors** are `application/problem+json` (RFC 9457). 429 and 503 say in `Retry-After` how many
seconds to wait; every answer has an `X-Request-ID`. Programs identify themselves in `User-Agent`.
"""


class Id(IntegerConverter):
    """An id in an address: 1 to 2^31-1, written in one way only."""

    # Numbers beyond are no address at all: one that only failed its check afterwards would be
    # answered with 405 wherever another method shares it.
    regex = (
        "(?:[1-9][0-9]{0,8}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6}"
        "|2147[0-3][0-9]{5}|21474[0-7][0-9]{4}|214748[0-2][0-9]{3}|2147483[0-5][0-9]{2}"
        "|21474836[0-3][0-9]|214748364[0-7])"
    )

    def __init__(self, map: Any) -> None:
        super().__init__(map, min=1, max=MAX_ID)


class Conventions(BasePlugin):
    """Says of every operation what all of them share, and of each what its form tells."""

    _spec: APISpec

    def init_spec(self, spec: APISpec) -> None:
        """Remember where schemas are looked up."""
        super().init_spec(spec)
        self._spec = spec

    def response_helper(self, response: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A shared response; all of them are problems."""
        headers = _SHARED_HEADERS.get(response.get("description", ""))
        if headers:
            response["headers"] = headers
        return _as_problem(response)

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Name each operation, and add what it may be sent and answer beside what it says."""
        for method, operation in (operations or {}).items():
            # What is said by hand takes the place of what schemas say, unless it is added here.
            operation.setdefault("parameters", []).extend(operation.pop(MORE_PARAMETERS, ()))
            operation["operationId"] = _operation_id(method, path or "")
            if not (path or "").startswith(_SIGNED_OTHERWISE):
                operation.setdefault("security", [{}, *SIGNED])
            self._describe_body(operation.get("requestBody", {}))
            also_csv = operation.pop(_ALSO_CSV, False)
            _describe_responses(path or "", method, operation)
            if also_csv:
                found = operation["responses"]["200"]
                found["content"]["text/csv"] = _TABLE
                found["headers"] = {**found["headers"], **SAVED}

    def _describe_body(self, body: dict[str, Any]) -> None:
        """No body is needed where none of its fields is."""
        schema = body.get("content", {}).get(_JSON, {}).get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        if name:
            body["required"] = bool(self._spec.components.schemas[name].get("required"))


def _operation_id(method: str, path: str) -> str:
    """`get_movies_by_movie_id_reviews`: as lasting as the address, and as unique."""
    parts = path.removeprefix(_PREFIX).replace("-", "_").replace("{", "by_").replace("}", "")
    return "_".join([method, *parts.split("/")])


def _describe_responses(path: str, method: str, operation: dict[str, Any]) -> None:
    own: dict[str, Any] = {"404": "NOT_FOUND"} if "{" in path else {}
    own |= _OF_BODIES if "requestBody" in operation else {}
    own |= {"304": {"description": _UNCHANGED}} if method == "get" else {}
    responses = operation.setdefault("responses", {})
    named = {str(status): response for status, response in responses.items()}
    responses.clear()
    responses.update({**_SHARED, **own, **named})
    headers = _headers_of(method, operation)
    for status, response in responses.items():
        if not isinstance(response, dict):
            continue
        if status[0] in "45":
            _as_problem(response)
        header_docs = {**response.get("headers", {}), **_header_docs(status, headers)}
        if header_docs:
            response["headers"] = header_docs


def _headers_of(method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """What answers of an operation carry beside their bodies."""
    taken = {one["name"] for one in operation["parameters"] if "name" in one}
    return {
        **({"ETag": _header("Identifies this state.")} if method == "get" else {}),
        **(VERSIONED if "If-Match" in taken else {}),
        **({"Link": _header(_LINK)} if taken & {"page", "cursor"} else {}),
        **({"Undo-Token": _header(_UNDO)} if operation.pop(_UNDOABLE, False) else {}),
    }


def _header_docs(status: str, headers: dict[str, Any]) -> dict[str, Any]:
    """Those of the headers that an answer of this status carries."""
    if status == "401":
        return {"WWW-Authenticate": _header("`Bearer`, with the realm.")}
    if status == "503":
        return _RETRY_AFTER
    if status == "412":
        return {name: one for name, one in headers.items() if name == "ETag"}
    unless = {"ETag"} if status == "204" else set()
    shown = status[0] == "2" or status == "304"
    return {n: h for n, h in headers.items() if n not in unless} if shown else {}


def _as_problem(response: dict[str, Any]) -> dict[str, Any]:
    content = response.setdefault("content", {})
    schema = content.pop(_JSON, {"schema": {"$ref": "#/components/schemas/Problem"}})
    content[PROBLEM_JSON] = schema
    return response


def init_app(app: Flask) -> None:
    """Bind to the application; before any of its addresses is."""
    app.url_map.converters["id"] = Id
