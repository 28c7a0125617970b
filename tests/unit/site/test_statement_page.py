"""The content of a statement's page."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from pydb.findings import Examined, Finding
from pydb.prove.project import ProofReport
from pydb.site.statement_page import StatementPage, statement_pages, together
from tests.harness.sites import facts_in


def pages(folder: Path, **options: dict[str, str]) -> dict[str, StatementPage]:
    """The pages by name."""
    return {page.name: page for page in statement_pages(facts_in(folder, **options))}  # type: ignore[arg-type]


def test_columns(tmp_path: Path) -> None:
    """A column has its Python type, whether and why it may be NULL, and its origin."""
    id_, name = pages(tmp_path)["orders.of_customer"].columns
    assert (id_.python, id_.nullable, id_.why) == ("int", False, (("", "orders.id is NOT NULL"),))
    assert (name.python, name.nullable, name.table, name.column) == ("str | None", True, "customers", "name")


def test_parameters(tmp_path: Path) -> None:
    """A parameter has its Python type; a parameter of an optional line may be left out."""
    found = pages(tmp_path)
    assert [(row.name, row.python) for row in found["customers.by_name"].parameters] == [("name", "str")]
    assert found["customers.search"].parameters[0].note == "may be left out"


def test_variants_and_plans(tmp_path: Path) -> None:
    """A statement with optional lines has its variants, and each plan has the variants that use it."""
    page = pages(tmp_path)["customers.search"]
    assert page.variants == (2, 2)
    assert page.variant_labels == ("", "name")
    assert [plan.variants for plan in page.plans] == [("no optional parameter passed",), ("name",)]


def test_touches(tmp_path: Path) -> None:
    """The uses are listed by table and act, with the condition of an optional line."""
    rows = pages(tmp_path)["customers.search"].touches
    assert [(row.table, row.act, row.columns, row.condition) for row in rows] == [
        ("customers", "select", ("id",), ""),
        ("customers", "select", ("name",), ":name"),
    ]


def test_what_is_not_checked(tmp_path: Path) -> None:
    """Engines that were not used are named, and a refused statement has its finding."""
    page = pages(tmp_path)["customers.by_name"]
    assert page.unchecked == ("PostgreSQL", "MariaDB")
    assert page.proof == ""
    broken = pages(tmp_path, statements={"t.sql": "-- name: x :many\nSELECT nothing FROM customers;\n"})["t.x"]
    assert (broken.checked, len(broken.refused)) == ((), 1)
    assert [finding.code for finding in broken.findings] == ["C101"]


def test_together() -> None:
    """The same text on several engines is shown once; if all engines have it, they are not named."""
    assert together([("sqlite", "text"), ("mariadb", "text")]) == (("", "text"),)
    assert together([("sqlite", "a"), ("postgresql", "b"), ("mariadb", "b")]) == (
        ("SQLite", "a"),
        ("PostgreSQL, MariaDB", "b"),
    )


@pytest.mark.parametrize(
    ("code", "level", "said"),
    [
        (None, "error", "called, not refuted"),
        ("P101", "error", "refuted"),
        ("C101", "error", "not called"),
        ("P402", "note", "no call worked"),
        ("P301", "note", "called, not refuted"),
    ],
)
def test_proof(tmp_path: Path, code: str | None, level: Literal["error", "note"], said: str) -> None:
    """A statement is reported as proven only if it was called and nothing refutes it."""
    name = "customers.by_name"
    findings = [] if code is None else [Finding("t.sql", 1, None, code, "it", name, level=level)]
    report = ProofReport(findings, [Examined("t.sql", 1, name)])
    pages = {page.name: page for page in statement_pages(replace(facts_in(tmp_path), proof=report))}
    assert (pages[name].proof, pages["customers.remove"].proof) == (said, "left out")
