"""Looks for movies by what somebody typed, mistakes and all. Changes nothing.

The databases only collect candidates, from indexes and within bounds, best known first; which
of them is closest is decided by `closeness`.
"""

from collections.abc import Sequence
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
    union,
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
from moviesite.catalogue.filter_sql import AnySelect, begins, narrowed
from moviesite.catalogue.filters import NO_FILTERS, Filters
from moviesite.database import PLANNED_ANEW, dialect
from moviesite.extensions import db
from moviesite.models import Movie, MovieTerm, WordSpelling

# Candidates from one source; of more, the best known are taken.
_MOST = 200
# Rows of a range of terms that are looked at, and movies of a common word, best known first.
_RANGE = 3_000
_DEEP = 8_000
_BEST_KNOWN = 2_500
# Movies of these whose titles are read.
_READ = 1_000
_WORDS_ALONE = 3
_COLUMNS = (Movie.id, Movie.title_key, Movie.search_text, Movie.release_date, Movie.popularity)
_TERM = (MovieTerm.movie_id, MovieTerm.weight)


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
            self._best(whole),
            *([self._listed(_of(halves, len(halves) * _MOST))] if halves else []),
            self._listed(_beginning(terms.whole(self.wanted.compact))),
            *(self._all_words() if known else self._words_alike()),
        ]

    def last_resorts(self) -> list[AnySelect]:
        """Known words may be mistakes as well; failing that, titles with some of the words."""
        alike = self.vocabulary.alike
        meant = {word: [word, *alike.get(word, [])] for word in self.wanted.words}
        longest = sorted(self.wanted.words, key=len, reverse=True)[:_WORDS_ALONE]
        return [
            *self._one_for_each(meant),
            *(self._best(meant[word]) for word in longest),
            *_holding(longest[0]),
        ]

    def _best(self, words: Sequence[str]) -> AnySelect:
        """Movies with one of these terms, best known first."""
        return self._listed(_of(words, _DEEP if self.filtered else 2 * _MOST))

    def _listed(self, found: AnySelect, *others: Sequence[str]) -> AnySelect:
        """Movies of these rows of terms with one term of each of the others, best known first."""
        if others:
            row = found.subquery().c
            found = select(row.movie_id, row.weight).order_by(row.weight)
            found = found.where(*(_also(words, row) for words in others))
        # A film is dearer to read than a term, and no more of them are taken.
        few = (found if self.filtered else found.limit(2 * _MOST)).subquery()
        statement = select(*_COLUMNS).join(few, few.c.movie_id == Movie.id)
        return statement.order_by(few.c.weight)

    def _together(self, found: AnySelect, others: Sequence[Sequence[str]]) -> list[AnySelect]:
        """Movies of these rows of terms with one word of each of the others.

        For words that only begin so titles have to be read: those of the best known.
        """
        listed = self._listed(found, *others)
        if not any(self.wanted.unfinished(word) for words in others for word in words):
            return [listed]
        rows = found.limit(_READ).subquery()
        read = select(*_COLUMNS).join(rows, rows.c.movie_id == Movie.id)
        return [listed, read.where(*(self._holds(words, rows.c) for words in others))]

    def _holds(self, words: Sequence[str], row: Any) -> ColumnElement[bool]:
        """That the movie of a row of terms has one of the words, or what it may begin."""
        unfinished = [word for word in words if self.wanted.unfinished(word)]
        return or_(_also(words, row), *map(_holds_beginning, unfinished))

    def _all_words(self) -> list[AnySelect]:
        """Movies with all of the words: those with the rarest, asked for the others."""
        counts, unfinished = self.vocabulary.counts, self.wanted.unfinished
        rarest = min(self.wanted.words, key=lambda w: (counts[w], -len(w)))
        others = [[word] for word in self.wanted.words if word != rarest]
        if unfinished(rarest) and counts[rarest] < _RANGE:
            return self._together(_beginning(rarest), others)
        finished = self._together(_of([rarest], _DEEP), others)
        return [*finished, self._best_known()] if unfinished(rarest) else finished

    def _best_known(self) -> AnySelect:
        """For beginnings of very many words: the best known movies, one after the other."""
        walk = select(Movie.id).order_by(Movie.popularity.desc(), Movie.id.desc())
        best = walk.limit(_BEST_KNOWN).subquery()
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
        others = [words for word, words in meant.items() if word != rarest]
        return self._together(_of(meant[rarest], _DEEP), others)


def _of(words: Sequence[str], most: int) -> AnySelect:
    """Rows of these terms, best known first, `most` of them and as many of each."""
    rows = (select(*_TERM).where(MovieTerm.term == word) for word in words)
    first, *more = [one.order_by(MovieTerm.weight).limit(most // len(words)) for one in rows]
    if not more:
        return first
    found = union(*(select(one.subquery()) for one in (first, *more))).subquery()
    return select(found).order_by(found.c.weight)


def _beginning(start: str) -> AnySelect:
    """Rows of terms that begin so, best known first; of very many, only some."""
    few = select(*_TERM).where(begins(MovieTerm.term, start)).limit(_RANGE).subquery()
    return select(few).order_by(few.c.weight)


def _also(words: Sequence[str], row: Any) -> ColumnElement[bool]:
    """That the movie of a row of terms has one of these terms, too."""
    other = aliased(MovieTerm)
    same_movie = and_(other.weight == row.weight, other.movie_id == row.movie_id)
    return exists().where(other.term.in_(words), same_movie)


def _holds_beginning(word: str) -> ColumnElement[bool]:
    return (" " + Movie.search_text).contains(f" {word}", autoescape=True)


def _holding(part: str) -> list[AnySelect]:
    """Movies with such letters anywhere in their titles."""
    if len(part) < SHORT_WORD:
        return []
    statement = select(*_COLUMNS)
    if dialect() != "sqlite":
        return [statement.where(Movie.search_text.contains(part, autoescape=True))]
    found = select(text("rowid")).select_from(text("movie_search"))
    found = found.where(text("movie_search MATCH :part").bindparams(part=f'"{part}"'))
    return [statement.where(Movie.id.in_(found))]
