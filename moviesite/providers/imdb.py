"""IMDb by way of CollectAPI: a search by name, and what is said of a movie. Needs a key."""

from collections.abc import Mapping
from typing import Any

import redis
from requests import PreparedRequest

from moviesite.errors import NotFound
from moviesite.providers import reading as read
from moviesite.providers.base import EnrichmentData, TitleHit
from moviesite.providers.gate import Gate
from moviesite.providers.http import Auth, Upstream
from moviesite.providers.omdb import enrichment, titles

NAME = "IMDb"
# Calls a second; the free plan has a hundred a month.
RATE = 2


class Imdb:
    """Raises NotFound and Unavailable, and nothing foreign."""

    name = NAME

    def __init__(
        self, base_url: str, api_key: str, *, redis_client: redis.Redis | None, threads: int
    ) -> None:
        self.gate = Gate(NAME, redis_client, threads, rate=RATE)
        self._upstream = Upstream(base_url, gate=self.gate, auth=_credential(api_key))

    def search(self, words: str, year: int | None = None) -> tuple[TitleHit, ...]:
        """Movies by name; the source knows no year, so hits of another one are left out."""
        found = titles(self._result("/imdbSearchByName", {"query": words}))
        return tuple(hit for hit in found if year is None or hit.year == year)

    def movie(self, imdb_id: str) -> EnrichmentData:
        """What is said of a movie; raises NotFound where no movie has this id."""
        body = read.mapping(self._result("/imdbSearchById", {"movieId": imdb_id}))
        if body.get("imdbID") != imdb_id or body.get("Type", "movie") != "movie":
            raise NotFound(f"{NAME} knows no movie with this id.")
        return enrichment(body, imdb_id)

    def _result(self, path: str, params: Mapping[str, Any]) -> Any:
        """What the answer is about; it is a text where nothing was found."""
        body = self._upstream.get(path, params, needs={"success": bool})
        return body.get("result") if body["success"] else None


def _credential(api_key: str) -> Auth:
    """The key as the source's own pages show it, with or without its first word."""
    bare = api_key.strip().removeprefix("apikey").strip()

    def sign(request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"apikey {bare}"
        return request

    return sign
