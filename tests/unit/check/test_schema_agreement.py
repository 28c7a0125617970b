"""The comparison of two schemas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pydb.check.collector import Collector
from pydb.check.schema_agreement import SchemaScript, check_schemas
from pydb.describe.catalogue import TableFacts
from tests.harness.described import opened

ONE = "CREATE TABLE t (a integer NOT NULL, b text, CONSTRAINT b_key UNIQUE (b))"


def codes(tmp_path: Path, one: str, other: str) -> list[str]:
    files = {}
    for engine, text in (("sqlite", one), ("postgresql", other)):
        files[engine] = str(tmp_path / f"{engine}.sql")
        Path(files[engine]).write_text(f"{text};\n")
    with opened(one) as first, opened(other) as second:
        collector = Collector(list(files))
        check_schemas(first.catalogue, replace(second.catalogue, engine="postgresql"), files, collector)
    return [finding.code for finding in collector.findings()]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ONE, []),
        (ONE.replace("TABLE t", "TABLE u"), ["C501", "C501"]),
        (ONE.replace("b text", "b text, c text"), ["C502"]),
        (ONE.replace("integer NOT NULL", "integer"), ["C503"]),
        (ONE.replace("UNIQUE (b)", "UNIQUE (a, b)"), ["C504", "C504"]),
        (ONE.replace("b_key", "other_key"), ["C505", "C505"]),
        (ONE.replace("b text", "b blob"), ["C506"]),
    ],
)
def test_what_differs(tmp_path: Path, other: str, expected: list[str]) -> None:
    """Tables, columns, nullability, keys, names of constraints and types are compared."""
    assert codes(tmp_path, ONE, other) == expected


def test_what_only_one_engine_can_have(tmp_path: Path) -> None:
    """A sequence, a partition and a table of an extension are not missing from the other engine's schema."""
    file = tmp_path / "schema.sql"
    file.write_text(f"{ONE};\n")
    with opened(ONE) as session:
        one, found = session.catalogue, Collector(["sqlite", "mariadb"])
        tables = {**one.tables, "s": TableFacts("s", {}, special="sequence"), "u": TableFacts("u", {})}
        check_schemas(
            one, replace(one, engine="mariadb", tables=tables), dict.fromkeys(("sqlite", "mariadb"), str(file)), found
        )
    assert [finding.message for finding in found.findings()] == ["table u is not in sqlite's schema"]


def test_lines_of_a_script(tmp_path: Path) -> None:
    """A table, or a part of it, is found at its line; a missing one is reported at the first line."""
    file = tmp_path / "schema.sql"
    file.write_text('-- Tables.\n\nCREATE TABLE IF NOT EXISTS main."T" (\n    a integer,\n    b text\n);\n')
    script = SchemaScript(str(file), "sqlite")
    assert [script.line("t"), script.line("T", "b"), script.line("nowhere")] == [3, 5, 1]
    assert SchemaScript(str(tmp_path / "none.sql"), "sqlite").line("t") == 1
