"""Reads each access token once: a front end sends the same one for as long as it is valid."""

import time
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_jwt_extended import JWTManager

# Tokens of about half a kilobyte, and as much of what they say.
MOST_KNOWN = 1024
_READ = "token_reader"


class TokenReader(JWTManager):
    """flask-jwt-extended's manager takes a token apart four times for each request; this one
    remembers what it found in those that were good. Bad ones are read, and refused, each time.
    """

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:
        """Bind to an application, whose key alone opens what is remembered."""
        super().init_app(app, add_context_processor)
        app.extensions[_READ] = lru_cache(MOST_KNOWN)(super()._decode_jwt_from_config)

    def _decode_jwt_from_config(
        self, encoded_token: str, csrf_value: Any = None, allow_expired: bool = False
    ) -> dict[str, Any]:
        """The claims, as the manager finds them; raises as it does."""
        if csrf_value is None and not allow_expired:
            claims: dict[str, Any] = current_app.extensions[_READ](encoded_token)
            if time.time() < claims.get("exp", 0):
                return dict(claims)
        found: dict[str, Any] = super()._decode_jwt_from_config(
            encoded_token, csrf_value, allow_expired
        )
        return found
