"""Lists are made, edited, cloned and deleted. No web.

Whoever changes what is in a list holds its row's lock meanwhile (SQLite lets one write at a
time anyway), so that positions stay without gaps whatever else happens.
"""

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, insert, literal, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from moviesite import audit, clock, idempotency
from moviesite.audit import Act, Subject
from moviesite.catalogue import keeping
from moviesite.catalogue.queries import stored_among
from moviesite.database import else_absent, in_order, run_unseen
from moviesite.errors import Conflict, InvalidInput, NotFound, Outdated
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.inserts import upsert_selected
from moviesite.lists import policy
from moviesite.models import ListItem, MovieList, User
from moviesite.models.lists import MAX_MOVIES, MAX_NAME, PRIVATE
from moviesite.text import enumerated, fold
from moviesite.transactions import transactional

# Each costs a call to the source, for which a request waits.
MOST_UNKNOWN = 20
# Ten thousand come into a list in a moment, and any number of times.
MOST_IN_ALL = 100_000
ALL_FULL = f"Your lists are full. Together they can hold at most {MOST_IN_ALL:,} titles."
_COLUMNS = ("list_id", "movie_id", "position", "note", "added_by_id", "added_at")


def create(
    user: User,
    name: str,
    *,
    description: str = "",
    visibility: str = PRIVATE,
    movie_ids: Sequence[int] = (),
    once: Once | None = None,
) -> MovieList:
    """A new list with these movies in this order; of one that is named twice the first counts.

    A request that is repeated under the same `once` finds the list that the first one made.
    Raises InvalidInput naming movies that nobody knows, Unavailable where that cannot be asked,
    Conflict where all of one's lists together would hold too many.
    """

    def write() -> MovieList:
        ids = known_movies(movie_ids)
        movie_list = MovieList(name=name, description=description, visibility=visibility)
        return _create(user, movie_list, ids, once)

    return idempotency.done_once(once, write, partial(_made_earlier, user))


@transactional
def _create(
    user: User, movie_list: MovieList, movie_ids: Sequence[int], once: Once | None
) -> MovieList:
    insert_list(user, movie_list)
    if movie_ids:
        _insert_items(user, movie_list, movie_ids)
    if once:
        idempotency.remember(once, str(movie_list.uuid))
    return movie_list


@transactional
def insert_list(user: User, movie_list: MovieList) -> None:
    """Store a new, empty list as this person's."""
    movie_list.owner_id = user.id
    movie_list.search_text = _search_text(movie_list)
    db.session.add(movie_list)
    db.session.flush()
    set_committed_value(movie_list, "owner", user)


@transactional
def insert_many(user: User, lists: Sequence[tuple[str, str]]) -> list[int]:
    """Ids of new, empty, private lists with these names and descriptions: one statement."""
    new = {uuid4(): texts for texts in lists}
    rows = [
        {
            "uuid": uuid,
            "owner_id": user.id,
            "name": name,
            "description": description,
            "search_text": fold(f"{name} {description}"),
        }
        for uuid, (name, description) in new.items()
    ]
    if not rows:
        return []
    made = db.session.execute(insert(MovieList).returning(MovieList.uuid, MovieList.id), rows)
    ids = dict(made.all())
    return [ids[uuid] for uuid in new]


def edit(
    user: User, list_id: UUID, changes: Mapping[str, Any], *, if_match: Container[int] | None = None
) -> MovieList:
    """Change some of `name`, `description`, `visibility`, `curated`; `movie_ids` replaces movies.

    Those that stay keep their notes. Raises NotFound, Forbidden, InvalidInput (unknown movies),
    Conflict as `create` does, Outdated where the list is at no version of `if_match`.
    """
    given = dict(changes)
    movie_ids = given.pop("movie_ids", None)
    known = None if movie_ids is None else known_movies(movie_ids)
    return _edit(user, list_id, given, known, if_match)


