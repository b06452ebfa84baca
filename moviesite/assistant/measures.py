"""Rules for what is counted: years, lengths and scores. Pure: no database, no clock, no web."""

import re
from collections.abc import Callable

from moviesite.assistant.draft import Draft, Rule, sets
from moviesite.assistant.vocabulary import DECADES, NUMBERS, words_of

_WORD = words_of(NUMBERS)
_NUM = rf"(?:\d{{1,3}}(?: point \d)?|(?:(?:{_WORD})(?: and)? )*(?:{_WORD}))"
_YEAR = r"(?:18[789]\d|19\d\d|20\d\d)"
_DECADE = rf"(?:(?:19|20)?\d0s|{words_of(DECADES)})"
_PART = r"(?:(?:the )?(early|mid|late) )?(?:the )?"
_HOURS = rf"(?:{_NUM} (?:and a half )?(?:hours?|hrs?)|\d(?: point \d)? ?(?:hours?|hrs?|h))"
_MINUTES = rf"(?:{_NUM} (?:minutes?|mins?|min)|\d{{1,3}} ?(?:minutes?|mins?|min|m))"
_LENGTH = (
    rf"(?:half an hour|{_HOURS} and a half|{_HOURS} ?(?:and )?{_MINUTES}|\d ?h ?\d{{1,2}}"
    rf"|{_HOURS}|{_MINUTES})"
)
_UNDER = (
    r"(?:in |for )?(?:under|less than|fewer than|below|up to|at most"
    r"|no(?:t|thing)? (?:longer|more|over)(?: than)?|shorter than|within"
    r"|(?:a )?max(?:imum)?(?: of)?)"
)
_OVER = (
    r"(?:over|more than|at least|longer than|above|no(?:t|thing)? (?:less|shorter|under)(?: than)?"
    r"|(?:a )?min(?:imum)?(?: of)?|upwards of)"
)
_ABOUT = r"(?:about|around|roughly|approximately|circa|ca|some|approx)"
_AFTER_LENGTH = r"(?: (?:long|in length|of length|runtime))?"
_SLACK = 10
_SHORT, _VERY_SHORT, _LONG, _NOT_LONG = 90, 40, 150, 120

# Scores that people mean by words, each with the votes without which a score says little.
_GOOD, _ENOUGH = 7.5, 300
_RECENT, _OLD, _MODERN = 2, 40, 2000


def number(words: str) -> float:
    """`ninety five`, `1 point 5` or `100` as a number."""
    if words[:1].isdigit():
        whole, _, tenth = words.partition(" point ")
        return int(whole) + (int(tenth) / 10 if tenth else 0)
    total, parts = 0.0, words.split()
    if parts[0] in ("a", "an") and parts[1:] and parts[1] != "hundred":
        parts = parts[1:]
    for word in parts:
        value = NUMBERS.get(word, 0)
        total = (total or 1) * value if word == "hundred" else total + value
    return total


def minutes(words: str) -> int:
    """How long `two and a half hours`, `1h30` or `95 min` is."""
    if words == "half an hour":
        return 30
    halves = 30 if "half" in words else 0
    bare = words.replace(" and a half", "").replace("a half", "").strip()
    parts = re.fullmatch(r"(.+?) ?(?<![a-z])(?:hours?|hrs?|h)(?![a-z])(?: ?(?:and )?(.*))?", bare)
    if not parts:
        return round(number(re.sub(r" ?(?:minutes?|mins?|min|m)$", "", bare)))
    rest = re.sub(r" ?(?:minutes?|mins?|m)$", "", (parts[2] or "").strip())
    return round(number(parts[1]) * 60 + (number(rest) if rest else 0)) + halves


def _at_most(draft: Draft, found: re.Match[str]) -> None:
    draft.set(with_runtime__lte=minutes(found[1]))


def _at_least(draft: Draft, found: re.Match[str]) -> None:
    draft.set(with_runtime__gte=minutes(found[1]))


def _about(draft: Draft, found: re.Match[str]) -> None:
    near = minutes(found[1])
    draft.set(with_runtime__gte=max(near - _SLACK, 0), with_runtime__lte=near + _SLACK)


def _between(draft: Draft, found: re.Match[str]) -> None:
    last = minutes(found[2])
    bare = re.fullmatch(_NUM, found[1])
    hours = bool(re.search(r"\d? ?h(?:ou)?r?s?\b", found[2]))
    first = round(number(found[1]) * (60 if hours else 1)) if bare else minutes(found[1])
    draft.set(with_runtime__gte=min(first, last), with_runtime__lte=max(first, last))


