"""One file: the beginnings and ends of its statements, their verbs, and their parameters."""

from __future__ import annotations

import pytest

from pydb.engines import engine_names
from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Form, Placeholder, RowTemplate
from pydb.sqlfile.parser import Parsed, parse_file


def parse(sql: str, rows: str = "exec", engine: str | None = None) -> Form:
    """The form of one statement."""
    (parsed,) = parse_file(f"-- name: x :{rows}\n{sql}\n", "t.sql", "t", engine)
    return parsed.form


def refusal(text: str, engine: str | None = None) -> str:
    with pytest.raises(SqlFileError) as caught:
        parse_file(text, "t.sql", "t", engine)
    return str(caught.value).split("\n")[0]


FILE = """\
-- Users: people who sign in.
/* They write posts;
   see blog_posts.sql. */

-- name: create :one User
-- Insert a user.
INSERT INTO users (username)
VALUES (:username)
RETURNING id, username;


-- name: by_ids :many User
SELECT id, username
FROM users
WHERE id IN (:ids) AND username <> 'a;b'; -- the last line

-- Helpers.
-------------

-- name: touch :exec
-- Nothing but a touch.

-- Why: the trigger does the rest.
UPDATE users SET seen = :now;
"""


def named(text: str) -> dict[str, Parsed]:
    return {parsed.header.name: parsed for parsed in parse_file(text, "users.sql", "users", None)}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_statements_of_a_file(newline: str) -> None:
    """The statements of a file are in order, each with its lines, with both kinds of line ends."""
    found = named(FILE.replace("\n", newline))
    assert list(found) == ["users.create", "users.by_ids", "users.touch"]
    assert [parsed.line for parsed in found.values()] == [5, 12, 20]
    assert [parsed.form.line for parsed in found.values()] == [7, 13, 23]
    assert [parsed.notes.doc for parsed in found.values()] == ["Insert a user.", "", "Nothing but a touch."]
    assert found["users.touch"].form.sql == newline.join(
        ["-- Why: the trigger does the rest.", "UPDATE users SET seen = :now;"]
    )


def test_pieces() -> None:
    """The parts are the text without its semicolon, divided at the parameters; a list includes its brackets."""
    found = named(FILE)["users.by_ids"]
    assert found.form.parts == (
        "SELECT id, username\nFROM users\nWHERE id IN ",
        Placeholder("ids", sequence=True),
        " AND username <> 'a;b'",
    )
    assert found.form.sql.endswith("'a;b';")
    assert found.parameters == ("ids",)
    assert found.sequences == {"ids"}


@pytest.mark.parametrize("sql", ["a IN(:ids)", "a IN ( :ids )", "a NOT IN (\n:ids\n)", "a IN (/* why */ :ids)"])
def test_sequences(sql: str) -> None:
    """Whatever spaces the brackets of a list contain, the parameter replaces all of it."""
    parts = parse(f"SELECT a FROM t WHERE {sql};").parts
    assert parts[-1] == Placeholder("ids", sequence=True)


def test_parameters_come_in_order_of_first_use() -> None:
    """A parameter that is used twice is listed once."""
    (parsed,) = parse_file("-- name: x :many\nSELECT :b, :a, :b, :c;", "t.sql", "t", None)
    assert parsed.parameters == ("b", "a", "c")


@pytest.mark.parametrize(
    ("sql", "verb", "returning"),
    [
        ("SELECT 1;", "SELECT", False),
        ("select 1;", "SELECT", False),
        ("-- why\n/* and */ SELECT 1;", "SELECT", False),
        ("(SELECT 1) UNION (SELECT 2);", "SELECT", False),
        ("WITH a AS (SELECT 1), b AS (SELECT 2) SELECT 3;", "SELECT", False),
        ("WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT n FROM a;", "SELECT", False),
        ("WITH a AS (SELECT 1) INSERT INTO t (a) SELECT a FROM a;", "INSERT", False),
        ("WITH a AS (SELECT 1) UPDATE t SET a = 1 RETURNING a;", "UPDATE", True),
        ("WITH insert_ AS (SELECT 1), replace AS (SELECT 2) DELETE FROM t;", "DELETE", False),
        ("WITH a AS (DELETE FROM t RETURNING a) SELECT a FROM a;", "SELECT", False),
        ("WITH a AS (SELECT 1) (SELECT 2);", "SELECT", False),
        ("INSERT INTO t (a) VALUES (1) RETURNING a;", "INSERT", True),
        ("INSERT INTO t (returning) VALUES (1);", "INSERT", False),
        ("UPDATE t SET returning = 1;", "UPDATE", False),
        ("INSERT INTO t (a) VALUES ('RETURNING');", "INSERT", False),
        ("REPLACE INTO t (a) VALUES (1);", "REPLACE", False),
        ("PRAGMA user_version;", "PRAGMA", False),
        ("EXPLAIN QUERY PLAN SELECT 1;", "EXPLAIN", False),
    ],
)
def test_verb_and_returning(sql: str, verb: str, returning: bool) -> None:
    """The verb and RETURNING are those of the statement itself, not of its WITH."""
    form = parse(sql)
    assert (form.verb, form.returning) == (verb, returning)


