"""Reads a wish in somebody's own words by rules. Pure: no database, no clock, no web.

Names of people, keywords and films come from a look-up that is handed in. What nothing was made
of is kept and told, never dropped.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from moviesite.assistant import measures
from moviesite.assistant.draft import KEPT, Draft, Film, Names, Rule, Value
from moviesite.assistant.people_rules import (
    announced,
    full_name,
    is_name,
    keyword_called,
    left_over,
    runs,
    surname,
)
from moviesite.assistant.vocabulary import (
    BARE_TONGUES,
    FILLERS,
    GENRES,
    MOODS,
    NATIONS,
    NEGATIONS,
    PLACES,
    SOFTLY,
    TONGUES,
    alternatives,
    words_of,
)

# Words looked at; a longer wish is told about, not read to its end.
MOST_WORDS = 120
LONGEST_TITLE, LONGEST_KEYWORD = 8, 4
_MOST_SHARED = 6
_VOTES = "vote_count.gte"


class Interpretation(NamedTuple):
    """What a wish was taken for.

    `filters` have the names and values of /movies/discover. `seen` is None where nobody cared,
    `like` the film that others are to resemble, `not_understood` words in the order of the wish.
    """

    filters: dict[str, Value]
    seen: bool | None = None
    on_my_services: bool = False
    like: Film | None = None
    not_understood: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was understood."""
        return not self.filters and self.seen is None and not self.on_my_services


def read(
    prompt: str, names: Names, this_year: int, most_votes: int | None = None
) -> Interpretation:
    """What the words ask for; never fails, whatever they are.

    A good score says little without votes; `most_votes` are as many as films of a small
    catalogue have.
    """
    draft = Draft(prompt, names, this_year)
    beyond = _cut(draft)
    draft.apply(*_RULES)
    _resemble(draft)
    if most_votes is not None and _VOTES in draft.filters:
        draft.filters[_VOTES] = min(int(draft.filters[_VOTES]), most_votes)
    left = (*_left(draft), *_taken_back(draft), *beyond)
    return Interpretation(_filters(draft), draft.seen, draft.on_my_services, draft.like, left)


def _taken_back(draft: Draft) -> Iterator[str]:
    """What is wanted by one word and unwanted by another is wanted; the other is told."""
    wanted, unwanted = (draft.ids.get(name, []) for name in ("with_genres", "without_genres"))
    for ids, words in draft.unwanted:
        if not set(ids).isdisjoint(wanted):
            yield words
    draft.ids["without_genres"] = [id_ for id_ in unwanted if id_ not in wanted]


def _cut(draft: Draft) -> tuple[str, ...]:
    words = draft.text.split()
    draft.text = f" {' '.join(words[:MOST_WORDS])} "
    rest = [word for word in words[MOST_WORDS:] if word != ","]
    return (" ".join(rest),) if rest else ()


def _filters(draft: Draft) -> dict[str, Value]:
    lists = {
        name: ("|" if name in draft.any_of else ",").join(map(str, ids))
        for name, ids in draft.ids.items()
        if ids
    }
    return {**draft.filters, **lists}


def _left(draft: Draft) -> Iterator[str]:
    """Runs of words that nothing was made of, without those that only ask and join."""
    for run in re.split(r"[~,]|\b(?:and|or|but)\b", draft.text):
        words = run.replace(KEPT, " ").split()
        while words and words[0] in FILLERS:
            words = words[1:]
        while words and words[-1] in FILLERS:
            words = words[:-1]
        if words:
            yield " ".join(words)


def _resemble(draft: Draft) -> None:
    """What a named film has in common with others: the wish's own genres and keywords win."""
    film = draft.like
    if film is None:
        return
    unwanted = draft.ids.get("without_genres", [])
    if not draft.ids.get("with_genres"):
        draft.add("with_genres", *[id_ for id_ in film.genres if id_ not in unwanted][:2])
    if not draft.ids.get("with_keywords"):
        draft.add("with_keywords", *film.keywords[:_MOST_SHARED], either=len(film.keywords) > 1)


# Films and keywords: the longest run of words that is known wins.


def _film_at(draft: Draft, place: int) -> tuple[Film, int] | None:
    """The film whose title the text has there, and where the title ends."""
    for title, length in runs(draft.text[place:], LONGEST_TITLE, "~"):
        film = draft.names.film(title)
        if film:
            return film, place + length
    return None