LENGTHS: tuple[Rule, ...] = (
    Rule(rf"(?:between|from) ({_LENGTH}|{_NUM}) (?:and|to) ({_LENGTH}){_AFTER_LENGTH}", _between),
    Rule(rf"({_LENGTH}|{_NUM}) (?:to|or) ({_LENGTH}){_AFTER_LENGTH}", _between),
    Rule(rf"{_UNDER} ({_LENGTH}){_AFTER_LENGTH}", _at_most),
    Rule(
        rf"({_LENGTH}){_AFTER_LENGTH} (?:(?:or|and) (?:less|under|shorter|below)"
        r"|max(?:imum)?|tops|at (?:the )?most)",
        _at_most,
    ),
    Rule(rf"{_OVER} ({_LENGTH}){_AFTER_LENGTH}", _at_least),
    Rule(
        rf"({_LENGTH}){_AFTER_LENGTH} (?:(?:or|and) (?:more|over|longer|up)|min(?:imum)?|at least)",
        _at_least,
    ),
    Rule(rf"(?:{_ABOUT} )?({_LENGTH}){_AFTER_LENGTH}", _about),
    sets(r"not (?:too|so|very|overly) long|isnt (?:too )?long", **{"with_runtime.lte": _NOT_LONG}),
    sets(r"short(?= films?\b)(?! films? (?:comed|drama))", **{"with_runtime.lte": _VERY_SHORT}),
    sets(r"(?:very )?(?:short|quick|brief)", **{"with_runtime.lte": _SHORT}),
    sets(r"(?:very )?long(?! ago)", **{"with_runtime.gte": _LONG}),
)


def _from(draft: Draft, year: int) -> None:
    draft.set(release_date__gte=f"{year}-01-01")


def _until(draft: Draft, year: int) -> None:
    draft.set(release_date__lte=f"{year}-12-31")


def _span(draft: Draft, first: int, last: int) -> None:
    _from(draft, min(first, last))
    _until(draft, max(first, last))


