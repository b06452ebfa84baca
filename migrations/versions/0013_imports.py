"""What people bring along from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_imports_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_imports")),
        sa.UniqueConstraint("user_id", name=op.f("uq_imports_user_id")),
    )
    op.create_table(
        "import_entries",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'kept', 'known', 'missing')",
            name=op.f("ck_import_entries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.uuid"],
            name=op.f("fk_import_entries_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_entries")),
    )
    op.create_index(
        "ix_import_entries_import_id_state_number",
        "import_entries",
        ["import_id", "state", "number"],
    )


def downgrade() -> None:
    op.drop_table("import_entries")
    op.drop_table("imports")
