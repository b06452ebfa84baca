"""The JSON door for front ends that sign people in with Google by themselves."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.accounts import google_service
from moviesite.accounts.auth_api import MODE, signed_in
from moviesite.accounts.forms import client
from moviesite.accounts.schemas import GoogleSchema, TokensSchema
from moviesite.providers.google import google_set_up
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "google_auth", __name__, url_prefix="/api/v1/auth", description="Signing in with Google."
)


@api.post("/google")
@browse_limit
@api.doc(parameters=[MODE])
@api.arguments(GoogleSchema)
@api.response(200, TokensSchema)
@api.alt_response(401, description="Not a Google token for this site, or expired.")
@api.alt_response(403, description="The account was closed.")
@api.alt_response(404, description="Sign-in with Google is not set up here.")
@api.alt_response(
    409,
    description="Google alone is not enough: `code` is `password_needed`, `link` the page to use.",
)
@api.alt_response(503, description="Google's keys are not available right now.")
def sign_in(given: dict[str, Any]) -> Any:
    """Trade a Google ID token for ours; the first time, an account is created."""
    witnessed = google_set_up().witness(given["id_token"], given.get("nonce"))
    return signed_in(google_service.enter(witnessed, client()))
