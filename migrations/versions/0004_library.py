"""What people do with movies and say of them, and the triggers that count it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# What each personal table counts in `users`, beside raising the version of the person's library.
COUNTED_FOR_PEOPLE = {"favorites": "favorite_count", "watchlist_items": "watchlist_count"}
PERSONAL = (
    *("favorites", "watchlist_items", "viewings", "movie_likes", "movie_votes", "feedback"),
    *("hidden", "reviews"),
)

# What each table adds to `movies`: a column, and what one row is worth (`row` is OLD or NEW).
COUNTED_FOR_MOVIES = {
    "movie_likes": {"likes": "1"},
    "movie_votes": {
        "votes_up": "CASE WHEN {row}.value = 1 THEN 1 ELSE 0 END",
        "votes_down": "CASE WHEN {row}.value = -1 THEN 1 ELSE 0 END",
    },
    "reviews": {
        "rating_sum": "COALESCE({row}.rating, 0)",
        "rating_count": "CASE WHEN {row}.rating IS NULL THEN 0 ELSE 1 END",
    },
}

EVENTS = ("insert", "update", "delete")

# A closed account counts for no movie, and its rows may go later without being counted down:
# when something happens to a person, if what holds, and which way all of theirs then counts.
CHANGES_OF_PEOPLE = {
    "close": ("AFTER UPDATE OF is_active", "OLD.is_active AND NOT NEW.is_active", "-"),
    "open": ("AFTER UPDATE OF is_active", "NEW.is_active AND NOT OLD.is_active", "+"),
    "leave": ("BEFORE DELETE", "OLD.is_active", "-"),
}


def change(event: str, worth: str) -> str:
    """What an event adds: the new row's worth, less the old one's."""
    added = worth.format(row="NEW") if event != "delete" else "0"
    gone = worth.format(row="OLD") if event != "insert" else "0"
    return f"({added}) - ({gone})"


def body(table: str, event: str) -> str:
    """The statements that follow a change of one row."""
    row = "OLD" if event == "delete" else "NEW"
    people = ["library_version = library_version + 1"]
    if table in COUNTED_FOR_PEOPLE and event != "update":
        column = COUNTED_FOR_PEOPLE[table]
        people.append(f"{column} = {column} + {change(event, '1')}")
    statements = f"UPDATE users SET {', '.join(people)} WHERE id = {row}.user_id;"  # noqa: S608 - names of our own tables
    if table in COUNTED_FOR_MOVIES and not (table == "movie_likes" and event == "update"):
        counted = COUNTED_FOR_MOVIES[table].items()
        sets = ", ".join(f"{name} = {name} + {change(event, worth)}" for name, worth in counted)
        active = f"EXISTS (SELECT 1 FROM users WHERE id = {row}.user_id AND is_active)"  # noqa: S608
        statements += f" UPDATE movies SET {sets} WHERE id = {row}.movie_id AND {active};"  # noqa: S608
    return statements


def whole(sign: str) -> str:
    """The statements that count all of a person's rows in `movies`, or count them no longer."""
    statements = []
    for table, counted in COUNTED_FOR_MOVIES.items():
        theirs = f"FROM {table} WHERE user_id = OLD.id"
        sets = ", ".join(
            f"{name} = {name} {sign} "
            f"(SELECT {worth.format(row=table)} {theirs} AND movie_id = movies.id)"
            for name, worth in counted.items()
        )
        statements.append(f"UPDATE movies SET {sets} WHERE id IN (SELECT movie_id {theirs});")  # noqa: S608
    return " ".join(statements)


