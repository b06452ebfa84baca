"""Tiers of accounts, and what each account used of its day."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIERS = (
    ("free", "Free", 3, True),
    ("premium", "Premium", 30, False),
    ("admin", "Admin", 100, False),
)
KEY = "fk_users_tier_code_account_tiers"


def upgrade() -> None:
    tiers = op.create_table(
        "account_tiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.CheckConstraint("daily_limit >= 0", name=op.f("ck_account_tiers_daily_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_tiers")),
        sa.UniqueConstraint("code", name=op.f("uq_account_tiers_code")),
    )
    op.create_index(
        "uq_account_tiers_default",
        "account_tiers",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
        sqlite_where=sa.text("is_default"),
    )
    names = ("code", "name", "daily_limit", "is_default")
    op.bulk_insert(tiers, [dict(zip(names, tier, strict=True)) for tier in TIERS])
    op.create_table(
        "assistant_usage",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_assistant_usage_used")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_assistant_usage_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_assistant_usage")),
    )
    # SQLite takes a reference with its column alone; the table and its triggers stay as they are.
    op.execute(
        f"ALTER TABLE users ADD COLUMN tier_code VARCHAR(40) CONSTRAINT {KEY} "
        "REFERENCES account_tiers (code)"
    )
    op.create_index(op.f("ix_users_tier_code"), "users", ["tier_code"])


def downgrade() -> None:
    op.drop_index(op.f("ix_users_tier_code"), table_name="users")
    op.drop_column("users", "tier_code")
    op.drop_table("assistant_usage")
    op.drop_table("account_tiers")