def _like(draft: Draft, found: re.Match[str]) -> bool:
    film = _film_at(draft, found.end())
    if film:
        draft.like = film[0]
        draft.take(found.start(), film[1])
    return False


def _compared(draft: Draft, found: re.Match[str]) -> bool:
    """`shorter than Heat`; after `like Heat` the bare word is enough."""
    film = _film_at(draft, found.end()) if found[2] else None
    other = film[0] if film else draft.like
    if other is None or (found[2] and not film) or not _bound(draft, found[1], other):
        return False
    draft.take(found.start(), film[1] if film else found.end())
    return False


def _bound(draft: Draft, word: str, film: Film) -> bool:
    """Set the bound, unless what it depends on is not known of the film."""
    length, year = film.runtime, film.year
    if word in ("shorter", "longer"):
        if length:
            bound = {"lte": length - 1} if word == "shorter" else {"gte": length + 1}
            draft.set(**{f"with_runtime__{way}": value for way, value in bound.items()})
        return bool(length)
    if year and word in _LATER:
        draft.set(release_date__gte=f"{year + 1}-01-01")
    elif year:
        draft.set(release_date__lte=f"{year - 1}-12-31")
    return bool(year)


def _any_keyword(draft: Draft, found: re.Match[str]) -> bool:
    """Words that are the name of a keyword, the longest run first."""
    for name, length in runs(draft.text[found.start() :], LONGEST_KEYWORD):
        keyword = keyword_called(draft, name) if is_name(name) else None
        if keyword:
            draft.add("with_keywords", keyword)
            draft.take(found.start(), found.start() + length)
            break
    return False


# Genres and moods.

_GENRE = rf"(?:{alternatives(f'(?:{one})s?' for one in GENRES)})"
_ONE_GENRE = [(re.compile(rf"(?:{words})s?"), ids) for words, ids in GENRES.items()]
_MOOD = alternatives(f"(?:{one})s?" for one in MOODS)
_ONE_MOOD = [(re.compile(rf"(?:{words})s?"), meant) for words, meant in MOODS.items()]
_MAYBE = rf"(?:{NEGATIONS} )?{SOFTLY}"


def _genres_in(words: str) -> list[int]:
    found = list[int]()
    for part in re.finditer(_GENRE, words):
        found += next(ids for pattern, ids in _ONE_GENRE if pattern.fullmatch(part[0]))
    return found


def _without(draft: Draft, found: re.Match[str]) -> None:
    ids = _genres_in(found[1])
    draft.unwanted.append((ids, found[0]))
    draft.add("without_genres", *ids)


def _refused(draft: Draft, found: re.Match[str]) -> bool:
    """What is not wanted and cannot be left out by any filter."""
    draft.refuse(found.start(), found.end())
    return False


def _with(draft: Draft, found: re.Match[str]) -> None:
    draft.add("with_genres", *_genres_in(found[0]))


def _either(draft: Draft, found: re.Match[str]) -> None:
    draft.add("with_genres", *_genres_in(found[0]), either=True)


def _mood(draft: Draft, found: re.Match[str]) -> bool | None:
    names, genres = next(meant for pattern, meant in _ONE_MOOD if pattern.fullmatch(found[0]))
    keyword = next(filter(None, map(draft.names.keyword, names)), None)
    if keyword:
        draft.add("with_keywords", keyword)
    elif genres:
        draft.add("with_genres", *genres[:1])
    return None if keyword or genres else False


# Where from and in which tongue.


def _tongue(draft: Draft, found: re.Match[str]) -> None:
    draft.set(with_original_language=TONGUES[found[1]])


def _tongues(draft: Draft, found: re.Match[str]) -> bool | None:
    """A film is asked for in one language: a second one is told not to be understood."""
    draft.set(with_original_language=TONGUES[found[1]])
    if not found[2]:
        return None
    draft.take(found.start(), found.end(1))
    rest = draft.text.index(found[2], found.start())
    draft.refuse(rest, rest + len(found[2]))
    return False


def _place(draft: Draft, found: re.Match[str]) -> None:
    draft.set(with_origin_country=PLACES[found[1]])


def _nation(draft: Draft, found: re.Match[str]) -> None:
    draft.set(with_origin_country=NATIONS[found[1]])


