"""Load imported files together: files in; the files, with comments for statements that cannot be loaded, out.

Each statement was already read separately.  Some errors appear only when all files are read together, such as a
statement with the name of a folder, or two forms that do not agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydb.errors import PydbError, SqlFileError
from pydb.importers.imported import Imported, ImportedFile
from pydb.sqlfile.loader import read

__all__ = ["loadable"]


def loadable(files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """The files in a form that pydb's loader can read together.  Raises PydbError for a file that it cannot read."""
    found = list(files)
    while errors := _errors(found):
        by_name = {error.statement_name: error for error in errors}
        made = [
            replace(file, statements=tuple(_without(one, by_name.get(file.full_name(one))) for one in file.statements))
            for file in found
        ]
        if made == found:
            raise PydbError(f"the imported files cannot be loaded: {errors[0].message}", hint=errors[0].hint)
        found = made
    return found


def _without(one: Imported, error: SqlFileError | None) -> Imported:
    if error is None or one.reason:
        return one
    return replace(one, reason=" ".join(filter(None, (error.message, f"({error.hint})" if error.hint else ""))))


def _errors(files: Sequence[ImportedFile]) -> list[SqlFileError]:
    errors: list[SqlFileError] = []
    if not any(not one.reason for file in files for one in file.statements):
        return errors
    with TemporaryDirectory(prefix="pydb-import-") as folder:
        for file in files:
            target = file.target(Path(folder))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text, "utf-8")
        read(folder, None, errors.append)
    return errors
