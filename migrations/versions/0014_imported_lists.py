"""Which of somebody's lists are those of an import."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_lists",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_imported_lists_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["lists.id"],
            name=op.f("fk_imported_lists_list_id_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.uuid"],
            name=op.f("fk_imported_lists_import_id_imports"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("user_id", "origin", name=op.f("pk_imported_lists")),
    )
    op.create_index(op.f("ix_imported_lists_list_id"), "imported_lists", ["list_id"])
    op.create_index(op.f("ix_imported_lists_import_id"), "imported_lists", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_lists")
