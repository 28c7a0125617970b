"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pydb.cli.options import callers_option, engines_option, servers_option


@click.command()
@engines_option("An engine.")
@servers_option("A server.")
@callers_option("A folder.")
def command(engines: tuple[str, ...], urls: tuple[str, ...], folders: tuple[Path, ...]) -> None:
    """Print the given options."""
    print(*engines, *urls, *folders)


def test_each_may_be_repeated(tmp_path: Path) -> None:
    """Engines, servers and folders may be given several times, and keep their order."""
    given = ["--db", "a", "--engine", "sqlite", "--engine", "mariadb", "--db", "b", "--callers", str(tmp_path)]
    assert CliRunner().invoke(command, given).output == f"sqlite mariadb a b {tmp_path}\n"


@pytest.mark.parametrize(("option", "value"), [("--engine", "oracle"), ("--callers", "no/such/folder")])
def test_unknown_values(option: str, value: str) -> None:
    """An unknown engine, and a folder that does not exist, are usage errors that name the value."""
    done = CliRunner().invoke(command, [option, value])
    assert done.exit_code == 2
    assert value in done.output
