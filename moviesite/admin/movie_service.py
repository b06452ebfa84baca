"""Those who run the site add films, say something of them instead of their source, take it back.

Every verb is one transaction with its entry in the audit log. No web.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from moviesite import audit, idempotency
from moviesite.accounts import policy
from moviesite.admin import caches_service, movie_queries
from moviesite.audit import Act, Subject
from moviesite.catalogue import live, override_service, overrides, queries, service
from moviesite.config import current_config
from moviesite.errors import Conflict, InvalidInput
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.models import Genre, Keyword, Movie, User
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

Values = Mapping[str, Any]
# For doors, which see the services and queries of another feature alone.
FIELDS = overrides.FIELDS


def add(actor: User, movie_id: int, changes: Values, *, once: Once | None = None) -> None:
    """Bring in the film with this id of its source, and say these things of it.

    A request repeated under the same `once` does nothing more. Raises NotFound where the source
    knows no such film, Unavailable where it does not answer, Conflict where the film is here or
    was removed, InvalidInput, Forbidden.
    """
    policy.check_admin(actor)
    idempotency.done_once(once, lambda: _bring(actor, movie_id, changes, once), lambda _: None)


def _bring(actor: User, movie_id: int, changes: Values, once: Once | None) -> None:
    if queries.stored_among([movie_id]):
        raise Conflict("This film is already here.", movie_id=movie_id)
    if movie_queries.removed_title(movie_id) is not None:
        raise Conflict("This film was removed here. Restore it first.", removed=movie_id)
    detail = live.renew_movie(movie_id, current_config().default_language)
    _add(actor, movie_id, detail, changes, once)


@transactional
def _add(actor: User, movie_id: int, detail: Any, changes: Values, once: Once | None) -> None:
    service.store_detail(detail)
    movie = override_service.locked_movie(movie_id)
    _say(actor, movie, changes)
    audit.record(actor, Act.MOVIE_ADD, _subject(movie), after=changes)
    if once:
        idempotency.remember(once, str(movie_id))


@transactional
def edit(actor: User, movie_id: int, changes: Values, *, reset: Collection[str] = ()) -> None:
    """Say something of a stored film, and let its source be right again in the fields of `reset`.

    `changes` are values as JSON holds them. Raises NotFound, InvalidInput for genres and keywords
    that are not stored, Forbidden.
    """
    movie = override_service.locked_movie(movie_id)
    before = movie_queries.state(movie)
    _say(actor, movie, changes)
    restored = override_service.take_back(movie, [name for name in reset if name not in changes])
    if not changes and not restored:
        return
    after = {**before, **changes, **restored}
    act = Act.MOVIE_EDIT if changes else Act.MOVIE_RESET
    audit.record(actor, act, _subject(movie), before=before, after=after)


def as_said(given: Values) -> dict[str, Any]:
    """Typed values as JSON holds them, and as `edit` and `add` take them."""
    return {name: overrides.as_json(name, value) for name, value in given.items()}


@transactional
def sync(actor: User, movie_id: int) -> None:
    """Have the workers fetch a stored film anew; raises NotFound, Forbidden."""
    movie = override_service.locked_movie(movie_id)
    enqueue(Job.SYNC_TMDB_MOVIE, movie_id)
    audit.record(actor, Act.MOVIE_SYNC, _subject(movie))


def _say(actor: User, movie: Movie, changes: Values) -> None:
    for field, table in (("genres", Genre), ("keywords", Keyword)):
        _check_stored(table, field, changes.get(field) or ())
    if changes:
        override_service.say(actor, movie, changes)
    caches_service.show_changes()


def _check_stored(table: type[Genre] | type[Keyword], field: str, ids: Collection[int]) -> None:
    if not ids:
        return
    count = select(func.count()).where(table.id.in_(ids))
    if db.session.scalar(count) != len(set(ids)):
        raise InvalidInput.of(field, f"Some of these {field} are not known here.")


def _subject(movie: Movie) -> Subject:
    return Subject("movie", movie.id, movie.title)
