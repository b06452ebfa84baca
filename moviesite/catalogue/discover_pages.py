"""HTML doors of discovering: films by what they are. No statement of its own."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from moviesite.caching import Answer
from moviesite.catalogue import genres, live, naming, presenting, queries
from moviesite.catalogue.certificates import certificates_of
from moviesite.catalogue.discover_forms import (
    DiscoverWish,
    certificates_country,
    discover_wish,
    is_canonical,
    resolved,
    services_region,
    settle,
)
from moviesite.errors import MovieSiteError, Unavailable
from moviesite.library import shelves as own_shelves
from moviesite.library.presenting import offered_page
from moviesite.providers.base import MoviePage, ProviderData, RegionData
from moviesite.text import capital
from moviesite.web.htmx import push_address, render, wants_fragment, wants_more
from moviesite.web.identity import user_or_none
from moviesite.web.throttle import browse_limit, discover_limit
from moviesite.web.viewing import current_language, current_region, own_services

pages = Blueprint("discover_pages", __name__)

# Names that are not stored are asked for one by one: no more than these.
_ASKED_NAMES = 3


@pages.get("/discover")
@discover_limit
def discover() -> Response | AnyResponse:
    """Films that fit the filters of the address; a form's own spelling leads to that address."""
    wish = _resolved(discover_wish())
    address = f"{request.path}?{wish.address}" if wish.address else request.path
    if not wants_fragment() and not is_canonical(wish):
        return redirect(address)
    settle(wish)
    found = _found(wish)
    panel = {} if wants_fragment() else _panel(wish)
    response = render(
        "catalogue/discover.html",
        "catalogue/_discovered.html",
        more="catalogue/_batch.html",
        wish=wish,
        names=_names(wish),
        certificates_of=certificates_of,
        anew=wants_fragment(),
        **found,
        **panel,
    )
    response.status_code = 200 if found["results"] else 503
    return response if wants_more() else push_address(response, address)


@pages.get("/discover/services")
@browse_limit
def services() -> str:
    """The part of the panel with the services of the country that was just chosen."""
    wish = discover_wish()
    region = services_region()
    offered = _services(region)
    return render_template(
        "catalogue/_services.html",
        wish=wish,
        service_region=region,
        services=offered,
        names={"services": queries.names_of_services(wish.ids("with_watch_providers"))},
        own_services=_mine(offered),
    )


@pages.get("/discover/certificates")
@browse_limit
def certificates() -> str:
    """The part of the panel with the certificates of the country that was just chosen."""
    return render_template(
        "catalogue/_certificates.html",
        certifier=certificates_country(),
        wish=discover_wish(),
        certificates_of=certificates_of,
    )


def _resolved(wish: DiscoverWish) -> DiscoverWish:
    """The wish with ids for names that were typed, as far as they are known."""
    if not wish.typed:
        return wish
    language = current_language()
    find = {
        "person": lambda name: naming.person_called(name, language),
        "keyword": naming.keyword_called,
    }
    return resolved(wish, find)


def _found(wish: DiscoverWish) -> dict[str, Any]:
    try:
        answer: Answer[MoviePage] = live.discover(wish.query)
        answer = answer._replace(value=offered_page(answer.value, user_or_none()))
    except Unavailable:
        problem = f"{live.source_in_words()} is not answering, so nothing can be looked up."
        return {"results": None, "source": None, "problem": capital(problem)}
    return {
        "results": answer.value,
        "source": presenting.source_of(answer),
        "problem": None,
        "mine": own_shelves.mine(user_or_none(), answer.value.results),
    }


def _panel(wish: DiscoverWish) -> dict[str, Any]:
    region = wish.query.watch_region or current_region()
    offered = _services(region)
    return {
        "genres": genres.of_the_source(current_language()),
        "services": offered,
        "service_region": region,
        "service_regions": _service_regions(),
        "own_services": _mine(offered),
        "certifier": wish.query.certification_country or current_region(),
    }


def _mine(services: tuple[ProviderData, ...] | None) -> list[int]:
    """Which of a country's services the reader has."""
    own = own_services()
    return [service.id for service in services or () if service.id in own]


def _services(region: str) -> tuple[ProviderData, ...] | None:
    """Services of a country; None while they cannot be had."""
    try:
        return live.watch_providers(region, current_language()).value
    except MovieSiteError:
        return None


def _service_regions() -> tuple[RegionData, ...]:
    try:
        return live.watch_regions(current_language()).value
    except MovieSiteError:
        return ()


def _names(wish: DiscoverWish) -> dict[str, dict[int, str]]:
    """What the ids of the address are called, as far as is known."""
    wanted = wish.ids("with_watch_providers")
    services = (_services(wish.query.watch_region or current_region()) or ()) if wanted else ()
    here = {service.id: service.name for service in services}
    elsewhere = queries.names_of_services([id_ for id_ in wanted if id_ not in here])
    return {
        "genres": live.genre_names(current_language()),
        "people": _people(wish.ids("with_people")),
        "keywords": queries.names_of_keywords(wish.ids("with_keywords")),
        "services": {**elsewhere, **here},
    }


def _people(ids: list[int]) -> dict[int, str]:
    names = queries.names_of_people(ids)
    for person_id in [id_ for id_ in ids if id_ not in names][:_ASKED_NAMES]:
        try:
            names[person_id] = live.person(person_id, current_language()).value.name
        except MovieSiteError:
            continue
    return names
