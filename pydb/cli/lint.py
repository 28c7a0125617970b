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
from pydb.support.plurals import number_of

__all__ = ["lint_command"]


@click.command("lint")
@sql_option
@schema_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def lint_command(context: click.Context, sql: str | None, schema: str | None, format_: str) -> None:
    """Check the statements and the schema scripts with pydb's own rules and with sqlfluff.

    pydb has settings for sqlfluff; the project's [tool.sqlfluff] overrides them.
    """
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    schemas = project.schema_scripts(path, schema)
    report = lint(path, schemas, folder=project.file.parent if project.file else None, track=_track)
    counts = f"{number_of(report.files, 'file')}, {number_of(report.statements, 'statement')}"
    context.exit(print_findings(report.findings, format_, counts, report.examined))


def _track(jobs: list[Job]) -> Iterable[Job]:
    return counted(jobs, "linting", len(jobs))
