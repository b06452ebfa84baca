"""Looks for movies by what somebody typed, mistakes and all. Changes nothing.

The databases only collect candidates, from indexes and within bounds, best known first; which
of them is closest is decided by `closeness`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from moviesite.catalogue import terms
from moviesite.catalogue.closeness import (
    EXACT,
    INSIDE,
    SHORT_WORD,
    SOME_WORDS,
    Asked,
    Candidate,
    Match,
    asked,
    compact,
    ranked,
)
from moviesite.catalogue.filters import NO_FILTERS, Filters
from moviesite.catalogue.narrowing import AnySelect, begins, narrowed
from moviesite.database import PLANNED_ANEW
from moviesite.extensions import db
from moviesite.models import Movie, MovieTerm, WordSpelling

# Candidates from one source; of more, the best known are taken.
_MOST = 200
# Rows of a range of terms that are looked at, and movies of a common word, best known first.
_RANGE = 3_000
_DEEP = 8_000
_BEST_KNOWN = 5_000
_WORDS_ALONE = 3
_BY_POPULARITY = "INDEXED BY ix_movies_popularity_id_adult"
_COLUMNS = (Movie.id, Movie.title_key, Movie.search_text, Movie.release_date, Movie.popularity)
_TERM = (MovieTerm.movie_id, MovieTerm.weight)

Other = Callable[[Any], ColumnElement[bool]]


class Vocabulary(NamedTuple):
    """What the catalogue knows of the words typed: how common, and how else they are spelt."""

    counts: dict[str, int]
    alike: dict[str, list[str]]

    def known(self, word: str) -> bool:
        """Whether a title holds the word, or begins one with it where it is unfinished."""
        return self.counts[word] > 0


def search(words: str, filters: Filters = NO_FILTERS) -> list[tuple[Match, int]]:
    """Ids of stored movies that may have been meant, best first: two or three statements."""
    wanted = asked(words)
    if not wanted.words:
        return [(Match(EXACT, 0), movie_id) for movie_id in _by_raw_title(words, filters)]
    sources = _Sources(wanted, _vocabulary(wanted), filtered=filters != NO_FILTERS)
    found = _candidates(sources.first(), filters)
    matches = ranked(wanted, found)
    if not matches or matches[0][0].kind >= INSIDE:
        found += _candidates(sources.last_resorts(), filters)
        matches = ranked(wanted, found)
    enough = [match for match in matches if match[0].kind < SOME_WORDS] or matches
    return [(match, candidate.id) for match, candidate in enough]


def _by_raw_title(title: str, filters: Filters) -> list[int]:
    """Titles such as `???`, of which folding leaves nothing."""
    if not title.strip():
        return []
    statement = select(Movie.id).where(Movie.title_key == "", Movie.title == title.strip())
    return list(db.session.scalars(narrowed(statement, filters).limit(_MOST)))


def _vocabulary(wanted: Asked) -> Vocabulary:
    """One statement for all words."""
    typed = [word for word in wanted.words if len(word) > SHORT_WORD]
    keys = sorted(set().union(*map(terms.spellings, typed)))
    rows = union_all(
        select(WordSpelling.word, literal(-1).label("count")).where(WordSpelling.key.in_(keys)),
        *(select(literal(word), _count(wanted, word)) for word in wanted.words),
    )
    found = db.session.execute(rows, execution_options=PLANNED_ANEW).all()
    spelt = {word for word, count in found if count < 0}
    alike = {
        word: terms.spelt_like(word, spelt, unfinished=wanted.unfinished(word)) for word in typed
    }
    return Vocabulary({word: count for word, count in found if count >= 0}, alike)


def _count(wanted: Asked, word: str) -> ColumnElement[int]:
    rows = select(literal(1)).where(_is_word(wanted, word)).limit(_RANGE)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _is_word(wanted: Asked, word: str) -> ColumnElement[bool]:
    if wanted.unfinished(word):
        return begins(MovieTerm.term, word)
    return MovieTerm.term == word


def _candidates(sources: Sequence[AnySelect], filters: Filters) -> list[Candidate]:
    """What the sources find: one statement."""
    parts = [narrowed(source, filters, walking=True).limit(_MOST).subquery() for source in sources]
    together = union_all(*(select(part) for part in parts))
    rows = db.session.execute(together, execution_options=PLANNED_ANEW)
    return [
        Candidate(movie_id, title, text, released.year if released else None, popularity)
        for movie_id, title, text, released, popularity in rows
    ]


class _Sources(NamedTuple):
    """SELECTs of movies, each of which may find what was meant.

    Terms are bounded before their movies are read. `filtered` says that not every movie will
    do, so that more of them have to be looked at.
    """

    wanted: Asked
    vocabulary: Vocabulary
    filtered: bool

    def first(self) -> list[AnySelect]:
        """What finds nearly everything."""
        texts = {self.wanted.folded, self.wanted.without_years} - {""}
        whole = [terms.whole(compact(text)) for text in sorted(texts)]
        halves = terms.halves(self.wanted.compact)
        known = all(map(self.vocabulary.known, self.wanted.words))
        return [
            self._best(MovieTerm.term.in_(whole)),
            *([self._listed(union_all(*map(_half, halves)).subquery())] if halves else []),
            self._beginning(terms.whole(self.wanted.compact)),
            *(self._all_words() if known else self._words_alike()),
        ]

    def last_resorts(self) -> list[AnySelect]:
        """Known words may be mistakes as well; failing that, titles with some of the words."""
        alike = self.vocabulary.alike
        meant = {word: [word, *alike.get(word, [])] for word in self.wanted.words}
        longest = sorted(self.wanted.words, key=len, reverse=True)[:_WORDS_ALONE]
        return [
            *self._one_for_each(meant),
            *(self._best(MovieTerm.term.in_(meant[word])) for word in longest),
            *_holding(longest[0]),
        ]

    def _best(self, condition: ColumnElement[bool], *others: Other) -> AnySelect:
        """Movies with such a term, best known first."""
        most = _DEEP if others or self.filtered else 2 * _MOST
        found = select(*_TERM).where(condition).order_by(MovieTerm.weight).limit(most)
        return self._listed(found.subquery(), *others)

    def _beginning(self, start: str, *others: Other) -> AnySelect:
        """Movies with a term that begins so; of very many, only some."""
        few = select(*_TERM).where(begins(MovieTerm.term, start)).limit(_RANGE).subquery()
        if others or self.filtered:
            return self._listed(few, *others)
        return self._listed(select(few).order_by(few.c.weight).limit(2 * _MOST).subquery())

    def _listed(self, found: Any, *others: Other) -> AnySelect:
        statement = select(*_COLUMNS).join(found, found.c.movie_id == Movie.id)
        return statement.where(*(other(found.c) for other in others)).order_by(found.c.weight)

    def _all_words(self) -> list[AnySelect]:
        """Movies with all of the words: those with the rarest, asked for the others."""
        counts, unfinished = self.vocabulary.counts, self.wanted.unfinished
        rarest = min(self.wanted.words, key=lambda w: (counts[w], -len(w)))
        others = [self._also([word]) for word in self.wanted.words if word != rarest]
        finished = self._best(MovieTerm.term == rarest, *others)
        if not unfinished(rarest):
            return [finished]
        if counts[rarest] < _RANGE:
            return [self._beginning(rarest, *others)]
        return [finished, self._best_known()]

    def _also(self, words: list[str]) -> Other:
        """That the movie of a row of terms has one of the words, too."""
        unfinished = [word for word in words if self.wanted.unfinished(word)]

        def condition(row: Any) -> ColumnElement[bool]:
            other = aliased(MovieTerm)
            same_movie = and_(other.weight == row.weight, other.movie_id == row.movie_id)
            listed = exists().where(other.term.in_(words), same_movie)
            return or_(listed, *map(_holds_beginning, unfinished)) if unfinished else listed

        return condition

    def _best_known(self) -> AnySelect:
        """For beginnings of very many words: the best known movies, one after the other."""
        walk = select(Movie.id).order_by(Movie.popularity.desc(), Movie.id.desc())
        best = walk.with_hint(Movie, _BY_POPULARITY, "sqlite").limit(_BEST_KNOWN).subquery()
        statement = select(*_COLUMNS).join(best, best.c.id == Movie.id)
        return statement.where(*map(_holds_beginning, self.wanted.words))

    def _words_alike(self) -> list[AnySelect]:
        """Movies with all of the words or such as they may have been meant for."""
        known, alike = self.vocabulary.known, self.vocabulary.alike
        return self._one_for_each(
            {word: [word] if known(word) else alike.get(word, []) for word in self.wanted.words}
        )

    def _one_for_each(self, meant: dict[str, list[str]]) -> list[AnySelect]:
        """Movies with one of the words for each word typed; what means nothing is left out."""
        meant = {word: words for word, words in meant.items() if words}
        if not meant:
            return []
        rarest = min(meant, key=lambda word: (self.vocabulary.counts[word], -len(word)))
        others = (self._also(words) for word, words in meant.items() if word != rarest)
        return [self._best(MovieTerm.term.in_(meant[rarest]), *others)]


def _half(term: str) -> AnySelect:
    one = select(*_TERM).where(MovieTerm.term == term).order_by(MovieTerm.weight).limit(_MOST)
    return select(one.subquery())


def _holds_beginning(word: str) -> ColumnElement[bool]:
    return (" " + Movie.search_text).contains(f" {word}", autoescape=True)


def _holding(part: str) -> list[AnySelect]:
    """Movies with such letters anywhere in their titles."""
    if len(part) < SHORT_WORD:
        return []
    statement = select(*_COLUMNS)
    if db.session.get_bind().dialect.name != "sqlite":
        return [statement.where(Movie.search_text.contains(part, autoescape=True))]
    found = select(text("rowid")).select_from(text("movie_search"))
    found = found.where(text("movie_search MATCH :part").bindparams(part=f'"{part}"'))
    return [statement.where(Movie.id.in_(found))]
