"""Who is calling: a browser by its session's cookie, a program by its access token.

The one place that asks flask-login or flask-jwt-extended who that is. Reads no table itself:
`app.py` says how people are looked up.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol, cast

import structlog
from flask import Flask, Request, Response, current_app, g, has_request_context, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_jwt_extended import get_current_user, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_login import AnonymousUserMixin
from flask_login import current_user as browsing_user
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from jwt import PyJWTError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.wrappers import Response as AnyResponse

from moviesite import clock
from moviesite.errors import NotSignedIn
from moviesite.extensions import login
from moviesite.models.accounts import Session, User
from moviesite.web.errors import domain_error, is_api_request, unexpected_error

_SECRET = "_user_id"  # noqa: S105 - flask-login's name of the place


class Viewer(Protocol):
    """Who is calling, and the session that they are calling from."""

    @property
    def user(self) -> User:
        """The person."""

    @property
    def session(self) -> Session:
        """Where the person is signed in."""

    @property
    def tmdb_account(self) -> str | None:
        """The id of the account at TMDb that the person has connected."""


class Lookups(NamedTuple):
    """How people are found, and what is done about them afterwards."""

    by_cookie: Callable[[str], Viewer | None]
    by_token: Callable[[str, str], Viewer | None]
    is_use_due: Callable[[Session], bool]
    note_use: Callable[[int], None]
    # Whether an answer for everybody is being made, in which nobody's own part may be looked at.
    loading_shared: Callable[[], bool]


class _Browsing:
    """A viewer in flask-login's words."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer


class _Sessions(SecureCookieSessionInterface):
    """Programs carry no cookie: what would read theirs need not be made."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the browser's cookie holds; an empty session without one."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What reads and writes cookies."""
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = _Signer
        return made


class _Signer(TimestampSigner):
    """Believes what was signed in the future, too: by a machine whose clock is ahead, or by this
    one before its clock was put right. When a session ends is for the database to say.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, *args: Any, **more: Any) -> Any:
        """What was signed; raises BadSignature."""
        try:
            return super().unsign(signed_value, max_age, *args, **more)
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed < clock.now():
                raise
            return super().unsign(signed_value, None, *args, **more)


class _Nobody(AnonymousUserMixin):  # type: ignore[misc]
    viewer = None


def init_app(app: Flask, lookups: Lookups) -> None:
    """Bind to the application."""
    app.extensions["lookups"] = lookups
    app.session_interface = _Sessions()
    login.session_protection = None
    login.anonymous_user = _Nobody
    login.init_app(app, add_context_processor=False)
    login.user_loader(_browsing)
    login.unauthorized_handler(current_viewer)
    app.context_processor(lambda: {"viewer": _user_for_templates()})
    app.before_request(_know_nobody)
    app.after_request(_note_use)
    for error in (IntegrityError, ObjectDeletedError):
        app.register_error_handler(error, _gone_meanwhile)


def viewer() -> Viewer | None:
    """Who is calling and from which session; None for visitors. One statement, once a request.

    Raises flask-jwt-extended's errors, answered with 401, for an access token that is not valid.
    """
    if _lookups().loading_shared():
        raise RuntimeError("somebody's own data was looked at while a shared answer was made")
    if not is_api_request():
        return cast("Viewer | None", browsing_user.viewer)
    if "_jwt_extended_jwt_user" not in g:
        verify_jwt_in_request(optional=True)
    return cast("Viewer | None", get_current_user())


def current_viewer() -> Viewer:
    """Who is calling; raises NotSignedIn for visitors."""
    found = viewer()
    if found is None:
        raise NotSignedIn
    return found


def current_user() -> User:
    """The person who is calling; raises NotSignedIn for visitors."""
    return current_viewer().user


def reader() -> User | None:
    """The person whose wishes the present answer follows; None for visitors.

    None as well outside of requests, while the database is away, and for a token that is not
    ours or no longer good: whoever may go no further without one is told so by `viewer`.
    """
    found = _reading()
    return found.user if found else None


def tmdb_account() -> str | None:
    """The id of the account at TMDb that the reader has connected; asks nobody anew."""
    found = _reading()
    return found.tmdb_account if found else None


def _reading() -> Viewer | None:
    if not has_request_context() or g.get("reads_as_stranger"):
        return None
    try:
        found = viewer()
        return None if found and _has_left(found.user) else found
    except (SQLAlchemyError, JWTExtendedException, PyJWTError):
        g.reads_as_stranger = True
        return None


def user_or_none() -> User | None:
    """The person whose own part the present answer shows; None as for `reader`."""
    return reader()


def carried_secret() -> str | None:
    """The secret in this browser's cookie, whether it is still good or not."""
    secret: str | None = session.get(_SECRET)
    return secret


def begin_browsing(secret: str) -> None:
    """Let this browser carry a new session's secret, and nothing of what it carried before."""
    session.clear()
    session[_SECRET] = secret
    session.permanent = True
    g.pop("_login_user", None)


def end_browsing() -> None:
    """Let this browser carry nothing; the session itself is ended by the service."""
    session.clear()
    g.pop("_login_user", None)


def by_token(_header: dict[str, Any], claims: dict[str, Any]) -> Viewer | None:
    """Whom an access token names, if the session in it is alive."""
    return _seen(_lookups().by_token(str(claims["sub"]), str(claims.get("sid"))))


def _know_nobody() -> None:
    """An application context may outlive a request, and with it whom `g` remembers."""
    names = ("_login_user", "_jwt_extended_jwt_user", "session_used", "reads_as_stranger")
    for name in names:
        g.pop(name, None)


def _lookups() -> Lookups:
    lookups: Lookups = current_app.extensions["lookups"]
    return lookups


def _browsing(secret: str) -> _Browsing | None:
    found = _seen(_lookups().by_cookie(secret))
    return _Browsing(found) if found else None


def known_user() -> User | None:
    """The person, if the present request had to find out already who is calling; asks nobody."""
    found = _known()
    return None if found is None or _has_left(found.user) else found.user


def _known() -> Viewer | None:
    token = g.get("_jwt_extended_jwt_user") or {}
    found = getattr(g.get("_login_user"), "viewer", None) or token.get("loaded_user")
    return cast("Viewer | None", found)


def _has_left(user: User) -> bool:
    """Whether this account is gone since the request began, which from here on is a stranger's.

    A write that was undone has left what is known of it to be read anew.
    """
    try:
        return not user.uuid
    except SQLAlchemyError:
        _know_nobody()
        g.reads_as_stranger = True
        return True


def _gone_meanwhile(error: SQLAlchemyError) -> AnyResponse:
    """Nothing can hang on an account that was deleted in another window."""
    if _known() and known_user() is None:
        return domain_error(NotSignedIn())
    return unexpected_error(error)


def _seen(found: Viewer | None) -> Viewer | None:
    if found:
        structlog.contextvars.bind_contextvars(user_id=found.user.id)
    if found and _lookups().is_use_due(found.session):
        g.session_used = found.session.id
    return found


def _user_for_templates() -> User | None:
    return None if has_request_context() and is_api_request() else reader()


def _note_use(response: Response) -> Response:
    """Write after the answer has gone out, so that nobody waits for it."""
    session_id = g.pop("session_used", None)
    if session_id is not None:
        app = cast(Any, current_app)._get_current_object()
        response.call_on_close(partial(_write_use, app, session_id))
    return response


def _write_use(app: Flask, session_id: int) -> None:
    with app.app_context():
        _lookups().note_use(session_id)
