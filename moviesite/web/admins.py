"""Doors for those who run the site: who may pass, and where each of them is. Reads no table.

A blueprint whose views are all theirs is handed to `guard`; JSON views are marked by `admins_only`
besides, so that the API's description says so. What is dangerous is marked by `confirmed`.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import NotAdmin, Unconfirmed
from moviesite.models.accounts import User
from moviesite.web.access_tokens import signed_in
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import leave_for, wants_fragment
from moviesite.web.identity import current_user, current_viewer
from moviesite.web.viewing import own_time_zone

View = TypeVar("View", bound=Callable[..., Any])

# What was done, told by the page that comes next.
_SAID = "admin"
CONFIRM_ADDRESS = "/api/v1/me/confirmation"


class Entry(NamedTuple):
    """An entry of the administration's navigation."""

    label: str
    href: str
    current: bool


class Section(NamedTuple):
    """Entries that belong together."""

    name: str
    entries: list[Entry]


# What there is, in order: a label and the endpoint of each.
PLACES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("", (("Overview", "admin_pages.overview"),)),
    (
        "Catalog",
        (
            ("Films", "admin_movie_pages.movies"),
            ("Genres", "admin_genre_pages.genres"),
            ("Keywords", "admin_keyword_pages.keywords"),
        ),
    ),
    (
        "People",
        (
            ("Accounts", "admin_user_pages.users"),
            ("Tiers", "admin_tier_pages.tiers"),
            ("Lists", "admin_list_pages.lists"),
            ("Reported reviews", "admin_review_pages.reports"),
        ),
    ),
    (
        "Operations",
        (
            ("Jobs", "job_pages.jobs"),
            ("Sources", "provider_pages.providers"),
            ("Log", "log_pages.log"),
            ("Analytics", "analytics_pages.analytics"),
            ("Recommender", "recommender_pages.runs"),
            ("Cache", "admin_cache_pages.caches"),
            ("Audit log", "audit_pages.audit"),
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Bind to the application's templates."""
    app.add_template_global(admin_sections)
    app.add_template_filter(stamp)


def check_admin() -> User:
    """Who runs the site and is calling; raises NotSignedIn for visitors, Forbidden for others."""
    user = current_user()
    if not user.is_admin:
        raise NotAdmin
    return user


def guard(blueprint: Blueprint) -> None:
    """Let nobody else to any view of this blueprint, and no cache keep what they answer."""
    blueprint.before_request(_check)
    blueprint.after_request(keep_private)


def admins_only(blueprint: ApiBlueprint) -> Callable[[View], View]:
    """Let only calls of those who run the site through, and say so in the API's description."""

    def mark(view: View) -> View:
        words = "Signed in, but not an admin."
        described = blueprint.alt_response(403, description=words)(_admitted(view))
        guarded: View = signed_in(blueprint)(described)
        return guarded

    return mark


def check_confirmed() -> None:
    """Raises Unconfirmed unless the caller has shown a short while ago that it is they."""
    if not current_viewer().session.is_confirmed:
        words = f"Confirm that it is you first: PUT {CONFIRM_ADDRESS}."
        raise Unconfirmed(words, confirm=CONFIRM_ADDRESS)


def confirmed(view: View) -> View:
    """Let only sessions through whose owner has shown a short while ago that it is they.

    A page leads there and back; mark the view that shows a form as well as the one that takes
    it, so that nothing typed is lost on the way. Raises Unconfirmed, with `confirm` for programs.
    """

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check_confirmed()
        return view(*args, **kwargs)

    return checked  # type: ignore[return-value]


def admin_sections() -> list[Section]:
    """The administration's navigation for the present request."""
    return [Section(name, [_entry(*place) for place in places]) for name, places in PLACES]


def stamp(when: dt.datetime) -> str:
    """`2026-01-31 20:15` where the reader lives, else in UTC: what a column of times can hold."""
    zone = own_time_zone()
    return f"{when.astimezone(zone or dt.UTC):%Y-%m-%d %H:%M}{'' if zone else ' UTC'}"


def done(words: str, address: str) -> AnyResponse:
    """Go on to a page of the administration, which then says what was done."""
    flash(words, _SAID)
    return leave_for(address) if wants_fragment() else redirect(address, 303)


def _entry(label: str, endpoint: str) -> Entry:
    return Entry(label, url_for(endpoint), request.blueprint == endpoint.partition(".")[0])


def _check() -> None:
    check_admin()


def _admitted(view: View) -> View:
    @wraps(view)
    def admitted(*args: Any, **kwargs: Any) -> Any:
        check_admin()
        return view(*args, **kwargs)

    return admitted  # type: ignore[return-value]
