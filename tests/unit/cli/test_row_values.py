"""Values for ``pydb run`` with the types of the project's record."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

import pytest

from pydb.cli.list_show import definition_named
from pydb.cli.row_values import record_kinds, typed_rows
from pydb.engines.base import rules_of
from pydb.project import find_project
from pydb.sqlfile.loader import read
from pydb.values.kinds import Kind
from tests.harness.projects import Project


class Level(enum.Enum):
    """An Enum of the application."""

    LOW = 1


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        (Kind(bool), 1, True),
        (Kind(date), "2026-01-02", date(2026, 1, 2)),
        (Kind(date), "someday", "someday"),  # the user wants to see the value
        (Kind(bool, True), None, None),
        (Kind(Level), 1, 1),
        (Kind(int), 7, 7),
    ],
)
def test_values(kind: Kind, given: Any, shown: Any) -> None:
    """A value is converted to the record's type; a value that does not fit is unchanged."""
    rows = list(typed_rows([(given, 5)], [("a", None), ("b", None)], {"a": kind}, rules_of("sqlite")))
    assert rows == [[shown, 5]]
    assert type(rows[0][0]) is type(shown)


def test_the_record_of_a_statement(project: Project) -> None:
    """The kinds are those of the record's fields; there are none for a scalar, or without a package."""
    definitions = read(project.folder / "sql")
    by_id, names = (definition_named(definitions, name) for name in ("users.by_id", "users.names"))
    settings = find_project(project.folder)
    assert record_kinds(settings, by_id) == {}
    project.generate()
    assert record_kinds(settings, by_id) == {"id": Kind(int), "name": Kind(str), "is_admin": Kind(bool)}
    assert record_kinds(settings, names) == {}
