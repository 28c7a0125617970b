"""``pydb list`` and ``pydb show``: the .sql files in, what they define out.  The project's database is not opened."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.syntax import Syntax

from pydb.cli.description import column_lines, description, parameter_lines
from pydb.cli.options import schema_option, sql_option
from pydb.cli.output import WRITERS
from pydb.cli.printing import say
from pydb.cli.settings import find_project
from pydb.engines import engine_names
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.loader import read
from pydb.support.escapes import escaped, shortened
from pydb.support.suggestions import near_words

__all__ = ["definition_named", "list_command", "show_command"]

LINES = "\n\t"
"""What stays as it is in a text of several lines."""

COLUMNS = ("statement", "rows", "shape", "parameters", "engines", "documentation")


@click.command("list")
@sql_option
@click.option("--format", "form", type=click.Choice(sorted(WRITERS)), default="table", show_default=True)
def list_command(sql: str | None, form: str) -> None:
    """List every statement: what it returns, takes and says."""
    path = find_project(Path.cwd()).sql_path(sql)
    rows = [_row(definition) for definition in read(path, None)]
    if form == "csv":
        # The writer leaves data as they are; this is text.
        rows = [tuple(map(escaped, row)) for row in rows]
    WRITERS[form](COLUMNS, rows, sys.stdout)


def _row(definition: Definition) -> tuple[str, ...]:
    return (
        definition.name,
        definition.row_word,
        definition.record or "",
        ", ".join(definition.parameters),
        _engines(definition.forms),
        definition.doc.partition("\n")[0],
    )


def _engines(engines: Iterable[str]) -> str:
    present = set(engines)
    return (
        "all" if present == set(engine_names()) else ", ".join(engine for engine in engine_names() if engine in present)
    )


@click.command("show")
@click.argument("name")
@sql_option
@schema_option
def show_command(name: str, sql: str | None, schema: str | None) -> None:
    """Show one statement as written, with its parameters, its columns and its form on each engine.

    The types are those of the schema in a SQLite database in memory; without the `check` extra they are left out.
    """
    project = find_project(Path.cwd())
    definition = definition_named(read(project.sql_path(sql), None), name)
    found = description(project, definition, schema)
    shape = f" {definition.record}" if definition.record else ""
    say((f"{definition.name} :{definition.row_word}{shape}", "bold"))
    say((f"{definition.file}:{definition.line}", "dim"))
    if definition.doc:
        say()
        say(definition.doc, keep=LINES)
    for title, lines in (
        ("parameters", parameter_lines(definition, found)),
        ("columns", column_lines(definition, found)),
    ):
        if lines:
            say()
            say((title, "bold"))
            for line in lines:
                say(f"  {line}")
    for form, engines in _forms(definition):
        say()
        say((_engines(engines), "bold"), (f"  {form.file}:{form.line}", "dim"))
        _print_sql(form.sql)


def definition_named(definitions: Iterable[Definition], name: str) -> Definition:
    """The definition of that full name.  Raises PydbError with the nearest names when there is none."""
    named = {definition.name: definition for definition in definitions}
    if name not in named:
        near = near_words(name, named, 3) or ["see `pydb list`"]
        raise PydbError(f"no statement is named '{shortened(name)}'", hint=", ".join(near))
    return named[name]


def _forms(definition: Definition) -> list[tuple[Form, list[str]]]:
    """Each different form once, with the engines that use it."""
    grouped: dict[tuple[str, int], tuple[Form, list[str]]] = {}
    for engine, form in definition.forms.items():
        grouped.setdefault((form.file, form.line), (form, []))[1].append(engine)
    return list(grouped.values())


def _print_sql(sql: str) -> None:
    # Off a terminal the lines are those of the file.
    console = Console(highlight=False, soft_wrap=True)
    if console.is_terminal:
        console.print(Syntax(escaped(sql, LINES), "sql", theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        say(sql, keep=LINES)
