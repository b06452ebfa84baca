"""Finds films, people and keywords by words. Accents, case and punctuation do not matter.

Each word of the query must begin a word of the name; where scripts do not part words, it may
stand anywhere. Names that are the query come first, then names that begin with it, then fame.
"""

from collections.abc import Iterable
from typing import TypeVar

from moviesite.demo.catalogue import Catalogue
from moviesite.demo.folding import fold, searchable
from moviesite.demo.records import Film, Person

Thing = TypeVar("Thing")

_LATIN_AND_KIN = 0x2E80  # scripts from here on (CJK, Hangul) are written without spaces


def films(catalogue: Catalogue, query: str, year: int | None, adult: bool) -> list[Film]:
    """Films whose title or original title has the words, of one year if given."""
    wanted = _needles(query)
    found = (
        film
        for film in catalogue.films.values()
        if _has(film.words, wanted)
        and (year is None or film.year == year)
        and (adult or not film.adult)
    )
    return _ranked(((film, film.title, film.popularity) for film in found), query)


def people(catalogue: Catalogue, query: str) -> list[Person]:
    """People whose name has the words."""
    wanted = _needles(query)
    found = (person for words, person in catalogue.people_by_words if _has(words, wanted))
    return _ranked(((person, person.name, person.popularity) for person in found), query)


def keywords(catalogue: Catalogue, query: str) -> list[tuple[int, str]]:
    """Keywords (id, name) that have the words."""
    wanted = _needles(query)
    found = (item for item in catalogue.keywords.items() if _has(searchable(item[1]), wanted))
    return _ranked(((item, item[1], -len(item[1])) for item in found), query)


def films_and_people(catalogue: Catalogue, query: str, adult: bool) -> list[Film | Person]:
    """Both kinds in one order."""
    both: list[Film | Person] = [
        *films(catalogue, query, None, adult),
        *people(catalogue, query),
    ]
    return _ranked(((thing, _name(thing), thing.popularity) for thing in both), query)


def _name(thing: Film | Person) -> str:
    return thing.title if isinstance(thing, Film) else thing.name


def _needles(query: str) -> tuple[str, ...]:
    return tuple(
        word if ord(word[0]) >= _LATIN_AND_KIN else f" {word}" for word in fold(query).split()
    )


def _has(words: str, needles: tuple[str, ...]) -> bool:
    return bool(needles) and all(needle in words for needle in needles)


def _ranked(found: Iterable[tuple[Thing, str, float]], query: str) -> list[Thing]:
    asked = fold(query)

    def rank(entry: tuple[Thing, str, float]) -> tuple[int, float]:
        name = fold(entry[1])
        nearness = 0 if name == asked else 1 if name.startswith(f"{asked} ") else 2
        return nearness, -entry[2]

    return [thing for thing, _, _ in sorted(found, key=rank)]
