"""The command line: arguments in, output and an exit code out.

Exit codes: 0 fine; 1 there are findings, or the statement failed in the database or found no row; 2 wrong use,
or it could not run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import click
from sqlalchemy.exc import SQLAlchemyError

from pydb.cli.catalogue import list_command, show_command
from pydb.cli.check import check_command
from pydb.cli.generate import generate_command
from pydb.cli.init import init_command
from pydb.cli.lint import lint_command
from pydb.cli.printing import escaping, say, usage_error
from pydb.cli.run import run_command
from pydb.cli.schema import schema_group
from pydb.errors import DatabaseError, PydbError, RowError

__all__ = ["cli", "main"]

FAILED, COULD_NOT_RUN, INTERRUPTED = 1, 2, 130

DRIVERS = {
    "psycopg": '    hint: pip install "pydb[postgresql]"',
    "psycopg2": "    hint: write the URL as postgresql+psycopg://",
    "pymysql": '    hint: pip install "pydb[mariadb]"',
    "apsw": '    hint: pip install "pydb[check]"',
    "sqlglot": '    hint: pip install "pydb[check]"',
    "MySQLdb": "    hint: write the URL as mariadb+pymysql://",
    "asyncpg": "    hint: write the URL as postgresql+psycopg://",
}


def _version() -> str:
    try:
        return version("pydb")
    except PackageNotFoundError:  # run from its source
        return "unknown, not installed"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine; 1 findings, or the statement failed in the database or found no row; "
    "2 wrong use, or it could not run.",
)
@click.version_option(_version(), prog_name="pydb")
def cli() -> None:
    """Hand-written .sql files as a data layer.

    The project is [tool.pydb] in the nearest pyproject.toml; --sql, --schema and --db override it, and so
    does $DATABASE_URL.
    """


for _command in (
    list_command,
    show_command,
    run_command,
    schema_group,
    lint_command,
    check_command,
    generate_command,
    init_command,
):
    cli.add_command(_command)


@escaping()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default this process's, and return its exit code; no error ends in a traceback."""
    try:
        code = int(cli.main(arguments, prog_name="pydb", standalone_mode=False) or 0)
        sys.stdout.flush()
        return code
    except click.ClickException as error:
        usage_error(error)
        return COULD_NOT_RUN
    except click.Abort:
        say("pydb: not confirmed, nothing was changed", err=True)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and error.code != 1:
            raise
        # The reader (head, less) has gone, which click answers with exit code 1, and Python with a complaint when
        # it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PydbError as error:
        say(f"pydb: {error}", err=True, keep="\n")  # of its hint, the rest is escaped
        return FAILED if isinstance(error, (DatabaseError, RowError)) else COULD_NOT_RUN
    except ModuleNotFoundError as error:
        say(f"pydb: {error.name} is not installed{DRIVERS.get(error.name or '', '')}", err=True)
        return COULD_NOT_RUN
    except (SQLAlchemyError, OSError) as error:
        say(f"pydb: {error}", err=True)
        return COULD_NOT_RUN
