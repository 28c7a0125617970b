"""The files of a Git revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.migrations.revision import files_at


def test_files_of_a_revision(tmp_path: Path) -> None:
    """The files are the .sql files below the folder and its pyproject.toml, as they were."""
    for name in ("app/pyproject.toml", "app/sql/a b/x.sql", "app/other.txt", "app/schema.sql", "outside.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("old")
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "app" / "schema.sql").write_text("new")
    with files_at("HEAD", tmp_path / "app") as folder:
        found = {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}
    assert found == dict.fromkeys(("pyproject.toml", "sql/a b/x.sql", "schema.sql"), "old")


def test_a_revision_without_sql(tmp_path: Path) -> None:
    """A revision that has no such files, or not all kinds of them, is no error."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    (tmp_path / "README").write_text("x")
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    with files_at("HEAD", tmp_path) as folder:
        assert list(folder.iterdir()) == []
    (tmp_path / "a.sql").write_text("x")
    for command in (("add", "."), (*identity, "commit", "-q", "-m", "y")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    with files_at("HEAD", tmp_path) as folder:
        assert [file.name for file in folder.iterdir()] == ["a.sql"]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x"])
def test_no_such_revision(tmp_path: Path, revision: str) -> None:
    """An unknown revision, and a text that Git would take as an option, are refused."""
    with pytest.raises(PydbError, match="a branch, a tag or a commit of git"), files_at(revision, tmp_path):
        pass
