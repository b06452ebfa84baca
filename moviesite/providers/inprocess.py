"""Speaks HTTP to a WSGI application in this process. Knows nothing of what is said."""

import io
from collections.abc import Iterable, Iterator
from http.client import responses
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse


class InProcessAdapter(HTTPAdapter):
    """A transport adapter: everything above the socket is the ordinary client's."""

    def __init__(self, application: WSGIApplication) -> None:
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Call the application; what it raises is a broken connection, as it would be outside."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
            started[:] = [(status, headers)]
            return started.append

        try:
            chunks = self._application(_environ(request), start_response)
            body = io.BufferedReader(_Body(chunks))
            body.peek(1)  # an application may start its response with its first chunk
        except Exception as error:
            raise requests.ConnectionError(type(error).__name__) from error
        code = int(started[0][0].split()[0])
        answer = HTTPResponse(
            body=body,
            headers=HTTPHeaderDict(started[0][1]),
            status=code,
            reason=responses.get(code, ""),
            preload_content=False,
        )
        return self.build_response(request, answer)


class _Body(io.RawIOBase):
    """An application's chunks as a file, read no faster than they are asked for."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._iterator: Iterator[bytes] = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = next(self._iterator)
            except StopIteration:
                return 0
            except Exception as error:
                raise ConnectionResetError(type(error).__name__) from error
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        if not self.closed and hasattr(self._chunks, "close"):
            self._chunks.close()
        super().close()


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    address = urlsplit(request.url or "")
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(address.path).decode("latin-1"),
        "QUERY_STRING": address.query,
        "SERVER_NAME": address.hostname or "localhost",
        "SERVER_PORT": str(address.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ
