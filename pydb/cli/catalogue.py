"""``pydb list`` and ``pydb show``: the .sql files in, what they define out.  No database is opened."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from pydb.cli.options import sql_option
from pydb.cli.output import WRITERS
from pydb.cli.settings import find_project
from pydb.errors import PydbError
from pydb.queries import read
from pydb.statement import ENGINES, Definition, Form, TypeName

__all__ = ["definition_named", "list_command", "show_command"]

COLUMNS = ("statement", "rows", "shape", "parameters", "engines", "documentation")


@click.command("list")
@sql_option
@click.option("--format", "form", type=click.Choice(sorted(WRITERS)), default="table", show_default=True)
def list_command(sql: str | None, form: str) -> None:
    """List every statement: what it returns, takes and says."""
    path = find_project(Path.cwd()).sql_path(sql)
    WRITERS[form](COLUMNS, [_row(definition) for definition in read(path, None)], sys.stdout)


def _row(definition: Definition) -> tuple[str, ...]:
    return (
        definition.name,
        definition.rows,
        definition.record or "",
        ", ".join(definition.parameters),
        _engines(definition.forms),
        definition.doc.partition("\n")[0],
    )


def _engines(engines: Iterable[str]) -> str:
    present = set(engines)
    return "all" if present == set(ENGINES) else ", ".join(engine for engine in ENGINES if engine in present)


@click.command("show")
@click.argument("name")
@sql_option
def show_command(name: str, sql: str | None) -> None:
    """Show one statement as written, with its parameters and its form on each engine."""
    definition = definition_named(read(find_project(Path.cwd()).sql_path(sql), None), name)
    console = Console(highlight=False, soft_wrap=True)
    shape = f" {definition.record}" if definition.record else ""
    console.print(Text(f"{definition.name} :{definition.rows}{shape}", "bold"))
    console.print(Text(f"{definition.file}:{definition.line}", "dim"))
    if definition.doc:
        console.print(Text(f"\n{definition.doc}"))
    for title, lines in (("parameters", _parameters(definition)), ("columns", _typed(definition.column_types.items()))):
        if lines:
            console.print(Text(f"\n{title}", "bold"))
            console.print(Text("\n".join(f"  {line}" for line in lines)))
    for form, engines in _forms(definition):
        console.print(Text(f"\n{_engines(engines)}", "bold"), Text(f"  {form.file}:{form.line}", "dim"), sep="")
        _print_sql(console, form.sql)


def definition_named(definitions: Iterable[Definition], name: str) -> Definition:
    """The definition of that full name.  Raises PydbError with the nearest names when there is none."""
    named = {definition.name: definition for definition in definitions}
    if name not in named:
        near = get_close_matches(name, named, 3) or ["see `pydb list`"]
        raise PydbError(f"no statement is named {name!r}", hint=", ".join(near))
    return named[name]


def _parameters(definition: Definition) -> list[str]:
    several = dict.fromkeys(definition.sequences, " (several)")
    types = definition.parameter_types
    return [f"{name}{several.get(name, '')} {_type(types.get(name))}".rstrip() for name in definition.parameters]


def _typed(types: Iterable[tuple[str, TypeName]]) -> list[str]:
    return [f"{name} {_type(type_name)}" for name, type_name in types]


def _type(type_name: TypeName | None) -> str:
    return f"{type_name.name}{'?' if type_name.nullable else ''}" if type_name else ""


def _forms(definition: Definition) -> list[tuple[Form, list[str]]]:
    """Each different form once, with the engines that use it."""
    grouped: dict[tuple[str, int], tuple[Form, list[str]]] = {}
    for engine, form in definition.forms.items():
        grouped.setdefault((form.file, form.line), (form, []))[1].append(engine)
    return list(grouped.values())


def _print_sql(console: Console, sql: str) -> None:
    # Off a terminal the text goes out exactly as it stands in the file.
    if console.is_terminal:
        console.print(Syntax(sql, "sql", background_color="default", word_wrap=True))
    else:
        click.echo(sql)
