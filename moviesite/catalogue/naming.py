"""Finds the person or the keyword that a typed name means. Changes nothing."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from moviesite.catalogue import people_search, suggesting
from moviesite.catalogue.closeness import WORDS
from moviesite.catalogue.narrowing import begins
from moviesite.extensions import db
from moviesite.models import Keyword, movie_keywords
from moviesite.providers.base import KeywordData, PersonRef
from moviesite.text import fold

MOST = 10
# How many that hold the words are looked at, for the ones that most films have.
_LOOKED_AT = 200


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
    if not typed:
        return []
    ids = _holding(typed)
    films = select(func.count()).where(movie_keywords.c.keyword_id == Keyword.id).scalar_subquery()
    rows = db.session.execute(
        select(Keyword.id, Keyword.name)
        .where(Keyword.id.in_(ids))
        .order_by((Keyword.name == typed).desc(), films.desc(), Keyword.name)
        .limit(MOST)
    )
    return [KeywordData(row.id, row.name) for row in rows]


def keyword_called(name: str) -> int | None:
    """Id of the stored keyword of exactly this name, capitals aside."""
    statement = select(func.min(Keyword.id)).where(Keyword.name == name.casefold().strip())
    return db.session.scalar(statement)


def _holding(typed: str) -> Sequence[int]:
    inside = Keyword.name.contains(f" {typed}", autoescape=True)
    holds = or_(begins(Keyword.name, typed), inside)
    return db.session.scalars(select(Keyword.id).where(holds).limit(_LOOKED_AT)).all()


def _first_with(name: str, people: Iterable[PersonRef]) -> int | None:
    """Each word typed must begin a word of the name: a guess would narrow by somebody else."""
    typed = fold(name).split()
    for person in people:
        own = fold(person.name).split()
        if typed and all(any(word.startswith(start) for word in own) for start in typed):
            return person.id
    return None
