"""Rename statements that differ between engines: the imported files in; the files with separate names out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydb.engines import default_engine
from pydb.errors import SqlFileError
from pydb.importers.imported import Imported, ImportedFile
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import Parsed, parse_file

__all__ = ["agreed"]


def agreed(files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """The files, with other names for statements whose row word, record or parameters differ from an earlier form.

    pydb has one function for all forms of a statement, so MariaDB's ``add`` is renamed to ``add_on_mariadb``.
    """
    known: dict[tuple[str, ...], dict[str | None, Parsed]] = {}
    made: dict[tuple[tuple[str, ...], str | None], ImportedFile] = {}
    for file in files:
        for one in file.statements or (None,):
            found, engine = (one, file.engine) if one is None or one.reason else _agreed(one, file, known)
            home = made.setdefault((file.path, engine), replace(file, engine=engine, statements=()))
            made[file.path, engine] = replace(home, statements=(*home.statements, *filter(None, (found,))))
    return list(made.values())


def _agreed(
    one: Imported, file: ImportedFile, known: dict[tuple[str, ...], dict[str | None, Parsed]]
) -> tuple[Imported, str | None]:
    """The statement with a name that fits, and its engine."""
    difference = _difference(one, file, file.engine, known)
    if difference is None:
        return one, file.engine
    engine = file.engine or default_engine()
    named = replace(one, name=f"{one.name}_on_{engine}")
    if _difference(named, file, engine, known) is not None:
        return replace(one, reason=f"it differs from the form of another engine: {difference}"), file.engine
    change = f"renamed to {named.name}, because it differs from the form of another engine: {difference}"
    return replace(named, changes=(*one.changes, change)), engine


def _difference(
    one: Imported, file: ImportedFile, engine: str | None, known: dict[tuple[str, ...], dict[str | None, Parsed]]
) -> str | None:
    """How a statement differs from the known forms; if it does not differ, it is added to them."""
    line = one.source.rpartition(":")[2]
    text = "\n" * (int(line) - 1 if line.isdigit() else 0) + one.text  # the difference names the source's line
    (parsed,) = parse_file(text, file.source, ".".join(file.path), engine)
    forms = known.setdefault((*file.path, one.name), {})
    try:
        definition_of({**forms, engine: parsed})
    except SqlFileError as error:
        return error.message
    forms[engine] = parsed
    return None
