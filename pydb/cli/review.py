"""``pydb review``: a Git revision in; the changes since then, statement by statement, out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.engine import URL

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import callers_option, engines_option, schema_option, servers_option, sql_option
from pydb.cli.package import generate_options
from pydb.cli.printing import say, write_text
from pydb.cli.servers import scratch_servers
from pydb.cli.uses import found_callers
from pydb.project import Project, find_project
from pydb.sqlfile.definition import Definition

if TYPE_CHECKING:
    from pydb.migrations.rolling import Version
    from pydb.review.model import Review
    from pydb.usage.callers import Caller

__all__ = ["review_command", "review_since"]


@click.command("review")
@click.argument("revision", metavar="REV")
@sql_option
@schema_option
@engines_option("Also compare on this engine; may be repeated.")
@servers_option("Also compare on the server at this URL; may be repeated.")
@callers_option("Search this folder of Python code for calls; may be repeated.")
@click.option("--format", "format_", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True)
@pass_done_so_far
def review_command(
    done_so_far: DoneSoFar,
    revision: str,
    sql: str | None,
    schema: str | None,
    engines: tuple[str, ...],
    urls: tuple[str, ...],
    folders: tuple[Path, ...],
    format_: str,
) -> None:
    """Show what has changed since the Git revision REV, statement by statement.

    For each statement that differs, show its SQL, its Python signature, its plan on each engine, its tables and
    columns, and whether the old and the new program can run side by side.  The SQLite database is in memory.  --engine
    and --db add other engines, each with a scratch database.  No statement is run.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.review.as_json import review_json
    from pydb.review.as_markdown import review_markdown
    from pydb.review.as_text import review_text

    done_so_far.set("the review is not finished")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    found = review_since(
        *(revision, project, path, project.schema_scripts(path, schema)),
        [url for url in scratch_servers(project, engines, urls).values() if url is not None],
        folders,
        is_given=bool(sql or schema),
    )
    if format_ == "json":
        write_text(review_json(found))
    elif format_ == "markdown":
        write_text(review_markdown(found))
    else:
        say(review_text(found), keep="\n\t")


def review_since(
    revision: str,
    project: Project,
    path: str,
    scripts: Mapping[str, str],
    urls: Sequence[URL],
    folders: tuple[Path, ...],
    *,
    is_given: bool,
) -> Review:
    """Compare the project's files with those at a revision; ``folders`` contain the Python callers.

    ``is_given``: options, not the project's settings, name the files.
    """
    from pydb.migrations.revision import files_at
    from pydb.migrations.rolling import Version
    from pydb.review.project import ReviewInputs, review

    def callers(definitions: Iterable[Definition]) -> Mapping[str, tuple[Caller, ...]]:
        found = found_callers(project, definitions, folders)
        return {} if found is None else found.callers

    new = Version("this version", path, scripts)
    root = project.file.parent if project.file is not None else Path.cwd()
    with files_at(revision, root) as folder:
        return review(
            ReviewInputs(
                old=_old_version(revision, folder, root, new, is_given=is_given),
                new=new,
                urls=urls,
                columns=project.columns,
                options=generate_options(project, path),
                shown=lambda file: _shown(file, folder, root),
                callers=callers if folders else None,
            )
        )


def _old_version(revision: str, folder: Path, root: Path, new: Version, *, is_given: bool) -> Version:
    """The version at a revision, by its pyproject.toml; with options or without that file, at the current paths."""
    project = find_project(folder)
    if not is_given and project.file is not None and project.file.is_relative_to(folder) and project.sql is not None:
        sql = project.sql_path(None)
        return replace(new, name=revision, sql=sql, schemas=project.schema_scripts(sql, None))
    there = {engine: folder / os.path.relpath(file, root) for engine, file in new.schemas.items()}
    schemas = {engine: str(file) for engine, file in there.items() if file.is_file()}
    return replace(new, name=revision, sql=str(folder / os.path.relpath(new.sql, root)), schemas=schemas)


def _shown(file: str, folder: Path, root: Path) -> str:
    path = Path(file)
    return os.path.relpath(root / path.relative_to(folder)) if path.is_relative_to(folder) else file
