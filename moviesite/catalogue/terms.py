"""Which rows of the term tables could hold what was typed. Text in, text out: no database.

Mirrors how the triggers of migration 0002 list titles, words and spellings.
"""

from collections.abc import Iterable

from moviesite.catalogue.closeness import SHORT_WORD, mistakes_allowed, word_distance

_SPELLED = 7
MOST_SPELLINGS = 12


def whole(compact: str) -> str:
    """The term of a whole title or name."""
    return f"={compact}"


def halves(compact: str) -> list[str]:
    """Terms of which a title one mistake away has at least one.

    One mistake leaves a half of the title as it was; only two swapped letters can touch both.
    """
    length = len(compact)
    if length < SHORT_WORD:
        return []
    found = []
    for size in range(max(length - 1, SHORT_WORD + 1), length + 2):
        first = size // 2
        found += [f"<{size} {compact[:first]}", f">{size} {compact[first - size :]}"]
    middle = length // 2
    swapped = compact[: middle - 1] + compact[middle : middle + 1]
    return [*found, f"<{length} {swapped}"]


def spellings(word: str) -> set[str]:
    """Keys that a word one mistake away shares with this one."""
    start = word[:_SPELLED]
    return {start, *(start[:n] + start[n + 1 :] for n in range(len(start)))} - {""}


def spelt_like(typed: str, words: Iterable[str], *, unfinished: bool) -> list[str]:
    """Those of the words that may have been meant, closest first."""
    if not mistakes_allowed(typed):
        return []
    near = []
    for word in words:
        distance = word_distance(typed, word, unfinished=unfinished)
        if distance:
            near.append((distance, word[0] != typed[0], word))
    return [word for *_, word in sorted(near)[:MOST_SPELLINGS]]
