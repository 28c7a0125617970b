"""What importers share: files of SQL in a folder, comments above a statement, ``SELECT *`` written out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydb.engines import default_engine
from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, as_name, settled
from pydb.sqlfile.clauses import AFTER_TABLE
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = [
    *(
        "cut_at_headers",
        "ends_in_semicolon",
        "files_of",
        "nameless",
        "notes_of",
        "source_text",
        "sql_files",
        "statements_in",
    ),
    *("table_sources", "tables_of", "without_notes", "without_stars"),
]

_NOTE = re.compile(r"[ \t]*--[ \t]?(?P<text>[^\n]*)")
_NOTES = re.compile(r"\A(?:[ \t]*--[^\n]*(?:\n|\Z)|[ \t]*\n)*")


def sql_files(source: Path) -> list[tuple[tuple[str, ...], Path]]:
    """The .sql files of a folder, or one file: the parts of its name in pydb, and its path.  Raises PydbError."""
    if source.is_file():
        return [((as_name(source.stem),), source)]
    if not source.is_dir():
        raise PydbError(f"there is no file or folder {source}", hint="name the folder of the .sql files")
    found = sorted(source.rglob("*.sql"))
    if not found:
        raise PydbError(f"no .sql file is in {source}", hint="name the folder of the .sql files")
    return [(tuple(map(as_name, file.relative_to(source).with_suffix("").parts)), file) for file in found]


def source_text(file: Path) -> str:
    """The text of a file, its lines ended by a newline.  Raises PydbError where it cannot be read as UTF-8."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PydbError(
            f"{file} is not UTF-8: byte {error.start}", hint="convert it, as with iconv -t utf-8"
        ) from error
    except OSError as error:
        raise PydbError(f"{file} cannot be read: {error.strerror}", hint="look at its path and permissions") from error
    return text.replace("\r\n", "\n")


def cut_at_headers(file: Path, header: re.Pattern[str]) -> tuple[list[str], list[tuple[re.Match[str], str, str]]]:
    """The description of a file, and for each header what it matches, the text below it, and its place."""
    text = source_text(file)
    headers = list(header.finditer(text))
    ends = [found.start() for found in headers[1:]] + [len(text)][: len(headers)]
    sections = [
        (found, text[found.end() : end], f"{file}:{text.count(chr(10), 0, found.start()) + 1}")
        for found, end in zip(headers, ends, strict=True)
    ]
    return notes_of(text[: headers[0].start()] if headers else text), sections


def files_of(
    source: Path, engine: str | None, header: re.Pattern[str], statement: Callable[[re.Match[str], str, str], Imported]
) -> list[ImportedFile]:
    """The files below ``source``, cut at the headers.

    ``statement`` makes a statement of what a header matches, the text below it and its place.  With ``engine`` they
    are for that engine alone.  Raises PydbError where there are none.
    """
    made: list[ImportedFile] = []
    for parts, file in sql_files(source):
        doc, sections = cut_at_headers(file, header)
        statements = tuple(statement(*section) for section in sections) or nameless(file)
        made += settled(ImportedFile(parts, statements, str(file), engine, tuple(doc)))
    return made


def nameless(file: Path) -> tuple[Imported, ...]:
    """What stands for a file in which no statement has a name; nothing where it has no SQL."""
    sql = without_notes(source_text(file))
    return (Imported(as_name(file.stem), "many", sql, f"{file}:1", reason="it has no name"),) if sql else ()


def without_notes(section: str) -> str:
    """The SQL of a section, without the comment lines at its beginning."""
    return _NOTES.sub("", section).strip()


def notes_of(section: str) -> list[str]:
    """The text of the comment lines at the beginning, as documentation; what would be a directive is indented."""
    notes = []
    for line in section.split("\n"):
        if line.strip() and not (found := _NOTE.match(line)):
            break
        if line.strip():
            text = found["text"].rstrip()  # type: ignore[index]
            notes.append(f" {text}" if text.lstrip().startswith("@") else text)
    return notes


def statements_in(sql: str) -> list[TokenList]:
    """The statements of a text; the text as one where it cannot be read."""
    try:
        return list(token_list(sql, default_engine()).statements())
    except Unterminated:
        return [TokenList([])]


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


def without_stars(one: Imported, schema: str | None) -> Imported:
    """The statement with the columns of its table instead of ``*``, where the schema tells them."""
    tables = tables_of(schema) if schema else {}
    try:
        code = token_list(one.sql, default_engine())
    except Unterminated:
        return one
    stars = [i for i in code.at.get("*", ()) if code.word(i - 1) in ("SELECT", "RETURNING", ",", ".", "DISTINCT")]
    sql = one.sql
    written = []
    for i in reversed(stars):
        columns = _columns(code, i, tables)
        if columns is None:
            continue
        start = code.tokens[i].start if code.word(i - 1) != "." else code.tokens[i - 2].start
        sql = f"{sql[:start]}{', '.join(columns)}{sql[code.tokens[i].start + 1 :]}"
        written.append("the columns are written out instead of *")
    return replace(one, sql=sql, changes=(*one.changes, *dict.fromkeys(written)))


