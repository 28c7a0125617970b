"""The linter: pydb's own rules, sqlfluff in the house style, and the places of findings."""

from pathlib import Path

import pytest

from pydb.errors import PydbError, SqlFileError
from pydb.findings import Finding
from pydb.lint import LintReport, lint
from pydb.lint.own_rules import STAR, UNBOUND, own_violations
from pydb.sqlfile.lexer import tokenize

GOOD = """\
-- Users: people who sign in and write posts.

-- name: create :one User
-- Insert a user and return the stored row.
INSERT INTO users (username, email)
VALUES (:username, :email)
RETURNING id, username, email, active, created_at;


-- name: upsert :one User
-- Insert a user or give it this email.
INSERT INTO users (username, email)
VALUES (:username, :email)
ON CONFLICT (username) DO UPDATE
SET email = excluded.email
RETURNING id, username, email, active, created_at;


-- name: by_id :maybe User
-- One user by key.
SELECT id, username, email, active, created_at
FROM users
WHERE id = :id;


-- name: count_active :one scalar
-- How many users may sign in.
SELECT count(*) FROM users WHERE active;


-- name: named_like_keywords :many User
-- Parameters named like keywords of SQL, and a list.
SELECT id, username
FROM users
WHERE
    id IN (:ids)
    AND username <> :order
    AND CAST(:group AS text) IS NOT NULL
ORDER BY id
LIMIT :limit;


-- name: thread :many CommentNode
-- The comments of a post, each under the one that it answers.
WITH RECURSIVE thread (id, parent_id, depth) AS (
    SELECT id, parent_id, 0
    FROM comments
    -- A comment without a parent begins a thread.
    WHERE post_id = :post_id AND parent_id IS NULL
    UNION ALL
    SELECT comments.id, comments.parent_id, thread.depth + 1
    FROM comments
    INNER JOIN thread ON comments.parent_id = thread.id
)
SELECT id, parent_id, depth
FROM thread
ORDER BY depth, id;
"""


def lint_text(folder: Path, text: str, name: str = "users.sql", schemas: dict[str, str] | None = None) -> LintReport:
    file = folder / "sql" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, newline="")
    return lint(str(folder / "sql"), schemas or {})


def codes(report: LintReport) -> list[tuple[int, int | None, str]]:
    return [(finding.line, finding.column, finding.code) for finding in report.findings]


def test_hand_formatted_sql_passes(tmp_path: Path) -> None:
    """SQL in the style of the documentation has no findings."""
    report = lint_text(tmp_path, GOOD)
    assert report.findings == ()
    assert (report.files, report.statements) == (1, 6)


def test_line_ends_of_windows_pass(tmp_path: Path) -> None:
    """A file with carriage returns is linted like any other file."""
    assert lint_text(tmp_path, GOOD.replace("\n", "\r\n")).findings == ()


