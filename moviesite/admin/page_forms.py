"""What was typed into a form of the administration, and what is wrong with it. Changes nothing."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import (
    Conflict,
    InvalidInput,
    MovieSiteError,
    NotFound,
    QuotaExceeded,
    Unavailable,
)

# What a form shows beside what was typed; the rest has pages of its own.
REFUSALS = (InvalidInput, Conflict, NotFound, QuotaExceeded, Unavailable)

_PLAINLY = {
    "Missing data for required field.": "Please fill this in.",
    "Not a valid integer.": "A whole number.",
    "Not a valid date.": "A day, as 2026-01-31.",
}


class Form:
    """A form on a page: its values as they were or were typed, its faults by field, its trouble.

    `key` tells it from others on the same page.
    """

    def __init__(self, key: str, values: Mapping[str, Any] | None = None) -> None:
        self.key = key
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, str] = {}
        self.trouble = ""
        self.status = 200

    def shown(self, name: str) -> str:
        """What stands in a field."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def load(self, schema: type[ma.Schema], typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, as the schema reads it; raises InvalidInput naming the fields."""
        self.values |= typed
        try:
            given: dict[str, Any] = schema().load(typed)
        except ma.ValidationError as error:
            raise InvalidInput({"form": dict(error.messages_dict)}) from error
        return given

    def fail(self, error: MovieSiteError) -> "Form":
        """Take an error down: at its fields where it names some, else above the form."""
        self.status = error.status
        for fields in error.extra.get("errors", {}).values():
            self.errors |= {name: _words(messages) for name, messages in fields.items()}
        if not self.errors:
            self.trouble = str(error)
        return self


def answered(template: str, form: Form, **context: Any) -> AnyResponse:
    """The page with this form; its status tells whether the form was refused."""
    return make_response(render_template(template, form=form, **context), form.status)


def _words(messages: Any) -> str:
    if isinstance(messages, Mapping):
        messages = [word for one in messages.values() for word in one]
    said = messages if isinstance(messages, list) else [str(messages)]
    return " ".join(dict.fromkeys(_PLAINLY.get(message, message) for message in said))
