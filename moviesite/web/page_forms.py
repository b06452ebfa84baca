"""What was typed into a form of a page, and what is wrong with it. Changes nothing."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import marshmallow as ma
from flask import request

from moviesite.errors import InvalidInput, MovieSiteError
from moviesite.text import wait_in_words

# Never written into a page again.
_SECRETS = frozenset({"password", "current", "new", "token"})


class Form:
    """A form on a page: its values as they were typed, its faults by field, its trouble.

    `key` tells it from others on the same page. `values` are what it shows before anything was
    typed.
    """

    # What schemas say to programs, in words for people.
    plainly: ClassVar[Mapping[str, str]] = {
        "Missing data for required field.": "Please fill this in.",
        "Not a valid integer.": "Enter a whole number.",
        "Not a valid date.": "Enter a date such as 2026-01-31.",
    }

    def __init__(self, key: str, values: Mapping[str, Any] | None = None) -> None:
        self.key = key
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, str] = {}
        self.trouble = ""
        self.status = 200
        self.retry_after: int | None = None

    def shown(self, name: str) -> str:
        """What stands in a field."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def load(self, schema: type[ma.Schema], typed: Mapping[str, Any] | None = None) -> Any:
        """What was typed, as the schema reads it; raises InvalidInput naming the fields at fault.

        By default fields that were left empty count as absent.
        """
        if typed is None:
            named = schema().fields
            typed = {name: text for name, text in request.form.items() if text and name in named}
        self.values |= {name: value for name, value in typed.items() if name not in _SECRETS}
        try:
            return schema().load(typed)
        except ma.ValidationError as error:
            raise InvalidInput({"form": dict(error.messages_dict)}) from error

    def fail(self, error: MovieSiteError, *, at: str | None = None) -> Self:
        """Take an error down: its fields where it names some, else the field `at`, else none."""
        self.status, self.retry_after = error.status, error.retry_after
        for fields in error.extra.get("errors", {}).values():
            self.errors |= {name: self._words(messages) for name, messages in fields.items()}
        if error.retry_after:
            self.trouble = f"{error} Try again in {wait_in_words(error.retry_after)}."
        elif not self.errors and at:
            self.errors[at] = str(error)
        elif not self.errors:
            self.trouble = str(error)
        return self

    def _words(self, messages: Any) -> str:
        if isinstance(messages, Mapping):
            messages = [word for one in messages.values() for word in one]
        texts = messages if isinstance(messages, list) else [str(messages)]
        return " ".join(dict.fromkeys(self.plainly.get(message, message) for message in texts))
