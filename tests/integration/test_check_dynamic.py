"""Dynamic statements of applications: their variants are proven, and the generated code works."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.check import Inputs, check
from tests.harness.chinook import data_folder
from tests.harness.law import made, prove
from tests.integration.test_optional_lines_generated import SQL, schema

DATA = data_folder() / "dynamic"
STATEMENTS, SCHEMA = DATA / "statements.sql", DATA / "schema.sql"

pytestmark = pytest.mark.deep
needs_data = pytest.mark.skipif(not STATEMENTS.exists(), reason="the shared data are not there")


@needs_data
def test_dynamic_statements_on_all_engines(empty_urls: dict[str, str]) -> None:
    """None of 40 statements is refused on any engine, and the checked variants are counted."""
    servers = [make_url(url) for engine, url in empty_urls.items() if engine != "sqlite"]
    report = check(Inputs(str(STATEMENTS), dict.fromkeys(empty_urls, str(SCHEMA)), servers, {}))
    # The schema lets each engine name a key: C505.
    assert {finding.code for finding in report.findings if finding.level == "error"} <= {"C505"}
    assert list(report.proven.values()) == [40, 40, 40]
    assert report.variants["statements.get_templates"][0] < report.variants["statements.get_templates"][1] == 1536
    assert all(checked <= 64 for checked, _ in report.variants.values())


def project(folder: Path, name: str, statements: str, schemas: Mapping[str, str]) -> Path:
    """A project with one file of statements, and a schema script for each engine."""
    source = folder / "source" / name
    (source / "sql").mkdir(parents=True)
    (source / "sql" / "statements.sql").write_text(statements, encoding="utf-8")
    for engine, text in schemas.items():
        script = source / ("schema.sql" if engine == "sqlite" else f"sql/{engine}/schema.sql")
        script.parent.mkdir(exist_ok=True)
        script.write_text(text, encoding="utf-8")
    return source


def keeps_the_law(source: Path, folder: Path, engine: str, url: str, count: int) -> None:
    """Call each generated function in many ways; the results must be as its signature says."""
    outcome = prove(made(source, folder, {engine: url}), {engine: url})
    lines = "\n".join(outcome.lines())
    assert (outcome.made.proven, dict(outcome.made.refused)) == (count, {}), lines
    assert not [item for report in outcome.reports for item in (*report.broken, *report.unproven)], lines


@needs_data
def test_dynamic_statements_keep_the_law(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """The generated functions of the 40 statements work on every engine, in whatever way they are called."""
    source = project(tmp_path, "dynamic", STATEMENTS.read_text("utf-8"), {engine_name: SCHEMA.read_text("utf-8")})
    keeps_the_law(source, tmp_path, engine_name, empty_url, 40)


def test_every_kind_of_name_keeps_the_law(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """A statement of each kind works: flags, choices, lists, NULL as a value, values that a line requires."""
    source = project(tmp_path, "notes", SQL, {engine_name: schema(engine_name)})
    keeps_the_law(source, tmp_path, engine_name, empty_url, 5)
