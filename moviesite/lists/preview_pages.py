"""The pictures by which shared lists are known elsewhere, under an address for each version."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, Response

from moviesite import cache_kinds, caching
from moviesite.bounds import MAX_ID
from moviesite.keys import digest
from moviesite.lists import preview, queries, share_queries, sharing
from moviesite.lists.preview import Cover, Preview
from moviesite.models import User
from moviesite.providers.pictures import current_pictures
from moviesite.web.conditional import keep_out_of_searches
from moviesite.web.identity import user_or_none
from moviesite.web.images import image_url
from moviesite.web.site import Site
from moviesite.web.throttle import browse_limit
from moviesite.web.versions import ask_each_time

pages = Blueprint("preview_pages", __name__)
pages.after_request(ask_each_time)
pages.after_request(keep_out_of_searches)

_SECONDS = 7 * 86400
# For so long where posters were wanting, which may be had by then.
_SECONDS_WITHOUT = 600
_POSTER_WIDTH = 500
# Names a version so that whoever keeps pictures by address asks for the new one after an edit;
# what is answered is always the present one.
_NAME = f"preview-<int(max={MAX_ID}):version>.jpg"


@pages.get(f"/list/<uuid:list_id>/{_NAME}")
@browse_limit
def of_list(list_id: UUID, version: int) -> Response:  # noqa: ARG001 - part of the address
    """A list's picture, for whoever may see the list: two statements, one where it is drawn."""
    edition = sharing.edition()
    found = queries.shown(list_id, user_or_none()).movie_list
    draw = partial(sharing.preview_of_list, found, Site.name)
    return _picture(f"{found.uuid.hex}.{found.version}", found.owner, draw, edition)


@pages.get(f"/l/<token>/{_NAME}")
@browse_limit
def of_link(token: str, version: int) -> Response:  # noqa: ARG001 - part of the address
    """The picture of what a link shows; it ends with the link. Statements as above."""
    edition = sharing.edition()
    opened = share_queries.opened(token)
    draw = partial(sharing.preview_of_link, opened, Site.name)
    return _picture(opened.version, opened.owner, draw, edition)


def _picture(version: str, owner: User, draw: Callable[[], Preview], edition: object) -> Response:
    """Drawn once for each version, since drawing costs as much as twenty pages do.

    It names the owner as well, who may have another name by now. Its key is one of shared parts,
    so that it goes with them: when the owner does, and when something is said of a film. What was
    read before that, in the `edition` before, is not kept either.
    """
    named = {"owner": owner.uuid, "link": "preview", "version": version}
    key = cache_kinds.SHARED_PART.key({**named, "page": digest(owner.username)})
    picture = caching.peek(key)
    if picture is None:
        with caching.settled(key, sharing.edition, edition):
            wanted = _with_posters(draw())
            picture = preview.drawn(wanted)
            whole = all(cover.poster for cover in wanted.covers if _address(cover))
            caching.keep(key, picture, _SECONDS if whole else _SECONDS_WITHOUT)
    return Response(picture, mimetype="image/jpeg")


def _with_posters(wanted: Preview) -> Preview:
    """The same with those posters that the image host gives in time."""
    addresses = [address for cover in wanted.covers if (address := _address(cover))]
    found = current_pictures().fetch(addresses) if addresses else {}
    covers = [cover._replace(poster=found.get(_address(cover) or "")) for cover in wanted.covers]
    return wanted._replace(covers=covers)


def _address(cover: Cover) -> str | None:
    """Where a poster is; None for those drawn by this site, which are no photographs."""
    address = image_url(cover.path, "poster", _POSTER_WIDTH)
    return address if address and "://" in address else None
