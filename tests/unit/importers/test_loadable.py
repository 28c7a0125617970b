"""Imported files that are loaded together."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, targets_of
from pydb.importers.loadable import loadable
from pydb.sqlfile.loader import read
from pydb.support.file_sets import write_files

ONE = Imported("posts", "many", "SELECT 1;", "a.sql:1")


def test_a_statement_with_the_name_of_a_folder_stands_as_a_comment(tmp_path: Path) -> None:
    """The other statements are loaded."""
    files = loadable(
        [
            ImportedFile(("users",), (ONE, Imported("all", "many", "SELECT 2;", "a.sql:3")), "a.sql"),
            ImportedFile(("users", "posts"), (Imported("by_id", "many", "SELECT 3;", "b.sql:1"),), "b.sql"),
        ]
    )
    [left] = [one for file in files for one in file.statements if one.reason]
    assert (left.name, left.reason) == (
        "posts",
        "the name is also the name of a file or folder (rename the statement, or users/posts)",
    )
    write_files(targets_of(files, {}, tmp_path / "sql"))
    assert [definition.name for definition in read(tmp_path / "sql")] == ["users.all", "users.posts.by_id"]


def test_a_file_that_cannot_be_loaded_at_all_is_refused() -> None:
    """The error is raised before anything is written."""
    with pytest.raises(PydbError, match="the imported files cannot be loaded: "):
        loadable([ImportedFile(("class",), (ONE,), "a.sql")])
