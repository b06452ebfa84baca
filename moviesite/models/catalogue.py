"""Movies and what belongs to them. Ids are TMDb's; text is in the site's default language."""

import datetime as dt

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime, plain_text


def _movie_key() -> Mapped[int]:
    return mapped_column(ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True)


movie_genres = Table(
    "movie_genres",
    Base.metadata,
    Column("movie_id", ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True),
    Column("genre_id", ForeignKey("genres.id", ondelete="CASCADE"), primary_key=True, index=True),
)

movie_keywords = Table(
    "movie_keywords",
    Base.metadata,
    Column("movie_id", ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "keyword_id", ForeignKey("keywords.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)


class Genre(Base):
    """A genre; `slug` is its address."""

    __tablename__ = "genres"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    slug: Mapped[str] = mapped_column(String(100), unique=True)


class Keyword(Base):
    """A keyword."""

    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), index=True)


class Collection(Base):
    """The series that movies belong to."""

    __tablename__ = "collections"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(300))
    poster_path: Mapped[str | None] = mapped_column(String(200))


class Person(Base):
    """Somebody named in credits; the biography comes only once the person's page was asked for."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(300))
    search_text: Mapped[str] = mapped_column(String(400), default="")
    profile_path: Mapped[str | None] = mapped_column(String(200))
    biography: Mapped[str] = mapped_column(Text, default="")
    birthday: Mapped[dt.date | None] = mapped_column(Date)
    deathday: Mapped[dt.date | None] = mapped_column(Date)
    place_of_birth: Mapped[str] = mapped_column(String(300), default="")
    known_for: Mapped[str] = mapped_column(String(100), default="")
    imdb_id: Mapped[str | None] = mapped_column(String(20))
    detailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Movie(Base):
    """A movie under its TMDb id, with the community's counters kept beside its facts."""

    __tablename__ = "movies"
    __table_args__ = (
        CheckConstraint("id > 0", name="id_positive"),
        CheckConstraint("runtime IS NULL OR runtime > 0", name="runtime_positive"),
        CheckConstraint("rating_count >= 0 AND likes >= 0", name="counters"),
        # Each order of a list ends in the id, so that pages neither repeat nor skip a movie; with
        # `adult`, by which nearly every list is narrowed, an index answers without the table.
        *(
            Index(f"ix_movies_{name}_id_adult", name, "id", "adult")
            for name in (
                *("title_key", "release_date", "popularity", "vote_average", "likes"),
                *("rating_average", "imdb_id", "first_genre", "created_at"),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(500))
    original_title: Mapped[str] = mapped_column(String(500), default="")
    original_language: Mapped[str] = mapped_column(String(10), default="", index=True)
    # Title and original title folded by us, since databases fold accents differently or not.
    search_text: Mapped[str] = mapped_column(String(1100), default="")
    # The title alone, folded: what lists are sorted by and whole titles are compared with.
    title_key: Mapped[str] = mapped_column(plain_text(500), default="", server_default="")
    overview: Mapped[str] = mapped_column(Text, default="")
    tagline: Mapped[str] = mapped_column(String(1000), default="")
    release_date: Mapped[dt.date | None] = mapped_column(Date)
    runtime: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(50), default="")
    imdb_id: Mapped[str | None] = mapped_column(String(20))
    homepage: Mapped[str] = mapped_column(String(2000), default="")
    budget: Mapped[int | None] = mapped_column(BigInteger)
    revenue: Mapped[int | None] = mapped_column(BigInteger)
    poster_path: Mapped[str | None] = mapped_column(String(200))
    backdrop_path: Mapped[str | None] = mapped_column(String(200))
    vote_average: Mapped[float] = mapped_column(Float, default=0.0)
    vote_count: Mapped[int] = mapped_column(Integer, default=0)
    popularity: Mapped[float] = mapped_column(Float, default=0.0)
    adult: Mapped[bool] = mapped_column(default=False)
    collection_id: Mapped[int | None] = mapped_column(
        ForeignKey("collections.id", ondelete="SET NULL"), index=True
    )
    # The first of its genres by name, kept here so that a list can be in order of it.
    first_genre: Mapped[str | None] = mapped_column(plain_text(100))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    detailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    likes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    votes_up: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    votes_down: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rating_sum: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    rating_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rating_average: Mapped[float | None] = mapped_column(
        Float, Computed("rating_sum / NULLIF(rating_count, 0)", persisted=True)
    )

    genres: Mapped[list[Genre]] = relationship(
        secondary=movie_genres, lazy="raise", order_by="Genre.name"
    )
    keywords: Mapped[list[Keyword]] = relationship(secondary=movie_keywords, lazy="raise")
    collection: Mapped[Collection | None] = relationship(lazy="raise")
    cast: Mapped[list["MovieCast"]] = relationship(lazy="raise", order_by="MovieCast.order")
    crew: Mapped[list["MovieCrew"]] = relationship(lazy="raise")
    countries: Mapped[list["MovieCountry"]] = relationship(lazy="raise")
    languages: Mapped[list["MovieLanguage"]] = relationship(lazy="raise")
    certifications: Mapped[list["MovieCertification"]] = relationship(lazy="raise")
    videos: Mapped[list["MovieVideo"]] = relationship(lazy="raise", order_by="MovieVideo.position")
    availability: Mapped[list["MovieAvailability"]] = relationship(lazy="raise")
    external_ratings: Mapped[list["ExternalRating"]] = relationship(lazy="raise")

    @property
    def year(self) -> int | None:
        """Year of release, when known."""
        return self.release_date.year if self.release_date else None


class MovieCast(Base):
    """A part played in a movie; one person may play several."""

    __tablename__ = "movie_cast"

    movie_id: Mapped[int] = _movie_key()
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    character: Mapped[str] = mapped_column(String(500), default="")
    order: Mapped[int] = mapped_column(Integer, default=0)

    person: Mapped[Person] = relationship(lazy="raise")


class MovieCrew(Base):
    """A job done on a movie."""

    __tablename__ = "movie_crew"

    movie_id: Mapped[int] = _movie_key()
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    job: Mapped[str] = mapped_column(String(100), default="")
    department: Mapped[str] = mapped_column(String(100), default="")

    person: Mapped[Person] = relationship(lazy="raise")


class MovieCountry(Base):
    """A country a movie was made in, by ISO 3166-1 code."""

    __tablename__ = "movie_countries"

    movie_id: Mapped[int] = _movie_key()
    code: Mapped[str] = mapped_column(String(10), primary_key=True, index=True)


class MovieLanguage(Base):
    """A language spoken in a movie, by ISO 639-1 code."""

    __tablename__ = "movie_languages"

    movie_id: Mapped[int] = _movie_key()
    code: Mapped[str] = mapped_column(String(10), primary_key=True)


class MovieCertification(Base):
    """An age certificate of a movie in one region."""

    __tablename__ = "movie_certifications"

    movie_id: Mapped[int] = _movie_key()
    region: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(50))


