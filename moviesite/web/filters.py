"""What templates may call: words for dates, numbers and codes, and addresses. No queries."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import babel
from babel.dates import format_date, format_timedelta
from flask import Flask, request, url_for

from moviesite import clock
from moviesite.text import slug
from moviesite.web.viewing import current_language


def init_app(app: Flask) -> None:
    """Bind filters and functions to the application's templates."""
    app.add_template_filter(ago)
    app.add_template_filter(longdate)
    app.add_template_filter(runtime)
    app.add_template_filter(language_name)
    app.add_template_filter(country_name)
    app.add_template_global(movie_url)
    app.add_template_global(with_params)


def locale() -> babel.Locale:
    """The reader's locale; English where Babel does not know the language."""
    try:
        return babel.Locale.parse(current_language(), sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale("en")


def ago(moment: dt.datetime) -> str:
    """`3 hours ago`."""
    return format_timedelta(moment - clock.now(), add_direction=True, locale=locale())


def longdate(date: dt.date) -> str:
    """`16 July 2010`, in the order of the reader's locale."""
    return format_date(date, "long", locale=locale())


def runtime(minutes: int) -> str:
    """`2 h 28 min`."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)) if part
    )


def language_name(code: str) -> str:
    """`fr` becomes `French`; an unknown code stays as it is."""
    return str(locale().languages.get(code, code))


def country_name(code: str) -> str:
    """`DE` becomes `Germany`; an unknown code stays as it is."""
    return str(locale().territories.get(code, code))


def movie_url(movie: Any) -> str:
    """Address of a movie's page with its readable end; takes anything with an id and a title."""
    return url_for("catalogue.movie", movie_id=movie.id, slug=slug(movie.title) or None)


def with_params(**changes: Any) -> str:
    """The present address with some parameters changed; None takes one out."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in changes]
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    query = urlencode(kept + added)
    return f"{request.path}?{query}" if query else request.path
