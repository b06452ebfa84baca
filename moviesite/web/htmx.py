"""Pages and fragments of pages: the only place that knows htmx's header names."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

# What an answer differs by where it has a fragment, and how WSGI names the first of them.
VARIES_BY = ("HX-Request", "HX-Request-Type", "HX-Target", "HX-History-Restore-Request")
IN_ENVIRON = "HTTP_HX_REQUEST"
# The element that a long list of films is continued from, as htmx names its target.
_CONTINUED = "nav#more"


def wants_fragment() -> bool:
    """Whether this request replaces a part of a page that is already shown.

    Going back in history asks with htmx's headers too, but needs the whole page.
    """
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def wants_more() -> bool:
    """Whether a list that is already shown is to be continued by its next page."""
    return wants_fragment() and request.headers.get("HX-Target") == _CONTINUED


def shown_path() -> str:
    """The path of the page on which a fragment was asked for."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).path


def render(page: str, fragment: str, *, more: str | None = None, **context: Any) -> Response:
    """The page, or only its fragment where htmx asks for one; `more` continues a list."""
    template = fragment if wants_fragment() else page
    if more and wants_more():
        template = more
    response = make_response(render_template(template, **context))
    vary_on_htmx(response)
    return response


def push_address(response: Response, address: str) -> Response:
    """Have the browser show this address for the fragment, instead of the one it asked."""
    if wants_fragment():
        response.headers["HX-Push-Url"] = address
    return response


def leave_for(address: str) -> Response:
    """Have the browser go to another page, where a fragment was asked for."""
    response = Response(status=204, headers={"HX-Redirect": address})
    vary_on_htmx(response)
    return response


def fragment(template: str, **context: Any) -> Response:
    """A fragment alone, for what only htmx asks."""
    response = make_response(render_template(template, **context))
    vary_on_htmx(response)
    return response


def draw_again() -> Response:
    """Have the browser draw the page that it shows once more, in its place."""
    response = Response(status=204, headers={"HX-Refresh": "true"})
    vary_on_htmx(response)
    return response


def vary_on_htmx(response: Response) -> None:
    """Keep caches from showing a bare fragment as a page."""
    response.vary.update(VARIES_BY)
