"""``pydb check``: statements, schemas and records in; findings and the number of proven statements out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pydb.cli.completion import complete_servers
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import no_cache_option, schema_option, sql_option
from pydb.cli.package import is_generated, is_whole, package_changes, stale_files
from pydb.cli.progress import counted
from pydb.cli.project_records import project_records
from pydb.cli.read_inputs import names_modules, read_inputs
from pydb.cli.report import FORMATS
from pydb.cli.servers import url_or_own_server
from pydb.cli.unchanged import Outcome, command_of
from pydb.findings import Finding
from pydb.project import Project, find_project, url_of
from pydb.sqlfile.definition import Definition
from pydb.support.plurals import number_of

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from pydb.check import CheckReport

__all__ = ["check_command", "database_urls"]


@click.command("check")
@sql_option
@schema_option
@click.option(
    "--db",
    "urls",
    metavar="URL",
    multiple=True,
    shell_complete=complete_servers,
    help="Also check on this server: a URL, or an engine's name; may be repeated.",
)
@click.option("--live", is_flag=True, help="Check the databases themselves, and change nothing in them.")
@no_cache_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@pass_done_so_far
@click.pass_context
def check_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    sql: str | None,
    schema: str | None,
    urls: tuple[str, ...],
    live: bool,
    no_cache: bool,
    format_: str,
) -> None:
    """Prove every statement against real databases, without running it.

    The SQLite database is in memory.  On each server of --db, a scratch database is created from the schema script and
    dropped at the end.  With an engine's name instead of a URL, the command starts a server and stops it at the end.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.check import CODES, Inputs, check

    done_so_far.set("the check is not finished")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    # A generated package is compared, not imported: a stale one may fail to import.
    compares = not live and is_generated(project)
    cache = None if no_cache else project.cache_folder
    asks_more = bool(sql or schema or urls or live or no_cache)
    inputs = read_inputs(project, command_of("check", format_), path, asks_more=asks_more)
    report = check(
        Inputs(
            sql=path,
            schemas=project.schema_scripts(path, schema),
            urls=database_urls(project, urls, live),
            records=None if compares else project_records(project),
            live=live,
            columns=project.columns,
            cache=cache,
        ),
        _track,
    )
    findings = [*report.findings, *(_stale(project, path, sql, report, cache) if compares else ())]
    outcome = Outcome(findings, report.examined, _counts(report), CODES)
    if inputs is not None and cache is not None and not names_modules(project, report.definitions):
        inputs.keep(cache, outcome)
    context.exit(outcome.show(format_))


def _stale(
    project: Project, path: str, option: str | None, report: CheckReport, cache: str | None
) -> Iterable[Finding]:
    """The findings C701; none if there is another error, because then nothing is generated."""
    if any(finding.level == "error" for finding in report.findings):
        return ()
    report.unchecked = [item for item in report.unchecked if not item.startswith("records (")]
    if not is_whole(project, option):
        report.unchecked.append(f"the generated package (--sql names a part of {project.sql}, or other files)")
        return ()
    described = report.definitions, report.described
    findings, changes = package_changes(project, path, *described, cache=cache, interface=report.interface)
    # A column without a type is reported when the package is written.
    return [*(finding for finding in findings if finding.level == "error"), *stale_files(changes)]


def _track(definitions: Sequence[Definition], product: str) -> Iterable[Definition]:
    return counted(definitions, product, len(definitions))


def database_urls(project: Project, given: tuple[str, ...], live: bool) -> list[URL]:
    """The databases to check; with ``live`` and no URL given, the database of the project.

    If a name of an engine is given, a server is started, which stops at the end of the command.
    """
    if live and not given:
        return [url_of(None, project)]
    return [url_of(url_or_own_server(url), project) for url in given]


def _counts(report: CheckReport) -> str:
    proven = ", ".join(f"{count:,} proven on {product}" for product, count in report.proven.items())
    unchecked = f"; not checked: {'; '.join(report.unchecked)}" if report.unchecked else ""
    checked, every = (sum(counts[place] for counts in report.variants.values()) for place in (0, 1))
    variants = f", {checked:,} of {every:,} variants checked" if every else ""
    return f"{number_of(report.statements, 'statement')}{variants}, {proven or 'none proven'}{unchecked}"
