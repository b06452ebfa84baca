"""Pages and fragments of pages: the only place that knows htmx's header names."""

from typing import Any

from flask import Response, make_response, render_template, request

# What an answer differs by where it has a fragment, and how WSGI names the first of them.
VARIES_BY = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request")
IN_ENVIRON = "HTTP_HX_REQUEST"


def wants_fragment() -> bool:
    """Whether this request replaces a part of a page that is already shown.

    Going back in history asks with htmx's headers too, but needs the whole page.
    """
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def render(page: str, fragment: str, **context: Any) -> Response:
    """The page, or only its fragment where htmx asks for one."""
    response = make_response(render_template(fragment if wants_fragment() else page, **context))
    vary_on_htmx(response)
    return response


def vary_on_htmx(response: Response) -> None:
    """Keep caches from showing a bare fragment as a page."""
    response.vary.update(VARIES_BY)
