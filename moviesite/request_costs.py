"""What the present request has spent, for those who run the site. Measures nothing itself."""

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Spent:
    """Times in seconds; statements without their values, which may be secret."""

    statements: list[str] = field(default_factory=list)
    database: float = 0.0
    upstream: float = 0.0


_present: ContextVar[Spent | None] = ContextVar("spent", default=None)


def begin() -> None:
    """Forget what was spent before."""
    _present.set(Spent())


def so_far() -> Spent:
    """What was spent since the beginning."""
    return _present.get() or Spent()


def note_statement(statement: str, seconds: float) -> None:
    """The database was asked."""
    if spent := _present.get():
        spent.statements.append(statement)
        spent.database += seconds


def note_upstream(seconds: float) -> None:
    """An outside source was waited for."""
    if spent := _present.get():
        spent.upstream += seconds
