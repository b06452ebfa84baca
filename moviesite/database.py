"""How each database is opened, and where the two differ. Knows no table of ours."""

import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Engine,
    FromClause,
    ScalarSelect,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    event,
    func,
    literal,
    select,
)
from sqlalchemy import (
    cast as cast_to,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, IntegrityError, InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from moviesite import request_costs
from moviesite.errors import MovieSiteError, NotFound
from moviesite.extensions import Base, db
from moviesite.text import unaccented

# When to give up on PostgreSQL: if it accepts no connection (seconds), acknowledges nothing that
# was sent (milliseconds), or answers no keepalives. The system's own limits are many minutes.
_LIMITS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
# Seconds that a web server waits for one statement: a little less than nginx waits for our answer.
# A database that hangs on a machine that is up gives no other sign. Jobs have limits of their own,
# and a migration may take as long as it needs.
STATEMENT_SECONDS = 30.0
_PING_SECONDS = 5.0
_CANCEL_SECONDS = 1.0

MIGRATIONS = Path(__file__).parent.parent / "migrations"

# Execution options of a connection that will write, or read one moment (see transactions.py).
_WRITES = "moviesite_writes"
WRITING: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "READ COMMITTED"},
    "sqlite": {_WRITES: True},
}
SNAPSHOT: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ"},
    "sqlite": {},
}

# Execution option of a statement whose best plan depends on its values, such as how common a word
# is: PostgreSQL would otherwise settle for one that suits them all on the average.
PLANNED_ANEW = {"moviesite_planned_anew": True}

# A connection that was idle for longer may have been closed by the server, or on the way to it.
TRUSTED_SECONDS = 1.0
_RESTS_SINCE = "moviesite_rests_since"

# The rest of what Python's database API says of a column, which SQLAlchemy does not read.
_UNREAD = (None,) * 5

