"""Databases for tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

import pydb
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engines.sqlite_folder import SqliteFolder


class NoCopies(SqliteFolder):
    """A host that cannot copy databases, like MariaDB."""

    copies = False


@pytest.mark.parametrize("host", [SqliteFolder, NoCopies])
def test_filled_and_empty_ones(tmp_path: Path, host: type[SqliteFolder]) -> None:
    """The filled databases have the schema's tables and the empty one has none; at the end none exists."""
    script = tmp_path / "schema.sql"
    script.write_text("CREATE TABLE notes (id integer);\nCREATE TABLE marks (id integer);\n")
    maker = DatabaseMaker(host(tmp_path), script)
    for _ in range(2):
        with maker.filled() as url, pydb.Database(url) as database, database.read() as conn:
            assert inspect(conn).get_table_names() == ["marks", "notes"]
    with maker.empty() as url, pydb.Database(url) as database, database.read() as conn:
        assert inspect(conn).get_table_names() == []
    maker.close()
    assert [file.name for file in tmp_path.iterdir()] == ["schema.sql"]


def test_without_a_schema_there_are_no_tables(tmp_path: Path) -> None:
    """A project without a schema script gets empty databases."""
    maker = DatabaseMaker(SqliteFolder(tmp_path), None)
    with maker.filled() as url, pydb.Database(url) as database, database.read() as conn:
        assert inspect(conn).get_table_names() == []
