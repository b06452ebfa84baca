"""Addresses of pages held to the same schemas as the API's; what is wrong is named."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import marshmallow as ma
from flask import request

from moviesite.bounds import MAX_PAGE
from moviesite.errors import InvalidInput
from moviesite.text import whole_number

# What a schema says to programs, in words for people.
_PLAINLY = {
    "Not a valid integer.": "Use a whole number.",
    "Not a valid number.": "Use a number.",
    "Not a valid date.": "Use a date such as 2026-01-31.",
    "Not a valid boolean.": "Use true or false.",
}
_RANGE = re.compile(r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.")
_CHOICE = re.compile(r"Must be one of: (.+)")


def loaded(
    schema: type[ma.Schema], given: Mapping[str, str], labels: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The typed parameters; raises InvalidInput. Parameters that the schema lacks are nobody's."""
    try:
        args: dict[str, Any] = schema(unknown=ma.EXCLUDE).load(given)
    except ma.ValidationError as error:
        raise invalid(error.messages_dict, labels) from error
    return args


def invalid(
    messages: Mapping[str, list[str]], labels: Mapping[str, str] | None = None
) -> InvalidInput:
    """The error that says for each parameter what is wrong; `labels` are words for them."""
    words = labels or {}
    sentences = [
        f"{words.get(name, name)}: {' '.join(map(_plainly, why))}" for name, why in messages.items()
    ]
    return InvalidInput({"query": dict(messages)}, " ".join(sentences))


def _plainly(message: str) -> str:
    message = _RANGE.sub(r"Use a value from \1 to \2.", _PLAINLY.get(message, message))
    return _CHOICE.sub(r"Use one of: \1", message)


def one_of(name: str, allowed: Collection[str], labels: Mapping[str, str] | None = None) -> str:
    """A parameter that takes one of a few words, the first of them by default."""
    given = request.args.get(name, next(iter(allowed)))
    if given not in allowed:
        raise invalid({name: [f"Use one of: {', '.join(allowed)}."]}, labels)
    return given


def page_number() -> int:
    """The `page` of the present address, 1 without one."""
    number = whole_number(request.args.get("page", "1"), 1, MAX_PAGE)
    if number is None:
        message = f"Page numbers go from 1 to {MAX_PAGE}."
        raise InvalidInput.of("page", message, "query")
    return number
