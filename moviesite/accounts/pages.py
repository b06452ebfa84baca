"""HTML doors into the house: register, sign in and out, recover. A GET here writes nothing."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.accounts import address_service, service, session_service
from moviesite.accounts.forms import client
from moviesite.accounts.page_forms import Form
from moviesite.accounts.schemas import (
    LONGEST_TOKEN,
    EmailSchema,
    RegisterSchema,
    ResetSchema,
    SignInSchema,
    TokenSchema,
)
from moviesite.errors import Conflict, InvalidInput, NotSignedIn, QuotaExceeded
from moviesite.models import User
from moviesite.web import identity
from moviesite.web.conditional import keep_private
from moviesite.web.personal import Notice, notify
from moviesite.web.redirects import HOME, safe_next
from moviesite.web.throttle import browse_limit

pages = Blueprint("accounts", __name__)
pages.after_request(keep_private)

_ACCOUNT = "/account"


@pages.get("/register")
@browse_limit
def register() -> str | AnyResponse:
    """The form that opens an account; whoever is signed in has one."""
    if identity.viewer():
        return redirect(_after_opening())
    return _entrance("register", Form("register"))


@pages.post("/register")
@browse_limit
def open_account() -> AnyResponse:
    """Open an account, sign in, and go where a page can be made one's own."""
    form = Form("register")
    try:
        given = form.load(RegisterSchema)
        user = service.register(
            given["email"], given["password"], client(), username=given.get("username")
        )
    except (InvalidInput, Conflict, QuotaExceeded) as error:
        return _entrance("register", form.fail(error))
    onward = admit(user, _after_opening())
    # Only now: a new session begins with nothing of the one before it.
    notify(Notice(f"Welcome, {user.username}. A link to confirm your address is on its way."))
    return onward


@pages.get("/sign-in")
@browse_limit
def sign_in() -> str | AnyResponse:
    """The form that signs in; whoever is signed in goes on."""
    if identity.viewer():
        return redirect(_wanted() or HOME)
    return _entrance("sign_in", Form("sign-in"))


@pages.post("/sign-in")
@browse_limit
def begin_session() -> AnyResponse:
    """Sign in by address or username and password."""
    form = Form("sign-in")
    try:
        given = form.load(SignInSchema)
        user = service.sign_in(given["identifier"], given["password"], client())
        return admit(user, _wanted() or HOME)
    except (InvalidInput, NotSignedIn, QuotaExceeded) as error:
        return _entrance("sign_in", form.fail(error, at="password"))


@pages.post("/sign-out")
@browse_limit
def sign_out() -> AnyResponse:
    """End the session of this browser, on the server as well."""
    if secret := identity.carried_secret():
        session_service.end_by_cookie(secret)
    identity.end_browsing()
    notify(Notice("You are signed out."))
    return redirect(address_of("catalogue.home"), 303)


@pages.get("/forgot-password")
@browse_limit
def forgot_password() -> AnyResponse:
    """The form that asks for a new password by mail."""
    return _page("forgot_password", Form("forgot"))


@pages.post("/forgot-password")
@browse_limit
def ask_for_reset() -> AnyResponse:
    """Have a reset mailed; the page says the same whether somebody has the address or not."""
    form = Form("forgot")
    try:
        given = form.load(EmailSchema)
        service.request_password_reset(given["email"], client())
    except (InvalidInput, QuotaExceeded) as error:
        return _page("forgot_password", form.fail(error))
    flash("If this address has an account, a link to choose a new password is on its way.")
    return redirect(address_of(".forgot_password"), 303)


@pages.get("/reset-password")
@browse_limit
def reset_password() -> AnyResponse:
    """The form behind a mailed link."""
    return _page("reset_password", Form("reset"), token_given=_token(request.args.get("token", "")))


@pages.post("/reset-password")
@browse_limit
def set_password() -> AnyResponse:
    """Set a new password by a mailed secret; every session ends, this browser's among them."""
    form = Form("reset")
    try:
        given = form.load(ResetSchema)
        service.confirm_password_reset(given["token"], given["password"])
    except InvalidInput as error:
        token = _token(request.form.get("token", ""))
        return _page("reset_password", form.fail(error), token_given=token)
    identity.end_browsing()
    flash("Your new password is set and other devices are signed out. Sign in with it now.")
    return redirect(address_of(".sign_in"), 303)


@pages.get("/verify-email")
@browse_limit
def verify_email() -> AnyResponse:
    """The button behind a mailed link: programs that look at mails follow links, too."""
    return _page("verify_email", Form("verify"), token_given=_token(request.args.get("token", "")))


@pages.post("/verify-email")
@browse_limit
def confirm_address() -> AnyResponse:
    """Take an address as proven by a mailed secret."""
    form = Form("verify")
    try:
        address_service.verify_email(form.load(TokenSchema)["token"])
    except (InvalidInput, Conflict) as error:
        return _page("verify_email", form.fail(error), token_given="")
    flash("Your email address is confirmed.")
    return redirect(_ACCOUNT if identity.viewer() else address_of(".sign_in"), 303)


def admit(user: User, wanted: str) -> AnyResponse:
    """Open a session in this browser, in place of the one it had, and go where it was heading."""
    secret = session_service.open_browser(user, client(), instead_of=identity.carried_secret())
    identity.begin_browsing(secret)
    return redirect(wanted, 303)


def _wanted() -> str | None:
    """Where to afterwards: a path of our own, where one is named."""
    return safe_next(request.values.get("next"), "") or None


def _after_opening() -> str:
    """Where somebody new was heading; from the home page, where they find films to begin with."""
    wanted = _wanted()
    return wanted if wanted and wanted != HOME else address_of("recommendations_pages.for_you")


def _entrance(name: str, form: Form) -> AnyResponse:
    return _page(name, form, wanted=_wanted())


def _token(given: str) -> str:
    return given if len(given) <= LONGEST_TOKEN else ""


def _page(name: str, form: Form, **context: Any) -> AnyResponse:
    return answered(render_template(f"accounts/{name}.html", form=form, **context), form)


def answered(page: str, form: Form) -> AnyResponse:
    """A page with the status of the form on it, and when to try again."""
    response = make_response(page, form.status)
    if form.retry_after:
        response.headers["Retry-After"] = str(form.retry_after)
    return response
