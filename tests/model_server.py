"""A small real server of Anthropic's Messages API on 127.0.0.1, which answers as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

KEY = "sk-ant-stub-0123456789"


class Told(NamedTuple):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Act = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: "ModelServer"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.told.append(Told(self.path, headers, json.loads(raw)))
        try:
            self.server.act(self)
        except OSError:
            self.close_connection = True

    def reply(self, status: int, raw: bytes, headers: dict[str, str]) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_said: Any) -> None:
        """No line for a request."""


class ModelServer(ThreadingHTTPServer):
    """Plays one act for every request, until it is told another."""

    daemon_threads = True
    # A connection that was not waited for is no trouble of a test's.
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[Told] = []
        self.act: Act = films()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def plays(self, act: Act) -> None:
        """From now on this."""
        self.act = act

    def handle_error(self, *_whose: Any) -> None:
        """Whoever hangs up does so on purpose."""


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server that listens."""
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join(10)


def message(
    *, text: str | None = None, stop_reason: Any = "end_turn", **changes: Any
) -> dict[str, Any]:
    """A message as the API writes it; `changes` replace or add fields of it."""
    return {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "stub",
        "content": [] if text is None else [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
        **changes,
    }


def answer(
    body: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json",
) -> Act:
    """A whole answer; what is not bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda peer: peer.reply(status, raw, {"Content-Type": content_type, **(headers or {})})


def films(*rows: Sequence[Any]) -> Act:
    """A sound answer: each row is a title, a year and a match."""
    listed = [dict(zip(("title", "year", "match"), row, strict=True)) for row in rows]
    return answer(message(text=json.dumps({"films": listed})))


def error(status: int, kind: str, headers: dict[str, str] | None = None) -> Act:
    """A refusal as the API writes it."""
    said = {"type": "error", "error": {"type": kind, "message": "words of the API's own"}}
    return answer(said, status, headers)


def silent(peer: Handler) -> None:
    """Nothing, until the test is over."""
    peer.server.over.wait(60)


def drip(peer: Handler) -> None:
    """An answer that comes byte by byte, and does not end in time."""
    peer.send_response(200)
    peer.send_header("Content-Type", "application/json")
    peer.send_header("Content-Length", "100000")
    peer.end_headers()
    until = time.monotonic() + 60
    while time.monotonic() < until and not peer.server.over.wait(0.05):
        peer.wfile.write(b" ")
        peer.wfile.flush()


def hang_up(peer: Handler) -> None:
    """The connection ends without a word."""
    peer.connection.close()
    peer.close_connection = True
