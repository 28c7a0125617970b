"""``pydb lint``: .sql files in, findings out, and exit code 1 when there are any."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from pydb.cli.options import schema_option, sql_option
from pydb.cli.progress import counted
from pydb.cli.report import FORMATS, print_findings
from pydb.cli.settings import Project, find_project
from pydb.engines import default_engine, engine_names
from pydb.errors import PydbError
from pydb.lint import Job, lint

__all__ = ["lint_command"]


@click.command("lint")
@sql_option
@schema_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def lint_command(context: click.Context, sql: str | None, schema: str | None, form: str) -> None:
    """Lint the statements and the schema scripts: the file format, pydb's own rules, sqlfluff's house style.

    A [tool.sqlfluff] of the project is laid over the house style.
    """
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    schemas = _schemas(project, path, schema)
    report = lint(path, schemas, folder=project.file.parent if project.file else None, track=_track)
    counts = f"{report.files} files, {report.statements} statements"
    context.exit(print_findings(report.findings, form, counts))


def _track(jobs: list[Job]) -> Iterable[Job]:
    return counted(jobs, "linting", len(jobs))


def _schemas(project: Project, path: str, option: str | None) -> dict[str, str]:
    """The schema scripts that exist, by engine."""
    first = option or (project.schema_path(None, default_engine()) if project.schema else None)
    scripts = {default_engine(): first} if first else {}
    for engine in engine_names():
        scripts.setdefault(engine, os.path.join(path, engine, "schema.sql"))
    if option is not None and not Path(option).is_file():
        raise PydbError(f"there is no schema script {option}")
    return {engine: script for engine, script in scripts.items() if Path(script).is_file()}