def create_trigger(name: str, when: str, condition: str, statements: str) -> None:
    """For each row; SQLite knows no trigger functions."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN {statements} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        # Before a deletion nothing would mean that there is none.
        f"$$ BEGIN {statements} RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} {when} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
    )


def create_triggers() -> None:
    """Written out for each table and event."""
    for table in PERSONAL:
        for event in EVENTS:
            when = f"AFTER {event.upper()} ON {table}"
            create_trigger(f"{table}_count_{event}", when, "true", body(table, event))
    for change, (when, condition, sign) in CHANGES_OF_PEOPLE.items():
        create_trigger(f"users_count_{change}", f"{when} ON users", condition, whole(sign))


def drop_triggers() -> None:
    """Those of tables that go with this go with them."""
    functions = [f"{table}_count_{event}" for table in PERSONAL for event in EVENTS]
    on_users = [f"users_count_{change}" for change in CHANGES_OF_PEOPLE]
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in on_users:
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON users"))
    for name in [] if is_sqlite else [*functions, *on_users]:
        op.execute(f"DROP FUNCTION {name}() CASCADE")


def upgrade() -> None:
    op.add_column("users", sa.Column("pending_email", sa.String(length=254), nullable=True))
    for name in ("library_version", "favorite_count", "watchlist_count"):
        column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("users", column)
    op.create_table(
        "hidden",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('genre', 'person', 'keyword', 'movie')", name=op.f("ck_hidden_kind")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_hidden_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "target_id", name=op.f("pk_hidden")),
    )
    op.create_table(
        "last_changes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_last_changes_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "subject", name=op.f("pk_last_changes")),
        sa.UniqueConstraint("token", name=op.f("uq_last_changes_token")),
    )
    op.create_index(op.f("ix_last_changes_made_at"), "last_changes", ["made_at"])
    op.create_table(
        "favorites",
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_favorites_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_favorites_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_favorites")),
    )
    op.create_index(op.f("ix_favorites_movie_id"), "favorites", ["movie_id"])
    op.create_index(
        "ix_favorites_user_id_added_at_movie_id", "favorites", ["user_id", "added_at", "movie_id"]
    )
    op.create_table(
        "feedback",
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "value IN ('more', 'less', 'not_interested')", name=op.f("ck_feedback_value")
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_feedback_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_feedback_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_movie_id"), "feedback", ["movie_id"])
    op.create_table(
        "movie_likes",
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_likes_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_movie_likes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_movie_likes")),
    )
    op.create_index(op.f("ix_movie_likes_movie_id"), "movie_likes", ["movie_id"])
    op.create_index(
        "ix_movie_likes_user_id_added_at_movie_id",
        "movie_likes",
        ["user_id", "added_at", "movie_id"],
    )
    op.create_table(
        "movie_views",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_views_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_movie_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("movie_id", "hour", "viewer", name=op.f("pk_movie_views")),
    )
    op.create_index("ix_movie_views_hour_movie_id", "movie_views", ["hour", "movie_id"])
    op.create_index(op.f("ix_movie_views_user_id"), "movie_views", ["user_id"])
    op.create_table(
        "movie_votes",
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("value IN (1, -1)", name=op.f("ck_movie_votes_value")),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_votes_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_movie_votes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_movie_votes")),
    )
    op.create_index(op.f("ix_movie_votes_movie_id"), "movie_votes", ["movie_id"])
    op.create_index(
        "ix_movie_votes_user_id_added_at_movie_id",
        "movie_votes",
        ["user_id", "added_at", "movie_id"],
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spoiler", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rating IS NOT NULL OR text <> ''", name=op.f("ck_reviews_says_something")
        ),
        sa.CheckConstraint(
            "rating BETWEEN 0.5 AND 5.0 AND rating * 2 = CAST(rating * 2 AS INTEGER)",
            name=op.f("ck_reviews_rating"),
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_reviews_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reviews_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("user_id", "movie_id", name=op.f("uq_reviews_user_id_movie_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reviews_uuid")),
    )
    op.create_index(
        "ix_reviews_movie_id_created_at_id", "reviews", ["movie_id", "created_at", "id"]
    )
    op.create_index("ix_reviews_user_id_created_at_id", "reviews", ["user_id", "created_at", "id"])
    op.create_table(
        "viewings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress_seconds", sa.Integer(), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "progress_seconds IS NULL OR progress_seconds >= 0", name=op.f("ck_viewings_progress")
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_viewings_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_viewings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewings")),
        sa.UniqueConstraint("uuid", name=op.f("uq_viewings_uuid")),
    )
    op.create_index(op.f("ix_viewings_movie_id"), "viewings", ["movie_id"])
    op.create_index(
        "ix_viewings_user_id_movie_id_watched_at", "viewings", ["user_id", "movie_id", "watched_at"]
    )
    op.create_index(
        "ix_viewings_user_id_watched_at_id", "viewings", ["user_id", "watched_at", "id"]
    )
    op.create_table(
        "watchlist_items",
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_watchlist_items_priority")),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_watchlist_items_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_watchlist_items_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_watchlist_items")),
    )
    op.create_index(op.f("ix_watchlist_items_movie_id"), "watchlist_items", ["movie_id"])
    op.create_index(
        "ix_watchlist_items_user_id_added_at_movie_id",
        "watchlist_items",
        ["user_id", "added_at", "movie_id"],
    )
    op.create_table(
        "review_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
            name=op.f("fk_review_reports_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_review_reports_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_reports")),
        sa.UniqueConstraint(
            "review_id", "user_id", name=op.f("uq_review_reports_review_id_user_id")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_review_reports_uuid")),
    )
    op.create_index(op.f("ix_review_reports_settled_at"), "review_reports", ["settled_at"])
    op.create_index(op.f("ix_review_reports_user_id"), "review_reports", ["user_id"])
    create_triggers()


def downgrade() -> None:
    drop_triggers()
    op.drop_table("review_reports")
    op.drop_table("watchlist_items")
    op.drop_table("viewings")
    op.drop_table("reviews")
    op.drop_table("movie_votes")
    op.drop_table("movie_views")
    op.drop_table("movie_likes")
    op.drop_table("feedback")
    op.drop_table("favorites")
    op.drop_table("last_changes")
    op.drop_table("hidden")
    for name in ("watchlist_count", "favorite_count", "library_version", "pending_email"):
        op.drop_column("users", name)
