"""``pydb import``: what it writes and reports."""

from __future__ import annotations

import json

from tests.harness.projects import Project

SQL = (
    "-- name: all\nselect id from users;\n\n-- name: cast\nselect id from users where id = :id::int;\n\n-- name: no#\n"
)


def test_the_report(project: Project) -> None:
    """What is changed and what is left is told with its place, and counted; the files are written."""
    project.write({"old/users.sql": SQL})
    done = project.pydb("import", "aiosql", "old", "--to", "new")
    assert done.code == 0
    assert done.err + done.out == (
        "old/users.sql:4: cast: a cast is written CAST(… AS …)\n"
        "old/users.sql:7: no is not imported: it has no SQL\n"
        "2 statements imported, 1 of them changed; 1 stand as comments; 1 files written\n"
    )
    assert project.read("new/users.sql").count("-- name: ") == 2


def test_the_report_as_json(project: Project) -> None:
    """A dry run writes nothing."""
    project.write({"old/users.sql": SQL})
    done = project.pydb("import", "aiosql", "old", "--to", "new", "--dry-run", "--format", "json")
    report = json.loads(done.out or done.err)
    assert (report["imported"], len(report["changed"]), len(report["left"]), report["files"]) == (2, 1, 1, [])
    assert not any(name.startswith("new") for name in project.files())


def test_what_is_there_stays(project: Project) -> None:
    """A file that somebody has written is not overwritten."""
    project.write({"old/users.sql": SQL, "new/users.sql": "-- mine\n"})
    done = project.pydb("import", "aiosql", "old", "--to", "new")
    assert done.code == 2
    assert project.read("new/users.sql") == "-- mine\n"


def test_models(project: Project) -> None:
    """A schema for each engine that is asked for, and a file for each table."""
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
