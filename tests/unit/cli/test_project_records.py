"""The records of a project."""

from __future__ import annotations

import pytest

from pydb.cli.project_records import project_records
from pydb.errors import PydbError
from pydb.project import find_project
from tests.harness.projects import Project

BY_HAND = "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass User:\n    id: int\n"


def test_the_generated_ones(project: Project) -> None:
    """There are no records before the package is generated, and its records afterwards."""
    assert project_records(find_project(project.folder)) is None
    project.generate()
    found = project_records(find_project(project.folder))
    assert found is not None
    assert list(found) == ["User"]


def test_those_that_are_written_by_hand(project: Project) -> None:
    """[tool.pydb] names the module of hand-written records."""
    project.write({"pyproject.toml": '[tool.pydb]\nsql = "sql"\nrecords = "app.people"\n', "app/people.py": BY_HAND})
    found = project_records(find_project(project.folder))
    assert found is not None
    assert found["User"].__module__ == "app.people"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the records cannot be imported"),
        ("import nowhere_at_all\n", "the records: "),
        ("1 +\n", "the records: "),
    ],
)
def test_a_module_that_cannot_be_imported(project: Project, text: str | None, said: str) -> None:
    """A module that cannot be imported is an error that says why."""
    project.write({"pyproject.toml": '[tool.pydb]\nsql = "sql"\nrecords = "app.people"\n'})
    if text is not None:
        project.write({"app/people.py": text})
    with pytest.raises(PydbError, match=said):
        project_records(find_project(project.folder))
