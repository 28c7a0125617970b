"""``pydb lint``: .sql files in, findings out, and exit code 1 when there are any."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from pydb.cli.options import schema_option, sql_option
from pydb.cli.progress import counted
from pydb.cli.report import FORMATS, print_findings
from pydb.lint import Job, lint
from pydb.project import find_project

__all__ = ["lint_command"]


@click.command("lint")
@sql_option
@schema_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def lint_command(context: click.Context, sql: str | None, schema: str | None, format_: str) -> None:
    """Lint the statements and the schema scripts: the file format, pydb's own rules, sqlfluff's house style.

    The project's [tool.sqlfluff] settings override the house style.
    """
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    schemas = project.schema_scripts(path, schema)
    report = lint(path, schemas, folder=project.file.parent if project.file else None, track=_track)
    counts = f"{report.files} files, {report.statements} statements"
    context.exit(print_findings(report.findings, format_, counts, report.examined))


def _track(jobs: list[Job]) -> Iterable[Job]:
    return counted(jobs, "linting", len(jobs))
