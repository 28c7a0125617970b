"""``pydb prove``: statements in; findings from calls on every engine, and a closing line with counts, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from pydb.cli.check import database_urls
from pydb.cli.completion import complete_servers, complete_statements_and_files
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import schema_option, sql_option
from pydb.cli.package import generate_options
from pydb.cli.progress import counted
from pydb.cli.report import FORMATS, print_findings
from pydb.errors import PydbError
from pydb.project import find_project
from pydb.support.plurals import number_of

__all__ = ["prove_command"]


@click.command("prove")
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_statements_and_files)
@sql_option
@schema_option
@click.option(
    "--db",
    "urls",
    metavar="URL",
    multiple=True,
    shell_complete=complete_servers,
    help="Also call on this server: a URL, or an engine's name; may be repeated.",
)
@click.option(
    "--rows", type=click.IntRange(1, 100), default=8, show_default=True, help="The number of rows in each table."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the rows' random values.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@pass_done_so_far
@click.pass_context
def prove_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    names: tuple[str, ...],
    sql: str | None,
    schema: str | None,
    urls: tuple[str, ...],
    rows: int,
    seed: int,
    format_: str,
) -> None:
    """Call every statement on every engine, and compare the answers.

    NAME is a statement (users.by_id) or a file of statements (users).  A scratch database is created on SQLite and on
    each server of --db.  All of them get the same rows, which satisfy every constraint.  Findings are calls that fail,
    values that are not of the declared type, and results that differ between engines.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.check import CODES as CHECKED
    from pydb.check import Inputs
    from pydb.prove.codes import CODES
    from pydb.prove.project import ProofInputs, products, prove

    done_so_far.set("the proof is not finished")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    checked = Inputs(
        path, project.schema_scripts(path, schema), database_urls(project, urls, False), columns=project.columns
    )
    report = prove(ProofInputs(checked, generate_options(project, path), names, rows, seed), _track)
    if not report.statements and not report.findings:
        raise PydbError("there is no statement to call", hint="pydb list shows all names")
    counts = "no statement was called"
    if report.statements:
        counts = (
            f"{number_of(report.statements, 'statement')}, {number_of(report.calls, 'call')} "
            f"on {products(report.engines)}"
        )
    context.exit(
        print_findings(report.findings, format_, counts, report.examined, {**CHECKED, **CODES}, clean="not refuted")
    )


def _track(names: Sequence[str], what: str) -> Iterable[str]:
    return counted(names, what, len(names))
