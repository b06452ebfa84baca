"""Who may do what to an account, beyond being its owner. No database, no web."""

from moviesite.accounts import passwords
from moviesite.errors import InvalidInput, NotAdmin
from moviesite.models import User


def confirm_identity(user: User, password: str | None, *, field: str = "password") -> None:
    """Let pass only who knows the account's password, where it has one.

    A session may be a borrowed device or a stolen token; what cannot be undone needs more.
    Raises InvalidInput naming `field` where the password is missing or wrong.
    """
    if user.password_hash is None:
        return
    if not password:
        raise InvalidInput.of(field, "Confirm this with your current password.")
    if not passwords.matches(user.password_hash, password):
        raise InvalidInput.of(field, "That is not your current password.")


def check_admin(user: User) -> None:
    """Raises Forbidden for everybody who does not run the site."""
    if not user.is_admin:
        raise NotAdmin
