"""Writes one plain sentence about a film from its facts. Judges nothing and invents nothing."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from moviesite.demo.places import COUNTRIES, LANGUAGES

Row = dict[str, Any]

_ACTION, _ADVENTURE, _ANIMATION, _COMEDY, _CRIME, _DOCUMENTARY = 28, 12, 16, 35, 80, 99
_DRAMA, _FAMILY, _FANTASY, _HISTORY, _HORROR, _MUSIC = 18, 10751, 14, 36, 27, 10402
_MYSTERY, _ROMANCE, _SCIENCE, _THRILLER, _WAR, _WESTERN = 9648, 10749, 878, 53, 10752, 37

# The noun of the sentence is the first of these that the film is.
_NOUNS: Final = (
    (_DOCUMENTARY, "documentary"),
    (_WESTERN, "western"),
    (_THRILLER, "thriller"),
    (_COMEDY, "comedy"),
    (_MYSTERY, "mystery"),
    (_ADVENTURE, "adventure"),
    (_DRAMA, "drama"),
    (_ROMANCE, "romance"),
)
# At most two of these stand before it, in this order.
_KINDS: Final = (
    (_HISTORY, "historical"),
    (_ANIMATION, "animated"),
    (_FAMILY, "family"),
    (_ROMANCE, "romantic"),
    (_SCIENCE, "science-fiction"),
    (_HORROR, "horror"),
    (_FANTASY, "fantasy"),
    (_MUSIC, "musical"),
    (_WAR, "war"),
    (_MYSTERY, "mystery"),
    (_ACTION, "action"),
    (_CRIME, "crime"),
    (_ADVENTURE, "adventure"),
)
_SOURCES: Final = {
    "Novel": "a novel",
    "Book": "a book",
    "Short Story": "a short story",
    "Theatre Play": "a play",
    "Comic Book": "a comic book",
    "Musical": "a musical",
}
_PLAIN_PART: Final = re.compile(r"[^\W\d_][^\W\d_.'’ -]*(?:[ .'’-]+[^\W\d_][^\W\d_'’-]*\.?){0,2}")
_NOT_A_NAME: Final = re.compile(
    r"(?i)\b(himself|herself|themselves|narrator|voice|various|additional|the|man|woman|girl|boy|le|la|les|el|il|der|die|un|une|barkers)\b"
)


def overview(film: Row) -> str:
    """One sentence; which turn it takes follows from the film's id and from what is known."""
    ways = [way for way, fits in _WAYS if fits(film)]
    return _tidy(ways[film["id"] % len(ways)](film))


def kind_of(film: Row) -> str:
    """`science-fiction adventure`, `romantic comedy drama`, or `film` when no genre is known."""
    genres = {genre["id"] for genre in film.get("genres", ())}
    if {_COMEDY, _DRAMA} <= genres and not genres & {_DOCUMENTARY, _WESTERN, _THRILLER}:
        noun, own = "comedy drama", {_COMEDY, _DRAMA}
    else:
        key, noun = next((n for n in _NOUNS if n[0] in genres), (0, "film"))
        own = {key}
    before = [word for key, word in _KINDS if key in genres - own][:2]
    # A film with songs is a musical one, a documentary about them is not.
    return " ".join([*before, noun]).replace("musical documentary", "music documentary")


def origin_of(film: Row) -> str:
    """`American–British`; empty where no country, or more than three, had a hand in it."""
    codes = [country["iso_3166_1"] for country in film.get("production_countries", ())]
    words = list(dict.fromkeys(COUNTRIES[code][1] for code in codes if code in COUNTRIES))
    return "–".join(words) if 0 < len(words) <= 3 else ""


def _what(film: Row) -> str:
    return f"{origin_of(film)} {kind_of(film)}".strip()


def _year(film: Row) -> str:
    return str(film["release_date"][:4])


def _directors(film: Row) -> list[str]:
    names = [c["name"] for c in film.get("crew", ()) if c["job"] == "Director"]
    return [name for name in dict.fromkeys(names) if name != "Anonymous"]


def _directed(film: Row) -> str:
    names = _directors(film)
    return _listed(names if len(names) < 4 else [*names[:2], "others"])


def _stars(film: Row, count: int) -> list[str]:
    directors = set(_directors(film))
    names = [part["name"] for part in film.get("cast", ())[:6] if part["name"] not in directors]
    return names[:count]


