"""Trainings of the recommender, of which one model at most is in service."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = "'running', 'in_service', 'replaced', 'refused', 'failed', 'skipped'"


def upgrade() -> None:
    op.create_table(
        "recommender_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_up", sa.Integer(), nullable=False),
        sa.Column("movies", sa.Integer(), nullable=False),
        sa.Column("interactions", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(f"status IN ({STATES})", name=op.f("ck_recommender_runs_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommender_runs")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recommender_runs_uuid")),
        sa.UniqueConstraint("version", name=op.f("uq_recommender_runs_version")),
    )
    op.create_index(op.f("ix_recommender_runs_started_at"), "recommender_runs", ["started_at"])
    in_service = sa.text("status = 'in_service'")
    op.create_index(
        "uq_recommender_runs_in_service",
        "recommender_runs",
        ["status"],
        unique=True,
        postgresql_where=in_service,
        sqlite_where=in_service,
    )


def downgrade() -> None:
    op.drop_table("recommender_runs")
