"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pydb.cli.completion import complete_file
from pydb.engines import engine_names

__all__ = [
    *("callers_option", "db_option", "engines_option", "no_cache_option", "schema_option", "servers_option"),
    "sql_option",
]

Command = TypeVar("Command", bound=Callable[..., Any])

sql_option = click.option(
    "--sql", metavar="FOLDER", shell_complete=complete_file, help="The folder of .sql files, or one .sql file."
)
schema_option = click.option("--schema", metavar="FILE", shell_complete=complete_file, help="The schema script.")
db_option = click.option("--db", metavar="URL", help="The database [default: $DATABASE_URL, then the project's url].")
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Prove every statement again, even if nothing has changed."
)


def engines_option(help_text: str) -> Callable[[Command], Command]:
    """The option ``--engine``, which may be repeated; the command gets the names as ``engines``."""
    return click.option("--engine", "engines", type=click.Choice(engine_names()), multiple=True, help=help_text)


def servers_option(help_text: str) -> Callable[[Command], Command]:
    """The option ``--db``, which may be repeated; the command gets the URLs as ``urls``."""
    return click.option("--db", "urls", metavar="URL", multiple=True, help=help_text)


def callers_option(help_text: str) -> Callable[[Command], Command]:
    """The option ``--callers``, which may be repeated; the command gets the paths as ``folders``."""
    kind = click.Path(exists=True, path_type=Path)
    return click.option("--callers", "folders", metavar="FOLDER", multiple=True, type=kind, help=help_text)
