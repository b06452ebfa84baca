"""The demo catalogue's drawn images, under the addresses that its answers name."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, abort

from moviesite.demo import art, watching
from moviesite.demo.catalogue import film_facts, person_facts

pages = Blueprint("demo", __name__, url_prefix="/demo")

_SERVICES = {service.id: service.name for service in watching.SERVICES}
_NAME = re.compile(r"(poster|backdrop|portrait|provider)-([0-9]{1,10})\.svg")


@pages.get("/images/<size>/<name>")
def image(size: str, name: str) -> Response:  # noqa: ARG001 - a drawing serves every size
    """A poster, backdrop, portrait or logo as SVG."""
    match = _NAME.fullmatch(name)
    drawn = _PAINTERS[match[1]](int(match[2])) if match else None
    if drawn is None:
        abort(404)
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _poster(movie_id: int) -> str | None:
    facts = film_facts(movie_id)
    if facts is None:
        return None
    return art.poster(
        movie_id=movie_id,
        title=facts["title"],
        year=facts["year"],
        genre_ids=facts["genre_ids"],
        director=facts["director"],
    )


def _backdrop(movie_id: int) -> str | None:
    facts = film_facts(movie_id)
    if facts is None:
        return None
    title, year, genre_ids = facts["title"], facts["year"], facts["genre_ids"]
    return art.backdrop(movie_id=movie_id, title=title, year=year, genre_ids=genre_ids)


def _portrait(person_id: int) -> str | None:
    facts = person_facts(person_id)
    return art.portrait(person_id=person_id, name=facts["name"]) if facts else None


def _logo(provider_id: int) -> str | None:
    name = _SERVICES.get(provider_id)
    return art.logo(provider_id=provider_id, name=name) if name else None


_PAINTERS: dict[str, Callable[[int], str | None]] = {
    "poster": _poster,
    "backdrop": _backdrop,
    "portrait": _portrait,
    "provider": _logo,
}
