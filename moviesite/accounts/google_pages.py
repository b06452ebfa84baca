"""Sign-in with Google in a browser: there, back, and the password where one is needed."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import structlog
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from moviesite.accounts import google_service, proof_service
from moviesite.accounts.forms import client
from moviesite.accounts.google_service import PasswordNeeded
from moviesite.accounts.page_forms import Form
from moviesite.accounts.pages import admit, answered
from moviesite.accounts.schemas import SignInSchema
from moviesite.config import current_config
from moviesite.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    MovieSiteError,
    NotSignedIn,
    QuotaExceeded,
    Unavailable,
    Unconfirmed,
)
from moviesite.providers.google import Witnessed, current_google, google_set_up
from moviesite.web import identity, oauth_state
from moviesite.web.admins import check_confirmed
from moviesite.web.oauth_state import Errand, Kept
from moviesite.web.redirects import safe_next
from moviesite.web.throttle import browse_limit

pages = Blueprint("google", __name__, url_prefix="/auth/google")

P = ParamSpec("P")

_LONGEST_CODE = 2000
_SETTINGS = "/account"
_PASSING = frozenset({"server_error", "temporarily_unavailable"})
_DECLINED = frozenset({"access_denied", "consent_required", "interaction_required"})

log = structlog.get_logger(__name__)


class Lost(MovieSiteError):
    """Somebody came back who did not leave from this browser, or left too long ago."""

    status = 400
    title = "This sign-in was not started here"


class Declined(Forbidden):
    """Somebody came back without leave to say who they are."""

    title = "You did not continue with Google"


def in_frame(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """Answer trouble with a page of this site that offers a way on; keep nothing in caches."""

    @wraps(view)
    def framed(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        try:
            response = view(*args, **kwargs)
        except Unconfirmed:
            raise
        except MovieSiteError as error:
            response = _trouble(error)
        response.headers["Cache-Control"] = "no-store"
        return response

    return framed


@pages.get("/login")
@browse_limit
@in_frame
def login() -> AnyResponse:
    """Send the visitor to Google. `next` is where they want to be afterwards; with `link`, a
    request token of this site's own, the account they are signed in to is linked, once they have
    confirmed that it is they; with `confirm`, another such token, Google is to make sure of that.
    """
    google, wanted = google_set_up(), safe_next(request.args.get("next"))
    errand = _errand()
    if identity.viewer() and errand is Errand.SIGN_IN:
        return redirect(wanted)
    if errand is Errand.LINK:
        # Whoever borrows a device or steals a cookie is not to keep a way in.
        check_confirmed()
    account = "" if errand is Errand.SIGN_IN else str(identity.current_user().uuid)
    sent = google.departure(_callback_url(), anew=errand is Errand.CONFIRM)
    oauth_state.keep(sent.state, Kept(sent.nonce, sent.verifier, wanted, errand, account))
    return redirect(sent.url)


@pages.get("/callback")
@browse_limit
@in_frame
def callback() -> AnyResponse:
    """Take back who was sent, once."""
    google, kept = google_set_up(), oauth_state.take(request.args.get("state", ""))
    if request.args.get("error") in _DECLINED:
        raise Declined("No problem. There are other ways to sign in.")
    if kept is None:
        raise Lost("It was started in another browser or too long ago, or is already done.")
    _check_answer(request.args.get("error"))
    code = request.args.get("code", "")
    if not code or len(code) > _LONGEST_CODE:
        raise Lost("Google sent back nothing that could be checked.")
    since = kept.left_at if kept.errand == Errand.CONFIRM else None
    witnessed = google.arrival(
        code, _callback_url(), nonce=kept.nonce, verifier=kept.verifier, since=since
    )
    if kept.errand != Errand.SIGN_IN:
        return _run_errand(kept, witnessed)
    try:
        user = google_service.enter(witnessed, client())
    except PasswordNeeded:
        oauth_state.keep_pending({**witnessed._asdict(), "next": kept.next})
        return redirect(url_for(".link"))
    return admit(user, kept.next)


@pages.route("/link", methods=["GET", "POST"])
@browse_limit
@in_frame
def link() -> AnyResponse:
    """Ask for the password of the account that Google's word alone does not open."""
    facts = oauth_state.pending()
    if facts is None:
        raise Lost("Too much time has passed. Please start again.")
    wanted = str(facts.pop("next"))
    witnessed = Witnessed(**facts)
    if request.method == "GET":
        return _password_page(witnessed)
    form = Form("link")
    try:
        given = form.load(SignInSchema)
        user = google_service.enter_by_password(
            witnessed, given["identifier"], given["password"], client()
        )
    except (InvalidInput, NotSignedIn, Conflict, QuotaExceeded) as error:
        return _password_page(witnessed, form.fail(error, at="password"))
    return admit(user, wanted)


def _callback_url() -> str:
    # Never from the Host header: what is registered with Google is the public address.
    return current_config().public_url + url_for(".callback")


def _errand() -> Errand:
    """What the visitor is sent for; more than signing in takes a link that we alone can write."""
    errand = next((one for one in Errand if one and one in request.args), Errand.SIGN_IN)
    if errand is Errand.SIGN_IN:
        return errand
    try:
        validate_csrf(request.args[errand])
    except ValidationError:
        raise Forbidden("Start from your account page.") from None
    return errand


def _check_answer(error: str | None) -> None:
    """Raise for a visitor who comes back without a code."""
    if error is None:
        return
    if error in _PASSING:
        raise Unavailable("Google cannot sign anyone in right now.", retry_after=30)
    # Anybody can write an address with any error in it: only the plain words are logged.
    log.error("Google refused this site; check its settings", plain=error.isalpha())
    raise Unavailable("Sign-in with Google is not set up correctly here.", retry_after=600)


def _run_errand(kept: Kept, witnessed: Witnessed) -> AnyResponse:
    user = identity.current_user()
    if str(user.uuid) != kept.account:
        raise Lost("Someone else is signed in here now.")
    if kept.errand == Errand.LINK:
        google_service.link(user, witnessed)
        return redirect(_SETTINGS, 303)
    oauth_state.keep_confirmation(proof_service.confirm_by_identity(user, witnessed))
    return redirect(kept.next, 303)


def _password_page(witnessed: Witnessed, form: Form | None = None) -> AnyResponse:
    shown = form or Form("link", {"identifier": witnessed.email})
    page = render_template(
        "accounts/google_link.html",
        form=shown,
        email=witnessed.email,
        confirmed=witnessed.email_verified,
    )
    return answered(page, shown)


def _trouble(error: MovieSiteError) -> AnyResponse:
    page = render_template(
        "accounts/google_trouble.html",
        title=error.title,
        detail=error.detail,
        status=error.status,
        offers_google=current_google() is not None and type(error) is not Forbidden,
    )
    response = make_response(page, error.status)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response