def _seen(wanted: bool) -> Callable[[Draft, re.Match[str]], None]:
    return lambda draft, _: setattr(draft, "seen", wanted)


def _mine(draft: Draft, _: re.Match[str]) -> None:
    draft.on_my_services = True


_LATER = ("newer", "later", "more recent")
_COMPARED = alternatives(("shorter", "longer", "older", "earlier", *_LATER))
_I = r"(?:(?:that|which|ones|what) )?(?:(?:i|we|ive|weve)(?: have)? )"
_SERVICES = r"(?:streaming )?(?:services?|subscriptions?|platforms?|providers?|channels?)"

_RULES: tuple[Rule, ...] = (
    Rule(
        r"(?:(?:similar|comparable|close) to|reminiscent of|in the (?:style|vein|spirit) of"
        r"|(?:same|similar) (?:vibe|mood|feel) as|(?<!would )(?<!id )(?<!i )like)"
        r"(?: the (?:film|movie)| the (?:one|ones) called| watching)?",
        _like,
    ),
    Rule(
        rf"(?:is |are )?({_COMPARED})(?:( than (?:the (?:film|movie) )?(?!\d))|(?! than))",
        _compared,
    ),
    Rule(
        rf"{_I}?(?:havent|have not|not|never|hasnt|didnt|did not)(?: yet| already| ever)*"
        r" (?:seen|watched|see|watch)"
        r"(?: yet| before| already)*|unseen|unwatched|new to me",
        _seen(False),
    ),
    Rule(
        rf"{_I}(?:already )?(?:seen|watched)(?: already| before)?"
        r"|already (?:seen|watched)|(?:to )?re ?watch(?:ing)?|(?:to )?(?:see|watch) again",
        _seen(True),
    ),
    Rule(
        rf"(?:available |streaming |that are )*(?:on|in|with|by) (?:any of |one of )?(?:my|our)"
        rf" (?:own )?{_SERVICES}"
        r"|(?:that |which )?(?:i|we) can (?:stream|watch)(?: now| at home| right now)?"
        r"|(?:that is |thats )?available to (?:me|us|stream)"
        r"|(?:included )?(?:in|with) my subscriptions?",
        _mine,
    ),
    *measures.SCORES[:4],
    *measures.LENGTHS[:7],
    Rule(
        rf"(?:in|speaking|spoken in) ({words_of(TONGUES)})(?: language| audio)?"
        rf"(?: (?:or|and) ((?:in )?(?:{words_of(TONGUES)})))?",
        _tongues,
    ),
    Rule(rf"({words_of(TONGUES)}) (?:language|speaking|spoken|audio)", _tongue),
    *measures.YEARS,
    Rule(
        r"(?:with|starring|featuring|by|from director|from|director|directed by|actor|actress)",
        announced,
    ),
    Rule(r"(?=[^\W\d_])", full_name),
    Rule(rf"not {SOFTLY}({_GENRE}(?: n?or {_MAYBE}{_GENRE})*)", _without),
    Rule(rf"{NEGATIONS} {SOFTLY}({_GENRE}(?:(?: ,)? (?:and|n?or) {_MAYBE}{_GENRE})*)", _without),
    *measures.LENGTHS[7:],
    Rule(rf"{NEGATIONS} {SOFTLY}(?:{_MOOD}|\w+)", _refused),
    Rule(_MOOD, _mood),
    *measures.SCORES[4:],
    Rule(rf"{_GENRE}(?: or {SOFTLY}{_GENRE})+", _either),
    Rule(_GENRE, _with),
    Rule(rf"(?:from|made in|produced in|shot in|out of) (?:the )?({words_of(PLACES)})", _place),
    Rule(rf"(?<!about )(?<!in )(?<!in the )({words_of(NATIONS)})", _nation),
    Rule(rf"({words_of(BARE_TONGUES)})", _tongue),
    Rule(rf"(?<!about )(?<!in )(?<!in the )({words_of(set(PLACES) - {'us'})})", _place),
    Rule(r"(?=[^\W\d_])", _any_keyword),
    Rule(r"([^\W\d]{4,}) (?:films?|movies?|flicks?|pictures?)", surname),
    Rule(r"(?=[^\W\d_])", left_over),
)
