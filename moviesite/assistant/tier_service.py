"""Tiers of accounts for those who run the site: made, edited, removed, given to somebody. No web.

Who may do so is asked by the doors. One tier is always the default, unless there is none at all.
"""

import re
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.inserts import insert_new
from moviesite.models import AccountTier, User
from moviesite.models.tiers import CODE, MAX_CODE, MAX_NAME, MOST_A_DAY
from moviesite.transactions import transactional

_CODE = re.compile(CODE, re.ASCII)


class ListedTier(NamedTuple):
    """A tier and how many people have it; those without one of their own count for the default."""

    code: str
    name: str
    daily_limit: int
    is_default: bool
    people: int


def listing() -> list[ListedTier]:
    """Every tier, the smallest first: two statements."""
    counts = select(User.tier_code, func.count()).group_by(User.tier_code)
    people = dict(db.session.execute(counts).all())
    ordered = select(AccountTier).order_by(AccountTier.daily_limit, AccountTier.code)
    return [
        ListedTier(
            tier.code,
            tier.name,
            tier.daily_limit,
            tier.is_default,
            people.get(tier.code, 0) + (people.get(None, 0) if tier.is_default else 0),
        )
        for tier in db.session.scalars(ordered)
    ]


@transactional
def create(code: str, name: str, daily_limit: int, is_default: bool = False) -> None:
    """A new tier of so many calls of a model a day; the first one is the default in any case.

    `code` is of small letters, digits, `-` and `_`. Raises InvalidInput, Conflict where a tier
    has this code already.
    """
    name = name.strip()
    _check(code, name, daily_limit)
    is_first = not _locked_codes()
    if is_default:
        _unset_default()
    values = {"code": code, "name": name, "daily_limit": daily_limit}
    if insert_new(AccountTier, {**values, "is_default": is_default or is_first}, keys=["code"]):
        return
    message = "There is already a tier with this code."
    raise Conflict(message, errors={"json": {"code": [message]}})


@transactional
def edit(
    code: str,
    *,
    name: str | None = None,
    daily_limit: int | None = None,
    is_default: bool | None = None,
) -> None:
    """Change what is given; a new limit holds for today too. Its code stays, whatever it is called.

    Raises NotFound, InvalidInput, and Conflict where the default would cease to be it: make
    another tier the default instead.
    """
    name = None if name is None else name.strip()
    _check(None, name, daily_limit)
    if code not in _locked_codes():
        raise NotFound("There is no such tier.")
    given = {"name": name, "daily_limit": daily_limit}
    changes: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    if is_default is False and _is_default(code):
        raise Conflict("Make another tier the default instead.")
    if is_default:
        _unset_default()
        changes["is_default"] = True
    if changes:
        db.session.execute(update(AccountTier).where(AccountTier.code == code).values(changes))


@transactional
def remove(code: str, successor: str | None = None) -> None:
    """Delete a tier; its people get the `successor`, by default whatever the default tier is.

    What they used today still counts. Raises NotFound where either is unknown, Conflict for the
    default tier.
    """
    known = _locked_codes()
    if code not in known or (successor is not None and successor not in known):
        raise NotFound("There is no such tier.")
    if _is_default(code):
        raise Conflict("Make another tier the default before you delete this one.")
    if successor == code:
        raise Conflict("A tier cannot replace itself.")
    db.session.execute(update(User).where(User.tier_code == code).values(tier_code=successor))
    db.session.execute(delete(AccountTier).where(AccountTier.code == code))


@transactional
def assign(user: User, code: str | None) -> None:
    """Give somebody a tier of their own, or with None whatever the default is; raises NotFound."""
    if code is not None:
        # Held until the end, so that nobody deletes it meanwhile.
        wanted = select(AccountTier.id).where(AccountTier.code == code)
        if db.session.scalar(wanted.with_for_update(read=True)) is None:
            raise NotFound("There is no such tier.")
    user.tier_code = code
    db.session.add(user)


def _locked_codes() -> frozenset[str]:
    """All codes; their rows stay locked, so that those who edit tiers come one after another."""
    rows = select(AccountTier.code).order_by(AccountTier.id).with_for_update()
    return frozenset(db.session.scalars(rows))


def _is_default(code: str) -> bool:
    return bool(db.session.scalar(select(AccountTier.is_default).where(AccountTier.code == code)))


def _unset_default() -> None:
    db.session.execute(update(AccountTier).where(AccountTier.is_default).values(is_default=False))


def _check(code: str | None, name: str | None, daily_limit: int | None) -> None:
    problems: dict[str, list[str]] = {}
    if code is not None and not _CODE.fullmatch(code):
        problems["code"] = [
            f"Use at most {MAX_CODE} lowercase letters and digits, with - or _ between them."
        ]
    if name is not None and not (0 < len(name) <= MAX_NAME and name.isprintable()):
        problems["name"] = [f"Use 1 to {MAX_NAME} ordinary characters."]
    if daily_limit is not None and not 0 <= daily_limit <= MOST_A_DAY:
        problems["daily_limit"] = [f"Use a number from 0 to {MOST_A_DAY:,}."]
    if problems:
        raise InvalidInput({"json": problems}, " ".join(p for [p] in problems.values()))
