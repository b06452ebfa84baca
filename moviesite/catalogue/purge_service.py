"""Lets go of everything that came from TMDb, and of nothing that is anybody's own."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    Delete,
    Select,
    String,
    cast,
    delete,
    func,
    literal,
    select,
    union,
    update,
)

from moviesite import caching
from moviesite.catalogue import override_queries
from moviesite.catalogue.overrides import OWN_IDS
from moviesite.database import changed_rows, table_of, tables_about
from moviesite.extensions import Base, db
from moviesite.models import (
    Collection,
    ExternalRating,
    Genre,
    Keyword,
    Movie,
    Override,
    Person,
    TmdbSnapshot,
    WatchProvider,
    WordSpelling,
)
from moviesite.transactions import after_commit, transactional

# Rows that hang on these go with them.
_FROM_TMDB = (TmdbSnapshot, Person, Genre, Keyword, Collection, WatchProvider, WordSpelling)
# When rows were fetched of which the number alone is kept; all others are later.
EMPTIED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_BLANK: dict[str, Any] = {
    "title": literal("TMDb ") + cast(Movie.id, String),
    **dict.fromkeys(("original_title", "original_language", "search_text", "title_key"), ""),
    **dict.fromkeys(("overview", "tagline", "status", "homepage"), ""),
    **dict.fromkeys(("release_date", "runtime", "imdb_id", "budget", "revenue")),
    **dict.fromkeys(("poster_path", "backdrop_path", "collection_id", "first_genre")),
    **dict.fromkeys(("vote_average", "vote_count", "popularity"), 0),
    "fetched_at": EMPTIED,
    "detailed_at": None,
}


@transactional
def purge_tmdb() -> int:
    """Delete everything that came from TMDb; returns how many rows.

    Of a movie that something of somebody's hangs on, the number stays and nothing else.
    """
    after_commit(caching.purge)
    _hold_movies()
    for table in tables_about(Movie, "CASCADE"):
        if table is not table_of(ExternalRating):
            db.session.execute(delete(table))
    deleted = sum(changed_rows(_deletion(table)) for table in _FROM_TMDB)
    # What is said here stays; what TMDb had said beside it goes.
    db.session.execute(update(Override).values(source=None))
    after_commit(override_queries.changed)
    deleted += changed_rows(delete(Movie).where(Movie.id.not_in(_held())))
    return deleted + changed_rows(update(Movie).values(_BLANK))


def _hold_movies() -> None:
    """Whoever keeps one at this moment is waited for, and what they keep is then seen."""
    held = select(Movie.id).with_for_update().subquery()
    db.session.execute(select(func.count()).select_from(held))


def _deletion(table: type[Base]) -> Delete:
    """Of everything in a table, but for genres and keywords that were added here."""
    own = {Genre: Genre.id, Keyword: Keyword.id}.get(table)
    return delete(table) if own is None else delete(table).where(own < OWN_IDS)


def _held() -> Select[tuple[int]]:
    """Ids of movies that something of somebody's hangs on."""
    tables = sorted(tables_about(Movie, "RESTRICT"), key=lambda table: table.name)
    ids = union(*(select(table.c.movie_id) for table in tables)).subquery("held")
    return select(ids.c.movie_id)
