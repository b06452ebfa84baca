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
from moviesite.extensions import db
from moviesite.models import Movie, MovieTerm, WordSpelling

# Candidates from one source; of more, the best known are taken.
_MOST = 200
# Rows of a range of terms that are looked at; of a more common beginning, the best known movies.
_RANGE = 3_000
_BEST_KNOWN = 5_000
_WORDS_ALONE = 3
_BY_POPULARITY = "INDEXED BY ix_movies_popularity_id_adult"
_COLUMNS = (Movie.id, Movie.title_key, Movie.search_text, Movie.release_date, Movie.popularity)


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
    vocabulary = _vocabulary(wanted)
    found = _candidates(_sources(wanted, vocabulary), filters)
    matches = ranked(wanted, found)
    if not matches or matches[0][0].kind >= INSIDE:
        found += _candidates(_last_resorts(wanted, vocabulary), filters)
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
    found = db.session.execute(rows).all()
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
    rows = db.session.execute(union_all(*(select(part) for part in parts)))
    return [
        Candidate(movie_id, title, text, released.year if released else None, popularity)
        for movie_id, title, text, released, popularity in rows
    ]


def _sources(wanted: Asked, vocabulary: Vocabulary) -> list[AnySelect]:
    """SELECTs of movies, each of which may find what was meant."""
    whole = {terms.whole(compact(text)) for text in (wanted.folded, wanted.without_years) if text}
    by_word = _all_words if all(map(vocabulary.known, wanted.words)) else _words_alike
    return [
        _listed(MovieTerm.term.in_(whole)),
        _listed(MovieTerm.term.in_(terms.halves(wanted.compact))),
        _beginning(terms.whole(wanted.compact)),
        *by_word(wanted, vocabulary),
    ]


def _listed(condition: ColumnElement[bool]) -> AnySelect:
    """Movies with such a term, best known first."""
    statement = select(*_COLUMNS).join(MovieTerm, MovieTerm.movie_id == Movie.id).where(condition)
    return statement.order_by(MovieTerm.weight)


def _beginning(start: str, *others: Callable[[Any], ColumnElement[bool]]) -> AnySelect:
    """Movies with a term that begins so; of very many, only some."""
    columns = (MovieTerm.movie_id, MovieTerm.weight)
    few = select(*columns).where(begins(MovieTerm.term, start)).limit(_RANGE).subquery()
    statement = select(*_COLUMNS).join(few, few.c.movie_id == Movie.id)
    return statement.where(*(other(few.c) for other in others)).order_by(few.c.weight)


def _all_words(wanted: Asked, vocabulary: Vocabulary) -> list[AnySelect]:
    """Movies with all of the words: those with the rarest, asked for the others."""
    rarest = min(wanted.words, key=lambda w: (vocabulary.counts[w], wanted.unfinished(w)))
    others = [_also(wanted, [word]) for word in wanted.words if word != rarest]
    if not wanted.unfinished(rarest):
        return [_listed(and_(MovieTerm.term == rarest, *(other(MovieTerm) for other in others)))]
    if vocabulary.counts[rarest] < _RANGE:
        return [_beginning(rarest, *others)]
    return [_best_known(wanted)]


def _also(wanted: Asked, words: list[str]) -> Callable[[Any], ColumnElement[bool]]:
    """That the movie of a row of terms has one of the words, too."""
    unfinished = [word for word in words if wanted.unfinished(word)]

    def condition(row: Any) -> ColumnElement[bool]:
        other = aliased(MovieTerm)
        same_movie = and_(other.weight == row.weight, other.movie_id == row.movie_id)
        listed = exists().where(other.term.in_(words), same_movie)
        return or_(listed, *map(_holds_beginning, unfinished)) if unfinished else listed

    return condition


def _holds_beginning(word: str) -> ColumnElement[bool]:
    return (" " + Movie.search_text).contains(f" {word}", autoescape=True)


def _best_known(wanted: Asked) -> AnySelect:
    """For words that very many titles hold: the best known movies, one after the other."""
    walk = select(Movie.id).order_by(Movie.popularity.desc(), Movie.id.desc())
    best = walk.with_hint(Movie, _BY_POPULARITY, "sqlite").limit(_BEST_KNOWN).subquery()
    statement = select(*_COLUMNS).join(best, best.c.id == Movie.id)
    return statement.where(*map(_holds_beginning, wanted.words))


def _words_alike(wanted: Asked, vocabulary: Vocabulary) -> list[AnySelect]:
    """Movies with all of the words or such as they may have been meant for."""
    meant = {
        word: [word] if vocabulary.known(word) else vocabulary.alike.get(word, [])
        for word in wanted.words
    }
    return _one_for_each(wanted, vocabulary, meant)


def _one_for_each(
    wanted: Asked, vocabulary: Vocabulary, meant: dict[str, list[str]]
) -> list[AnySelect]:
    """Movies with one of the words meant for each word typed; what means nothing is left out."""
    meant = {word: words for word, words in meant.items() if words}
    if not meant:
        return []
    rarest = min(meant, key=lambda word: (vocabulary.counts[word], -len(word)))
    others = (_also(wanted, words)(MovieTerm) for word, words in meant.items() if word != rarest)
    return [_listed(and_(MovieTerm.term.in_(meant[rarest]), *others))]


def _last_resorts(wanted: Asked, vocabulary: Vocabulary) -> list[AnySelect]:
    """Known words may be mistakes as well; failing that, titles with only some of the words."""
    meant = {word: [word, *vocabulary.alike.get(word, [])] for word in wanted.words}
    longest = sorted(wanted.words, key=len, reverse=True)[:_WORDS_ALONE]
    return [
        *_one_for_each(wanted, vocabulary, meant),
        *(_listed(MovieTerm.term.in_(meant[word])) for word in longest),
        *_holding(longest[0]),
    ]


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
