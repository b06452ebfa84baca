"""What the forms of an account's page begin with, and how they are read. Changes nothing."""

import re
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask import current_app, request
from werkzeug.datastructures import MultiDict

from moviesite.catalogue import live
from moviesite.errors import MovieSiteError
from moviesite.models import User
from moviesite.providers.base import ProviderData
from moviesite.web.changed_fields import edited
from moviesite.web.viewing import REGION, current_language

DEVICES_SHOWN = 50

_ID = re.compile(r"[0-9]{1,10}")
_CHOICES = ("locale", "time_zone", "region")
# Old names of zones, and ones that are no place.
_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def profile_values(user: User) -> dict[str, Any]:
    """What the profile's form shows."""
    names = ("username", "bio", "show_adult", "providers", *_CHOICES)
    return {name: getattr(user, name) for name in names}


def profile_typed() -> dict[str, Any]:
    """The profile's form in the schema's words: no choice is None, an absent tick is False."""
    form = request.form
    return {
        "username": form.get("username", ""),
        # Browsers send line breaks as two characters, and count them as one.
        "bio": form.get("bio", "").replace("\r\n", "\n"),
        "show_adult": "show_adult" in form,
        "providers": services_typed(form),
        **{name: form.get(name) or None for name in _CHOICES},
    }


def profile_edited() -> list[str]:
    """Names of what was changed in the profile's form."""
    names = edited("username", "bio", "show_adult", *_CHOICES)
    return [*names, "providers"] if _services_edited(request.form) else names


def _services_edited(form: MultiDict[str, str]) -> bool:
    # Which are ticked counts, not how and in which order they are named.
    before, now = services_typed(form, "before_providers"), services_typed(form)
    return "before_providers" not in form or set(before) != set(now)


def email_typed() -> dict[str, str]:
    """A new address and the password that it takes."""
    typed = {"email": request.form.get("email", "")}
    password = request.form.get("password")
    return {**typed, "password": password} if password else typed


def services_typed(given: MultiDict[str, str], name: str = "providers") -> list[int | str]:
    """Ids of the services that were ticked, each once; what is no number stays as it is."""
    parts = dict.fromkeys(",".join(given.getlist(name)).split(","))
    return [int(part) if _ID.fullmatch(part) else part for part in parts if part]


def services(region: str) -> tuple[ProviderData, ...] | None:
    """What can be watched on in a country, or where the site is; None while that is unknown."""
    if not REGION.fullmatch(region):
        region = str(current_app.config["DEFAULT_REGION"])
    try:
        return live.watch_providers(region, current_language()).value
    except MovieSiteError:
        return None


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Zones named after places, as they are written and as they are read, in order."""
    names = (name for name in available_timezones() if not name.startswith(_NO_PLACES))
    places = sorted(name for name in names if "/" in name)
    return [(name, name.replace("_", " ")) for name in ("UTC", *places)]
