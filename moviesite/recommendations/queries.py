"""What people think of movies, what movies are made of, and what was learnt from it. Reads only."""

import datetime as dt
from collections.abc import Collection, Sequence
from heapq import nsmallest
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, String, and_, case, cast, func, literal, select, union_all

from moviesite.database import one_of
from moviesite.extensions import db
from moviesite.models import (
    Favorite,
    Feedback,
    Genre,
    Hidden,
    Keyword,
    Like,
    Movie,
    MovieCast,
    MovieCrew,
    Person,
    RecommenderRun,
    Review,
    Session,
    User,
    Viewing,
    Vote,
    movie_genres,
    movie_keywords,
)
from moviesite.models.recommendations import IN_SERVICE
from moviesite.models.types import UtcDateTime
from moviesite.recommendations.explaining import FEATURE_KINDS

# Out of five: from the first on a rating speaks for the movie, up to the second against it.
LIKED_FROM, DISLIKED_TO = 3.5, 2.0
LIKED, RATED, WATCHED, VETOED, SEEN = "liked", "rated", "watched", "vetoed", "seen"
# What speaks for a taste, the plainest word first: who likes what they watched likes it.
BASES = (LIKED, RATED, WATCHED)
_BILLED = 10
# So many ids are named to the database; beyond it everything is read and sorted out here.
_FEW = 500
_WRITING = ("Screenplay", "Writer", "Story", "Novel", "Author")


class Signals(NamedTuple):
    """What somebody thinks, as ids of movies; `muted` are ids by kind.

    `liked` speak for the person's taste, each with one of BASES; `vetoed` speak against it;
    `seen` are left out as well.
    """

    liked: dict[int, str]
    vetoed: frozenset[int]
    seen: frozenset[int]
    muted: dict[str, frozenset[int]]


def signals_of(user_id: int) -> Signals:
    """Everything that somebody said of movies, in one statement."""
    found: dict[str, set[int]] = {}
    for kind, movie_id in db.session.execute(union_all(*_opinions(user_id), *_muted(user_id))):
        found.setdefault(kind, set()).add(movie_id)
    vetoed = frozenset(found.get(VETOED, ()))
    liked = {movie_id: basis for basis in reversed(BASES) for movie_id in found.get(basis, ())}
    return Signals(
        liked={movie_id: basis for movie_id, basis in liked.items() if movie_id not in vetoed},
        vetoed=vetoed,
        seen=frozenset(found.get(SEEN, ())),
        muted={kind: frozenset(found.get(f"no {kind}", ())) for kind in _KINDS},
    )


_KINDS = ("genre", "person", "keyword", "movie")


def _opinions(user_id: int) -> list[Any]:
    """Rows of (what, movie id)."""
    more = case((Feedback.value == "more", LIKED), else_=VETOED)
    return [
        select(literal(LIKED), Favorite.movie_id).where(Favorite.user_id == user_id),
        select(literal(LIKED), Like.movie_id).where(Like.user_id == user_id),
        select(case((Vote.value > 0, LIKED), else_=VETOED), Vote.movie_id).where(
            Vote.user_id == user_id
        ),
        select(_of_rating(), Review.movie_id).where(Review.user_id == user_id),
        select(literal(SEEN), Review.movie_id).where(Review.user_id == user_id),
        select(literal(WATCHED), Viewing.movie_id).where(
            Viewing.user_id == user_id, Viewing.finished
        ),
        select(literal(SEEN), Viewing.movie_id).where(Viewing.user_id == user_id),
        select(more, Feedback.movie_id).where(Feedback.user_id == user_id),
    ]


def _of_rating() -> Any:
    return case(
        (Review.rating >= LIKED_FROM, RATED),
        (Review.rating <= DISLIKED_TO, VETOED),
        else_=SEEN,
    )


def _muted(user_id: int) -> list[Any]:
    kind = literal("no ") + cast(Hidden.kind, String)
    return [select(kind, Hidden.target_id).where(Hidden.user_id == user_id)]


