"""The command line: arguments in, output and an exit code out.

Exit codes: 0 fine; 1 there are findings, or the statement failed in the database or found no row; 2 usage error,
or the command could not run; 128 plus the signal's number (130 for Ctrl-C) when it was interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from pydb.cli.completion import register_shells
from pydb.cli.interrupted import DoneSoFar
from pydb.cli.printing import escaping, say, usage_error
from pydb.cli.unchanged import shown_again
from pydb.support.escapes import shortened
from pydb.support.interrupts import Interrupted, interruption, raised, swallowed
from pydb.support.suggestions import nearest

__all__ = ["cli", "main"]

FAILED, COULD_NOT_RUN, INTERRUPTED = 1, 2, 128

DRIVERS = {
    "psycopg": '    hint: pip install "pydb[postgresql]"',
    "psycopg2": "    hint: write the URL as postgresql+psycopg://",
    "pymysql": '    hint: pip install "pydb[mariadb]"',
    "apsw": '    hint: pip install "pydb[check]"',
    "sqlglot": '    hint: pip install "pydb[check]"',
    "jinja2": '    hint: pip install "pydb[site]"',
    "pygments": '    hint: pip install "pydb[site]"',
    "hypothesis": '    hint: pip install "pydb[prove]"',
    "MySQLdb": "    hint: write the URL as mariadb+pymysql://",
    "asyncpg": "    hint: write the URL as postgresql+psycopg://",
}


COMMANDS = {
    "check": "pydb.cli.check:check_command",
    "generate": "pydb.cli.generate:generate_command",
    "grants": "pydb.cli.grants:grants_command",
    "import": "pydb.cli.import_command:import_group",
    "init": "pydb.cli.init:init_command",
    "lint": "pydb.cli.lint:lint_command",
    "list": "pydb.cli.list_show:list_command",
    "migrate": "pydb.cli.migrate:migrate_group",
    "prove": "pydb.cli.prove:prove_command",
    "review": "pydb.cli.review:review_command",
    "run": "pydb.cli.run:run_command",
    "schema": "pydb.cli.schema:schema_group",
    "show": "pydb.cli.list_show:show_command",
    "site": "pydb.cli.site:site_command",
    "top": "pydb.cli.top:top_command",
    "uses": "pydb.cli.uses:uses_command",
}
"""Where each command is.  A command is imported when it is run: to import all of them takes longer than most runs."""


SECTIONS = {
    "Begin": ("init", "import"),
    "Statements": ("list", "show", "run", "lint"),
    "Proof and code": ("check", "prove", "generate"),
    "Database": ("schema", "migrate"),
    "For the DBA": ("uses", "grants", "review", "top", "site"),
}
"""The order of the commands in ``pydb --help``; a command that no section names is listed last, under "Others"."""


class _Commands(click.Group):
    """The commands of ``COMMANDS``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names.  If there is none, the hint is the nearest name."""
        if not ctx.resilient_parsing and args and self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            hint = nearest(args[0], COMMANDS) or "pydb --help lists them"
            ctx.fail(f"there is no command '{shortened(args[0])}'    hint: {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, each with the whole first sentence of its help."""
        named = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for title, names in {**SECTIONS, "Others": others}.items():
            found = [(name, command) for name in names if (command := self.get_command(ctx, name)) is not None]
            if found:
                with formatter.section(title):
                    formatter.write_dl([(name, command.get_short_help_str(_WHOLE)) for name, command in found])


_WHOLE = 500
"""A number of characters: more than the first sentence of any help text has."""

_VERSION_HELP = "Show the version and exit."


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from pydb.cli.origin import pydb_version

        say(f"pydb, version {pydb_version()}")
        context.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine; 1 findings, or the statement failed in the database or found no row; "
    "2 usage error, or the command could not run; 130 interrupted, 143 terminated, 129 hung up.",
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help=_VERSION_HELP)
def cli() -> None:
    """Hand-written .sql files as a data layer.

    Begin with `pydb init FOLDER`.  `pydb COMMAND --help` explains a command.  The project's settings are [tool.pydb] in
    the nearest pyproject.toml.  The options --sql, --schema and --db override them.  $DATABASE_URL overrides the
    setting url.
    """


