"""Names under which TMDb favorites are shown, and connected accounts. Reads only."""

from collections.abc import Sequence

from sqlalchemy import select

from moviesite.accounts.names import folded
from moviesite.extensions import db
from moviesite.models import TmdbConnection, TmdbShare, User


def share_named(name: str) -> TmdbShare | None:
    """The share under a name, whatever its case."""
    return db.session.scalar(select(TmdbShare).where(TmdbShare.name_folded == folded(name)))


def share_of(account_id: str) -> TmdbShare | None:
    """The share of an account."""
    return db.session.scalar(select(TmdbShare).where(TmdbShare.account_id == account_id))


def connection_of(user_id: int) -> TmdbConnection | None:
    """Somebody's TMDb account, connected or about to be."""
    return db.session.get(TmdbConnection, user_id)


def granted_to(user_id: int) -> TmdbConnection | None:
    """Somebody's TMDb account where it is connected, not only begun: one statement."""
    return db.session.scalar(
        select(TmdbConnection).where(
            TmdbConnection.user_id == user_id, TmdbConnection.grant.is_not(None)
        )
    )


def connection_to(account_id: str) -> TmdbConnection | None:
    """A connection whose owner has let us read this account."""
    statement = (
        select(TmdbConnection)
        .join(User, User.id == TmdbConnection.user_id)
        .where(TmdbConnection.account_id == account_id, TmdbConnection.grant.is_not(None))
        # Nobody acts for who has closed their account here.
        .where(User.is_active)
    )
    return db.session.scalar(statement.order_by(TmdbConnection.user_id).limit(1))


def connections() -> Sequence[TmdbConnection]:
    """Every connection, those that are only begun among them."""
    return db.session.scalars(select(TmdbConnection).order_by(TmdbConnection.user_id)).all()
