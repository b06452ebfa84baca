"""TMDb's API v3: what is asked, and how. Answers are read by `tmdb_parse` and `tmdb_detail`."""

import datetime as dt
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import msgspec
import redis
from flask import current_app
from requests import PreparedRequest
from requests.adapters import BaseAdapter

from moviesite.errors import NotFound, Unavailable
from moviesite.providers import reading as read
from moviesite.providers import tmdb_detail as detail
from moviesite.providers import tmdb_parse as parse
from moviesite.providers.base import (
    AccountData,
    ChangesPage,
    CollectionDetail,
    DiscoverQuery,
    GenreData,
    Grant,
    ImageSizes,
    MovieData,
    MovieDetailData,
    MoviePage,
    PersonData,
    ProviderData,
    RegionData,
    SuggestionPage,
)
from moviesite.providers.gate import RATE, Gate
from moviesite.providers.http import Auth, Upstream

T = TypeVar("T")
Window = Literal["day", "week"]

_RESULTS: Mapping[str, type] = {"results": list}
_V3_KEY = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_REQUEST_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,200}", re.ASCII)
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)
# Success, updated, deleted: TMDb's own codes in the answer to a write.
_WRITTEN = {1, 12, 13}


def credential(text: str) -> Auth:
    """How a key travels: a v3 key only as a parameter, a v4 token only in the header."""
    text = text.strip()
    bare = text[7:].strip() if text[:7].lower() == "bearer " else text

    def sign(request: PreparedRequest) -> PreparedRequest:
        if _V3_KEY.fullmatch(bare):
            request.prepare_url(request.url, {"api_key": bare})
        elif bare:
            # Other characters would be an error inside the client; TMDb refuses such a token.
            request.headers["Authorization"] = f"Bearer {quote(bare, '-._~+/=', errors='replace')}"
        return request

    return sign


