"""Finds the person or the keyword that a typed name means. Changes nothing."""

from collections.abc import Iterable

from moviesite.catalogue import people_search, queries, suggesting
from moviesite.catalogue.closeness import WORDS
from moviesite.providers.base import KeywordData, PersonRef
from moviesite.text import fold

MOST = 10


def people_like(words: str, language: str) -> list[PersonRef]:
    """At most ten people who may be meant, closest first; the source is asked where few fit."""
    return [one.person for one in suggesting.people(words, language) if one.person]


def person_called(name: str, language: str) -> int | None:
    """Id of the best known person whose name has all these words; None where nobody's has."""
    stored = people_search.search_people(name, guessing=False)
    sure = [one.person for one in stored if one.match.kind <= WORDS]
    return _first_with(name, sure) or _first_with(name, people_like(name, language))


def keywords_like(words: str) -> list[KeywordData]:
    """At most ten stored keywords that hold a word beginning so: whole ones, then common ones."""
    typed = words.casefold().strip()
    return queries.keywords_holding(typed, MOST) if typed else []


def keyword_called(name: str) -> int | None:
    """Id of the stored keyword of exactly this name, capitals aside."""
    return queries.keyword_named(name.casefold().strip())


def _first_with(name: str, people: Iterable[PersonRef]) -> int | None:
    """Each word typed must begin a word of the name: a guess would narrow by somebody else."""
    typed = fold(name).split()
    for person in people:
        own = fold(person.name).split()
        if typed and all(any(word.startswith(start) for word in own) for start in typed):
            return person.id
    return None
