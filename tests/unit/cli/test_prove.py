"""``pydb prove``: its arguments, its closing line and its exit codes."""

from __future__ import annotations

import json

from tests.harness.projects import Project


def test_not_refuted(project: Project) -> None:
    """The closing line counts the statements and the calls."""
    done = project.pydb("prove", "users.by_id", "users.add", "--rows", "2")
    assert done.code == 0, done.out + done.err
    assert done.out.startswith("2 statements, ")
    assert done.out.endswith(" calls on SQLite: not refuted\n")


def test_a_finding(project: Project) -> None:
    """A refuted statement is a finding at its line, is counted for programs, and the exit code is 1."""
    project.write({"sql/users.sql": "-- name: some :many scalar\nSELECT name FROM users LIMIT 1;\n"})
    done = project.pydb("prove", "--rows", "2", "--format", "json")
    assert done.code == 1
    document = json.loads(done.out)
    assert (document["examined"], document["passed"], document["errors"]) == (1, 0, 1)
    assert document["findings"][0]["code"] == "P301"


def test_no_statement_is_called(project: Project) -> None:
    """If the only statement has an error, the closing line says that no statement was called."""
    project.write({"sql/users.sql": "-- name: some :many scalar\nSELECT nme FROM users;\n"})
    done = project.pydb("prove")
    assert done.code == 1
    assert done.out.endswith("\nno statement was called: 1 finding\n")


def test_what_cannot_run(project: Project) -> None:
    """For an unknown name, the exit code is 2."""
    done = project.pydb("prove", "users.by_ix")
    assert done.code == 2
    assert "hint: " in done.err
