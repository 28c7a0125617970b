"""The package of a proof, in a temporary folder."""

from __future__ import annotations

import sys
from pathlib import Path

from pydb.describe import DescribedStatement
from pydb.generate import Options
from pydb.prove.generated import generated, pieces, refused
from tests.harness.described import opened

TEXT = """-- Users.

-- name: by_id :maybe User
SELECT id, name FROM users WHERE id = :id;

-- name: wrong :many User
SELECT id, age FROM users;
"""


def described(folder: Path) -> list[DescribedStatement]:
    from pydb.describe import describe
    from pydb.sqlfile.loader import read

    (folder / "users.sql").write_text(TEXT)
    with opened() as session:
        return [found for item in read(str(folder)) if isinstance(found := describe(session, item), DescribedStatement)]


def test_pieces() -> None:
    """A file is divided before each header."""
    assert [(name, text.count("\n")) for name, text in pieces(TEXT)] == [("", 2), ("by_id", 3), ("wrong", 2)]


def test_what_cannot_be_generated_is_left_out(tmp_path: Path) -> None:
    """A statement that generate refuses does not prevent others from being called."""
    items = described(tmp_path)
    options = Options("app.db", "sql")
    wrong = refused(items, str(tmp_path), options)
    assert list(wrong) == ["users.wrong"]
    left = [item for item in items if item.definition.name not in wrong]
    with generated(left, str(tmp_path), options) as package:
        name = package.__name__
        records = sys.modules[f"{name}.records"]
        assert [statement.name for statement in records.queries] == ["users.by_id"]
    assert not [module for module in sys.modules if module.startswith(name)]
