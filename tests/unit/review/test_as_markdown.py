"""A review for a pull request."""

from __future__ import annotations

import re
from dataclasses import replace

from pydb.review.as_markdown import LONGEST, review_markdown
from pydb.review.model import FormChange, Review, TextChange
from tests.unit.review.test_pages import CHANGED, UNSAFE

HOSTILE = "SELECT '</details><script>alert(1)</script>' -- ``` ```` [x](y) \x1b[31m | @somebody"


def markdown(text: str) -> str:
    """The review of a statement with that text."""
    form = FormChange(("sqlite",), TextChange(None, text), "", "sql/t|<b>.sql:1")
    hostile = replace(CHANGED, name="t.`x`|<b>", forms=(form,), unsafe=(replace(UNSAFE, message=text),))
    return review_markdown(Review("<i>main</i>", ("SQLite 3",), (), (hostile,), ("a_b: *c*",)))


def outside_of_code(text: str) -> str:
    """The document without code blocks and inline code."""
    text = re.sub(r"^(`{3,})\w+\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(`+)[^`].*?[^`]?\1(?!`)", "", text)


def test_the_table_and_the_pages() -> None:
    """A table has all statements, each section can be folded, and only sections with a difference are open."""
    lines = review_markdown(Review("main", ("SQLite 3",), (), (CHANGED,))).splitlines()
    assert lines[0] == "# SQL review since main"
    assert "| `t.x` | changed | the same | safe |" in lines
    assert "## `t.x`: changed" in lines
    place = lines.index("<details open><summary>SQL</summary>")
    assert lines[place : place + 9] == [
        *("<details open><summary>SQL</summary>", "", "```diff", " a", "-b", "+c", "```", "", "</details>")
    ]
    assert "<details><summary>plan on SQLite 3, the same</summary>" in lines


def test_nothing_of_the_sql_is_html() -> None:
    """Text of files and messages is in code that it cannot end, or is escaped; none of it is a tag."""
    tags = set(re.findall(r"<[^>]*>", outside_of_code(markdown(HOSTILE))))
    assert tags == {"<details open>", "<details>", "</details>", "<summary>", "</summary>"}
    assert "&lt;i&gt;main&lt;/i&gt;" in markdown(HOSTILE)


def test_a_fence_is_longer_than_any_inside() -> None:
    """The block ends at its own fence."""
    found = re.search(r"^(`+)diff\n\+(.*)\n\1$", markdown(HOSTILE), re.MULTILINE)
    assert found is not None
    assert len(found[1]) == 5
    assert "\x1b" not in markdown(HOSTILE)


def test_a_cell_of_the_table() -> None:
    """A bar in a name does not end its cell."""
    (row,) = [line for line in markdown(HOSTILE).splitlines() if line.startswith("| ``t.")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert row.endswith("| **NOT SAFE** |")


def test_what_a_comment_has_no_room_for() -> None:
    """A long review has all statements in its table, unsafe pages first, and the number of omitted pages."""
    form = FormChange(("sqlite",), TextChange(None, "x\n" * 5000), "", "sql/t.sql:1")
    many = [replace(CHANGED, name=f"t.x{number}", forms=(form,)) for number in range(10)]
    changes = (*many, replace(CHANGED, name="t.unsafe", unsafe=(UNSAFE,)))
    text = review_markdown(Review("main", ("SQLite 3",), (), changes))
    assert len(text) <= LONGEST + 200
    headings = re.findall("^## `(.*)`:", text, re.MULTILINE)
    assert headings == ["t.unsafe", "t.x0", "t.x1", "t.x2", "t.x3"]
    assert len(re.findall("^\\| `t", text, re.MULTILINE)) == 11
    assert text.endswith("\n6 more pages or schemas do not fit here: `pydb review main` shows all.")
