"""HTML doors to one's own account: profile, ways in, sessions, leaving. No statement of its own."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask import url_for as address_of
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from moviesite.accounts import (
    address_service,
    google_service,
    profile_service,
    proof_service,
    queries,
    service,
    session_service,
)
from moviesite.accounts.avatars import LARGEST_BYTES
from moviesite.accounts.forms import client
from moviesite.accounts.page_forms import Form
from moviesite.accounts.pages import answered
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.schemas import ConfirmationSchema, PasswordSchema, ProfileSchema
from moviesite.accounts.settings_forms import (
    DEVICES_SHOWN,
    email_typed,
    profile_edited,
    profile_typed,
    profile_values,
    services,
    services_typed,
    time_zones,
)
from moviesite.errors import Conflict, InvalidInput, QuotaExceeded
from moviesite.tmdb_account import queries as tmdb_queries
from moviesite.web import oauth_state
from moviesite.web.conditional import keep_private
from moviesite.web.identity import current_user, current_viewer, end_browsing
from moviesite.web.throttle import browse_limit

pages = Blueprint("settings", __name__, url_prefix="/account")
pages.after_request(keep_private)

REFUSALS = (InvalidInput, Conflict, QuotaExceeded)

# Where forms are sent, and where a browser is that shows one again with its faults.
_FORMS = (
    *("profile", "avatar", "avatar/remove", "address", "address/cancel", "verification"),
    *("password", "password-link", "sign-ins/<int:identity_id>/unlink", "confirmation"),
    *("sessions/<uuid:session_id>/end", "sessions/end-others", "delete"),
)


@pages.get("")
@browse_limit
def account() -> AnyResponse:
    """Everything about one's own account on one page."""
    return account_page()


def again(**_: object) -> AnyResponse:
    """Who loads such an address anew, or comes back to it, sees the account as it is."""
    current_user()
    return redirect(address_of(".account"), 303)


for _form in _FORMS:
    pages.add_url_rule(f"/{_form}", "again", again)


@pages.get("/services")
@browse_limit
def offered() -> str:
    """The part of the profile's form with the services of the country that was just chosen."""
    current_user()
    return render_template(
        "accounts/_services.html",
        services=services(request.args.get("region", "")),
        have=services_typed(request.args),
        fault="",
    )


@pages.post("/profile")
@browse_limit
def edit_profile() -> AnyResponse:
    """Change name and preferences."""
    user, form = current_user(), Form("profile")
    try:
        given = form.load(ProfileSchema, profile_typed())
        changes = {name: "" if given[name] is None else given[name] for name in profile_edited()}
        profile_service.edit_profile(user, changes, client())
    except REFUSALS as error:
        return account_page(form.fail(error))
    return done("profile", "Your profile is saved.")


@pages.post("/avatar")
@browse_limit
def set_avatar() -> AnyResponse:
    """Show another picture."""
    user, upload = current_user(), request.files.get("avatar")
    if not upload or not upload.filename:
        message = "Choose a picture first."
        return account_page(Form("avatar").fail(InvalidInput.of("avatar", message, "files")))
    try:
        profile_service.set_avatar(user, upload.read(LARGEST_BYTES + 1))
    except InvalidInput as error:
        return account_page(Form("avatar").fail(error))
    return done("avatar", "Your picture is saved.")


@pages.errorhandler(RequestEntityTooLarge)
def refuse_body(_error: RequestEntityTooLarge) -> AnyResponse:
    """A picture so large that it was not read to its end."""
    current_user()
    error = InvalidInput.of("avatar", "At most 2 MB.", "files")
    error.status = 413
    return account_page(Form("avatar").fail(error))


@pages.post("/avatar/remove")
@browse_limit
def remove_avatar() -> AnyResponse:
    """Show no picture any more."""
    profile_service.remove_avatar(current_user())
    return done("avatar", "Your picture is removed.")


@pages.post("/address")
@browse_limit
def change_address() -> AnyResponse:
    """Begin to move the account to another address, which has to be confirmed."""
    user, form = current_user(), Form("address")
    try:
        given = form.load(ProfileSchema, email_typed())
        proof = Proof(given.pop("password", None), oauth_state.confirmation())
        profile_service.edit_profile(user, given, client(), proof)
    except REFUSALS as error:
        return account_page(form.fail(error, at="password" if user.password_hash else "token"))
    if given["email"] != user.pending_email:
        return done("address", "That is already your address.")
    return done("address", "A link is on its way to the new address.")


