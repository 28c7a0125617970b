"""One version on one engine; tests/integration/test_review.py has all engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.review.sides import SeenStatement, side
from tests.harness.reviews import definitions

SCHEMA = "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text NULL);\nCREATE INDEX t_b_idx ON t (b);\n"

STATEMENTS = """\
-- name: add :exec
INSERT INTO t (b) SELECT b FROM t WHERE a = :a;

-- name: of_b :many
SELECT a FROM t WHERE b = :b;

-- name: constant :one scalar
SELECT 1 AS one;

-- name: wrong :many
SELECT nowhere FROM t;
"""


def seen(tmp_path: Path, said: dict[str, str] | None = None) -> dict[str, SeenStatement]:
    """The statements on SQLite."""
    script = tmp_path / "schema.sql"
    script.write_text(SCHEMA)
    return dict(
        side(None, str(script), [(item, ()) for item in definitions(tmp_path / "sql", STATEMENTS)], said or {}).seen
    )


def test_plans_and_touches(tmp_path: Path) -> None:
    """Each statement has its plan, and a line for each use of a table."""
    found = seen(tmp_path)
    assert found["t.of_b"].plans == {"": "`--SEARCH t USING COVERING INDEX t_b_idx (b=?)"}
    assert found["t.of_b"].touches == "select t: a, b"
    assert found["t.add"].touches == "insert t: b\nselect t: a, b"
    assert found["t.constant"].touches is None


def test_a_refusal(tmp_path: Path) -> None:
    """A statement that the engine refuses has only the engine's message."""
    found = seen(tmp_path)["t.wrong"]
    assert "nowhere" in found.refused
    assert (found.described, found.plans, found.touches) == (None, {}, None)


def test_said_types(tmp_path: Path) -> None:
    """The project's types of columns are those of the description."""
    described = seen(tmp_path, {"t.b": "json"})["t.of_b"].described
    assert described is not None
    assert described.parameters["b"].said == "json"


def test_a_schema_that_is_refused(tmp_path: Path) -> None:
    """The error has the place in the schema's file."""
    script = tmp_path / "schema.sql"
    script.write_text("CREATE TABLE t (;\n")
    with pytest.raises(SqlFileError, match="refuses the schema"):
        side(None, str(script), (), {})