# Error codes of PostgreSQL.
_FOREIGN_KEY_VIOLATION = "23503"
_DEADLOCK = "40P01"

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`; what the address says itself comes first.

    PostgreSQL is read outside of transactions: a rollback after each read would make the driver
    forget its prepared statements, and planning takes longer than answering. For the same reason
    the connection that was used last is used first.
    """
    # Statements that fail are logged, and their values are people's own.
    quiet = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return {**quiet, "connect_args": {"timeout": 10, "check_same_thread": False}}
    pool = {"pool_size": 5, "max_overflow": 10, "pool_recycle": 1800, "pool_use_lifo": True}
    limits = {name: most for name, most in _LIMITS.items() if name not in make_url(url).query}
    reading = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    return {**quiet, **pool, **reading, "connect_args": limits}


def prepare_engine(engine: Engine) -> None:
    """Time what is asked, and give each database what it needs.

    SQLite gets its pragmas and explicit transactions; connections to a server that rested for a
    while are checked before they are used.

    Writers begin IMMEDIATE, so that two of them queue instead of failing half way; readers use
    a plain BEGIN, so that they never wait for a writer.
    """
    if event.contains(engine, "before_cursor_execute", _ask):
        return
    event.listen(engine, "before_cursor_execute", _ask)
    event.listen(engine, "after_cursor_execute", _answered)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "do_connect", _open)
        event.listen(engine, "connect", _describe_briefly)
        event.listen(engine, "do_execute", _plan_anew)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_check_rested, engine.dialect))


def limit_statements(engine: Engine) -> None:
    """Let no statement on PostgreSQL take longer than a web server may wait."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "checkout", _limit)


def _limit(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.seconds = STATEMENT_SECONDS


def _ask(
    _connection: Any, _cursor: Any, _statement: str, _values: Any, run: Any, _many: Any
) -> None:
    run.moviesite_began = time.perf_counter()


def _answered(
    _connection: Any, _cursor: Any, statement: str, _values: Any, run: Any, _many: Any
) -> None:
    request_costs.note_statement(statement, time.perf_counter() - run.moviesite_began)


def _open(dialect: Dialect, _record: Any, arguments: Any, options: Any) -> Any:
    connection = _limited(dialect.loaded_dbapi.Connection)
    return connection.connect(*arguments, **options)  # type: ignore[attr-defined]


@lru_cache(maxsize=8)
def _limited(connection: type) -> type:
    """The driver's connection class with a limit on each wait: `seconds`, or None for no limit.

    Where a wait is cut short, by the limit or by the time limit of a job, the statement is canceled
    and the connection closed: a late answer would be taken for that of the next statement.
    """

    class LimitedConnection(connection):  # type: ignore[misc]
        seconds: float | None = None

        def wait(self, *args: Any, **kwargs: Any) -> Any:
            kwargs.setdefault("timeout", self.seconds)
            try:
                return super().wait(*args, **kwargs)
            except BaseException:
                _give_up(self)
                raise

    return LimitedConnection


def _give_up(connection: Any) -> None:
    status = connection.info.transaction_status
    if status != status.ACTIVE:
        return
    with suppress(Exception):
        connection.cancel_safe(timeout=_CANCEL_SECONDS)
    connection.close()


def _describe_briefly(connection: Any, _record: Any) -> None:
    connection.cursor_factory = _brief(connection.cursor_factory)


@lru_cache(maxsize=8)
def _brief(cursor: type) -> type:
    """The driver's cursor class with a cheaper `description`: psycopg makes an object of each
    column, a hundred for a list of films. Derived here, so that SQLite need not load the driver.
    """
    return type("BriefCursor", (cursor,), {"description": property(_described)})


def _described(cursor: Any) -> list[Any] | None:
    """A tuple for each column, as Python's database API defines it; None without columns."""
    found = cursor.pgresult
    if found is None or not found.nfields:
        return None
    named = ((found.fname(i).decode(), found.ftype(i)) for i in range(found.nfields))
    return [(name, kind, *_UNREAD) for name, kind in named]


def _plan_anew(cursor: Any, statement: str, values: Any, run: Any) -> bool:
    """Whether the statement was run here; SQLAlchemy runs it otherwise."""
    if run.execution_options.keys().isdisjoint(PLANNED_ANEW):
        return False
    cursor.execute(statement, values, prepare=False)
    return True


def _note_rest(_connection: Any, record: Any) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _check_rested(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ping the server, but only after a while idle: doing so each time would cost a tenth of an
    answer.
    """
    if connection.closed:
        raise DisconnectionError
    since = record.info.get(_RESTS_SINCE)
    if since is None or time.monotonic() - since < TRUSTED_SECONDS:
        return
    connection.seconds = _PING_SECONDS
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        # The pool then drops all connections of that age and opens new ones.
        raise InvalidatePoolError from error
    connection.seconds = None


def _connect(connection: Any, _record: Any) -> None:
    # Python's driver would begin transactions by itself, and never before a SELECT.
    connection.isolation_level = None
    connection.create_function("unaccented", 1, unaccented, deterministic=True)
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class IdList(TypeDecorator[Collection[int]]):
    """Whole numbers as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the database holds them."""
        if dialect.name == "postgresql":
            return postgresql.ARRAY(BigInteger)
        return Text()

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        """To the database."""
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _OneOf(FunctionElement[Any]):
    # SQLAlchemy would compare a boolean with 1 on SQLite, which then uses no index.
    type = NullType()
    inherit_cache = True


@compiles(_OneOf)
def _one_of_json(element: _OneOf, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled parts


@compiles(_OneOf, "postgresql")
def _one_of_array(element: _OneOf, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} = ANY ({ids})"


def one_of(column: Any, ids: Collection[int] | str) -> ColumnElement[bool]:
    """Whether a column has one of the ids; as text, `ids` is the name of a bound parameter.

    One parameter however many there are: a driver must read a statement anew for every length of
    a list of parameters, which takes longer than the database does.
    """
    values = bindparam(ids, type_=IdList) if isinstance(ids, str) else literal(ids, IdList)
    return _OneOf(column, values)


def firsts(ids: Select[int], size: int) -> Select[int]:
    """The first of the ids among each `size` numbers: a look at an index for each."""
    [column] = ids.selected_columns
    first = select(_least(ids, column).label("id")).cte("first", recursive=True)
    # The last of all numbers and a size are more than an ordinary number holds.
    next_begin = cast_to(first.c.id, BigInteger) - first.c.id % size + size
    following = _least(ids.where(column >= next_begin), column)
    found = first.union_all(select(following).where(first.c.id.is_not(None)))
    return select(found.c.id).where(found.c.id.is_not(None)).order_by(found.c.id)


def _least(ids: Select[int], column: ColumnElement[int]) -> ScalarSelect[int]:
    # Along the index. PostgreSQL would read all for `min`, where it comes from several tables.
    return ids.order_by(column).limit(1).scalar_subquery()


def from_first(column: Any, first: int, size: int) -> ColumnElement[bool]:
    """Whether a number is one from the first to the end of its `size` numbers."""
    last = literal(first - first % size + size - 1, BigInteger)
    return cast("ColumnElement[bool]", column.between(first, last))


def in_order(ids: Sequence[int]) -> FromClause:
    """Rows of (`id`, `place` from 0): one parameter of a statement, however many there are."""
    if dialect() == "postgresql":
        rows = (
            func.unnest(literal(ids, IdList))
            .table_valued("id", with_ordinality="place")
            .render_derived()
        )
        return select(rows.c.id, (rows.c.place - 1).label("place")).subquery("ordered")
    listed = func.json_each(literal(ids, IdList)).table_valued("key", "value")
    return select(listed.c.value.label("id"), listed.c.key.label("place")).subquery("ordered")


@contextmanager
def else_absent(absent: MovieSiteError | None = None) -> Iterator[None]:
    """Raise NotFound, or `absent`, where a row is written that refers to one removed meanwhile."""
    try:
        yield
    except IntegrityError as error:
        if _hangs_on_nothing(error):
            raise absent or NotFound() from error
        raise


def gave_way(error: BaseException) -> bool:
    """Whether the database rolled a write back to resolve a deadlock."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _DEADLOCK


def _hangs_on_nothing(error: IntegrityError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return getattr(error.orig, "sqlstate", None) == _FOREIGN_KEY_VIOLATION


def table_of(model: type[Base]) -> Table:
    """The table behind a model.

    Of its own columns the ORM makes plain values; of a model's it first finds out that there is
    nothing to make of them, which takes as long as the database takes to answer.
    """
    return cast(Table, model.__table__)


def tables_about(model: type[Base], ondelete: str) -> list[Table]:
    """Tables with ids of such rows that go with the row (CASCADE) or keep it here (RESTRICT)."""
    id_ = table_of(model).c.id
    return [
        table
        for table in Base.metadata.sorted_tables
        if any(key.column is id_ and key.ondelete == ondelete for key in table.foreign_keys)
    ]


def dialect() -> str:
    """Which of the two databases it is."""
    return db.session.get_bind().dialect.name


def run_unseen(statement: Delete | Update) -> None:
    """Change or delete rows behind the back of those that the session holds."""
    db.session.execute(statement.execution_options(synchronize_session=False))


def changed_rows(statement: Delete | Update) -> int:
    """Change or delete rows; returns how many were met."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount
