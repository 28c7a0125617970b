"""Statements with optional lines for tests: a text in; its Definition, its variants or its error out."""

from __future__ import annotations

from textwrap import dedent

from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.variants import all_keys, key_from, variant

__all__ = ["defined", "labels", "refusal", "variant_sql"]


def defined(sql: str, *, rows: str = "many", notes: str = "", engine: str | None = None) -> Definition:
    """The statement ``t.x`` with this SQL. Raises SqlFileError."""
    text = f"-- name: x :{rows}\n{notes}{dedent(sql).strip()}\n"
    [parsed] = parse_file(text, "t.sql", "t", engine)
    return definition_of({engine: parsed})


def refusal(sql: str, *, rows: str = "many", notes: str = "", engine: str | None = None) -> str:
    """The message and hint with which a statement is refused; an empty text if it is accepted."""
    try:
        defined(sql, rows=rows, notes=notes, engine=engine)
    except SqlFileError as error:
        return str(error).removeprefix("t.sql:")
    return ""


def variant_sql(definition: Definition, *words: str, engine: str = "sqlite", keep_lines: bool = False) -> str:
    """The SQL of the variant that the words of a label choose."""
    key = key_from(definition, words)
    return variant(definition, engine, key, keep_lines=keep_lines).sql


def labels(definition: Definition) -> list[str]:
    """The labels in brackets after the names of all variants."""
    engine = next(iter(definition.forms))
    names = [variant(definition, engine, key).name for key in all_keys(definition)]
    return [name.partition("[")[2].removesuffix("]") for name in names]