@pytest.mark.parametrize(
    ("sql", "violations"),
    [
        ("SELECT * FROM users;", [(STAR, 7)]),
        ("SELECT u.* FROM users AS u;", [(STAR, 9)]),
        ("SELECT id, * FROM users;", [(STAR, 11)]),
        ("SELECT DISTINCT * FROM users;", [(STAR, 16)]),
        ("INSERT INTO users (name) VALUES (:name) RETURNING *;", [(STAR, 50)]),
        ("SELECT id FROM users WHERE EXISTS (SELECT * FROM posts);", [(STAR, 42)]),
        ("SELECT count(*) FROM users;", []),
        ("SELECT count( * ) FILTER (WHERE active) FROM users;", []),
        ("SELECT a * b, 2 * (a) FROM t;", []),
        ("SELECT '*, * FROM' /* * */ FROM t; -- * FROM", []),
        ("UPDATE users SET active = FALSE;", [(UNBOUND, 0)]),
        ("DELETE FROM users;", [(UNBOUND, 0)]),
        ("DELETE FROM users WHERE id = :id;", []),
        ("UPDATE users SET n = (SELECT 1 FROM t WHERE x);", [(UNBOUND, 0)]),
        ("WITH gone AS (DELETE FROM a RETURNING id) SELECT id FROM gone WHERE id > 1;", [(UNBOUND, 14)]),
        ("WITH x AS (SELECT 1 FROM t WHERE a) UPDATE users SET a = 1;", [(UNBOUND, 36)]),
        ("INSERT INTO a (b) VALUES (:b) ON CONFLICT (b) DO UPDATE SET b = excluded.b;", []),
        ("INSERT INTO a (b) VALUES (:b) ON DUPLICATE KEY UPDATE b = :b;", []),
        ("SELECT id FROM users WHERE id = :id FOR UPDATE;", []),
        ("-- No WHERE: each test starts afresh.\nDELETE FROM users;", []),
        ("DELETE FROM users; -- nothing about WHERE", [(UNBOUND, 0)]),
    ],
)
def test_own_rules(sql: str, violations: list[tuple[str, int]]) -> None:
    """`*` for columns, and UPDATE or DELETE of every row, are found at their places; nothing else is found."""
    found = [(code, offset) for code, offset, _ in own_violations(tokenize(sql, "sqlite"), "")]
    assert found == violations


def test_documentation_may_say_why_every_row_is_meant(tmp_path: Path) -> None:
    """A line of the documentation that begins with "No WHERE:" accepts the statement."""
    text = "-- name: clear :affected\n-- No WHERE: each test starts afresh.\nDELETE FROM users;\n"
    assert lint_text(tmp_path, text).findings == ()


def test_findings_stand_at_the_lines_of_the_file(tmp_path: Path) -> None:
    """Comments, long parameters and earlier statements do not change the place of a finding."""
    text = (
        GOOD
        + "\n\n-- name: bad :many\n-- Doc.\n\nSELECT id FROM users\nwhere a_long_name = :a_long_name AND id != 1;\n"
    )
    line = text.count("\n")
    assert codes(lint_text(tmp_path, text)) == [(line, 1, "CP01"), (line, 41, "CV01")]


def test_a_broken_statement_hides_no_other(tmp_path: Path) -> None:
    """Stray SQL, a wrong header and unreadable SQL are each reported, and so are mistakes after them."""
    text = (
        "SELECT 1;\n\n"
        "-- name: a :lots\nSELECT 1;\n\n"
        "-- name: b :many\nSELEC FROM WHERE x;\n\n"
        "-- name: c :many\nSELECT 'never closed;\n\n"
        "-- name: d :many\nselect id FROM users;\n"
    )
    report = lint_text(tmp_path, text)
    assert codes(report) == [(1, 1, "DB01"), (3, 12, "DB01"), (7, 1, "PRS"), (10, 8, "DB01"), (13, 1, "CP01")]
    assert all(finding.hint for finding in report.findings if finding.code in ("DB01", "PRS"))


def test_what_only_the_whole_folder_shows_is_found(tmp_path: Path) -> None:
    """Forms of one statement that disagree are a finding too."""
    lint_text(tmp_path, "-- name: a :many\nSELECT id FROM t WHERE id = :id;\n")
    report = lint_text(tmp_path, "-- name: a :many\nSELECT id FROM t WHERE id = :key;\n", "mariadb/users.sql")
    (finding,) = report.findings
    assert isinstance(finding, Finding)
    assert finding.code == "DB01"
    assert "parameters" in finding.message


