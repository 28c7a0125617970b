"""Locks of migrations, and findings that are accepted with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.check.collector import Collector
from pydb.findings import Finding
from pydb.migrations.files import read_migrations
from pydb.migrations.lock_lint import check_locks
from tests.harness.migrations import write_migrations

INDEX = "CREATE INDEX t_a_idx ON t (a);\n"
RULE = "require-concurrent-index-creation"


def found(folder: Path, text: str, engine: str = "postgresql") -> list[Finding]:
    """The findings about one migration."""
    collector = Collector([engine])
    check_locks(engine, read_migrations(str(write_migrations(folder, {"0001_x": text})), engine), collector)
    return list(collector.findings())


def test_a_lock(tmp_path: Path) -> None:
    """An index that blocks writers is found at its line, and the hint says how to accept it."""
    (finding,) = found(tmp_path, f"-- Why.\n\n{INDEX}")
    assert (finding.code, finding.line, finding.column, finding.level) == (RULE, 3, 1, "error")
    assert str(finding.hint).endswith(f"To accept it, write above the statement: -- pydb: accept {RULE}: the reason")


def test_an_accepted_lock(tmp_path: Path) -> None:
    """A reason above a statement accepts one rule in only that statement."""
    accept = f"-- pydb: accept {RULE}: 40 rows\n"
    assert found(tmp_path, accept + INDEX) == []
    assert [item.line for item in found(tmp_path, accept + INDEX + INDEX)] == [3]
    assert [item.line for item in found(tmp_path, INDEX + accept + INDEX)] == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"-- pydb: accept {RULE}\n{INDEX}", "the reason is missing"),
        (
            f"-- pydb: accept {RULE}: none\nSELECT 1;\n{INDEX}",
            f"{RULE} is accepted, but finds nothing in this statement",
        ),
    ],
)
def test_what_accepts_nothing(tmp_path: Path, text: str, message: str) -> None:
    """A line without a reason, and a line that accepts nothing, are findings."""
    findings = found(tmp_path, text)
    assert findings[0].message == message
    assert len(findings) == 2


def test_what_the_runner_knows(tmp_path: Path) -> None:
    """A file is one transaction, unless its first line says otherwise."""
    concurrently = INDEX.replace("INDEX", "INDEX CONCURRENTLY")
    inside = found(tmp_path, f"SELECT 1;\n{concurrently}")
    assert [item.code for item in inside] == ["ban-concurrent-index-creation-in-transaction"]
    assert found(tmp_path, f"-- pydb: outside a transaction\n{concurrently}") == []
    assert found(tmp_path, f"CREATE TABLE t (a text);\n{INDEX}") == []


def test_other_engines(tmp_path: Path) -> None:
    """Without a linter there are no findings, and an accepting line for another engine is no finding either."""
    assert found(tmp_path, f"-- pydb: accept {RULE}: 40 rows\n{INDEX}", "sqlite") == []