def test_row_template() -> None:
    """An INSERT of one row is divided around its bracket."""
    form = parse("INSERT INTO t (a, b)\nVALUES (:a, lower(:b), now())\nRETURNING a;", "one")
    assert form.row_template == RowTemplate(
        before="INSERT INTO t (a, b)\nVALUES ",
        row=("(", Placeholder("a"), ", lower(", Placeholder("b"), "), now())"),
        after="\nRETURNING a",
    )


def test_upsert_has_a_key() -> None:
    """The parameters of the conflict target are found, whatever their order and names."""
    form = parse("INSERT INTO t (a, b, c) VALUES (:x, 1, :y) ON CONFLICT (C, a) DO UPDATE SET b = excluded.b;")
    assert form.row_template
    assert form.row_template.key == ("y", "x")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT DO NOTHING;",
        "INSERT INTO t (a) VALUES (1);",
        "REPLACE INTO t (a) VALUES (:a) RETURNING a;",
        "INSERT INTO changes (row_count) VALUES (:a);",
        "INSERT INTO t VALUES (:a, coalesce(:b, (1)));",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO UPDATE SET b = excluded.b;",
        "INSERT INTO t (a) VALUES (:a) ON DUPLICATE KEY UPDATE b = VALUES(b);",
    ],
)
def test_statements_with_a_row_template(sql: str) -> None:
    """A bracket with all parameters may be repeated."""
    template = parse(sql).row_template
    assert template
    text = "".join(
        [template.before, *(p if isinstance(p, str) else f":{p.name}" for p in template.row), template.after]
    )
    assert f"{text};" == sql


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t (a) VALUES (:a), (:b);",
        "INSERT INTO t (a) SELECT a FROM u WHERE b = :b;",
        "INSERT INTO t (a) SELECT a FROM (VALUES (:a)) AS v (a);",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO NOTHING RETURNING :b;",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (lower(a)) DO UPDATE SET b = excluded.b;",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (b) DO UPDATE SET b = excluded.b;",
        "INSERT INTO t (a) VALUES (lower(:a)) ON CONFLICT (a) DO UPDATE SET b = excluded.b;",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT ON CONSTRAINT t_a_key DO UPDATE SET b = excluded.b;",
        "INSERT INTO t VALUES (:a) ON CONFLICT (a) DO UPDATE SET b = excluded.b;",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO UPDATE SET b = (SELECT count(*) FROM t);",
        "INSERT INTO t (a) VALUES ((SELECT max(a) FROM t WHERE b = :b));",
        "INSERT INTO t (a, b) VALUES (last_insert_rowid(), :b);",
        "INSERT INTO t (a, b) VALUES (LAST_INSERT_ID(), :b) RETURNING b;",
        "INSERT INTO t (a) VALUES (:a IN (:ids));",
        "INSERT INTO t DEFAULT VALUES;",
        "WITH v AS (SELECT :b) INSERT INTO t (a) VALUES (:a);",
        "UPDATE t SET a = :a;",
    ],
)
def test_statements_without_a_row_template(sql: str) -> None:
    """Repeating the bracket of these statements has another effect than repeating the statement."""
    assert parse(sql).row_template is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT 1;\n-- name: a :one\nSELECT 1;\n",
            "t.sql:1: there is SQL before the first header    hint: start it with -- name: <name> :<rows>",
        ),
        (
            "-- Fine.\n/* Fine. */\n\nSELECT 1;\n",
            "t.sql:4: there is SQL before the first header    hint: start it with -- name: <name> :<rows>",
        ),
        (
            "-- name: a :one\nSELECT 1;\n-- name: b :one\nSELECT 1;\n-- name: a :one\nSELECT 2;\n",
            "t.sql:5: t.a: the name is already used by the statement in line 1    hint: rename one of them",
        ),
        (
            "-- name: a :one\n-- What it does.\n\n-- name: b :one\nSELECT 1;\n",
            "t.sql:1: t.a: the statement is empty    hint: write its SQL under the header",
        ),
        (
            "-- name: a :one\n-- What it does.\n\n-- Nothing.\n",
            "t.sql:4: t.a: the statement is empty    hint: write its SQL under the header",
        ),
        ("-- name: a :one\n;\n", "t.sql:2: t.a: the statement is empty    hint: write its SQL under the header"),
        (
            "-- name: a :one\nSELECT\n    1\n\n-- name: b :one\nSELECT 1;\n",
            "t.sql:3: t.a: the statement does not end in ;    hint: add ; at its end",
        ),
        (
            "-- name: a :one\nSELECT ';'\n-- ;\n",
            "t.sql:2: t.a: the statement does not end in ;    hint: add ; at its end",
        ),
        (
            "-- name: a :one\nSELECT 1;\n\nSELECT 2;\n",
            "t.sql:4: t.a: one name has two statements    hint: give the second one a header",
        ),
        (
            "-- name: a :one\nSELECT 1;;\n",
            "t.sql:2: t.a: one name has two statements    hint: give the second one a header",
        ),
        (
            "-- name: a :one\nSELECT 1; SELECT 2\n",
            "t.sql:2: t.a: one name has two statements    hint: give the second one a header",
        ),
        (
            "-- name: a :one\nSELECT\n'b;\n\n-- name: b :one\nSELECT 'c';\n",
            "t.sql:3: t.a: a string is never closed    hint: close it; a line that starts with -- name: always starts"
            " a new statement",
        ),
        (
            "-- name: a :one\nSELECT 1;\n/* not now\n-- name: b :one\nSELECT 1;\n*/\n",
            "t.sql:3: t.a: a comment is never closed    hint: close it; a line that starts with -- name: always starts"
            " a new statement",
        ),
    ],
)
def test_malformed_file(text: str, message: str) -> None:
    """A mistake in the structure of a file is refused at its line."""
    assert refusal(text) == message


