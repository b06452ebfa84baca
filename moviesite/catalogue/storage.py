"""How what a source told becomes rows. Called by the service, inside its transaction."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import cast

import msgspec
from sqlalchemy import Select, Table, delete, func, insert, select, tuple_, update

from moviesite.catalogue import override_queries
from moviesite.database import one_of, run_unseen, table_of
from moviesite.extensions import Base, db
from moviesite.inserts import upsert
from moviesite.models import (
    Collection,
    Genre,
    Keyword,
    Movie,
    MovieAvailability,
    MovieCast,
    MovieCertification,
    MovieCountry,
    MovieCrew,
    MovieLanguage,
    MovieVideo,
    Person,
    WatchProvider,
    movie_genres,
    movie_keywords,
)
from moviesite.models.overrides import GENRE, KEYWORD, REMOVED
from moviesite.providers.base import (
    CastData,
    CrewData,
    GenreData,
    MovieData,
    MovieDetailData,
    NamedCode,
    PersonRef,
    ProviderData,
)
from moviesite.text import fold, slug

Row = dict[str, object]

SUMMARY_COLUMNS = (
    *("title", "original_title", "original_language", "overview", "release_date"),
    *("search_text", "title_key"),
    *("poster_path", "backdrop_path", "vote_average", "vote_count", "popularity", "adult"),
    "fetched_at",
)
DETAIL_COLUMNS = (
    *SUMMARY_COLUMNS,
    *("tagline", "runtime", "status", "imdb_id", "homepage", "budget", "revenue"),
    *("collection_id", "detailed_at"),
)
_OFFERS = ("stream", "rent", "buy")


def summary_row(movie: MovieData, now: dt.datetime) -> Row:
    """Columns of a movie that every list tells."""
    return {
        "id": movie.id,
        "title": movie.title,
        "original_title": movie.original_title,
        "original_language": movie.original_language,
        **search_columns(movie.title, movie.original_title),
        "overview": movie.overview,
        "release_date": movie.release_date,
        "poster_path": movie.poster_path,
        "backdrop_path": movie.backdrop_path,
        "vote_average": movie.vote_average,
        "vote_count": movie.vote_count,
        "popularity": movie.popularity,
        "adult": movie.adult,
        "created_at": now,
        "fetched_at": now,
    }


def search_columns(title: str, original_title: str) -> dict[str, str]:
    """What a movie is found and sorted by; triggers take the rest of the search from these."""
    title_key = fold(title)[:500]
    original = fold(original_title)
    both = title_key if original == title_key else f"{title_key} {original}".strip()
    return {"search_text": both[:1100], "title_key": title_key}


def detail_row(movie: MovieDetailData, now: dt.datetime) -> Row:
    """Columns of a movie that only its own page tells."""
    return {
        **summary_row(movie, now),
        "tagline": movie.tagline,
        "runtime": movie.runtime,
        "status": movie.status,
        "imdb_id": movie.imdb_id,
        "homepage": movie.homepage,
        "budget": movie.budget,
        "revenue": movie.revenue,
        "collection_id": movie.collection.id if movie.collection else None,
        "detailed_at": now,
    }


def store_genres(genres: Iterable[GenreData]) -> None:
    """Genres under their names and addresses."""
    # A name in another script folds to nothing; its id then serves as its address.
    rows = [
        {"id": g.id, "name": g.name, "slug": slug(g.name) or str(g.id)} for g in genres if g.name
    ]
    upsert(Genre, _with_free_slugs(_as_named_here(GENRE, rows)), update=("name",))


def _as_named_here(kind: str, rows: Sequence[Row]) -> list[Row]:
    """The rows under the names that they have here, without those that are not to be here."""
    ids = {cast(int, row["id"]) for row in rows}
    held = override_queries.overrides_of(kind, ids) if ids else []
    removed = {one.subject_id for one in held if one.field == REMOVED}
    names = {one.subject_id: {"name": one.value} for one in held if one.field == "name"}
    shown = ({**row, **names.get(cast(int, row["id"]), {})} for row in rows)
    return [row for row in shown if row["id"] not in removed]


def _with_free_slugs(rows: Sequence[Row]) -> list[Row]:
    """An address that another genre has, one of our own for instance, takes the id along."""
    wanted = [row["slug"] for row in rows]
    taken = select(Genre.slug, Genre.id).where(Genre.slug.in_(wanted))
    holders: dict[object, object] = {}
    if wanted:
        holders = {row.slug: row.id for row in db.session.execute(taken)}
    for row in rows:
        if holders.setdefault(row["slug"], row["id"]) != row["id"]:
            row["slug"] = f"{row['slug']}-{row['id']}"
    return list(rows)


def store_movie_genres(movies: Sequence[MovieData]) -> None:
    """Genres and which of these movies have them.

    Rows of lists name genres by id alone: an id that nobody has named yet says nothing, and where
    a movie has no other its genres stay as they are.
    """
    store_genres(genre for movie in movies for genre in movie.genres)
    named = set(db.session.scalars(select(Genre.id)))
    links = {movie.id: [g.id for g in movie.genres if g.id in named] for movie in movies}
    links = {movie_id: found for movie_id, found in links.items() if found}
    _replace_links(movie_genres, "genre_id", links)
    _note_first_genres(links)


def set_genres(movie_id: int, genre_ids: Sequence[int]) -> None:
    """Let a movie have exactly these genres, of those that are stored."""
    stored = db.session.scalars(select(Genre.id).where(Genre.id.in_(genre_ids)))
    _replace_links(movie_genres, "genre_id", {movie_id: list(stored)})
    _note_first_genres([movie_id])


def set_keywords(movie_id: int, keyword_ids: Sequence[int]) -> None:
    """Let a movie have exactly these keywords, of those that are stored."""
    stored = db.session.scalars(select(Keyword.id).where(Keyword.id.in_(keyword_ids)))
    _replace_links(movie_keywords, "keyword_id", {movie_id: list(stored)})


def renew_first_genres(genre_id: int, *, without: bool = False) -> None:
    """Look anew which genre comes first for the movies that have this one; `without` it."""
    linked = select(movie_genres.c.movie_id).where(movie_genres.c.genre_id == genre_id)
    first = _first_genre()
    first = first.where(Genre.id != genre_id) if without else first
    run_unseen(
        update(Movie).where(Movie.id.in_(linked)).values(first_genre=first.scalar_subquery())
    )


def _first_genre() -> Select[str | None]:
    """The name of it, for a statement about movies."""
    return (
        select(func.min(Genre.name))
        .join(movie_genres, movie_genres.c.genre_id == Genre.id)
        .where(movie_genres.c.movie_id == Movie.id)
        .correlate(Movie)
    )


def _note_first_genres(movie_ids: Iterable[int]) -> None:
    first = _first_genre().scalar_subquery()
    changed = Movie.first_genre.is_distinct_from(first)
    run_unseen(update(Movie).where(Movie.id.in_(movie_ids), changed).values(first_genre=first))


def person_row(person: PersonRef) -> Row:
    """Columns of a person that credits tell."""
    return {
        "id": person.id,
        "name": person.name,
        "search_text": fold(person.name),
        "profile_path": person.profile_path,
    }


def store_people(people: Iterable[PersonRef]) -> None:
    """People by name and portrait."""
    rows = [person_row(person) for person in people]
    upsert(Person, rows, update=("name", "search_text", "profile_path"))


def store_collections(movies: Sequence[MovieDetailData]) -> None:
    """The series that the movies belong to."""
    rows = [
        {"id": series.id, "name": series.name, "poster_path": series.poster_path}
        for series in (movie.collection for movie in movies)
        if series
    ]
    upsert(Collection, rows, update=("name", "poster_path"))


def store_credits(movies: Sequence[MovieDetailData]) -> None:
    """Cast and crew of those movies of which the source told them."""
    complete = [movie for movie in movies if "credits" not in movie.missing]
    people = [[*(p.person for p in m.cast), *(p.person for p in m.crew)] for m in complete]
    store_people(chain.from_iterable(people))
    _replace_rows(
        MovieCast, {movie.id: _numbered(map(_cast_row, movie.cast)) for movie in complete}
    )
    _replace_rows(
        MovieCrew, {movie.id: _numbered(map(_crew_row, movie.crew)) for movie in complete}
    )


def _cast_row(part: CastData) -> Row:
    return {"person_id": part.person.id, "character": part.character, "order": part.order}


def _crew_row(part: CrewData) -> Row:
    return {"person_id": part.person.id, "job": part.job, "department": part.department}


def store_keywords(movies: Sequence[MovieDetailData]) -> None:
    """Keywords of those movies of which the source told them."""
    complete = [movie for movie in movies if "keywords" not in movie.missing]
    rows: list[Row] = [
        {"id": word.id, "name": word.name} for movie in complete for word in movie.keywords
    ]
    kept = _as_named_here(KEYWORD, rows)
    upsert(Keyword, kept, update=("name",))
    known = {row["id"] for row in kept}
    links = {movie.id: [k.id for k in movie.keywords if k.id in known] for movie in complete}
    _replace_links(movie_keywords, "keyword_id", links)


def store_parts(movies: Sequence[MovieDetailData]) -> None:
    """Countries, languages, certificates and videos, as far as told."""
    for part, table, rows_of in _PARTS:
        complete = [movie for movie in movies if part not in movie.missing]
        _replace_rows(table, {movie.id: rows_of(movie) for movie in complete})


def _code_rows(complete: Iterable[NamedCode]) -> list[Row]:
    return [{"code": code} for code in dict.fromkeys(one.code for one in complete)]


def _certification_rows(movie: MovieDetailData) -> list[Row]:
    values = {certificate.region: certificate.value for certificate in movie.certifications}
    return [{"region": region, "value": value} for region, value in values.items()]


def _video_rows(movie: MovieDetailData) -> list[Row]:
    return _numbered(msgspec.structs.asdict(video) for video in movie.videos)


_PARTS: tuple[tuple[str, type[Base], Callable[[MovieDetailData], list[Row]]], ...] = (
    ("countries", MovieCountry, lambda movie: _code_rows(movie.countries)),
    ("languages", MovieLanguage, lambda movie: _code_rows(movie.languages)),
    ("certifications", MovieCertification, _certification_rows),
    ("videos", MovieVideo, _video_rows),
)


def store_availability(movies: Sequence[MovieDetailData]) -> None:
    """Where the movies can be watched, in every region told."""
    complete = [movie for movie in movies if "watch_providers" not in movie.missing]
    offers = {movie.id: _offers(movie) for movie in complete}
    services = [
        {"id": provider.id, "name": provider.name, "logo_path": provider.logo_path}
        for found in offers.values()
        for provider in found.values()
    ]
    upsert(WatchProvider, services, update=("name", "logo_path"))
    rows: dict[int, list[Row]] = {
        movie_id: [{"region": r, "provider_id": p, "offer": offer} for r, p, offer in found]
        for movie_id, found in offers.items()
    }
    _replace_rows(MovieAvailability, rows)


def _offers(movie: MovieDetailData) -> dict[tuple[str, int, str], ProviderData]:
    """Providers by region, id and kind of offer, each once."""
    return {
        (region.region, provider.id, offer): provider
        for region in movie.watch_providers
        for offer in _OFFERS
        for provider in getattr(region, offer)
    }


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "position": position} for position, row in enumerate(rows)]


def _replace_rows(table: type[Base], rows: Mapping[int, Sequence[Row]]) -> None:
    """Let each movie have exactly these rows of a table."""
    columns = table_of(table).c
    db.session.execute(delete(table).where(columns.movie_id.in_(rows)))
    every = [{**row, "movie_id": movie_id} for movie_id, own in rows.items() for row in own]
    if every:
        db.session.execute(insert(table_of(table)), every)


def _replace_links(table: Table, column: str, links: Mapping[int, Sequence[int]]) -> None:
    """Let each movie have exactly these; what it has already is left alone."""
    linked = tuple_(table.c.movie_id, table.c[column])
    held = select(table.c.movie_id, table.c[column]).where(one_of(table.c.movie_id, [*links]))
    before = {(row[0], row[1]) for row in db.session.execute(held)}
    after = {(movie_id, other) for movie_id, others in links.items() for other in others}
    if gone := before - after:
        db.session.execute(delete(table).where(linked.in_(sorted(gone))))
    upsert(table, [{"movie_id": movie_id, column: other} for movie_id, other in after - before])
