"""Loads a file of film facts and keeps it ready: films, people, keywords, orders. Answers nothing.

A file has one JSON object a line (gzipped when its name ends in `.gz`) with `id` and `title`; every
other field may be missing. A file's own votes, popularity, overview and imdb ids are used as they
are; a film without votes has those of the demo viewers.
"""

import datetime as dt
import gzip
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

from moviesite.demo import windows
from moviesite.demo.folding import fold, searchable
from moviesite.demo.records import Film, Person, Row
from moviesite.demo.viewers import Tally, Viewer, bundled_viewers, tally

BUNDLED_CATALOGUE: Final = Path(__file__).with_name("catalogue.jsonl.gz")


class Catalogue:
    """Every film of one file. Nothing in it changes after it was made."""

    def __init__(self, rows: Iterable[Row], viewers: Iterable[Viewer]) -> None:
        self.viewers = tuple(viewers)
        self.tallies = tally(self.viewers)
        made = (_film(row, self.tallies.get(int(row["id"]))) for row in rows)
        self.films: dict[int, Film] = {film.id: film for film in made}
        dated = sorted(film.released for film in self.films.values() if film.released)
        self.today: dt.date = windows.standing_day(dated)
        self.now_playing = windows.now_playing(dated, self.today)
        self.upcoming = windows.upcoming(dated, self.today)
        self._orders: dict[str, tuple[Film, ...]] = {}

    @cached_property
    def people(self) -> dict[int, Person]:
        """Everybody in the credits, by id."""
        people: dict[int, Person] = {}
        for film in self.films.values():
            for credit in film.row.get("cast", ()):
                person = _named(people, credit)
                person.cast.append((film, credit))
                person.popularity += film.popularity / (2 + credit.get("order", 0))
            for credit in film.row.get("crew", ()):
                person = _named(people, credit)
                person.crew.append((film, credit))
                person.popularity += film.popularity / 8
        return people

    @cached_property
    def people_by_words(self) -> list[tuple[str, Person]]:
        """Everybody with the folded name: folding takes longer than looking through all."""
        return [(searchable(person.name), person) for person in self.people.values()]

    @cached_property
    def keywords(self) -> dict[int, str]:
        """Every keyword by id."""
        rows = (kept for film in self.films.values() for kept in film.row.get("keywords", ()))
        return {row["id"]: row["name"] for row in rows}

    @cached_property
    def genres(self) -> dict[int, str]:
        """Every genre that a film of this file has, by id."""
        rows = (kept for film in self.films.values() for kept in film.row.get("genres", ()))
        return {row["id"]: row["name"] for row in rows}

    @cached_property
    def by_imdb(self) -> dict[str, Film]:
        """Films by imdb id, for files that have them."""
        return {f.row["imdb_id"]: f for f in self.films.values() if f.row.get("imdb_id")}

    @cached_property
    def collections(self) -> dict[int, list[Film]]:
        """Films by the collection they belong to, for files that have collections."""
        found: dict[int, list[Film]] = {}
        for film in self.films.values():
            if collection := film.row.get("belongs_to_collection"):
                found.setdefault(collection["id"], []).append(film)
        return found

    def prepare(self) -> None:
        """Make now what is otherwise made when first needed, so that forked processes share it."""
        for part in _LATER:
            getattr(self, part)
        for name in _SORT_KEYS:
            self.ordered(f"{name}.desc")

    def ordered(self, sort_by: str) -> tuple[Film, ...] | None:
        """All films by `name.asc` or `name.desc`; None for an unknown order.

        Films that lack the value stand last in both directions; equal ones are by id.
        """
        name, _, direction = sort_by.partition(".")
        if name not in _SORT_KEYS or direction not in ("asc", "desc"):
            return None
        if sort_by not in self._orders:
            self._orders[sort_by] = _sorted(
                self.films.values(), _SORT_KEYS[name], direction == "desc"
            )
        return self._orders[sort_by]

    def film_facts(self, movie_id: int) -> dict[str, Any] | None:
        """`{id, title, year, genre_ids, director}` of a film, None when it is not here."""
        film = self.films.get(movie_id)
        if film is None:
            return None
        crew = film.row.get("crew", ())
        return {
            "id": film.id,
            "title": film.title,
            "year": film.year,
            "genre_ids": [genre["id"] for genre in film.row.get("genres", ())],
            "director": next((c["name"] for c in crew if c.get("job") == "Director"), None),
        }

    def person_facts(self, person_id: int) -> dict[str, Any] | None:
        """`{id, name, department}` of a person, None when nobody here has that id."""
        person = self.people.get(person_id)
        if person is None:
            return None
        return {"id": person.id, "name": person.name, "department": person.department}


