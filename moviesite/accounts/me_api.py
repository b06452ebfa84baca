"""JSON doors to one's own account: profile, picture, password, sessions."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from moviesite.accounts import (
    address_service,
    profile_service,
    proof_service,
    queries,
    service,
    session_service,
)
from moviesite.accounts.avatars import LARGEST_BYTES
from moviesite.accounts.forms import client
from moviesite.accounts.proof_service import Proof
from moviesite.accounts.schemas import (
    ConfirmationSchema,
    ConfirmedSchema,
    PasswordSchema,
    ProfileSchema,
    SessionPageSchema,
    UserSchema,
)
from moviesite.web import access_tokens, uploads
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user, current_viewer
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import NothingSchema, PagedArgs
from moviesite.web.throttle import browse_limit

api = Blueprint("me", __name__, url_prefix="/api/v1/me", description="The caller's own account.")


@api.get("")
@browse_limit
@signed_in(api)
@api.response(200, UserSchema)
def me() -> Any:
    """The caller's account."""
    return queries.account_of(current_user())


@api.patch("")
@browse_limit
@signed_in(api)
@api.arguments(ProfileSchema)
@api.response(200, UserSchema)
@api.alt_response(409, description="The email address or username in `errors` is taken.")
def edit(given: dict[str, Any]) -> Any:
    """Change what is given.

    A new `email` takes the current `password`, or a `token` if there is none, and waits in
    `pending_email` until the link sent there is followed.
    """
    proof = Proof(given.pop("password", None), given.pop("token", None))
    changes = {name: "" if value is None else value for name, value in given.items()}
    user = profile_service.edit_profile(current_user(), changes, client(), proof)
    return queries.account_of(user)


@api.delete("")
@browse_limit
@signed_in(api)
@api.arguments(ConfirmationSchema)
@api.response(204)
@api.alt_response(409, description="There would be no admin left.")
def leave(given: dict[str, Any]) -> None:
    """Delete the caller's account and everything in it.

    Takes the current password, or a token if the account has none.
    """
    proof = Proof(given.get("password"), given.get("token"))
    profile_service.delete_account(current_user(), proof, client())
    access_tokens.drop_cookies()


@api.post("/confirmation")
@browse_limit
@signed_in(api)
@api.response(202, NothingSchema)
@api.alt_response(409, description="The account has a password; confirm with that.")
def confirm() -> None:
    """Email a link whose `token` takes the place of a password, once, for 30 minutes."""
    proof_service.mail_confirmation(current_user())


@api.put("/confirmation")
@browse_limit
@signed_in(api)
@api.arguments(ConfirmationSchema)
@api.response(200, ConfirmedSchema)
def confirm_session(given: dict[str, Any]) -> Any:
    """Allow dangerous actions in the caller's session for 15 minutes.

    Takes the current password, or a token if the account has none. Calls that need it are
    answered with 403 and the address of this one in `confirm`.
    """
    viewer, proof = current_viewer(), Proof(given.get("password"), given.get("token"))
    until = proof_service.confirm_session(viewer.user, viewer.session, proof, client())
    return {"confirmed_until": until}


@api.post("/verification")
@browse_limit
@signed_in(api)
@api.response(202, NothingSchema)
def verify() -> None:
    """Send the confirmation link again, to `pending_email` or else `email`."""
    address_service.request_verification(current_user())


@api.delete("/pending-email")
@browse_limit
@signed_in(api)
@api.response(204)
def stay() -> None:
    """Cancel a change of email address; the links sent for it stop working."""
    address_service.cancel_change(current_user())


@api.put("/avatar")
@browse_limit
@signed_in(api)
@uploads.takes_file(api, "avatar")
@api.response(200, UserSchema)
@api.alt_response(422, description="No picture, an unsupported format, or too large.")
def set_avatar() -> Any:
    """Upload a picture: JPEG, PNG, WebP or GIF of at most 2 MB, detected by content."""
    upload = uploads.only_file("avatar", "Send one picture as multipart/form-data.")
    user = profile_service.set_avatar(current_user(), upload.read(LARGEST_BYTES + 1))
    return queries.account_of(user)


@api.delete("/avatar")
@browse_limit
@signed_in(api)
@api.response(204)
def remove_avatar() -> None:
    """Remove the picture."""
    profile_service.remove_avatar(current_user())


@api.put("/password")
@browse_limit
@signed_in(api)
@api.arguments(PasswordSchema)
@api.response(204)
@api.alt_response(409, description="The account has no password; a reset link sets one.")
def change_password(given: dict[str, Any]) -> None:
    """Change the password; every other session ends."""
    viewer = current_viewer()
    service.change_password(
        viewer.user, given["current"], given["new"], client(), kept=viewer.session
    )


@api.get("/sessions")
@browse_limit
@signed_in(api)
@api.arguments(PagedArgs, location="query")
@api.response(200, SessionPageSchema)
def sessions(args: dict[str, Any]) -> Any:
    """Where the caller is signed in, last used first."""
    viewer, page, size = current_viewer(), args["page"], args["page_size"]
    count = queries.session_count(viewer.user)
    found = queries.sessions_of(viewer.user, page=page, page_size=size)
    rows = [{"session": one, "current": one.id == viewer.session.id} for one in found]
    return numbered_page(rows, page=page, page_size=size, count=count)


@api.delete("/sessions")
@browse_limit
@signed_in(api)
@api.response(204)
def end_other_sessions() -> None:
    """Sign out everywhere else."""
    viewer = current_viewer()
    session_service.end_all(viewer.user, but=viewer.session)


@api.delete("/sessions/<uuid:session_id>")
@browse_limit
@signed_in(api)
@api.response(204)
@api.alt_response(404, description="Not one of the caller's sessions.")
def end_session(session_id: UUID) -> None:
    """End one session, which may be this one."""
    session_service.end(current_user(), session_id)
