"""Read the sources of importers: a folder of SQL files in; their headers, comments and statements out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydb.engines import default_engine
from pydb.errors import PydbError
from pydb.importers.agreement import agreed
from pydb.importers.imported import Imported, ImportedFile, as_name, settled
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.loader import engine_meant
from pydb.sqlfile.marks import has_mark

__all__ = [
    *("SourceFile", "cut_at_headers", "ends_in_semicolon", "files_of", "nameless", "notes_of", "script_reason"),
    *("source_text", "sql_files", "without_notes"),
]

_NOTE = re.compile(r"[ \t]*--[ \t]?(?P<text>[^\n]*)")
_NOTES = re.compile(r"\A(?:[ \t]*--[^\n]*(?:\n|\Z)|[ \t]*\n)*")


class SourceFile(NamedTuple):
    """A file of SQL: its ``engine`` (None for all), the parts of its name in pydb, and its path."""

    engine: str | None
    parts: tuple[str, ...]
    file: Path


def sql_files(source: Path, engine: str | None = None) -> list[SourceFile]:
    """The .sql files of a folder, or one file.  Raises PydbError if there is none.

    With ``engine``, all files are only for that engine.  Without it, files below a folder with an engine's name are for
    that engine.
    """
    if source.is_file():
        return [SourceFile(engine, _parts((source.stem,)), source)]
    if not source.is_dir():
        raise PydbError(f"the file or folder {source} does not exist", hint="name the folder of the .sql files")
    found = sorted(source.rglob("*.sql"))
    if not found:
        raise PydbError(f"{source} contains no .sql file", hint="name the folder of the .sql files")
    return [_source_file(source, file, engine) for file in found]


def _source_file(source: Path, file: Path, engine: str | None) -> SourceFile:
    *folders, stem = file.relative_to(source).with_suffix("").parts
    meant = [found for folder in folders if (found := engine_meant(folder))]
    if engine is None and meant:
        engine = meant[0]
    inside = [folder for folder in folders if engine_meant(folder) is None or engine_meant(folder) != engine]
    return SourceFile(engine, _parts((*inside, stem)), file)


def _parts(parts: Sequence[str]) -> tuple[str, ...]:
    """The parts of a name that pydb can load: without an engine's folder, and not ``schema``, which pydb skips."""
    made = tuple(map(as_name, parts))
    return tuple(f"{part}_" if engine_meant(part) or made == ("schema",) else part for part in made)


def source_text(file: Path) -> str:
    """The text of a file, its lines ended by a newline.  Raises PydbError if it cannot be read as UTF-8."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PydbError(
            f"{file} is not UTF-8: byte {error.start}", hint="convert it, for example with iconv -t utf-8"
        ) from error
    except OSError as error:
        raise PydbError(f"{file} cannot be read: {error.strerror}", hint="check its path and permissions") from error
    return text.replace("\r\n", "\n")


def cut_at_headers(
    file: Path, header: re.Pattern[str], hidden: re.Pattern[str] | None = None
) -> tuple[list[str], list[tuple[re.Match[str], str, str]]]:
    """The description of a file, and for each header its match, the text below it, and its place.

    Matches of the group ``comment`` of ``hidden`` are removed if they contain a header, because pydb would read it.
    """
    text = source_text(file)
    if hidden is not None:
        text = hidden.sub(lambda found: _without_headers(found, header), text)
    headers = list(header.finditer(text))
    ends = [found.start() for found in headers[1:]] + [len(text)][: len(headers)]
    sections = [
        (found, text[found.end() : end], f"{file}:{text.count(chr(10), 0, found.start()) + 1}")
        for found, end in zip(headers, ends, strict=True)
    ]
    return notes_of(text[: headers[0].start()] if headers else text), sections


def _without_headers(found: re.Match[str], header: re.Pattern[str]) -> str:
    comment = found["comment"]
    return "\n" * comment.count("\n") if comment and header.search(comment) else found[0]


def files_of(
    source: Path,
    engine: str | None,
    header: re.Pattern[str],
    statement: Callable[[re.Match[str], str, str, str | None], Imported],
    hidden: re.Pattern[str] | None = None,
) -> list[ImportedFile]:
    """The files below ``source``, split at the headers; headers in matches of ``hidden`` do not count.

    ``statement`` makes a statement from the match of a header, the text below it, its place and its engine.  With
    ``engine``, the files are only for that engine.  Raises PydbError if there are no files.
    """
    made: list[ImportedFile] = []
    for own, parts, file in sql_files(source, engine):
        doc, sections = cut_at_headers(file, header, hidden)
        statements = tuple(statement(*section, own) for section in sections) or nameless(file)
        made += settled(ImportedFile(parts, statements, str(file), own, tuple(doc)))
    return agreed(made)


def nameless(file: Path) -> tuple[Imported, ...]:
    """The entry for a file without a named statement; no entry if the file has no SQL."""
    sql = without_notes(source_text(file))
    return (Imported(as_name(file.stem), "many", sql, f"{file}:1", reason="it has no name"),) if sql else ()


def without_notes(section: str) -> str:
    """The SQL of a section, without the comment lines at its beginning."""
    return _NOTES.sub("", section).strip()


def notes_of(section: str) -> list[str]:
    """The comment lines at the beginning, as documentation; lines with a meaning in pydb are marked."""
    notes = []
    for line in section.split("\n"):
        if line.strip() and not (found := _NOTE.match(line)):
            break
        if line.strip():
            notes.append(_note(found["text"].rstrip()))  # type: ignore[index]
    return notes


def _note(text: str) -> str:
    """The line, changed if pydb would read it as a directive, a header or an optional line."""
    if text.lstrip().startswith("@") or LOOKS_LIKE_HEADER.match(f"-- {text}"):
        text = f"| {text}"
    return f"{text} |" if has_mark(f"-- {text}") else text


def script_reason(sql: str, engine: str | None = None) -> str:
    """Why a text with several statements cannot be imported; empty for one statement."""
    try:
        several = len(list(token_list(sql, engine or default_engine()).statements())) > 1
    except Unterminated:
        return ""
    return "it is a script of several statements: run it with Database.apply" if several else ""


def ends_in_semicolon(sql: str) -> str:
    """The SQL with a ``;`` at its end, before the comments that follow it."""
    try:
        code = token_list(sql, default_engine())
    except Unterminated:
        return sql
    if not len(code) or code.words[-1] == ";":
        return sql
    last = code.tokens[-1]
    end = last.start + len(last.text)
    return f"{sql[:end]};{sql[end:]}"
