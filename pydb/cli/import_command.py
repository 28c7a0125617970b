"""``pydb import``: the files of another tool, a program or models in; .sql files and a report out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import engines_option
from pydb.cli.printing import print_json, say
from pydb.engines import default_engine, engine_names
from pydb.importers.aiosql import import_aiosql
from pydb.importers.imported import ImportedFile, Report, Reported, targets_of
from pydb.importers.loadable import loadable
from pydb.importers.models import metadata_named, schema_of, statements_of
from pydb.importers.program import import_program
from pydb.importers.pugsql import import_pugsql
from pydb.importers.sources import source_text
from pydb.importers.sqlc import import_sqlc, projects_of, schemas_of
from pydb.support.file_sets import write_files
from pydb.support.plurals import number_of

__all__ = ["import_group"]


@click.group("import")
def import_group() -> None:
    """Import statements from another tool, from a program, or from models.

    SQL that pydb cannot express becomes a comment with the reason in the new files, and the report counts it.  Files
    are written only below --to; schema.sql is written beside that folder.  No existing file is overwritten, except one
    that an import has written and that has not been edited since.
    """


def _options(command: Any) -> Any:
    for option in (
        click.option(
            "--to",
            "folder",
            default="sql",
            show_default=True,
            type=click.Path(path_type=Path),
            help="The folder of the .sql files.",
        ),
        click.option("--dry-run", is_flag=True, help="Report what would be written, and write nothing."),
        click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True),
    ):
        command = option(command)
    return command


_schema = click.option(
    "--schema",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A schema script; its columns replace the * of SELECT *.",
)
_engine = click.option("--engine", type=click.Choice(engine_names()), help="The engine of the SQL [default: all].")
_source = click.argument("source", metavar="PATH", type=click.Path(exists=True, path_type=Path))


@import_group.command("aiosql")
@_source
@_schema
@_engine
@_options
@pass_done_so_far
def aiosql_command(done: DoneSoFar, /, source: Path, schema: Path | None, engine: str | None, **options: Any) -> None:
    """Import the files of aiosql below PATH."""
    _finish(done, import_aiosql(source, _text(schema), engine), [], {}, **options)


@import_group.command("pugsql")
@_source
@_schema
@_engine
@_options
@pass_done_so_far
def pugsql_command(done: DoneSoFar, /, source: Path, schema: Path | None, engine: str | None, **options: Any) -> None:
    """Import the files of PugSQL below PATH."""
    _finish(done, import_pugsql(source, _text(schema), engine), [], {}, **options)


@import_group.command("sqlc")
@_source
@_schema
@_engine
@_options
@pass_done_so_far
def sqlc_command(
    done: DoneSoFar, /, source: Path, schema: Path | None, engine: str | None, folder: Path, **options: Any
) -> None:
    """Import the sqlc project or queries below PATH, with the schema."""
    schemas = {} if schema else schemas_of(projects_of(source, engine))
    targets = {_schema_file(folder, name): text for name, text in schemas.items()}
    _finish(done, import_sqlc(source, _text(schema), engine), [], targets, folder=folder, **options)


@import_group.command("python")
@_source
@_schema
@_engine
@_options
@pass_done_so_far
def python_command(done: DoneSoFar, /, source: Path, schema: Path | None, engine: str | None, **options: Any) -> None:
    """Import the SQL strings of the Python program below PATH, and list the calls to change."""
    files, notes = import_program(source, _text(schema), engine)
    _finish(done, files, notes, {}, **options)


@import_group.command("sqlalchemy")
@click.argument("name", metavar="MODULE:METADATA")
@engines_option("Write a schema script for this engine; may be repeated [default: all].")
@_options
@pass_done_so_far
def sqlalchemy_command(done: DoneSoFar, /, name: str, engines: tuple[str, ...], folder: Path, **options: Any) -> None:
    """Import SQLAlchemy's models as a schema script for each engine, and common statements for each table."""
    metadata = metadata_named(name)
    chosen = engines or tuple(engine_names())
    targets = {_schema_file(folder, engine): schema_of(metadata, engine) for engine in chosen}
    _finish(done, statements_of(metadata, name), [], targets, folder=folder, **options)


def _schema_file(folder: Path, engine: str) -> Path:
    return folder.parent / "schema.sql" if engine == default_engine() else folder / engine / "schema.sql"


def _text(file: Path | None) -> str | None:
    return None if file is None else source_text(file)


def _finish(
    done: DoneSoFar,
    files: Sequence[ImportedFile],
    notes: Sequence[str],
    schemas: dict[Path, str],
    *,
    folder: Path,
    dry_run: bool,
    format_: str,
) -> None:
    """Write the imported statements, unless it is a dry run, and print the report."""
    done.set("no file was written")
    files = loadable(files)
    report = Report(notes=list(notes))
    report.count(files, folder)
    targets = targets_of(files, schemas, folder)
    if not dry_run:
        write_files(targets)
        done.set(f"{number_of(len(targets), 'file')} written")
    if format_ == "json":
        print_json(_as_json(report, sorted(targets), dry_run=dry_run))
    else:
        _tell(report, sorted(targets), dry_run=dry_run)


def _as_json(report: Report, files: Sequence[Path], *, dry_run: bool) -> dict[str, Any]:
    return {
        "imported": len(report.unchanged) + len(report.changed),
        "unchanged": [_statement(one) for one in report.unchanged],
        "changed": [{**_statement(one), "changes": list(one.one.changes)} for one in report.changed],
        "left": [{**_statement(one), "reason": one.one.reason} for one in report.left],
        "notes": report.notes,
        "files": [path.as_posix() for path in files],
        "written": not dry_run,
    }


def _statement(one: Reported) -> dict[str, Any]:
    return {
        "statement": one.name,
        "engine": one.engine,
        "source": one.one.source,
        "file": one.target.as_posix(),
    }


def _tell(report: Report, files: Sequence[Path], *, dry_run: bool) -> None:
    for one in report.changed:
        say(f"{one.one.source}: {one.one.name}: {'; '.join(one.one.changes)}")
    for one in report.left:
        say(f"{one.one.source}: {one.one.name} is not imported: {one.one.reason}")
    for note in report.notes:
        say(note)
    if dry_run:
        for path in files:
            say(f"{path}: would be written")
    imported = number_of(len(report.unchanged) + len(report.changed), "statement")
    say(
        f"{imported} imported, {len(report.changed)} of them changed; "
        f"{len(report.left):,} not imported (written as comments); "
        f"{number_of(len(files), 'file')} {'would be ' if dry_run else ''}written"
    )
