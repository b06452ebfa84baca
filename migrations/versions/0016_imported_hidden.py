"""How many hidden things an import brought along."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for servers of the release before, which write no such column.
    op.add_column("imports", sa.Column("hidden", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("imports", "hidden")
