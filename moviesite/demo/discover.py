"""Filters and orders of /discover/movie. Chooses films; how they are shown is not its concern.

A comma asks for all, a pipe for any; what is shut out (`without_...`) is shut out one by one.
Only one release date of a film is known: it holds for every region, so `region` chooses nothing.
No certificates are known: asking for one (with its country) finds nothing.
"""

from collections.abc import Callable, Iterator
from typing import Final

from moviesite.demo.catalogue import Catalogue
from moviesite.demo.errors import BAD_PARAMETERS, DemoError
from moviesite.demo.params import Params, Wanted
from moviesite.demo.records import Film
from moviesite.demo.watching import offers

Test = Callable[[Film], bool]

_THEATRICAL: Final = frozenset({3})
_SETS: Final[dict[str, Callable[[Film], frozenset[int]]]] = {
    "genres": lambda film: film.genres,
    "keywords": lambda film: film.keywords,
    "companies": lambda film: film.companies,
    "cast": lambda film: film.cast,
    "crew": lambda film: film.crew,
    "people": lambda film: film.cast | film.crew,
    "release_type": lambda film: _THEATRICAL if film.released else frozenset(),
}
_WITHOUT: Final = ("genres", "keywords", "companies")
_DATES: Final = ("primary_release_date", "release_date")
_YEARS: Final = ("primary_release_year", "year")
_NUMBERS: Final[dict[str, Callable[[Film], float]]] = {
    "vote_average": lambda film: film.vote_average,
    "vote_count": lambda film: film.vote_count,
    "with_runtime": lambda film: film.runtime,
}
_CERTIFICATES: Final = ("certification", "certification.gte", "certification.lte")


def discover(catalogue: Catalogue, params: Params) -> list[Film]:
    """Every film that meets the parameters, in the order asked for (`popularity.desc`)."""
    ordered = catalogue.ordered(params.text("sort_by") or "popularity.desc")
    if ordered is None:
        raise DemoError(BAD_PARAMETERS)
    tests = list(_tests(params))
    return [film for film in ordered if all(test(film) for test in tests)]


def _tests(params: Params) -> Iterator[Test]:
    if not params.flag("include_adult"):
        yield lambda film: not film.adult
    yield from _set_tests(params)
    yield from _code_tests(params)
    yield from _date_tests(params)
    yield from _number_tests(params)
    yield from _watch_tests(params)
    if params.text("certification_country") and any(params.text(n) for n in _CERTIFICATES):
        yield lambda _film: False


def _set_tests(params: Params) -> Iterator[Test]:
    for name, owned in _SETS.items():
        if wanted := params.ids(f"with_{name}"):
            yield _meets(wanted, owned)
    for name in _WITHOUT:
        if unwanted := params.ids(f"without_{name}"):
            yield _lacks(unwanted.members(), _SETS[name])


def _meets(wanted: Wanted[int], owned: Callable[[Film], frozenset[int]]) -> Test:
    return lambda film: wanted.met_by(owned(film))


def _lacks(members: frozenset[int], owned: Callable[[Film], frozenset[int]]) -> Test:
    return lambda film: members.isdisjoint(owned(film))


def _code_tests(params: Params) -> Iterator[Test]:
    if languages := params.names("with_original_language"):
        yield lambda film: languages.met_by(frozenset({film.language}))
    if countries := params.names("with_origin_country"):
        yield lambda film: countries.met_by(film.countries)


def _date_tests(params: Params) -> Iterator[Test]:
    for name in _DATES:
        if first := params.date(f"{name}.gte"):
            yield _released_from(first)
        if last := params.date(f"{name}.lte"):
            yield _released_until(last)
    for name in _YEARS:
        if (year := params.integer(name)) is not None:
            yield _released_in(year)


def _released_from(first: str) -> Test:
    return lambda film: film.released >= first


def _released_until(last: str) -> Test:
    return lambda film: "" < film.released <= last


def _released_in(year: int) -> Test:
    return lambda film: film.year == year


def _number_tests(params: Params) -> Iterator[Test]:
    for name, value_of in _NUMBERS.items():
        if (least := params.number(f"{name}.gte")) is not None:
            yield _at_least(least, value_of)
        if (most := params.number(f"{name}.lte")) is not None:
            yield _at_most(most, value_of)


def _at_least(least: float, value_of: Callable[[Film], float]) -> Test:
    return lambda film: value_of(film) >= least


def _at_most(most: float, value_of: Callable[[Film], float]) -> Test:
    return lambda film: value_of(film) <= most


def _watch_tests(params: Params) -> Iterator[Test]:
    """Services and kinds of offer count together: a wanted service by a wanted kind."""
    region = params.text("watch_region")
    services = params.ids("with_watch_providers")
    unwanted = params.ids("without_watch_providers")
    kinds = params.names("with_watch_monetization_types")
    if not region:
        return
    if services or kinds:
        yield _offered(region, services, kinds)
    if unwanted:
        members = unwanted.members()
        yield lambda film: members.isdisjoint(s for _, s in offers(film.id, region))


def _offered(region: str, services: Wanted[int] | None, kinds: Wanted[str] | None) -> Test:
    allowed = kinds.members() if kinds else None

    def test(film: Film) -> bool:
        made = offers(film.id, region)
        if kinds and not kinds.met_by(frozenset(kind for kind, _ in made)):
            return False
        by = frozenset(s for kind, s in made if allowed is None or kind in allowed)
        return services is None or services.met_by(by)

    return test
