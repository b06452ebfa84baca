"""Addresses of pages held to the same schemas as the API's; what is wrong is named."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from moviesite.errors import InvalidInput


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
