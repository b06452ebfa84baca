"""Those who run the site add, rename and remove genres and keywords. No web.

What was said outlives every sync; what was removed does not come back by one.
"""

from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from moviesite import audit, idempotency
from moviesite.admin import caches_service
from moviesite.admin.term_queries import GENRES, Kind
from moviesite.audit import Act, Subject
from moviesite.catalogue import live, storage
from moviesite.catalogue.overrides import OWN_IDS
from moviesite.config import current_config
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.models import Genre, Keyword, Override, User
from moviesite.models.overrides import REMOVED
from moviesite.text import slug
from moviesite.transactions import transactional


class _Acts(NamedTuple):
    add: Act
    edit: Act
    reset: Act
    delete: Act
    restore: Act


_ACTS = {
    "genre": _Acts(
        *(Act.GENRE_ADD, Act.GENRE_EDIT, Act.GENRE_RESET, Act.GENRE_DELETE, Act.GENRE_RESTORE)
    ),
    "keyword": _Acts(
        Act.KEYWORD_ADD,
        Act.KEYWORD_EDIT,
        Act.KEYWORD_RESET,
        Act.KEYWORD_DELETE,
        Act.KEYWORD_RESTORE,
    ),
}


def add(actor: User, kind: Kind, name: str, *, once: Once | None = None) -> int:
    """Add one that no source has; its id, which a request repeated under `once` finds again.

    Raises Conflict where the name is taken, Forbidden.
    """
    return idempotency.done_once(once, lambda: _add_free(actor, kind, name, once), int)


def _add_free(actor: User, kind: Kind, name: str, once: Once | None) -> int:
    _check_source(kind, name, besides=0)
    try:
        return _add(actor, kind, name, once)
    except IntegrityError as error:
        raise _taken(kind) from error


@transactional
def _add(actor: User, kind: Kind, name: str, once: Once | None) -> int:
    _check_free(kind, name, besides=0)
    highest = db.session.scalar(select(func.max(kind.model.id)).where(kind.model.id >= OWN_IDS))
    row = kind.model(id=(highest or OWN_IDS - 1) + 1)
    _name(row, name)
    db.session.add(row)
    db.session.flush()
    _record(actor, _ACTS[kind.name].add, kind, row, after={"name": name})
    if once:
        idempotency.remember(once, str(row.id))
    return row.id


def rename(actor: User, kind: Kind, term_id: int, name: str) -> None:
    """Call it otherwise; a genre's address follows. Raises NotFound, Conflict, Forbidden."""
    _check_source(kind, name, besides=term_id)
    try:
        _rename(actor, kind, term_id, name)
    except IntegrityError as error:
        raise _taken(kind) from error


@transactional
def _rename(actor: User, kind: Kind, term_id: int, name: str) -> None:
    row = _locked(kind, term_id)
    before = {"name": row.name}
    if name == row.name:
        return
    _check_free(kind, name, besides=term_id)
    override = db.session.get(Override, (kind.name, term_id, "name"))
    if override and override.source == name:
        db.session.delete(override)
    elif override:
        override.value, override.set_by_id = name, actor.id
    elif term_id < OWN_IDS:
        key = {"kind": kind.name, "subject_id": term_id, "field": "name"}
        db.session.add(Override(**key, value=name, source=row.name, set_by_id=actor.id))
    _rename_stored(kind, row, name)
    _record(actor, _ACTS[kind.name].edit, kind, row, before=before, after={"name": name})


@transactional
def reset(actor: User, kind: Kind, term_id: int) -> None:
    """Call it as its source does; raises NotFound where that was so anyway, Forbidden."""
    row = _locked(kind, term_id)
    override = db.session.get(Override, (kind.name, term_id, "name"))
    if override is None:
        raise NotFound(f"This {kind.name} already has its source’s name.")
    before, name = {"name": row.name}, str(override.source)
    _check_free(kind, name, besides=term_id)
    db.session.delete(override)
    _rename_stored(kind, row, name)
    _record(actor, _ACTS[kind.name].reset, kind, row, before=before, after={"name": name})


@transactional
def remove(actor: User, kind: Kind, term_id: int) -> None:
    """Take it off every film and keep sources from bringing it back; one of our own is deleted.

    Raises NotFound, Forbidden.
    """
    row = _locked(kind, term_id)
    override = db.session.get(Override, (kind.name, term_id, "name"))
    source = str(override.source) if override else row.name
    if kind is GENRES:
        storage.renew_first_genres(term_id, without=True)
    db.session.execute(delete(kind.model).where(kind.model.id == term_id))
    db.session.expunge(row)
    if override:
        db.session.delete(override)
    if term_id < OWN_IDS:
        key = {"kind": kind.name, "subject_id": term_id, "field": REMOVED}
        db.session.add(Override(**key, value=True, source=source, set_by_id=actor.id))
    _record(actor, _ACTS[kind.name].delete, kind, row, before={"name": row.name})


@transactional
def restore(actor: User, kind: Kind, term_id: int) -> None:
    """Let a removed one in again; films get it back as each is fetched anew.

    Raises NotFound where it was not removed, Conflict where its name is taken, Forbidden.
    """
    override = db.session.get(Override, (kind.name, term_id, REMOVED), populate_existing=True)
    if override is None:
        raise NotFound(f"This {kind.name} was not removed.")
    name = str(override.source or term_id)
    _check_free(kind, name, besides=term_id)
    row = kind.model(id=term_id)
    _name(row, name)
    db.session.delete(override)
    db.session.add(row)
    _record(actor, _ACTS[kind.name].restore, kind, row, after={"name": name})


def _locked(kind: Kind, term_id: int) -> Genre | Keyword:
    wanted = select(kind.model).where(kind.model.id == term_id).with_for_update()
    row: Any = db.session.scalar(wanted.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(f"There is no such {kind.name} here.")
    found: Genre | Keyword = row
    return found


def _check_free(kind: Kind, name: str, *, besides: int) -> None:
    """Two of one name cannot be told apart; nor can two genres of one address."""
    same = func.lower(kind.model.name) == name.lower()
    if kind is GENRES:
        same = (Genre.slug == (slug(name) or str(besides))) | same
    others = select(kind.model.id).where(same, kind.model.id != besides).limit(1)
    if kind is GENRES and not slug(name):
        raise InvalidInput.of(
            "name", "A genre’s name needs a letter or digit that can be used in an address."
        )
    if db.session.scalar(others) is not None:
        raise _taken(kind)


def _check_source(kind: Kind, name: str, *, besides: int) -> None:
    """A genre that the source has may not be stored yet, and has its address all the same."""
    if kind is GENRES:
        names = live.genre_names(current_config().default_language)
        others = {slug(other) for id_, other in names.items() if id_ != besides}
        if slug(name) in others:
            raise _taken(kind)


def _taken(kind: Kind) -> Conflict:
    message = f"Another {kind.name} has this name."
    return Conflict(message, errors={"json": {"name": [message]}})


def _name(row: Genre | Keyword, name: str) -> None:
    row.name = name
    if isinstance(row, Genre):
        row.slug = slug(name) or str(row.id)


def _rename_stored(kind: Kind, row: Genre | Keyword, name: str) -> None:
    _name(row, name)
    db.session.flush()
    if kind is GENRES:
        storage.renew_first_genres(row.id)


def _record(actor: User, act: Act, kind: Kind, row: Genre | Keyword, **change: Any) -> None:
    db.session.flush()
    audit.record(actor, act, Subject(kind.name, row.id, row.name), **change)
    caches_service.show_changes()
