"""A rolling deploy on every engine: old statements on the new schema, and new statements on the old one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.findings import Finding
from pydb.migrations.rolling import Version, check_rolling
from tests.harness.projects import Project, project_files, project_in, schema_script

pytestmark = pytest.mark.deep

OLD = """\
CREATE TABLE t (
    id integer NOT NULL,
    a varchar(20) NOT NULL,
    b integer NULL,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
"""

STATEMENTS = """\
-- name: add :exec
-- @param a str
INSERT INTO t (id, a)
VALUES (:id, :a);

-- name: of_b :many
SELECT
    id,
    a
FROM t
WHERE b = :b;

-- name: named :maybe scalar
SELECT a FROM t WHERE id = :id;
"""


def version(folder: Path, engine: str, schema: str, statements: str) -> Version:
    """A version of a project, in a separate folder."""
    for name, text in project_files(engine, schema, things=statements).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Version(folder.name, str(folder / "sql"), {engine: str(folder / schema_script(engine))})


def found(tmp_path: Path, engine: str, url: str, schema: str, statements: str = STATEMENTS) -> list[Finding]:
    """The findings between the old version and one with this schema and these statements."""
    old = version(tmp_path / "old", engine, OLD, STATEMENTS)
    new = version(tmp_path / "new", engine, schema, statements)
    return list(check_rolling(old, new, [make_url(url)]))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    b integer NULL,\n", "", 10, "the statement of old on the new schema: "),
        ("b integer", "c integer NOT NULL DEFAULT 1,\n    b integer", None, ""),
        (
            "b integer",
            "c integer NOT NULL,\n    b integer",
            3,
            "INSERT writes no value to t.c, which is NOT NULL and has no",
        ),
        ("b integer NULL", "b integer NOT NULL", 3, "INSERT writes no value to t.b"),
        ("a varchar(20) NOT NULL", "a varchar(20) NULL", 7, "column a may now be NULL; it was never NULL"),
    ],
)
def test_old_statements(
    tmp_path: Path, engine_name: str, empty_url: str, old: str, new: str, line: int | None, message: str
) -> None:
    """If the new schema refuses an old statement, or changes its result, that is an error at the statement's line."""
    findings = [
        item for item in found(tmp_path, engine_name, empty_url, OLD.replace(old, new)) if item.level == "error"
    ]
    if line is None:
        assert findings == []
        return
    assert {item.code for item in findings} == {"C613"}
    assert findings[0].file.endswith("old/sql/things.sql" if engine_name == "sqlite" else f"{engine_name}/things.sql")
    assert message in findings[0].message
    if message != "the statement of old on the new schema: ":
        assert findings[0].line == line


def test_new_statements(tmp_path: Path, engine_name: str, empty_url: str) -> None:
    """A statement that only the new schema accepts is a note: migrate first."""
    new = STATEMENTS + "\n-- name: of_c :many\nSELECT id\nFROM t\nWHERE c = :c;\n"
    schema = OLD.replace("b integer", "c integer NULL,\n    b integer")
    (note,) = found(tmp_path, engine_name, empty_url, schema, new)
    assert (note.code, note.level, note.statement) == ("C613", "note", "things.of_c")
    assert note.hint == "migrate before this version is deployed"
    assert "on the schema of old" in note.message


def test_since_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """--since reads the files of a Git revision, and a finding names the old file as in the revision."""
    with project_in(tmp_path, monkeypatch, capsys, '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n') as project:
        project.write({"schema.sql": OLD, "sql/things.sql": STATEMENTS, "migrations/0001_first.sql": OLD})
        git(project, "init", "-q")
        git(project, "add", ".")
        git(project, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "first")
        drop = "ALTER TABLE t DROP COLUMN b;\n"
        project.write({"migrations/0002_drop.sql": drop, "schema.sql": OLD.replace("    b integer NULL,\n", "")})
        project.write({"sql/things.sql": STATEMENTS.replace("WHERE b = :b", "WHERE a = :b")})
        done = project.pydb("migrate", "check")
        assert (done.code, "the rolling deploy (no --since names a revision)" in done.out) == (0, True)
        done = project.pydb("migrate", "check", "--since", "HEAD")
        assert done.code == 1
        assert done.out.startswith("sql/things.sql:")
        assert "C613 things.of_b: the statement of HEAD on the new schema: no such column: b" in done.out
        done = project.pydb("migrate", "check", "--since", "nowhere")
        assert (done.code, "git cannot read the revision nowhere" in done.err) == (2, True)


def test_since_a_revision_without_sql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A revision from before the project used pydb has nothing to compare, which is said; without settings it has."""
    with project_in(tmp_path, monkeypatch, capsys, '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n') as project:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        project.write({"README": "x"})
        git(project, "init", "-q")
        git(project, "add", "README")
        git(project, *identity, "commit", "-q", "-m", "first")
        project.write({"schema.sql": OLD, "sql/things.sql": STATEMENTS, "migrations/0001_first.sql": OLD})
        done = project.pydb("migrate", "check", "--since", "HEAD")
        assert (done.code, "the rolling deploy (HEAD has no SQL)" in done.out) == (0, True)
        git(project, "add", "schema.sql", "sql")
        git(project, *identity, "commit", "-q", "-m", "second")
        done = project.pydb("migrate", "check", "--since", "HEAD")
        assert (done.code, "rolling deploy" in done.out) == (0, False)


def git(project: Project, *arguments: str) -> None:
    """Run git in the project."""
    subprocess.run(["git", *arguments], cwd=project.folder, check=True)
