"""docs/dynamic-sql.md: its refused statements are refused with its messages; test_documentation follows the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import parse_file

PAGE = (Path(__file__).parents[2] / "docs" / "dynamic-sql.md").read_text(encoding="utf-8")
REFUSED = re.findall(r"```sql\n([^`]*)```\n\n```text\n([^`]*)\n    hint: ([^`]*)\n```", PAGE)


@pytest.mark.parametrize(("sql", "message", "hint"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refused_as_documented(sql: str, message: str, hint: str) -> None:
    """Each statement of "What is refused" is refused with the message and the hint below it."""
    with pytest.raises(SqlFileError) as caught:
        parse_file(f"-- name: x :many\n{sql}", "t.sql", "t", None)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_every_refusal_of_the_page_is_tried() -> None:
    """Each text that shows an error has its statement above it."""
    assert len(REFUSED) == PAGE.count("\n    hint: ") > 10
