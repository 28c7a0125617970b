"""Chinook, a database that was not designed for pydb: an engine in, its file or its script out.

The data is not part of the project.  Its folder is ``$PYDB_SHARED_DATA``, or else ``shared/data`` beside the project.
Without such a folder, a test is skipped.  If the folder exists and ``PYDB_REQUIRE_SERVERS=1``, a missing file fails the
test.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.harness.documents import PROJECT

FILES = {
    "sqlite": "Chinook_Sqlite.sqlite",
    "postgresql": "Chinook_PostgreSql.sql",
    "mariadb": "Chinook_MySql.sql",
}

# Commands of the engine's shell that choose a database are removed, because a test has its own database.
_CHOOSES_DATABASE = re.compile(r"^(DROP DATABASE|CREATE DATABASE|USE |\\c ).*$", re.MULTILINE)


def data_folder() -> Path:
    """The folder of the data that is not part of the project, whether it exists or not."""
    return Path(os.environ.get("PYDB_SHARED_DATA") or PROJECT.parent / "shared" / "data")


def chinook_file(engine: str) -> Path:
    """SQLite's database file, or a server's script; the test is skipped or fails if it does not exist."""
    folder = data_folder()
    file = folder / "chinook" / FILES[engine]
    if file.exists():
        return file
    if not folder.is_dir() and not os.environ.get("PYDB_SHARED_DATA"):
        pytest.skip(f"{file.name} is not there: PYDB_SHARED_DATA names no folder, and none is beside the project")
    reason = f"{file.name} is not in the folder chinook of the data folder {folder}"
    if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
        pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def chinook_script(engine: str) -> str:
    """The script for a server: tables, keys and rows, without the commands that choose a database."""
    return _CHOOSES_DATABASE.sub("", chinook_file(engine).read_text(encoding="utf-8"))


def chinook_tables(engine: str) -> str:
    """Only the tables and their keys, for tests that read no rows, because inserting rows takes long."""
    text, _, _ = chinook_script(engine).partition("INSERT INTO")
    return text[: text.rindex(";") + 1]
