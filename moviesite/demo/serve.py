"""Serves the demo over HTTP on this machine, for trying it by hand or from another program."""

from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from moviesite.demo.server import create_server


class _QuietHandler(WSGIRequestHandler):
    """Writes no line for a request: addresses hold keys."""

    def log_request(self, *_said: Any) -> None:
        """Say nothing."""


def http_server(
    port: int, catalogue: Path | None = None, state_path: Path | None = None
) -> BaseWSGIServer:
    """A threaded server bound to 127.0.0.1, not yet serving; port 0 takes a free one."""
    application = create_server(catalogue, state_path=state_path)
    return make_server("127.0.0.1", port, application, threaded=True, request_handler=_QuietHandler)


def serve(port: int, catalogue: Path | None = None, state_path: Path | None = None) -> None:
    """Serve until interrupted; addresses begin with `http://127.0.0.1:PORT/3`."""
    server = http_server(port, catalogue, state_path)
    try:
        server.serve_forever()
    finally:
        server.server_close()
