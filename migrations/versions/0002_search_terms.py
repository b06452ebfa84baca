"""Terms that search looks up: words, whole titles, halves of titles, spellings of words."""

# ruff: noqa: S608 - these statements are put together from constants alone

import sqlalchemy as sa
from alembic import op

from moviesite.text import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Steps of popularity, best known first; crossing one rewrites a movie's terms, so they are few.
STEPS = (512, 256, 128, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1, 0.5)
LONGEST_TITLE = 120
LONGEST_WORD = 40

# Orders of lists, each with what lists are narrowed by.
ORDERED_BY = (
    *("title_key", "release_date", "popularity", "vote_average", "likes"),
    *("rating_average", "imdb_id", "first_genre", "created_at"),
)
OLD_ORDERS = {
    "ix_movies_title_id": ["title", "id"],
    "ix_movies_release_date_id": ["release_date", "id"],
    "ix_movies_popularity_id": ["popularity", "id"],
    "ix_movies_vote_average_id": ["vote_average", "id"],
    "ix_movies_imdb_id": ["imdb_id"],
    "ix_movies_created_at": ["created_at"],
}


def weight(popularity: str) -> str:
    steps = " ".join(f"WHEN {popularity} >= {least} THEN {n}" for n, least in enumerate(STEPS))
    return f"CASE {steps} ELSE {len(STEPS)} END"


# What is said twice below is said the same: how a word is listed under its spellings.
KEYS = """SELECT substr(word, 1, 7) AS key, word FROM {words}
    UNION SELECT substr(substr(word, 1, 7), 1, {at} - 1) || substr(substr(word, 1, 7), {at} + 1),
    word FROM {words} CROSS JOIN {places} WHERE {at} <= length(word)"""


def sqlite_words(text: str) -> str:
    """Folded text holds no character that JSON would escape, other than by mistake."""
    array = f"""'[' || replace(json_quote({text}), ' ', '","') || ']'"""
    return f"""SELECT substr(value, 1, {LONGEST_WORD}) AS word FROM json_each({array})
        WHERE value <> ''"""


def sqlite_terms(row: str) -> str:
    titles = f"""(SELECT substr(replace({row}.title_key, ' ', ''), 1, {LONGEST_TITLE}) AS t
        UNION SELECT substr(replace(substr({row}.search_text, length({row}.title_key) + 2),
        ' ', ''), 1, {LONGEST_TITLE}))"""
    return f"""{sqlite_words(f"{row}.search_text")}
        UNION SELECT '=' || t FROM {titles} WHERE t <> ''
        UNION SELECT '<' || length(t) || ' ' || substr(t, 1, length(t) / 2)
        FROM {titles} WHERE length(t) > 3
        UNION SELECT '>' || length(t) || ' ' || substr(t, length(t) / 2 + 1)
        FROM {titles} WHERE length(t) > 3"""


def sqlite_person_terms(row: str) -> str:
    return f"""{sqlite_words(f"{row}.search_text")}
        UNION SELECT '=' || substr(replace({row}.search_text, ' ', ''), 1, {LONGEST_TITLE})
        WHERE {row}.search_text <> ''"""


def sqlite_spell(row: str) -> str:
    words = f"""(SELECT DISTINCT word FROM ({sqlite_words(f"{row}.search_text")}) AS met
        WHERE length(word) > 2 AND NOT EXISTS (SELECT 1 FROM word_spellings AS known
        WHERE known.key = substr(met.word, 1, 7) AND known.word = met.word)) AS spelled"""
    places = "json_each('[1,2,3,4,5,6,7]') AS place"
    keys = KEYS.format(words=words, places=places, at="place.value")
    return f"INSERT OR IGNORE INTO word_spellings (key, word) {keys};"


def sqlite_list(row: str) -> str:
    return f"""INSERT OR IGNORE INTO movie_terms (term, weight, movie_id)
        SELECT word, {weight(f"{row}.popularity")}, {row}.id FROM ({sqlite_terms(row)});"""


def sqlite_unlist(row: str) -> str:
    return f"""DELETE FROM movie_terms WHERE term IN ({sqlite_terms(row)})
        AND weight = {weight(f"{row}.popularity")} AND movie_id = {row}.id;"""


def sqlite_list_person(row: str) -> str:
    return f"""INSERT OR IGNORE INTO person_terms (term, person_id)
        SELECT word, {row}.id FROM ({sqlite_person_terms(row)});"""


def sqlite_unlist_person(row: str) -> str:
    return f"""DELETE FROM person_terms
        WHERE term IN ({sqlite_person_terms(row)}) AND person_id = {row}.id;"""


CHANGED = f"""old.search_text <> new.search_text OR old.title_key <> new.title_key
    OR {weight("old.popularity")} <> {weight("new.popularity")}"""

