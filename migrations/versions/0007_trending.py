"""What is counted of people's interest: hours, charts and their entries."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What is read by time, whoever it is of.
BY_TIME = (("favorites", "added_at"), ("reviews", "created_at"), ("viewings", "watched_at"))


def upgrade() -> None:
    op.create_table(
        "trending_charts",
        sa.Column("time_range", sa.String(length=4), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_to", sa.Integer(), nullable=False),
        sa.Column("recounted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "time_range IN ('day', 'week')", name=op.f("ck_trending_charts_time_range")
        ),
        sa.PrimaryKeyConstraint("time_range", name=op.f("pk_trending_charts")),
    )
    op.create_table(
        "trending_hours",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_up", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_trending_hours_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hour", "movie_id", name=op.f("pk_trending_hours")),
    )
    op.create_index(op.f("ix_trending_hours_movie_id"), "trending_hours", ["movie_id"])
    op.create_table(
        "trending_entries",
        sa.Column("time_range", sa.String(length=4), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_up", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=True),
        sa.Column("surprise", sa.Float(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_trending_entries_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["time_range"],
            ["trending_charts.time_range"],
            name=op.f("fk_trending_entries_time_range_trending_charts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("time_range", "movie_id", name=op.f("pk_trending_entries")),
    )
    op.create_index(op.f("ix_trending_entries_movie_id"), "trending_entries", ["movie_id"])
    for table, column in BY_TIME:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in BY_TIME:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.drop_table("trending_entries")
    op.drop_table("trending_hours")
    op.drop_table("trending_charts")
