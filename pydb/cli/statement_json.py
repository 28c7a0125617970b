"""Describe a statement for a program: its definition and its description by a database in, an object for JSON out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydb.engines import engine_names
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.optional_lines import NameKind

if TYPE_CHECKING:
    from pydb.describe import DescribedStatement

__all__ = ["columns_as_json", "statement_as_json"]


def statement_as_json(definition: Definition, found: DescribedStatement | None = None) -> dict[str, Any]:
    """The entry of a statement in ``pydb list``; types come from ``@param``, or else from ``found``."""
    levels = definition.nesting.levels if definition.nesting is not None else ()
    return {
        "statement": definition.name,
        "rows": str(definition.row_word),
        "shape": definition.record,
        "levels": [
            {"path": level.path, "record": level.record, "many": level.many, "json": level.json} for level in levels
        ],
        "parameters": [_parameter(definition, name, found) for name in definition.parameters],
        "engines": [engine for engine in engine_names() if engine in definition.forms],
        "documentation": definition.doc,
        "file": definition.file,
        "line": definition.line,
    }


def _parameter(definition: Definition, name: str, found: DescribedStatement | None) -> dict[str, Any]:
    optional = definition.optional.get(name)
    kind = NameKind.VALUE if optional is None else optional.kind
    type_ = _type_of(definition, name, kind, found)
    default = None
    if optional is not None and kind is not NameKind.VALUE:
        default = False if kind is NameKind.FLAG else optional.default or None
    return {
        "name": name,
        "kind": str(kind),
        "type": type_.name if type_ else None,
        "nullable": type_.nullable if type_ else None,
        "several": name in definition.sequences,
        "required": optional is None,
        "default": default,
        "choices": list(optional.values) if optional is not None and kind is NameKind.CHOICE else [],
    }


def _type_of(definition: Definition, name: str, kind: NameKind, found: DescribedStatement | None) -> TypeName | None:
    if kind is not NameKind.VALUE:
        return TypeName("bool" if kind is NameKind.FLAG else "str")
    if name in definition.parameter_types:
        return definition.parameter_types[name]
    described = found.parameters.get(name) if found is not None else None
    return TypeName(described.word, described.nullable) if described is not None and described.word else None


def columns_as_json(definition: Definition, found: DescribedStatement | None) -> list[dict[str, Any]] | None:
    """The columns of the result with their types and the path of their level of nested rows; None if not known."""
    if found is None:
        return None
    levels: Mapping[int, str] = {
        number: level.path for level in found.levels for number in level.fields.values() if level.path
    }
    columns = []
    for number, column in enumerate(found.columns):
        declared = definition.column_types.get(column.name)
        type_ = declared or (TypeName(column.words[0], column.nullable) if column.words else None)
        columns.append(
            {
                "name": column.name,
                "type": type_.name if type_ else None,
                "nullable": type_.nullable if type_ else column.nullable,
                "level": levels.get(number),
            }
        )
    return columns
