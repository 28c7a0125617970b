"""``pydb list`` and ``pydb show``: .sql files in, their statements out.  The project's database is not opened."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.syntax import Syntax

from pydb.cli.arguments import displayed
from pydb.cli.completion import complete_optional_names, complete_statements
from pydb.cli.known_types import generated_types
from pydb.cli.options import schema_option, sql_option
from pydb.cli.output import WRITERS
from pydb.cli.printing import print_json, say
from pydb.cli.statement_json import columns_as_json, statement_as_json
from pydb.engines import default_engine, engine_names, registration
from pydb.errors import PydbError
from pydb.project import Project, find_project
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.loader import read
from pydb.sqlfile.nested import Nesting
from pydb.sqlfile.optional_lines import NameKind
from pydb.sqlfile.variants import key_from, variant
from pydb.support.escapes import escaped, shortened
from pydb.support.suggestions import near_words

if TYPE_CHECKING:
    from pydb.describe import DescribedColumn, DescribedParameter, DescribedStatement

__all__ = ["definition_named", "list_command", "show_command"]

LINES = "\n\t"
"""The characters that are not escaped in a text of several lines."""

COLUMNS = ("statement", "rows", "shape", "parameters", "engines", "documentation")


ENGINE = default_engine()
"""The engine that needs no server."""


@click.command("list")
@sql_option
@click.option("--format", "format_", type=click.Choice(sorted(WRITERS)), default="table", show_default=True)
def list_command(sql: str | None, format_: str) -> None:
    """List every statement with its row word, record, parameters and engines."""
    project = find_project(Path.cwd())
    definitions = read(project.sql_path(sql), None)
    if format_ == "json":
        print_json([statement_as_json(_typed(project, definition, sql)) for definition in definitions])
        return
    rows = [_row(definition) for definition in definitions]
    if format_ == "csv":
        # The CSV writer does not escape data; these texts must be escaped.
        rows = [tuple(map(escaped, row)) for row in rows]
    WRITERS[format_](COLUMNS, rows, sys.stdout)


def _typed(project: Project, definition: Definition, sql: str | None) -> Definition:
    """The definition with the types that ``pydb generate`` found; with --sql, without them."""
    types = generated_types(project, definition) if sql is None else {}
    return replace(definition, parameter_types={**types, **definition.parameter_types})


def _row(definition: Definition) -> tuple[str, ...]:
    return (
        definition.name,
        definition.row_word,
        _shape(definition),
        ", ".join(displayed(definition, name) for name in definition.parameters),
        _engines(definition.forms),
        definition.doc.partition("\n")[0],
    )


def _shape(definition: Definition) -> str:
    """The record, with the paths of its levels: ``User (posts, posts.comments)``."""
    nesting = definition.nesting
    levels = f" ({', '.join(level.path for level in nesting.levels)})" if nesting is not None else ""
    return f"{definition.record or ''}{levels}"


def _engines(engines: Iterable[str]) -> str:
    present = set(engines)
    return (
        "all" if present == set(engine_names()) else ", ".join(engine for engine in engine_names() if engine in present)
    )


@click.command("show")
@click.argument("name", shell_complete=complete_statements)
@sql_option
@schema_option
@click.option(
    "--with",
    "given",
    metavar="NAMES",
    shell_complete=complete_optional_names,
    help="Show the SQL of a call with these optional parameters, such as statuses,order=oldest.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show_command(name: str, sql: str | None, schema: str | None, given: str | None, format_: str) -> None:
    """Show one statement as written, with its parameters, its columns and its SQL for each engine.

    The types are read from the schema in a SQLite database in memory.  Without the `check` extra they are left out.
    `--with ""` is a call without optional parameters.
    """
    project = find_project(Path.cwd())
    definition = definition_named(read(project.sql_path(sql), None), name)
    if given is not None:
        definition = _variant(definition, given)
    found = _description(project, definition, schema)
    if format_ == "json":
        print_json(_as_json(definition, found))
    else:
        _print_statement(definition, found)


def _as_json(definition: Definition, found: DescribedStatement | str) -> dict[str, Any]:
    described = None if isinstance(found, str) else found
    return {
        **statement_as_json(definition, described),
        "sql": definition.sql,
        "columns": columns_as_json(definition, described),
        "not_described": found if isinstance(found, str) else None,
        "forms": [
            {"engines": engines, "file": form.file, "line": form.line, "sql": form.sql}
            for form, engines in _forms(definition)
        ],
    }


def _print_statement(definition: Definition, found: DescribedStatement | str) -> None:
    shape = f" {definition.record}" if definition.record else ""
    say((f"{definition.name} :{definition.row_word}{shape}", "bold"))
    say((f"{definition.file}:{definition.line}", "dim"))
    if definition.doc:
        say()
        say(definition.doc, keep=LINES)
    for title, lines in (
        ("parameters", _parameter_lines(definition, found)),
        ("columns", _column_lines(definition, found)),
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


def _variant(definition: Definition, given: str) -> Definition:
    """The variant of a call that passes these optional parameters, on every engine.  Raises PydbError."""
    if not definition.optional:
        raise PydbError(f"{definition.name} has no optional lines", hint="leave --with out")
    try:
        key = key_from(definition, [word.strip() for word in given.split(",") if word.strip()])
    except ValueError as error:
        raise PydbError(f"--with: {error}") from None
    variants = {engine: variant(definition, engine, key) for engine in definition.forms}
    first = next(iter(variants.values()))
    return replace(first, forms={engine: one.forms[engine] for engine, one in variants.items()})


def definition_named(definitions: Iterable[Definition], name: str) -> Definition:
    """The definition with this full name.  Raises PydbError, whose hint has the nearest names, if there is none."""
    named = {definition.name: definition for definition in definitions}
    if name not in named:
        near = near_words(name, named, 3)
        hint = f"did you mean {', '.join(near)}?" if near else "pydb list shows all names"
        raise PydbError(f"no statement is named '{shortened(name)}'", hint=hint)
    return named[name]


def _forms(definition: Definition) -> list[tuple[Form, list[str]]]:
    """The different forms, each with the engines that use it."""
    grouped: dict[tuple[str, int], tuple[Form, list[str]]] = {}
    for engine, form in definition.forms.items():
        grouped.setdefault((form.file, form.line), (form, []))[1].append(engine)
    return list(grouped.values())


def _print_sql(sql: str) -> None:
    # If the output is not a terminal, the lines stay as in the file.
    console = Console(highlight=False, soft_wrap=True)
    if console.is_terminal:
        console.print(Syntax(escaped(sql, LINES), "sql", theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        say(sql, keep=LINES)


def _description(project: Project, definition: Definition, schema: str | None) -> DescribedStatement | str:
    """The statement described in a database in memory with the schema; if that fails, the reason."""
    if ENGINE not in definition.forms:
        return f"it has no form for {ENGINE}"
    if schema is None and project.schema is None:
        return "no schema script is known; give --schema FILE"
    try:
        from pydb.describe import Refusal, describe, scratch

        with scratch(None, project.schema_path(schema, ENGINE)) as session:
            found = describe(session, definition)
    except ModuleNotFoundError as error:
        return f'{error.name} is not installed; pip install "pydb[check]"'
    except PydbError as error:
        return str(error)
    if found is None or isinstance(found, Refusal):
        return (
            f"{registration(ENGINE).product} refuses it: {found.message}" if found else f"it has no form for {ENGINE}"
        )
    return found


def _parameter_lines(definition: Definition, found: DescribedStatement | str) -> list[str]:
    """A line for each parameter, with the type that ``@param`` declares, else the type that the database describes."""
    several = dict.fromkeys(definition.sequences, " (several)")
    described = {} if isinstance(found, str) else found.parameters
    lines = []
    for name in definition.parameters:
        declared = definition.parameter_types.get(name)
        type_ = str(declared) if declared else _words(described.get(name))
        if (optional := definition.optional.get(name)) is not None and optional.kind is NameKind.CHOICE:
            type_ = ""
        lines.append(f"{displayed(definition, name)}{several.get(name, '')} {type_}".rstrip())
    return lines


def _column_lines(definition: Definition, found: DescribedStatement | str) -> list[str]:
    """A line for each column of the result, with its type in the same way."""
    if isinstance(found, str):
        lines = [f"{name} {type_}" for name, type_ in definition.column_types.items()]
        return [*lines, f"not described: {found}"]
    if found.levels and found.form.nesting is not None:
        return list(_tree(definition, found, found.form.nesting, "", ""))
    return list(_described(definition, found.columns))


def _tree(definition: Definition, found: DescribedStatement, nesting: Nesting, path: str, margin: str) -> Iterator[str]:
    """The lines of nested rows: each level, with its columns under it."""
    level = next(item for item in found.levels if item.path == path)
    json = {child.name for child in nesting.children(path) if child.json}
    columns = {name: found.columns[number] for name, number in level.fields.items() if name not in json}
    for name, line in zip(columns, _described(definition, columns.values()), strict=True):
        yield f"{margin}{name}{line.removeprefix(columns[name].name)}"
    for child in nesting.children(path):
        absent = next((item.absent for item in found.levels if item.path == child.path), False)
        shape = f"tuple[{child.record}, ...]" if child.many else f"{child.record}{'?' * absent}"
        yield f"{margin}{child.name} {shape}{' json' * child.json}"
        if not child.json:
            yield from _tree(definition, found, nesting, child.path, f"{margin}  ")


def _described(definition: Definition, columns: Iterable[DescribedColumn]) -> Iterable[str]:
    for column in columns:
        declared = definition.column_types.get(column.name)
        type_ = str(declared) if declared else _words(column)
        yield f"{column.name} {type_}".rstrip()


def _words(described: DescribedColumn | DescribedParameter | None) -> str:
    if described is None or not described.words:
        return ""
    return f"{described.words[0]}{'?' * described.nullable}"
