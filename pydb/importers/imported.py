"""What an importer has found: statements of another tool in; the text of pydb's files, and a report, out."""

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
    """One statement: as pydb has it, and where it comes from.

    ``changes`` say what is different from the source.  With a ``reason`` it stands as a comment, for it does not map.
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
        """The statement with its header, or the comment that stands for it."""
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

    ``engine`` is the engine that the source is written for; None for statements that all engines shall read.
    """

    path: tuple[str, ...]
    statements: tuple[Imported, ...]
    source: str
    engine: str | None = None
    doc: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The file's text, which begins with a line that says who has written it."""
        described = [f"-- {line}".rstrip() for line in self.doc]
        body = "\n\n".join(["\n".join(described) + "\n" if described else "", *(one.text for one in self.statements)])
        body = body.lstrip("\n")
        return f"-- Imported by pydb from {self.source}; {_digest(body)}\n{body}"

    def full_name(self, one: Imported) -> str:
        """The name by which pydb knows a statement of the file: ``users.by_id``."""
        return ".".join((*self.path, one.name))

    def target(self, folder: Path) -> Path:
        """Where it is written below the folder of statements."""
        overlay = () if self.engine is None else (self.engine,)
        return folder.joinpath(*overlay, *self.path).with_suffix(".sql")


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reported:
    """A statement of a report: its full ``name``, its ``engine``, None for all, and the file that it is written to."""

    name: str
    engine: str | None
    target: Path
    one: Imported


@dataclass(slots=True)
class Report:
    """What was imported: statements as they are, ``changed`` ones and those that are ``left``, with the reasons.

    ``notes`` are about no statement: what a reader of the report has to do by hand.
    """

    unchanged: list[Reported] = field(default_factory=list)
    changed: list[Reported] = field(default_factory=list)
    left: list[Reported] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, files: Iterable[ImportedFile], folder: Path) -> None:
        """Count what is in files that are written below a folder."""
        for file in files:
            for one in file.statements:
                home = self.left if one.reason else self.changed if one.changes else self.unchanged
                home.append(Reported(file.full_name(one), file.engine, file.target(folder), one))


def as_name(text: str) -> str:
    """A name for a statement or a file: what is no letter, digit or ``_`` is ``_``, and ``class`` is ``class_``."""
    name = _NOT_A_NAME.sub("_", text)
    return parameter_name(f"n{name}" if not name or name[0].isdigit() else name.lstrip("_") or "n")


def settled(file: ImportedFile) -> list[ImportedFile]:
    """The file with a comment for each statement that pydb cannot read, or whose name is taken.

    A statement that not all engines read goes into a file of its own for the first engine that does.
    """
    names: Counter[str] = Counter()
    statements: list[Imported] = []
    alone: dict[str, list[Imported]] = {}
    for one in file.statements:
        names[one.name] += 1
        if names[one.name] > 1:
            one = replace(one, reason=f"the name {one.name} is taken in this file")
        found = one if one.reason else _settled(one, file, file.engine)
        if found.reason and not one.reason and file.engine is None and (own := _for_one_engine(one, file)):
            alone.setdefault(own[0], []).append(own[1])
        else:
            statements.append(found)
    files = [replace(file, statements=tuple(statements))] if statements else []
    return files + [replace(file, engine=engine, statements=tuple(own)) for engine, own in alone.items()]


def is_readable(one: Imported, engine: str) -> bool:
    """Whether pydb reads a statement, with this or another row word, as one for an engine alone."""
    return not one.reason and not _settled(one, ImportedFile(("x",), (), one.source), engine).reason


def _for_one_engine(one: Imported, file: ImportedFile) -> tuple[str, Imported] | None:
    """The first engine that reads a statement, and the statement for it."""
    for engine in engine_names():
        found = _settled(one, file, engine)
        if not found.reason:
            return engine, replace(
                found, changes=(*found.changes, f"it is for {engine} alone: not all engines read it")
            )
    return None


def _settled(one: Imported, file: ImportedFile, engine: str | None) -> Imported:
    """The statement with the row word that its SQL can answer, or as a comment."""
    refused = ""
    for rows in dict.fromkeys((one.rows, *_OTHER_ROWS.get(one.rows, ()))):
        tried = replace(one, rows=rows, record=one.record if rows in ("one", "maybe", "many") else None)
        try:
            parse_file(tried.text, file.source, ".".join(file.path), engine)
        except SqlFileError as error:
            refused = refused or " ".join(filter(None, (error.message, f"({error.hint})" if error.hint else "")))
            continue
        if rows != one.rows:
            told = f":{rows} instead of :{one.rows}, which its SQL cannot answer"
            tried = replace(tried, changes=(*tried.changes, told))
        return tried
    return replace(one, reason=refused)


_OTHER_ROWS = {"affected": ("exec",), "many": ("affected", "exec"), "maybe": ("affected", "exec")}
"""What to try where a row word does not fit: DDL changes no rows, and what returns none cannot be asked for them."""


def targets_of(files: Sequence[ImportedFile], schemas: Mapping[Path, str], folder: Path) -> dict[Path, str]:
    """The text of each file to write.  Raises PydbError for one that is there already, or that has two sources.

    A file that an earlier import has written, and nobody has changed since, is written anew.
    """
    targets = dict(schemas)
    for target, text in schemas.items():
        if target.exists() and target.read_text("utf-8", errors="replace") != text:
            raise PydbError(f"{target} is there already", hint="move it away, or import into another folder with --to")
    for file in files:
        target = file.target(folder)
        if target in targets:
            raise PydbError(f"two sources would be written to {target}", hint="rename one of them")
        if target.exists() and not _is_ours(target.read_text("utf-8", errors="replace")):
            hint = "move it away, or import into another folder with --to"
            raise PydbError(f"{target} is there already, and no import has written it as it is", hint=hint)
        targets[target] = file.text
    return targets


def _is_ours(text: str) -> bool:
    found = _MADE.match(text)
    return found is not None and found["digest"] == _digest(text[found.end() :])
