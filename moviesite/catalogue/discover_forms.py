"""The address of /discover, typed. What a form sends is brought into the API's own words."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from moviesite.catalogue.discover_schemas import COUNTRIES, DiscoverFormArgs
from moviesite.providers.base import DiscoverQuery
from moviesite.web.arguments import invalid, loaded
from moviesite.web.viewing import adult_included, chosen, current_language, current_region

# Parameters that hold several ids, and the mark that a form's own choices are joined by.
_JOINED = {
    "with_genres": ",",
    "without_genres": ",",
    "with_keywords": ",",
    "with_people": ",",
    "with_watch_providers": "|",
}
# A form's tick that any of the genres is enough; the address says so by its mark.
_ANY_GENRE = "any_genre"
_YEAR = re.compile(r"\d{4}", re.ASCII)
# A name as typed, and the parameter that takes its id.
TYPED = {"person": "with_people", "keyword": "with_keywords"}
_UNSAID = {"sort_by": "popularity.desc", "page": "1", "include_video": "false"}

# What the fields are called on the page.
LABELS = {
    "sort_by": "Sort by",
    "with_genres": "Genres",
    "without_genres": "Excluded genres",
    "year": "Year",
    "release_date.gte": "Released from",
    "release_date.lte": "Released until",
    "vote_average.gte": "Score",
    "vote_count.gte": "Votes",
    "with_runtime.gte": "Shortest length",
    "with_runtime.lte": "Longest length",
    "with_original_language": "Original language",
    "with_origin_country": "Country",
    "certification": "Age rating",
    "certification_country": "Age rating country",
    "with_people": "People",
    "with_keywords": "Keywords",
    "person": "Person",
    "keyword": "Keyword",
    "watch_region": "Service country",
    "with_watch_providers": "Services",
    "language": "Language",
    "region": "Region",
    "page": "Page",
}


class DiscoverWish(NamedTuple):
    """What is to be discovered; `given` are the parameters as an address writes them."""

    query: DiscoverQuery
    given: dict[str, str]

    @property
    def address(self) -> str:
        """The one query string of this wish."""
        return urlencode(sorted(self.given.items()), safe=",|")

    @property
    def page(self) -> int:
        """Which page of the answer."""
        return self.query.page

    def ids(self, name: str) -> list[int]:
        """The ids that a parameter lists."""
        return [int(part) for part in re.split(r"[,|]", self.given.get(name, "")) if part]

    def any_of(self, name: str) -> bool:
        """Whether one of the ids is enough."""
        return "|" in self.given.get(name, "")

    @property
    def typed(self) -> dict[str, str]:
        """Names that nobody, or no keyword, was found for."""
        return {name: self.given[name] for name in TYPED if name in self.given}

    @property
    def narrowed(self) -> bool:
        """Whether anything but order and page is set."""
        return bool(self.given.keys() - {"sort_by", "page", "language", "region"})


def discover_wish() -> DiscoverWish:
    """The wish in the present address; raises InvalidInput naming each field that is wrong."""
    return _wish(_given())


def resolved(wish: DiscoverWish, find: Mapping[str, Callable[[str], int | None]]) -> DiscoverWish:
    """The wish with ids in the place of names; a name that `find` does not know stays as it is."""
    given = dict(wish.given)
    for name, text in wish.typed.items():
        number, ids = find[name](text), TYPED[name]
        if number is None:
            continue
        del given[name]
        if number not in wish.ids(ids):
            mark = "|" if wish.any_of(ids) else ","
            given[ids] = mark.join(filter(None, (given.get(ids, ""), str(number))))
    return _wish(given) if given != wish.given else wish


def _wish(given: dict[str, str]) -> DiscoverWish:
    args = loaded(DiscoverFormArgs, given, LABELS)
    for name in TYPED:
        args.pop(name, None)
    own = {
        "language": current_language(),
        "region": current_region(),
        "include_adult": adult_included(),
    }
    return DiscoverWish(DiscoverQuery(**{**args, **own}), given)


def is_canonical(wish: DiscoverWish) -> bool:
    """Whether the present address is the wish's own, up to the order of its parameters."""
    return sorted(wish.given.items()) == sorted(request.args.items(multi=True))


def settle(wish: DiscoverWish) -> None:
    """From here on links are made from the wish's own address, not from what a form sent."""
    request.args = ImmutableMultiDict(wish.given)


def services_region() -> str:
    """The country whose services a form shows: the one chosen there, else the reader's."""
    return discover_wish().query.watch_region or current_region()


def certificates_country() -> str:
    """The country whose certificates a form offers; raises InvalidInput.

    It is asked for before there is a certificate, when it means nothing to the wish yet.
    """
    name = "certification_country"
    given = {name: value} if (value := _value(name)) else {}
    return loaded(DiscoverFormArgs, given, LABELS).get(name) or current_region()


def _given() -> dict[str, str]:
    known = {field.data_key or name for name, field in DiscoverFormArgs().fields.items()}
    given = {name: _value(name) for name in request.args if name in known - {"include_adult"}}
    for name, edge in (("release_date.gte", "-01-01"), ("release_date.lte", "-12-31")):
        if _YEAR.fullmatch(given.get(name, "")):
            given[name] += edge
    _complete(given)
    return {name: v for name, v in given.items() if v and _UNSAID.get(name) != v}


def _value(name: str) -> str:
    values = [value.strip() for value in request.args.getlist(name)]
    filled = list(dict.fromkeys(value for value in values if value))
    if name in _JOINED:
        mark = "|" if name == "with_genres" and _ANY_GENRE in request.args else _JOINED[name]
        return mark.join(filled)
    if len(filled) > 1:
        raise invalid({name: ["Given more than once."]}, LABELS)
    return filled[0] if filled else ""


def _complete(given: dict[str, str]) -> None:
    """Each country is said where it counts, and left out where it does not."""
    for value, country in COUNTRIES.items():
        if given.get(value):
            given[country] = given.get(country) or current_region()
        elif country == "certification_country" or given.get(country) == current_region():
            given.pop(country, None)
    for name in ("language", "region"):
        if given.get(name) and name not in chosen() and given[name] == _current(name):
            del given[name]


def _current(name: str) -> str:
    return current_language() if name == "language" else current_region()
