"""Everything about a movie, or what lists told of it while its source is silent. No web."""

from moviesite.caching import Answer
from moviesite.catalogue import browse, live, queries
from moviesite.errors import Unavailable
from moviesite.providers.base import MovieData, MovieDetailData

# What no list tells.
_UNTOLD = (
    *("runtime", "status", "imdb_id", "countries", "languages", "keywords", "credits", "videos"),
    *("watch_providers", "certifications", "similar", "recommendations"),
)
# What some lists do not tell.
_FACTS = ("overview", "release_date", "genres")


def movie(movie_id: int, language: str) -> Answer[MovieDetailData]:
    """As its source tells it, or as it is stored; what is not told then is named in `missing`.

    Raises NotFound, or Unavailable where the source is silent and nothing is stored.
    """
    try:
        return live.movie(movie_id, language)
    except Unavailable:
        [row] = live.shown(tuple(browse.chosen([movie_id])), language) or (None,)
        fetched_at = queries.fetched_at(movie_id)
        if row is None or fetched_at is None:
            raise
        return Answer(_as_detail(row), fetched_at, stale=True)


def _as_detail(row: MovieData) -> MovieDetailData:
    facts = {name: getattr(row, name) for name in row.__struct_fields__}
    absent = [name for name in _FACTS if not facts[name]]
    return MovieDetailData(**facts, missing=(*absent, *_UNTOLD))
