"""Read a .sql file or a folder of them: a path in, Definitions out."""

from __future__ import annotations

import keyword
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from pydb.engines import engine_names, readers_of, registration
from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.optional_agreement import optional_difference
from pydb.sqlfile.parser import Parsed, parse_file
from pydb.sqlfile.site import Site
from pydb.sqlfile.variants import refuse_variants
from pydb.support.suggestions import nearest

_SCHEMA = "schema.sql"


_MAX_FOLDERS = 16
"""The maximum depth of folders: a link to a parent folder would nest without end."""


Report = Callable[[SqlFileError], None]
"""A function that receives an error; it may raise the error to stop the load."""


Parse = Callable[[str, str, str, str | None, Mapping[str, Collection[str]], Report], list[Parsed]]
"""A function with the arguments of ``parse_file``."""


def _raise(error: SqlFileError) -> NoReturn:
    raise error


def read(
    path: str | os.PathLike[str],
    record_names: frozenset[str] | None = None,
    on_error: Report | None = None,
    contents: dict[str, bytes] | None = None,
    parse: Parse = parse_file,
) -> tuple[Definition, ...]:
    """Every statement under ``path``, a folder or one .sql file: files by path, statements in file order.

    If ``record_names`` is given, a header may name no other record.  Raises SqlFileError; ``on_error``, if given,
    receives each error instead, and the statements without errors are returned.  ``contents`` is filled with the
    bytes of each file that was read.  ``parse`` has the signature of ``parse_file``.
    """
    top = os.fspath(path)
    reading = _Reading(on_error, contents, parse)
    if os.path.isfile(top):
        reading.one(top)
    elif os.path.isdir(top):
        reading.folder(top)
    else:
        raise SqlFileError(
            "there is no such file or folder", file=top, hint="give a .sql file or a folder of .sql files"
        )
    definitions = reading.definitions()
    if not definitions and not reading.failed:
        hint = "a statement starts with -- name: <name> :<rows>"
        reading.report(SqlFileError("no statement was found", file=top, hint=hint))
    if record_names is None:
        return definitions
    return tuple(item for item in definitions if reading.tries(partial(_check_record, item, record_names)))


class _Reading:
    """The state of one load: the statements that were read, and those that could not be read."""

    def __init__(self, on_error: Report | None, contents: dict[str, bytes] | None, parse: Parse) -> None:
        self._on_error, self._parse = on_error or _raise, parse
        self._contents = {} if contents is None else contents
        self.failed = False
        # Namespace -> engine (None for the shared file) -> the statements of that file.
        self.files: dict[str, dict[str | None, list[Parsed]]] = {}
        # The name of a statement or namespace -> the engines whose overlay form of it could not be read.
        self.lost: dict[str, set[str]] = {}

    def report(self, error: SqlFileError) -> None:
        """Report an error with its line of SQL; raise it if the load stops at the first error."""
        self.failed = True
        data = self._contents.get(error.file or "")
        if data is not None and error.line is not None and error.source is None:
            error.source = _line_of(data, error.line)
        self._on_error(error)

    def tries(self, attempt: Callable[[], object]) -> bool:
        """Call ``attempt``; report its error, if any, and return whether it succeeded."""
        try:
            attempt()
        except SqlFileError as error:
            self.report(error)
            return False
        return True

    def one(self, file: str) -> None:
        """Read one file."""
        stem, suffix = os.path.splitext(os.path.basename(file))
        if suffix != ".sql":
            raise SqlFileError("the name of a statement file must end in .sql", file=file, hint="rename it")
        if self.tries(partial(_check_part, stem, file)):
            self.files[stem] = {None: self._statements(file, stem, None, {})}

    def folder(self, top: str) -> None:
        """Read a folder of files."""
        found: dict[tuple[str, ...], dict[str | None, str]] = {}
        for engine, parts, file in statement_files(top, self.report):
            if all(self.tries(partial(_check_part, part, file)) for part in parts):
                found.setdefault(parts, {})[engine] = file
        for parts in sorted(found):
            self._forms(".".join(parts), found[parts])

    def _forms(self, prefix: str, files: Mapping[str | None, str]) -> None:
        forms = self.files[prefix] = {}
        overlaid: dict[str, list[str]] = {}
        # Overlays are read first, the nearest one before the others: a text is read only for engines that have no
        # nearer overlay.  An engine that is derived from another engine is registered after it.
        for folder in reversed(engine_names()):
            if folder in files:
                forms[folder] = self._statements(files[folder], prefix, folder, overlaid)
                lost = [name for name, engines in self.lost.items() if engines.issuperset(readers_of(folder))]
                for name in (*lost, *(parsed.header.name for parsed in forms[folder])):
                    overlaid.setdefault(name, []).extend(readers_of(folder))
        if None in files:
            forms[None] = self._statements(files[None], prefix, None, overlaid)

    def _statements(
        self, file: str, prefix: str, folder: str | None, overlaid: Mapping[str, Collection[str]]
    ) -> list[Parsed]:
        def report(error: SqlFileError) -> None:
            if folder is not None and error.statement_name:
                self.lost.setdefault(error.statement_name, set()).update(readers_of(folder))
            self.report(error)

        try:
            data = self._contents[file] = file_bytes(file)
            text = _text(data, file)
        except SqlFileError as error:
            if folder is not None:
                self.lost.setdefault(prefix, set()).update(readers_of(folder))
            self.report(error)
            return []
        return self._parse(text, file, prefix, folder, overlaid, report)

    def definitions(self) -> tuple[Definition, ...]:
        """The statements of all files, each with its forms."""
        definitions: dict[str, Definition] = {}
        namespaces = {
            ".".join(parts[:end])
            for parts in (key.split(".") for key in self.files)
            for end in range(1, len(parts) + 1)
        }
        for namespace, forms in self.files.items():
            statements: dict[str, dict[str | None, Parsed]] = {}
            for engine in (None, *engine_names()):
                for parsed in forms.get(engine, ()):
                    statements.setdefault(parsed.header.name, {}).setdefault(engine, parsed)
            for name, by_engine in statements.items():
                try:
                    if name in namespaces:
                        _refuse_clash(name, next(iter(by_engine.values())))
                    definitions[name] = made = definition_of(by_engine)
                    if made.optional and made.nesting is not None:
                        refuse_variants(made)
                except SqlFileError as error:
                    self.report(error)
                    continue
                if lost := self.lost.get(name, set()) | self.lost.get(namespace, set()):
                    left = {key: form for key, form in definitions[name].forms.items() if key not in lost}
                    definitions[name] = replace(definitions[name], forms=left)
        return tuple(item for item in definitions.values() if item.forms)


