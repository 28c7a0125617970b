"""Compare a database with its schema: two fingerprints of catalogues in, findings out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

from pydb.check.collector import Collector
from pydb.check.schema_agreement import SchemaScript
from pydb.describe.changes import SchemaTexts, changes_of, differing, without_new_partitions
from pydb.errors import SqlFileError

__all__ = ["around_difference", "check_drift", "line_in_schema"]

_PARTS = frozenset({"column", "constraint", "key"})
"""The kinds of things that are named ``table.name``."""

_MAX_CHARACTERS = 90
"""The number of characters of a definition that are shown around the first difference."""

_MAX_HINT = 400
"""The maximum number of characters of a definition, and of the statements to review."""

_MAX_STATEMENTS = 2
_REBUILD = "rebuild the table, as `pydb migrate draft` writes it"


def check_drift(
    schema: Mapping[str, str], database: Mapping[str, str], file: str, engine: str, collector: Collector
) -> None:
    """Report C601 to C603: what the database lacks, what differs, and what only the database has."""
    script = SchemaScript(file, engine)
    review = _statements_to_review(database, schema, file, engine)
    for item in without_new_partitions(differing(database, schema)):
        name, to_review = item.name, review.get(item.name, "")
        if item.have is None:
            code, message, hint = "C601", f"the database has no {name}", f"the schema has: {item.want}"
        elif item.want is None:
            code, message, hint = "C603", f"the schema has no {name}", f"the database has: {item.have}"
        else:
            one, two = around_difference(item.want, item.have)
            code, message, hint = "C602", f"{name} differs", f"schema: {one}    database: {two}"
        line = line_in_schema(script, name)
        hint = hint[:_MAX_HINT] + (f"    to review: {to_review}" if to_review else "")
        collector.add(code, message, file=file, line=line, hint=hint, engine=engine)


def _statements_to_review(
    database: Mapping[str, str], schema: Mapping[str, str], file: str, engine: str
) -> dict[str, str]:
    """For each difference, the statement that would fix the database, on one line; pydb never runs it."""
    found: dict[str, list[str]] = defaultdict(list)
    with suppress(SqlFileError):
        for change in changes_of(engine).changes(database, schema, SchemaTexts(file, engine)):
            for name in change.about if change.sql else ():
                found[name].append(" ".join(change.sql.split()) + ";")
    return {
        name: " ".join(statements)[:_MAX_HINT] if len(statements) <= _MAX_STATEMENTS else _REBUILD
        for name, statements in found.items()
    }


def line_in_schema(script: SchemaScript, name: str) -> int:
    """The line of a schema script that defines a thing of a fingerprint."""
    kind, _, label = name.partition(" ")
    # A schema's name may precede the table's.
    *_, table, part = ("", *label.split(".")) if kind in _PARTS and "." in label else ("", label, "")
    match = re.search(r" of (\S+)$", name)
    return script.line(match.group(1) if match else table, part or None)


def around_difference(one: str, two: str) -> tuple[str, str]:
    """The parts of two definitions around their first difference."""
    same = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = max(same - 25, 0)
    return _cut(one, start), _cut(two, start)


def _cut(text: str, start: int) -> str:
    end = start + _MAX_CHARACTERS
    return ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
