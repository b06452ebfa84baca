"""One policy around every HTTP call to an outside source. Knows no field of any source."""

import json
import logging
import math
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

import requests
import structlog
import urllib3
from requests.adapters import BaseAdapter

from moviesite import budget, clock
from moviesite.errors import Forbidden, NotFound, Unavailable
from moviesite.providers.gate import Gate
from moviesite.providers.transport import TimedAdapter, deadline

MAX_BODY = 2 * 1024 * 1024  # bytes, decoded
CONNECT_SECONDS = 2.0
LONGEST_RETRY_AFTER = 30.0

# What a broken transport or body can raise. The messages contain addresses with keys: they are not
# passed on.
_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
    RecursionError,
)

log = structlog.get_logger(__name__)

Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


class Patience(NamedTuple):
    """How long a call may take in all (seconds), and how it may be tried again."""

    seconds: float
    retries: int
    longest_wait: float


REQUEST = Patience(seconds=3.0, retries=1, longest_wait=0.5)
JOB = Patience(seconds=10.0, retries=4, longest_wait=5.0)
_patience: ContextVar[Patience] = ContextVar("patience", default=REQUEST)


@contextmanager
def patience(wanted: Patience) -> Iterator[None]:
    """Within the block calls have this patience; a request's is the default."""
    token = _patience.set(wanted)
    try:
        yield
    finally:
        _patience.reset(token)


class Call(NamedTuple):
    """One question to a source. `needs` are keys that an answer must have, with their types."""

    method: str
    path: str
    params: Mapping[str, Any]
    body: Mapping[str, Any] | None = None
    needs: Mapping[str, type] = MappingProxyType({})
    auth: Auth | None = None


class Trouble(Exception):
    """Why a call failed, whether to try again, and what the gate should count."""

    def __init__(
        self,
        problem: str,
        *,
        again: bool = False,
        counts: bool = True,
        answered: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.again = again
        self.counts = counts
        self.answered = answered
        self.wait = wait


class Upstream:
    """A source behind its gate: JSON objects come out, or errors of ours."""

    def __init__(
        self, base_url: str, *, gate: Gate, auth: Auth, adapter: BaseAdapter | None = None
    ) -> None:
        self.gate = gate
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._adapter = adapter
        self._session: tuple[int, requests.Session] | None = None
        self._told_of_key = False

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        needs: Mapping[str, type] | None = None,
        auth: Auth | None = None,
    ) -> dict[str, Any]:
        """Read; raises NotFound or Unavailable, Forbidden where the given `auth` was refused."""
        call = Call("GET", path, params or {}, None, needs or {}, auth)
        return self._answer(call, _patience.get())

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        *,
        auth: Auth | None = None,
    ) -> dict[str, Any]:
        """Write; never tried again, because the first try may have arrived."""
        call = Call(method, path, {}, body, {}, auth)
        return self._answer(call, _patience.get()._replace(retries=0))

    def _answer(self, call: Call, allowed: Patience) -> dict[str, Any]:
        self.gate.admit()
        with budget.waiting(allowed.seconds) as seconds:
            return self._answer_within(call, allowed, seconds)

    def _answer_within(self, call: Call, allowed: Patience, seconds: float) -> dict[str, Any]:
        until = time.monotonic() + seconds
        try:
            body = self.gate.run(lambda: self._attempts(call, allowed, until), seconds)
        except (NotFound, Forbidden):
            self.gate.passed()
            raise
        except TimeoutError:
            # A source that was given less than the usual time is not to blame for it.
            trouble = Trouble("no answer in time", counts=seconds >= allowed.seconds)
        except Trouble as caught:
            trouble = caught
        else:
            self.gate.passed()
            return body
        raise self._given_up(call, trouble)

    def _given_up(self, call: Call, trouble: Trouble) -> Unavailable:
        if trouble.answered:
            self.gate.passed()
        else:
            self.gate.failed(counts=trouble.counts)
        log.warning(
            "upstream failed", upstream=self.gate.name, path=call.path, problem=trouble.problem
        )
        if trouble.wait and trouble.wait >= 1:
            self.gate.pause(trouble.wait)
        wait = max(1, math.ceil(trouble.wait or 1))
        return Unavailable(f"{self.gate.name} did not answer.", retry_after=wait)

    def _attempts(self, call: Call, allowed: Patience, until: float) -> dict[str, Any]:
        for attempt in range(allowed.retries + 1):
            try:
                return self._once(call, until)
            except Trouble as trouble:
                wait = 0.25 * 2**attempt if trouble.wait is None else trouble.wait
                last = attempt == allowed.retries or wait > allowed.longest_wait
                if last or not trouble.again or time.monotonic() + wait >= until:
                    raise
            time.sleep(wait)
        raise AssertionError("the last attempt answers or raises")

    def _once(self, call: Call, until: float) -> dict[str, Any]:
        if not self.gate.take(until):
            raise Trouble("no turn in time", counts=False)
        self.gate.note("calls")
        problem = ""
        try:
            response = self._request(call, until)
            with closing(response):
                raw = _read(response, until)
        except _FAILURES as error:
            problem = type(error).__name__
        if problem:  # raised outside the handler: its exception names an address with a key
            raise Trouble(problem, again=True)
        if response.status_code in (401, 403):
            self._refused(call)
        return judge(response.status_code, response.headers, raw, call.needs)

    def _request(self, call: Call, until: float) -> requests.Response:
        deadline.until = until
        remaining = max(0.01, until - time.monotonic())
        return self._this_process().request(
            call.method,
            self._base_url + call.path,
            params={name: _sendable(value) for name, value in call.params.items()},
            json=call.body,
            auth=call.auth or self._auth,
            timeout=(min(CONNECT_SECONDS, remaining), remaining),
            allow_redirects=False,
            stream=True,
        )

    def _refused(self, call: Call) -> NoReturn:
        if call.auth is not None:
            raise Forbidden(f"{self.gate.name} refused this token.")
        if not self._told_of_key:
            self._told_of_key = True
            log.error("upstream refused our key; check the setting", upstream=self.gate.name)
        raise Trouble("our key was refused", counts=False)

    def _this_process(self) -> requests.Session:
        # Connections must not be shared with the process that this one was forked from.
        if self._session is None or self._session[0] != os.getpid():
            session = requests.Session()
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.headers.update({"Accept": "application/json", "User-Agent": "moviesite"})
            adapter = self._adapter or TimedAdapter(pool_connections=2, pool_maxsize=32)
            session.mount(self._base_url, adapter)
            self._session = (os.getpid(), session)
        return self._session[1]


