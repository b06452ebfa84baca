"""The demo's TMDb on a port of this machine, which remembers what it was asked."""

import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.test import Client

from moviesite.demo.serve import http_server


class TmdbServer:
    """Answers until it is stopped. `heard` holds each request: its address, then its headers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self._server = http_server(0)
        self._demo = self._server.app
        # What it reads once is read before a visitor's seconds run.
        Client(self._demo).get("/3/movie/27205", headers={"Authorization": "Bearer a-token"})
        self._server.app = self._hear
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        """What TMDB_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}/3"

    def stop(self) -> None:
        """Fall silent; the port is closed."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def _hear(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        headers = "\n".join(f"{k}: {v}" for k, v in environ.items() if k.startswith("HTTP_"))
        self.heard.append((address, headers))
        return self._demo(environ, start_response)
