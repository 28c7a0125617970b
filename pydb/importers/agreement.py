"""Statements that a project has once an engine: their files in; those that disagree as comments, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydb.errors import SqlFileError
from pydb.importers.imported import Imported, ImportedFile
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import Parsed, parse_file

__all__ = ["agreed"]


def agreed(files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """The files with a comment for each statement whose row word, record or names differ from an earlier engine's.

    pydb has one function for all forms of a statement, and would load none of them.
    """
    known: dict[tuple[str, ...], dict[str | None, Parsed]] = {}
    made = []
    for file in files:
        statements = tuple(one if one.reason else _agreed(one, file, known) for one in file.statements)
        made.append(replace(file, statements=statements))
    return made


def _agreed(one: Imported, file: ImportedFile, known: dict[tuple[str, ...], dict[str | None, Parsed]]) -> Imported:
    (parsed,) = parse_file(one.text, file.source, ".".join(file.path), file.engine)
    forms = known.setdefault((*file.path, one.name), {})
    try:
        definition_of({**forms, file.engine: parsed})
    except SqlFileError as error:
        return replace(one, reason=f"it disagrees with another engine's: {error.message}")
    forms[file.engine] = parsed
    return one
