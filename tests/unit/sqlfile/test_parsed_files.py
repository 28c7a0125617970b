"""Cached results of parsing files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile import parsed_files
from pydb.sqlfile.loader import read
from pydb.sqlfile.parsed_files import ParsedFiles
from pydb.sqlfile.parser import parse_file
from tests.harness.sql_folders import write

PROJECT = Path(__file__).parents[3]
FOLDERS = [PROJECT / "sql", *sorted((PROJECT / "tests" / "corpus").glob("*/sql"))]
ONE = "-- name: {} :one\nSELECT 1;\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed."""
    found: list[str] = []

    def counted(text: str, file: str, *rest: object) -> object:
        found.append(Path(file).name)
        return parse_file(text, file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(parsed_files, "parse_file", counted)
    return found


def reads(sql: str, folder: Path, program: bytes = b"1") -> Sequence[SqlFileError]:
    """The errors of a reading, whose result must be that of a reading without the cache."""
    errors: list[SqlFileError] = []
    expected: list[SqlFileError] = []
    files = ParsedFiles(str(folder), program)
    assert read(sql, on_error=errors.append, parse=files.parse) == read(sql, on_error=expected.append)
    files.save()
    assert list(map(str, errors)) == list(map(str, expected))
    return errors


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_the_same_statements(folder: Path, tmp_path: Path, parsed: list[str]) -> None:
    """A second reading parses only files with errors, and has the same result."""
    errors = reads(str(folder), tmp_path)
    assert parsed
    parsed.clear()
    reads(str(folder), tmp_path)
    assert set(parsed) <= {Path(error.file or "").name for error in errors}


def test_what_is_parsed_again(sql: Path, tmp_path: Path, parsed: list[str]) -> None:
    """A changed file is parsed again, and so is one with a new or lost form; another program parses all files."""
    folder = tmp_path / "cache"
    write(sql, {"a.sql": ONE.format("x") + ONE.format("y"), "b.sql": ONE.format("x")})
    reads("sql", folder)
    for files, again in (
        ({"b.sql": ONE.format("z")}, ["b.sql"]),
        ({"mariadb/a.sql": ONE.format("x")}, ["a.sql", "a.sql"]),
        ({"mariadb/a.sql": ONE.format("y")}, ["a.sql", "a.sql"]),
        ({"c.sql": ONE.format("x")}, ["c.sql"]),
    ):
        write(sql, files)
        parsed.clear()
        reads("sql", folder)
        assert sorted(parsed) == again
    parsed.clear()
    reads("sql", folder, b"2")
    assert sorted(parsed) == ["a.sql", "a.sql", "b.sql", "c.sql"]


def test_a_file_with_errors_is_parsed_each_time(sql: Path, tmp_path: Path, parsed: list[str]) -> None:
    """A file with errors is parsed each time, and its other statements are read; other files are cached."""
    write(sql, {"a.sql": ONE.format("x") + "-- name: y :lots\nSELECT 1;\n", "b.sql": ONE.format("x")})
    for again in (["a.sql", "b.sql"], ["a.sql"], ["a.sql"]):
        parsed.clear()
        (error,) = reads("sql", tmp_path / "cache")
        assert "lots" in str(error)
        assert sorted(parsed) == again
