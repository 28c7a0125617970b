"""``pydb generate``: the project's SQL and schema in; its typed package, written or checked to be up to date, out."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from pydb.cli.check import database_urls
from pydb.cli.completion import complete_servers
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import no_cache_option, schema_option, sql_option
from pydb.cli.package import is_shared, package_changes, package_sql, stale_files
from pydb.cli.read_inputs import names_modules, read_inputs
from pydb.cli.report import FORMATS, print_findings
from pydb.cli.unchanged import Outcome, command_of
from pydb.errors import PydbError
from pydb.project import find_project
from pydb.support.plurals import number_of

if TYPE_CHECKING:
    from pydb.generate import Changes

__all__ = ["generate_command"]


@click.command("generate")
@sql_option
@schema_option
@click.option(
    "--db",
    "urls",
    metavar="URL",
    multiple=True,
    shell_complete=complete_servers,
    help="Also use the types of this server: a URL, or an engine's name; may be repeated.",
)
@click.option("--live", is_flag=True, help="Read the types from the databases themselves, and change nothing in them.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with code 1 if a file is stale.")
@no_cache_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@pass_done_so_far
@click.pass_context
def generate_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    sql: str | None,
    schema: str | None,
    urls: tuple[str, ...],
    live: bool,
    only_check: bool,
    no_cache: bool,
    format_: str,
) -> None:
    """Write the typed Python package of the SQL: records, and a function for each statement.

    The types are read from scratch databases that are created from the schema: one in memory on SQLite, and one on each
    server of --db.  With --live, they are read from the databases themselves.  Nothing is written if `pydb check` finds
    an error or if a type is unknown.  A file that pydb did not write for this package is never replaced.  If --sql
    names one .sql file, only its module and the shared files are written, and no file is removed.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.check import CODES, Inputs, check
    from pydb.generate import write

    done_so_far.set("no file was written")
    project = find_project(Path.cwd())
    if project.package is None:
        raise PydbError("no package is configured", hint='write in pyproject.toml: [tool.pydb] package = "app.db"')
    path, only = package_sql(project, sql)
    scripts = project.schema_scripts(path, schema)
    databases = database_urls(project, urls, live)
    cache = None if no_cache else project.cache_folder
    asks_more = bool(sql or schema or urls or live or no_cache)
    inputs = read_inputs(project, command_of("generate", format_, check=only_check), path, asks_more=asks_more)
    report = check(Inputs(path, scripts, databases, live=live, columns=project.columns, cache=cache))
    errors = [finding for finding in report.findings if finding.level == "error"]
    counts = f"{project.package}: {number_of(report.statements, 'statement')}"
    if errors:
        context.exit(print_findings(errors, format_, counts, report.examined, CODES))
    described = report.definitions, report.described
    findings, changes = package_changes(project, path, *described, only, cache, report.interface)
    outcome = Outcome(findings, report.examined, counts, CODES, lists=bool(findings), closing=_closing(counts, changes))
    if only_check or any(finding.level == "error" for finding in findings):
        outcome = Outcome([*findings, *stale_files(changes)], report.examined, counts, CODES)
    elif shared := _shared(changes) if only else None:
        message = f"{only} needs a new {shared}, which other .sql files share"
        raise PydbError(message, hint="run pydb generate without --sql")
    elif changes.texts or changes.gone:
        write(changes, written=lambda: done_so_far.set("the package is written"))
        inputs = None  # the files have changed since this run read them
    if inputs is not None and cache is not None and not names_modules(project, report.definitions):
        inputs.keep(cache, outcome)
    context.exit(outcome.show(format_))


def _shared(changes: Changes) -> PurePosixPath | None:
    """A file that would be written, and that contains code of several .sql files; None if there is no such file."""
    from pydb.generate import TYPES

    return next((path for path in changes.texts if is_shared(path) and path != TYPES), None)


def _closing(counts: str, changes: Changes) -> str:
    done = [f"{number_of(len(changes.texts), 'file')} written"] if changes.texts else []
    done += [f"{len(changes.gone)} removed"] if changes.gone else []
    return f"{counts}: {', '.join(done) or 'up to date'}"
