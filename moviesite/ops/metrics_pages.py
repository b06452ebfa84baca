"""Figures for Prometheus. Never open to everybody: a token, or being on this machine, lets in."""

import secrets

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from moviesite.config import Config, current_config
from moviesite.errors import NotFound
from moviesite.extensions import limiter
from moviesite.ops import metrics_queries

pages = Blueprint("metrics", __name__)
limiter.exempt(pages)

_LOOPBACK = ("127.0.0.1", "::1")


@pages.get("/metrics")
def metrics() -> Response:
    """What was counted and how things stand; to anybody else there is no such page."""
    if not _may_read(current_config()):
        raise NotFound
    response = Response(metrics_queries.exposition(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_read(config: Config) -> bool:
    """A proxy on this machine makes every visitor look like one: only development trusts that."""
    if config.metrics_token:
        given = request.headers.get("Authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {config.metrics_token}".encode())
    return not config.production and request.remote_addr in _LOOPBACK
