"""The types of a statement's parameters for the command line: from the generated package, or from the database."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from pydb.cli.known_types import _covering, known_types
from pydb.project import find_project
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.loader import read
from tests.harness.projects import Project

URL = make_url("sqlite:///app.db")


def definition(name: str) -> Definition:
    return next(found for found in read("sql", None) if found.name == name)


def test_from_the_database(project: Project) -> None:
    """Without a generated package, the types are those that the database expects."""
    found = known_types(find_project(Path()), definition("users.rename"), URL, "sqlite")
    assert found == {"id": TypeName("int"), "name": TypeName("str")}


def test_from_the_package(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a generated package, the types come from it, and the database is not used."""
    project.generate()
    monkeypatch.setitem(sys.modules, "pydb.describe.session", None)
    found = known_types(find_project(Path()), definition("users.rename"), URL, "sqlite")
    assert found == {"id": TypeName("int"), "name": TypeName("str")}


def test_without_the_extra(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package and the check extra, no types are known."""
    monkeypatch.setitem(sys.modules, "pydb.describe.session", None)
    assert known_types(find_project(Path()), definition("users.rename"), URL, "sqlite") == {}


def test_what_is_declared_or_refused(project: Project) -> None:
    """Declared parameters are left out, and a statement that the database refuses has no known types."""
    project.write({"sql/b.sql": "-- name: a :many\n-- @param x int\nSELECT id FROM users WHERE id = :x;\n"})
    assert known_types(find_project(Path()), definition("b.a"), URL, "sqlite") == {}
    project.write({"sql/b.sql": "-- name: a :many\nSELECT id FROM nowhere WHERE id = :x;\n"})
    assert known_types(find_project(Path()), definition("b.a"), URL, "sqlite") == {}


SEARCH = """\
-- name: search :many scalar
SELECT name
FROM users
WHERE
    is_admin = :is_admin -- if :by = admin
    -- id = :id -- if :by = id
    AND name LIKE :part -- if :part
    AND id > :after -- if :after
LIMIT :limit;
"""


def test_of_optional_lines(project: Project) -> None:
    """Each parameter has the type of its line, also in an alternative; few variants are described."""
    project.write({"sql/more.sql": SEARCH})
    found = known_types(find_project(Path()), definition("more.search"), URL, "sqlite")
    assert {name: found[name] for name in ("is_admin", "id", "part", "after", "limit")} == {
        "is_admin": TypeName("bool"),
        "id": TypeName("int"),
        "part": TypeName("str"),
        "after": TypeName("int"),
        "limit": TypeName("int"),
    }
    assert len(_covering(definition("more.search"), "sqlite")) == 2
