"""Pages in JSON: neighbours as addresses in the body and in a `Link` header."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request

from moviesite.bounds import MAX_PAGE, page_count

# Body, status and headers.
PageAnswer = tuple[dict[str, Any], int, dict[str, str]]


def numbered_page(
    results: Sequence[Any],
    *,
    page: int,
    page_size: int,
    count: int,
    total_pages: int | None = None,
    **more: Any,
) -> PageAnswer:
    """One page as an answer; `next` and `previous` are addresses relative to the host.

    What is said of pages ends where those end that can be asked for. `more` stands beside it.
    `total_pages` is given where a source counts them in its own way.
    """
    if total_pages is None:
        total_pages = page_count(count, page_size)
    # TMDb counts one page of nothing.
    total_pages = min(total_pages, MAX_PAGE) if count else 0
    links = {
        "first": _address(1) if total_pages else None,
        "previous": _address(min(page - 1, total_pages)) if page > 1 and total_pages else None,
        "next": _address(page + 1) if page < total_pages else None,
        "last": _address(total_pages) if total_pages else None,
    }
    body = {
        "count": count,
        "page": page,
        "page_size": page_size,
        "total_pages": total_pages,
        "next": links["next"],
        "previous": links["previous"],
        "results": results,
        **more,
    }
    return body, 200, {"Link": _link_header(links)} if total_pages else {}


def cursor_page(results: Sequence[Any], *, page_size: int, cursor: str | None) -> PageAnswer:
    """A page that is read by keyset as an answer; `cursor` asks for the one after it."""
    following = _present("cursor", cursor) if cursor else None
    body = {"page_size": page_size, "next": following, "next_cursor": cursor, "results": results}
    return body, 200, {"Link": _link_header({"next": following})} if following else {}


def _address(page: int) -> str:
    return _present("page", str(page))


def _present(parameter: str, value: str) -> str:
    """The present address with another value of one parameter."""
    kept = [(name, given) for name, given in request.args.items(multi=True) if name != parameter]
    return f"{request.path}?{urlencode([*kept, (parameter, value)])}"


def _link_header(links: dict[str, str | None]) -> str:
    relations = {"previous": "prev"}
    return ", ".join(
        f'<{address}>; rel="{relations.get(name, name)}"'
        for name, address in links.items()
        if address
    )