def statement_files(top: str, on_error: Report = _raise) -> Iterator[tuple[str | None, tuple[str, ...], str]]:
    """The files of statements in a folder, as (engine of the overlay or None, name parts, path).

    Hidden files and schema scripts are left out.  ``on_error`` receives an error for each folder that cannot be read.
    """
    for folder, folders, files in os.walk(top, onerror=lambda error: on_error(_unreadable(error)), followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(folder).relative_to(top).parts
        if len(inside) > _MAX_FOLDERS:
            hint = "look for a link that points to a folder above it"
            on_error(SqlFileError(f"folders are nested more than {_MAX_FOLDERS} deep", file=folder, hint=hint))
            folders.clear()
            continue
        for name in files:
            file = os.path.join(folder, name)
            if name.endswith(".sql") and not name.startswith("."):
                parts = (*inside, name.removesuffix(".sql"))
                engine = parts[0] if parts[0] in engine_names() and len(parts) > 1 else None
                parts = parts[1:] if engine else parts
                if parts != (_SCHEMA.removesuffix(".sql"),):
                    yield engine, parts, file


def _unreadable(error: OSError) -> SqlFileError:
    return SqlFileError(
        f"it cannot be read: {error.strerror}", file=error.filename, hint="check its name and permissions"
    )


def engine_meant(word: str) -> str | None:
    """The engine whose overlay folder has this name, or was probably meant by it; None if there is none."""
    return next((name for name in engine_names() if word == name or word in registration(name).also_called), None)


def _check_part(part: str, file: str) -> None:
    if right := engine_meant(part):
        raise SqlFileError(
            f"{part} is reserved for an engine's overlay folder",
            file=file,
            hint=f"the top-level folder {right} overlays that engine",
        )
    if not (part.isascii() and part.isidentifier()) or part.startswith("_") or keyword.iskeyword(part):
        raise SqlFileError(
            f'"{part}" cannot be a module name', file=file, hint="use letters, digits and _, and start with a letter"
        )


def file_text(file: str) -> str:
    """The text of a UTF-8 file, without a byte order mark; raises SqlFileError."""
    return _text(file_bytes(file), file)


def file_bytes(file: str) -> bytes:
    """The bytes of a file; raises SqlFileError."""
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise _unreadable(error) from error


def _line_of(data: bytes, line: int) -> str:
    return data.removeprefix(BOM_UTF8).split(b"\n", line)[line - 1].decode("utf-8", "replace")


def _text(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].removeprefix(BOM_UTF8).decode()
        site = Site(file, 1, before, whole=data.decode("utf-8-sig", "replace"))
        raise site.error("the file is not UTF-8", "save it as UTF-8", at=len(before)) from None
    for character, what in (("\0", "a NUL character"), ("\r", "a carriage return without a line feed")):
        at = text.replace("\r\n", "\n\n").find(character)
        if at >= 0:
            raise Site(file, 1, text, whole=text).error(f"the file contains {what}", "save it as plain text", at=at)
    return text


def _refuse_clash(name: str, parsed: Parsed) -> NoReturn:
    raise SqlFileError(
        "the name is also the name of a file or folder",
        statement_name=name,
        file=parsed.form.file,
        line=parsed.line,
        hint=f"rename the statement, or {name.replace('.', '/')}",
    )


def definition_of(by_engine: Mapping[str | None, Parsed]) -> Definition:
    """One statement from its forms by engine; the shared form has the key None, and the others must agree with it.

    Raises SqlFileError if the forms disagree.
    """
    base, *others = (by_engine[engine] for engine in (None, *engine_names()) if engine in by_engine)
    for other in others:
        _check_agreement(base, other)
    # Most statements have only the shared form.
    shared_alone = not others and None in by_engine
    forms = dict.fromkeys(engine_names(), base.form) if shared_alone else _forms_of_engines(by_engine)
    return Definition(
        name=base.header.name,
        row_word=base.header.row_word,
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
        optional=base.optional,
    )


def _forms_of_engines(by_engine: Mapping[str | None, Parsed]) -> dict[str, Form]:
    """Each engine's form: from its nearest overlay folder that has the statement, or else the shared form."""
    forms: dict[str, Form] = {}
    for engine in engine_names():
        nearest_first = (*registration(engine).overlays, None)
        parsed = next((by_engine[folder] for folder in nearest_first if folder in by_engine), None)
        if parsed:
            forms[engine] = parsed.form
    return forms


def _check_agreement(base: Parsed, other: Parsed) -> None:
    pairs: Iterable[tuple[str, object, object]] = (
        ("row word", f":{base.header.row_word}", f":{other.header.row_word}"),
        ("record", base.header.record or "none", other.header.record or "none"),
        ("parameters", _names(base, base.parameters), _names(other, other.parameters)),
        ("lists", _names(base, base.sequences), _names(other, other.sequences)),
        ("levels", _level_names(base), _level_names(other)),
    )
    where = f"{base.form.file}:{base.line}"
    for what, expected, found in pairs:
        if expected != found:
            raise _disagreement(other, f"{what} {found} here, {expected} in {where}", "make the forms agree")
    if difference := optional_difference(base.form.lines, base.optional, other.form.lines, other.optional):
        raise _disagreement(other, f"{difference} in {where}", "make the forms agree")
    for kind, stated, restated in (
        ("param", base.notes.parameter_types, other.notes.parameter_types),
        ("column", base.notes.column_types, other.notes.column_types),
    ):
        for key, value in restated.items():
            if stated.get(key) != value:
                named = other.form.written(key) if kind == "param" else key
                raise _disagreement(other, f"@{kind} {named} differs from {where}", "declare it only there")


def _disagreement(parsed: Parsed, message: str, hint: str) -> SqlFileError:
    return SqlFileError(message, statement_name=parsed.header.name, file=parsed.form.file, line=parsed.line, hint=hint)


def _names(parsed: Parsed, parameters: Collection[str]) -> str:
    return " ".join(sorted(f":{parsed.form.written(name)}" for name in parameters)) or "none"


def _level_names(parsed: Parsed) -> str:
    levels = parsed.notes.nesting.levels if parsed.notes.nesting else ()
    return ", ".join(f"@{'group' if level.many else 'embed'} {level.path} {level.record}" for level in levels) or "none"


def check_records(definitions: Iterable[Definition], names: frozenset[str]) -> None:
    """Raise SqlFileError if a statement names a record that is not in ``names``."""
    for definition in definitions:
        _check_record(definition, names)


def _check_record(definition: Definition, names: frozenset[str]) -> None:
    record = next((name for name in definition.records if name not in names), None)
    if record is not None:
        hint = nearest(record, names) or f"the records are {', '.join(sorted(names)) or 'none'}"
        raise SqlFileError(
            f"there is no record {record}",
            statement_name=definition.name,
            file=definition.file,
            line=definition.line,
            hint=hint,
        )
