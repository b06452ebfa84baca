"""Days in numbers, who came on which, openings of breakers, and how far changes were followed."""
# ruff: noqa: S608 - these statements are put together from constants alone

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sessions_active_insert": "AFTER INSERT ON sessions",
    "sessions_active_update": "AFTER UPDATE OF last_used_at ON sessions",
}
DAYS = {
    "sqlite": "date({0}last_used_at)",
    "postgresql": "CAST({0}last_used_at AT TIME ZONE 'UTC' AS date)",
}


def note_active_days() -> None:
    """Have every use of a session leave its day, whoever writes it."""
    name = op.get_bind().dialect.name
    day = DAYS[name]
    op.execute(
        "INSERT INTO active_days (user_id, day) "
        f"SELECT DISTINCT user_id, {day.format('')} FROM sessions"
    )
    body = (
        "INSERT INTO active_days (user_id, day) "
        f"VALUES (NEW.user_id, {day.format('NEW.')}) ON CONFLICT DO NOTHING;"
    )
    for trigger, when in TRIGGERS.items():
        if name == "sqlite":
            op.execute(f"CREATE TRIGGER {trigger} {when} BEGIN {body} END")
            continue
        op.execute(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {trigger} {when} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def upgrade() -> None:
    op.create_table(
        "active_days",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_active_days_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_active_days")),
    )
    op.create_index(op.f("ix_active_days_day"), "active_days", ["day"])
    counts = ("new_users", "new_by_google", "active_day", "active_week", "active_month")
    op.create_table(
        "analytics_days",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("viewers", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "new_users >= 0 AND active_day >= 0", name=op.f("ck_analytics_days_counts")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_analytics_days")),
    )
    op.create_table(
        "analytics_films",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("movie_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "movie_id", name=op.f("pk_analytics_films")),
    )
    op.create_table(
        "analytics_searches",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name=op.f("pk_analytics_searches")),
    )
    op.create_table(
        "breaker_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaker_openings")),
    )
    op.create_index(op.f("ix_breaker_openings_opened_at"), "breaker_openings", ["opened_at"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_breaker_openings_open",
        "breaker_openings",
        ["provider"],
        unique=True,
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
    op.create_table(
        "source_marks",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source_marks")),
    )
    note_active_days()


def downgrade() -> None:
    for trigger in TRIGGERS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {trigger} ON sessions")
            op.execute(f"DROP FUNCTION {trigger}()")
        else:
            op.execute(f"DROP TRIGGER {trigger}")
    for table in ("source_marks", "breaker_openings", "analytics_searches", "analytics_films"):
        op.drop_table(table)
    op.drop_table("analytics_days")
    op.drop_table("active_days")
