"""Looks for people by name, mistakes and all. Changes nothing."""

from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, func, literal, select, union_all

from moviesite.catalogue import terms
from moviesite.catalogue.closeness import (
    BEGINNING,
    INSIDE,
    SHORT_WORD,
    WORDS,
    Asked,
    Candidate,
    Match,
    asked,
    ranked,
)
from moviesite.catalogue.filter_sql import AnySelect, begins
from moviesite.catalogue.filters import Filters, Groups
from moviesite.database import PLANNED_ANEW
from moviesite.extensions import db
from moviesite.models import MovieCast, MovieCrew, Person, PersonTerm, WordSpelling
from moviesite.providers.base import PersonRef

_MOST = 200
_RANGE = 3_000
# Names in one question that are looked for: each takes up to three statements.
_MOST_NAMES = 10


class PersonFound(NamedTuple):
    """A person that may have been meant, and how well the name fits."""

    match: Match
    person: PersonRef


def search_people(name: str, *, guessing: bool = True) -> list[PersonFound]:
    """Stored people who may have been meant, best first: one statement, three for mistakes.

    Without `guessing`, mistakes are not looked for.
    """
    wanted = asked(name)
    if not wanted.words:
        return []
    found = _ranked(wanted, _sources(wanted))
    if not guessing or (found and found[0].match.kind < INSIDE):
        return [one for one in found if one.match.kind < INSIDE]
    return _ranked(wanted, [*_sources(wanted), *_alike(wanted)])


def _ranked(wanted: Asked, sources: list[AnySelect]) -> list[PersonFound]:
    together = union_all(*map(_bounded, sources))
    rows = db.session.execute(together, execution_options=PLANNED_ANEW).all()
    people = {row.id: PersonRef(row.id, row.name, row.profile_path) for row in rows}
    candidates = [
        Candidate(row.id, row.search_text, row.search_text, fame=row.credits) for row in rows
    ]
    found = [(_of_a_name(match), candidate) for match, candidate in ranked(wanted, candidates)]
    found.sort(key=lambda pair: (pair[0], -pair[1].fame, pair[1].id))
    return [PersonFound(match, people[candidate.id]) for match, candidate in found]


def _of_a_name(match: Match) -> Match:
    """People are known by their first and by their last names alike."""
    return Match(BEGINNING, 0) if BEGINNING <= match.kind <= WORDS else match


def with_known_people(filters: Filters) -> Filters:
    """The filters with names of people, as typed, turned into ids of who may have been meant.

    Of very many names the first few are.
    """
    groups = (*filters.people, *filters.directors, *filters.cast)
    names = dict.fromkeys(name for group in groups for name in group if not _is_id(name))
    meant = {name: _ids(name) for name in islice(names, _MOST_NAMES)}
    return msgspec.structs.replace(
        filters,
        people=_known(filters.people, meant),
        directors=_known(filters.directors, meant),
        cast=_known(filters.cast, meant),
    )


def _known(groups: Groups, meant: Mapping[str, list[str]]) -> Groups:
    return tuple(
        tuple(other for name in group for other in meant.get(name, [name])) for group in groups
    )


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def _ids(name: str) -> list[str]:
    """Ids of the people meant; a name that very many bear stays a name, as does an unknown one."""
    found = search_people(name)
    meant = [one for one in found if one.match.kind <= WORDS] or found
    return [str(one.person.id) for one in meant] if 0 < len(meant) < _MOST else [name]


def _sources(wanted: Asked) -> list[AnySelect]:
    whole = terms.whole(wanted.compact)
    longest = max(wanted.words, key=len)
    others = (_holds(word) for word in wanted.words if word != longest)
    return [
        _listed(PersonTerm.term == whole),
        _beginning(whole),
        _beginning(longest, *others),
        *([_beginning(wanted.compact)] if len(wanted.words) > 1 else []),
    ]


def _listed(condition: ColumnElement[bool]) -> AnySelect:
    found = select(PersonTerm.person_id).where(condition).limit(_RANGE)
    return select(Person).where(Person.id.in_(select(found.subquery())))


def _beginning(start: str, *others: ColumnElement[bool]) -> AnySelect:
    return _listed(begins(PersonTerm.term, start)).where(*others)


def _holds(word: str) -> ColumnElement[bool]:
    return (" " + Person.search_text).contains(f" {word}", autoescape=True)


def _alike(wanted: Asked) -> list[AnySelect]:
    """People with a name spelt like the longest two of the words: one statement for these."""
    typed = [word for word in wanted.words if len(word) > SHORT_WORD]
    if not typed:
        return []
    keys = sorted(set().union(*map(terms.spellings, typed)))
    spelt = db.session.scalars(select(WordSpelling.word).where(WordSpelling.key.in_(keys))).all()
    meant = {word: [word, *terms.spelt_like(word, spelt, unfinished=True)] for word in typed}
    chosen = [word for word in typed if len(meant[word]) > 1] or typed
    conditions = (
        Person.id.in_(select(PersonTerm.person_id).where(PersonTerm.term.in_(meant[word])))
        for word in sorted(chosen, key=len, reverse=True)[:2]
    )
    return [select(Person).where(and_(*conditions))]


def _bounded(source: AnySelect) -> AnySelect:
    """The first of them, as TMDb numbers people: roughly, the best known."""
    person = source.with_only_columns(
        Person.id, Person.name, Person.search_text, Person.profile_path
    )
    few = person.order_by(Person.id).limit(_MOST).subquery()
    parts = (
        select(func.count()).where(table.person_id == few.c.id).scalar_subquery()
        for table in (MovieCast, MovieCrew)
    )
    return select(few, sum(parts, literal(0)).label("credits"))
