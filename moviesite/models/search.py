"""What searches and lists look up instead of films. Triggers write these rows; nobody else may."""

import datetime as dt

from sqlalchemy import Date, Float, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from moviesite.extensions import Base
from moviesite.models.types import plain_text


class MovieTerm(Base):
    """A term under which a movie is found.

    A term is a folded word; or `=` and a whole title without spaces; or half of one, to find a
    title with one mistake in its other half: `<12 thedar` begins and `>12 kknigh` ends one of
    twelve letters. `weight` falls with popularity, is the same in all terms of a movie, and lets
    a common word be read from its best known movie on.
    """

    __tablename__ = "movie_terms"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own attribute

    term: Mapped[str] = mapped_column(plain_text(130), primary_key=True)
    weight: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    movie_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class PersonTerm(Base):
    """A folded word of a person's name, or `=` and the whole name without spaces."""

    __tablename__ = "person_terms"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own attribute

    term: Mapped[str] = mapped_column(plain_text(130), primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class WordSpelling(Base):
    """A word under what is left of its first seven letters without one of them.

    Two words that are one mistake apart share a key. Words are never taken out: one that no
    title holds any more finds nothing.
    """

    __tablename__ = "word_spellings"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own attribute

    key: Mapped[str] = mapped_column(plain_text(7), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class GenreEntry(Base):
    """A movie in the list of a genre, with what such lists are mostly narrowed and ordered by.

    Each of the two orders is an index that answers without the movies themselves.
    """

    __tablename__ = "genre_entries"
    __table_args__ = (
        Index(
            "ix_genre_entries_popularity",
            *("genre_id", "popularity", "movie_id", "adult", "release_date"),
        ),
        Index("ix_genre_entries_release_date", "genre_id", "release_date", "movie_id", "adult"),
        {"sqlite_with_rowid": False},
    )

    movie_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    genre_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    popularity: Mapped[float] = mapped_column(Float)
    release_date: Mapped[dt.date | None] = mapped_column(Date)
    adult: Mapped[bool]
