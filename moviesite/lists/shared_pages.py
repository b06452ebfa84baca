"""The HTML door to what a link shows: for anybody who has it, and live while it is open."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template

from moviesite import cache_kinds, caching
from moviesite.lists import seen_queries, share_queries, sharing
from moviesite.lists.share_queries import Opened
from moviesite.web.arguments import page_number
from moviesite.web.conditional import keep_out_of_searches
from moviesite.web.htmx import vary_on_htmx, wants_fragment
from moviesite.web.identity import user_or_none
from moviesite.web.throttle import watch_limit
from moviesite.web.versions import ask_each_time, is_known, unchanged
from moviesite.web.viewing import chosen, current_language, current_region

pages = Blueprint("shared_pages", __name__)
pages.after_request(ask_each_time)
pages.after_request(keep_out_of_searches)

PAGE_SIZE = 100


@pages.get("/l/<token>")
@watch_limit
def shared(token: str) -> Response:
    """What a link shows. An open page asks every two seconds: one statement, if it has all."""
    opened, page = share_queries.opened(token), page_number()
    tag = f"{opened.version}.{page}.{current_language()}.{current_region()}"
    if not wants_fragment():
        response = make_response(render_template("lists/shared.html", **_shown(opened, page, tag)))
    elif is_known(tag):
        response = _labelled(unchanged(tag), tag)
    else:
        response = _labelled(make_response(_part(opened, page, tag)), tag)
    vary_on_htmx(response)
    return response


def _part(opened: Opened, page: int, tag: str) -> str:
    """The films, drawn once for all who watch: what is shown does not depend on who looks.

    An edit sends everybody who watches for the new ones within the same two seconds.
    """
    named = {
        "owner": opened.owner.uuid,
        "link": opened.link.uuid.hex,
        "version": opened.edition,
        "page": page,
        "language": current_language(),
        "region": current_region(),
        # Links carry what was chosen for this page alone, and nothing of a profile.
        "chosen": urlencode(chosen()) or None,
    }
    drawn = partial(_drawn, opened, page, tag)
    return caching.remembered(cache_kinds.SHARED_PART, named, drawn, sharing.edition)


def _drawn(opened: Opened, page: int, tag: str) -> str:
    return render_template("lists/_shared.html", **_shown(opened, page, tag))


def _labelled(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _shown(opened: Opened, page: int, tag: str) -> dict[str, Any]:
    viewer = None if wants_fragment() else user_or_none()
    content = sharing.content(opened, None, page=page, page_size=PAGE_SIZE)
    return {
        "link": opened.link,
        "owner": opened.owner,
        "list": opened.movie_list,
        "rows": content.rows,
        "total": content.total,
        "number": page,
        "total_pages": content.pages,
        "tag": tag,
        "edition": opened.edition,
        "own": viewer is not None and viewer.id == opened.owner.id,
        "seen": seen_queries.seen_through(viewer, opened) if viewer else None,
    }
