"""OMDb: what other sites say of a movie, by its IMDb id, and a search by name. Needs a key."""

from collections.abc import Mapping
from typing import Any

import redis
from requests import PreparedRequest

from moviesite.bounds import MAX_ID
from moviesite.errors import NotFound, Unavailable
from moviesite.providers import reading as read
from moviesite.providers.base import EnrichmentData, RatingData, TitleHit
from moviesite.providers.gate import Gate
from moviesite.providers.http import Auth, Upstream

NAME = "OMDb"
# Calls a second; a free key has a thousand a day.
RATE = 5
_MOST_HITS = 10
_MOST_RATINGS = 10
_ABSENT = "N/A"


class Omdb:
    """Raises NotFound and Unavailable, and nothing foreign."""

    name = NAME

    def __init__(
        self, base_url: str, api_key: str, *, redis_client: redis.Redis | None, threads: int
    ) -> None:
        self.gate = Gate(NAME, redis_client, threads, rate=RATE)
        self._upstream = Upstream(base_url, gate=self.gate, auth=_credential(api_key))

    def search(self, words: str, year: int | None = None) -> tuple[TitleHit, ...]:
        """Movies whose title the source finds like the words; none is no failure."""
        params: dict[str, Any] = {"s": words, "type": "movie"}
        body = self._ask({**params, "y": year} if year else params)
        return titles(body.get("Search")) if body else ()

    def movie(self, imdb_id: str) -> EnrichmentData:
        """What is said of a movie; raises NotFound where OMDb knows no movie with this id."""
        body = self._ask({"i": imdb_id, "plot": "full"})
        if not body or body.get("imdbID") != imdb_id or body.get("Type") != "movie":
            raise NotFound(f"{NAME} knows no movie with this id.")
        return enrichment(body, imdb_id)

    def _ask(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer, None where nothing was found: OMDb says so in an answer of status 200."""
        body = self._upstream.get("/", params, needs={"Response": str})
        if body["Response"] == "True":
            return body
        if "not found" in read.text(body.get("Error"), 200).lower():
            return None
        raise Unavailable(f"{NAME} answered with something else.")


def titles(rows: Any) -> tuple[TitleHit, ...]:
    """The movies among rows of a search: `Title`, `Year`, `imdbID`, `Type`."""
    found = (
        TitleHit(str(row["imdbID"]), read.text(row.get("Title"), 500), year_of(row.get("Year")))
        for row in read.rows(rows, _MOST_HITS)
        if read.imdb_id(row.get("imdbID")) and row.get("Type", "movie") == "movie"
    )
    return tuple(hit for hit in found if hit.title)


def enrichment(body: Mapping[str, Any], imdb_id: str) -> EnrichmentData:
    """What a movie's own answer says; whatever is `N/A` is absent."""
    return EnrichmentData(
        imdb_id=imdb_id,
        awards=said(body.get("Awards"), 1000),
        plot=said(body.get("Plot"), 5000),
        rated=said(body.get("Rated"), 50),
        metascore=_whole(body.get("Metascore"), 100),
        imdb_rating=read.number(said(body.get("imdbRating"), 10), 10) or None,
        imdb_votes=_whole(body.get("imdbVotes"), MAX_ID),
        ratings=tuple(_ratings(body.get("Ratings"))),
    )


def _ratings(rows: Any) -> list[RatingData]:
    found = {
        said(row.get("Source"), 100): said(row.get("Value"), 50)
        for row in read.rows(rows, _MOST_RATINGS)
    }
    return [RatingData(source, value) for source, value in found.items() if source and value]


def said(value: Any, limit: int) -> str:
    """Text, empty where the source says that it has none."""
    found = read.text(value, limit)
    return "" if found == _ABSENT else found


def year_of(value: Any) -> int | None:
    """The year in `2010`, and the first one of a series' `2004–2010`."""
    digits = said(value, 20)[:4]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) == 4 else None


def _whole(value: Any, high: int) -> int | None:
    """A number as people write it: `1,434,451`."""
    digits = said(value, 20).replace(",", "")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    return read.integer(int(digits), 0, high)


def _credential(api_key: str) -> Auth:
    def sign(request: PreparedRequest) -> PreparedRequest:
        request.prepare_url(request.url, {"apikey": api_key})
        return request

    return sign
