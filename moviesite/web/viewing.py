"""In which language and for which region this request is answered, and for whose eyes.

What the address says wins; then comes the profile of whoever is signed in, then the site's own
setting. Nothing of it is remembered here: what is cached names language, region and adult films
in its key, and what is drawn for a person is kept by nobody.
"""

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from flask import current_app, request

from moviesite.web import identity

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
REGION = re.compile(r"[A-Z]{2}")


def current_language() -> str:
    """BCP 47 tag such as `de-DE`: the request's `language`, else the reader's own."""
    return _parameter("language", LANGUAGE) or _own_language()


def current_region() -> str:
    """ISO 3166-1 code: the request's `region`, else the reader's own."""
    return _parameter("region", REGION) or _own_region()


def chosen() -> dict[str, str]:
    """Language and region where the present address sets them and they are not the reader's."""
    if "language" not in request.args and "region" not in request.args:
        return {}
    wanted = {"language": current_language(), "region": current_region()}
    usual = {"language": _own_language(), "region": _own_region()}
    return {name: value for name, value in wanted.items() if value != usual[name]}


def adult_included(wanted: bool | None = None) -> bool:
    """Whether films for adults may be among the answers.

    Only for signed-in people whose profile says so; `wanted`, what the request says, can leave
    them out and never bring them in.
    """
    reader = identity.reader()
    return reader is not None and reader.show_adult and wanted is not False


def own_services() -> tuple[int, ...]:
    """Ids of the services that the reader has; none for visitors."""
    reader = identity.reader()
    return tuple(reader.providers) if reader else ()


def own_time_zone() -> dt.tzinfo | None:
    """The time zone of the reader's profile; None where none is known."""
    reader = identity.reader()
    name = reader.time_zone if reader else ""
    return ZoneInfo(name) if name in _zones() else None


def _own_language() -> str:
    reader = identity.reader()
    return (reader.locale if reader else "") or str(current_app.config["DEFAULT_LANGUAGE"])


def _own_region() -> str:
    reader = identity.reader()
    return (reader.region if reader else "") or str(current_app.config["DEFAULT_REGION"])


def _parameter(name: str, form: re.Pattern[str]) -> str | None:
    value = request.args.get(name, "")
    return value if form.fullmatch(value) else None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # Zones are renamed and dropped: a profile may name one that is gone.
    return frozenset(available_timezones())
