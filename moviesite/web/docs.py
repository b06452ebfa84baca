"""Two readers of the API's description, Swagger UI and ReDoc. Describes nothing itself."""

from flask import Blueprint, Flask, Response, make_response, render_template, url_for

SWAGGER_UI = "vendor/swagger-ui@5.35.0"
REDOC = "vendor/redoc@2.5.4"
# ReDoc writes style elements while it runs and searches in a worker made from a blob. It gets
# these two and, like every page, no script but our own files.
REDOC_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src blob:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

pages = Blueprint("docs", __name__)


def init_app(app: Flask) -> None:
    """Bind to the application, whose description smorest serves."""
    app.register_blueprint(pages)


@pages.get("/api/docs")
def swagger() -> str:
    """The API's description to try out, under the policy of every page."""
    return _page("docs/swagger.html", SWAGGER_UI)


@pages.get("/api/redoc")
def redoc() -> Response:
    """The API's description to read, under a policy of its own."""
    response = make_response(_page("docs/redoc.html", REDOC))
    response.headers["Content-Security-Policy"] = REDOC_POLICY
    return response


def _page(template: str, vendor: str) -> str:
    return render_template(template, vendor=vendor, openapi=url_for("api-docs.openapi_json"))
