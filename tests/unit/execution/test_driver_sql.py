"""The SQL for a driver's cursor, for each style of parameters."""

from __future__ import annotations

import pytest

from pydb.execution.driver_sql import DriverSql, escaped_marks
from pydb.sqlfile.definition import Placeholder

PARTS = ("SELECT 5 % 2 WHERE a = ", Placeholder("a"), " AND b IN", Placeholder("ids", sequence=True), "")


@pytest.mark.parametrize(
    ("paramstyle", "text"),
    [
        ("qmark", "/* n */ SELECT 5 % 2 WHERE a = ? AND b IN (?, ?)"),
        ("format", "/* n */ SELECT 5 %% 2 WHERE a = %s AND b IN (%s, %s)"),
        ("pyformat", "/* n */ SELECT 5 %% 2 WHERE a = %s AND b IN (%s, %s)"),
    ],
)
def test_marks(paramstyle: str, text: str) -> None:
    """Each parameter is the driver's placeholder, and percent signs are doubled if placeholders begin with one."""
    made = DriverSql("n", PARTS, paramstyle)
    assert made.text((2,)) == text
    assert (made.order, made.lists, made.takes_mapping) == (("a", "ids"), ("ids",), False)


def test_core_s_spelling_has_names() -> None:
    """An error of a pyformat driver shows the names, as in Core."""
    made = DriverSql("n", PARTS, "pyformat")
    assert made.core_spelling((2,)) == "/* n */ SELECT 5 %% 2 WHERE a = %(a)s AND b IN (%(ids_1)s, %(ids_2)s)"


@pytest.mark.parametrize(("paramstyle", "by_name"), [("qmark", False), ("format", False), ("pyformat", True)])
def test_a_parameter_that_stands_twice(paramstyle: str, by_name: bool) -> None:
    """PostgreSQL treats it as one parameter, so it is passed by name there."""
    parts = ("SELECT ", Placeholder("a"), " GROUP BY ", Placeholder("a"))
    made = DriverSql("n", parts, paramstyle)
    assert made.takes_mapping == by_name
    assert ("%(a)s" in made.sql) == by_name
    assert made.order == ("a", "a")


def test_percent_signs() -> None:
    """A driver with question marks leaves percent signs unchanged."""
    assert (escaped_marks("5 % 2", "qmark"), escaped_marks("5 % 2", "format")) == ("5 % 2", "5 %% 2")


def test_the_values_of_a_list_by_name() -> None:
    """The values have the names of their placeholders; a parameter with such a name is refused."""
    parts = ("a = ", Placeholder("a"), " OR a < ", Placeholder("a"), " AND id IN", Placeholder("ids", sequence=True))
    made = DriverSql("t.x", parts, "pyformat")
    assert made.named("ids", [7, 8]) == {"ids_1": 7, "ids_2": 8}
    assert made.text((2,)).endswith("a = %(a)s OR a < %(a)s AND id IN (%(ids_1)s, %(ids_2)s)")
    assert not made.names_clash
    assert DriverSql("t.x", (*parts, Placeholder("ids_2")), "pyformat").names_clash
    assert not DriverSql("t.x", (*parts, Placeholder("ids_b"), Placeholder("my_ids_1")), "pyformat").names_clash
