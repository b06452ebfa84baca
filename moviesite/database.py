"""How each database is opened, and what each says in its own way. Knows no table of ours."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    FromClause,
    Row,
    Select,
    Table,
    event,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from moviesite import spent
from moviesite.extensions import Base, db

MIGRATIONS = Path(__file__).parent.parent / "migrations"

# Execution option of a connection whose transaction will write (see transactions.py).
WRITES = "moviesite_writes"

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}}
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True, "pool_recycle": 1800}


def prepare_engine(engine: Engine) -> None:
    """Time what is asked, and give SQLite its pragmas and explicit transactions.

    Writers begin IMMEDIATE, so that two of them queue instead of failing half way; readers use
    a plain BEGIN, so that they never wait for a writer.
    """
    if event.contains(engine, "before_cursor_execute", _ask):
        return
    event.listen(engine, "before_cursor_execute", _ask)
    event.listen(engine, "after_cursor_execute", _answered)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)


def _ask(
    _connection: Any, _cursor: Any, _statement: str, _values: Any, run: Any, _many: Any
) -> None:
    run.moviesite_began = time.perf_counter()


def _answered(
    _connection: Any, _cursor: Any, statement: str, _values: Any, run: Any, _many: Any
) -> None:
    spent.note_statement(statement, time.perf_counter() - run.moviesite_began)


def _connect(connection: Any, _record: Any) -> None:
    # Python's driver would begin transactions by itself, and never before a SELECT.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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
    target = table if isinstance(table, Table) else cast(Table, table.__table__)
    keys = keys or [column.name for column in target.primary_key]
    unique = {tuple(row[key] for key in keys): row for row in rows}
    ordered = [unique[key] for key in sorted(unique)]
    statement = _INSERTS[db.session.get_bind().dialect.name](target)
    if update:
        changes = {name: statement.excluded[name] for name in update}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    if ordered:
        db.session.execute(statement, ordered)


def upsert_selected(
    table: type[Base], columns: Sequence[str], rows: Select[Any], *, update: Collection[str]
) -> None:
    """Insert what a query finds, in one statement; of rows whose key is taken, change `update`."""
    target = cast(Table, table.__table__)
    # Without a condition SQLite would take what follows for a part of a join.
    statement = _INSERTS[db.session.get_bind().dialect.name](target)
    statement = statement.from_select(columns, rows.where(true()))
    changes = {name: statement.excluded[name] for name in update}
    keys = [column.name for column in target.primary_key]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))


def in_order(ids: Sequence[int]) -> FromClause:
    """Rows of (`id`, `place` from 0): one parameter of a statement, however many there are."""
    if db.session.get_bind().dialect.name == "postgresql":
        array = literal(list(ids), postgresql.ARRAY(BigInteger))
        rows = func.unnest(array).table_valued("id", with_ordinality="place").render_derived()
        return select(rows.c.id, (rows.c.place - 1).label("place")).subquery("ordered")
    listed = func.json_each(json.dumps(list(ids))).table_valued("key", "value")
    return select(listed.c.value.label("id"), listed.c.key.label("place")).subquery("ordered")


def insert_new(
    table: type[Base], values: Mapping[str, Any], *, keys: Sequence[str] = ()
) -> Row[Any] | None:
    """Insert a row unless its key is taken: the row as it is stored, or None. One statement.

    Of many that insert the same row at once one gets it. `keys` are as for `upsert`.
    """
    target = cast(Table, table.__table__)
    names = keys or [column.name for column in target.primary_key]
    statement = _INSERTS[db.session.get_bind().dialect.name](target).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=names).returning(*target.c)
    return db.session.execute(statement).one_or_none()


def count_up(table: type[Base], keys: Mapping[str, Any], column: str) -> None:
    """Add one to a column of the row with these unique keys, atomically; the row is made first."""
    target = cast(Table, table.__table__)
    statement = _INSERTS[db.session.get_bind().dialect.name](target).values(**keys, **{column: 1})
    changed = {column: target.c[column] + 1}
    db.session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))
