"""Find names that are not valid in Python or would be defined twice: names of a package in, messages with hints out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from pydb.describe.result_names import is_field
from pydb.generate.model import Function, Module
from pydb.generate.ownership import ASYNC
from pydb.generate.render import choice_name, defined_by

__all__ = ["field_clash", "function_clashes", "module_clashes", "record_clash"]

_OTHER_FILE = "give the .sql file another name"
_IN_RECORDS = ("SQL", "queries")


def field_clash(name: str) -> tuple[str, str] | None:
    """The message and hint for a column that cannot be the field of a record, or None."""
    plain = unicodedata.normalize("NFKC", name)
    if plain != name and name.isidentifier():
        return f"Python would read the column {name} as {plain}", f"AS {plain}" if is_field(
            plain
        ) else "name it with AS"
    return None if is_field(name) else (f"column {name} cannot be a field", "name it with AS")


def record_clash(name: str) -> tuple[str, str] | None:
    """The message and hint for a name that a record cannot have, or None."""
    return (f"records.py already defines {name}", "give the record another name") if name in _IN_RECORDS else None


def module_clashes(
    module: Module, folders: Collection[tuple[str, ...]], records: Collection[str], asynchronous: bool = False
) -> Iterator[tuple[str, str]]:
    """Messages and hints about what would have the same file or name as the module."""
    first = module.parts[0]
    if first == "records":
        yield "records.py contains the records", _OTHER_FILE
    if first == "statement_types":
        yield "statement_types.py contains the types of the statements", _OTHER_FILE
    if first == ASYNC.name and asynchronous:
        yield "aio/ contains the asynchronous functions", "give the .sql file, or its folder, another name"
    if first in records:
        yield f"a record has the same name, {first}", _OTHER_FILE
    if module.parts in folders:
        yield f"a folder has the same name, {module.parts[-1]}", _OTHER_FILE


def function_clashes(functions: Sequence[Function]) -> Iterator[tuple[Function, str, str]]:
    """The functions of one module that define the same name as another function, with messages and hints."""
    counted = Counter(name for function in functions for name in defined_by(function))
    for function in functions:
        twice = [name for name in defined_by(function) if counted[name] > 1]
        if twice:
            chosen = twice[0] in (choice_name(function, choice) for choice in function.choices)
            yield function, f"{twice[0]} would be defined twice", f"rename the {'choice' if chosen else 'statement'}"
