"""The rules for statements with optional lines: each finding is reported once, with a variant that has it."""

from __future__ import annotations

import pytest

from pydb.check.collector import Collector
from pydb.check.statement_rules import check_refusal, check_statement
from pydb.describe import Refusal
from tests.harness.described import described


def findings(text: str) -> list[tuple[str, int, str]]:
    """Code, line and message of the findings in one file."""
    collector = Collector(["sqlite"])
    for one in described(text).values():
        if isinstance(one, Refusal):
            check_refusal(one, collector)
        else:
            check_statement(one, collector)
    return [(finding.code, finding.line, finding.message) for finding in collector.findings()]


def test_what_one_variant_shows() -> None:
    """A finding of only some variants is reported once, with the first of them."""
    text = """\
-- name: x :maybe
SELECT id, age
FROM users
WHERE
    TRUE
    AND id = :id -- if :id
    AND age = :age -- if :age
;
"""
    message = ":maybe, but no unique key guarantees at most one row, with all optional lines left out"
    assert findings(text) == [("C301", 2, message)]


def test_what_all_variants_show() -> None:
    """A finding of all variants names no variant."""
    text = "-- name: x :many\nSELECT id, id\nFROM users\nWHERE\n    TRUE\n    AND age = :age -- if :age\n;\n"
    assert findings(text) == [("C304", 2, "2 columns are named id")]


@pytest.mark.parametrize(
    ("shape", "sql", "message"),
    [
        (
            "Thing",
            "-- @param by_age bool\nSELECT\n    age, -- if :by_age\n    id\nFROM users;",
            "the columns are id with all optional lines left out, and age, id with by_age",
        ),
        (
            "scalar",
            "SELECT\n    id AS a -- if :by = id\n    -- name AS a -- if :by = name\nFROM users;",
            "column a is int with all optional lines left out, and str with by=name",
        ),
    ],
)
def test_uneven_columns(shape: str, sql: str, message: str) -> None:
    """C305 has the columns of two variants; without a record, variants may have different columns."""
    assert [(code, found) for code, _, found in findings(f"-- name: x :many {shape}\n{sql}\n")] == [("C305", message)]
    assert findings(f"-- name: x :many\n{sql}\n") == []


def test_a_refused_line() -> None:
    """C101 is at the line of the error, with the variant."""
    text = "-- name: x :many\nSELECT id\nFROM users\nWHERE\n    TRUE\n    AND nosuch = :a -- if :a\n;\n"
    ((code, line, message),) = findings(text)
    assert (code, line) == ("C101", 6)
    assert message.endswith(", with a")


def test_a_parameter_of_two_types() -> None:
    """C103 compares the places of all variants, and is at the first one."""
    text = """\
-- name: x :many
SELECT id
FROM users
WHERE
    age = :x -- if :by = age
    -- name = :x -- if :by = name
;
"""
    assert [(code, line) for code, line, _ in findings(text)] == [("C103", 5)]
