"""Does a database still have its schema?  Two fingerprints of catalogues in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydb.check.collector import Collector
from pydb.check.schema_agreement import SchemaScript

__all__ = ["around_difference", "check_drift", "differences", "line_in_schema"]

_PARTS = frozenset({"column", "constraint", "key"})
"""What is named ``table.name``."""

_MAX_CHARACTERS = 90
"""How many characters of a definition are shown around the first difference."""


def check_drift(
    schema: Mapping[str, str], database: Mapping[str, str], file: str, engine: str, collector: Collector
) -> None:
    """C601 to C603: what the database lacks, has otherwise, and has besides."""
    script = SchemaScript(file, engine)
    for name, wanted, found in differences(schema, database):
        if found is None:
            _add(collector, script, name, "C601", f"the database has no {name}", f"the schema has: {wanted}")
        elif wanted is None:
            _add(collector, script, name, "C603", f"the schema has no {name}", f"the database has: {found}")
        else:
            one, two = around_difference(wanted, found)
            _add(collector, script, name, "C602", f"{name} differs", f"schema: {one}    database: {two}")


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    """What differs between two fingerprints: the name, and the two definitions, None where there is none."""
    for name in sorted({*wanted, *found}):
        if wanted.get(name) != found.get(name):
            yield name, wanted.get(name), found.get(name)


def line_in_schema(script: SchemaScript, name: str) -> int:
    """The line of a schema script that is about a thing of a fingerprint."""
    kind, _, label = name.partition(" ")
    # A schema's name may stand before a table's.
    *_, table, part = ("", *label.split(".")) if kind in _PARTS and "." in label else ("", label, "")
    match = re.search(r" of (\S+)$", name)
    return script.line(match.group(1) if match else table, part or None)


def _add(collector: Collector, script: SchemaScript, name: str, code: str, message: str, hint: str) -> None:
    line = line_in_schema(script, name)
    collector.add(code, message, file=script.file, line=line, hint=hint[:400], engine=script.engine)


def around_difference(one: str, two: str) -> tuple[str, str]:
    """The two definitions from shortly before their first difference."""
    same = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = max(same - 25, 0)
    return _cut(one, start), _cut(two, start)


def _cut(text: str, start: int) -> str:
    end = start + _MAX_CHARACTERS
    return ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