@transactional
def _edit(
    user: User,
    list_id: UUID,
    changes: Mapping[str, Any],
    movie_ids: Sequence[int] | None,
    if_match: Container[int] | None,
) -> MovieList:
    movie_list = _locked_for_edit(user, list_id, changes)
    check_version(movie_list, if_match)
    if changes.get("curated", movie_list.curated) != movie_list.curated:
        curated = {"curated": changes["curated"]}
        audit.record(user, Act.LIST_CURATE, _subject(movie_list), after=curated)
    for name, value in changes.items():
        setattr(movie_list, name, value)
    if movie_ids is not None:
        _replace_items(user, movie_list, movie_ids)
    if changes or movie_ids is not None:
        movie_list.search_text = _search_text(movie_list)
        note_edit(movie_list)
    return movie_list


def _locked_for_edit(user: User, list_id: UUID, changes: Mapping[str, Any]) -> MovieList:
    """Who runs the site may put any list on the front page, and change nothing else of it."""
    found = locked(list_id)
    if "curated" in changes:
        policy.check_visible(user, found)
        policy.check_curator(user)
        if changes.keys() == {"curated"} and found is not None:
            return found
    return policy.check_owner(user, found)


@transactional
def delete_list(user: User, list_id: UUID, *, if_match: Container[int] | None = None) -> None:
    """Delete a list with everything that hangs on it; its links lead nowhere from then on."""
    movie_list = policy.check_deletable(user, locked(list_id))
    check_version(movie_list, if_match)
    if not policy.is_owner(user, movie_list):
        audit.record(user, Act.LIST_DELETE, _subject(movie_list))
    # The list goes first and takes its items along: nothing is left to count them down.
    db.session.execute(delete(MovieList).where(MovieList.id == movie_list.id))


def clone(
    user: User, list_id: UUID, *, name: str | None = None, once: Once | None = None
) -> MovieList:
    """A private copy of a list that this person may see.

    Notes come along from one's own lists only: they are their writer's. Raises NotFound, and
    Conflict as `create` does.
    """
    write = partial(_clone, user, list_id, name, once)
    return idempotency.done_once(once, write, partial(_made_earlier, user))


@transactional
def _clone(user: User, list_id: UUID, name: str | None, once: Once | None) -> MovieList:
    source = policy.check_visible(user, locked(list_id))
    copy = MovieList(name=name or _name_of_copy(user, source), description=source.description)
    copy.visibility = PRIVATE
    insert_list(user, copy)
    _copy_items(user, source, copy)
    set_committed_value(copy, "movie_count", source.movie_count)
    if once:
        idempotency.remember(once, str(copy.uuid))
    return copy


def _copy_items(user: User, source: MovieList, copy: MovieList) -> None:
    check_room(user, copy, source.movie_count)
    note: ColumnElement[str] = literal("")
    if policy.is_owner(user, source):
        note = ListItem.note.expression
    copies = select(
        literal(copy.id),
        ListItem.movie_id,
        ListItem.position,
        note,
        literal(user.id),
        literal(clock.now(), ListItem.added_at.type),
    ).where(ListItem.list_id == source.id)
    db.session.execute(insert(ListItem).from_select(_COLUMNS, copies))


def _name_of_copy(user: User, source: MovieList) -> str:
    """The same name, told apart where both are one's own."""
    if not policy.is_owner(user, source):
        return source.name
    return source.name[: MAX_NAME - 7] + " (copy)"


# What the other services of lists build on.


