"""What each address of the demo answers. No HTTP: a question in, plain values out."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from moviesite.demo import answers, people, reference, search, watching
from moviesite.demo.account import Memory
from moviesite.demo.answers import paged, summary, with_media_type
from moviesite.demo.catalogue import Catalogue
from moviesite.demo.discover import discover
from moviesite.demo.errors import (
    BAD_PARAMETERS,
    BAD_RANGE,
    NOT_FOUND,
    TOO_MANY_PARTS,
    DemoError,
)
from moviesite.demo.params import Params
from moviesite.demo.parts import Parts
from moviesite.demo.records import Film, Person

_MOST_PARTS: Final = 20
_LONGEST_CHANGES: Final = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: its parameters, where it was sent, who sent it (an account id, if anybody)."""

    params: Params
    host_url: str = ""
    account_id: int | None = None
    session_id: str = ""
    body: dict[str, Any] | None = None

    @property
    def language(self) -> str:
        """The language asked for; English unless said."""
        return self.params.text("language") or "en-US"


class Demo:
    """A catalogue, what was said of it, and every GET about films and people."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue = catalogue
        self.memory = memory
        self._parts = Parts(catalogue)

    def prepare(self) -> None:
        """Make now what is otherwise made when first needed, so that forked processes share it."""
        self.catalogue.prepare()
        self._parts.prepare()
        self._top_rated, self._trending_day, self._trending_week  # noqa: B018 - looking makes them

    def configuration(self, ask: Ask) -> Any:
        """Image address and sizes."""
        return reference.configuration(f"{ask.host_url}t/p/")

    def languages(self, _ask: Ask) -> Any:
        """All languages."""
        return reference.languages()

    def countries(self, _ask: Ask) -> Any:
        """All countries."""
        return reference.countries()

    def genres(self, _ask: Ask) -> Any:
        """All genres."""
        return reference.genres(self.catalogue)

    def trending(self, ask: Ask, window: str) -> Any:
        """What the demo viewers looked at today or this week."""
        if window not in ("day", "week"):
            raise DemoError(NOT_FOUND)
        found = self._trending_day if window == "day" else self._trending_week
        return paged(found, ask.params.page(), lambda film: with_media_type(film, ask.language))

    def popular(self, ask: Ask) -> Any:
        """Most attention first."""
        return self._films(self._popular, ask)

    def top_rated(self, ask: Ask) -> Any:
        """Best votes first; as many middling votes as a film has on average weigh few ones down."""
        return self._films(self._top_rated, ask)

    def upcoming(self, ask: Ask) -> Any:
        """What comes after the demo's day."""
        return self._window(self.catalogue.upcoming, ask)

    def now_playing(self, ask: Ask) -> Any:
        """What is in cinemas on the demo's day."""
        return self._window(self.catalogue.now_playing, ask)

    def discover(self, ask: Ask) -> Any:
        """Films by filters."""
        return self._films(discover(self.catalogue, ask.params), ask)

    def movie(self, ask: Ask, movie_id: str) -> Any:
        """One film with the parts asked for."""
        film = self.film(movie_id)
        answer = answers.detail(film, ask.language)
        for name in _appended(ask):
            part = self._parts.part(name, film, ask.params)
            if part is not None:
                answer[name] = part
        return answer

    def movie_part(self, ask: Ask, movie_id: str, name: str) -> Any:
        """One part of a film."""
        film = self.film(movie_id)
        part = self._parts.part(name, film, ask.params)
        if part is None:
            raise DemoError(NOT_FOUND)
        return {"id": film.id, **part}

    def changes(self, ask: Ask) -> Any:
        """Nothing ever changes here; the range of days is checked all the same."""
        first, last = ask.params.date("start_date"), ask.params.date("end_date")
        if first and last:
            span = dt.date.fromisoformat(last) - dt.date.fromisoformat(first)
            if not dt.timedelta(0) <= span <= _LONGEST_CHANGES:
                raise DemoError(BAD_RANGE)
        return paged((), ask.params.page(), dict)

    def person(self, ask: Ask, person_id: str) -> Any:
        """One person with the parts asked for."""
        person = self._person(person_id)
        answer = people.detail(person)
        for name in _appended(ask):
            part = people.part(name, person, ask.language)
            if part is not None:
                answer[name] = part
        return answer

    def person_part(self, ask: Ask, person_id: str, name: str) -> Any:
        """One part of a person."""
        person = self._person(person_id)
        part = people.part(name, person, ask.language)
        if part is None:
            raise DemoError(NOT_FOUND)
        return {"id": person.id, **part}

    def search(self, ask: Ask, kind: str) -> Any:
        """Films, people, keywords or a mix by words."""
        find = _SEARCHES.get(kind)
        if find is None:
            raise DemoError(NOT_FOUND)
        return find(self, ask, ask.params.text("query"))

    def find(self, ask: Ask, external_id: str) -> Any:
        """Films by an outside id; only imdb ids can be known."""
        source = ask.params.text("external_source")
        if not source:
            raise DemoError(BAD_PARAMETERS)
        film = self.catalogue.by_imdb.get(external_id) if source == "imdb_id" else None
        return {
            "movie_results": [with_media_type(film, ask.language)] if film else [],
            "person_results": [],
            "tv_results": [],
            "tv_episode_results": [],
            "tv_season_results": [],
        }

    def providers(self, ask: Ask) -> Any:
        """All services, or those of a region."""
        return {"results": watching.all_providers(ask.params.text("watch_region"))}

    def regions(self, _ask: Ask) -> Any:
        """All regions served."""
        return {"results": watching.all_regions()}

    def keyword(self, _ask: Ask, keyword_id: str) -> Any:
        """One keyword."""
        name = self.catalogue.keywords.get(_id(keyword_id))
        if name is None:
            raise DemoError(NOT_FOUND)
        return {"id": _id(keyword_id), "name": name}

    def collection(self, ask: Ask, collection_id: str) -> Any:
        """A series of films, for catalogue files that know of any."""
        films = self.catalogue.collections.get(_id(collection_id))
        if not films:
            raise DemoError(NOT_FOUND)
        known = films[0].row["belongs_to_collection"]
        return {
            "id": known["id"],
            "name": known.get("name") or "",
            "original_language": films[0].language,
            "original_name": known.get("name") or "",
            "overview": "",
            "poster_path": known.get("poster_path"),
            "backdrop_path": known.get("backdrop_path"),
            "parts": [with_media_type(film, ask.language) for film in films],
        }

    def film(self, movie_id: str) -> Film:
        """A film by its id, `550-with-words`, or its imdb id."""
        film = self.catalogue.by_imdb.get(movie_id) or self.catalogue.films.get(_id(movie_id))
        if film is None:
            raise DemoError(NOT_FOUND)
        return film

    def _person(self, person_id: str) -> Person:
        person = self.catalogue.people.get(_id(person_id))
        if person is None:
            raise DemoError(NOT_FOUND)
        return person

    def _films(self, found: list[Film], ask: Ask) -> dict[str, Any]:
        return paged(found, ask.params.page(), lambda film: summary(film, ask.language))

    def _window(self, span: tuple[dt.date, dt.date], ask: Ask) -> dict[str, Any]:
        first, last = span[0].isoformat(), span[1].isoformat()
        found = [film for film in self._popular if first <= film.released <= last]
        return {"dates": answers.dates(span), **self._films(found, ask)}

    @cached_property
    def _popular(self) -> list[Film]:
        return [film for film in self.catalogue.ordered("popularity.desc") or () if not film.adult]

    @cached_property
    def _top_rated(self) -> list[Film]:
        rated = [film for film in self._popular if film.vote_count]
        middling = sum(film.vote_average for film in rated) / max(1, len(rated))
        usual = sum(film.vote_count for film in rated) / max(1, len(rated))

        def weighed(film: Film) -> float:
            points = film.vote_average * film.vote_count + middling * usual
            return points / (film.vote_count + usual)

        return sorted(rated, key=lambda film: (-weighed(film), film.id))

    @cached_property
    def _trending_day(self) -> list[Film]:
        tallies = self.catalogue.tallies
        return self._by_views({key: kept.views_of_day for key, kept in tallies.items()})

    @cached_property
    def _trending_week(self) -> list[Film]:
        tallies = self.catalogue.tallies
        return self._by_views({key: kept.views_of_week for key, kept in tallies.items()})

    def _by_views(self, views: dict[int, int]) -> list[Film]:
        return sorted(self._popular, key=lambda film: -views.get(film.id, 0))


