"""``pydb import``: the files that it writes, and its report."""

from __future__ import annotations

import json

from tests.harness.projects import Project

SQL = (
    "-- name: all\nselect id from users;\n\n-- name: cast\nselect id from users where id = :id::int;\n\n-- name: no#\n"
)


def test_the_report(project: Project) -> None:
    """Changed and unimported statements are reported with their places and counted, and the files are written."""
    project.write({"old/users.sql": SQL})
    done = project.pydb("import", "aiosql", "old", "--to", "new")
    assert done.code == 0
    assert done.err + done.out == (
        "old/users.sql:4: cast: a cast is now written CAST(… AS …)\n"
        "old/users.sql:7: no is not imported: it has no SQL\n"
        "2 statements imported, 1 of them changed; 1 not imported (written as comments); 1 file written\n"
    )
    assert project.read("new/users.sql").count("-- name: ") == 2


def test_the_report_as_json(project: Project) -> None:
    """The report has each statement with its place, and a dry run lists the files that it would write."""
    project.write({"old/users.sql": SQL})
    done = project.pydb("import", "aiosql", "old", "--to", "new", "--dry-run", "--format", "json")

    def statement(name: str, line: int) -> dict[str, object]:
        source = f"old/users.sql:{line}"
        return {"statement": f"users.{name}", "engine": None, "source": source, "file": "new/users.sql"}

    assert json.loads(done.out) == {
        "imported": 2,
        "unchanged": [statement("all", 1)],
        "changed": [{**statement("cast", 4), "changes": ["a cast is now written CAST(… AS …)"]}],
        "left": [{**statement("no", 7), "reason": "it has no SQL"}],
        "notes": [],
        "files": ["new/users.sql"],
        "written": False,
    }
    assert not (project.folder / "new").exists()
    done = project.pydb("import", "aiosql", "old", "--to", "new", "--format", "json")
    assert (json.loads(done.out)["files"], json.loads(done.out)["written"]) == (["new/users.sql"], True)


def test_a_dry_run_lists_its_files(project: Project) -> None:
    """A dry run lists the files that it would write, with their number."""
    project.write({"old/users.sql": SQL})
    done = project.pydb("import", "aiosql", "old", "--to", "new", "--dry-run")
    assert done.out.splitlines()[-2:] == [
        "new/users.sql: would be written",
        "2 statements imported, 1 of them changed; 1 not imported (written as comments); 1 file would be written",
    ]
    assert not (project.folder / "new").exists()


def test_what_is_there_stays(project: Project) -> None:
    """A file of another author is not overwritten, and no other file is written; a dry run reports the same error."""
    project.write({"old/a.sql": SQL, "old/users.sql": SQL, "new/users.sql": "-- mine\n"})
    for options in ([], ["--dry-run"]):
        done = project.pydb("import", "aiosql", "old", "--to", "new", *options)
        assert (done.code, done.out) == (2, "")
        assert "new/users.sql already exists" in done.err
    assert project.read("new/users.sql") == "-- mine\n"
    assert [file.name for file in (project.folder / "new").iterdir()] == ["users.sql"]


def test_models(project: Project) -> None:
    """A schema is written for each requested engine, and a file for each table."""
    project.write(
        {
            "import_models.py": "from sqlalchemy import Column, Integer, MetaData, Table\n"
            "metadata = MetaData()\nTable('t', metadata, Column('id', Integer, primary_key=True))\n"
        }
    )
    done = project.pydb("import", "sqlalchemy", "import_models:metadata", "--to", "made/sql", "--engine", "sqlite")
    assert done.code == 0, done.err
    assert "CREATE TABLE t" in project.read("made/schema.sql")
    assert "-- name: by_key :maybe T" in project.read("made/sql/t.sql")
