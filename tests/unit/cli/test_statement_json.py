"""A statement for a program: every key exists, whatever the statement is."""

from __future__ import annotations

from pathlib import Path

from pydb.cli.statement_json import columns_as_json, statement_as_json
from pydb.sqlfile.loader import read


def test_a_choice_without_a_default(tmp_path: Path) -> None:
    """A choice whose lines are all live in the file may be left out."""
    (tmp_path / "a.sql").write_text(
        "-- name: b :many\nSELECT a FROM t WHERE TRUE\n"
        "    AND a = 1 -- if :only = one\n    AND a = 2 -- if :only = two\n;\n"
    )
    [definition] = read(tmp_path)
    [parameter] = statement_as_json(definition)["parameters"]
    assert (parameter["required"], parameter["default"], parameter["choices"]) == (False, None, ["one", "two"])
    assert columns_as_json(definition, None) is None
