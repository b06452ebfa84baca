"""How what a source told becomes rows. Called by the service, inside its transaction."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import cast

import msgspec
from sqlalchemy import Table, delete, func, insert, select, update

from moviesite.database import upsert
from moviesite.extensions import Base, db
from moviesite.models import (
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
from moviesite.providers.base import (
    GenreData,
    MovieData,
    MovieDetailData,
    PersonRef,
    ProviderData,
    WatchProvidersData,
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
    rows = [{"id": g.id, "name": g.name, "slug": slug(g.name)} for g in genres if g.name]
    # A name in another script folds to nothing; its id then serves as its address.
    for row in rows:
        row["slug"] = row["slug"] or str(row["id"])
    upsert(Genre, rows, update=("name",))


def store_movie_genres(movies: Sequence[MovieData]) -> None:
    """Genres and which of these movies have them."""
    store_genres(genre for movie in movies for genre in movie.genres)
    links = {movie.id: [genre.id for genre in movie.genres if genre.name] for movie in movies}
    _replace_links(movie_genres, "genre_id", links)
    _note_first_genres(links)


def _note_first_genres(movie_ids: Collection[int]) -> None:
    first = (
        select(func.min(Genre.name))
        .join(movie_genres, movie_genres.c.genre_id == Genre.id)
        .where(movie_genres.c.movie_id == Movie.id)
        .scalar_subquery()
    )
    changed = Movie.first_genre.is_distinct_from(first)
    db.session.execute(
        update(Movie)
        .where(Movie.id.in_(movie_ids), changed)
        .values(first_genre=first)
        .execution_options(synchronize_session=False)
    )


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


def store_credits(movie: MovieDetailData) -> None:
    """Cast and crew, unless the source left them out."""
    if "credits" in movie.missing:
        return
    store_people([part.person for part in movie.cast] + [part.person for part in movie.crew])
    cast = [
        {"person_id": part.person.id, "character": part.character, "order": part.order}
        for part in movie.cast
    ]
    crew = [
        {"person_id": part.person.id, "job": part.job, "department": part.department}
        for part in movie.crew
    ]
    _replace_rows(MovieCast, movie.id, _numbered(cast))
    _replace_rows(MovieCrew, movie.id, _numbered(crew))


def store_keywords(movie: MovieDetailData) -> None:
    """Keywords, unless the source left them out."""
    if "keywords" in movie.missing:
        return
    rows = [{"id": keyword.id, "name": keyword.name} for keyword in movie.keywords]
    upsert(Keyword, rows, update=("name",))
    _replace_links(movie_keywords, "keyword_id", {movie.id: [k.id for k in movie.keywords]})


def store_parts(movie: MovieDetailData) -> None:
    """Countries, languages, certificates and videos, as far as told."""
    if "countries" not in movie.missing:
        codes = dict.fromkeys(country.code for country in movie.countries)
        _replace_rows(MovieCountry, movie.id, [{"code": code} for code in codes])
    if "languages" not in movie.missing:
        codes = dict.fromkeys(language.code for language in movie.languages)
        _replace_rows(MovieLanguage, movie.id, [{"code": code} for code in codes])
    if "certifications" not in movie.missing:
        values = {certificate.region: certificate.value for certificate in movie.certifications}
        rows: list[Row] = [{"region": region, "value": value} for region, value in values.items()]
        _replace_rows(MovieCertification, movie.id, rows)
    if "videos" not in movie.missing:
        videos = [msgspec.structs.asdict(video) for video in movie.videos]
        _replace_rows(MovieVideo, movie.id, _numbered(videos))


def store_availability(movie: MovieDetailData) -> None:
    """Where the movie can be watched, in every region told."""
    if "watch_providers" in movie.missing:
        return
    offers = [
        (region.region, offer, provider)
        for region in movie.watch_providers
        for offer in _OFFERS
        for provider in _offered(region, offer)
    ]
    services = [
        {"id": provider.id, "name": provider.name, "logo_path": provider.logo_path}
        for _, _, provider in offers
    ]
    upsert(WatchProvider, services, update=("name", "logo_path"))
    rows = {(region, provider.id, offer): None for region, offer, provider in offers}
    _replace_rows(
        MovieAvailability,
        movie.id,
        [{"region": r, "provider_id": p, "offer": offer} for r, p, offer in rows],
    )


def _offered(region: WatchProvidersData, offer: str) -> tuple[ProviderData, ...]:
    providers: tuple[ProviderData, ...] = getattr(region, offer)
    return providers


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{**row, "position": position} for position, row in enumerate(rows)]


def _replace_rows(table: type[Base], movie_id: int, rows: Sequence[Row]) -> None:
    columns = cast(Table, table.__table__).c
    db.session.execute(delete(table).where(columns.movie_id == movie_id))
    if rows:
        db.session.execute(insert(table), [{**row, "movie_id": movie_id} for row in rows])


def _replace_links(table: Table, column: str, links: dict[int, list[int]]) -> None:
    db.session.execute(delete(table).where(table.c.movie_id.in_(links)))
    rows = [
        {"movie_id": movie_id, column: other}
        for movie_id in sorted(links)
        for other in sorted(set(links[movie_id]))
    ]
    if rows:
        db.session.execute(insert(table), rows)
