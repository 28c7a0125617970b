"""The agreement of the forms of one statement on several engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pydb.check.collector import Collector
from pydb.check.form_agreement import check_forms
from pydb.describe import DescribedStatement
from tests.harness.described import statement


def codes(one: str, other: str) -> list[str]:
    """The findings between a form on SQLite and another form, which is described as PostgreSQL's."""
    forms: list[DescribedStatement] = [statement(one), replace(statement(other), engine="postgresql")]
    collector = Collector(["sqlite", "postgresql"])
    check_forms(forms, {}, collector)
    return [finding.code for finding in collector.findings()]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("SELECT id, name FROM users;", "SELECT id, name FROM users;", []),
        ("SELECT id, name FROM users;", "SELECT name, id FROM users;", ["C401"]),
        ("SELECT id AS x FROM users;", "SELECT CAST(id AS blob) AS x FROM users;", ["C402"]),
        ("SELECT id AS x FROM users;", "SELECT age AS x FROM users;", ["C403"]),
        (
            "SELECT id FROM users WHERE id = :x;",
            "SELECT id FROM users WHERE CAST(id AS blob) = CAST(:x AS blob);",
            ["C404"],
        ),
    ],
)
def test_what_differs(one: str, other: str, expected: list[str]) -> None:
    """Other columns, types, nullability or types of parameters are found; equal forms have no finding."""
    assert codes(one, other) == expected


def test_one_form() -> None:
    """A statement that exists on one engine only has no finding."""
    collector = Collector(["sqlite"])
    check_forms([statement("SELECT id FROM users;")], {}, collector)
    check_forms([], {}, collector)
    assert collector.findings() == ()
