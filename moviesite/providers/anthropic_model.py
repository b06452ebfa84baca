"""A model behind Anthropic's Messages API, by way of its SDK, which is loaded on first use."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import redis
import structlog

from moviesite import optional
from moviesite.errors import Unavailable
from moviesite.providers import reading as read
from moviesite.providers.adviser import (
    SCHEMA,
    SECONDS,
    NamedFilm,
    NoAdvice,
    Why,
    read_films,
    task,
)
from moviesite.providers.gate import Gate
from moviesite.providers.http import CONNECT_SECONDS, json_object, retry_after_seconds

NAME = "Anthropic"
PACKAGE = "anthropic"
# Calls a second.
RATE = 5
MAX_BODY = 256 * 1024  # bytes
_MAX_TOKENS = 2048
_BUSY = (429, 529)
_REFUSED_KEY = (401, 403)
_CUT_OFF = ("max_tokens", "model_context_window_exceeded")

log = structlog.get_logger(__name__)

# Where somebody lowers the level of everything, these would write people's words down.
for _name in ("anthropic", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Failed(Exception):
    """Why there is no answer, and what the gate should know about it."""

    def __init__(
        self,
        why: Why,
        problem: str = "",
        *,
        counts: bool = True,
        answered: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(problem)
        self.why: Why = why
        self.problem = problem or why
        self.counts, self.answered, self.wait = counts, answered, wait


class AnthropicModel:
    """Raises NoAdvice, and nothing foreign. One try: who waits is a person."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        *,
        redis_client: redis.Redis | None,
        threads: int,
    ) -> None:
        self.gate = Gate(NAME, redis_client, threads, rate=RATE)
        self._base_url, self._api_key, self._model = base_url, api_key, model
        self._told_of_key = False

    def films(self, words: str, vocabulary: Sequence[str]) -> tuple[NamedFilm, ...]:
        """The films that the model names, best first; raises NoAdvice."""
        try:
            self.gate.admit()
        except Unavailable:
            raise NoAdvice("away") from None
        failed = None
        try:
            text = self._reply(words, vocabulary)
        except Unavailable:
            failed = _Failed("busy", "too many at once", counts=False)
        except TimeoutError:
            failed = _Failed("too_slow")
        except _Failed as caught:
            failed = caught
        if failed:
            self._give_up(failed)
        self.gate.passed()
        return read_films(text)

    def _reply(self, words: str, vocabulary: Sequence[str]) -> str:
        """The model's text. Its client serves one call: closing it ends a call that drags on."""
        sdk: Any = optional.load(PACKAGE)
        client = sdk.Anthropic(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            # Traces might hold people's words.
            open_telemetry=False,
            timeout=sdk.Timeout(SECONDS, connect=CONNECT_SECONDS),
            # A redirect would carry the key to another host.
            http_client=sdk.DefaultHttpxClient(follow_redirects=False),
        )
        until = time.monotonic() + SECONDS
        question = {
            "model": self._model,
            "max_tokens": _MAX_TOKENS,
            "system": task(vocabulary),
            "messages": [{"role": "user", "content": words}],
            "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        }
        try:
            return self.gate.run(lambda: self._ask(sdk, client, question, until), SECONDS)
        finally:
            client.close()

    def _ask(self, sdk: Any, client: Any, question: Mapping[str, Any], until: float) -> str:
        if not self.gate.take(until):
            raise _Failed("busy", "no turn in time", counts=False)
        self.gate.note("calls")
        ask: Callable[..., Any] = client.messages.with_streaming_response.create
        try:
            with ask(**question, extra_headers={"Accept-Encoding": "identity"}) as response:
                raw = _body(response, until)
        except _Failed:
            raise
        except Exception as error:
            failed = self._reason(sdk, error)
        else:
            return answer_text(raw)
        raise failed  # outside of the handler: what was caught holds a request with the key

    def _reason(self, sdk: Any, error: Exception) -> _Failed:
        if not isinstance(error, sdk.APIStatusError):
            # While the body is read, the time-outs are those of the transport.
            problem = type(error).__name__
            return _Failed("too_slow" if "Timeout" in problem else "away", problem)
        status: int = error.status_code
        wait = retry_after_seconds(error.response.headers.get("Retry-After"))
        if status in _BUSY:
            return _Failed("busy", str(status), counts=False, wait=wait)
        if status in _REFUSED_KEY:
            self._tell_of_key()
            return _Failed("away", str(status), counts=False)
        return _Failed("away", str(status), answered=400 <= status < 500, wait=wait)

    def _tell_of_key(self) -> None:
        if not self._told_of_key:
            self._told_of_key = True
            log.error("upstream refused our key; check the setting", upstream=NAME)

    def _give_up(self, failed: _Failed) -> NoReturn:
        if failed.answered:
            self.gate.passed()
        else:
            self.gate.failed(counts=failed.counts)
        log.warning("upstream failed", upstream=NAME, problem=failed.problem)
        if failed.wait and failed.wait >= 1:
            self.gate.pause(failed.wait)
        raise NoAdvice(failed.why)


def _body(response: Any, until: float) -> bytes:
    """Chunk by chunk: neither a huge answer nor an endless one holds its thread for long."""
    raw = bytearray()
    for chunk in response.iter_bytes():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise _Failed("nonsense", "body too large")
        if time.monotonic() > until:
            raise _Failed("too_slow", "body too slow")
    return bytes(raw)


def answer_text(raw: bytes) -> str:
    """The text of a whole message; raises _Failed for one that was refused, cut off or is none."""
    body = json_object(raw)
    if body is None or body.get("type") != "message":
        raise _Failed("nonsense", "no message")
    stopped = body.get("stop_reason")
    if stopped == "refusal":
        raise _Failed("refused", answered=True)
    if stopped in _CUT_OFF:
        raise _Failed("cut_off", answered=True)
    rows = read.rows(body.get("content"), 100)
    texts = [row.get("text") for row in rows if row.get("type") == "text"]
    if stopped != "end_turn" or len(texts) != 1 or not isinstance(texts[0], str):
        raise _Failed("nonsense", "no text", answered=True)
    return texts[0]
