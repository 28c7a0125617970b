"""A script of statements on one connection, on SQLite; integration tests have what scripts may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb import Database
from pydb.errors import DatabaseError, ParameterError, SqlFileError


def tables(database: Database) -> list[str]:
    with database.read() as conn:
        return list(conn.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").scalars())


@pytest.mark.parametrize(
    ("script", "error", "line"),
    [
        ("CREATE TABLE a (id integer);\nCREATE TABLE a (id integer);\n", DatabaseError, 2),
        ("CREATE TABLE a (id integer);\n\nCOMMIT;\n", SqlFileError, 3),
        ("CREATE TABLE a (id integer);\nATTACH 'other.db' AS other;\n", SqlFileError, 2),
    ],
)
def test_all_or_nothing(tmp_path: Path, script: str, error: type[Exception], line: int) -> None:
    """A script that fails, or that is refused, changes nothing, and the error has the line."""
    file = tmp_path / "schema.sql"
    file.write_text(script)
    with Database("sqlite://") as database:
        with pytest.raises(error) as caught:
            database.apply(file)
        assert (caught.value.file, caught.value.line) == (str(file), line)  # type: ignore[attr-defined]
        assert tables(database) == []


@pytest.mark.parametrize("text", ["CREATE TABLE a (id integer);", "INSERT INTO a\nVALUES ('hunter2')", 1000 * "-- x\n"])
def test_a_text_is_not_a_path(text: str) -> None:
    """The text of a script in the place of its path is refused, and not repeated."""
    with Database("sqlite://") as database, pytest.raises(ParameterError, match="not its text    hint: ") as caught:
        database.apply(text)
    assert text not in str(caught.value)


def test_a_whole_script(tmp_path: Path) -> None:
    """The statements run in order; a semicolon in a string or in a trigger's body does not end a statement."""
    file = tmp_path / "schema.sql"
    file.write_text(
        "CREATE TABLE a (x text DEFAULT ';');\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; INSERT INTO a VALUES (';'); END;\n"
        "INSERT INTO a VALUES ('first')"
    )
    with Database("sqlite://") as database:
        database.apply(file)
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT x FROM a").scalars().all() == [";"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, and a file that is not text, are errors with the file's name."""
    (tmp_path / "binary.sql").write_bytes(b"\xff\xfe")
    with Database("sqlite://") as database:
        for name in ("missing.sql", "binary.sql"):
            with pytest.raises(SqlFileError, match=f"{name}: cannot be read"):
                database.apply(tmp_path / name)
