"""Addresses of pages held to the same schemas as the API's; what is wrong is named."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import request

from moviesite.errors import InvalidInput
from moviesite.web.schemas import MAX_PAGE


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
    said = [f"{words.get(name, name)}: {' '.join(why)}" for name, why in messages.items()]
    return InvalidInput({"query": dict(messages)}, " ".join(said))


def page_number() -> int:
    """The `page` of the present address, 1 without one."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:6]) <= MAX_PAGE):
        message = f"Pages go from 1 to {MAX_PAGE}."
        raise InvalidInput({"query": {"page": [message]}}, message)
    return int(given)
