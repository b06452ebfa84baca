"""The demo's TMDb with what the demo's films lack: trailers, certificates, crew, a series."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from moviesite.app import DEMO_RATE, DEMO_URL, create_app
from moviesite.config import load_config
from moviesite.demo.server import create_server
from moviesite.providers.inprocess import InProcessAdapter
from moviesite.providers.tmdb import TMDb

BATMAN_BEGINS, DARK_KNIGHT, RISES = 272, 155, 49026
SERIES = 263
CREW = (
    ("Wally Pfister", "Director of Photography", "Camera"),
    ("Hans Zimmer", "Original Music Composer", "Sound"),
)


def fuller_app(folder: Path) -> Flask:
    """The application over that TMDb; its database has no tables yet."""
    settings = {
        "INSTANCE_DIR": str(folder),
        "THROTTLE_PROFILE": "off",
        "LOG_LEVEL": "ERROR",
        "CACHE_ANSWER_SECONDS": "0",
    }
    app = create_app(load_config(settings))
    app.extensions["tmdb"] = TMDb(
        DEMO_URL,
        "demo",
        redis=None,
        threads=8,
        name="Demo catalog",
        adapter=InProcessAdapter(FullerServer(create_server())),
        rate=DEMO_RATE,
    )
    return app


class FullerServer:
    """Adds to The Dark Knight's answer, and knows the series that it is part of."""

    def __init__(self, demo: WSGIApplication) -> None:
        self._demo = demo

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The demo's answer, or what it has no answer to."""
        path = environ["PATH_INFO"]
        if path == f"/3/collection/{SERIES}":
            return _answer(self._series(environ), start_response)
        if path == f"/3/movie/{DARK_KNIGHT}":
            return _answer(_filled(self._ask(environ)), start_response)
        return self._demo(environ, start_response)

    def _ask(self, environ: WSGIEnvironment, path: str | None = None) -> dict[str, Any]:
        ignore: Callable[..., Any] = lambda *_: None  # noqa: E731 - headers are made anew
        asked = {**environ, "PATH_INFO": path or environ["PATH_INFO"]}
        return dict(json.loads(b"".join(self._demo(asked, ignore))))

    def _series(self, environ: WSGIEnvironment) -> dict[str, Any]:
        parts = [self._ask(environ, f"/3/movie/{id_}") for id_ in (RISES, BATMAN_BEGINS)]
        parts.append(self._ask(environ, f"/3/movie/{DARK_KNIGHT}"))
        return {"id": SERIES, "name": "The Dark Knight Collection", "parts": parts}


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    body["videos"] = {
        "results": [
            {"site": "YouTube", "key": "EXeTwQWrcwY", "name": "Trailer", "type": "Trailer"},
            {"site": "Vimeo", "key": "76979871", "name": "A talk", "type": "Featurette"},
        ]
    }
    body["release_dates"] = {
        "results": [_certificate("US", "PG-13"), _certificate("DE", "16")],
    }
    body["belongs_to_collection"] = {"id": SERIES, "name": "The Dark Knight Collection"}
    body["credits"]["crew"] += [
        {"id": 900_000 + n, "name": name, "job": job, "department": department}
        for n, (name, job, department) in enumerate(CREW)
    ]
    return body


def _certificate(region: str, value: str) -> dict[str, Any]:
    return {"iso_3166_1": region, "release_dates": [{"type": 3, "certification": value}]}


def _answer(body: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    raw = json.dumps(body).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(raw)))]
    start_response("200 OK", headers)
    return [raw]
