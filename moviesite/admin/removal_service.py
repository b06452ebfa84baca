"""Takes a film out of the site with everything that hangs on it, and lets it in again. No web."""

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from moviesite import audit, clock
from moviesite.admin import caches_service, movie_queries
from moviesite.audit import Act, Subject
from moviesite.catalogue import override_service
from moviesite.database import run_unseen
from moviesite.errors import Conflict, NotFound
from moviesite.extensions import db
from moviesite.models import LastChange, ListItem, Movie, MovieList, Override, User
from moviesite.models.overrides import MOVIE, REMOVED
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional


@transactional
def remove(actor: User, movie_id: int, *, held: int | None = None) -> None:
    """Delete a film with all that people have of it, and keep its source from bringing it back.

    `held` is how many things of people's were said to go with it: where that has grown
    meanwhile, nothing is done and Conflict raised. Raises NotFound, Forbidden.
    """
    movie = override_service.locked_movie(movie_id)
    holders = movie_queries.held_by(movie_id)
    if held is not None and sum(holders.values()) > held:
        raise Conflict(
            "More people have saved, rated or listed this film since. Please check again first."
        )
    _take_out_of_lists(movie_id)
    for name, table in movie_queries.HOLDERS.items():
        if holders[name]:
            db.session.execute(delete(table).where(table.c.movie_id == movie_id))
    _forget_changes(movie_id)
    db.session.execute(delete(Movie).where(Movie.id == movie_id))
    db.session.expunge(movie)
    _note_removed(actor, movie_id, movie.title)
    gone = {name: count for name, count in holders.items() if count}
    subject = Subject("movie", movie_id, movie.title)
    audit.record(actor, Act.MOVIE_DELETE, subject, before={"held_by": gone})
    caches_service.show_changes()


@transactional
def restore(actor: User, movie_id: int) -> None:
    """Let a removed film in again; the workers fetch it. What people had of it is gone.

    Raises NotFound where it was not removed, Forbidden.
    """
    row = db.session.get(Override, (MOVIE, movie_id, REMOVED), populate_existing=True)
    if row is None:
        raise NotFound("This film was not removed.")
    subject = Subject("movie", movie_id, str(row.source or ""))
    db.session.delete(row)
    enqueue(Job.SYNC_TMDB_MOVIE, movie_id)
    audit.record(actor, Act.MOVIE_RESTORE, subject)
    caches_service.show_changes()


def _note_removed(actor: User, movie_id: int, title: str) -> None:
    key = {"kind": MOVIE, "subject_id": movie_id, "field": REMOVED}
    db.session.add(Override(**key, value=True, source=title, set_by_id=actor.id))
    db.session.flush()


def _take_out_of_lists(movie_id: int) -> None:
    """Close the gaps before they open: whoever changes a list holds it meanwhile."""
    own = select(ListItem.list_id).where(ListItem.movie_id == movie_id)
    held = select(MovieList.id).where(MovieList.id.in_(own)).order_by(MovieList.id)
    ids = db.session.scalars(held.with_for_update()).all()
    if not ids:
        return
    gone = aliased(ListItem)
    before = exists().where(
        gone.movie_id == movie_id,
        gone.list_id == ListItem.list_id,
        gone.position < ListItem.position,
    )
    run_unseen(update(ListItem).where(before).values(position=ListItem.position - 1))
    edited = {"version": MovieList.version + 1, "updated_at": clock.now()}
    run_unseen(update(MovieList).where(MovieList.id.in_(ids)).values(**edited))


def _forget_changes(movie_id: int) -> None:
    """Nobody brings back what hangs on a film that is gone."""
    about = or_(
        LastChange.subject == str(movie_id),
        LastChange.subject.endswith(f":{movie_id}"),
        LastChange.before["movie_id"].as_integer() == movie_id,
    )
    run_unseen(delete(LastChange).where(LastChange.kind != "hidden", about))
