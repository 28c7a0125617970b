"""``pydb generate``: the project's SQL and schema in, its typed package written, or checked to be up to date."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from pydb.cli.check import schema_scripts
from pydb.cli.options import schema_option, sql_option
from pydb.cli.report import FORMATS, print_findings
from pydb.cli.settings import Project, find_project, importing_from, url_of
from pydb.errors import PydbError
from pydb.findings import Finding
from pydb.queries import read
from pydb.statement import Definition

if TYPE_CHECKING:
    from pydb.describe import DescribedStatement
    from pydb.generate import Changes

__all__ = ["generate_command", "package_changes", "stale_files"]


@click.command("generate")
@sql_option
@schema_option
@click.option("--db", "urls", metavar="URL", multiple=True, help="A server that adds its types; may be repeated.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a file is stale.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def generate_command(
    context: click.Context, sql: str | None, schema: str | None, urls: Sequence[str], only_check: bool, form: str
) -> None:
    """Write the typed package for the SQL: records, and a function for each statement.

    The types come from the schema in a SQLite database in memory, and from the server of each --db.  Nothing is
    written when `pydb check` finds an error or a type cannot be told, and no file that pydb did not write is
    replaced.  docs/generate.md explains each code.
    """
    # Its libraries are an extra, which the other commands do without.
    from pydb.check import Inputs, check
    from pydb.generate import write

    project = find_project(Path.cwd())
    _check_configured(project)
    path = project.sql_path(sql)
    report = check(Inputs(path, schema_scripts(project, path, schema), [url_of(url, project) for url in urls]))
    errors = [finding for finding in report.findings if finding.level == "error"]
    counts = f"{project.package}: {report.statements} statements"
    if errors:
        context.exit(print_findings(errors, form, counts))
    findings, changes = package_changes(project, path, read(path), report.described)
    if findings or only_check:
        context.exit(print_findings([*findings, *stale_files(changes)], form, counts))
    write(changes)
    done = [f"{len(changes.texts)} files written"] if changes.texts else []
    done += [f"{len(changes.gone)} removed"] if changes.gone else []
    click.echo(f"{counts}: {', '.join(done) or 'up to date'}")


def package_changes(
    project: Project, path: str, definitions: Iterable[Definition], described: Iterable[DescribedStatement]
) -> tuple[Sequence[Finding], Changes]:
    """What has to happen to the package's files; nothing where there are findings."""
    from pydb.generate import Changes, Options, changes, generate

    _check_configured(project)
    root = project.root
    folder = root.joinpath(*(project.package or "").split("."))
    options = Options(
        package=project.package or "",
        sql=Path(os.path.relpath(path, folder)).as_posix(),
        by_hand=_by_hand(project),
        bases=project.bases,
        own=frozenset(entry.stem for entry in root.iterdir() if entry.is_dir() or entry.suffix == ".py"),
    )
    files, findings = generate(definitions, described, path, options)
    return findings, Changes(folder, {}, ()) if findings else changes(folder, files)


def stale_files(plan: Changes, code: str = "C701") -> list[Finding]:
    """A finding for each file that is not as it would be written."""
    stale = [(path, "is missing or is not what its SQL says") for path in plan.texts]
    stale += [(path, "is generated, but its SQL is gone") for path in plan.gone]
    return [
        Finding(os.path.relpath(plan.folder / path), 1, None, code, f"the file {why}", hint="run pydb generate")
        for path, why in sorted(stale)
    ]


def _check_configured(project: Project) -> None:
    if project.package is None:
        raise PydbError("no package is configured", hint='write in pyproject.toml: [tool.pydb] package = "app.db"')


def _by_hand(project: Project) -> ModuleType | None:
    if project.records is None:
        return None
    try:
        with importing_from(project.root):
            return importlib.import_module(project.records)
    except Exception as error:
        raise PydbError(
            f"[tool.pydb] records: {project.records} cannot be imported: {type(error).__name__}: {error}",
            hint="it must not import the generated package",
        ) from error
