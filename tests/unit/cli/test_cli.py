"""The command line as a whole: exit codes, and errors without tracebacks."""

from __future__ import annotations

import click
import pytest

from pydb.cli import COMMANDS, cli, main
from pydb.cli.interrupted import DoneSoFar
from tests.harness.projects import Project


def test_its_commands() -> None:
    """The command line has exactly the documented commands."""
    named = "check generate grants import init lint list migrate prove review run schema show site top uses"
    context = click.Context(cli)
    assert cli.list_commands(context) == named.split()
    assert [getattr(cli.get_command(context, name), "name", None) for name in named.split()] == named.split()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "users.names"), 0, "3 rows"),
        (("run", "users.nmaes"), 2, "no statement is named 'users.nmaes'    hint: did you mean users.names"),
        (("nowhere",), 2, "there is no command 'nowhere'    hint: pydb --help lists them"),
        (("chekc",), 2, "there is no command 'chekc'    hint: did you mean check?"),
        (("run",), 2, "Missing argument 'NAME'"),
        (("run", "users.names", "--db", "sqlite:///nowhere.db"), 2, "the database nowhere.db does not exist"),
        (("run", "users.names", "--db", "oracle://x"), 2, "pydb: "),
        (("run", "users.names", "--sql", "nowhere"), 2, "there is no such file or folder"),
        (("run", "users.add", "name:=null"), 1, "pydb: "),
    ],
)
def test_exit_codes(project: Project, arguments: tuple[str, ...], code: int, said: str) -> None:
    """The exit code is 0, 1 for a failed statement, or 2 for a usage error; the error stream has no traceback."""
    done = project.pydb(*arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_an_interrupt(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with exit code 130, and the error stream says what was done."""

    def interrupted(*_: object, obj: DoneSoFar, **__: object) -> int:
        obj.set("half of it was done")
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    done = project.pydb("list")
    assert (done.code, done.err) == (130, "pydb: interrupted: half of it was done\n")


@pytest.mark.parametrize(("module", "hint"), [("psycopg", 'pip install "pydb[postgresql]"'), ("other", "")])
def test_a_missing_driver(project: Project, monkeypatch: pytest.MonkeyPatch, module: str, hint: str) -> None:
    """A missing driver is named, with the extra that installs it."""

    def missing(*_: object, **__: object) -> int:
        raise ModuleNotFoundError("no", name=module)

    monkeypatch.setattr(cli, "main", missing)
    done = project.pydb("list")
    assert done.code == 2
    assert done.err.startswith(f"pydb: {module} is not installed")
    assert hint in done.err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    """--version and --help exit with code 0."""
    assert main(["--version"]) == 0
    assert main(["--help"]) == 0
    assert "Exit codes: 0 fine" in capsys.readouterr().out


def test_without_arguments_the_help_is_printed(project: Project) -> None:
    """Without arguments the exit code is that of a usage error, and the help is on the error stream."""
    for group in ([], ["schema"], ["import"]):
        done = project.pydb(*group)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Usage: pydb")
        assert "\n\nOptions:\n" in done.err


def test_the_help_has_each_command_once_with_a_whole_sentence(project: Project) -> None:
    """The help lists the commands by section, each with a complete sentence."""
    help_ = project.pydb("--help").out.partition("\nBegin:\n")[2]
    listed = [line.split()[0] for line in help_.splitlines() if line.startswith("  ") and line[2:3].isalpha()]
    context = click.Context(cli)
    assert sorted(name for name in listed if name in COMMANDS) == cli.list_commands(context)
    assert "..." not in help_
    assert "\nOthers:\n" not in help_
