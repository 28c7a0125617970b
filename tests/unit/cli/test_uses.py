"""``pydb uses``: the statements that read and write a table or a column."""

from __future__ import annotations

import json

import pytest

from tests.harness.projects import Project

CALLER = """from app.db import User, users


def show(conn, user: User):
    return users.by_id(conn, id=1)
"""


def test_a_column(project: Project) -> None:
    """The output has each statement with its file and lines, and a closing line with counts."""
    done = project.pydb("uses", "users.name")
    assert done.code == 0
    assert done.out.splitlines()[-7:] == [
        "users.names   reads          sql/users.sql:11",
        "    select in lines 11, 13",
        "users.add     writes         sql/users.sql:16",
        "    insert in line 16",
        "users.rename  writes         sql/users.sql:20",
        "    update in line 21",
        "users.name: 4 statements on SQLite, 2 reading, 2 writing",
    ]


def test_a_table(project: Project) -> None:
    """For a table, the columns are named."""
    out = project.pydb("uses", "USERS").out
    assert "    select id, name, is_admin in lines 4, 5, 6, 7 …" in out
    assert out.splitlines()[-1].startswith("users: 4 statements on SQLite")


def test_a_column_that_nobody_uses(project: Project) -> None:
    """The closing line says that no statement uses the column."""
    project.write({"schema.sql": "CREATE TABLE users (id integer, name text, is_admin boolean, unused text);"})
    assert project.pydb("uses", "users.unused").out.startswith("users.unused: no statement uses it on SQLite")


def test_an_unknown_name(project: Project) -> None:
    """An unknown name is refused with the nearest one."""
    done = project.pydb("uses", "users.nam")
    assert done.code == 2
    assert done.err == 'pydb: the table "users" has no column "nam"    hint: did you mean name?\n'
    assert 'there is no table "user"    hint: did you mean users?' in project.pydb("uses", "user.name").err


def test_callers(project: Project) -> None:
    """With --callers, each call is shown with its function."""
    project.generate()
    project.write({"app/views.py": CALLER})
    done = project.pydb("uses", "users.id", "--callers", "app")
    assert "    called from app/views.py:5 in show" in done.out
    assert done.out.splitlines()[-1].endswith("1 call in 2 Python files")


def test_json(project: Project) -> None:
    """JSON has every touch, and the calls."""
    project.generate()
    project.write({"app/views.py": CALLER})
    found = json.loads(project.pydb("uses", "users.id", "--callers", "app", "--format", "json").out)
    by_name = {item["name"]: item for item in found["statements"]}
    assert (found["table"], found["column"]) == ("users", "id")
    assert by_name["users.by_id"]["callers"] == [{"file": "app/views.py", "line": 5, "function": "show"}]
    assert by_name["users.rename"]["touches"] == [
        {"column": "id", "act": "select", "line": 22, "by": "", "condition": "", "variants": []}
    ]


def test_a_statement_that_is_refused(project: Project) -> None:
    """A statement that its engine refuses is listed with the reason."""
    project.write({"sql/wrong.sql": "-- name: x :many\nSELECT nowhere FROM users;\n"})
    out = project.pydb("uses", "users.id").out
    assert "unknown: wrong.x (sql/wrong.sql:1): SQLite refuses it: no such column: nowhere" in out


def test_a_statement_of_another_engine(project: Project) -> None:
    """A statement that only another engine has is counted."""
    project.write({"sql/mariadb/more.sql": "-- name: x :many\nSELECT id FROM users;\n"})
    assert project.pydb("uses", "users.id").out.endswith("; not analysed: 1 statement for MariaDB only\n")


def test_without_a_schema(project: Project) -> None:
    """Without a schema script, an error says what to give."""
    project.write({"pyproject.toml": '[tool.pydb]\nsql = "sql"\n'})
    done = project.pydb("uses", "users")
    assert (done.code, done.out) == (2, "")
    assert done.err == "pydb: SQLite has no schema script    hint: --schema FILE, or schema in [tool.pydb]\n"


@pytest.mark.engines("postgresql")
def test_another_engine(project: Project, empty_url: str) -> None:
    """With --db, another engine is used with its own schema script and forms."""
    project.write({"sql/postgresql/schema.sql": "CREATE TABLE users (id integer, name text, is_admin boolean);"})
    done = project.pydb("uses", "users.id", "--db", empty_url)
    assert done.out.splitlines()[-1] == "users.id: 2 statements on PostgreSQL, 2 reading, 0 writing"
    both = project.pydb("uses", "users.id", "--db", empty_url, "--engine", "sqlite").out
    assert "users.by_id   reads          sql/users.sql:3  sqlite, postgresql" in both