def _appended(ask: Ask) -> list[str]:
    names = [name.strip() for name in ask.params.text("append_to_response").split(",")]
    wanted = [name for name in names if name]
    if len(wanted) > _MOST_PARTS:
        raise DemoError(TOO_MANY_PARTS)
    return wanted


def _id(raw: str) -> int:
    digits = raw.partition("-")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise DemoError(NOT_FOUND)
    return int(digits)


def _search_movie(demo: Demo, ask: Ask, query: str) -> dict[str, Any]:
    year = ask.params.integer("primary_release_year") or ask.params.integer("year")
    found = search.films(demo.catalogue, query, year, ask.params.flag("include_adult"))
    return paged(found, ask.params.page(), lambda film: summary(film, ask.language))


def _search_person(demo: Demo, ask: Ask, query: str) -> dict[str, Any]:
    found = search.people(demo.catalogue, query)
    return paged(found, ask.params.page(), lambda person: people.found(person, ask.language))


def _search_keyword(demo: Demo, ask: Ask, query: str) -> dict[str, Any]:
    found = search.keywords(demo.catalogue, query)
    return paged(found, ask.params.page(), lambda row: {"id": row[0], "name": row[1]})


def _search_multi(demo: Demo, ask: Ask, query: str) -> dict[str, Any]:
    def shape(thing: Film | Person) -> dict[str, Any]:
        if isinstance(thing, Film):
            return with_media_type(thing, ask.language)
        return {**people.found(thing, ask.language), "media_type": "person"}

    found = search.films_and_people(demo.catalogue, query, ask.params.flag("include_adult"))
    return paged(found, ask.params.page(), shape)


_SEARCHES: Final[dict[str, Callable[[Demo, Ask, str], dict[str, Any]]]] = {
    "movie": _search_movie,
    "person": _search_person,
    "keyword": _search_keyword,
    "multi": _search_multi,
}
