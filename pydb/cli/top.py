"""``pydb top``: the project's statements and a server's statistics in; the time of each statement and variant out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pydb.cli.connect import database_at, entered, refuse_absent_file
from pydb.cli.options import db_option, sql_option
from pydb.cli.output import write_table
from pydb.cli.printing import print_json, say
from pydb.project import find_project, url_of
from pydb.sqlfile.loader import read
from pydb.support.plurals import number_of
from pydb.usage.statistics import Statistics, statistics_of
from pydb.usage.top import Top, TopLine, top

__all__ = ["top_command"]

COLUMNS = ("total ms", "mean ms", "calls", "rows", "statement", "place")


@click.command("top")
@db_option
@sql_option
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Show at most this many statements."
)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
def top_command(db: str | None, sql: str | None, limit: int, format_: str) -> None:
    """Show the time that the database spends in each statement and variant, sorted by total time.

    The numbers come from the extension pg_stat_statements (PostgreSQL) or from the performance schema (MariaDB).
    SQLite keeps no statistics.
    """
    project = find_project(Path.cwd())
    url = url_of(db, project)
    refuse_absent_file(url)
    definitions = read(project.sql_path(sql))
    with database_at(url) as database, entered(database.read()) as conn:
        engine = database.rules.name
        statistics = statistics_of(engine).read(conn)
    found = top(definitions, engine, statistics_of(engine), statistics)
    if format_ == "json":
        print_json(_as_json(engine, found, statistics, limit))
    else:
        write_table(COLUMNS, map(_row, found.lines[:limit]), sys.stdout)
        for line in _closing(found, statistics, limit):
            say(line, err=True)


def _row(line: TopLine) -> tuple[Any, ...]:
    return (
        round(line.seconds * 1000, 3),
        round(_mean(line) * 1000, 3),
        line.calls,
        line.rows,
        " or ".join(line.names),
        ", ".join(line.places) or "not in this project",
    )


def _mean(line: TopLine) -> float:
    return line.seconds / line.calls if line.calls else 0.0


def _closing(found: Top, statistics: Statistics, limit: int) -> list[str]:
    """The lines below the table: what it leaves out, and the source of its numbers."""
    since = f" since {statistics.since:%Y-%m-%d %H:%M} UTC" if statistics.since is not None else ""
    left = found.lines[limit:]
    milliseconds = sum(line.seconds for line in left) * 1000
    lines = [f"{number_of(len(left), 'more statement')}, {milliseconds:.1f} ms"] if left else []
    queries, calls = number_of(found.foreign, "query", "queries"), number_of(found.foreign_calls, "call")
    lines.append(f"not pydb's: {queries}, {calls}, {found.foreign_seconds * 1000:.1f} ms")
    return [*lines, *statistics.notes, f"from {statistics.source}{since}"]


def _as_json(engine: str, found: Top, statistics: Statistics, limit: int) -> dict[str, Any]:
    return {
        "engine": engine,
        "source": statistics.source,
        "since": statistics.since.isoformat() if statistics.since is not None else None,
        "statements": [
            {
                "names": line.names,
                "places": line.places,
                "calls": line.calls,
                "seconds": line.seconds,
                "mean_seconds": _mean(line),
                "rows": line.rows,
            }
            for line in found.lines[:limit]
        ],
        "more_statements": len(found.lines[limit:]),
        "not_pydb": {"queries": found.foreign, "calls": found.foreign_calls, "seconds": found.foreign_seconds},
        "notes": statistics.notes,
    }
