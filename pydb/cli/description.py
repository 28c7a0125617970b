"""What ``pydb show`` tells beyond a statement's text: its types as SQLite and the schema describe them, or why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydb.cli.settings import Project
from pydb.engines import default_engine
from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition

if TYPE_CHECKING:
    from pydb.describe import DescribedColumn, DescribedParameter, DescribedStatement

__all__ = ["column_lines", "description", "parameter_lines"]

ENGINE = default_engine()
"""The engine that needs no server."""


def description(project: Project, definition: Definition, schema: str | None) -> DescribedStatement | str:
    """The statement described in a database in memory that has the schema; else why it is not described."""
    if ENGINE not in definition.forms:
        return f"it has no form for {ENGINE}"
    if schema is None and project.schema is None:
        return "there is no schema; give --schema FILE"
    try:
        from pydb.describe import Refusal, describe, scratch

        with scratch(None, project.schema_path(schema, ENGINE)) as session:
            found = describe(session, definition)
    except ModuleNotFoundError as error:
        return f'{error.name} is not installed; pip install "pydb[check]"'
    except PydbError as error:
        return str(error)
    if found is None or isinstance(found, Refusal):
        return f"SQLite refuses it: {found.message}" if found else f"it has no form for {ENGINE}"
    return found


def parameter_lines(definition: Definition, found: DescribedStatement | str) -> list[str]:
    """A line for each parameter: its type as ``@param`` declares it, else as it is described."""
    several = dict.fromkeys(definition.sequences, " (several)")
    described = {} if isinstance(found, str) else found.parameters
    lines = []
    for name in definition.parameters:
        declared = definition.parameter_types.get(name)
        type_ = f"{declared.name}{'?' * declared.nullable}" if declared else _words(described.get(name))
        lines.append(f"{name}{several.get(name, '')} {type_}".rstrip())
    return lines


def column_lines(definition: Definition, found: DescribedStatement | str) -> list[str]:
    """A line for each column of the result, with the same."""
    if isinstance(found, str):
        lines = [f"{name} {type_.name}{'?' * type_.nullable}" for name, type_ in definition.column_types.items()]
        return [*lines, f"not described: {found}"]
    return list(_described(definition, found.columns))


def _described(definition: Definition, columns: Iterable[DescribedColumn]) -> Iterable[str]:
    for column in columns:
        declared = definition.column_types.get(column.name)
        type_ = f"{declared.name}{'?' * declared.nullable}" if declared else _words(column)
        yield f"{column.name} {type_}".rstrip()


def _words(described: DescribedColumn | DescribedParameter | None) -> str:
    if described is None or not described.words:
        return ""
    return f"{described.words[0]}{'?' * described.nullable}"
