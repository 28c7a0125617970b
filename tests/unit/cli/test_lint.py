"""``pydb lint``: the files that it reads, and its exit code."""

from __future__ import annotations

from tests.harness.projects import Project


def test_a_clean_project(project: Project) -> None:
    """The closing line counts the files and statements, including the schema's, and the exit code is 0."""
    text = project.read("sql/users.sql").replace(
        "SELECT\n    id,\n    name,\n    is_admin\n", "SELECT id, name, is_admin\n"
    )
    project.write({"sql/users.sql": text})
    done = project.pydb("lint")
    assert (done.code, done.out) == (0, "2 files, 5 statements: no findings\n")


def test_a_finding(project: Project) -> None:
    """A finding is at its line, and the exit code is 1."""
    project.write({"sql/users.sql": "-- name: a :many\nselect name FROM users;\n"})
    done = project.pydb("lint")
    assert done.code == 1
    assert "sql/users.sql:2:1: CP01 users.a: " in done.out


def test_the_project_s_own_style(project: Project) -> None:
    """[tool.sqlfluff] in the project's pyproject.toml is used."""
    project.write({"sql/users.sql": "-- name: a :many\nselect name FROM users;\n"})
    project.write({"pyproject.toml": project.read("pyproject.toml") + '[tool.sqlfluff.core]\nexclude_rules = "CP01"\n'})
    assert project.pydb("lint").code == 0
