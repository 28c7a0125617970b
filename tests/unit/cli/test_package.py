"""The project's typed package: its owner, the selected part of its SQL, and stale files."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pydb.cli.package import is_generated, is_shared, is_whole, package_folder, package_sql, stale_files
from pydb.errors import PydbError
from pydb.generate import Changes
from pydb.project import find_project
from tests.harness.projects import Project


def test_whether_it_is_generated(project: Project) -> None:
    """A package without records, or with generated ones, is generated; a package that a person wrote is not."""
    settings = find_project(project.folder)
    assert is_generated(settings)
    project.generate()
    assert is_generated(settings)
    project.write({"app/db/records.py": "class User: ...\n"})
    assert not is_generated(settings)


@pytest.mark.parametrize(
    ("option", "whole"), [(None, True), ("sql", True), ("./sql/", True), ("sql/users.sql", False), ("nowhere", False)]
)
def test_whether_it_is_whole(project: Project, option: str | None, whole: bool) -> None:
    """``--sql`` may name the whole SQL with another spelling of its path."""
    assert is_whole(find_project(project.folder), option) == whole


def test_the_sql_of_one_module(project: Project) -> None:
    """One file of the SQL is selected by its path, and other SQL is an error."""
    settings = find_project(project.folder)
    assert package_sql(settings, None) == ("sql", None)
    assert package_sql(settings, "sql/users.sql") == ("sql", PurePosixPath("users.py"))
    with pytest.raises(PydbError, match=r"--sql names schema\.sql"):
        package_sql(settings, "schema.sql")


def test_its_place(project: Project) -> None:
    """The package's folder is that of its dotted name."""
    assert package_folder(find_project(project.folder)) == project.folder / "app/db"


@pytest.mark.parametrize(("path", "shared"), [("records.py", True), ("a/__init__.py", True), ("users.py", False)])
def test_shared_files(path: str, shared: bool) -> None:
    """Records and namespaces depend on more than one .sql file."""
    assert is_shared(PurePosixPath(path)) == shared


def test_stale_files(project: Project) -> None:
    """Each stale file is a finding, sorted by path."""
    plan = Changes(project.folder / "app/db", {PurePosixPath("b.py"): ""}, (PurePosixPath("a.py"),))
    found = [(finding.file, finding.code, finding.message) for finding in stale_files(plan)]
    assert found == [
        ("app/db/a.py", "C701", "the file is generated, but its SQL no longer exists"),
        ("app/db/b.py", "C701", "the file is missing or does not match its SQL"),
    ]


def test_a_base_of_no_record(project: Project) -> None:
    """A base class for a record that no statement returns is an error of pyproject.toml."""
    project.write(
        {"pyproject.toml": project.read("pyproject.toml") + '[tool.pydb.records.Usre]\nbases = ["app.m.B"]\n'}
    )
    done = project.pydb("generate")
    assert done.code == 2
    assert "pyproject.toml: [tool.pydb] records.Usre: no statement returns the record Usre" in done.err
    assert "User" in done.err


def test_another_folder_of_sql(project: Project) -> None:
    """If only ``--sql`` names the package's SQL, it must name the same SQL each time."""
    project.write({"pyproject.toml": '[tool.pydb]\nschema = "schema.sql"\npackage = "app.db"\n'})
    project.write({"other/users.sql": project.read("sql/users.sql")})
    assert project.pydb("generate", "--sql", "sql").code == 0
    done = project.pydb("generate", "--sql", "other")
    assert done.code == 2
    assert "app.db was generated from other SQL than other" in done.err
