"""Files that programs send: how the description tells of one, and which it is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import current_app, request
from flask_smorest import Blueprint
from werkzeug.datastructures import FileStorage

from moviesite.errors import InvalidInput

View = TypeVar("View", bound=Callable[..., Any])

FORM = "multipart/form-data"


def takes_file(
    api: Blueprint, name: str, beside: Mapping[str, Any] | None = None
) -> Callable[[View], View]:
    """Mark an operation that takes one file under this name, and `beside` it other fields, each
    given by its schema. The description tells of it.
    """
    file = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": [name], "properties": {name: file, **(beside or {})}}
    body = {"required": True, "content": {FORM: {"schema": schema}}}

    def mark(view: View) -> View:
        described = api.doc(requestBody=body)(view)
        described.takes_file = True
        marked: View = described
        return marked

    return mark


def is_wanted() -> bool:
    """Whether the operation of the present request takes a file."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_file", False)


def only_file(name: str, message: str) -> FileStorage:
    """The one file of the present request; raises InvalidInput with the message naming `name`."""
    files = list(request.files.values())
    if len(files) != 1:
        raise InvalidInput.of(name, message, "files")
    return files[0]
