"""The files that a command reads, and the cases in which its outcome depends on other things."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.cli.read_inputs import names_modules, read_inputs
from pydb.project import find_project
from pydb.sqlfile.loader import read
from tests.harness.projects import Project


def files_of(**options: bool) -> set[str] | None:
    found = find_project(Path.cwd())
    inputs = read_inputs(found, ("check",), found.sql_path(None), asks_more=options.get("asks_more", False))
    here = Path.cwd()
    return None if inputs is None else {str(Path(here, file).relative_to(here)) for file in inputs.files}


def test_the_files_of_a_project(project: Project) -> None:
    """The inputs are the project's file and every place of a schema script, whether it exists or not."""
    assert files_of() == {"pyproject.toml", "schema.sql", "sql/postgresql/schema.sql", "sql/mariadb/schema.sql"}


@pytest.mark.parametrize("settings", ['records = "app.records"', ""])
def test_a_project_whose_modules_are_imported(project: Project, settings: str) -> None:
    """Hand-written records are in modules, which may import anything, so there are no inputs."""
    text = f'[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\npackage = "app.db"\n{settings}\n'
    project.write({"pyproject.toml": text, "app/db/records.py": "# By hand.\n", "app/records.py": ""})
    assert files_of() is None


def test_options_that_name_more(project: Project) -> None:
    """Files that options name do not belong to the inputs, so there are none."""
    assert files_of(asks_more=True) is None


def test_types_of_modules(project: Project) -> None:
    """A type with a dot is a class of a module."""
    found = find_project(Path.cwd())
    assert not names_modules(found, read("sql"))
    project.write({"sql/more.sql": "-- name: a :many\n-- @column name app.types.Name\nSELECT name FROM users;\n"})
    assert names_modules(found, read("sql"))
