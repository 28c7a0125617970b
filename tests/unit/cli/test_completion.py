"""Completion of command lines."""

from __future__ import annotations

import click
import pytest

from pydb.cli import cli
from pydb.cli.completion import complete_pairs, complete_statements_and_files
from tests.harness.projects import Project

SEARCH = """\
-- name: search :many
-- @param with_admins bool
SELECT id FROM users
WHERE
    id IN (:ids)
    AND name = :from
    AND is_admin -- if :with_admins
;
"""


def offered(command: str, given: dict[str, object], incomplete: str) -> list[str]:
    """The completions of the last argument of a command with these other arguments."""
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    context = click.Context(found, info_name=command)
    context.params = given
    complete = complete_pairs if command == "run" else complete_statements_and_files
    parameter = next(one for one in found.params if one.name == ("pairs" if command == "run" else "names"))
    return [item.value for item in complete(context, parameter, incomplete)]


@pytest.mark.parametrize(
    ("pairs", "incomplete", "expected"),
    [
        ((), "", ["with_admins=", "ids=", "from="]),
        (("from=x",), "", ["with_admins=", "ids="]),
        (("from_=x", "ids=1"), "", ["with_admins=", "ids="]),
        (("from:=1",), "fr", []),
        ((), "with_admins=", ["with_admins=true", "with_admins=false"]),
        ((), "with_admins=f", ["with_admins=false"]),
        ((), "ids=", []),
        ((), "nothing=", []),
    ],
)
def test_parameters(project: Project, pairs: tuple[str, ...], incomplete: str, expected: list[str]) -> None:
    """Parameters that are given are not offered again, except those that accept several values."""
    project.write({"sql/more.sql": SEARCH})
    assert sorted(offered("run", {"name": "more.search", "pairs": pairs}, incomplete)) == sorted(expected)


def test_files_of_statements(project: Project) -> None:
    """`prove` completes names of files too, each once."""
    every = ["users", "users.by_id", "users.names", "users.add", "users.rename"]
    assert offered("prove", {"names": ()}, "us") == every
    assert offered("prove", {"names": ("users", "users.add")}, "us") == ["users.by_id", "users.names", "users.rename"]
    assert offered("prove", {"names": (), "sql": "nowhere"}, "us") == []
