"""Serves uploaded pictures. Each name means one content for ever."""

from flask import Blueprint, Response, send_from_directory

from moviesite.accounts.media import NAME
from moviesite.config import current_config
from moviesite.errors import NotFound

pages = Blueprint("media", __name__)

_FOREVER = 365 * 86400


@pages.get("/media/<name>")
def media(name: str) -> Response:
    """An uploaded picture."""
    if not NAME.fullmatch(name):
        raise NotFound
    response = send_from_directory(
        current_config().media_path, name, mimetype="image/webp", max_age=_FOREVER
    )
    response.cache_control.public, response.cache_control.immutable = True, True
    return response
