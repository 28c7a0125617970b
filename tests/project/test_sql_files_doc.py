"""docs/sql-files.md: its examples load, and its refused statements are refused with its messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.loader import read
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.type_words import SCALARS

PAGE = (Path(__file__).parents[2] / "docs" / "sql-files.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n-- sql/(\S+)\n(.*?)```", PAGE, re.DOTALL)
REFUSED = re.findall(r"^\| `(.+?)` \| ([^|]+?) \|(?: .*\|)?$", PAGE.partition("## What is refused")[2], re.MULTILINE)


def test_examples_load(tmp_path: Path) -> None:
    """The examples, each in the file that the page names, load together as one folder."""
    for name, text in EXAMPLES:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    definitions = {definition.name: definition for definition in read(tmp_path)}
    assert len(definitions) == PAGE.count("\n-- name: ") - 1
    assert len(EXAMPLES) == PAGE.count("```sql")
    assert definitions["tags.upsert"].forms["mariadb"] is not definitions["tags.upsert"].forms["sqlite"]
    assert definitions["posts.search"].parameters == ("authors", "part", "since", "limit")
    assert definitions["posts.search"].sequences == {"authors"}
    assert definitions["profiles.of_role"].column_types["birthday"].nullable


@pytest.mark.parametrize(("written", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_as_documented(written: str, message: str) -> None:
    """The mistakes in the tables are refused with the messages of the tables."""
    rows = "many"
    if match := re.match(r":(\w+(?: User)?) (.*)", written):
        rows, written = match.groups()
    text = f"-- name: x :{rows}\n{written}\n;" if " -- if" in written else f"-- name: x :{rows}\n{written}\n"
    if written.startswith("-- @"):
        text += "SELECT :id;\n"
    elif written.startswith("--"):
        text = f"{written}\nSELECT 1;\n"
    with pytest.raises(SqlFileError) as caught:
        parse_file(text, "t.sql", "t", None)
    assert caught.value.message == message


def test_the_page_is_complete() -> None:
    """The page has every row word and every type of a directive."""
    assert len(REFUSED) == PAGE.partition("## What is refused")[2].count("\n| `")
    for word in RowWord:
        assert f"`:{word}`" in PAGE
    for name in SCALARS:
        assert f"`{name}`" in PAGE
