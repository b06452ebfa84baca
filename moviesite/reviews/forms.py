"""Typed readings of the reviews' forms. Changes nothing."""

from typing import NamedTuple
from uuid import UUID

from flask import request

from moviesite.errors import InvalidInput
from moviesite.models.reviews import MAX_REASON
from moviesite.reviews.service import ReviewInput
from moviesite.text import is_clean

_HALVES = {f"{step / 2:g}": step / 2 for step in range(1, 11)} | {
    f"{step / 2}": step / 2 for step in range(1, 11)
}


class Sent(NamedTuple):
    """A review as its form sends it; `id` and `version` are of the one that was edited."""

    words: ReviewInput
    id: UUID | None
    version: int | None


def sent_review() -> Sent:
    """What was written; raises InvalidInput for a rating that is none, or a number."""
    # Browsers send line breaks as two characters, and count them as one.
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    words = ReviewInput(rating(), text, "spoiler" in request.form)
    version = request.form.get("version", "")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise InvalidInput.of("version", "This is not a version.", "form")
    return Sent(words, request.form.get("id", type=UUID), int(version) if version else None)


def rating() -> float | None:
    """A rating in halves; None where there is none or it is to be taken away."""
    given = request.form.get("rating", "")
    if not given or "remove" in request.form:
        return None
    if given not in _HALVES:
        raise InvalidInput.of("rating", "Use half stars, from ½ to 5.", "form")
    return _HALVES[given]


def reason() -> str:
    """Why somebody objects."""
    given = request.form.get("reason", "").replace("\r\n", "\n").strip()
    if len(given) > MAX_REASON or not is_clean(given):
        raise InvalidInput.of("reason", f"At most {MAX_REASON:,} characters.", "form")
    return given
