"""Import SQLAlchemy's models: a MetaData in; an engine's schema script and common statements for each table out."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from keyword import iskeyword
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, UniqueConstraint, create_mock_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.compiler import IdentifierPreparer

from pydb.engines import engine_names
from pydb.engines.base import rules_of
from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, as_name, settled

__all__ = ["metadata_named", "schema_of", "statements_of"]

_WIDTH = 100
_NO_NAME = re.compile(r"^(?=\d)|\W", re.ASCII)


def metadata_named(name: str) -> MetaData:
    """The MetaData that ``module:attribute`` names; the attribute may also be a declarative base.  Raises PydbError."""
    module, colon, attribute = name.partition(":")
    if not colon:
        raise PydbError(f"{name} does not name a MetaData", hint="write module:attribute, such as app.models:metadata")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise PydbError(
            f"the module {module} cannot be imported", hint="run the command in the application's folder"
        ) from error
    except Exception as error:
        hint = f"import it in Python: python -c 'import {module}'"
        raise PydbError(f"the module {module} raised {type(error).__name__} at its import", hint=hint) from error
    finally:
        sys.path.pop(0)
    value = getattr(found, attribute, None)
    value = getattr(value, "metadata", value)
    if not isinstance(value, MetaData):
        raise PydbError(f"{name} is not a MetaData", hint="name the MetaData, or the declarative base")
    return value


def schema_of(metadata: MetaData, engine: str) -> str:
    """The script that creates types, tables and indexes on one engine.  Raises PydbError if the engine lacks a type."""
    parts: list[str] = []

    def note(made: ExecutableDDLElement, *_: object, **__: object) -> None:
        text = str(made.compile(dialect=mock.dialect)).strip()
        parts.append(f"{text};".replace("\t", "    ").replace(" \n", "\n"))

    # With other parameter styles, SQLAlchemy would double a percent sign.
    mock = create_mock_engine(f"{rules_of(engine).driver}://", note, paramstyle="named")
    # Without a word, not every version of every engine computes a column at all.
    for column in (column for table in metadata.tables.values() for column in table.columns):
        if column.computed is not None and column.computed.persisted is None:
            column.computed.persisted = True
    try:
        metadata.create_all(mock, checkfirst=False)
    except SQLAlchemyError as error:
        hint = "change the model, or choose the engines with --engine"
        raise PydbError(f"the tables cannot be created on {engine}: {error}", hint=hint) from error
    return "\n\n".join(parts) + "\n"


def statements_of(metadata: MetaData, source: str) -> list[ImportedFile]:
    """A file of statements for each table: create, by key, by each unique key, list, patch, delete."""
    files = (
        ImportedFile((as_name(table.name),), tuple(_of_table(table, source)), source, doc=(f"{table.name}.",))
        for table in metadata.sorted_tables
    )
    return [made for file in files for made in settled(file)]


def _of_table(table: Table, source: str) -> Iterator[Imported]:
    record = _record(table.name)
    columns = [column.name for column in table.columns]
    key = [column.name for column in table.primary_key.columns]
    given = [column for column in table.columns if not _made_by_engine(column)]
    listed = _list(_as_fields(columns))
    name = ".".join(quoted(part) for part in (table.schema, table.name) if part)
    returning = f"\nRETURNING {listed}"

    def made(statement: str, rows: str, sql: str, doc: str, shape: str | None = record) -> Imported:
        return Imported(statement, rows, f"{sql};", f"{source}, table {table.name}", shape, (doc,))

    names = _list([quoted(column.name) for column in given])
    values = _list([_parameter(column.name) for column in given])
    into = f"INSERT INTO {name} ({names})\nVALUES ({values})" if given else f"INSERT INTO {name} DEFAULT VALUES"
    yield made("create", "one", f"{into}{returning}", f"Insert a row of {table.name}.")
    if key:
        yield made("by_key", "maybe", f"SELECT {listed}\nFROM {name}\n{_where(key)}", "One row by its key.")
    for unique in _unique_keys(table):
        words = "_and_".join(map(as_name, unique))
        yield made(f"by_{words}", "maybe", f"SELECT {listed}\nFROM {name}\n{_where(unique)}", f"One row by {words}.")
    order = f"ORDER BY {_list([quoted(column) for column in key or columns[:1]])}"
    yield made(
        "list", "many", f"SELECT {listed}\nFROM {name}\n{order}\nLIMIT :limit OFFSET :offset", "A page of all rows."
    )
    changing = [column.name for column in given if column.name not in key]
    if key and changing:
        items = [f"    {quoted(one)} = {_parameter(one)}, -- if {_parameter(one)} given" for one in changing]
        items[-1] = items[-1].replace(", --", " --")
        update = "\n".join([f"UPDATE {name}", "SET", *items, _where(key)])
        yield made("patch", "affected", update, "Change what is passed; what is not passed stays.", None)
    if key:
        yield made("delete", "affected", f"DELETE FROM {name}\n{_where(key)}", "Delete one row.", None)


def quoted(name: str) -> str:
    """An identifier of a statement for all engines, quoted if one of them needs it."""
    if all(preparer.quote(name) == name for preparer in _preparers()):
        return name
    return '"' + name.replace('"', '""') + '"'


@cache
def _preparers() -> tuple[IdentifierPreparer, ...]:
    dialects = (make_url(f"{rules_of(engine).driver}://").get_dialect()() for engine in engine_names())
    return tuple(dialect.identifier_preparer for dialect in dialects)


def _parameter(column: str) -> str:
    return f":{_NO_NAME.sub('_', column)}"


def _unique_keys(table: Table) -> list[list[str]]:
    """The columns of each unique constraint and unique index."""
    found = [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    found += [[column.name for column in index.columns] for index in table.indexes if index.unique]
    return sorted(one for i, one in enumerate(found) if one and one not in found[:i])


def _made_by_engine(column: Column[object]) -> bool:
    """Whether the engine sets the value of a column: a generated key, a server default, an expression."""
    generated = column.primary_key and column.autoincrement in (True, "auto") and _is_single_integer_key(column)
    return bool(generated or column.server_default is not None or column.computed is not None)


def _is_single_integer_key(column: Column[object]) -> bool:
    try:
        number = column.type.python_type is int
    except NotImplementedError:
        return False
    return number and len(column.table.primary_key.columns) == 1 and not column.foreign_keys


def _where(names: Sequence[str]) -> str:
    conditions = [f"{quoted(name)} = {_parameter(name)}" for name in names]
    return f"WHERE {conditions[0]}" if len(names) == 1 else "WHERE\n    " + "\n    AND ".join(conditions)


def _as_fields(columns: Sequence[str]) -> list[str]:
    """The columns of a result; one whose name cannot be a field of a record gets another name."""
    taken = {name for name in columns if name.isidentifier() and not iskeyword(name)}
    items = []
    for name in columns:
        field = name
        if name not in taken:
            field = as_name(name).lower()
            while field in taken:
                field += "_"
            taken.add(field)
        items.append(quoted(name) if field == name else f"{quoted(name)} AS {field}")
    return items


def _list(items: Sequence[str]) -> str:
    """The items on as few lines as they need; an item is never broken."""
    lines = [""]
    for item in items:
        line = f"{lines[-1]}, {item}" if lines[-1].strip() else f"{lines[-1]}{item}"
        if len(line) < _WIDTH or not lines[-1].strip():
            lines[-1] = line
        else:
            lines[-1] += ","
            lines.append(f"    {item}")
    return "\n".join(lines)


def _record(table: str) -> str:
    word = "".join(part.capitalize() for part in as_name(table).split("_"))
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
