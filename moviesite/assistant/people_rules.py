"""Rules for who is named, with and without a word that announces it. Pure: no look-up of its own.

Whole names count wherever they stand. A last name counts where something speaks for a person: a
word before it, a capital, a possessive, or another last name beside it.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from moviesite.assistant.draft import KEPT, Draft
from moviesite.assistant.vocabulary import (
    FILLERS,
    GENRES,
    MOODS,
    NATIONS,
    NEGATING_WORDS,
    PLACES,
    TONGUES,
    alternatives,
)

LONGEST_NAME = 4
# Of a word with which a wish begins the capital says little, unless the word is a long one.
_LONG = 6
_MOST_UNKNOWN = 3
_OTHERWISE = {*NATIONS, *TONGUES, *PLACES}
_JOINT = re.compile(r"\s*(?:, )?(?:(and|or|with|by|starring) |, )(?=\w)")
_PAIR = re.compile(r"(\w+) (?:or|and) (\w+)")
# A number, or a kind of film.
_KIND = re.compile(rf"\d+|{alternatives(f'(?:{one})s?' for one in (*GENRES, *MOODS))}")
# Words after which things and places stand as well as people.
_VAGUE = ("with", "from")
_ANNOUNCED = re.compile(r"\b(?:with|starring|featuring|by|director|actor|actress) $")

# Where the text begins with somebody: who that is, and where the name ends.
Named = tuple[int, int] | None
# Asked for the text, and whether a name was found that this one would be joined to.
PersonAt = Callable[[str, bool], Named]


def runs(text: str, longest: int, stops: str = "[~,]") -> Iterator[tuple[str, int]]:
    """Beginnings of the text, the longest first, and where each ends."""
    words = list(re.finditer(r"\w+", re.split(stops, text)[0]))[:longest]
    for count in range(len(words), 0, -1):
        name = " ".join(word[0] for word in words[:count])
        if KEPT not in name:
            yield name, words[count - 1].end()


def is_name(name: str) -> bool:
    """Whether it neither begins nor ends with a word that only joins others, or says no."""
    words = name.split()
    return FILLERS.isdisjoint(words[:1] + words[-1:]) and NEGATING_WORDS.isdisjoint(words)


def singulars(words: str) -> Sequence[str]:
    """The words, and what they may be the plural of."""
    forms = [words]
    if words.endswith("ies"):
        forms.append(words[:-3] + "y")
    if words.endswith("es"):
        forms.append(words[:-2])
    if words.endswith("s"):
        forms.append(words[:-1])
    return forms


def keyword_called(draft: Draft, words: str) -> int | None:
    """The keyword of this name, in whichever number."""
    known = map(draft.names.keyword, singulars(words))
    return next(filter(None, known), None)


def announced(draft: Draft, found: re.Match[str]) -> bool:
    """Names after a word that announces people: `A, B and C`, or `A or B`."""
    by = found[0]
    return _listed(draft, found.start(), found.end(), lambda text, _: _person_at(draft, text, by))


def _listed(draft: Draft, start: int, end: int, person_at: PersonAt) -> bool:
    """Take as many names as follow one another, joined by words that join people."""
    ids, either, rest = list[int](), False, draft.text[end:]
    while named := person_at(rest, bool(ids)):
        ids.append(named[0])
        rest, end = rest[named[1] :], end + named[1]
        joint = _JOINT.match(rest)
        if not joint or person_at(rest[joint.end() :], True) is None:
            break
        either = either or joint[1] == "or"
        rest, end = rest[joint.end() :], end + joint.end()
    if ids:
        draft.add("with_people", *ids, either=either)
        draft.take(start, end)
    return False


def _person_at(draft: Draft, text: str, by: str) -> Named:
    """The longest name that is known; one word alone where no longer name begins with it."""
    names = [
        (name, end) for name, end in runs(text, LONGEST_NAME) if _may_be_meant(draft, name, by)
    ]
    for name, end in names:
        if " " not in name and by not in _VAGUE:
            stranger = _stranger_at(draft, text)
            if stranger:
                return stranger
        person = draft.names.person(_bare(draft, name), alone=False)
        if person:
            return person, end
    return None


def _may_be_meant(draft: Draft, name: str, by: str) -> bool:
    """What films are `with` or `from` may be a thing or a place: a single word is nothing else."""
    if not is_name(name) or name in _OTHERWISE:
        return False
    vague = by == "from" or (by == "with" and keyword_called(draft, name))
    return " " in name or not vague


def _stranger_at(draft: Draft, text: str) -> Named:
    """Somebody by a whole name, as only the source knows it."""
    words = list(_unknown(text))
    if not 1 < len(words) <= _MOST_UNKNOWN:
        return None
    person = draft.names.stranger(_bare(draft, " ".join(word[0] for word in words)))
    return (person, words[-1].end()) if person else None


def full_name(draft: Draft, found: re.Match[str]) -> bool:
    """A whole name that no word announces."""
    for name, length in runs(draft.text[found.start() :], LONGEST_NAME):
        if " " not in name or not is_name(name):
            continue
        person = draft.names.person(_bare(draft, name), alone=True)
        if person:
            draft.add("with_people", person)
            draft.take(found.start(), found.start() + length)
            break
    return False


def surname(draft: Draft, found: re.Match[str]) -> bool | None:
    """`Tarantino films`: one name, unless it is a keyword."""
    if not is_name(found[1]) or KEPT in found[1] or keyword_called(draft, found[1]):
        return False
    spellings = [found[1], *singulars(found[1])[1:]]
    person = next(filter(None, (draft.names.person(n, alone=False) for n in spellings)), None)
    if person is None:
        return False
    draft.add("with_people", person)
    return None


def left_over(draft: Draft, found: re.Match[str]) -> bool:
    """Who is meant by words that nothing else was made of."""
    start = found.start()
    before = draft.text[:start]
    if _goes_on(before):
        return False
    sure = bool(_ANNOUNCED.search(before))
    return _listed(
        draft, start, start, lambda text, joined: _somebody_at(draft, text, sure or joined)
    )


def _goes_on(before: str) -> bool:
    """Whether a word stands before that nothing was made of either."""
    last = re.search(r"(\w+) $", before)
    return last is not None and last[1] not in FILLERS


def _somebody_at(draft: Draft, text: str, sure: bool) -> Named:
    """Whole names as only the source knows them, else a last name that something speaks for."""
    stranger = _stranger_at(draft, text)
    if stranger:
        return stranger
    words = list(_unknown(text))[:1]
    if not words or not (sure or _is_spoken_for(draft, words[0][0], text)):
        return None
    person = draft.names.surname(_bare(draft, words[0][0]))
    return (person, words[0].end()) if person else None


def _unknown(text: str) -> Iterator[re.Match[str]]:
    """Words with which the text begins and that are neither joints nor kinds of films."""
    for word in re.finditer(r"\w+", re.split("[~,]", text)[0]):
        if not is_name(word[0]) or KEPT in word[0] or _KIND.fullmatch(word[0]):
            return
        yield word


def _is_spoken_for(draft: Draft, word: str, text: str) -> bool:
    if word in draft.possessives:
        return True
    if word in draft.capitals and (len(word) >= _LONG or not draft.begins_with(word)):
        return True
    pair = _PAIR.match(text.lstrip())
    if pair and all(draft.names.surname(_bare(draft, name)) for name in pair.groups()):
        return True
    return draft.holds_only(word)


def _bare(draft: Draft, name: str) -> str:
    """`Spielberg's` was folded to `spielbergs`."""
    last = name.split()[-1]
    return name[:-1] if last in draft.possessives else name