def _starring(film: Row, count: int) -> str:
    return _listed(_stars(film, count))


def _is_documentary(film: Row) -> bool:
    return any(genre["id"] == _DOCUMENTARY for genre in film.get("genres", ()))


def _parts(film: Row) -> list[str]:
    directors = set(_directors(film))
    return [
        f"{part['name']} as {part['character']}"
        for part in film.get("cast", ())[:3]
        if part["name"] not in directors and _is_name(part.get("character") or "")
    ]


def _is_name(character: str) -> bool:
    is_plain = _PLAIN_PART.fullmatch(character) and " -" not in character
    return bool(is_plain) and not _NOT_A_NAME.search(character)


def _source(film: Row) -> str:
    """`a novel by Mario Puzo`, unless the director wrote that too."""
    for credit in film.get("crew", ()):
        if credit["job"] in _SOURCES and credit["name"] not in _directors(film):
            return f"{_SOURCES[credit['job']]} by {credit['name']}"
    return ""


def _leads_himself(film: Row) -> bool:
    directors, cast = _directors(film), film.get("cast", ())
    return len(directors) == 1 and bool(cast) and cast[0]["name"] == directors[0]


def _language(film: Row) -> str:
    """The language in English, where it is neither English nor plain from the country."""
    code = film.get("original_language", "en")
    if code in ("en", "xx") or code not in LANGUAGES or len(_countries(film)) < 2:
        return ""
    return LANGUAGES[code][0]


def _countries(film: Row) -> list[str]:
    return [country["iso_3166_1"] for country in film.get("production_countries", ())]


def _plainly(film: Row) -> str:
    verb = "featuring" if _is_documentary(film) else "starring"
    cast = _starring(film, 2)
    ending = f", {verb} {cast}" if cast else ""
    return f"A {_year(film)} {_what(film)} directed by {_directed(film)}{ending}."


def _with_three(film: Row) -> str:
    return f"{_a(_what(film))} from {_year(film)} by {_directed(film)}, with {_starring(film, 3)}."


def _stars_first(film: Row) -> str:
    return (
        f"{_starring(film, 2)} star in {_a(_what(film), 'a')} of {_year(film)}, "
        f"directed by {_directed(film)}."
    )


def _with_parts(film: Row) -> str:
    return (
        f"A {_year(film)} {_what(film)} directed by {_directed(film)}, "
        f"with {_listed(_parts(film)[:2])}."
    )


def _adapted(film: Row) -> str:
    cast = _starring(film, 2)
    ending = f", with {cast}" if cast else ""
    return (
        f"{_directed(film)} directs this {_year(film)} {_what(film)} from {_source(film)}{ending}."
    )


def _self_led(film: Row) -> str:
    others = _starring(film, 2)
    ending = f", with {others}" if others else ""
    return f"A {_year(film)} {_what(film)} directed by and starring {_directed(film)}{ending}."


def _spoken(film: Row) -> str:
    cast = _starring(film, 2)
    ending = f", starring {cast}" if cast else ""
    what = f"A {_year(film)} {kind_of(film)} in {_language(film)}"
    return f"{what}, directed by {_directed(film)}{ending}."


# Each way of saying it, and when it can be said. Self-led films have the first to themselves.
_WAYS: Final[tuple[tuple[Callable[[Row], str], Callable[[Row], Any]], ...]] = (
    (_self_led, _leads_himself),
    (_plainly, lambda film: not _leads_himself(film)),
    (_with_three, lambda film: not _leads_himself(film) and len(_stars(film, 3)) == 3),
    (
        _stars_first,
        lambda film: (
            not _leads_himself(film) and not _is_documentary(film) and len(_stars(film, 2)) == 2
        ),
    ),
    (_with_parts, lambda film: not _leads_himself(film) and len(_parts(film)) >= 2),
    (
        _adapted,
        lambda film: not _leads_himself(film) and len(_directors(film)) == 1 and _source(film),
    ),
    (_spoken, lambda film: not _leads_himself(film) and _language(film)),
)


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _a(words: str, article: str = "A") -> str:
    return f"{article}{'n' if words[:1].lower() in 'aeio' else ''} {words}"


def _tidy(sentence: str) -> str:
    return re.sub(r"\.\.$", ".", re.sub(r" {2,}", " ", sentence))
