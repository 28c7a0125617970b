"""What an installed wheel says: no message and no help names a file that is only in the repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pydb.cli import cli

PACKAGE = Path(__file__).parents[2] / "pydb"
ELSEWHERE = re.compile(r"\bdocs/|\b(?:README|CHANGELOG|CONTRIBUTING)\b|\b[a-z-]+\.md\b")


def texts(file: Path) -> Iterator[str]:
    """The texts of a module that are not docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            # An address may have such a path.
            yield re.sub(r"https?://\S+", "", node.value)


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command of a group, and those below it, by its name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inside = click.Context(command, info_name=name, parent=context)
        yield inside.command_path, command
        if isinstance(command, click.Group):
            yield from commands(command, inside)


def test_no_message_names_a_file_of_the_repository() -> None:
    """A hint says all that is needed, or names a command or a function that an installed pydb has."""
    found = {
        f"{file.relative_to(PACKAGE)}: {text}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for text in texts(file)
        if ELSEWHERE.search(text)
    }
    assert found == set()


ROOT = click.Context(cli, info_name="pydb")
COMMANDS = list(commands(cli, ROOT))


@pytest.mark.parametrize("command", [command for _, command in COMMANDS], ids=[path for path, _ in COMMANDS])
def test_no_help_names_a_file_of_the_repository(command: click.Command) -> None:
    """`--help` does not send its reader to a page that is not installed."""
    assert not ELSEWHERE.search(command.get_help(click.Context(command)))
