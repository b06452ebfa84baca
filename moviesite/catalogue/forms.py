"""Typed readings of page addresses. Anything out of range is a clear error, never a crash."""

from typing import NamedTuple

from flask import request

from moviesite.bounds import MAX_ID, YEARS
from moviesite.errors import InvalidInput
from moviesite.providers.base import MoviePage
from moviesite.text import is_clean, whole_number
from moviesite.web.arguments import invalid, page_number

MAX_QUERY = 200
# What there is before anything was asked.
EMPTY_PAGE = MoviePage(1, 0, 0)


class SearchWish(NamedTuple):
    """What somebody searches for; an empty query has not been asked yet."""

    query: str
    year: int | None
    page: int


def search_wish() -> SearchWish:
    """The search in the present address."""
    query = request.args.get("query", "").strip()
    if len(query) > MAX_QUERY or not is_clean(query):
        message = f"A search can have at most {MAX_QUERY} ordinary characters."
        raise InvalidInput.of("query", message, "query")
    return SearchWish(query, _year(request.args.get("year", "")), page_number())


def id_number(name: str) -> int | None:
    """A parameter that holds an id; None without one."""
    given = request.args.get(name)
    if given is None:
        return None
    number = whole_number(given, 1, MAX_ID)
    if number is None:
        raise invalid({name: ["This is not an id."]})
    return number


def _year(given: str) -> int | None:
    if not given:
        return None
    number = whole_number(given, YEARS.start, YEARS.stop - 1)
    if number is None:
        message = f"Use a year from {YEARS.start} to {YEARS.stop - 1}."
        raise InvalidInput.of("year", message, "query")
    return number
