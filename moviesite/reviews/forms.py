"""Typed readings of the reviews' forms. Changes nothing."""

from typing import NamedTuple
from uuid import UUID

from flask import request

from moviesite.errors import InvalidInput
from moviesite.models.reviews import MAX_REASON
from moviesite.reviews import queries
from moviesite.reviews.service import ReviewInput
from moviesite.text import is_clean

_HALVES = {f"{step / 2:g}": step / 2 for step in range(1, 11)} | {
    f"{step / 2}": step / 2 for step in range(1, 11)
}


# Orders of one's own by the word in the address, each with its name; the first is the usual one.
OWN_ORDERS = dict(zip(queries.OWN_ORDERS, ("Newest", "Best", "Worst"), strict=True))


class OwnWish(NamedTuple):
    """What of one's own is to be shown: its order, and whether only what has words."""

    order: str
    with_text: bool


class Sent(NamedTuple):
    """A review as its form sends it; `id` and `version` are of the one that was edited."""

    words: ReviewInput
    id: UUID | None
    version: int | None


def own_wish() -> OwnWish:
    """The wish in the present address; raises InvalidInput."""
    order = request.args.get("sort", "") or next(iter(OWN_ORDERS))
    if order not in OWN_ORDERS:
        raise refused("sort", f"Takes one of: {', '.join(OWN_ORDERS)}.")
    return OwnWish(order, request.args.get("words") == "1")


def sent_review() -> Sent:
    """What was written; raises InvalidInput for a rating that is none, or a number."""
    # Browsers send line breaks as two characters, and count them as one.
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    words = ReviewInput(rating(), text, "spoiler" in request.form)
    version = request.form.get("version", "")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise refused("version", "Not a version.")
    return Sent(words, request.form.get("id", type=UUID), int(version) if version else None)


def rating() -> float | None:
    """A rating in halves; None where there is none or it is to be taken away."""
    given = request.form.get("rating", "")
    if not given or "remove" in request.form:
        return None
    if given not in _HALVES:
        raise refused("rating", "In halves, from ½ to 5.")
    return _HALVES[given]


def reason() -> str:
    """Why somebody objects."""
    given = request.form.get("reason", "").replace("\r\n", "\n").strip()
    if len(given) > MAX_REASON or not is_clean(given):
        raise refused("reason", f"At most {MAX_REASON:,} characters.")
    return given


def refused(name: str, message: str) -> InvalidInput:
    """The error that says what is wrong with a field."""
    return InvalidInput({"form": {name: [message]}}, message)