def _columns(code: TokenList, star: int, tables: Mapping[str, list[str]]) -> list[str] | None:
    """The columns that the ``*`` at a position stands for; None where the schema does not tell."""
    sources = dict(table_sources(code))
    if code.word(star - 1) == ".":
        alias = code.name(star - 2) or ""
        found = tables.get(sources.get(alias, ""))
        return None if found is None else [f"{code.tokens[star - 2].text}.{column}" for column in found]
    clauses = [i for word in ("FROM", "JOIN", "INTO", "UPDATE") for i in code.at.get(word, ())]
    near = [i for i in clauses if code.opens[i] == code.opens[star] and code.word(i - 1) not in ("DO", "FOR")]
    if len(near) != 1 or _is_one_of_many(code, near[0]):
        return None
    table = next((name for _, name in table_sources(code, near)), "")
    return None if _is_defined_here(code, table) else tables.get(table)


def _is_one_of_many(code: TokenList, clause: int) -> bool:
    """Whether a comma and a further table follow the table of FROM."""
    end = clause + 1
    while (code.kind(end) in (WORD, QUOTED) and code.word(end) not in AFTER_TABLE) or code.word(end) == ".":
        end += 1
    return code.word(end) == ","


def _is_defined_here(code: TokenList, name: str) -> bool:
    """Whether WITH defines a table of that name."""
    return any(code.name(i - 1) == name and code.word(i + 1) == "(" for i in code.at.get("AS", ()))


def table_sources(code: TokenList, clauses: Sequence[int] | None = None) -> Iterator[tuple[str, str]]:
    """The tables of a statement, or of clauses of it, by the names they are read by."""
    for word in ("FROM", "JOIN", "INTO", "UPDATE"):
        for i in code.at.get(word, ()):
            if clauses is not None and i not in clauses:
                continue
            table = i + 1
            while code.word(table + 1) == ".":
                table += 2
            name = code.name(table)
            if name is None or code.word(table) == "SELECT":
                continue
            alias = table + 2 if code.word(table + 1) == "AS" else table + 1
            own = (
                code.name(alias) if code.kind(alias) in (WORD, QUOTED) and code.word(alias) not in AFTER_TABLE else None
            )
            yield own or name, name


_CONSTRAINTS = frozenset(
    {"CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "KEY", "INDEX", "EXCLUDE", "FULLTEXT", "LIKE"}
)


@lru_cache(maxsize=8)
def tables_of(schema: str) -> Mapping[str, list[str]]:
    """The columns of each table that a script creates, by names in small letters."""
    tables: dict[str, list[str]] = {}
    try:
        statements = list(token_list(schema, default_engine()).statements())
    except Unterminated:
        return tables
    for code in statements:
        if code.word(0) in ("ALTER", "DROP"):
            _change(tables, code)
        if code.word(0) != "CREATE" or "TABLE" not in code.at:
            continue
        opening = next(iter(code.at.get("(", ())), -1)
        name = code.name(opening - 1)
        items = code.items(opening) if opening > 0 else None
        if name and items:
            tables[name] = [code.tokens[item.start].text for item in items if item and _is_column(code, item.start)]
    return tables


def _change(tables: dict[str, list[str]], code: TokenList) -> None:
    """Follow ALTER TABLE and DROP TABLE; a table whose change is not known here is forgotten."""
    if code.word(1) != "TABLE":
        return
    i = 2
    while code.word(i) in ("IF", "EXISTS", "ONLY"):
        i += 1
    while code.word(i + 1) == ".":
        i += 2
    columns = tables.pop(code.name(i) or "", None)
    if columns is None or code.word(0) == "DROP":
        return
    if code.word(i + 1) == "RENAME" and code.word(i + 2) in ("TO", "AS"):
        tables[code.name(i + 3) or ""] = columns
        return
    changed = _columns_after(code, i + 1, columns)
    if changed is not None:
        tables[code.name(i) or ""] = changed


def _columns_after(code: TokenList, start: int, columns: list[str]) -> list[str] | None:
    """The columns after the actions of an ALTER TABLE; None where they cannot be told."""
    columns, depth = list(columns), code.opens[start]
    for i in range(start, len(code)):
        if i > start and not (code.word(i - 1) == "," and code.opens[i] == depth):
            continue
        verb, at = code.word(i), i + 1
        while code.word(at) in ("COLUMN", "IF", "NOT", "EXISTS"):
            at += 1
        named = code.tokens[at].text if code.kind(at) in (WORD, QUOTED) else ""
        if verb == "ADD" and _is_column(code, at):
            columns.append(named)
            if {"FIRST", "AFTER"} & code.at.keys():
                return None
        elif verb == "ADD" and code.word(at) == "(":
            return None
        elif verb == "DROP" and code.word(at) not in _CONSTRAINTS:
            columns = [column for column in columns if column.lower() != named.lower()]
        elif verb == "RENAME" and code.word(at + 1) == "TO":
            columns = [code.tokens[at + 2].text if column.lower() == named.lower() else column for column in columns]
        elif verb in ("CHANGE", "MODIFY", "RENAME"):
            return None
    return columns


def _is_column(code: TokenList, i: int) -> bool:
    return code.kind(i) == QUOTED or (code.kind(i) == WORD and code.word(i) not in _CONSTRAINTS)
