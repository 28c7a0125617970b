"""The rights of a role for a project's statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.sqlfile.loader import read
from pydb.usage.granted import Wish, granted
from tests.harness.described import SCHEMA

pytestmark = pytest.mark.engines("postgresql")

STATEMENTS = """-- name: names :many
SELECT name FROM users;

-- name: renamed :affected
UPDATE users SET name = :name;
"""


@pytest.fixture
def schemas(tmp_path: Path, engine_name: str) -> dict[str, str]:
    """A folder of statements, and a schema script."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "users.sql").write_text(STATEMENTS)
    (tmp_path / "schema.sql").write_text(";\n".join((*SCHEMA, "")))
    return {engine_name: str(tmp_path / "schema.sql")}


def test_together(schemas: dict[str, str], tmp_path: Path, empty_url: str) -> None:
    """The rights of all statements, as GRANT."""
    definitions = read(str(tmp_path / "sql"), None)
    found = granted(definitions, schemas, "postgresql", make_url(empty_url), Wish("app"))
    assert found.title == "what 2 statements need"
    assert [part.grants for part in found.parts] == [('GRANT SELECT ("name"), UPDATE ("name") ON "users" TO "app"',)]
    assert found.unknown == ()


def test_one_by_one(schemas: dict[str, str], tmp_path: Path, empty_url: str) -> None:
    """The rights of each statement have its place; with ``reading``, there are only those of reading statements."""
    definitions = read(str(tmp_path / "sql"), None)
    wish = Wish("app", per_statement=True, reading=True, prove=True)
    (part,) = granted(definitions, schemas, "postgresql", make_url(empty_url), wish).parts
    assert (part.name, part.place.rpartition("/")[2]) == ("users.names", "users.sql:2")
    assert part.grants == ('GRANT SELECT ("name") ON "users" TO "app"',)
    assert part.proof is not None
    assert part.proof.holds


def test_what_is_refused_is_said(schemas: dict[str, str], tmp_path: Path, empty_url: str) -> None:
    """A statement that the server refuses is named."""
    (tmp_path / "sql" / "more.sql").write_text("-- name: wrong :many\nSELECT nowhere FROM users;\n")
    definitions = read(str(tmp_path / "sql"), None)
    ((name, _, why),) = granted(definitions, schemas, "postgresql", make_url(empty_url), Wish("app")).unknown
    assert (name, why) == ("more.wrong", 'column "nowhere" does not exist')
