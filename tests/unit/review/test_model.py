"""Texts before and after a change."""

from pydb.review.model import SchemaChange, TextChange


def test_lines_of_a_change() -> None:
    """The whole text is shown, with removed and added lines."""
    assert TextChange("a\nb\nc", "a\nx\nc").lines == (" a", "-b", "+x", " c")
    assert TextChange(None, "a\nb").lines == ("+a", "+b")
    assert TextChange("a", None).lines == ("-a",)
    assert TextChange("a\n--b", "a").lines == (" a", "---b")


def test_no_change() -> None:
    """A text without a change is shown once."""
    same = TextChange("a\nb", "a\nb")
    assert (same.is_change, same.lines) == (False, (" a", " b"))
    assert TextChange(None, None).lines == ()


def test_hunks_of_a_schema() -> None:
    """Of a long script, only the lines near a change are shown."""
    lines = [f"line {number}" for number in range(40)]
    change = SchemaChange("sqlite", "schema.sql", TextChange("\n".join(lines), "\n".join([*lines[:20], *lines[21:]])))
    head, *rest = change.hunks(1)
    assert head.startswith("@@ -20,3 +20,2 @@")
    assert rest == [" line 19", "-line 20", " line 21"]