SQLITE = (
    f"""CREATE TRIGGER movie_search_list AFTER INSERT ON movies BEGIN
        {sqlite_list("new")} {sqlite_spell("new")} END""",
    f"""CREATE TRIGGER movie_search_unlist AFTER DELETE ON movies BEGIN
        {sqlite_unlist("old")} END""",
    f"""CREATE TRIGGER movie_search_relist AFTER UPDATE OF search_text, title_key, popularity
        ON movies WHEN {CHANGED} BEGIN
        {sqlite_unlist("old")} {sqlite_list("new")} {sqlite_spell("new")} END""",
    f"""CREATE TRIGGER movie_search_list_person AFTER INSERT ON people BEGIN
        {sqlite_list_person("new")} {sqlite_spell("new")} END""",
    f"""CREATE TRIGGER movie_search_unlist_person AFTER DELETE ON people BEGIN
        {sqlite_unlist_person("old")} END""",
    f"""CREATE TRIGGER movie_search_relist_person AFTER UPDATE OF search_text ON people
        WHEN old.search_text <> new.search_text BEGIN
        {sqlite_unlist_person("old")} {sqlite_list_person("new")} {sqlite_spell("new")} END""",
)
NO_SQLITE = tuple(
    f"DROP TRIGGER movie_search_{name}"
    for name in ("list", "unlist", "relist", "list_person", "unlist_person", "relist_person")
)

WORDS = f"""SELECT DISTINCT left(word, {LONGEST_WORD})
    FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> ''"""
HALVES = "length(t) > 3"
POSTGRESQL = (
    # Nothing asks for whole words by this index any more.
    "DROP INDEX movie_search_words",
    f"""CREATE FUNCTION movie_search_weight(popularity double precision) RETURNS smallint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ({weight("popularity")})::smallint $$""",
    f"""CREATE FUNCTION movie_search_words(folded text) RETURNS SETOF text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ {WORDS} $$""",
    f"""CREATE FUNCTION movie_search_terms(folded text, title text) RETURNS SETOF text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        WITH titles AS (SELECT left(replace(title, ' ', ''), {LONGEST_TITLE}) AS t
            UNION SELECT left(replace(substr(folded, length(title) + 2), ' ', ''),
            {LONGEST_TITLE}))
        {WORDS}
        UNION SELECT '=' || t FROM titles WHERE t <> ''
        UNION SELECT '<' || length(t) || ' ' || left(t, length(t) / 2) FROM titles WHERE {HALVES}
        UNION SELECT '>' || length(t) || ' ' || substr(t, length(t) / 2 + 1)
        FROM titles WHERE {HALVES} $$""",
    f"""CREATE FUNCTION movie_search_person_terms(folded text) RETURNS SETOF text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        {WORDS} UNION SELECT '=' || left(replace(folded, ' ', ''), {LONGEST_TITLE})
        WHERE folded <> '' $$""",
    # In order, so that two transactions with the same new words wait instead of deadlocking.
    f"""CREATE FUNCTION movie_search_spell(found text[]) RETURNS void LANGUAGE sql AS $$
        WITH fresh AS (SELECT DISTINCT word FROM unnest(found) AS met (word)
            WHERE length(word) > 2 AND NOT EXISTS (SELECT FROM word_spellings AS known
            WHERE known.key = left(met.word, 7) AND known.word = met.word))
        INSERT INTO word_spellings (key, word)
        {KEYS.format(words="fresh", places="generate_series(1, 7) AS at", at="at")}
        ORDER BY 1, 2 ON CONFLICT DO NOTHING $$""",
    """CREATE FUNCTION movie_search_list() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO movie_terms (term, weight, movie_id)
        SELECT term, movie_search_weight(added.popularity), added.id
        FROM added, movie_search_terms(added.search_text, added.title_key) AS term
        ON CONFLICT DO NOTHING;
        PERFORM movie_search_spell((SELECT array_agg(DISTINCT word)
            FROM added, movie_search_words(added.search_text) AS word));
        RETURN NULL; END $$""",
    """CREATE FUNCTION movie_search_unlist() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM movie_terms USING removed,
            movie_search_terms(removed.search_text, removed.title_key) AS gone
        WHERE term = gone AND weight = movie_search_weight(removed.popularity)
            AND movie_id = removed.id;
        RETURN NULL; END $$""",
    """CREATE FUNCTION movie_search_relist() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM movie_terms
        WHERE term IN (SELECT movie_search_terms(old.search_text, old.title_key))
            AND weight = movie_search_weight(old.popularity) AND movie_id = old.id;
        INSERT INTO movie_terms (term, weight, movie_id)
        SELECT term, movie_search_weight(new.popularity), new.id
        FROM movie_search_terms(new.search_text, new.title_key) AS term ON CONFLICT DO NOTHING;
        PERFORM movie_search_spell(ARRAY(SELECT movie_search_words(new.search_text)));
        RETURN NULL; END $$""",
    """CREATE FUNCTION movie_search_list_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO person_terms (term, person_id) SELECT term, added.id
        FROM added, movie_search_person_terms(added.search_text) AS term ON CONFLICT DO NOTHING;
        PERFORM movie_search_spell((SELECT array_agg(DISTINCT word)
            FROM added, movie_search_words(added.search_text) AS word));
        RETURN NULL; END $$""",
    """CREATE FUNCTION movie_search_unlist_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM person_terms USING removed,
            movie_search_person_terms(removed.search_text) AS gone
        WHERE term = gone AND person_id = removed.id;
        RETURN NULL; END $$""",
    """CREATE FUNCTION movie_search_relist_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM person_terms WHERE person_id = old.id
            AND term IN (SELECT movie_search_person_terms(old.search_text));
        INSERT INTO person_terms (term, person_id) SELECT term, new.id
        FROM movie_search_person_terms(new.search_text) AS term ON CONFLICT DO NOTHING;
        PERFORM movie_search_spell(ARRAY(SELECT movie_search_words(new.search_text)));
        RETURN NULL; END $$""",
    """CREATE TRIGGER movie_search_list AFTER INSERT ON movies
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION movie_search_list()""",
    """CREATE TRIGGER movie_search_unlist AFTER DELETE ON movies
        REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION movie_search_unlist()""",
    """CREATE TRIGGER movie_search_relist AFTER UPDATE OF search_text, title_key, popularity
        ON movies FOR EACH ROW WHEN (old.search_text <> new.search_text
        OR old.title_key <> new.title_key
        OR movie_search_weight(old.popularity) <> movie_search_weight(new.popularity))
        EXECUTE FUNCTION movie_search_relist()""",
    """CREATE TRIGGER movie_search_list_person AFTER INSERT ON people
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION movie_search_list_person()""",
    """CREATE TRIGGER movie_search_unlist_person AFTER DELETE ON people
        REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION movie_search_unlist_person()""",
    """CREATE TRIGGER movie_search_relist_person AFTER UPDATE OF search_text ON people
        FOR EACH ROW WHEN (old.search_text <> new.search_text)
        EXECUTE FUNCTION movie_search_relist_person()""",
)
NO_POSTGRESQL = (
    *(
        f"DROP TRIGGER movie_search_{name} ON {table}"
        for table, kind in (("movies", ""), ("people", "_person"))
        for name in (f"list{kind}", f"unlist{kind}", f"relist{kind}")
    ),
    "DROP FUNCTION movie_search_list, movie_search_unlist, movie_search_relist",
    "DROP FUNCTION movie_search_list_person, movie_search_unlist_person",
    "DROP FUNCTION movie_search_relist_person, movie_search_spell, movie_search_terms",
    "DROP FUNCTION movie_search_person_terms, movie_search_words, movie_search_weight",
    """CREATE INDEX movie_search_words ON movies
        USING gin (to_tsvector('simple', search_text))""",
)