register_shells()


@escaping()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of this process, and return its exit code.

    An expected error is printed on the error stream without a traceback.  In the main thread, SIGINT, SIGTERM and
    SIGHUP end the command: its changes are rolled back if the engine can do that, and the error stream says what is
    kept.
    """
    done_so_far = DoneSoFar()
    try:
        with raised():
            try:
                return _run(arguments, done_so_far)
            except KeyboardInterrupt as interrupt:
                return _interrupted(interrupt, done_so_far)
    except KeyboardInterrupt as interrupt:  # it arrived before or after the command
        return _interrupted(interrupt, done_so_far)


def _run(arguments: Sequence[str] | None, done_so_far: DoneSoFar) -> int:
    try:
        code = _call(arguments, done_so_far)
        sys.stdout.flush()
        return code
    except click.ClickException as error:
        usage_error(error)
        return COULD_NOT_RUN
    except click.Abort:
        say("pydb: not confirmed, nothing was changed", err=True)
        return COULD_NOT_RUN
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and error.code != 1:
            raise
        # The reader (head, less) has closed the pipe.  click would exit with code 1, and Python would print an error
        # when it closes the stream.
        _drop_output()
        return 0
    except ModuleNotFoundError as error:
        hint = _install_hint(error.name or "", sys.argv[1:] if arguments is None else arguments)
        say(f"pydb: {error.name} is not installed{hint}", err=True)
        return COULD_NOT_RUN
    except OSError as error:
        say(f"pydb: {error}", err=True)
        return COULD_NOT_RUN
    except Exception as error:
        failed = _failed(error)
        if failed is None:
            raise
        return failed


def _install_hint(module: str, arguments: Sequence[str]) -> str:
    """The hint for a missing module: the extra of the command, because other modules of it may be missing too."""
    hint = DRIVERS.get(module, "")
    command = next((word for word in arguments if word in COMMANDS), "")
    return hint.replace("[check]", f"[{command}]") if command in ("prove", "site") else hint


def _failed(error: Exception) -> int | None:
    """Print an error and return the exit code; return None for an error that no command expects."""
    # Not imported at the top: some commands use no database.
    from sqlalchemy.exc import SQLAlchemyError

    from pydb.errors import DatabaseError, MigrationError, PydbError, RowError

    if not isinstance(error, PydbError | SQLAlchemyError):
        return None
    say(
        f"pydb: {error}", err=True, keep="\n" if isinstance(error, PydbError) else ""
    )  # the line break before its hint; all else is escaped
    return FAILED if isinstance(error, DatabaseError | RowError | MigrationError) else COULD_NOT_RUN


def _call(arguments: Sequence[str] | None, done_so_far: DoneSoFar) -> int:
    try:
        known = shown_again(sys.argv[1:] if arguments is None else arguments)
        if known is not None:
            return known
        return int(cli.main(arguments, prog_name="pydb", standalone_mode=False, obj=done_so_far) or 0)
    except BaseException as error:
        interrupt = interruption(error)
        if interrupt is None and (lost := swallowed()) is not None:
            raise lost from None
        if interrupt is None or interrupt is error:
            raise
        # click turns an interrupt into an Abort, which also means the answer "no"; and the clean-up may have failed.
        raise interrupt from error


def _interrupted(interrupt: KeyboardInterrupt, done_so_far: DoneSoFar) -> int:
    # The terminal may be closed (SIGHUP), or the reader of a pipe may have ended.
    from pydb.errors import PydbError

    with suppress(OSError):
        if isinstance(interrupt.__cause__, PydbError):
            say(f"pydb: {interrupt.__cause__}", err=True, keep="\n")
        if not done_so_far.is_reported:
            say(f"pydb: interrupted: {done_so_far.text_now()}", err=True)
        done_so_far.is_reported = True
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    # The exit code that a shell reports for a program that a signal has ended.
    return INTERRUPTED + (interrupt.number if isinstance(interrupt, Interrupted) else signal.SIGINT)


def _drop_output() -> None:
    # When Python closes the stream, it must not write the rest of the buffer to the closed pipe.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
