"""The uses of a table or a column on several engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydb.sqlfile.loader import read
from pydb.usage.callers import Caller
from pydb.usage.project import usages
from pydb.usage.uses import uses_of
from tests.harness.described import SCHEMA


def test_uses(tmp_path: Path) -> None:
    """Engines that analyse a form in the same way share its use, which has the callers of its statement."""
    (tmp_path / "sql" / "mariadb").mkdir(parents=True)
    (tmp_path / "sql" / "users.sql").write_text("-- name: names :many\nSELECT name FROM users;\n")
    (tmp_path / "sql" / "mariadb" / "more.sql").write_text("-- name: x :many\nSELECT 1 FROM users;\n")
    (tmp_path / "schema.sql").write_text(";\n".join((*SCHEMA, "")))
    definitions = read(str(tmp_path / "sql"), None)
    (usage,) = usages(definitions, {"sqlite": str(tmp_path / "schema.sql")}, {"sqlite": None}, "users.name")
    caller = Caller("app.py", 1, "f")
    report = uses_of(
        ("users", "name"), [usage, replace(usage, engine="postgresql")], definitions, {"users.names": (caller,)}
    )
    (use,) = report.uses
    assert (use.engines, use.callers, use.reads, use.writes) == (("sqlite", "postgresql"), (caller,), True, False)
    assert [definition.name for definition in report.elsewhere] == ["more.x"]
    assert uses_of(("users", "name"), [usage], definitions, None).uses[0].callers is None
