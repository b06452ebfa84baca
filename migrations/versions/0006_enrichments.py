"""What OMDb adds to movies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrichments",
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("awards", sa.String(length=1000), nullable=False),
        sa.Column("plot", sa.String(length=5000), nullable=False),
        sa.Column("rated", sa.String(length=50), nullable=False),
        sa.Column("metascore", sa.Integer(), nullable=True),
        sa.Column("imdb_rating", sa.Float(), nullable=True),
        sa.Column("imdb_votes", sa.Integer(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_enrichments_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", name=op.f("pk_enrichments")),
    )
    op.create_index(op.f("ix_enrichments_fetched_at"), "enrichments", ["fetched_at"])


def downgrade() -> None:
    op.drop_table("enrichments")