class TMDb:
    """Every question the product asks. Raises NotFound and Unavailable, and nothing foreign."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        redis: redis.Redis | None,
        threads: int,
        name: str = "TMDb",
        adapter: BaseAdapter | None = None,
        rate: int = RATE,
    ) -> None:
        """`threads` is the number of request threads; `adapter` replaces the network.

        `rate` is in calls a second over all processes; a source of our own needs no mercy.
        """
        self.name = name
        self.gate = Gate(name, redis, threads, rate=rate)
        self._own = credential(api_key)
        self._upstream = Upstream(base_url, gate=self.gate, auth=self._own, adapter=adapter)

    @property
    def answering(self) -> bool:
        """Whether the source answered lately; pages say so when it did not."""
        return self.gate.answering

    # Reference data

    def image_sizes(self) -> ImageSizes:
        """Widths that images come in."""
        return parse.image_sizes(self._upstream.get("/configuration", needs={"images": dict}))

    def genres(self, language: str) -> tuple[GenreData, ...]:
        """Genres of movies, named in the language."""
        body = self._get("/genre/movie/list", {"language": language}, {"genres": list})
        return parse.genres(body)

    def watch_providers(self, region: str, language: str) -> tuple[ProviderData, ...]:
        """Services in a region, in the order in which they are to be shown."""
        params = {"watch_region": region, "language": language}
        body = self._get("/watch/providers/movie", params, _RESULTS)
        return parse.providers(body["results"], most=2000, region=region)

    def watch_regions(self, language: str) -> tuple[RegionData, ...]:
        """Countries in which services are known."""
        return parse.regions(
            self._get("/watch/providers/regions", {"language": language}, _RESULTS)
        )

    # Lists of movies: 20 rows a page, 500 pages at most

    def trending(self, window: Window, page: int, language: str) -> MoviePage:
        """What TMDb's visitors look at, over a day or a week."""
        return self._page(f"/trending/movie/{window}", page, {"language": language})

    def popular(self, page: int, language: str, region: str | None = None) -> MoviePage:
        """By popularity."""
        return self._page("/movie/popular", page, {"language": language, "region": region})

    def top_rated(self, page: int, language: str, region: str | None = None) -> MoviePage:
        """By votes."""
        return self._page("/movie/top_rated", page, {"language": language, "region": region})

    def upcoming(self, page: int, language: str, region: str | None = None) -> MoviePage:
        """Not released yet."""
        return self._page("/movie/upcoming", page, {"language": language, "region": region})

    def now_playing(self, page: int, language: str, region: str | None = None) -> MoviePage:
        """In cinemas."""
        return self._page("/movie/now_playing", page, {"language": language, "region": region})

    def discover(self, query: DiscoverQuery) -> MoviePage:
        """Movies that fit everything that the query sets."""
        params = _discover_params(query)
        del params["page"]
        return self._page("/discover/movie", query.page, params, include_adult=query.include_adult)

    def search_movies(
        self,
        query: str,
        page: int,
        language: str,
        year: int | None = None,
        *,
        include_adult: bool = False,
    ) -> MoviePage:
        """Movies by their titles in any language."""
        params = {
            "query": query,
            "language": language,
            "year": year,
            "include_adult": _flag(include_adult),
        }
        return self._page("/search/movie", page, params, include_adult=include_adult)

    def search_multi(
        self, query: str, language: str, *, include_adult: bool = False
    ) -> SuggestionPage:
        """Movies and people by name, mixed, best first."""
        params = {"query": query, "language": language, "include_adult": _flag(include_adult)}
        body = self._get("/search/multi", params, _RESULTS)
        return parse.suggestions(body, include_adult=include_adult)

    # One thing

    def movie(self, movie_id: int, language: str) -> MovieDetailData:
        """Everything about a movie, in one call. Whether it is adult is the caller's to judge."""
        texts = ",".join(dict.fromkeys((language.partition("-")[0], "en")))
        params = {
            "language": language,
            "append_to_response": ",".join(detail.MOVIE_PARTS),
            "include_image_language": f"{texts},null",
            "include_video_language": texts,
        }
        body = self._get(f"/movie/{movie_id}", params, {"id": int})
        found = detail.movie_detail(body, language)
        return self._expect(found, lambda movie: movie.id == movie_id)

    def person(self, person_id: int, language: str) -> PersonData:
        """A person and the movies they took part in, in one call."""
        params = {"language": language, "append_to_response": ",".join(detail.PERSON_PARTS)}
        body = self._get(f"/person/{person_id}", params, {"id": int})
        return self._expect(detail.person(body, language), lambda person: person.id == person_id)

    def collection(self, collection_id: int, language: str) -> CollectionDetail:
        """A series and its films, in one call."""
        params = {"language": language}
        body = self._get(f"/collection/{collection_id}", params, {"id": int, "parts": list})
        return self._expect(detail.collection(body), lambda found: found.id == collection_id)

    def find_by_imdb(self, imdb_id: str, language: str) -> MovieData:
        """The movie with this IMDb id; NotFound when TMDb knows none."""
        if read.imdb_id(imdb_id) is None:
            raise NotFound("No movie has this IMDb id.")
        params = {"external_source": "imdb_id", "language": language}
        body = self._get(f"/find/{imdb_id}", params, {"movie_results": list})
        found = parse.movies(body["movie_results"], include_adult=True)
        if not found:
            raise NotFound("No movie has this IMDb id.")
        return found[0]

    def changed_movies(self, day: dt.date, page: int) -> ChangesPage:
        """Ids of movies that changed on a day, in UTC; raises Unavailable."""
        # Whether the last day counts is nowhere said: a day too many does no harm.
        until = day + dt.timedelta(days=1)
        params = {"start_date": day.isoformat(), "end_date": until.isoformat(), "page": page}
        return parse.changes(self._get("/movie/changes", params, _RESULTS))

    # A TMDb account, with its owner's grant: used for the call and kept nowhere

    def account(self, grant: Grant) -> AccountData:
        """Whose grant this is; Forbidden when TMDb refuses it."""
        body = self._upstream.get("/account", needs={"id": int}, auth=self._as(grant))
        username = read.text(body.get("username"), 200)
        return AccountData(str(body["id"]), username, _object_id(grant.token))

    def account_favorites(
        self, grant: Grant | None, account_id: str, page: int, language: str
    ) -> MoviePage:
        """Favorites kept on TMDb, newest first; without a grant the operator's key is used.

        Raises Forbidden when TMDb shows them to nobody with that.
        """
        params = {"language": language, "sort_by": "created_at.desc"}
        path = f"/account/{_account(account_id)}/favorite/movies"
        return self._page(path, page, params, auth=self._as(grant) if grant else self._own)

    def set_favorite(self, grant: Grant, account_id: str, movie_id: int, favorite: bool) -> None:
        """Keep or drop a favorite on TMDb. Never tried twice."""
        answer = self._upstream.send(
            "POST",
            f"/account/{_account(account_id)}/favorite",
            {"media_type": "movie", "media_id": movie_id, "favorite": favorite},
            auth=self._as(grant),
        )
        if read.integer(answer.get("status_code"), 0, 99) not in _WRITTEN:
            raise Unavailable(f"{self.name} did not save the change.")

    def request_token(self) -> str:
        """A token for which somebody is then asked, at TMDb, to let us use their account."""
        body = self._get("/authentication/token/new", {}, {"request_token": str})
        return self._expect(str(body["request_token"]), _is_request_token)

    def open_session(self, request_token: str) -> Grant:
        """What an approved request token gives; Forbidden when it was not approved."""
        body = {"request_token": request_token}
        answer = self._upstream.send("POST", "/authentication/session/new", body, auth=self._own)
        session_id = self._expect(answer.get("session_id"), lambda text: bool(text))
        return Grant(session_id=str(session_id))

    def end_session(self, grant: Grant) -> None:
        """Make a session useless at TMDb too."""
        body = {"session_id": grant.session_id}
        self._upstream.send("DELETE", "/authentication/session", body, auth=self._own)

    def _as(self, grant: Grant) -> Auth:
        if not grant.session_id:
            return credential(grant.token)

        def sign(request: PreparedRequest) -> PreparedRequest:
            request.prepare_url(request.url, {"session_id": grant.session_id})
            return self._own(request)

        return sign

    # How

    def _get(
        self,
        path: str,
        params: Mapping[str, Any],
        needs: Mapping[str, type],
        auth: Auth | None = None,
    ) -> dict[str, Any]:
        return self._upstream.get(path, params, needs=needs, auth=auth)

    def _page(
        self,
        path: str,
        page: int,
        params: Mapping[str, Any],
        *,
        include_adult: bool = False,
        auth: Auth | None = None,
    ) -> MoviePage:
        body = self._get(path, {**params, "page": page}, _RESULTS, auth)
        found = parse.movie_page(body, page, include_adult=include_adult)
        return self._expect(found, lambda _: True)

    def _expect(self, found: T | None, fits: Callable[[T], bool]) -> T:
        if found is None or not fits(found):
            raise Unavailable(f"{self.name} answered with something else.")
        return found


def _account(account_id: str) -> str:
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise NotFound("No account has this id.")
    return account_id


def _object_id(token: str) -> str:
    """The account's id as v4 writes it. It stands in the token, which TMDb has just taken."""
    parts = token.split(".")
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, RecursionError):
        return ""
    return read.text(claims.get("sub"), 64) if isinstance(claims, dict) else ""


def _is_request_token(text: str) -> bool:
    """It becomes a part of an address that somebody's browser is sent to."""
    return _REQUEST_TOKEN.fullmatch(text) is not None


def _discover_params(query: DiscoverQuery) -> dict[str, Any]:
    values = msgspec.structs.asdict(query)
    return {_bound(name): _plain(value) for name, value in values.items() if value is not None}


def _bound(name: str) -> str:
    """`release_date_gte` is written `release_date.gte`."""
    return re.sub(r"_(gte|lte)$", r".\1", name)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return _flag(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _flag(value: bool) -> str:
    return "true" if value else "false"


def current_tmdb() -> TMDb:
    """The current application's TMDb."""
    tmdb: TMDb = current_app.extensions["tmdb"]
    return tmdb
