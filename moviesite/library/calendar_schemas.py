"""JSON shape of the address for calendar apps. Every field is said; no query is made."""

from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields

from moviesite.web.filters import absolute
from moviesite.web.schemas import Moment

_ADDRESS = {"type": "string", "format": "uri"}


class CalendarFeedSchema(ma.Schema):
    """Where calendar apps find the releases of the caller's watchlist: whoever has the address
    needs no account.
    """

    url = fields.Method(
        "_url",
        required=True,
        metadata={
            **_ADDRESS,
            "description": "An iCalendar file (RFC 5545) with an `ETag`: an all-day event for each "
            "movie that came out within the last six months or is to come, at most 1,000.",
        },
    )
    webcal_url = fields.Method(
        "_webcal_url",
        required=True,
        metadata={**_ADDRESS, "description": "The same for a link that opens a calendar app."},
    )
    created_at = Moment(required=True)

    def _url(self, feed: Any) -> str:
        return feed_address(feed.token)

    def _webcal_url(self, feed: Any) -> str:
        return webcal(self._url(feed))


def feed_address(token: str) -> str:
    """The whole address that calendar apps ask."""
    return absolute(url_for("feed_pages.feed", token=token)) or ""


def webcal(address: str) -> str:
    """The same address as devices hand it to a calendar app instead of a browser."""
    return f"webcal:{address.partition(':')[2]}"
