"""Diagrams of a large schema, and of the neighbourhood of a table."""

from __future__ import annotations

from itertools import combinations

import pytest

from pydb.describe import Session, scratch
from pydb.site.diagram import Box, Drawing, DrawnKey, neighbourhood, text_width, whole
from tests.harness.large_schema import HUBS, large_schema


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def check_readable(drawing: Drawing) -> None:
    """Check that no two boxes overlap, and that each box and its texts are inside the drawing."""
    assert [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)] == []
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y >= 0
        assert box.y + box.height <= drawing.height
        assert all(text_width(text) <= box.width - 20 for text in (box.name, *(text for text, _ in box.rows)))


def keys_of(session: Session) -> list[DrawnKey]:
    """The foreign keys of a session's tables."""
    tables = session.catalogue.tables.values()
    return [DrawnKey(table.name, *reference) for table in tables for reference in sorted(table.references)]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[DrawnKey]]:
    """The sixty tables, and their foreign keys."""
    script = tmp_path_factory.mktemp("large") / "schema.sql"
    script.write_text(large_schema())
    with scratch(None, str(script)) as session:
        return sorted(session.catalogue.tables), keys_of(session)


def test_sixty_tables(large: tuple[list[str], list[DrawnKey]]) -> None:
    """The drawing of sixty tables has each of them once, without overlap, and fits into a wide window."""
    tables, keys = large
    drawing = whole(tables, keys)
    assert len(tables) == 60
    assert sorted(box.name for box in drawing.boxes) == tables
    check_readable(drawing)
    assert drawing.width < 1500


def test_hubs(large: tuple[list[str], list[DrawnKey]]) -> None:
    """No line leads to a hub; each table that refers to it names it, and every other key has a line."""
    tables, keys = large
    drawing = whole(tables, keys)
    assert drawing.hubs == tuple(sorted(HUBS))
    drawn = {(line.child, line.parent) for line in drawing.lines}
    named = {(box.name, text[2:]) for box in drawing.boxes for text, _ in box.rows if text.startswith("→ ")}
    assert drawn | named == {(key.child, key.parent) for key in keys if key.child != key.parent}
    assert not drawn & named


def test_every_neighbourhood(large: tuple[list[str], list[DrawnKey]]) -> None:
    """The neighbourhood of each of the sixty tables has the table and its neighbours without overlap."""
    tables, keys = large
    for table in tables:
        drawing = neighbourhood(table, ["id", "name", "created_at"], keys)
        near = {name for key in keys if table in (key.child, key.parent) for name in (key.child, key.parent)}
        assert {box.name for box in drawing.boxes} == near | {table}
        check_readable(drawing)


def test_many_neighbours_are_in_a_frame(large: tuple[list[str], list[DrawnKey]]) -> None:
    """Many tables that refer to a table are in a frame with one line."""
    _, keys = large
    drawing = neighbourhood("tenants", ["id"], keys)
    (frame,) = drawing.frames
    assert frame.name.endswith("tables that refer to it")
    assert len(drawing.lines) == 1
    assert drawing.height < 1200


def test_the_marks_of_a_line() -> None:
    """A key that may be NULL is dashed; an end with many rows is a fork, and an end with one row is a bar."""
    many = DrawnKey("b", ("a_id",), "a", ("id",), optional=True)
    (line,) = whole(["a", "b"], [many]).lines
    assert line.optional
    assert line.ends[0].count("L") == 2
    (one,) = whole(["a", "b"], [DrawnKey("b", ("a_id",), "a", ("id",), single=True)]).lines
    assert "V" in one.ends[0]
    assert not one.optional


def test_two_keys_are_one_line() -> None:
    """Two foreign keys of a table to another are one line in the whole drawing, and two in the neighbourhood."""
    keys = [DrawnKey("b", (name,), "a", ("id",)) for name in ("x", "y")]
    assert len(whole(["a", "b"], keys).lines) == 1
    assert len(neighbourhood("a", ["id"], keys).lines) == 2


def test_itself() -> None:
    """A table that refers to itself names itself, and has a loop in its neighbourhood."""
    key = DrawnKey("a", ("parent_id",), "a", ("id",))
    assert whole(["a"], [key]).boxes[0].rows == (("↺ itself", "hub"),)
    drawing = neighbourhood("a", ["id", "parent_id"], [key])
    assert len(drawing.lines) == 1
    check_readable(drawing)


def test_many_columns() -> None:
    """Of a table with many columns, those of keys are shown, with the number of the others."""
    key = DrawnKey("a", ("c30",), "b", ("id",))
    box = neighbourhood("a", [f"c{number}" for number in range(40)], [key]).boxes[0]
    assert [text for text, _ in box.rows] == ["c30", "… 39 more columns"]


def test_wide_letters() -> None:
    """An East Asian letter is as wide as two letters."""
    assert text_width("顧客") == text_width("abcd")
