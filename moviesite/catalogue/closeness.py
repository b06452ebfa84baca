"""How close a title or a name is to what somebody typed. Pure arithmetic: no database.

From the closest down: the whole title; the title without its article; its beginning; all words
in any order; the title with mistakes in it; a part of a word; words with mistakes in them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec
from rapidfuzz.distance import OSA

from moviesite.text import fold

MOST_WORDS = 12
LONGEST_WORD = 40
LONGEST_TITLE = 120
SHORT_WORD = 3

EXACT, BARE, BEGINNING, BARE_BEGINNING, WORDS, MISSPELT, INSIDE, CLOSE_WORDS, SOME_WORDS = range(9)

_YEAR = re.compile(r"(?:18[7-9]|19\d|20\d)\d")
_ARTICLES = frozenset(
    (
        *("the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das"),
        *("ein", "eine", "el", "los", "las", "il", "lo"),
    )
)


class Asked(msgspec.Struct, frozen=True, dict=True):
    """What was typed, folded; the last word may be unfinished."""

    folded: str

    @cached_property
    def compact(self) -> str:
        """Without spaces, as whole titles are compared."""
        return compact(self.folded)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words, each once; a year beside other words is not one of them."""
        words = tuple(dict.fromkeys(self.folded.split()))[:MOST_WORDS]
        plain = tuple(word[:LONGEST_WORD] for word in words if not _YEAR.fullmatch(word))
        return plain or words

    @cached_property
    def years(self) -> frozenset[int]:
        """Years among the words, as in `dune 2021`."""
        return frozenset(int(word) for word in self.folded.split() if _YEAR.fullmatch(word))

    @cached_property
    def without_years(self) -> str:
        """What was typed, were the years in it years of release."""
        return " ".join(word for word in self.folded.split() if not _YEAR.fullmatch(word))

    def unfinished(self, word: str) -> bool:
        """Whether words that only begin so count as well."""
        return len(word) < SHORT_WORD or word == self.words[-1]


def asked(text: str) -> Asked:
    """What was typed, ready to be compared."""
    return Asked(fold(text))


class Candidate(NamedTuple):
    """A movie or a person that may have been meant; `fame` breaks ties."""

    id: int
    title: str
    text: str
    year: int | None = None
    fame: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """The title, and the original title where that is another."""
        original = self.text[len(self.title) + 1 :]
        return (self.title, original) if original else (self.title,)


class Match(NamedTuple):
    """How a candidate matches, less being better."""

    kind: int
    distance: float

    @property
    def forgiving(self) -> bool:
        """Whether something typed had to be passed over: a mistake, a word, another year."""
        return self.distance > 0


def ranked(wanted: Asked, candidates: Iterable[Candidate]) -> list[tuple[Match, Candidate]]:
    """Those of the candidates that match, each once, best first."""
    unique = {candidate.id: candidate for candidate in candidates}
    matches = ((match(wanted, candidate), candidate) for candidate in unique.values())
    found = [(how, candidate) for how, candidate in matches if how is not None]
    return sorted(found, key=lambda pair: (pair[0], -pair[1].fame, pair[1].id))


def match(wanted: Asked, candidate: Candidate) -> Match | None:
    """How the candidate matches, None if it does not."""
    whole = min(_whole(wanted.folded, name) for name in candidate.names)
    if whole == WORDS and candidate.year in wanted.years:
        whole = min(_whole(wanted.without_years, name) for name in candidate.names)
    if whole < WORDS:
        return Match(whole, 0.0)
    wrong_year = 0.5 if wanted.years and candidate.year not in wanted.years else 0.0
    words = _by_words(wanted, candidate.text.split())
    if words == Match(CLOSE_WORDS, 0.0):
        return Match(WORDS, wrong_year)
    forms = (form for name in candidate.names for form in (name, _without_article(name)))
    misspelt = [_misspelt(wanted.compact, compact(form)) for form in forms]
    if any(misspelt):
        return Match(MISSPELT, min(filter(None, misspelt)))
    if len(wanted.compact) > SHORT_WORD and wanted.compact in compact(candidate.text):
        return Match(INSIDE, wrong_year)
    return words._replace(distance=words.distance + wrong_year) if words else None


def word_distance(typed: str, word: str, *, unfinished: bool) -> float | None:
    """Mistakes between two words, None if too many; an unfinished one may be a beginning."""
    if word == typed or (unfinished and word.startswith(typed)):
        return 0.0
    allowed = mistakes_allowed(typed)
    if not allowed:
        return None
    distance = OSA.distance(typed, word, score_cutoff=allowed)
    if distance <= allowed:
        return float(distance)
    if unfinished and len(word) > len(typed) > SHORT_WORD + 1:
        beginnings = (word[: len(typed) + more] for more in (-1, 0, 1))
        if min(OSA.distance(typed, part) for part in beginnings) <= 1:
            return 1.5
    return None


def mistakes_allowed(typed: str) -> int:
    """How many mistakes leave a word recognisable. Numbers and short words have none."""
    if len(typed) <= SHORT_WORD or typed.isdecimal():
        return 0
    return 1 if len(typed) < 8 else 2


def compact(folded: str) -> str:
    """Without spaces: where somebody puts them matters little."""
    return folded.replace(" ", "")[:LONGEST_TITLE]


def _whole(typed: str, name: str) -> int:
    letters, bare = compact(typed), _without_article(name)
    if compact(name) == letters:
        return EXACT
    if bare in (typed, _without_article(typed)):
        return BARE
    if compact(name).startswith(letters):
        return BEGINNING
    return BARE_BEGINNING if compact(bare).startswith(letters) else WORDS


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first in _ARTICLES else name


def _misspelt(typed: str, name: str) -> int | None:
    """Mistakes between whole titles, None if too many; a letter may be missing in `Rsh`."""
    allowed = 1 if len(typed) == SHORT_WORD < len(name) else mistakes_allowed(typed)
    distance = OSA.distance(typed, name, score_cutoff=allowed)
    return distance if 0 < distance <= allowed else None


def _by_words(wanted: Asked, words: Sequence[str]) -> Match | None:
    """All words close to one of the title's, or most letters of what was typed."""
    total, missed = 0.0, 0
    for typed in wanted.words:
        distance = _nearest(typed, words, unfinished=wanted.unfinished(typed))
        if distance is None:
            missed += len(typed)
        else:
            total += distance
    if not missed:
        return Match(CLOSE_WORDS, total)
    if 3 * missed > 2 * sum(map(len, wanted.words)):
        return None
    return Match(SOME_WORDS, missed + total)


def _nearest(typed: str, words: Sequence[str], *, unfinished: bool) -> float | None:
    if typed in words:
        return 0.0
    found = (word_distance(typed, word, unfinished=unfinished) for word in words)
    return min((distance for distance in found if distance is not None), default=None)
