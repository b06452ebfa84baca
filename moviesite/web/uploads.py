"""Files that programs send: how the description tells of one, and which it is."""

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from moviesite.errors import InvalidInput


def described(name: str, beside: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """For `doc` of an operation that takes one file under this name, and `beside` it other fields,
    each given by its schema.
    """
    file = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": [name], "properties": {name: file, **(beside or {})}}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


def only_file(name: str, message: str) -> FileStorage:
    """The one file of the present request; raises InvalidInput with the message naming `name`."""
    files = list(request.files.values())
    if len(files) != 1:
        raise InvalidInput.of(name, message, "files")
    return files[0]
