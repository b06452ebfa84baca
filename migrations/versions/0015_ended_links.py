"""Which links ended with what they showed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = "share_links_end"


def note_ends() -> None:
    """Have a link that goes leave its token, whatever takes it along."""
    body = "INSERT INTO ended_links (token) VALUES (OLD.token) ON CONFLICT DO NOTHING;"
    when = f"{NAME} AFTER DELETE ON share_links"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {when} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {when} FOR EACH ROW EXECUTE FUNCTION {NAME}()")


def upgrade() -> None:
    op.create_table(
        "ended_links",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_ended_links")),
    )
    note_ends()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {NAME}")
    else:
        op.execute(f"DROP TRIGGER {NAME} ON share_links")
        op.execute(f"DROP FUNCTION {NAME}()")
    op.drop_table("ended_links")