def _range(draft: Draft, found: re.Match[str]) -> None:
    first, end = int(found[1]), found[2]
    _span(draft, first, int(end) if len(end) == 4 else first // 100 * 100 + int(end))


def _decade(word: str, this_year: int) -> int:
    """The first year of the decade; two digits mean the latest that has begun."""
    if word in DECADES:
        return DECADES[word]
    digits = int(word.removesuffix("s"))
    if digits > 99:
        return digits
    return 2000 + digits if 2000 + digits <= this_year else 1900 + digits


def _decades(draft: Draft, found: re.Match[str]) -> None:
    first = _decade(found[2], draft.this_year)
    last = _decade(found[4], draft.this_year) if found[4] else first
    early = {"mid": 4, "late": 7}.get(found[1] or "", 0)
    late = {"early": 3, "mid": 6}.get((found[3] if found[4] else found[1]) or "", 9)
    _span(draft, first + early, last + late)


def _decade_edge(act: Callable[[Draft, int], None], shift: int) -> Callable[..., None]:
    return lambda draft, found: act(draft, _decade(found[1], draft.this_year) + shift)


def _edge(act: Callable[[Draft, int], None], shift: int = 0) -> Callable[..., None]:
    return lambda draft, found: act(draft, int(found[1]) + shift)


def _within_last(draft: Draft, found: re.Match[str]) -> None:
    years = number(found[1]) if found[1] else 1
    _from(draft, draft.this_year - round(years * (10 if "decade" in found[0] else 1)))


def _around(draft: Draft, found: re.Match[str]) -> None:
    _span(draft, int(found[1]) - 2, int(found[1]) + 2)


def _single(draft: Draft, found: re.Match[str]) -> None:
    draft.set(year=int(found[1]))


_BEFORE = r"(?:(?:from )?before|pre|prior to|earlier than|older than)"
_AFTER = r"(?:(?:from )?after|post|later than|newer than|past)"
_UP_TO = (
    r"(?:until|till|up to|no(?:t|thing)? (?:later|newer|after)(?: than)?|not after|at the latest)"
)
_SINCE = r"(?:since|starting (?:in|from)|no(?:t|thing)? (?:earlier|older|before)(?: than)?|as of)"

YEARS: tuple[Rule, ...] = (
    Rule(
        rf"(?:from |between )?(?:the )?({_YEAR}) (?:to|and|until|till|through|thru)"
        rf" ({_YEAR}|\d\d)(?!s)",
        _range,
    ),
    Rule(rf"{_UP_TO} (?:the )?({_YEAR})", _edge(_until)),
    Rule(rf"{_SINCE} (?:the )?({_YEAR})", _edge(_from)),
    Rule(
        rf"(?:from )?({_YEAR}) (?:on|onwards?|(?:or|and) (?:later|newer|after|more))", _edge(_from)
    ),
    Rule(rf"({_YEAR}) (?:or|and) (?:earlier|older|before)", _edge(_until)),
    Rule(rf"{_BEFORE} (?:the year )?({_YEAR})", _edge(_until, -1)),
    Rule(rf"{_AFTER} (?:the year )?({_YEAR})", _edge(_from, 1)),
    Rule(rf"{_ABOUT} ({_YEAR})", _around),
    Rule(rf"{_BEFORE} the ({_DECADE})", _decade_edge(_until, -1)),
    Rule(rf"{_UP_TO} the ({_DECADE})", _decade_edge(_until, 9)),
    Rule(rf"{_AFTER} the ({_DECADE})", _decade_edge(_from, 10)),
    Rule(rf"{_SINCE} the ({_DECADE})", _decade_edge(_from, 0)),
    Rule(rf"{_PART}({_DECADE})(?: (?:and|or|to|through|until|,) {_PART}({_DECADE}))?", _decades),
    Rule(
        rf"(?:in |of |during |within )?the (?:last|past) ({_NUM} )?(?:years?|decades?)",
        _within_last,
    ),
    Rule(r"this year(?:s)?", lambda draft, _: draft.set(year=draft.this_year)),
    Rule(r"last year(?:s)?", lambda draft, _: draft.set(year=draft.this_year - 1)),
    Rule(rf"(?:in |of |from )?(?:the )?(?:year )?({_YEAR})(?: s)?", _single),
    sets(r"(?:very |most )?(?:latest|newest)|most recent", sort_by="release_date.desc"),
    Rule(
        r"recent(?:ly)?|brand new"
        r"|new(?:er)?(?: releases?)?(?! (?:york|zealand|orleans|jersey|wave))",
        lambda draft, _: _from(draft, draft.this_year - _RECENT),
    ),
    Rule(
        r"old(?:er|ie|ies)?(?: school| fashioned)?|classics?|vintage",
        lambda draft, _: _until(draft, draft.this_year - _OLD),
    ),
    Rule(r"modern|contemporary", lambda draft, _: _from(draft, _MODERN)),
)


def _score(draft: Draft, found: re.Match[str]) -> bool | None:
    value = number(found[1])
    if not 0 < value <= 10:
        return False
    draft.set(vote_average__gte=value if value % 1 else int(value))
    return None


_SCALE = r"(?: out of (?:10|ten))?"
_OR_MORE = r"(?: (?:(?:or|and) (?:more|higher|better|above|over|up)|plus))?"
_RATED = (
    r"(?:(?:an? )?(?:imdb |tmdb )?(?:rated|rating|ratings|scored?|scoring|scores|points)(?: of)?)"
)
_LIKED = (
    r"(?:very )?(?:highly|well|top|best) (?:rated|reviewed|regarded|acclaimed|received)"
    r"|(?:critically )?acclaimed|(?:great|good|high|strong|excellent) (?:reviews?|ratings?|scores?)"
    r"|award winning|masterpieces?|excellent|great(?! britain)"
)
_VOTED = {"vote_average.gte": _GOOD, "vote_count.gte": _ENOUGH}

SCORES: tuple[Rule, ...] = (
    Rule(rf"{_RATED} (?:{_OVER} |higher than |better than )?({_NUM}){_SCALE}{_OR_MORE}", _score),
    Rule(
        rf"(?:{_OVER} |better than )({_NUM}) (?:stars?|points?|rating|score|out of (?:10|ten))",
        _score,
    ),
    Rule(
        rf"({_NUM}) (?:out of (?:10|ten)|(?:or (?:more|higher|better) )?(?:stars?|points|rating))"
        rf"{_OR_MORE}",
        _score,
    ),
    sets(
        r"hidden gems?|under ?rated|overlooked|(?:lesser|little) known|obscure|under the radar",
        **{"vote_average.gte": 7, "vote_count.gte": 50, "sort_by": "vote_average.desc"},
    ),
    sets(_LIKED, **_VOTED),
    sets(
        r"(?:the )?(?:very )?(?:best|greatest|finest)|top(?: \d+)?",
        **{"sort_by": "vote_average.desc", "vote_count.gte": _ENOUGH},
    ),
    sets(r"good|decent|worth watching", **{"vote_average.gte": 6.5, "vote_count.gte": 100}),
    sets(r"popular|famous|well known|blockbusters?|hits?", **{"vote_count.gte": 1000}),
)
