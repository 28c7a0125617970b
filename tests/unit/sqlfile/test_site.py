"""The place of a text."""

from __future__ import annotations

from pydb.sqlfile.site import Site


def test_an_error_has_its_line() -> None:
    """An offset in the text becomes a line of the file, and the statement is named."""
    error = Site("a.sql", 5, "SELECT\n  x\n", "t.x").error("it is wrong", "mend it", at=9)
    assert (error.file, error.line, error.statement_name) == ("a.sql", 6, "t.x")
    assert str(error) == "a.sql:6: t.x: it is wrong    hint: mend it"
    assert Site("a.sql", 5).error("it is wrong", "mend it").line == 5
