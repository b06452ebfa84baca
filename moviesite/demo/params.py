"""Typed reading of query parameters. No web framework: any mapping of text to text will do."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from moviesite.demo.errors import BAD_DATE, BAD_PAGE, BAD_PARAMETERS, DemoError

MAX_PAGE = 500
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Key]):
    """What `a,b|c` asks for: every group must be met, by any one of its members."""

    groups: tuple[frozenset[Key], ...]

    def met_by(self, owned: frozenset[Key]) -> bool:
        """Whether each group has a member among the owned ones."""
        return all(not group.isdisjoint(owned) for group in self.groups)

    def members(self) -> frozenset[Key]:
        """Everything that was named, whatever stood between."""
        return frozenset[Key]().union(*self.groups)


class Params:
    """The query of one request. An empty value counts as absent, as it does at TMDb."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """The trimmed value, or the empty string."""
        return self._values.get(name, "").strip()

    def flag(self, name: str) -> bool:
        """True for `true` alone."""
        return self.text(name).lower() == "true"

    def integer(self, name: str) -> int | None:
        """A whole number; anything else is refused with code 5."""
        raw = self.text(name)
        return _whole(raw) if raw else None

    def number(self, name: str) -> float | None:
        """A finite number; anything else is refused with code 5."""
        raw = self.text(name)
        if not raw:
            return None
        try:
            value = float(raw)
        except ValueError:
            raise DemoError(BAD_PARAMETERS) from None
        if not math.isfinite(value):
            raise DemoError(BAD_PARAMETERS)
        return value

    def date(self, name: str) -> str | None:
        """An existing day as YYYY-MM-DD; anything else is refused with code 23."""
        raw = self.text(name)
        if not raw:
            return None
        try:
            dt.date.fromisoformat(raw if _DATE.fullmatch(raw) else "")
        except ValueError:
            raise DemoError(BAD_DATE) from None
        return raw

    def page(self) -> int:
        """1 to 500; anything else is refused with code 22."""
        raw = self.text("page")
        if not raw:
            return 1
        if not _INTEGER.fullmatch(raw) or not 1 <= int(raw) <= MAX_PAGE:
            raise DemoError(BAD_PAGE)
        return int(raw)

    def names(self, name: str) -> Wanted[str] | None:
        """Codes parted by comma (all) and pipe (any)."""
        groups = _groups(self.text(name))
        return Wanted(groups) if groups else None

    def ids(self, name: str) -> Wanted[int] | None:
        """Ids parted by comma (all) and pipe (any); anything else is refused with code 5."""
        groups = _groups(self.text(name))
        found = tuple(frozenset(_whole(part) for part in group) for group in groups)
        return Wanted(found) if found else None


def _groups(raw: str) -> tuple[frozenset[str], ...]:
    split = ({part.strip() for part in group.split("|")} - {""} for group in raw.split(","))
    return tuple(frozenset(group) for group in split if group)


def _whole(raw: str) -> int:
    if not _INTEGER.fullmatch(raw):
        raise DemoError(BAD_PARAMETERS)
    return int(raw)