def muted_movies(muted: dict[str, frozenset[int]], among: Collection[int]) -> set[int]:
    """Those of the movies that have in them what was muted, and all that somebody muted.

    One statement, or none. A genre may be that of very many more than those.
    """
    people, found = muted["person"], list[Any]()
    if muted["genre"]:
        genres = movie_genres.c.genre_id.in_(muted["genre"])
        found.append(select(movie_genres.c.movie_id).where(genres))
    if muted["keyword"]:
        keywords = movie_keywords.c.keyword_id.in_(muted["keyword"])
        found.append(select(movie_keywords.c.movie_id).where(keywords))
    if people:
        found.append(select(MovieCast.movie_id).where(MovieCast.person_id.in_(people)))
        found.append(select(MovieCrew.movie_id).where(MovieCrew.person_id.in_(people)))
    those = (part.where(one_of(part.selected_columns[0], among)) for part in found)
    rows = db.session.execute(union_all(*those)).all() if found else ()
    return {row[0] for row in rows} | muted["movie"]


def left_out(signals: Signals, among: Collection[int]) -> set[int]:
    """Which of the movies are not to be offered to somebody: a statement where any is muted."""
    return muted_movies(signals.muted, among) | signals.vetoed | signals.seen


def interactions() -> Sequence[tuple[int, int, dt.datetime]]:
    """Who likes which movie since when, without those that the same person speaks against."""
    positive = union_all(
        select(Favorite.user_id, Favorite.movie_id, Favorite.added_at.label("since")),
        select(Like.user_id, Like.movie_id, Like.added_at),
        select(Vote.user_id, Vote.movie_id, Vote.added_at).where(Vote.value > 0),
        select(Review.user_id, Review.movie_id, Review.created_at).where(
            Review.rating >= LIKED_FROM
        ),
        select(Viewing.user_id, Viewing.movie_id, Viewing.watched_at).where(Viewing.finished),
        select(Feedback.user_id, Feedback.movie_id, Feedback.added_at).where(
            Feedback.value == "more"
        ),
    ).subquery()
    against = union_all(
        select(Vote.user_id, Vote.movie_id).where(Vote.value < 0),
        select(Review.user_id, Review.movie_id).where(Review.rating <= DISLIKED_TO),
        select(Feedback.user_id, Feedback.movie_id).where(Feedback.value != "more"),
    ).subquery()
    same = and_(against.c.user_id == positive.c.user_id, against.c.movie_id == positive.c.movie_id)
    statement = (
        select(
            positive.c.user_id, positive.c.movie_id, func.min(positive.c.since, type_=UtcDateTime)
        )
        .where(~select(literal(1)).where(same).exists())
        .group_by(positive.c.user_id, positive.c.movie_id)
        .order_by(positive.c.user_id, positive.c.movie_id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement)]


def opinion_count() -> int:
    """How many opinions are stored: what tells whether it is worth learning anew."""
    counts = (
        select(func.count()).select_from(table).scalar_subquery()
        for table in (Favorite, Like, Vote, Review, Viewing, Feedback)
    )
    return db.session.scalar(select(sum(counts, literal(0)))) or 0


def candidate_ids(liked: Collection[int], most: int) -> list[int]:
    """Movies that can be recommended: liked ones, then those known whole, most popular first."""
    statement = select(Movie.id, Movie.popularity, Movie.detailed_at.is_not(None))
    rows = db.session.execute(statement.where(Movie.adult.is_(False)))
    found = [
        (movie_id not in liked, -popularity, movie_id)
        for movie_id, popularity, is_known in rows
        if is_known or movie_id in liked
    ]
    return [movie_id for _, _, movie_id in nsmallest(most, found)]


def known_count() -> int:
    """How many movies are known whole."""
    known = select(func.count()).select_from(Movie).where(Movie.detailed_at.is_not(None))
    return db.session.scalar(known) or 0


