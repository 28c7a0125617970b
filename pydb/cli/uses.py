"""``pydb uses``: a table or column in; every statement that reads or writes it, with its callers, out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import callers_option, engines_option, schema_option, servers_option, sql_option
from pydb.cli.package import package_folder
from pydb.cli.printing import say, write_text
from pydb.cli.servers import scratch_servers
from pydb.engines import default_engine, engine_names, registration
from pydb.project import Project, find_project
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read
from pydb.support.escapes import escaped_json
from pydb.support.plurals import number_of

if TYPE_CHECKING:
    from pydb.usage.callers import Caller, FoundCallers
    from pydb.usage.touch import Touch, Touched
    from pydb.usage.uses import Use, UseReport

__all__ = ["found_callers", "uses_command"]

_SHOWN_LINES = 4
"""The maximum number of lines that the text names for one kind of use; JSON has all of them."""


@click.command("uses")
@click.argument("name", metavar="TABLE[.COLUMN]")
@sql_option
@schema_option
@engines_option("Analyse on this engine; may be repeated.")
@servers_option("Analyse on the server at this URL; may be repeated.")
@callers_option("Search this folder of Python code for calls; may be repeated.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@pass_done_so_far
def uses_command(
    done_so_far: DoneSoFar,
    name: str,
    sql: str | None,
    schema: str | None,
    engines: tuple[str, ...],
    urls: tuple[str, ...],
    folders: tuple[Path, ...],
    format_: str,
) -> None:
    """Show every statement that reads or writes a table, or one column of it.

    The result includes uses through views, triggers and foreign keys.  The statements are analysed in a SQLite database
    in memory if the project has a schema script for SQLite.  --engine and --db name other engines, each with a scratch
    database.  With --callers, the Python code that calls each statement is shown too.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.usage.project import named_place, usages
    from pydb.usage.uses import uses_of

    done_so_far.set("nothing was changed")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    scripts = project.schema_scripts(path, schema)
    servers = scratch_servers(project, engines or (() if urls else _one_engine(scripts)), urls)
    definitions = read(path, None)
    found = usages(definitions, scripts, servers, name)
    place = named_place(name, [usage.catalogue for usage in found])
    callers = found_callers(project, definitions, folders)
    report = uses_of(place, found, definitions, None if callers is None else callers.callers)
    if format_ == "json":
        write_text(escaped_json(json.dumps(_as_json(report, callers), ensure_ascii=False, indent=2)))
    else:
        _print(report, callers)


def found_callers(
    project: Project, definitions: Iterable[Definition], folders: tuple[Path, ...]
) -> FoundCallers | None:
    """The callers in these folders; None if there is no folder."""
    from pydb.usage.callers import find_callers
    from pydb.usage.package_names import package_names

    if not folders:
        return None
    folder = None if project.package is None else package_folder(project)
    return find_callers(folders, package_names(project.package, folder, definitions))


def _one_engine(scripts: Mapping[str, str]) -> tuple[str, ...]:
    """The engine to use if no option names one: the default engine, unless only others have a schema script."""
    having = [engine for engine in engine_names() if engine in scripts]
    return (having[0] if having else default_engine(),)


# Output as text.


def _print(report: UseReport, callers: FoundCallers | None) -> None:
    whole = report.column is None
    width = max((len(use.touched.name) for use in report.uses), default=0)
    for use in report.uses:
        kind = {(True, True): "reads, writes", (True, False): "reads"}.get((use.reads, use.writes), "writes")
        head = f"{use.touched.name:{width}}  {kind:13}  {use.touched.file}:{use.touched.line}"
        say((head, "bold"), (f"  {', '.join(use.engines)}" if len(report.products) > 1 else "", "dim"))
        for line in _lines(use, whole):
            say(f"    {line}")
        for caller in use.callers or ():
            say((f"    called from {_caller(caller)}", "dim"))
    if report.schema:
        say(f"in the schema: {', '.join(report.schema)}")
    say(_summary(report, callers))
    for definition, why in report.unknown:
        say(f"unknown: {definition.name} ({definition.file}:{definition.line}): {why}")


def _lines(use: Use, whole: bool) -> Iterable[str]:
    """Lines that say what a statement does to the table, where, and under which condition."""
    grouped: dict[tuple[str, str, str], list[Touch]] = {}
    for touch in use.touches:
        condition = use.touched.condition(touch)
        grouped.setdefault((touch.act, condition, touch.by), []).append(touch)
    for (act, condition, by), touches in grouped.items():
        columns = list(dict.fromkeys(touch.column for touch in touches if touch.column is not None))
        lines = sorted({touch.line for touch in touches})
        shown = ", ".join(map(str, lines[:_SHOWN_LINES])) + (" …" if len(lines) > _SHOWN_LINES else "")
        what = f" {', '.join(columns)}" if whole and columns else ""
        on_lines = f"in line{'s' if len(lines) > 1 else ''} {shown}"
        yield f"{act}{what} {on_lines}{f', by {by}' if by else ''}{f', if {condition}' if condition else ''}"


def _caller(caller: Caller) -> str:
    return f"{caller.file}:{caller.line}{f' in {caller.function}' if caller.function else ''}"


def _summary(report: UseReport, callers: FoundCallers | None) -> str:
    name = report.table if report.column is None else f"{report.table}.{report.column}"
    where = f"on {' and '.join(report.products)}"
    statements = {use.touched.name for use in report.uses}
    if statements:
        reading = len({use.touched.name for use in report.uses if use.reads})
        writing = len({use.touched.name for use in report.uses if use.writes})
        text = f"{name}: {number_of(len(statements), 'statement')} {where}, {reading} reading, {writing} writing"
    else:
        text = f"{name}: no statement uses it {where}"
    if callers is not None:
        places = {caller for use in report.uses for caller in use.callers or ()}
        text += f"; {number_of(len(places), 'call')} in {number_of(callers.files, 'Python file')}"
        if callers.unresolved:
            text += (
                f", {number_of(len(callers.unresolved), 'call')} whose statement is unknown: --format json lists them"
            )
        if callers.unreadable:
            text += f"; cannot be read as Python: {', '.join(callers.unreadable)}"
    if report.elsewhere:
        engines = sorted({engine for definition in report.elsewhere for engine in definition.forms})
        products = ", ".join(registration(engine).product for engine in engines)
        text += f"; not analysed: {number_of(len(report.elsewhere), 'statement')} for {products} only"
    return text


# Output as JSON.


def _as_json(report: UseReport, callers: FoundCallers | None) -> dict[str, Any]:
    return {
        "table": report.table,
        "column": report.column,
        "databases": report.products,
        "statements": [
            {
                "name": use.touched.name,
                "file": use.touched.file,
                "line": use.touched.line,
                "engines": use.engines,
                "reads": use.reads,
                "writes": use.writes,
                "touches": [_touch(touch, use.touched) for touch in use.touches],
                **({} if use.callers is None else {"callers": [caller._asdict() for caller in use.callers]}),
            }
            for use in report.uses
        ],
        "schema": report.schema,
        "unknown": [{"name": definition.name, "why": why} for definition, why in report.unknown],
        "not_asked": [definition.name for definition in report.elsewhere],
        **({} if callers is None else {"unresolved_calls": [caller._asdict() for caller in callers.unresolved]}),
    }


def _touch(touch: Touch, touched: Touched) -> Mapping[str, Any]:
    return {
        "column": touch.column,
        "act": touch.act,
        "line": touch.line,
        "by": touch.by,
        "condition": touched.condition(touch),
        "variants": touched.shown_by(touch),
    }
