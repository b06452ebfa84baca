"""Brings along what somebody has elsewhere: a file is read and its lists are opened at once, its
films are found by a job.

An import is done in turns of some seconds, so that no other job waits for all of a long one. What
was brought along stays when it is stopped, and a file may be brought along again without harm.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, insert, update

from moviesite import clock, idempotency
from moviesite.accounts import queries as people
from moviesite.database import one_of
from moviesite.errors import Conflict, MovieSiteError, Unavailable
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.library.muting_queries import ALL_HIDDEN
from moviesite.models import Import, ImportEntry, User
from moviesite.models.transfer import KEPT, KNOWN, MISSING, WAITING
from moviesite.queue import Job, enqueue, hurry
from moviesite.transactions import transactional
from moviesite.transfer import lists_service, matching, queries, storing_service
from moviesite.transfer.queries import Numbered
from moviesite.transfer.reading import Entry, Reading, read
from moviesite.transfer.storing_service import Found

PORTION = 40
TURN_SECONDS = 20.0


def begin(
    user: User, name: str, content: bytes, called: str = "", *, once: Once | None = None
) -> None:
    """Begin to import a file, whose name may tell what its columns do not; `called` takes the
    place of a name that says nothing.

    A request repeated under the same `once` begins nothing new. Raises InvalidInput for a file
    that cannot be read, Conflict while another import goes on and where what the first request
    began is gone.
    """
    idempotency.done_once(
        once,
        lambda: begin_reading(user, read(name, content, called=called, zone=user.zone), once=once),
        lambda result: _check_kept(user, UUID(result)),
    )


@transactional
def begin_reading(user: User, reading: Reading, *, once: Once | None = None) -> None:
    """The same for a file that was read."""
    # Of two at once the second waits here, and then finds the first.
    people.hold(user.id)
    before = queries.of(user.id)
    if before is not None and before.finished_at is None:
        raise Conflict("Your last import is not finished yet.")
    forget(user)
    import_id = uuid4()
    without_room = storing_service.hide(user, reading.hidden)
    hidden = len({(one.kind, one.target_id) for one in reading.hidden}) - without_room
    counts = {"others": reading.others, "hidden": hidden}
    common = {"user_id": user.id, "source": reading.source, **counts}
    entries = sorted(reading.entries, key=_rank)
    unread = [*reading.unread, *_left_out(entries), *_too_many_hidden(without_room)]
    db.session.execute(insert(Import), {**common, "uuid": import_id, "unread": unread})
    lines = [
        {"import_id": import_id, "number": number, "told": msgspec.to_builtins(entry)}
        for number, entry in enumerate(entries)
    ]
    if lines:
        db.session.execute(insert(ImportEntry), lines)
    lists_service.open_lists(user, import_id, reading.lists)
    if once:
        idempotency.remember(once, str(import_id))
    enqueue(Job.IMPORT_LIBRARY, str(import_id))


def go_on(user: User) -> None:
    """Look now for the films that are left, as when a source was silent; nothing without any."""
    going = queries.of(user.id)
    if going is not None and going.finished_at is None:
        hurry(Job.IMPORT_LIBRARY, str(going.uuid))


@transactional
def forget(user: User) -> None:
    """Stop the import and forget its report; what came into the library stays there."""
    db.session.execute(delete(Import).where(Import.user_id == user.id))


def carry_on(import_id: UUID, *, seconds: float = TURN_SECONDS) -> None:
    """Do the next turn of an import, which ends with the portion at work after so many seconds.

    Raises Unavailable where a source is needed and silent.
    """
    until = time.monotonic() + seconds
    while lines := queries.waiting(import_id, PORTION):
        _do(import_id, lines)
        if time.monotonic() > until:
            _hand_on(import_id, lines[-1].number)
            return
    _finish(import_id)


def _check_kept(user: User, import_id: UUID) -> None:
    if queries.owner(import_id) != user.id:
        raise Conflict("The import this request started has since been stopped or replaced.")


def _rank(entry: Entry) -> tuple[bool, bool, int]:
    """A film's first line counts: words come before a mere rating, a day before none, and a newer
    day before what was thought once.
    """
    said_at = entry.watched_at or (entry.noted_at if entry.review else None)
    return not entry.review, entry.watched_at is None, -said_at.toordinal() if said_at else 0


def _left_out(ranked: Iterable[Entry]) -> Iterator[str]:
    """A sentence on reviews of films of which there is a newer one: each has one here."""
    reviewed: set[tuple[object, ...]] = set()
    older = []
    for entry in ranked:
        if entry.review and entry.film in reviewed:
            older.append(entry)
        elif entry.review:
            reviewed.add(entry.film)
    if older:
        first = f"{older[0].title} ({older[0].place})"
        yield (
            "Only the newest review of a film is kept here."
            f" Older ones that were left out: {len(older)}, the first of {first}."
        )


def _too_many_hidden(without_room: int) -> Iterator[str]:
    if without_room:
        yield f"{ALL_HIDDEN} Left out: {without_room:,}."


def _do(import_id: UUID, lines: Sequence[Numbered]) -> None:
    """What was found before a source fell silent is not looked for again."""
    found, lacking = [], []
    silent: Unavailable | None = None
    for number, entry in lines:
        try:
            movie_id = matching.movie_of(entry)
        except Unavailable as error:
            silent = error
            break
        except MovieSiteError:  # such as a title that its source will not look for
            movie_id = None
        if movie_id is None:
            lacking.append(number)
        else:
            found.append(Found(number, entry, movie_id))
    _note(import_id, found, lacking)
    if silent is not None:
        raise silent


@transactional
def _note(import_id: UUID, found: Sequence[Found], lacking: Sequence[int]) -> None:
    user_id = queries.owner(import_id)
    if user_id is None:  # stopped meanwhile
        return
    filled = lists_service.fill(user_id, import_id, found)
    new = filled.new | storing_service.store(user_id, found)
    _tell(import_id, filled.unread)
    states = {
        KEPT: sorted(new),
        KNOWN: [line.number for line in found if line.number not in new],
        MISSING: list(lacking),
    }
    for state, numbers in states.items():
        mine = ImportEntry.import_id == import_id, one_of(ImportEntry.number, numbers)
        waits = ImportEntry.state == WAITING
        db.session.execute(update(ImportEntry).where(*mine, waits).values(state=state))


def _tell(import_id: UUID, sentences: Sequence[str]) -> None:
    going = db.session.get(Import, import_id) if sentences else None
    if going is not None:
        going.unread = list(dict.fromkeys((*going.unread, *sentences)))


@transactional
def _hand_on(import_id: UUID, number: int) -> None:
    """The next turn is another job: one under the same name is going on at this moment."""
    enqueue(Job.IMPORT_LIBRARY, str(import_id), number)


@transactional
def _finish(import_id: UUID) -> None:
    mine = update(Import).where(Import.uuid == import_id, Import.finished_at.is_(None))
    db.session.execute(mine.values(finished_at=clock.now()))
