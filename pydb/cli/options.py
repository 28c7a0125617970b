"""The options that several commands share."""

from __future__ import annotations

import click

from pydb.cli.completion import complete_file

__all__ = ["db_option", "no_cache_option", "schema_option", "sql_option"]

sql_option = click.option(
    "--sql", metavar="FOLDER", shell_complete=complete_file, help="The folder (or one file) of .sql statements."
)
schema_option = click.option("--schema", metavar="FILE", shell_complete=complete_file, help="The schema script.")
db_option = click.option("--db", metavar="URL", help="The database [default: $DATABASE_URL, then the project's url].")
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Prove every statement again, also if nothing has changed."
)