def description_of(movie_ids: Collection[int]) -> dict[str, dict[int, list[int]]]:
    """Genres, directors, writers, first-billed cast and keywords: kind -> movie id -> ids."""
    wanted = set(movie_ids)
    kinds: dict[str, dict[int, list[int]]] = {}
    for kind, statement in _descriptions().items():
        rows = kinds[kind] = {}
        if len(wanted) <= _FEW:
            statement = statement.where(statement.selected_columns[0].in_(wanted))
        for movie_id, thing in db.session.execute(statement):
            if movie_id in wanted:
                rows.setdefault(movie_id, []).append(thing)
    return kinds


def _descriptions() -> dict[str, Select[Any]]:
    """Rows of (movie id, id of what it has) by kind."""
    return {
        "genre": select(movie_genres.c.movie_id, movie_genres.c.genre_id),
        "director": select(MovieCrew.movie_id, MovieCrew.person_id).where(
            MovieCrew.job == "Director"
        ),
        "writer": select(MovieCrew.movie_id, MovieCrew.person_id).where(
            MovieCrew.job.in_(_WRITING)
        ),
        "cast": select(MovieCast.movie_id, MovieCast.person_id).where(MovieCast.position < _BILLED),
        "keyword": select(movie_keywords.c.movie_id, movie_keywords.c.keyword_id),
    }


def genres_among(genre_ids: Collection[int], among: Collection[int]) -> Sequence[Row[int, int]]:
    """Movies (ids) and which of the genres they are of; one statement."""
    table = movie_genres.c
    wanted = one_of(table.genre_id, genre_ids), one_of(table.movie_id, among)
    return db.session.execute(select(table.movie_id, table.genre_id).where(*wanted)).all()


def active_since(moment: dt.datetime) -> Sequence[User]:
    """People who were signed in and did something since."""
    recent = select(Session.user_id).where(Session.last_used_at >= moment)
    return db.session.scalars(select(User).where(User.id.in_(recent)).order_by(User.id)).all()


def names_of(ids: dict[str, set[int]]) -> dict[tuple[str, int], str]:
    """Names of genres, people and keywords by kind and id; at most a statement a kind."""
    tables: dict[str, type[Genre | Person | Keyword]] = {
        "genre": Genre,
        "person": Person,
        "keyword": Keyword,
    }
    found: dict[tuple[str, int], str] = {}
    for kind, wanted in ids.items():
        table = tables[kind]
        rows = db.session.execute(select(table.id, table.name).where(table.id.in_(wanted)))
        found |= {(kind, row.id): row.name for row in rows}
    return found


def features_of(movie_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """What movies are made of: positions in FEATURE_KINDS with ids, by movie; one statement.

    All of the movies have an entry, empty where nothing is known.
    """
    found: dict[int, list[tuple[int, int]]] = {movie_id: [] for movie_id in movie_ids}
    parts = [
        statement.add_columns(literal(FEATURE_KINDS.index(kind))).where(
            statement.selected_columns[0].in_(found)
        )
        for kind, statement in _descriptions().items()
    ]
    for movie_id, thing, kind in db.session.execute(union_all(*parts)) if found else ():
        found[movie_id].append((kind, thing))
    return found


def years_of(movie_ids: Collection[int]) -> dict[int, int]:
    """Years of release of those of the movies whose date is known."""
    rows = db.session.execute(select(Movie.id, Movie.release_date))
    wanted = set(movie_ids)
    return {movie_id: date.year for movie_id, date in rows if date and movie_id in wanted}


def version_in_service() -> str | None:
    """Which model is in service."""
    statement = select(RecommenderRun.version).where(RecommenderRun.status == IN_SERVICE)
    return db.session.scalar(statement)


def run_in_service() -> RecommenderRun | None:
    """The training whose model is in service."""
    return db.session.scalar(select(RecommenderRun).where(RecommenderRun.status == IN_SERVICE))


def run_of(version: str) -> RecommenderRun | None:
    """The training that made a model."""
    return db.session.scalar(select(RecommenderRun).where(RecommenderRun.version == version))


def runs(limit: int = 50) -> Sequence[RecommenderRun]:
    """The latest trainings, newest first."""
    statement = select(RecommenderRun).order_by(RecommenderRun.id.desc()).limit(limit)
    return db.session.scalars(statement).all()