def plain_text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "movie_terms",
        sa.Column("term", plain_text(130), nullable=False),
        sa.Column("weight", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("movie_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "weight", "movie_id", name=op.f("pk_movie_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_terms",
        sa.Column("term", plain_text(130), nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "person_id", name=op.f("pk_person_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_spellings",
        sa.Column("key", plain_text(7), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_word_spellings")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "movies", sa.Column("title_key", plain_text(500), server_default="", nullable=False)
    )
    op.add_column("movies", sa.Column("first_genre", plain_text(100), nullable=True))
    for name in OLD_ORDERS:
        op.drop_index(name, table_name="movies")
    for column in ORDERED_BY:
        op.create_index(f"ix_movies_{column}_id_adult", "movies", [column, "id", "adult"])
    dialect = op.get_bind().dialect.name
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    list_what_is_stored()


FIRST_GENRES = """UPDATE movies SET first_genre = (SELECT min(genres.name) FROM genres
    JOIN movie_genres ON movie_genres.genre_id = genres.id
    WHERE movie_genres.movie_id = movies.id)"""


def list_what_is_stored() -> None:
    """Touch every row, so that the triggers list it."""
    bind = op.get_bind()
    bind.exec_driver_sql(FIRST_GENRES)
    movies = bind.execute(sa.text("SELECT id, title, original_title FROM movies")).all()
    renew = sa.text("UPDATE movies SET title_key = :key, search_text = :text WHERE id = :id")
    for movie_id, title, original in movies:
        key, other = fold(title)[:500], fold(original)
        text = key if key == other else f"{key} {other}".strip()
        bind.execute(renew, {"id": movie_id, "key": key, "text": text[:1100]})
    people = bind.execute(sa.text("SELECT id, name FROM people")).all()
    bind.execute(sa.text("UPDATE people SET search_text = ''"))
    for person_id, name in people:
        row = {"id": person_id, "text": fold(name)[:400]}
        bind.execute(sa.text("UPDATE people SET search_text = :text WHERE id = :id"), row)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in NO_SQLITE if dialect == "sqlite" else NO_POSTGRESQL:
        op.execute(statement)
    for column in ORDERED_BY:
        op.drop_index(f"ix_movies_{column}_id_adult", table_name="movies")
    for name, columns in OLD_ORDERS.items():
        op.create_index(name, "movies", columns)
    op.drop_column("movies", "first_genre")
    op.drop_column("movies", "title_key")
    op.drop_table("word_spellings")
    op.drop_table("person_terms")
    op.drop_table("movie_terms")
