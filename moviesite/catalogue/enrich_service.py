"""What sources beside TMDb add to a stored movie. They enrich it and are never needed."""

import datetime as dt
from collections.abc import Sequence

import structlog
from sqlalchemy import delete, select

from moviesite import clock
from moviesite.errors import NotFound, Unavailable
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.models import Enrichment, ExternalRating, Movie
from moviesite.providers.base import EnrichmentData, MovieProvider
from moviesite.providers.http import JOB, patience
from moviesite.providers.movie_providers import current_providers
from moviesite.providers.omdb import NAME as OMDB
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

# Awards and scores change slowly, and keys are short of calls.
_FRESH = dt.timedelta(days=30)
_COLUMNS = ("awards", "plot", "rated", "metascore", "imdb_rating", "imdb_votes")

log = structlog.get_logger(__name__)


def ask_for_enrichment(movie_id: int) -> None:
    """Have a job ask the other sources about a stored movie, if there are any and it is due."""
    if current_providers() and _imdb_id_when_due(movie_id):
        enqueue(Job.ENRICH_MOVIE, movie_id)


def enrich(movie_id: int) -> None:
    """Store what the other sources say of a movie now; a second call soon after asks nobody.

    Raises Unavailable where none of them answered, so that the job is tried again.
    """
    imdb_id = _imdb_id_when_due(movie_id)
    providers = current_providers()
    if imdb_id is None or not providers:
        return
    answers = _answers(providers, imdb_id)
    _store(movie_id, answers)


def _imdb_id_when_due(movie_id: int) -> str | None:
    """The movie's IMDb id, unless it has none or was asked about lately."""
    asked_at = select(Enrichment.fetched_at).where(Enrichment.movie_id == Movie.id)
    statement = select(Movie.imdb_id, asked_at.scalar_subquery()).where(Movie.id == movie_id)
    row = db.session.execute(statement).first()
    if row is None or (row[1] is not None and clock.now() - row[1] < _FRESH):
        return None
    imdb_id: str | None = row[0]
    return imdb_id


def _answers(providers: Sequence[MovieProvider], imdb_id: str) -> dict[str, EnrichmentData]:
    """What each of the sources says, by its name."""
    answers: dict[str, EnrichmentData] = {}
    problem: Unavailable | None = None
    with patience(JOB):
        for provider in providers:
            try:
                answers[provider.name] = provider.movie(imdb_id)
            except NotFound:
                answers[provider.name] = EnrichmentData(imdb_id=imdb_id)
            except Unavailable as error:
                problem = error
    if problem and not answers:
        raise problem
    return answers


@transactional
def _store(movie_id: int, answers: dict[str, EnrichmentData]) -> None:
    """Ratings of the source named first win; the facts are OMDb's own."""
    now = clock.now()
    facts = answers.get(OMDB) or EnrichmentData(imdb_id="")
    row = {name: getattr(facts, name) for name in _COLUMNS}
    upsert(
        Enrichment,
        [{"movie_id": movie_id, **row, "fetched_at": now}],
        update=(*_COLUMNS, "fetched_at"),
    )
    values = {
        rating.source: rating.value
        for data in reversed(answers.values())
        for rating in data.ratings
    }
    db.session.execute(delete(ExternalRating).where(ExternalRating.movie_id == movie_id))
    upsert(
        ExternalRating,
        [
            {"movie_id": movie_id, "source": source, "value": value, "fetched_at": now}
            for source, value in values.items()
        ],
    )
    log.info("enriched", movie=movie_id, sources=sorted(answers))
