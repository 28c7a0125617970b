"""Read a folder of .sql files: a path in, Definitions out; and hold the callable Statements by name."""

from __future__ import annotations

import keyword
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from pydb.errors import PydbError, SqlFileError
from pydb.escapes import shortened
from pydb.header import nearest
from pydb.line_starts import LineStarts
from pydb.parser import Parsed, parse_file
from pydb.statement import ENGINES, Definition, Form, Statement

_SCHEMA = "schema.sql"
_MOST_FOLDERS = 16
"""How deep folders may nest: links that lead back up would multiply without end."""

_MISNAMED = {
    "postgres": "postgresql",
    "pg": "postgresql",
    "pgsql": "postgresql",
    "psql": "postgresql",
    "mysql": "mariadb",
    "maria": "mariadb",
    "sqlite3": "sqlite",
}


class NoSuchStatement(PydbError, KeyError):
    """``queries[name]`` names no statement."""


def read(path: str | os.PathLike[str], record_names: frozenset[str] | None = None) -> tuple[Definition, ...]:
    """Every statement under ``path``, a folder or one .sql file: files by path, statements in file order.

    When ``record_names`` is given, a header may name no other record.  Raises SqlFileError.
    """
    top = os.fspath(path)
    if os.path.isfile(top):
        definitions = _merge(_read_one(top))
    elif os.path.isdir(top):
        definitions = _merge(_read_folder(top))
    else:
        raise SqlFileError("there is no such file or folder", file=top, hint="name a .sql file or a folder of them")
    if not definitions:
        raise SqlFileError("no statement was found", file=top, hint="a statement starts with -- name: <name> :<rows>")
    if record_names is not None:
        for definition in definitions:
            _check_record(definition, record_names)
    return definitions


_Files = Mapping[str, Mapping[str | None, list[Parsed]]]
"""Namespace -> engine (None: shared) -> the statements of that file."""


def _read_one(file: str) -> _Files:
    stem, suffix = os.path.splitext(os.path.basename(file))
    if suffix != ".sql":
        raise SqlFileError("the name of a statement file ends in .sql", file=file, hint="rename it")
    _check_part(stem, file)
    return {stem: {None: parse_file(file_text(file), file, stem, None)}}


def _read_folder(top: str) -> _Files:
    found: dict[tuple[str, ...], dict[str | None, str]] = {}
    for engine, parts, file in statement_files(top):
        found.setdefault(parts, {})[engine] = file
        for part in parts:
            _check_part(part, file)
    return {".".join(parts): _read_forms(".".join(parts), found[parts]) for parts in sorted(found)}


