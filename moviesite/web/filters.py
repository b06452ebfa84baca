"""What templates may call: words for dates, numbers and codes, and addresses. No queries."""

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import babel
from babel.dates import format_date, format_time, format_timedelta
from flask import Flask, has_request_context, request, url_for

from moviesite import clock
from moviesite.config import current_config
from moviesite.text import capital, slug, wait_in_words
from moviesite.web.codes import COUNTRIES, LANGUAGES
from moviesite.web.viewing import chosen, current_language, own_time_zone

# Endpoints whose answers have neither language nor region.
_WORDLESS = re.compile(
    r"static|api-docs|docs|demo|ops|sitemaps|preview_pages|feed_pages|catalogue\.tmdb_logo"
)
# Parameters that make another page of the same address; the rest only colours it.
_TELLING = ("language", "page", "sort_by", "time_range")
# TMDb's own code for Cantonese.
_TMDB_LANGUAGES = {"cn": "yue"}
_MOMENTS_AGO = dt.timedelta(minutes=1)


def init_app(app: Flask) -> None:
    """Bind filters and functions to the application's templates."""
    app.add_template_filter(ago)
    app.add_template_filter(capital)
    app.add_template_filter(longdate)
    app.add_template_filter(moment)
    app.add_template_filter(runtime)
    app.add_template_filter(language_name)
    app.add_template_filter(country_name)
    app.add_template_filter(plainly)
    app.add_template_filter(wait_in_words)
    app.add_template_global(movie_url)
    app.add_template_global(person_url)
    app.add_template_global(canonical)
    app.add_template_global(absolute)
    app.add_template_global(viewing_fields)
    app.add_template_global(without)
    app.add_template_global(countries)
    app.add_template_global(film_languages)
    app.add_template_global(with_params)
    app.url_defaults(_carry_viewing)


def _carry_viewing(endpoint: str, values: dict[str, Any]) -> None:
    """Links keep the language and region that the reader chose."""
    if has_request_context() and not _WORDLESS.match(endpoint):
        for name, value in chosen().items():
            values.setdefault(name, value)


def locale() -> babel.Locale:
    """The reader's locale; English where Babel does not know the language."""
    try:
        return babel.Locale.parse(current_language(), sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale("en")


def ago(moment: dt.datetime) -> str:
    """`3 hours ago`; `just now` within the last minute."""
    if clock.now() - moment < _MOMENTS_AGO:
        return "just now"
    return format_timedelta(moment - clock.now(), add_direction=True, locale=locale())


def longdate(date: dt.date) -> str:
    """`16 July 2010`, in the order of the reader's locale."""
    return format_date(date, "long", locale=locale())


def moment(when: dt.datetime, *, day: bool = False) -> str:
    """`16 July 2010, 20:15` where the reader lives, or the day alone; UTC where that is unknown."""
    zone = own_time_zone()
    there = when.astimezone(zone or dt.UTC)
    date = format_date(there, "long", locale=locale())
    if day:
        return date
    return f"{date}, {format_time(there, 'short', locale=locale())}{'' if zone else ' UTC'}"


def runtime(minutes: int) -> str:
    """`2 h 28 min`; no line ends between a number and its unit."""
    parts = zip(divmod(minutes, 60), ("h", "min"), strict=True)
    return " ".join(f"{number}\N{NO-BREAK SPACE}{unit}" for number, unit in parts if number)


def language_name(code: str) -> str:
    """`fr` becomes `French`; an unknown code stays as it is."""
    return str(locale().languages.get(_TMDB_LANGUAGES.get(code, code), code))


def country_name(code: str) -> str:
    """`DE` becomes `Germany`; an unknown code stays as it is."""
    return str(locale().territories.get(code, code))


@lru_cache(maxsize=16)
def _named(kind: str, tongue: babel.Locale) -> list[tuple[str, str]]:
    known = tongue.territories if kind == "country" else tongue.languages
    codes = COUNTRIES if kind == "country" else LANGUAGES
    named = ((code, str(known.get(_TMDB_LANGUAGES.get(code, code), code))) for code in codes)
    return sorted(named, key=lambda row: row[1])


def countries() -> list[tuple[str, str]]:
    """Codes and names of countries that films come from, by name."""
    return _named("country", locale())


def film_languages() -> list[tuple[str, str]]:
    """Codes and names of languages that films are made in, by name."""
    return _named("language", locale())


def movie_url(movie: Any) -> str:
    """Address of a movie's page with its readable end; takes anything with an id and a title."""
    return url_for("catalogue.movie", movie_id=movie.id, slug=slug(movie.title) or None)


def person_url(person: Any) -> str:
    """Address of a person's page with its readable end; takes anything with an id and a name."""
    return url_for("people_pages.person", person_id=person.id, slug=slug(person.name) or None)


def plainly(number: float) -> str:
    """`7` for 7.0 and `7.5` for itself."""
    return f"{number:g}"


def absolute(address: str | None) -> str | None:
    """The address with this site's own host in front, unless it has one."""
    if not address or "://" in address:
        return address
    return current_config().public_url + address


def canonical(*also: str) -> str:
    """The one address of what is shown: without what only colours it."""
    names = {*_TELLING, *also}
    kept = [
        (name, value)
        for name, value in sorted(request.args.items(multi=True))
        if name in names and (name, value) != ("page", "1")
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    return absolute(request.path) + query  # type: ignore[operator]


def viewing_fields(*but: str) -> list[tuple[str, str]]:
    """Language and region for hidden fields of forms, which would drop them otherwise."""
    return [(name, value) for name, value in chosen().items() if name not in but]


def without(*names: str, value: object = None) -> str:
    """The present address without parameters, or without one of the ids that one lists."""
    if value is None:
        return with_params(**dict.fromkeys((*names, "page")))
    ids = request.args.get(names[0], "")
    mark = "|" if "|" in ids else ","
    rest = [part for part in re.split(r"[,|]", ids) if part != str(value)]
    return with_params(**{names[0]: mark.join(rest) or None, "page": None})


def with_params(**changes: Any) -> str:
    """The present address with some parameters changed; None takes one out."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in changes]
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    query = urlencode(kept + added, safe=",|")
    return f"{request.path}?{query}" if query else request.path
