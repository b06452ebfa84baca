"""TMDb v3 as a WSGI application over a catalogue file. Routes, keys and errors; no film facts.

Any key is good: `api_key=...` or `Authorization: Bearer ...`; without either the answer is 401.
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from moviesite.demo import catalogue, identity
from moviesite.demo.account import Memory
from moviesite.demo.endpoints import Ask, Demo
from moviesite.demo.errors import (
    BAD_KEY,
    BAD_METHOD,
    BAD_PARAMETERS,
    NOT_FOUND,
    DemoError,
    status_body,
)
from moviesite.demo.params import Params

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Endpoint = Callable[..., Any]

_BODY_LIMIT: Final = 64 * 1024


def _rules() -> list[Rule]:
    return [
        _rule("/configuration", Demo.configuration),
        _rule("/configuration/languages", Demo.languages),
        _rule("/configuration/countries", Demo.countries),
        _rule("/genre/movie/list", Demo.genres),
        _rule("/trending/movie/<window>", Demo.trending),
        _rule("/discover/movie", Demo.discover),
        _rule("/movie/popular", Demo.popular),
        _rule("/movie/top_rated", Demo.top_rated),
        _rule("/movie/upcoming", Demo.upcoming),
        _rule("/movie/now_playing", Demo.now_playing),
        _rule("/movie/changes", Demo.changes),
        _rule("/movie/<movie_id>", Demo.movie),
        _rule("/movie/<movie_id>/<path:name>", Demo.movie_part),
        _rule("/person/<person_id>", Demo.person),
        _rule("/person/<person_id>/<name>", Demo.person_part),
        _rule("/search/<kind>", Demo.search),
        _rule("/find/<external_id>", Demo.find),
        _rule("/watch/providers/movie", Demo.providers),
        _rule("/watch/providers/regions", Demo.regions),
        _rule("/keyword/<keyword_id>", Demo.keyword),
        _rule("/collection/<collection_id>", Demo.collection),
        _rule("/authentication", identity.authentication),
        _rule("/authentication/token/new", identity.new_token),
        _rule("/authentication/session/new", identity.new_session, "POST"),
        _rule("/authentication/session", identity.end_session, "DELETE"),
        _rule("/account", identity.account),
        _rule("/account/<account_id>", identity.account),
        _rule("/account/<account_id>/favorite/movies", identity.favorites),
        _rule("/account/<account_id>/favorite", identity.set_favorite, "POST"),
    ]


def _rule(path: str, endpoint: Endpoint, method: str = "GET") -> Rule:
    return Rule(f"/3{path}", endpoint=endpoint, methods=[method])


class DemoServer:
    """The application. The catalogue is read at the first request, once for all threads."""

    def __init__(self, catalogue_path: Path | None, memory: Memory) -> None:
        self._path = catalogue_path
        self._memory = memory
        self._routes = Map(_rules(), strict_slashes=False)
        self._demo: Demo | None = None
        self._loading = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request; every refusal has TMDb's shape."""
        request = Request(environ)
        request.max_content_length = _BODY_LIMIT
        try:
            response = self._answer(request)
        except DemoError as error:
            response = _json(status_body(error.code), error.http_status)
        return response(environ, start_response)

    @property
    def demo(self) -> Demo:
        """Everything that answers, loaded when first needed."""
        with self._loading:
            if self._demo is None:
                self._demo = Demo(self._catalogue(), self._memory)
            return self._demo

    def prepare(self) -> None:
        """Load everything now, so that processes forked afterwards share it."""
        self.demo.prepare()

    def _catalogue(self) -> catalogue.Catalogue:
        # The bundled one is also what draws the images: one copy serves both.
        return catalogue.load(self._path) if self._path else catalogue.bundled()

    def _answer(self, request: Request) -> Response:
        ask = _ask(request)
        try:
            endpoint, values = self._routes.bind_to_environ(request.environ).match()
        except MethodNotAllowed:
            raise DemoError(BAD_METHOD) from None
        except (NotFound, RequestRedirect):
            raise DemoError(NOT_FOUND) from None
        answer = endpoint(self.demo, ask, **values)
        return _json(*answer) if isinstance(answer, tuple) else _json(answer, 200)


def create_server(
    catalogue_path: Path | None = None, *, state_path: Path | None = None
) -> DemoServer:
    """A TMDb of its own under `/3`.

    `catalogue_path` None is the bundled catalogue; favorites are kept in `state_path`, in memory
    alone when that is None.
    """
    return DemoServer(catalogue_path, Memory(state_path))


def _ask(request: Request) -> Ask:
    params = Params(request.args)
    authorization = request.authorization
    bearer = ""
    if authorization is not None and authorization.type == "bearer":
        bearer = authorization.token or ""
    if not bearer and not params.text("api_key"):
        raise DemoError(BAD_KEY)
    session_id = params.text("session_id")
    return Ask(
        params=params,
        host_url=request.host_url,
        account_id=identity.account_of(session_id, bearer),
        session_id=session_id,
        body=_body(request),
    )


def _body(request: Request) -> dict[str, Any] | None:
    if request.method not in ("POST", "DELETE"):
        return None
    try:
        raw = request.get_data()
        body = orjson.loads(raw) if raw else {}
    except (HTTPException, orjson.JSONDecodeError):
        raise DemoError(BAD_PARAMETERS) from None
    if not isinstance(body, dict):
        raise DemoError(BAD_PARAMETERS)
    return body


def _json(body: Any, http_status: int) -> Response:
    return Response(
        orjson.dumps(body), status=http_status, content_type="application/json;charset=utf-8"
    )
