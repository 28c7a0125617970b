"""docs/nested-rows.md: its refused statements are refused with its messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.loader import read

PAGE = (Path(__file__).parents[2] / "docs" / "nested-rows.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## What is refused at load")[2]
REFUSED = re.findall(r"```text\n(.*?\n)\n(users\.sql:.*?)\n```", SECTION, re.DOTALL)


@pytest.mark.parametrize(("sql", "message"), REFUSED, ids=[message.split(": ")[1] for _, message in REFUSED])
def test_refused_as_documented(sql: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each statement is refused at its line with the message and hint below it."""
    monkeypatch.chdir(tmp_path)
    Path("users.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(SqlFileError) as caught:
        read("users.sql")
    assert str(caught.value) == message


def test_every_example_has_its_message() -> None:
    """Each refused statement of the page has its message."""
    assert len(REFUSED) == SECTION.count("```text") > 0
