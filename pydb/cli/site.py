"""``pydb site``: a project's SQL, schema and databases in; a static site, written or checked to be current, out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import callers_option, engines_option, schema_option, servers_option, sql_option
from pydb.cli.package import generate_options
from pydb.cli.printing import say
from pydb.cli.progress import counted
from pydb.cli.report import FORMATS, print_findings
from pydb.cli.review import review_since
from pydb.cli.servers import scratch_servers
from pydb.cli.uses import found_callers
from pydb.engines import default_engine
from pydb.findings import Finding
from pydb.project import Project, find_project, url_of
from pydb.sqlfile.loader import read
from pydb.support.plurals import number_of

if TYPE_CHECKING:
    from pydb.check import Inputs
    from pydb.generate.files import Changes
    from pydb.prove.project import ProofReport
    from pydb.site.facts import SiteFacts

__all__ = ["site_command"]

STALE_PAGE = "S101"
CODES = {STALE_PAGE: "a page of the site is stale"}


@click.command("site")
@click.argument("folder", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@sql_option
@schema_option
@engines_option("Also describe this engine; may be repeated.")
@servers_option("Also describe the server at this URL; may be repeated.")
@callers_option("Show the calls in this folder of Python code; may be repeated.")
@click.option("--sizes", metavar="URL", help="Show the table sizes of this live database, and change nothing in it.")
@click.option("--prove", "proves", is_flag=True, help="Call every statement as `pydb prove` does, and show the result.")
@click.option("--review", "revision", metavar="REV", help="Add a review of the changes since this Git revision.")
@click.option("--title", help="The name of the site [default: the name in pyproject.toml].")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with code 1 if a page is stale.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@pass_done_so_far
@click.pass_context
def site_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    folder: Path,
    sql: str | None,
    schema: str | None,
    engines: tuple[str, ...],
    urls: tuple[str, ...],
    folders: tuple[Path, ...],
    sizes: str | None,
    proves: bool,
    revision: str | None,
    title: str | None,
    only_check: bool,
    format_: str,
) -> None:
    """Write a website about the tables and the statements into the folder OUT.

    The pages need no web server and no network.  Their contents come from a SQLite database in memory.  --engine and
    --db add other engines, each with a scratch database.  Files that pydb did not write for this project are not
    replaced.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.check import Inputs
    from pydb.generate.files import write
    from pydb.site.facts import SiteInputs, gather
    from pydb.site.files import site_changes, site_mark
    from pydb.site.pages import site_files

    done_so_far.set("no file was written")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    scripts = project.schema_scripts(path, schema)
    own = (default_engine(),) if default_engine() in scripts else ()
    servers = scratch_servers(project, (*own, *engines), urls)
    checked = Inputs(path, scripts, [url for url in servers.values() if url is not None], columns=project.columns)
    name, is_given = title or _name(project), bool(sql or schema)
    facts = gather(
        SiteInputs(
            title=name,
            check=checked,
            servers=servers,
            callers=found_callers(project, read(path, None), folders),
            proof=_proof(project, path, checked) if proves else None,
            sizes=url_of(sizes, project) if sizes is not None else None,
            review=review_since(revision, project, path, scripts, checked.urls, folders, is_given=is_given)
            if revision is not None
            else None,
        ),
        _track,
    )
    mark = site_mark(name, PurePosixPath(path).name)
    changes = site_changes(folder, site_files(facts, mark), mark)
    if only_check:
        context.exit(print_findings(_stale(changes), format_, _counts(facts), (), CODES, clean="the site is current"))
    write(changes, written=lambda: done_so_far.set("the site is written"))
    say(f"{_counts(facts)}: {_written(changes)}")


def _name(project: Project) -> str:
    """The project's name in pyproject.toml."""
    if project.file is None:
        return "Database"
    known = tomllib.loads(project.file.read_text(encoding="utf-8")).get("project", {})
    name = known.get("name") if isinstance(known, dict) else None
    return name if isinstance(name, str) and name.strip() else "Database"


def _proof(project: Project, path: str, checked: Inputs) -> ProofReport:
    from pydb.prove.project import ProofInputs, prove

    return prove(
        ProofInputs(checked, generate_options(project, path)), lambda names, what: _track(names, what, len(names))
    )


def _track(names: Iterable[str], what: str, count: int) -> Iterable[str]:
    return counted(names, what, count)


def _counts(facts: SiteFacts) -> str:
    tables = {name for report in facts.engines for name in report.usage.catalogue.tables}
    wrong = sum(finding.level == "error" for finding in facts.checked.findings)
    findings = f", {number_of(wrong, 'finding')} of pydb check" if wrong else ""
    return f"{number_of(len(tables), 'table')}, {number_of(len(facts.definitions), 'statement')}{findings}"


def _written(changes: Changes) -> str:
    if not changes:
        return f"{changes.folder} is current"
    done = [f"{number_of(len(changes.texts), 'file')} written"] if changes.texts else []
    done += [f"{len(changes.gone)} removed"] if changes.gone else []
    return f"{', '.join(done)}; open {changes.folder / 'index.html'}"


def _stale(changes: Changes) -> list[Finding]:
    stale = [(path, "is missing or does not match the project") for path in changes.texts]
    stale += [(path, "describes a table or statement that no longer exists") for path in changes.gone]
    hint = "run pydb site with the same options"
    return [
        Finding(os.path.relpath(changes.folder / path), 1, None, STALE_PAGE, f"the page {why}", hint=hint)
        for path, why in sorted(stale)
    ]
