"""What search looks up instead of reading titles. Triggers write these rows; nobody else may."""

from sqlalchemy import Integer, SmallInteger, String
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
