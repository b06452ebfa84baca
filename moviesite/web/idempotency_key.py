"""The `Idempotency-Key` of the present request. Remembers nothing: services do."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import request

from moviesite.errors import InvalidInput
from moviesite.idempotency import Once

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# How an operation that creates tells of it in the API's description.
ONCE_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "A request repeated with the same key within a day is carried out only once.",
}


def asked_for(given: Mapping[str, Any]) -> str:
    """The same text for the same request, however its fields were ordered."""
    return json.dumps(given, sort_keys=True, default=str)


def once(scope: str, asked: str) -> Once | None:
    """The present request under its `Idempotency-Key`, if it has one; raises InvalidInput.

    `scope` names a person by `uuid`: numbers of accounts that are gone may be given again.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        message = "1 to 255 visible ASCII characters."
        raise InvalidInput.of("Idempotency-Key", message, "headers")
    return Once(scope, key, asked)
