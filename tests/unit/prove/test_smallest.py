"""Smaller cases: a property of a case in, the fewest and simplest rows and arguments with it out."""

from __future__ import annotations

from typing import Any

from pydb.prove.held_values import NO_LIMITS
from pydb.prove.smallest import Case, smallest
from pydb.prove.tables import Table, TableColumn

PARENTS = Table(
    "parents",
    (TableColumn("id", "int", False, NO_LIMITS), TableColumn("name", "str", True, NO_LIMITS)),
    frozenset({"id"}),
)
CHILDREN = Table(
    "children",
    (TableColumn("id", "int", False, NO_LIMITS), TableColumn("parent_id", "int", True, NO_LIMITS)),
    frozenset({"id"}),
    ((("parent_id",), "parents", ("id",)),),
)
ROWS: dict[str, list[dict[str, Any]]] = {
    "parents": [{"id": n, "name": f"name {n}"} for n in range(1, 9)],
    "children": [{"id": n, "parent_id": n} for n in range(1, 9)],
}
CASE = Case(ROWS, ((), {"a": "text", "ids": [1, 2, 3]}))


def test_rows_that_matter_stay() -> None:
    """The rows of two tables that show the property stay, with the value that shows it."""

    def shows(case: Case) -> bool:
        names = {row["name"] for row in case.rows["parents"]}
        return {"name 3", "name 5"} <= names

    found = smallest(CASE, [PARENTS, CHILDREN], shows, "0")
    assert [row["id"] for row in found.rows["parents"]] == [3, 5]
    assert not found.rows["children"]


def test_plain_values_and_arguments() -> None:
    """Other values become NULL, or a plain value."""
    found = smallest(CASE, [PARENTS, CHILDREN], lambda case: len(case.rows["parents"]) >= 1, "0")
    assert [row["name"] for row in found.rows["parents"]] == [None]
    assert found.arguments == ((), {"a": "a", "ids": [1]})


def test_parents_come_with_their_children() -> None:
    """A row is never left without the row to which it refers."""

    def shows(case: Case) -> bool:
        there = {row["id"] for row in case.rows["parents"]}
        assert all(row["parent_id"] in {None, *there} for row in case.rows["children"]) or not there
        return any(row["id"] == 6 for row in case.rows["children"]) and 6 in there

    found = smallest(CASE, [PARENTS, CHILDREN], shows, "0")
    assert ([row["id"] for row in found.rows["parents"]], [row["id"] for row in found.rows["children"]]) == ([6], [6])


def test_what_no_part_shows_stays_whole() -> None:
    """If hypothesis finds nothing smaller, the case is unchanged."""
    assert smallest(CASE, [PARENTS, CHILDREN], lambda case: False, "0") == CASE
