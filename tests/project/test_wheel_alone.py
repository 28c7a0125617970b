"""The messages of an installed wheel: neither a message nor a help text names a file of the repository."""

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
    """The strings of a module that are not docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            # An address may contain such a path.
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
    """A hint is complete, or it names a command or a function of an installed pydb."""
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
    """`--help` does not name a page that is not installed."""
    assert not ELSEWHERE.search(command.get_help(click.Context(command)))
