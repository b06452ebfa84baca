"""Genres and keywords as those who run the site look after them. Changes nothing."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select

from moviesite.bounds import ADMIN_PAGE_SIZE, Page
from moviesite.catalogue import browse
from moviesite.catalogue.overrides import OWN_IDS
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import Genre, Keyword, Override, movie_genres, movie_keywords
from moviesite.models.overrides import GENRE, KEYWORD, REMOVED


class Kind(NamedTuple):
    """One of the two: what it is called, where it lies and how films link to it."""

    name: str
    model: type[Genre] | type[Keyword]
    links: Table
    column: str
    longest: int

    @property
    def linked(self) -> Any:
        """The column of the link that names it."""
        return self.links.c[self.column]


GENRES = Kind(GENRE, Genre, movie_genres, "genre_id", 100)
KEYWORDS = Kind(KEYWORD, Keyword, movie_keywords, "keyword_id", 200)


class Term(NamedTuple):
    """A genre or keyword; `source_name` is what its source calls it, where that differs."""

    id: int
    name: str
    source_name: str | None
    movie_count: int
    removed: bool = False

    @property
    def own(self) -> bool:
        """Whether it was added here, and no source has it."""
        return self.id >= OWN_IDS


def terms(
    kind: Kind, search: str = "", *, page: int = 1, page_size: int = ADMIN_PAGE_SIZE
) -> Page[Term]:
    """Those whose name holds the words, by name: four statements, whatever their number."""
    wanted = select(kind.model.id, kind.model.name)
    for word in search.lower().split():
        wanted = wanted.where(func.lower(kind.model.name).contains(word, autoescape=True))
    total, _ = browse.counted(wanted)
    ordered = wanted.order_by(kind.model.name, kind.model.id)
    rows = db.session.execute(ordered.limit(page_size).offset((page - 1) * page_size)).all()
    return Page(_with_facts(kind, [(row.id, row.name) for row in rows]), total, page_size)


def term(kind: Kind, term_id: int) -> Term:
    """One of them: three statements. Raises NotFound."""
    wanted = select(kind.model.id, kind.model.name).where(kind.model.id == term_id)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(f"There is no such {kind.name} here.")
    [found] = _with_facts(kind, [(row.id, row.name)])
    return found


def removed(kind: Kind) -> list[Term]:
    """Those that were removed here, under their old names: one statement."""
    mine = Override.kind == kind.name, Override.field == REMOVED
    rows = db.session.scalars(select(Override).where(*mine).order_by(Override.subject_id))
    return [Term(row.subject_id, str(row.source or ""), None, 0, removed=True) for row in rows]


def keywords_called(names: Collection[str]) -> tuple[list[int], list[str]]:
    """Ids of the keywords with these names, and the names that none has: one statement."""
    wanted = {name.casefold() for name in names}
    rows = db.session.execute(
        select(func.min(Keyword.id), func.lower(Keyword.name))
        .where(func.lower(Keyword.name).in_(wanted))
        .group_by(func.lower(Keyword.name))
    ).all()
    known = {name: id_ for id_, name in rows}
    return sorted(known.values()), [name for name in names if name.casefold() not in known]


def _with_facts(kind: Kind, rows: Sequence[tuple[int, str]]) -> list[Term]:
    """Two statements: how many films have each, and what their source calls them."""
    ids = [id_ for id_, _ in rows]
    counted = select(kind.linked, func.count()).where(kind.linked.in_(ids)).group_by(kind.linked)
    counts = {row[0]: row[1] for row in db.session.execute(counted)}
    mine = Override.kind == kind.name, Override.field == "name", Override.subject_id.in_(ids)
    renamed = select(Override.subject_id, Override.source).where(*mine)
    sources = {id_: str(source) for id_, source in db.session.execute(renamed)}
    return [Term(id_, name, sources.get(id_), counts.get(id_, 0)) for id_, name in rows]