def statement_files(top: str) -> Iterator[tuple[str | None, tuple[str, ...], str]]:
    """The files of statements in a folder, as (engine of the overlay or None, name parts, path).

    Hidden files and the schema scripts are none.
    """
    for folder, folders, files in os.walk(top, onerror=_unreadable, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(folder).relative_to(top).parts
        if len(inside) > _MOST_FOLDERS:
            hint = "does a link in there lead back up?"
            raise SqlFileError(f"folders are nested more than {_MOST_FOLDERS} deep", file=folder, hint=hint)
        for name in files:
            file = os.path.join(folder, name)
            if name.endswith(".sql") and not name.startswith("."):
                parts = (*inside, name.removesuffix(".sql"))
                engine = parts[0] if parts[0] in ENGINES and len(parts) > 1 else None
                parts = parts[1:] if engine else parts
                if parts != (_SCHEMA.removesuffix(".sql"),):
                    yield engine, parts, file


def _unreadable(error: OSError) -> NoReturn:
    raise SqlFileError(
        f"it cannot be read: {error.strerror}", file=error.filename, hint="check its name and permissions"
    ) from error


def _check_part(part: str, file: str) -> None:
    if part in _MISNAMED or part in ENGINES:
        right = _MISNAMED.get(part, part)
        raise SqlFileError(
            f"{part} is no name for statements", file=file, hint=f"the folder {right} at the top overlays that engine"
        )
    if not (part.isascii() and part.isidentifier()) or part.startswith("_") or keyword.iskeyword(part):
        raise SqlFileError(
            f"{part} is no name for a Python attribute", file=file, hint="use letters, digits and _, a letter first"
        )


def _read_forms(prefix: str, files: Mapping[str | None, str]) -> dict[str | None, list[Parsed]]:
    forms: dict[str | None, list[Parsed]] = {}
    overlaid: dict[str, list[str]] = {}
    # Overlays come first: the shared text is read only by the engines that have none.
    for engine in ENGINES:
        if engine in files:
            forms[engine] = parse_file(file_text(files[engine]), files[engine], prefix, engine)
            for parsed in forms[engine]:
                overlaid.setdefault(parsed.header.name, []).append(engine)
    if None in files:
        forms[None] = parse_file(file_text(files[None]), files[None], prefix, None, overlaid)
    return forms


def file_text(file: str) -> str:
    """The text of a UTF-8 file, without a byte order mark; raises SqlFileError."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as error:
        _unreadable(error)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SqlFileError("the file is not UTF-8", file=file, line=line, hint="save it as UTF-8") from None
    for character, what in (("\0", "a NUL character"), ("\r", "a carriage return without a line feed")):
        at = text.replace("\r\n", "\n\n").find(character)
        if at >= 0:
            line = LineStarts(text).line(at)
            raise SqlFileError(f"the file holds {what}", file=file, line=line, hint="save it as plain text")
    return text


def _merge(files: _Files) -> tuple[Definition, ...]:
    definitions: dict[str, Definition] = {}
    namespaces = {
        ".".join(parts[:end]) for parts in (key.split(".") for key in files) for end in range(1, len(parts) + 1)
    }
    for forms in files.values():
        statements: dict[str, dict[str | None, Parsed]] = {}
        for engine in (None, *ENGINES):
            for parsed in forms.get(engine, ()):
                statements.setdefault(parsed.header.name, {})[engine] = parsed
        for name, by_engine in statements.items():
            if name in namespaces:
                _refuse_clash(name, next(iter(by_engine.values())))
            definitions[name] = definition_of(by_engine)
    return tuple(definitions.values())


def _refuse_clash(name: str, parsed: Parsed) -> NoReturn:
    raise SqlFileError(
        "the name is also that of a file or folder",
        statement_name=name,
        file=parsed.form.file,
        line=parsed.line,
        hint=f"rename the statement, or {name.replace('.', '/')}",
    )


def definition_of(by_engine: Mapping[str | None, Parsed]) -> Definition:
    """One statement from its forms by engine, None the shared one, which speaks for all where there is one.

    Raises SqlFileError when the forms disagree.
    """
    base, *others = (by_engine[engine] for engine in (None, *ENGINES) if engine in by_engine)
    for other in others:
        _check_agreement(base, other)
    forms: dict[str, Form] = {}
    for engine in ENGINES:
        parsed = by_engine.get(engine) or by_engine.get(None)
        if parsed:
            forms[engine] = parsed.form
    return Definition(
        name=base.header.name,
        rows=base.header.rows,
        record=base.header.record,
        doc=base.notes.doc,
        parameters=base.parameters,
        sequences=base.sequences,
        parameter_types=base.notes.parameter_types,
        column_types=base.notes.column_types,
        forms=forms,
        sql=base.form.sql,
        file=base.form.file,
        line=base.line,
    )


def _check_agreement(base: Parsed, other: Parsed) -> None:
    pairs: Iterable[tuple[str, object, object]] = (
        ("row word", f":{base.header.rows}", f":{other.header.rows}"),
        ("record", base.header.record or "none", other.header.record or "none"),
        ("parameters", _names(base.parameters), _names(other.parameters)),
        ("lists", _names(base.sequences), _names(other.sequences)),
    )
    where = f"{base.form.file}:{base.line}"
    for what, expected, found in pairs:
        if expected != found:
            raise _disagreement(other, f"{what} {found} here, {expected} in {where}", "make the forms agree")
    for kind, stated, restated in (
        ("param", base.notes.parameter_types, other.notes.parameter_types),
        ("column", base.notes.column_types, other.notes.column_types),
    ):
        for key, value in restated.items():
            if stated.get(key) != value:
                raise _disagreement(other, f"@{kind} {key} differs from {where}", "state it there, once")


def _disagreement(parsed: Parsed, message: str, hint: str) -> SqlFileError:
    return SqlFileError(message, statement_name=parsed.header.name, file=parsed.form.file, line=parsed.line, hint=hint)


def _names(names: Collection[str]) -> str:
    return " ".join(f":{name}" for name in sorted(names)) or "none"


def _check_record(definition: Definition, names: frozenset[str]) -> None:
    record = definition.record
    if record and record != "scalar" and record not in names:
        hint = nearest(record, names) or f"the records are {', '.join(sorted(names)) or 'none'}"
        raise SqlFileError(
            f"there is no record {record}",
            statement_name=definition.name,
            file=definition.file,
            line=definition.line,
            hint=hint,
        )


class Queries:
    """The statements of a folder, by name: ``queries.users.by_id``, ``queries["users.by_id"]``.

    Iteration gives the Statements in file order.  A file or sub-folder, ``queries.users``, is again Queries.
    """

    __slots__ = ("__dict__", "_name", "_statements")

    _name: str
    _statements: dict[str, Statement]

    def __init__(self, statements: Iterable[Statement], name: str = "") -> None:
        set_ = object.__setattr__
        set_(self, "_name", name)
        set_(self, "_statements", {statement.name: statement for statement in statements})
        groups: dict[str, list[Statement]] = {}
        for statement in self:
            key, dot, _ = statement.name.removeprefix(f"{name}." if name else "").partition(".")
            groups.setdefault(key, []).append(statement)
            if not dot:
                self.__dict__[key] = statement
        for key, group in groups.items():
            if key not in self.__dict__:
                self.__dict__[key] = Queries(group, f"{name}.{key}" if name else key)

    def __getattr__(self, name: str) -> Any:
        """Called only for what is not there; the result is typed for those who write ``queries.users.by_id``."""
        if name.startswith("_"):
            raise AttributeError(name)
        where = self._name or "the queries"
        hint = nearest(name, self.__dict__) or f"there are {', '.join(self.__dict__) or 'none'}"
        raise AttributeError(f"{where} has no {shortened(name)}    hint: {hint}", name=name, obj=self)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"queries cannot be changed: {shortened(name)}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"queries cannot be changed: {shortened(name)}")

    def __getitem__(self, name: str) -> Statement:
        """The statement of that full name; raises NoSuchStatement, a KeyError."""
        statement = self._statements.get(name)
        if statement is None:
            hint = (isinstance(name, str) and nearest(name, self._statements)) or "pydb list shows all names"
            raise NoSuchStatement(f"there is no statement {shortened(name)}", hint=hint)
        return statement

    def __contains__(self, name: object) -> bool:
        return name in self._statements

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements.values())

    def __len__(self) -> int:
        return len(self._statements)

    def __repr__(self) -> str:
        return f"<Queries {self._name + ': ' if self._name else ''}{len(self)} statements>"
