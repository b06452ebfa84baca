"""What a request tells about its sender, in the words of the services."""

import re

from flask import request

from moviesite.accounts.client import MAX_DEVICE, Client, device_name
from moviesite.errors import InvalidInput
from moviesite.idempotency import Once
from moviesite.web.throttle import client_key

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_MAX_ADDRESS = 45


def client() -> Client:
    """Who sent the present request, as far as the connection and its headers tell."""
    return Client(
        address=(request.remote_addr or "")[:_MAX_ADDRESS],
        network=client_key()[:60],
        device=device_name(request.headers.get("User-Agent", ""))[:MAX_DEVICE],
    )


def once(scope: str, asked: str) -> Once | None:
    """The present request under its `Idempotency-Key`, if it has one; raises InvalidInput."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        message = "1 to 255 visible ASCII characters."
        raise InvalidInput({"headers": {"Idempotency-Key": [message]}}, message)
    return Once(scope, key, asked)