def read_rows(path: Path) -> list[Row]:
    """The rows of a catalogue file."""
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return [orjson.loads(line) for line in text.splitlines() if line.strip()]


def load(path: Path | None = None) -> Catalogue:
    """The catalogue of a file; the bundled one when None."""
    return Catalogue(read_rows(path or BUNDLED_CATALOGUE), bundled_viewers())


@lru_cache(maxsize=1)
def bundled() -> Catalogue:
    """The catalogue that comes with the demo, read once."""
    return load()


def film_facts(movie_id: int) -> dict[str, Any] | None:
    """`{id, title, year, genre_ids, director}` of a bundled film, None when it is not there."""
    return bundled().film_facts(movie_id)


def person_facts(person_id: int) -> dict[str, Any] | None:
    """`{id, name, department}` of somebody in the bundled credits, else None."""
    return bundled().person_facts(person_id)


# What a catalogue makes only when it is needed.
_LATER: Final = tuple(
    name for name, part in vars(Catalogue).items() if isinstance(part, cached_property)
)


def _film(row: Row, kept: Tally | None) -> Film:
    title = row["title"]
    original_title = row.get("original_title") or title
    kept = kept or Tally()
    own_votes = row.get("vote_count") is not None
    return Film(
        id=int(row["id"]),
        row=row,
        title=title,
        original_title=original_title,
        language=row.get("original_language") or "en",
        released=row.get("release_date") or "",
        runtime=row.get("runtime") or 0,
        genres=_ids(row.get("genres")),
        keywords=_ids(row.get("keywords")),
        companies=_ids(row.get("production_companies")),
        countries=frozenset(c["iso_3166_1"] for c in row.get("production_countries") or ()),
        cast=_ids(row.get("cast")),
        crew=_ids(row.get("crew")),
        adult=bool(row.get("adult")),
        popularity=row.get("popularity") or round(0.6 + kept.attention, 3),
        vote_average=row.get("vote_average") or 0.0 if own_votes else kept.average,
        vote_count=row["vote_count"] if own_votes else kept.votes,
        revenue=row.get("revenue") or 0,
        words=searchable(title, original_title),
    )


def _ids(rows: Iterable[Row] | None) -> frozenset[int]:
    return frozenset(row["id"] for row in rows or ())


def _named(people: dict[int, Person], credit: Row) -> Person:
    person_id = credit["id"]
    if person_id not in people:
        people[person_id] = Person(person_id, credit["name"])
    return people[person_id]


_SORT_KEYS: Final[dict[str, Callable[[Film], Any]]] = {
    "popularity": lambda film: film.popularity,
    "release_date": lambda film: film.released,
    "primary_release_date": lambda film: film.released,
    "revenue": lambda film: film.revenue or None,
    "title": lambda film: fold(film.title),
    "original_title": lambda film: fold(film.original_title),
    "vote_average": lambda film: film.vote_average,
    "vote_count": lambda film: film.vote_count,
}


def _sorted(films: Iterable[Film], key: Callable[[Film], Any], falling: bool) -> tuple[Film, ...]:
    by_id = sorted(films, key=lambda film: film.id)
    having = [film for film in by_id if key(film) not in (None, "")]
    having.sort(key=key, reverse=falling)
    lacking = [film for film in by_id if key(film) in (None, "")]
    return (*having, *lacking)
