"""Findings as text, JSON and GitHub annotations."""

import json

from pydb.findings import Examined, Finding, as_github, as_json, as_text, by_examined, counts_of

WHOLE = Finding("sql/a.sql", 3, 7, "DB02", "`*` is no list", statement="a.b", hint="list the columns")
LINE = Finding("sql/a.sql", 3, None, "DB01", "what?", level="note")


def test_text_is_one_line_that_editors_can_follow() -> None:
    """A finding begins with file, line and column and ends with its hint."""
    assert as_text(WHOLE) == "sql/a.sql:3:7: DB02 a.b: `*` is no list    hint: list the columns"
    assert as_text(LINE) == "sql/a.sql:3: DB01 what?"


def test_json_holds_every_field() -> None:
    """The JSON of findings has all of their fields, and the counts."""
    document = json.loads(as_json([WHOLE, LINE], [Examined("sql/a.sql", 3, "a.b"), Examined("sql/a.sql", 9, "a.c")]))
    assert {key: document[key] for key in document if key != "findings"} == {
        "examined": 2,
        "passed": 1,
        "errors": 1,
        "notes": 1,
    }
    first, second = document["findings"]
    assert first["line"] == 3
    assert first["hint"] == "list the columns"
    assert second["column"] is None
    assert second["level"] == "note"


def test_github_escapes_what_its_syntax_uses() -> None:
    """A percent sign or a line break in a message does not end the annotation."""
    odd = Finding("a,b:c.sql", 1, 2, "X", "50%\nof it")
    assert as_github(odd) == "::error file=a%2Cb%3Ac.sql,line=1,col=2,title=X::50%25%0Aof it"
    assert as_github(LINE).startswith("::notice file=sql/a.sql,line=3,title=DB01::")


def test_findings_belong_to_what_was_examined() -> None:
    """A finding belongs to its statement in any file, else to its whole file, else to nothing."""
    first, overlay = Examined("sql/a.sql", 3, "a.b"), Finding("sql/sqlite/a.sql", 1, None, "X", "m", "a.b")
    schema, lone = Examined("schema.sql", 1), Finding("sql/z.sql", 1, None, "X", "m", "z.a")
    of_schema = Finding("schema.sql", 7, None, "X", "m")
    found, others = by_examined([overlay, of_schema, lone], [first, schema])
    assert found == {first: [overlay], schema: [of_schema]}
    assert others == [lone]


def test_a_note_fails_nothing() -> None:
    """A statement with only a note has passed."""
    assert counts_of([LINE], [Examined("sql/a.sql", 1)])["passed"] == 1
