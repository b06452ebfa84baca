"""What was changed in a form: of the rest another tab may know better. Changes nothing.

A form sends along what it began with, each field once more as `before_` and its name.
"""

from flask import request


def edited(*names: str) -> list[str]:
    """Those of the fields that were changed, or of which the form does not say how they began."""
    form = request.form
    return [
        name
        for name in names
        if f"before_{name}" not in form or _given(name) != _given(f"before_{name}")
    ]


def _given(name: str) -> list[str]:
    # A box that is not ticked is not sent, and browsers send line breaks as two characters.
    return [text.replace("\r\n", "\n") for text in request.form.getlist(name) if text]
