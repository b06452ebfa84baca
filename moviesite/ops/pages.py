"""Health, for load balancers and people. Open to everybody; tells names of parts and no more."""

from flask import Blueprint, Response, jsonify

from moviesite.extensions import limiter
from moviesite.ops import queries

pages = Blueprint("ops", __name__)
limiter.exempt(pages)


@pages.get("/health/live")
def live() -> Response:
    """That this process answers."""
    return _uncached(jsonify(status=queries.OK))


@pages.get("/health/ready")
@pages.get("/health")
def ready() -> Response:
    """That the site can work: 503 without its database, `degraded` without what it can spare."""
    whole, parts = queries.readiness()
    response = _uncached(jsonify(status=whole, live=queries.OK, parts=parts))
    response.status_code = 503 if whole == queries.FAILED else 200
    return response


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
