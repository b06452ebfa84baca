"""A source in the same process is reached by the ordinary client, to the last byte."""

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from moviesite.errors import NotFound, Unavailable
from moviesite.providers.base import Grant
from moviesite.providers.http import Patience, patience
from moviesite.providers.inprocess import InProcessAdapter
from moviesite.providers.tmdb import TMDb

GENRES = json.dumps({"genres": [{"id": 18, "name": "Drama"}]}).encode()
Start = Callable[..., Any]


def client(application: Any) -> TMDb:
    adapter = InProcessAdapter(application)
    return TMDb("http://demo.invalid/3", "demo", redis=None, threads=8, adapter=adapter)


def test_the_application_hears_what_was_asked() -> None:
    heard: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        heard.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("Content-Type", "application/json")])
        return [b'{"status_code": 1}']

    client(application).set_favorite(Grant("t.o.k"), "42", 603, favorite=True)
    assert heard["REQUEST_METHOD"] == "POST"
    assert heard["PATH_INFO"] == "/3/account/42/favorite"
    assert heard["CONTENT_TYPE"] == "application/json"
    assert heard["CONTENT_LENGTH"] == str(len(heard["body"]))
    assert heard["HTTP_AUTHORIZATION"] == "Bearer t.o.k"
    assert json.loads(heard["body"])["media_id"] == 603


class Chunks:
    """A body in pieces, which says when it was closed and how much of it was read."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = iter(pieces)
        self.read = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.read += len(piece)
            yield piece

    def close(self) -> None:
        self.closed = True


def speaking(chunks: Iterable[bytes], *headers: tuple[str, str], status: str = "200 OK") -> Any:
    def application(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start(status, [("Content-Type", "application/json"), *headers])
        return chunks

    return application


def test_a_body_in_pieces_is_put_together_and_closed() -> None:
    chunks = Chunks(GENRES[:5], b"", GENRES[5:])
    assert client(speaking(chunks)).genres("en")[0].name == "Drama"
    assert chunks.closed


def test_a_packed_body_is_unpacked() -> None:
    packed = speaking([gzip.compress(GENRES)], ("Content-Encoding", "gzip"))
    assert client(packed).genres("en")[0].name == "Drama"


def test_no_more_is_read_than_is_allowed() -> None:
    chunks = Chunks(*[b" " * 65536] * 200)
    with pytest.raises(Unavailable):
        client(speaking(chunks)).genres("en")
    assert chunks.read < 3 * 2**20
    assert chunks.closed


def test_a_body_without_end_is_left_at_the_deadline() -> None:
    def drops() -> Iterator[bytes]:
        while True:
            time.sleep(0.05)
            yield b" "

    chunks = Chunks()
    chunks.pieces = drops()
    with patience(Patience(0.3, 0, 0)), pytest.raises(Unavailable):
        client(speaking(chunks)).genres("en")
    time.sleep(0.2)
    assert chunks.closed


def test_a_404_is_a_404() -> None:
    with pytest.raises(NotFound):
        client(speaking([b'{"status_code": 34}'], status="404 Not Found")).movie(1, "en")


def test_a_crash_is_a_broken_connection() -> None:
    def crashing(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise RuntimeError

    def crashing_late(_: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"{"
        raise RuntimeError

    with patience(Patience(3, 0, 0)):
        for application in (crashing, crashing_late, speaking([b"{"])):
            with pytest.raises(Unavailable):
                client(application).genres("en")
