"""Write imported statements: statements of another tool in; the text of pydb's files, and a report, out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydb.engines import engine_names
from pydb.errors import PydbError, SqlFileError
from pydb.sqlfile.marks import has_mark
from pydb.sqlfile.parser import parse_file
from pydb.support.python_names import parameter_name

__all__ = ["Imported", "ImportedFile", "Report", "Reported", "as_name", "is_readable", "settled", "targets_of"]

_MADE = re.compile(r"-- Imported by pydb from .*; (?P<digest>[0-9a-f]{16})\n")
_NOT_A_NAME = re.compile(r"\W", re.ASCII)


@dataclass(frozen=True, slots=True)
class Imported:
    """One statement as pydb writes it, and its source.

    ``changes`` say what differs from the source.  If the statement cannot be imported, ``reason`` says why, and the
    statement is written as a comment.
    """

    name: str
    rows: str
    sql: str
    source: str
    record: str | None = None
    doc: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def text(self) -> str:
        """The statement with its header, or the comment that replaces the statement."""
        if self.reason:
            lines = [f"-- {self.name} ({self.source}) is not imported: {self.reason}"]
            return "\n".join([*lines, *map(_commented, self.sql.strip().split("\n"))]) + "\n"
        header = " ".join(filter(None, (f"-- name: {self.name} :{self.rows}", self.record)))
        return "\n".join([header, *(f"-- {line}".rstrip() for line in self.doc), self.sql.strip()]) + "\n"


def _commented(line: str) -> str:
    line = f"-- | {line}".rstrip()
    return f"{line} |" if has_mark(line) else line


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file: its ``path`` below the folder of statements, without ``.sql``, and its statements in order.

    ``engine`` is the engine of the source; None for statements that all engines read.
    """

    path: tuple[str, ...]
    statements: tuple[Imported, ...]
    source: str
    engine: str | None = None
    doc: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The file's text, which begins with a line about the import."""
        described = [f"-- {line}".rstrip() for line in self.doc]
        body = "\n\n".join(["\n".join(described) + "\n" if described else "", *(one.text for one in self.statements)])
        body = body.lstrip("\n")
        return f"-- Imported by pydb from {self.source}; {_digest(body)}\n{body}"

    def full_name(self, one: Imported) -> str:
        """The name of a statement of the file in pydb: ``users.by_id``."""
        return ".".join((*self.path, one.name))

    def target(self, folder: Path) -> Path:
        """The path of the file below the folder of statements."""
        overlay = () if self.engine is None else (self.engine,)
        return folder.joinpath(*overlay, *self.path).with_suffix(".sql")


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reported:
    """A statement of a report: its full ``name``, its ``engine`` (None for all), and the file that it is written to."""

    name: str
    engine: str | None
    target: Path
    one: Imported


@dataclass(slots=True)
class Report:
    """What was imported: ``unchanged`` statements, ``changed`` statements, and those ``left`` as comments.

    ``notes`` are not about a statement.  They say what must be done by hand.
    """

    unchanged: list[Reported] = field(default_factory=list)
    changed: list[Reported] = field(default_factory=list)
    left: list[Reported] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, files: Iterable[ImportedFile], folder: Path) -> None:
        """Make the report of files that are written below a folder."""
        for file in files:
            for one in file.statements:
                home = self.left if one.reason else self.changed if one.changes else self.unchanged
                home.append(Reported(file.full_name(one), file.engine, file.target(folder), one))


def as_name(text: str) -> str:
    """A name for a statement or a file: other characters than letters and digits are ``_``; ``class`` is ``class_``."""
    name = _NOT_A_NAME.sub("_", text)
    return parameter_name(f"n{name}" if not name or name[0].isdigit() else name.lstrip("_") or "n")


def settled(file: ImportedFile) -> list[ImportedFile]:
    """The file, with a comment instead of each statement that pydb cannot read or whose name already exists.

    A statement that not all engines can read is written into a separate file for the first engine that can.
    """
    names: Counter[str] = Counter()
    statements: list[Imported] = []
    alone: dict[str, list[Imported]] = {}
    for one in file.statements:
        names[one.name] += 1
        if names[one.name] > 1:
            one = replace(one, reason=f"the file already has a statement {one.name}")
        found = one if one.reason else _settled(one, file, file.engine)
        if found.reason and not one.reason and file.engine is None and (own := _for_one_engine(one, file)):
            alone.setdefault(own[0], []).append(own[1])
        else:
            statements.append(found)
    files = [replace(file, statements=tuple(statements))] if statements else []
    return files + [replace(file, engine=engine, statements=tuple(own)) for engine, own in alone.items()]


def is_readable(one: Imported, engine: str) -> bool:
    """Whether pydb can read a statement for one engine, with its row word or another one."""
    return not one.reason and not _settled(one, ImportedFile(("x",), (), one.source), engine).reason


def _for_one_engine(one: Imported, file: ImportedFile) -> tuple[str, Imported] | None:
    """The first engine that can read a statement, and the statement for it."""
    for engine in engine_names():
        found = _settled(one, file, engine)
        if not found.reason:
            return engine, replace(found, changes=(*found.changes, f"only for {engine}: not all engines can read it"))
    return None


def _settled(one: Imported, file: ImportedFile, engine: str | None) -> Imported:
    """The statement with a row word that fits its SQL; if there is none, as a comment."""
    refused = ""
    for rows in dict.fromkeys((one.rows, *_OTHER_ROWS.get(one.rows, ()))):
        tried = replace(one, rows=rows, record=one.record if rows in ("one", "maybe", "many") else None)
        try:
            parse_file(tried.text, file.source, ".".join(file.path), engine)
        except SqlFileError as error:
            refused = refused or " ".join(filter(None, (error.message, f"({error.hint})" if error.hint else "")))
            continue
        if rows != one.rows:
            change = f":{rows} instead of :{one.rows}, because of what its SQL returns"
            tried = replace(tried, changes=(*tried.changes, change))
        return tried
    return replace(one, reason=refused)


_OTHER_ROWS = {"affected": ("exec",), "many": ("affected", "exec"), "maybe": ("affected", "exec")}
"""The row words to try instead: DDL changes no rows, and some statements return none."""


def targets_of(files: Sequence[ImportedFile], schemas: Mapping[Path, str], folder: Path) -> dict[Path, str]:
    """The text of each file to write.  Raises PydbError for a file that already exists or that has two sources.

    A file that an earlier import wrote is replaced if it was not changed since then.
    """
    targets = dict(schemas)
    for target, text in schemas.items():
        if target.exists() and target.read_text("utf-8", errors="replace") != text:
            raise PydbError(f"{target} already exists", hint="move it, or import into another folder with --to")
    for file in files:
        target = file.target(folder)
        if target in targets:
            raise PydbError(f"two sources would be written to {target}", hint="rename one of them")
        if target.exists() and not _is_ours(target.read_text("utf-8", errors="replace")):
            hint = "move it, or import into another folder with --to"
            raise PydbError(
                f"{target} already exists, and was not written by an import or was changed since", hint=hint
            )
        targets[target] = file.text
    return targets


def _is_ours(text: str) -> bool:
    found = _MADE.match(text)
    return found is not None and found["digest"] == _digest(text[found.end() :])
