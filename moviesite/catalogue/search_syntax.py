"""Reads what somebody typed into a search field. Pure: no request, no database.

`dir:"denis villeneuve" year:2010..2020 <150min -genre:horror arrival` becomes words, filters and
the list of what was not understood; a pasted address of a film becomes a target.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

import babel
import msgspec

from moviesite.bounds import MAX_ID, YEARS
from moviesite.catalogue.filters import NO_FILTERS, Filters, alternatives
from moviesite.text import fold

LONGEST_RUNTIME = 10_000


TargetKind = Literal["movie", "imdb", "title"]


class Target(NamedTuple):
    """The one film that was meant: a TMDb id, an IMDb id, or words of a title."""

    kind: TargetKind
    value: str


class Wording(NamedTuple):
    """What was understood, and word for word what was not."""

    words: str = ""
    filters: Filters = NO_FILTERS
    target: Target | None = None
    not_understood: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was asked for."""
        return not self.words and not self.target and not self.limited

    @property
    def limited(self) -> bool:
        """Whether more than words decides what is found."""
        return msgspec.structs.replace(self.filters, include_adult=False) != NO_FILTERS

    def narrowed(
        self, *, genre: str | None = None, year: int | None = None, adult: bool = False
    ) -> "Wording":
        """The same within more genres (`28,12` both, `28|12` any) and one year.

        Films for adults are among them or not. An address means one film already.
        """
        if self.target:
            return self
        filters = msgspec.structs.replace(self.filters, include_adult=adult)
        if genre:
            genres = (*filters.genres, *alternatives(genre))
            filters = msgspec.structs.replace(filters, genres=genres)
        if year is not None:
            filters = msgspec.structs.replace(filters, year_from=year, year_to=year)
        return self._replace(filters=filters)


_PART = re.compile(
    r"""(?P<sign>-?)(?P<operator>[^\W\d_]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))
    |(?P<bound>[<>])=?(?P<number>\d{1,6})(?:\s?(?P<unit>minutes|mins?|hours?|hrs?|m|h)|(?<=\d\d))(?!\w)
    |"(?P<phrase>[^"]*)"?|(?P<word>\S+)""",
    re.VERBOSE,
)
_YEAR_RANGE = re.compile(r"(\d{4})?(?:(\.\.|-)(\d{4})?)?")
_IMDB = re.compile(r"tt\d{5,12}", re.ASCII)
_HOST = r"(?:https?://)?(?:www\.|m\.)?"
_ADDRESSES: dict[TargetKind, re.Pattern[str]] = {
    "movie": re.compile(_HOST + r"themoviedb\.org/movie/0*([1-9]\d{0,9})(?!\d)\S*", re.A | re.I),
    "imdb": re.compile(_HOST + r"imdb\.com/(?:[a-z]{2}/)?title/(tt\d{5,12})(?!\d)\S*", re.A | re.I),
    "title": re.compile(_HOST + r"letterboxd\.com/(?:[^/\s]+/)?film/([^/?#\s]+)\S*", re.I),
}


def read(query: str) -> Wording:
    """What the words ask for; never fails, whatever they are."""
    query = query.strip()
    target = _target(query)
    if target:
        return Wording(target=target)
    reading = _Reading()
    for part in _PART.finditer(_SPACED.sub(r"\1:", query)):
        reading.take(part)
    return reading.result()


def _target(query: str) -> Target | None:
    if _IMDB.fullmatch(query.casefold()):
        return Target("imdb", query.casefold())
    for kind, form in _ADDRESSES.items():
        match = form.fullmatch(query)
        if match:
            return _pasted(kind, match[1])
    return None


def _pasted(kind: TargetKind, value: str) -> Target | None:
    if kind == "title":
        words = fold(unquote(value).replace("-", " "))
        return Target("title", words) if words else None
    if kind == "movie" and int(value) > MAX_ID:
        return None
    return Target(kind, value.casefold())