@pages.post("/address/cancel")
@browse_limit
def keep_address() -> AnyResponse:
    """Call a change of address off."""
    address_service.cancel_change(current_user())
    return done("address", "Your email address was not changed.")


@pages.post("/verification")
@browse_limit
def send_verification() -> AnyResponse:
    """Mail the link that confirms the address once more."""
    try:
        address_service.request_verification(current_user())
    except QuotaExceeded as error:
        return account_page(Form("address").fail(error))
    return done("address", "A new link is on its way to you.")


@pages.post("/password")
@browse_limit
def change_password() -> AnyResponse:
    """Change the password; other devices are signed out."""
    viewer, form = current_viewer(), Form("password")
    try:
        given = form.load(PasswordSchema)
        service.change_password(
            viewer.user, given["current"], given["new"], client(), kept=viewer.session
        )
    except REFUSALS as error:
        return account_page(form.fail(error))
    return done("password", "Your password is changed and your other devices are signed out.")


@pages.post("/password-link")
@browse_limit
def send_password_link() -> AnyResponse:
    """Mail a link that sets a password, to somebody who has none yet."""
    try:
        service.request_password_reset(current_user().email, client())
    except QuotaExceeded as error:
        return account_page(Form("password").fail(error))
    return done("password", "A link to set a password is on its way to you.")


@pages.post("/sign-ins/<int:identity_id>/unlink")
@browse_limit
def unlink(identity_id: int) -> AnyResponse:
    """Let another provider's sign-in open this account no longer."""
    try:
        google_service.unlink(current_user(), identity_id)
    except Conflict as error:
        return account_page(Form("sign-ins").fail(error))
    return done("sign-ins", "Google is no longer linked to your account.")


@pages.post("/sessions/<uuid:session_id>/end")
@browse_limit
def end_session(session_id: UUID) -> AnyResponse:
    """Sign out on one device."""
    session_service.end(current_user(), session_id)
    return done("sessions", "That device is signed out.")


@pages.post("/sessions/end-others")
@browse_limit
def end_other_sessions() -> AnyResponse:
    """Sign out everywhere but here."""
    viewer = current_viewer()
    session_service.end_all(viewer.user, but=viewer.session)
    return done("sessions", "All your other devices are signed out.")


@pages.post("/delete")
@browse_limit
def delete() -> AnyResponse:
    """Delete the account with everything in it, by its password or a confirmation."""
    user, form = current_user(), Form("delete")
    try:
        given = form.load(ConfirmationSchema)
        _check_meant()
        proof = Proof(given.get("password"), oauth_state.confirmation())
        profile_service.delete_account(user, proof, client())
    except REFUSALS as error:
        return account_page(form.fail(error, at="password" if user.password_hash else "token"))
    end_browsing()
    flash("Your account and everything in it have been deleted.")
    return redirect(address_of("accounts.sign_in"), 303)


def _check_meant() -> None:
    if "sure" not in request.form:
        raise InvalidInput.of("sure", "Check this box to delete your account.", "form")


def done(section: str, words: str) -> AnyResponse:
    """Go back to a part of the page, which then says what was done."""
    flash(words, section)
    return redirect(address_of("settings.account", _anchor=section), 303)


def account_page(failed: Form | None = None) -> AnyResponse:
    """The page; the form that failed is shown as it was typed, the others as they are."""
    viewer = current_viewer()
    forms = {"profile": Form("profile", profile_values(viewer.user))}
    keys = ("avatar", "address", "password", "sign-ins", "sessions", "delete")
    forms |= {key: Form(key) for key in keys}
    shown = failed or Form("")
    profile = shown if shown.key == "profile" else forms["profile"]
    page = render_template(
        "accounts/account.html",
        forms={**forms, shown.key: shown},
        failed=failed,
        user=viewer.user,
        session=viewer.session,
        identities=queries.identities_of(viewer.user),
        sessions=queries.sessions_of(viewer.user, page_size=DEVICES_SHOWN),
        tmdb=tmdb_queries.granted_to(viewer.user.id),
        session_count=queries.session_count(viewer.user),
        time_zones=time_zones(),
        services=services(str(profile.values.get("region") or "")),
        confirmed=proof_service.is_confirmed(viewer.user, oauth_state.confirmation()),
    )
    return answered(page, shown)