class MovieVideo(Base):
    """A trailer or clip of a movie at an outside site."""

    __tablename__ = "movie_videos"

    movie_id: Mapped[int] = _movie_key()
    position: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(String(50))
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(500), default="")
    type: Mapped[str] = mapped_column(String(50), default="")
    url: Mapped[str] = mapped_column(String(500), default="")


class WatchProvider(Base):
    """A service movies can be watched on."""

    __tablename__ = "watch_providers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    logo_path: Mapped[str | None] = mapped_column(String(200))


class MovieAvailability(Base):
    """That a movie is offered by a service in a region. The data is JustWatch's."""

    __tablename__ = "movie_availability"
    __table_args__ = (
        CheckConstraint("offer IN ('stream', 'rent', 'buy')", name="offer"),
        Index("ix_movie_availability_region_provider_id", "region", "provider_id"),
    )

    movie_id: Mapped[int] = _movie_key()
    region: Mapped[str] = mapped_column(String(10), primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("watch_providers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    offer: Mapped[str] = mapped_column(String(10), primary_key=True)

    provider: Mapped[WatchProvider] = relationship(lazy="raise")


class ExternalRating(Base):
    """What another source says of a movie, in that source's own words."""

    __tablename__ = "external_ratings"

    movie_id: Mapped[int] = _movie_key()
    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(String(50))
    fetched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Enrichment(Base):
    """What OMDb adds to a movie; empty or None where it says nothing."""

    __tablename__ = "enrichments"

    movie_id: Mapped[int] = _movie_key()
    awards: Mapped[str] = mapped_column(String(1000), default="")
    plot: Mapped[str] = mapped_column(String(5000), default="")
    rated: Mapped[str] = mapped_column(String(50), default="")
    metascore: Mapped[int | None]
    imdb_rating: Mapped[float | None] = mapped_column(Float)
    imdb_votes: Mapped[int | None]
    fetched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
