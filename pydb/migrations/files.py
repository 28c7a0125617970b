"""Read migration files: a folder in; the migrations of one engine with their statements, by number, out.

``0007_name.sql`` is migration 7; ``postgresql/0007_name.sql`` is the form of that engine, and ``0007_name.down.sql``
undoes it.  Lines before the first statement that begin with ``-- pydb:`` say how the file is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pydb.engines import engine_names, registration
from pydb.engines.base import rules_of
from pydb.errors import MigrationError, SqlFileError
from pydb.sqlfile.loader import file_text
from pydb.support.suggestions import nearest

__all__ = ["ACCEPT", "DRAFT", "OUTSIDE", "Migration", "directive_lines", "down_file", "read_migrations"]

OUTSIDE = "outside a transaction"
DRAFT = "DRAFT"
ACCEPT = "accept"
_DIRECTIVES = (OUTSIDE, DRAFT, ACCEPT)

_NAME = re.compile(r"(\d{1,18})_(\w[\w-]*)\.sql", re.ASCII)
_DOWN = ".down.sql"
_DIRECTIVE = re.compile(r"--[ \t]*pydb[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Migration:
    """One file: its number, its name with the number (``0007_name``), and its text as one engine reads it."""

    version: int
    name: str
    file: str
    engine: str

    @cached_property
    def text(self) -> str:
        """The text of the file.  Raises SqlFileError."""
        return file_text(self.file).replace("\r\n", "\n")

    @cached_property
    def statements(self) -> tuple[tuple[int, str], ...]:
        """Each statement with the number of its first line.  Raises MigrationError for a file without statements."""
        found = tuple(rules_of(self.engine).statements(self.text))
        if not found:
            raise MigrationError("the file has no statement", file=self.file, hint="write one, or remove the file")
        return found

    @cached_property
    def directives(self) -> tuple[tuple[int, str], ...]:
        """The ``-- pydb:`` lines before the first statement, with their numbers.  Raises MigrationError."""
        first = self.statements[0][0]
        lines = [(number, directive) for number, directive in directive_lines(self.text) if number < first]
        for number, directive in lines:
            _check_directive(directive, self.file, number)
        return tuple(lines)

    @property
    def is_outside(self) -> bool:
        """Whether each statement runs by itself, outside a transaction."""
        return any(directive.lower() == OUTSIDE for _, directive in self.directives)

    @property
    def draft_line(self) -> int | None:
        """The number of the line that says that the file is a draft."""
        return next((number for number, directive in self.directives if directive.startswith(DRAFT)), None)

    def checksum(self, count: int | None = None) -> str:
        """The checksum of the first ``count`` statements, by default all, without the comments between them."""
        done = self.statements[: len(self.statements) if count is None else count]
        return sha256("\0".join(text for _, text in done).encode()).hexdigest()


def directive_lines(text: str) -> Iterator[tuple[int, str]]:
    """The ``-- pydb:`` lines of a text: their numbers, and what they say."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _DIRECTIVE.match(line):
            yield number, match[1]


def _check_directive(directive: str, file: str, line: int) -> None:
    known = directive.lower() == OUTSIDE or directive.startswith(DRAFT) or directive.split(" ")[0] == ACCEPT
    if not known:
        hint = nearest(directive, _DIRECTIVES) or f"one of: {', '.join(_DIRECTIVES)}"
        raise MigrationError(f"unknown directive -- pydb: {directive}", file=file, line=line, hint=hint)


def read_migrations(folder: str, engine: str) -> tuple[Migration, ...]:
    """The migrations of a folder as ``engine`` reads them, by number.

    Raises MigrationError for a missing folder, a name without a number, and a number of two files.
    """
    shared = _files(Path(folder), engine)
    own: dict[int, Migration] = {}
    for overlay in reversed(registration(engine).overlays):
        own |= _files(Path(folder) / overlay, engine) if (Path(folder) / overlay).is_dir() else {}
    for version in shared.keys() & own.keys():
        if shared[version].name != own[version].name:
            raise MigrationError(
                f"{Path(shared[version].file).name} also has the number {version}",
                file=own[version].file,
                hint="give an engine's own form the name of the shared file, and another migration another number",
            )
    return tuple(migration for _, migration in sorted({**shared, **own}.items()))


def down_file(migration: Migration) -> Migration | None:
    """The file that undoes a migration, if there is one, in the same folder."""
    file = Path(migration.file).with_name(migration.name + _DOWN)
    return Migration(migration.version, migration.name, str(file), migration.engine) if file.is_file() else None


def _files(folder: Path, engine: str) -> dict[int, Migration]:
    if not folder.is_dir():
        raise MigrationError("the folder does not exist", file=str(folder), hint="name the folder of the migrations")
    found: dict[int, Migration] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            _check_folder(path)
        if not path.name.endswith(".sql") or path.name.startswith("."):
            continue
        match = _NAME.fullmatch(path.name.removesuffix(_DOWN) + ".sql" if path.name.endswith(_DOWN) else path.name)
        if match is None:
            raise MigrationError(
                "the file's name has no number", file=str(path), hint="name it like 0001_name.sql or 0001_name.down.sql"
            )
        if path.name.endswith(_DOWN):
            continue
        version = int(match[1])
        if version in found:
            raise MigrationError(
                f"{Path(found[version].file).name} also has the number {version}", file=str(path), hint="renumber one"
            )
        found[version] = Migration(version, path.name.removesuffix(".sql"), str(path), engine)
    return found


def _check_folder(path: Path) -> None:
    if path.name in engine_names():
        return
    meant = next((name for name in engine_names() if path.name in registration(name).also_called), None)
    if meant is not None and any(path.glob("*.sql")):
        raise SqlFileError(f"no engine is named {path.name}", file=str(path), hint=f"rename the folder to {meant}")
