"""Lists of genres: each film under each of its genres, with what such lists are ordered by."""
# ruff: noqa: S608 - these statements are put together from constants alone

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FACTS = ("popularity", "release_date", "adult")
DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}

ENTER = f"""INSERT INTO genre_entries (movie_id, genre_id, {", ".join(FACTS)})
    SELECT movie_genres.movie_id, genre_id, {", ".join(FACTS)}
    FROM movie_genres JOIN movies ON movies.id = movie_genres.movie_id"""
ENTER_ONE = f"{ENTER} WHERE movie_genres.movie_id = NEW.movie_id AND genre_id = NEW.genre_id"
RENEW = f"""UPDATE genre_entries SET {", ".join(f"{fact} = NEW.{fact}" for fact in FACTS)}
    WHERE movie_id = NEW.id"""
REMOVE = "DELETE FROM genre_entries WHERE movie_id = OLD.movie_id AND genre_id = OLD.genre_id"

# Whoever changes the film at this moment is waited for, lest its entry say what it was before.
ENTER_WAITING = f"{ENTER_ONE} FOR SHARE OF movies"


def changed(dialect: str) -> str:
    """That the film's entries say something else now."""
    return " OR ".join(f"OLD.{fact} {DIFFERS[dialect]} NEW.{fact}" for fact in FACTS)


def keep_right(dialect: str) -> None:
    """Have every write to films and their genres leave the entries right, whoever writes."""
    renewing = f"UPDATE OF {', '.join(FACTS)} ON movies"
    enter = ENTER_ONE if dialect == "sqlite" else ENTER_WAITING
    have(dialect, "genre_entries_enter", "INSERT ON movie_genres", enter)
    have(dialect, "genre_entries_remove", "DELETE ON movie_genres", REMOVE)
    have(dialect, "genre_entries_renew", renewing, RENEW, f"WHEN ({changed(dialect)})")


def have(dialect: str, name: str, event: str, body: str, when: str = "") -> None:
    """A trigger for each row."""
    if dialect == "sqlite":
        op.execute(f"CREATE TRIGGER {name} AFTER {event} {when} BEGIN {body}; END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW {when} EXECUTE FUNCTION {name}()")


def upgrade() -> None:
    op.create_table(
        "genre_entries",
        sa.Column("movie_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("genre_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("popularity", sa.Float(), nullable=False),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("movie_id", "genre_id", name=op.f("pk_genre_entries")),
        sqlite_with_rowid=False,
    )
    # Writers wait from here on, about twenty seconds for a million films; readers do not.
    keep_right(op.get_bind().dialect.name)
    op.execute(ENTER)
    # Sorting what is there is far quicker than entering row after row.
    op.create_index(
        "ix_genre_entries_popularity",
        "genre_entries",
        ["genre_id", "popularity", "movie_id", "adult", "release_date"],
    )
    op.create_index(
        "ix_genre_entries_release_date",
        "genre_entries",
        ["genre_id", "release_date", "movie_id", "adult"],
    )


def downgrade() -> None:
    tables = {"enter": "movie_genres", "remove": "movie_genres", "renew": "movies"}
    for name, table in tables.items():
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER genre_entries_{name}")
        else:
            op.execute(f"DROP TRIGGER genre_entries_{name} ON {table}")
            op.execute(f"DROP FUNCTION genre_entries_{name}")
    op.drop_table("genre_entries")