def locked(list_id: UUID) -> MovieList | None:
    """The list with its owner, fresh and locked until the present transaction ends."""
    statement = (
        select(MovieList)
        .join(MovieList.owner)
        .options(contains_eager(MovieList.owner))
        .where(MovieList.uuid == list_id)
        .with_for_update(of=MovieList)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(statement)


def locked_for_owner(
    user: User, list_id: UUID, if_match: Container[int] | None = None
) -> MovieList:
    """The locked list for somebody who changes it; raises NotFound, Forbidden, Outdated."""
    movie_list = policy.check_owner(user, locked(list_id))
    check_version(movie_list, if_match)
    return movie_list


def check_version(movie_list: MovieList, wanted: Container[int] | None) -> None:
    """Raises Outdated, which carries the list, unless at one of the versions; None is any."""
    if wanted is not None and movie_list.version not in wanted:
        raise Outdated(
            "The list was edited in the meantime. This is the current version.", present=movie_list
        )


def note_edit(movie_list: MovieList, *, movie_count: int | None = None) -> None:
    """Count an edit of a locked list; the database has counted its movies by itself."""
    if movie_count is not None:
        set_committed_value(movie_list, "movie_count", movie_count)
    movie_list.version += 1
    movie_list.updated_at = clock.now()


def known_movies(movie_ids: Sequence[int]) -> list[int]:
    """The ids, each once, all of them stored afterwards. Call it before a transaction.

    Raises InvalidInput naming those that nobody knows, Unavailable where that cannot be asked.
    """
    ids = list(dict.fromkeys(movie_ids))
    if len(ids) > MAX_MOVIES:
        raise _bad_movies(f"At most {MAX_MOVIES:,} films.")
    stored = stored_among(ids)
    new = [movie_id for movie_id in ids if movie_id not in stored]
    if len(new) > MOST_UNKNOWN:
        few = ", ".join(map(str, new[:MOST_UNKNOWN]))
        raise _bad_movies(f"At most {MOST_UNKNOWN} that are new to this site; new are {few} …")
    if new and (unknown := keeping.ensure_each_stored(new)):
        those = "is no film" if len(unknown) == 1 else "are no films"
        raise _bad_movies(f"There {those} {enumerated([*map(str, unknown)])}.")
    return ids


def _made_earlier(user: User, result: str) -> MovieList:
    """The list that an earlier request under this key made; raises NotFound where it is gone."""
    mine = select(MovieList).where(MovieList.uuid == UUID(result), MovieList.owner_id == user.id)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound("The list created with this key has been deleted.")
    return found


def _bad_movies(words: str) -> InvalidInput:
    return InvalidInput.of("movie_ids", words)


def _subject(movie_list: MovieList) -> Subject:
    return Subject("list", movie_list.uuid, movie_list.name)


def _search_text(movie_list: MovieList) -> str:
    return fold(f"{movie_list.name} {movie_list.description}")


def check_room(user: User, movie_list: MovieList, count: int) -> None:
    """Raises Conflict where a list grows to so many movies that all of this person's are too many.

    Of several at once each may find the same room; that is no matter.
    """
    if (movie_list.movie_count or 0) < count > room_for(user, movie_list):
        raise Conflict(ALL_FULL)


def room_for(user: User, movie_list: MovieList) -> int:
    """How many movies a list may hold beside those of the person's others: one statement."""
    others = MovieList.owner_id == user.id, MovieList.id != movie_list.id
    held = db.session.scalar(select(func.sum(MovieList.movie_count)).where(*others)) or 0
    return MOST_IN_ALL - held


def _insert_items(user: User, movie_list: MovieList, movie_ids: Sequence[int]) -> None:
    check_room(user, movie_list, len(movie_ids))
    ordered = in_order(movie_ids)
    rows = select(
        literal(movie_list.id),
        ordered.c.id,
        ordered.c.place,
        literal(""),
        literal(user.id),
        literal(clock.now(), ListItem.added_at.type),
    )
    # A movie that was there already only moves: it keeps its note and its age.
    with else_absent(_bad_movies("One of these films has just been removed.")):
        upsert_selected(ListItem, _COLUMNS, rows, update=("position",))
    set_committed_value(movie_list, "movie_count", len(movie_ids))


def _replace_items(user: User, movie_list: MovieList, movie_ids: Sequence[int]) -> None:
    others = delete(ListItem).where(ListItem.list_id == movie_list.id)
    if movie_ids:
        others = others.where(ListItem.movie_id.not_in(select(in_order(movie_ids).c.id)))
    run_unseen(others)
    _insert_items(user, movie_list, movie_ids)
