"""Lists that come along become lists of somebody's own: each private, with its order and notes.

A list that came before is the same one again. What is missing there comes to its end, and
what is there stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.lists import item_service, service
from moviesite.lists.item_service import Addition, Appended
from moviesite.models import ImportedList, MovieList, User
from moviesite.transactions import transactional
from moviesite.transfer import queries
from moviesite.transfer.reading import ListData
from moviesite.transfer.storing_service import Found, noted


class Filled(NamedTuple):
    """Numbers of the lines that said something new, and sentences about what found no room."""

    new: set[int]
    unread: list[str]


@transactional
def open_lists(user: User, import_id: UUID, lists: Sequence[ListData]) -> None:
    """Have a list here for each that is told: the one of that origin, else a new private one."""
    if not lists:
        return
    here = _here(user, lists)
    new = [listing for listing in lists if listing.origin not in here]
    made = service.insert_many(user, [(listing.name, listing.description) for listing in new])
    here |= {listing.origin: list_id for listing, list_id in zip(new, made, strict=True)}
    rows = [
        {"user_id": user.id, "origin": origin, "list_id": list_id, "import_id": import_id}
        for origin, list_id in here.items()
    ]
    upsert(ImportedList, rows, update=("import_id", "list_id"))


def _here(user: User, lists: Sequence[ListData]) -> dict[str, int]:
    """Ids of the person's lists by origins: those that came along before, and those that were
    exported here. They are locked, so that none is deleted meanwhile. Two statements.
    """
    own = {listing.exported_as: listing.origin for listing in lists if listing.exported_as}
    mine = MovieList.owner_id == user.id
    exported = select(MovieList.uuid, MovieList.id).where(mine, MovieList.uuid.in_(own))
    before = (
        select(ImportedList.origin, MovieList.id)
        .join(MovieList, MovieList.id == ImportedList.list_id)
        .where(ImportedList.user_id == user.id)
        .where(ImportedList.origin.in_([listing.origin for listing in lists]))
    )
    found = {own[uuid]: list_id for uuid, list_id in _locked(exported)}
    return found | dict(_locked(before))


def _locked(lists: Select[Any, int]) -> Sequence[Any]:
    locking = lists.order_by(MovieList.id).with_for_update(read=True, key_share=True, of=MovieList)
    return db.session.execute(locking).all()


@transactional
def fill(user_id: int, import_id: UUID, found: Iterable[Found]) -> Filled:
    """Put films into the lists that their lines name; a list that was deleted stays away."""
    lines: dict[str, list[Found]] = defaultdict(list)
    for line in found:
        if line.entry.listed_in:
            lines[line.entry.listed_in].append(line)
    filled = Filled(set(), [])
    user = db.session.get_one(User, user_id) if lines else None
    if user is None:
        return filled
    for origin, list_id in queries.lists_to_fill(import_id, lines):
        with suppress(NotFound):  # deleted at this moment
            appended = item_service.append_movies(user, list_id, map(_addition, lines[origin]))
            filled.new.update(_first_lines(lines[origin], appended))
            if appended.full:
                filled.unread.append(f"{appended.movie_list.name}: {appended.full}")
    return filled


def _addition(line: Found) -> Addition:
    return Addition(line.movie_id, line.entry.note, noted(line.entry))


def _first_lines(lines: Iterable[Found], appended: Appended) -> Iterable[int]:
    first: dict[int, int] = {}
    for line in lines:
        first.setdefault(line.movie_id, line.number)
    return [number for movie_id, number in first.items() if movie_id in appended.movie_ids]
