"""JUnit XML, which CI systems show as a list of tests."""

from __future__ import annotations

from junitparser import JUnitXml

from pydb.cli.junit import as_junit
from pydb.findings import Examined, Finding

ERROR = Finding("sql/a.sql", 3, 7, "C101", "no column <b> & \x1b\x00\ud800", "a.x", "write another")
NOTE = Finding("schema.sql", 4, None, "C602", "an index is missing", level="note")
LONE = Finding("sql/b.sql", 1, None, "C001", "it cannot be read")
EXAMINED = [Examined("sql/a.sql", 3, "a.x"), Examined("sql/a.sql", 9, "a.y"), Examined("schema.sql", 1)]


def read(findings: list[Finding]) -> JUnitXml:
    return JUnitXml.fromstring(as_junit(findings, EXAMINED, "pydb").encode())


def test_each_thing_is_a_case() -> None:
    """Each statement and each script is a test case under its file, whether it fails or passes."""
    found = read([ERROR, NOTE, LONE])
    assert (found.tests, found.failures) == (4, 2)
    assert [(suite.name, [case.name for case in suite]) for suite in found] == [
        ("schema.sql", ["schema.sql"]),
        ("sql/a.sql", ["a.x", "a.y"]),
        ("sql/b.sql", ["C001, line 1"]),
    ]
    cases = {case.name: case for suite in found for case in suite}
    assert not cases["a.x"].is_passed
    assert cases["a.x"].result[0].type == "C101"
    assert cases["a.x"].result[0].text.startswith("sql/a.sql:3:7: C101 a.x: no column <b> & ")
    assert cases["a.y"].is_passed


def test_a_note_is_output_of_a_case_that_passes() -> None:
    """A note does not fail a case."""
    found = read([NOTE])
    case = next(case for suite in found for case in suite if case.name == "schema.sql")
    assert case.is_passed
    assert "an index is missing" in (case.system_out or "")


def test_nothing_found() -> None:
    """Without findings, the document has the cases that passed."""
    assert (read([]).tests, read([]).failures) == (3, 0)
