"""``pydb init``: a new project without findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.projects import Project


@pytest.mark.parametrize(
    ("folder", "package"), [("shop", "shop"), ("My Shop", "my_shop"), ("json", "app"), ("1a", "app")]
)
def test_a_new_project(project: Project, monkeypatch: pytest.MonkeyPatch, folder: str, package: str) -> None:
    """The package has the name of the folder if that is a Python name, and check has no findings."""
    done = project.pydb("init", folder)
    assert done.code == 0, done.err
    assert f"files written in {folder}" in done.out
    monkeypatch.chdir(project.folder / folder)
    assert Path(package, "db", "records.py").is_file()
    assert project.pydb("check").code == 0
    assert project.pydb("generate", "--check").code == 0
    assert project.pydb("lint").code == 0


def test_nothing_is_overwritten(project: Project) -> None:
    """A folder that has one of the files is not changed."""
    project.write({"new/schema.sql": "-- mine\n"})
    done = project.pydb("init", "new")
    assert done.code == 2
    assert "new already has schema.sql" in done.err
    assert [path.name for path in (project.folder / "new").iterdir()] == ["schema.sql"]
