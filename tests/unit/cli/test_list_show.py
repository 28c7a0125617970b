"""``pydb list`` and ``pydb show``: what they say of a statement."""

from __future__ import annotations

import json

import pytest

from pydb.cli.list_show import definition_named
from pydb.errors import PydbError
from pydb.sqlfile.loader import read
from tests.harness.projects import Project


def test_list(project: Project) -> None:
    """Each statement with what it returns, takes and says."""
    rows = json.loads(project.pydb("list", "--format", "json").out)
    assert [row["statement"] for row in rows] == ["users.by_id", "users.names", "users.add", "users.rename"]
    assert rows[0] == {
        "statement": "users.by_id",
        "rows": "maybe",
        "shape": "User",
        "parameters": "id",
        "engines": "all",
        "documentation": "One user by key.",
    }


def test_show(project: Project) -> None:
    """Its documentation, types and text as written."""
    out = project.pydb("show", "users.by_id").out
    assert out.startswith("users.by_id :maybe User\nsql/users.sql:1\n\nOne user by key.\n")
    assert "parameters\n  id int\n" in out
    assert "columns\n  id int\n  name str\n  is_admin bool\n" in out
    assert "FROM users\nWHERE id = :id;" in out


def test_show_of_an_engine_s_own(project: Project) -> None:
    """Each form is shown with its engines; without one for SQLite there are no types."""
    text = project.read("sql/users.sql").partition("-- name: names")[0]
    project.write({"sql/mariadb/users.sql": text})
    project.write({"sql/mariadb/more.sql": "-- name: other :many scalar\nSELECT 1;\n"})
    shown = project.pydb("show", "users.by_id").out
    assert "sqlite, postgresql  sql/users.sql:3" in shown
    assert "mariadb  sql/mariadb/users.sql:3" in shown
    assert "not described: it has no form for sqlite" in project.pydb("show", "more.other").out


def test_a_name_that_is_not_there(project: Project) -> None:
    """The nearest names are the hint."""
    definitions = read(project.folder / "sql")
    assert definition_named(definitions, "users.add").name == "users.add"
    with pytest.raises(PydbError, match=r"no statement is named 'users.nam'.*hint: users.names"):
        definition_named(definitions, "users.nam")
