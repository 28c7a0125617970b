"""Offsets and lines of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pydb.sqlfile.line_starts import LineStarts

TEXTS = st.text(alphabet="ab\n\r\u2028", max_size=40)


@given(TEXTS, st.data())
def test_places(text: str, data: st.DataObject) -> None:
    """A character's line is the number of line feeds before it, and its column the distance from the last one."""
    offset = data.draw(st.integers(0, len(text)))
    lines = LineStarts(text, first=5)
    before = text[:offset]
    assert lines.line(offset) == 5 + before.count("\n")
    assert lines.place(offset) == (5 + before.count("\n"), offset - (before.rfind("\n") + 1) + 1)


@given(TEXTS)
def test_starts(text: str) -> None:
    """The start of a line is the place of its first character."""
    lines = LineStarts(text)
    for number, line in enumerate(text.split("\n"), 1):
        start = lines.start(number)
        assert text[start : start + len(line)] == line
        assert lines.place(start) == (number, 1)