def test_a_broken_file_hides_no_disagreement(tmp_path: Path) -> None:
    """Duplicate names and each pair of forms that disagree are found, although other files cannot be read."""
    lint_text(tmp_path, "-- name: a :many\nSELECT 1;\n\n-- name: b :many\nSELECT 1;\n\n-- name: a :many\nSELECT 2;\n")
    lint_text(tmp_path, "nothing\n", "broken.sql")
    report = lint_text(tmp_path, "-- name: a :one\nSELECT 1;\n\n-- name: b :one\nSELECT 1;\n", "mariadb/users.sql")
    assert [(finding.statement, finding.message.partition(" here")[0]) for finding in report.findings] == [
        (None, "there is SQL before the first header"),
        ("users.a", "row word :one"),
        ("users.b", "row word :one"),
        ("users.a", "the name is already used by the statement in line 1"),
    ]


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("sqlite/a.sql", "SELECT id FROM t WHERE name GLOB :pattern;"),
        ("sqlite/a.sql", "INSERT OR IGNORE INTO t (id)\nVALUES (:id);"),
        ("sqlite/a.sql", "SELECT id FROM t ORDER BY name COLLATE NOCASE;"),
        ("postgresql/a.sql", "SELECT id FROM t WHERE name ILIKE :pattern FOR UPDATE SKIP LOCKED;"),
        ("postgresql/a.sql", "SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b DESC NULLS LAST;"),
        ("mariadb/a.sql", "INSERT INTO t (id)\nVALUES (:id)\nON DUPLICATE KEY UPDATE id = VALUES(id)\nRETURNING id;"),
        ("mariadb/a.sql", "SELECT id FROM t WHERE name REGEXP :pattern ORDER BY id LIMIT 3;"),
        ("a.sql", "SELECT id FROM t WHERE name GLOB :pattern;"),
    ],
)
def test_each_engine_is_read_in_its_dialect(tmp_path: Path, name: str, sql: str) -> None:
    """SQL for one engine is read in that engine's folder, and in a shared file if its dialect can read it."""
    assert (
        lint_text(tmp_path, f"-- name: a :{'many' if sql.startswith('SELECT') else 'exec'}\n{sql}\n", name).findings
        == ()
    )


@pytest.mark.deep
def test_a_large_file_is_not_skipped(tmp_path: Path) -> None:
    """sqlfluff by default skips files over 20,000 bytes; pydb makes it read them to their end."""
    words = ",\n    ".join(f"column_number_{number} + 1" for number in range(900))
    text = f"-- name: wide :many\nSELECT\n    {words}\nfrom users;\n"
    assert codes(lint_text(tmp_path, text)) == [(903, 1, "CP01")]


def test_schema_scripts_are_linted_statement_by_statement(tmp_path: Path) -> None:
    """A finding in a schema script is at the line of the script."""
    script = tmp_path / "schema.sql"
    script.write_text("-- Tables.\n\nCREATE TABLE a (\n    id integer NOT NULL\n);\n\ncreate TABLE b (id integer);\n")
    report = lint_text(tmp_path, GOOD, schemas={"sqlite": str(script)})
    assert [(finding.file, finding.line, finding.code) for finding in report.findings] == [(str(script), 7, "CP01")]
    assert report.files == 2


def test_a_project_lays_its_own_configuration_over_the_house_style(tmp_path: Path) -> None:
    """[tool.sqlfluff] overrides the house style."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.sqlfluff.rules.capitalisation.keywords]\ncapitalisation_policy = 'lower'\n"
    )
    lint_text(tmp_path, "-- name: a :many\nselect id from t;\n")
    assert lint(str(tmp_path / "sql"), {}, folder=tmp_path).findings == ()


def test_configuration_that_sqlfluff_refuses_is_told(tmp_path: Path) -> None:
    """A wrong [tool.sqlfluff] is an error with a hint, without a traceback."""
    (tmp_path / "pyproject.toml").write_text("[tool.sqlfluff.core]\ntemplater = 'nonsense'\n")
    lint_text(tmp_path, GOOD)
    with pytest.raises(PydbError, match=r"\[tool\.sqlfluff\]"):
        lint(str(tmp_path / "sql"), {}, folder=tmp_path)


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """A folder that does not exist is an error."""
    with pytest.raises(SqlFileError, match="nowhere"):
        lint(str(tmp_path / "nowhere"), {})
