"""The stored catalogue, its search indexes and the saved upstream answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite: trigrams of the folded titles, kept in step by triggers.
# PostgreSQL: trigrams for parts and misspellings of titles, words for whole ones.
SEARCH = {
    "sqlite": (
        """CREATE VIRTUAL TABLE movie_search USING fts5(
               search_text, content='movies', content_rowid='id', tokenize='trigram')""",
        """CREATE TRIGGER movie_search_insert AFTER INSERT ON movies BEGIN
               INSERT INTO movie_search(rowid, search_text) VALUES (new.id, new.search_text);
           END""",
        """CREATE TRIGGER movie_search_delete AFTER DELETE ON movies BEGIN
               INSERT INTO movie_search(movie_search, rowid, search_text)
               VALUES ('delete', old.id, old.search_text);
           END""",
        """CREATE TRIGGER movie_search_update AFTER UPDATE OF search_text ON movies
           WHEN old.search_text <> new.search_text BEGIN
               INSERT INTO movie_search(movie_search, rowid, search_text)
               VALUES ('delete', old.id, old.search_text);
               INSERT INTO movie_search(rowid, search_text) VALUES (new.id, new.search_text);
           END""",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX movie_search_trigrams ON movies USING gin (search_text gin_trgm_ops)",
        """CREATE INDEX movie_search_words ON movies
           USING gin (to_tsvector('simple', search_text))""",
    ),
}
NO_SEARCH = {
    "sqlite": (
        "DROP TRIGGER movie_search_update",
        "DROP TRIGGER movie_search_delete",
        "DROP TRIGGER movie_search_insert",
        "DROP TABLE movie_search",
    ),
    "postgresql": ("DROP INDEX movie_search_words", "DROP INDEX movie_search_trigrams"),
}


def upgrade() -> None:
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("poster_path", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
    )
    op.create_table(
        "genres",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_genres")),
        sa.UniqueConstraint("slug", name=op.f("uq_genres_slug")),
    )
    op.create_table(
        "keywords",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keywords")),
    )
    op.create_index(op.f("ix_keywords_name"), "keywords", ["name"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("profile_path", sa.String(length=200), nullable=True),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("deathday", sa.Date(), nullable=True),
        sa.Column("place_of_birth", sa.String(length=300), nullable=False),
        sa.Column("known_for", sa.String(length=100), nullable=False),
        sa.Column("imdb_id", sa.String(length=20), nullable=True),
        sa.Column("detailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "tmdb_snapshots",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tmdb_snapshots")),
    )
    op.create_index(
        op.f("ix_tmdb_snapshots_fetched_at"), "tmdb_snapshots", ["fetched_at"], unique=False
    )
    op.create_table(
        "watch_providers",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("logo_path", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_providers")),
    )
    op.create_table(
        "movies",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("original_title", sa.String(length=500), nullable=False),
        sa.Column("original_language", sa.String(length=10), nullable=False),
        sa.Column("search_text", sa.String(length=1100), nullable=False),
        sa.Column("overview", sa.Text(), nullable=False),
        sa.Column("tagline", sa.String(length=1000), nullable=False),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("runtime", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=50), nullable=False),
        sa.Column("imdb_id", sa.String(length=20), nullable=True),
        sa.Column("homepage", sa.String(length=2000), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("poster_path", sa.String(length=200), nullable=True),
        sa.Column("backdrop_path", sa.String(length=200), nullable=True),
        sa.Column("vote_average", sa.Float(), nullable=False),
        sa.Column("vote_count", sa.Integer(), nullable=False),
        sa.Column("popularity", sa.Float(), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("likes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("votes_up", sa.Integer(), server_default="0", nullable=False),
        sa.Column("votes_down", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rating_sum", sa.Float(), server_default="0", nullable=False),
        sa.Column("rating_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "rating_average",
            sa.Float(),
            sa.Computed("rating_sum / NULLIF(rating_count, 0)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("id > 0", name=op.f("ck_movies_id_positive")),
        sa.CheckConstraint("rating_count >= 0 AND likes >= 0", name=op.f("ck_movies_counters")),
        sa.CheckConstraint(
            "runtime IS NULL OR runtime > 0", name=op.f("ck_movies_runtime_positive")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_movies_collection_id_collections"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movies")),
    )
    op.create_index(op.f("ix_movies_collection_id"), "movies", ["collection_id"], unique=False)
    op.create_index(op.f("ix_movies_created_at"), "movies", ["created_at"], unique=False)
    op.create_index(op.f("ix_movies_fetched_at"), "movies", ["fetched_at"], unique=False)
    op.create_index(op.f("ix_movies_imdb_id"), "movies", ["imdb_id"], unique=False)
    op.create_index(
        op.f("ix_movies_original_language"), "movies", ["original_language"], unique=False
    )
    op.create_index("ix_movies_popularity_id", "movies", ["popularity", "id"], unique=False)
    op.create_index("ix_movies_release_date_id", "movies", ["release_date", "id"], unique=False)
    op.create_index("ix_movies_title_id", "movies", ["title", "id"], unique=False)
    op.create_index("ix_movies_vote_average_id", "movies", ["vote_average", "id"], unique=False)
    op.create_table(
        "external_ratings",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=50), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_external_ratings_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "source", name=op.f("pk_external_ratings")),
    )
    op.create_table(
        "movie_availability",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("offer", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "offer IN ('stream', 'rent', 'buy')", name=op.f("ck_movie_availability_offer")
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_availability_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["watch_providers.id"],
            name=op.f("fk_movie_availability_provider_id_watch_providers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "movie_id", "region", "provider_id", "offer", name=op.f("pk_movie_availability")
        ),
    )
    op.create_index(
        op.f("ix_movie_availability_provider_id"),
        "movie_availability",
        ["provider_id"],
        unique=False,
    )
    op.create_index(
        "ix_movie_availability_region_provider_id",
        "movie_availability",
        ["region", "provider_id"],
        unique=False,
    )
    op.create_table(
        "movie_cast",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("character", sa.String(length=500), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_cast_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_movie_cast_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "position", name=op.f("pk_movie_cast")),
    )
    op.create_index(op.f("ix_movie_cast_person_id"), "movie_cast", ["person_id"], unique=False)
    op.create_table(
        "movie_certifications",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_certifications_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "region", name=op.f("pk_movie_certifications")),
    )
    op.create_table(
        "movie_countries",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_countries_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "code", name=op.f("pk_movie_countries")),
    )
    op.create_index(op.f("ix_movie_countries_code"), "movie_countries", ["code"], unique=False)
    op.create_table(
        "movie_crew",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_crew_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_movie_crew_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "position", name=op.f("pk_movie_crew")),
    )
    op.create_index(op.f("ix_movie_crew_person_id"), "movie_crew", ["person_id"], unique=False)
    op.create_table(
        "movie_genres",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("genre_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["genre_id"],
            ["genres.id"],
            name=op.f("fk_movie_genres_genre_id_genres"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_genres_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "genre_id", name=op.f("pk_movie_genres")),
    )
    op.create_index(op.f("ix_movie_genres_genre_id"), "movie_genres", ["genre_id"], unique=False)
    op.create_table(
        "movie_keywords",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("keyword_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keyword_id"],
            ["keywords.id"],
            name=op.f("fk_movie_keywords_keyword_id_keywords"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_keywords_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "keyword_id", name=op.f("pk_movie_keywords")),
    )
    op.create_index(
        op.f("ix_movie_keywords_keyword_id"), "movie_keywords", ["keyword_id"], unique=False
    )
    op.create_table(
        "movie_languages",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_languages_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "code", name=op.f("pk_movie_languages")),
    )
    op.create_table(
        "movie_videos",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=50), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("type", sa.String(length=50), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_videos_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "position", name=op.f("pk_movie_videos")),
    )
    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in NO_SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("movie_videos")
    op.drop_table("movie_languages")
    op.drop_index(op.f("ix_movie_keywords_keyword_id"), table_name="movie_keywords")
    op.drop_table("movie_keywords")
    op.drop_index(op.f("ix_movie_genres_genre_id"), table_name="movie_genres")
    op.drop_table("movie_genres")
    op.drop_index(op.f("ix_movie_crew_person_id"), table_name="movie_crew")
    op.drop_table("movie_crew")
    op.drop_index(op.f("ix_movie_countries_code"), table_name="movie_countries")
    op.drop_table("movie_countries")
    op.drop_table("movie_certifications")
    op.drop_index(op.f("ix_movie_cast_person_id"), table_name="movie_cast")
    op.drop_table("movie_cast")
    op.drop_index("ix_movie_availability_region_provider_id", table_name="movie_availability")
    op.drop_index(op.f("ix_movie_availability_provider_id"), table_name="movie_availability")
    op.drop_table("movie_availability")
    op.drop_table("external_ratings")
    op.drop_index("ix_movies_vote_average_id", table_name="movies")
    op.drop_index("ix_movies_title_id", table_name="movies")
    op.drop_index("ix_movies_release_date_id", table_name="movies")
    op.drop_index("ix_movies_popularity_id", table_name="movies")
    op.drop_index(op.f("ix_movies_original_language"), table_name="movies")
    op.drop_index(op.f("ix_movies_imdb_id"), table_name="movies")
    op.drop_index(op.f("ix_movies_fetched_at"), table_name="movies")
    op.drop_index(op.f("ix_movies_created_at"), table_name="movies")
    op.drop_index(op.f("ix_movies_collection_id"), table_name="movies")
    op.drop_table("movies")
    op.drop_table("watch_providers")
    op.drop_index(op.f("ix_tmdb_snapshots_fetched_at"), table_name="tmdb_snapshots")
    op.drop_table("tmdb_snapshots")
    op.drop_table("people")
    op.drop_index(op.f("ix_keywords_name"), table_name="keywords")
    op.drop_table("keywords")
    op.drop_table("genres")
    op.drop_table("collections")
