"""The rules between the schemas of the engines: their catalogues in, findings out."""

from __future__ import annotations

import re

from pydb.check.collected import Collector
from pydb.check.statements import spelled
from pydb.describe.facts import Catalogue, ColumnFacts, TableFacts
from pydb.describe.python_types import words_of
from pydb.errors import PydbError
from pydb.queries import file_text

__all__ = ["check_schemas", "line_in_schema"]


def line_in_schema(file: str, table: str, part: str | None = None) -> int:
    """The line of a schema script where a table begins, or where a column or name first stands in it."""
    try:
        text = file_text(file)
    except PydbError:
        return 1
    start = re.search(rf'\bTABLE\b[^(;]*?["`\[]?\b{re.escape(table)}\b', text, re.IGNORECASE)
    place = start.end() if start else 0
    if part is not None:
        end = text.find(";", place)
        inner = re.compile(rf"\b{re.escape(part)}\b").search(text, place, end if end > 0 else len(text))
        place = inner.start() if inner else place
    return text.count("\n", 0, place) + 1


def check_schemas(base: Catalogue, other: Catalogue, files: dict[str, str], collector: Collector) -> None:
    """C501 to C506: what one schema has and the other has not, or has otherwise."""
    for name in sorted({*base.tables, *other.tables}):
        one, two = base.tables.get(name), other.tables.get(name)
        if one is None or two is None:
            missing, has = (base, other) if one is None else (other, base)
            _add(collector, files, has.engine, name, None, "C501", f"table {name} is not in {missing.engine}'s schema",
                 f"add it to {files[missing.engine]}, or drop it here")  # fmt: skip
        else:
            _check_table(one, two, base.engine, other.engine, files, collector)


def _add(
    collector: Collector, files: dict[str, str], engine: str, table: str, part: str | None, code: str, message: str,
    hint: str | None = None,
) -> None:  # fmt: skip
    line = line_in_schema(files[engine], table, part)
    collector.add(code, message, file=files[engine], line=line, hint=hint)


def _check_table(
    one: TableFacts, two: TableFacts, base: str, other: str, files: dict[str, str], collector: Collector
) -> None:
    for name in sorted({*one.columns, *two.columns}):
        first, second = one.columns.get(name), two.columns.get(name)
        if first is None or second is None:
            missing, has = (base, other) if first is None else (other, base)
            _add(collector, files, has, one.name, name, "C502",
                 f"column {one.name}.{name} is not in {missing}'s schema")  # fmt: skip
        else:
            _check_column(f"{one.name}.{name}", first, second, base, other, files, collector)
    _check_keys(one, two, base, other, files, collector)
    for name in sorted(one.constraints ^ two.constraints):
        missing, has = (base, other) if name in two.constraints else (other, base)
        _add(collector, files, has, one.name, name, "C505",
             f"constraint {name} of {one.name} is not in {missing}'s schema",
             "the same rule has the same name in every schema: applications catch it by its name")  # fmt: skip


def _check_column(
    name: str, one: ColumnFacts, two: ColumnFacts, base: str, other: str, files: dict[str, str], collector: Collector
) -> None:
    table, _, column = name.partition(".")
    if one.nullable != two.nullable:
        may, may_not = (base, other) if one.nullable else (other, base)
        _add(collector, files, other, table, column, "C503",
             f"column {name} may be NULL on {may} and may not on {may_not}")  # fmt: skip
    first, second = words_of(one.type, base), words_of(two.type, other)
    if first and second and not set(first) & set(second):
        _add(collector, files, other, table, column, "C506",
             f"column {name} is {spelled(first)} ({one.type}) on {base} "
             f"and {spelled(second)} ({two.type}) on {other}")  # fmt: skip


def _check_keys(
    one: TableFacts, two: TableFacts, base: str, other: str, files: dict[str, str], collector: Collector
) -> None:
    for key in sorted(set(one.keys) ^ set(two.keys), key=sorted):
        missing, has = (base, other) if key in two.keys else (other, base)
        _add(collector, files, has, one.name, None, "C504",
             f"the key ({', '.join(sorted(key))}) of {one.name} is not in {missing}'s schema")  # fmt: skip
    for columns, table, there in sorted(one.references ^ two.references):
        missing, has = (base, other) if (columns, table, there) in two.references else (other, base)
        _add(collector, files, has, one.name, None, "C504",
             f"the foreign key ({', '.join(columns)}) of {one.name} to {table} ({', '.join(there)}) "
             f"is not in {missing}'s schema")  # fmt: skip