class _Reading:
    """Collects parts one by one."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.changes: dict[str, Any] = {}
        self.unknown: list[re.Match[str]] = []

    def take(self, part: re.Match[str]) -> None:
        """One operator, bound, phrase or word."""
        if part["operator"]:
            self._operator(part)
        elif part["bound"]:
            self._runtime(part)
        elif part["word"] and _is_address(part["word"]):
            self.unknown.append(part)
        else:
            self.words.append(part["phrase"] or part["word"] or "")

    def result(self) -> Wording:
        """All that was collected. What is no operator of ours may be a title, failing others."""
        filters = msgspec.structs.replace(NO_FILTERS, **self.changes)
        words = " ".join(filter(None, self.words))
        if not words and not self.changes:
            words = " ".join(part[0].replace(":", " ") for part in self.unknown if _foreign(part))
        return Wording(words, filters, None, tuple(part[0] for part in self.unknown))

    def _operator(self, part: re.Match[str]) -> None:
        value = (part["value"] if part["quoted"] is None else part["quoted"]).strip()
        read_value = _OPERATORS.get(part["sign"] + part["operator"].casefold())
        changes = read_value(value) if read_value and value else None
        if changes is None:
            self.unknown.append(part)
        else:
            self._merge(changes)

    def _runtime(self, part: re.Match[str]) -> None:
        hours = (part["unit"] or "m").startswith("h")
        minutes = int(part["number"]) * (60 if hours else 1)
        if minutes > LONGEST_RUNTIME:
            self.unknown.append(part)
        else:
            # `<120min` is read as "two hours or less", as people mean it.
            self._merge({"runtime_max" if part["bound"] == "<" else "runtime_min": minutes})

    def _merge(self, changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if isinstance(value, tuple):
                value = self.changes.get(name, ()) + value
            self.changes[name] = value


def _foreign(part: re.Match[str]) -> bool:
    """Whether it is no operator of ours, as in `Alien:Covenant`."""
    name = (part["operator"] or "").casefold()
    return bool(name) and name not in _OPERATORS and not _is_address(part[0])


def _is_address(word: str) -> bool:
    return "://" in word or word.casefold().startswith("www.")


def _years(value: str) -> dict[str, Any] | None:
    match = _YEAR_RANGE.fullmatch(value)
    if not match or not (match[1] or match[3]):
        return None
    first, last = match[1], match[3] if match[2] else match[1]
    years = [int(year) if year else None for year in (first, last)]
    if any(year not in YEARS for year in years if year is not None):
        return None
    if first and last and first > last:
        years.reverse()
    return {"year_from": years[0], "year_to": years[1]}


def _imdb(value: str) -> dict[str, Any] | None:
    folded = value.casefold()
    folded = f"tt{folded}" if folded.isascii() and folded.isdecimal() else folded
    return {"imdb_id": folded} if _IMDB.fullmatch(folded) else None


def _group(field: str) -> Callable[[str], dict[str, Any] | None]:
    return lambda value: {field: ((value,),)} if fold(value) else None


def _code(field: str, kind: str) -> Callable[[str], dict[str, Any] | None]:
    def read_code(value: str) -> dict[str, Any] | None:
        code = _codes(kind).get(fold(value))
        return {field: (code,)} if code else None

    return read_code


@cache
def _codes(kind: str) -> dict[str, str]:
    """Codes by themselves and by their English names, folded; `usa` and `uk` as people write."""
    names: dict[str, str] = getattr(babel.Locale("en"), kind)
    codes = {code: name for code, name in names.items() if code.isalpha() and len(code) < 4}
    found = {fold(name): code for code, name in codes.items()}
    found |= {code.casefold(): code for code in codes}
    if kind == "territories":
        found |= {"usa": "US", "uk": "GB"}
    return found


_READERS: tuple[tuple[tuple[str, ...], Callable[[str], dict[str, Any] | None]], ...] = (
    (("dir", "director"), _group("directors")),
    (("cast", "actor", "with"), _group("cast")),
    (("year", "y"), _years),
    (("genre",), lambda value: {"genres": alternatives(value)}),
    (("-genre",), lambda value: {"without_genres": (value,)}),
    (("lang", "language"), _code("languages", "languages")),
    (("country",), _code("countries", "territories")),
    (("imdb",), _imdb),
)
_OPERATORS = {name: reader for names, reader in _READERS for name in names}
# Titles begin with `Y:`, too.
_WORDY = "|".join(name for name in _OPERATORS if name != "y")
_SPACED = re.compile(rf"(?<!\S)(-?(?:{_WORDY})):\s+(?=\S)", re.IGNORECASE)
