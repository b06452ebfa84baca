"""Serves the demo over HTTP on this machine, for trying it by hand or from another program."""

from pathlib import Path

from werkzeug.serving import make_server

from moviesite.demo.server import create_server


def serve(port: int, catalogue: Path | None = None, state_path: Path | None = None) -> None:
    """Listen on 127.0.0.1 until interrupted; addresses begin with `http://127.0.0.1:PORT/3`."""
    application = create_server(catalogue, state_path=state_path)
    server = make_server("127.0.0.1", port, application, threaded=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()
