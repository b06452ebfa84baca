"""Inserts that others do not disturb, as each database says them. Knows no table of ours."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Table, bindparam, select, true
from sqlalchemy.dialects import postgresql, sqlite

from moviesite.database import dialect, else_absent, table_of
from moviesite.extensions import Base, db

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

# What the first of two rows' values are called, where both are bound to one statement.
_FIRST = "first_"


def upsert(
    table: type[Base] | Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    update: Collection[str] = (),
    keys: Sequence[str] = (),
) -> None:
    """Insert rows; of those whose key is taken, change the columns named in `update`.

    `keys` are columns that are unique together, by default those of the primary key. Rows go in
    by key, since two jobs that lock the same rows in different orders would deadlock.
    """
    target = table if isinstance(table, Table) else table_of(table)
    keys = keys or [column.name for column in target.primary_key]
    unique = {tuple(row[key] for key in keys): row for row in rows}
    ordered = [unique[key] for key in sorted(unique)]
    if ordered:
        db.session.execute(_upserting(dialect(), target, tuple(keys), tuple(update)), ordered)


def upsert_selected(
    table: type[Base], columns: Sequence[str], rows: Select[Any], *, update: Collection[str]
) -> None:
    """Insert what a query finds, in one statement; of rows whose key is taken, change `update`."""
    target = table_of(table)
    # Without a condition SQLite would take what follows for a part of a join.
    statement = _INSERTS[dialect()](target)
    statement = statement.from_select(columns, rows.where(true()))
    changes = {name: statement.excluded[name] for name in update}
    keys = [column.name for column in target.primary_key]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))


def insert_new(
    table: type[Base], values: Mapping[str, Any], *, keys: Sequence[str] = ()
) -> Row[Any] | None:
    """Insert a row unless its key is taken: the row as it is stored, or None. One statement.

    Of many that insert the same row at once one gets it. `keys` are as for `upsert`. Raises
    NotFound where what the row hangs on has been removed in the meantime.
    """
    target = table_of(table)
    names = keys or [column.name for column in target.primary_key]
    statement = _inserting(dialect(), target, tuple(names))
    with else_absent():
        return db.session.execute(statement, values).one_or_none()


def insert_with(
    table: type[Base],
    values: Mapping[str, Any],
    other: type[Base],
    other_values: Mapping[str, Any],
    *,
    update: Collection[str],
    keys: Sequence[str] = (),
) -> Row[Any] | None:
    """Insert a row unless its key is taken, and with it another one, of which the columns named
    in `update` are changed where its key is taken: the first row as it is stored, or None.

    Both or neither, in one statement on PostgreSQL and in two elsewhere. `keys` are the first
    row's, as for `upsert`. Raises as `insert_new`.
    """
    if dialect() != "postgresql":
        row = insert_new(table, values, keys=keys)
        if row is not None:
            upsert(other, [other_values], update=update)
        return row
    first, second = table_of(table), table_of(other)
    values = _with_defaults(first, values)
    keys = tuple(keys or [column.name for column in first.primary_key])
    both = _inserting_both(first, keys, second, tuple(values), tuple(update))
    named = {f"{_FIRST}{name}": value for name, value in values.items()}
    with else_absent():
        return db.session.execute(both, {**other_values, **named}).one_or_none()


def count_up(
    table: type[Base], keys: Mapping[str, Any], column: str, *, most: int | None = None
) -> bool:
    """Add one to a column of the row with these unique keys, atomically; the row is made first.

    Returns whether it was added: a row that has `most` already stays. `most` is 1 or more.
    """
    target = table_of(table)
    counted = target.c[column]
    statement = _INSERTS[dialect()](target).values(**keys, **{column: 1})
    statement = statement.on_conflict_do_update(
        index_elements=list(keys),
        set_={column: counted + 1},
        where=None if most is None else counted < most,
    )
    return db.session.execute(statement.returning(counted)).first() is not None


@lru_cache(maxsize=256)
def _upserting(dialect_name: str, table: Table, keys: Sequence[str], update: Sequence[str]) -> Any:
    """Built once, since that takes as long as running it."""
    statement = _INSERTS[dialect_name](table)
    if not update:
        return statement.on_conflict_do_nothing(index_elements=keys)
    changes = {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


@lru_cache(maxsize=256)
def _inserting(dialect_name: str, table: Table, keys: Sequence[str]) -> Any:
    return _upserting(dialect_name, table, keys, ()).returning(*table.c)


@lru_cache(maxsize=64)
def _inserting_both(
    table: Table, keys: Sequence[str], other: Table, names: Sequence[str], update: Sequence[str]
) -> Select[Any]:
    """The second is selected from the first, so that it is there only where the first is."""
    values = {name: bindparam(f"{_FIRST}{name}", type_=table.c[name].type) for name in names}
    made = _inserting("postgresql", table, keys).values(values).cte("made")
    second_row = select(*(bindparam(column.name, type_=column.type) for column in other.c))
    second = postgresql.insert(other).from_select(other.c.keys(), second_row.select_from(made))
    renewed = second.on_conflict_do_update(
        index_elements=[key.name for key in other.primary_key],
        set_={name: second.excluded[name] for name in update},
    )
    return select(*made.c).add_cte(renewed.cte("other"))


def _with_defaults(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """SQLAlchemy fills them in for the outermost statement alone."""
    absent = (column for column in table.c if column.default and column.name not in values)
    return {**values, **{column.name: _default(column.default) for column in absent}}


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg
