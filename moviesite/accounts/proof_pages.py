"""HTML doors to a confirmation: mailed, of a session, or both. Changes nothing else."""

from flask import Blueprint, flash, redirect, render_template, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.accounts import proof_service, queries
from moviesite.accounts.forms import client
from moviesite.accounts.page_forms import Form
from moviesite.accounts.pages import answered
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.schemas import LONGEST_TOKEN, ConfirmationSchema, TokenSchema
from moviesite.accounts.settings_pages import account_page, done
from moviesite.errors import Conflict, Forbidden, InvalidInput, QuotaExceeded
from moviesite.web import oauth_state
from moviesite.web.conditional import keep_private
from moviesite.web.identity import current_user, current_viewer
from moviesite.web.redirects import safe_next
from moviesite.web.throttle import browse_limit

pages = Blueprint("proof", __name__, url_prefix="/account")
pages.after_request(keep_private)


@pages.post("/confirmation")
@browse_limit
def send() -> AnyResponse:
    """Mail the link that stands in for a password."""
    section = "address" if request.form.get("for") == "address" else "delete"
    try:
        proof_service.mail_confirmation(current_user())
    except (Conflict, QuotaExceeded) as error:
        return account_page(Form(section).fail(error))
    return done(section, "A link is on its way to you. Open it in this browser.")


@pages.get("/again")
@browse_limit
def show() -> AnyResponse:
    """Where somebody shows once more that it is they, on the way to something dangerous."""
    current_user()
    return _shown(Form("again"))


@pages.post("/again")
@browse_limit
def shown() -> AnyResponse:
    """Let this session do such things for a while, and go on to where they are done."""
    viewer, form = current_viewer(), Form("again")
    try:
        given = form.load(ConfirmationSchema)
        proof = Proof(given.get("password"), oauth_state.confirmation())
        proof_service.confirm_session(viewer.user, viewer.session, proof, client())
    except (InvalidInput, QuotaExceeded) as error:
        at = "password" if viewer.user.password_hash else "token"
        return _shown(form.fail(error, at=at))
    return redirect(safe_next(request.form.get("next")), 303)


def _shown(form: Form) -> AnyResponse:
    user = current_user()
    page = render_template(
        "accounts/again.html",
        form=form,
        user=user,
        onward=safe_next(request.values.get("next")),
        identities=queries.identities_of(user),
        confirmed=proof_service.is_confirmed(user, oauth_state.confirmation()),
    )
    return answered(page, form)


@pages.get("/confirm")
@browse_limit
def confirm() -> AnyResponse:
    """The button behind a mailed link: programs that look at mails follow links, too."""
    current_user()
    return _page(Form("confirm"), request.args.get("token", ""))


@pages.post("/confirm")
@browse_limit
def confirmed() -> AnyResponse:
    """Take a mailed secret as good until it is used for something."""
    user, form = current_user(), Form("confirm")
    try:
        token = form.load(TokenSchema)["token"]
        if not proof_service.is_confirmed(user, token):
            raise Forbidden("This link was already used, has expired, or is for another account.")
    except (InvalidInput, Forbidden) as error:
        return _page(form.fail(error, at="token"), "")
    oauth_state.keep_confirmation(token)
    flash("Confirmed. For the next half hour, you can take one protected step.")
    return redirect(address_of("settings.account"), 303)


def _page(form: Form, token: str) -> AnyResponse:
    given = token if len(token) <= LONGEST_TOKEN else ""
    page = render_template("accounts/confirm.html", form=form, token_given=given)
    return answered(page, form)
