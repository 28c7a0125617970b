"""Find what ``pydb check`` and ``pydb generate`` read: a project and a command in, its files and folders out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydb.cli.package import is_generated, package_folder
from pydb.cli.unchanged import RunInputs
from pydb.engines import engine_names
from pydb.project import Project
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.type_words import scalar_of

__all__ = ["names_modules", "read_inputs"]


def read_inputs(project: Project, command: tuple[str, ...], path: str, *, asks_more: bool) -> RunInputs | None:
    """The inputs of a command; None if its outcome depends on anything else.

    ``path`` contains the statements.  ``asks_more``: options name other files or databases.
    """
    if asks_more or project.file is None or project.records is not None:
        return None
    if project.package is not None and not is_generated(project):
        return None
    here = Path.cwd()
    above = [folder for folder in (here, *here.parents) if folder.is_relative_to(project.file.parent)]
    files = [folder / "pyproject.toml" for folder in above]
    scripts = (script for engine in engine_names() for script in project.schema_candidates(engine, path))
    trees = [path] if project.package is None else [path, str(package_folder(project))]
    listings = dict.fromkeys([str(project.file.parent), str(project.root)])
    return RunInputs(command, (*map(str, files), *scripts), tuple(trees), tuple(listings)).as_they_are()


def names_modules(project: Project, definitions: Iterable[Definition]) -> bool:
    """Whether a type is a class of a module: its file may be outside the project's."""
    types = (type_.name for one in definitions for type_ in (*one.parameter_types.values(), *one.column_types.values()))
    return any("." in scalar_of(word) for word in (*types, *project.columns.values()))
