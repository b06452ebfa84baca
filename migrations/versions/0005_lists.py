"""Lists of movies, their followers, links that share them, and TMDb accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# Table to the counter of `lists` that a row of it is worth one in.
COUNTED = {"list_items": "movie_count", "list_subscriptions": "subscriber_count"}
EVENTS = {"insert": ("+", "NEW"), "delete": ("-", "OLD")}


def create_triggers() -> None:
    """Written out for each table and event, since SQLite knows no trigger functions."""
    create = count_rows if op.get_bind().dialect.name == "sqlite" else count_statements
    for table, column in COUNTED.items():
        for event, (sign, row) in EVENTS.items():
            create(f"{table}_count_{event}", f"AFTER {event.upper()} ON {table}", column, sign, row)


def count_rows(name: str, when: str, column: str, sign: str, row: str) -> None:
    """SQLite has triggers for rows alone."""
    body = f"UPDATE lists SET {column} = {column} {sign} 1 WHERE id = {row}.list_id;"  # noqa: S608 - names of our own
    op.execute(f"CREATE TRIGGER {name} {when} BEGIN {body} END")


def count_statements(name: str, when: str, column: str, sign: str, row: str) -> None:
    """All rows of a statement at once.

    PostgreSQL keeps each version of a row until its transaction ends: counted row by row, each
    film of a long list would take longer than the one before.
    """
    changed = "(SELECT list_id, count(*) AS number FROM changed GROUP BY list_id) AS counted"
    body = (
        f"UPDATE lists SET {column} = {column} {sign} counted.number FROM {changed} "  # noqa: S608
        "WHERE lists.id = counted.list_id;"
    )
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} {when} REFERENCING {row} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def drop_functions() -> None:
    """The triggers themselves go with their tables."""
    if op.get_bind().dialect.name == "postgresql":
        for table in COUNTED:
            for event in EVENTS:
                op.execute(f"DROP FUNCTION {table}_count_{event}()")


def upgrade() -> None:
    op.create_table(
        "tmdb_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_folded", sa.String(length=765), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tmdb_shares")),
        sa.UniqueConstraint("account_id", name=op.f("uq_tmdb_shares_account_id")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_tmdb_shares_name_folded")),
    )
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("curated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("movie_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("subscriber_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('private', 'unlisted', 'public')", name=op.f("ck_lists_visibility")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_lists_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("uuid", name=op.f("uq_lists_uuid")),
    )
    op.create_index("ix_lists_owner_id_created_at_id", "lists", ["owner_id", "created_at", "id"])
    op.create_index(
        "ix_lists_visibility_created_at_id", "lists", ["visibility", "created_at", "id"]
    )
    op.create_index(
        "ix_lists_visibility_subscriber_count_id", "lists", ["visibility", "subscriber_count", "id"]
    )
    op.create_table(
        "tmdb_connections",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pending", sa.String(length=1000), nullable=True),
        sa.Column("grant", sa.String(length=2000), nullable=True),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_tmdb_connections_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_tmdb_connections")),
    )
    op.create_table(
        "list_items",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_list_items_position")),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["users.id"],
            name=op.f("fk_list_items_added_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_list_items_list_id_lists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_list_items_movie_id_movies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("list_id", "movie_id", name=op.f("pk_list_items")),
    )
    op.create_index(op.f("ix_list_items_added_by_id"), "list_items", ["added_by_id"])
    op.create_index(
        "ix_list_items_list_id_added_at_movie_id", "list_items", ["list_id", "added_at", "movie_id"]
    )
    op.create_index(
        "ix_list_items_list_id_position_movie_id", "list_items", ["list_id", "position", "movie_id"]
    )
    op.create_index(op.f("ix_list_items_movie_id"), "list_items", ["movie_id"])
    op.create_table(
        "list_subscriptions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["lists.id"],
            name=op.f("fk_list_subscriptions_list_id_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_list_subscriptions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "list_id", name=op.f("pk_list_subscriptions")),
    )
    op.create_index(op.f("ix_list_subscriptions_list_id"), "list_subscriptions", ["list_id"])
    op.create_table(
        "share_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(source = 'list') = (list_id IS NOT NULL)", name=op.f("ck_share_links_list_given")
        ),
        sa.CheckConstraint(
            "source IN ('list', 'favorites', 'watchlist')", name=op.f("ck_share_links_source")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_share_links_list_id_lists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_share_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_links")),
        sa.UniqueConstraint("token", name=op.f("uq_share_links_token")),
        sa.UniqueConstraint("uuid", name=op.f("uq_share_links_uuid")),
    )
    op.create_index(op.f("ix_share_links_list_id"), "share_links", ["list_id"])
    op.create_index(
        "ix_share_links_user_id_created_at_id", "share_links", ["user_id", "created_at", "id"]
    )
    create_triggers()


def downgrade() -> None:
    op.drop_table("share_links")
    op.drop_table("list_subscriptions")
    op.drop_table("list_items")
    op.drop_table("tmdb_connections")
    op.drop_table("lists")
    op.drop_table("tmdb_shares")
    drop_functions()