def _sendable(value: Any) -> Any:
    # A lone surrogate is the visitor's mistake and must not look like a failure of the source.
    return value.encode("utf-8", "replace") if isinstance(value, str) else value


def _read(response: requests.Response, until: float) -> bytes:
    """The decoded body, chunk by chunk: neither a huge nor an endless one holds its thread long."""
    raw, size = bytearray(), 0
    while chunk := response.raw.read1(65536, decode_content=True):
        size += len(chunk)
        if size > MAX_BODY:
            raise Trouble("body too large")
        if time.monotonic() > until:
            raise Trouble("body too slow")
        raw += chunk
    return bytes(raw)


def judge(
    status: int, headers: Mapping[str, str], raw: bytes, needs: Mapping[str, type]
) -> dict[str, Any]:
    """The JSON object of a sound answer; raises NotFound for a plain 404, else Trouble."""
    if status == 429:
        wait = retry_after_seconds(headers.get("Retry-After"))
        raise Trouble("429", again=True, counts=False, wait=wait)
    if status >= 500:
        wait = retry_after_seconds(headers.get("Retry-After"))
        raise Trouble(str(status), again=True, wait=wait)
    if 300 <= status < 400:
        raise Trouble("redirect")
    body = json_object(raw) if "json" in headers.get("Content-Type", "json") else None
    # A 404 without the source's own code is a wrong address, and says nothing about a movie.
    if status == 404 and body and isinstance(body.get("status_code"), int):
        raise NotFound
    if status >= 400:
        raise Trouble(str(status), answered=True)
    if body is None or not all(isinstance(body.get(key), kind) for key, kind in needs.items()):
        raise Trouble("not the JSON that was expected", again=True)
    return body


def json_object(raw: bytes) -> dict[str, Any] | None:
    """A JSON object, or None. Lenient inside: one lone surrogate must not cost the whole page."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def retry_after_seconds(header: str | None) -> float | None:
    """Seconds to wait, 0 to 30, from a number or an HTTP date; None where it says nothing."""
    text = (header or "").strip()
    if re.fullmatch(r"\d{1,400}(\.\d{1,9})?", text, re.ASCII):
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.now().tzinfo)
    seconds = (moment - clock.now()).total_seconds()
    return min(seconds, LONGEST_RETRY_AFTER) if seconds >= 0 else None


class _KeyMask(logging.Filter):
    """Hides keys in addresses that the HTTP library writes at its most talkative level."""

    _KEY = re.compile(r"((?:api_?key|session_id|access_token)=)[^&\s\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._KEY.sub(r"\1***", record.getMessage()), None
        return True


for _logger in ("urllib3.connectionpool", "urllib3.util.retry", "urllib3.connection"):
    logging.getLogger(_logger).addFilter(_KeyMask())