def test_a_file_of_comments_has_no_statements() -> None:
    """A file may contain only comments, or nothing."""
    assert parse_file("-- Later.\n/* Or never. */\n", "t.sql", "t", None) == []
    assert parse_file("", "t.sql", "t", None) == []


def test_overlaid_engines_do_not_read_the_shared_text() -> None:
    """Text for PostgreSQL only is valid in a shared file if the other engines have overlays."""
    text = "-- name: x :many\nSELECT a #>> :path FROM t;\n"
    assert "read differently" in refusal(text)
    (parsed,) = parse_file(text, "t.sql", "t", None, {"t.x": ["sqlite", "mariadb"]})
    assert parsed.parameters == ("path",)


def test_a_banner_under_a_statement_is_a_comment() -> None:
    """A line of dashes, which is not a comment for MariaDB, may be between statements."""
    found = parse_file(
        "-- name: a :one\nSELECT 1;\n----- more\n\n-- name: b :one\nSELECT 2;\n", "t.sql", "t", "mariadb"
    )
    assert [parsed.form.sql for parsed in found] == ["SELECT 1;", "SELECT 2;"]


@pytest.mark.parametrize("engine", [None, *engine_names()])
def test_the_pieces_are_the_text(engine: str | None) -> None:
    """The joined parts are the SQL as written."""
    form = parse("SELECT 'a:b', :c -- d:e :f\nFROM t WHERE g = :g;", "many", engine)
    text = "".join(part if isinstance(part, str) else f":{part.name}" for part in form.parts)
    assert f"{text};" == form.sql


TEXT = """\
SELECT 0;

-- name: a :many
SELECT 1;

-- name: b :lots
SELECT 2;

-- name: c :many
SELECT (3;

-- name: a :one
SELECT 4;
"""


def test_on_error() -> None:
    """After a wrong statement the others are read, also one with only a wrong name."""
    errors: list[SqlFileError] = []
    parsed = parse_file(TEXT, "t.sql", "t", None, on_error=errors.append)
    assert [(one.header.name, one.line, one.form.sql) for one in parsed] == [
        ("t.a", 3, "SELECT 1;"),
        ("t.a", 12, "SELECT 4;"),
    ]
    assert [(error.line, error.message) for error in errors] == [
        (1, "there is SQL before the first header"),
        (6, "unknown row word :lots"),
        (10, "a bracket is never closed"),
        (12, "the name is already used by the statement in line 3"),
    ]
