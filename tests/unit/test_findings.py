"""Findings as text, JSON and GitHub annotations."""

import json

from pydb.findings import Finding, as_github, as_json, as_text

WHOLE = Finding("sql/a.sql", 3, 7, "DB02", "`*` is no list", statement="a.b", hint="list the columns")
LINE = Finding("sql/a.sql", 3, None, "DB01", "what?", level="note")


def test_text_is_one_line_that_editors_can_follow() -> None:
    """A finding begins with file, line and column and ends with its hint."""
    assert as_text(WHOLE) == "sql/a.sql:3:7: DB02 a.b: `*` is no list    hint: list the columns"
    assert as_text(LINE) == "sql/a.sql:3: DB01 what?"


def test_json_holds_every_field() -> None:
    """The JSON of findings is an array of their fields."""
    first, second = json.loads(as_json([WHOLE, LINE]))
    assert first["line"] == 3
    assert first["hint"] == "list the columns"
    assert second["column"] is None
    assert second["level"] == "note"


def test_github_escapes_what_its_syntax_uses() -> None:
    """A percent sign or a line break in a message does not end the annotation."""
    odd = Finding("a,b:c.sql", 1, 2, "X", "50%\nof it")
    assert as_github(odd) == "::error file=a%2Cb%3Ac.sql,line=1,col=2,title=X::50%25%0Aof it"
    assert as_github(LINE).startswith("::notice file=sql/a.sql,line=3,title=DB01::")
