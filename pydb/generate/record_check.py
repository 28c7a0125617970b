"""Compare a record that the application defines with the statements' columns: both in, the differences out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import Any

from pydb.describe.type_mapping import fits, word_of_field
from pydb.errors import RecordError
from pydb.sqlfile.nested import Level
from pydb.sqlfile.type_words import SCALARS
from pydb.values.nested_records import level_fit
from pydb.values.records import field_hints, field_kinds

__all__ = ["mismatches", "module_of"]


def module_of(name: str, record: type, found_in: ModuleType | None) -> str:
    """The module from which to import the record: the one that the class names, or else the one where it was found.

    A class that a function has created, or that has two names, may not be in the module that it names.
    """
    own = getattr(sys.modules.get(record.__module__), name, None) is record
    return record.__module__ if own or found_in is None else found_in.__name__


def mismatches(
    record: type,
    columns: Mapping[str, tuple[tuple[str, ...], bool]],
    levels: Mapping[str, tuple[Level, bool]] | None = None,
) -> Iterator[tuple[str, str]]:
    """The mismatches, each as message and hint.

    ``columns`` has the type words that fit each column, and whether it may be NULL.  ``levels`` has the levels of
    nested rows by field, each with whether it may be absent.
    """
    levels = levels or {}
    try:
        hints, kinds = field_hints(record), field_kinds(record, without=levels)
    except RecordError as error:
        yield error.message, error.hint or f"a field is one of {', '.join(SCALARS)}, an Enum, a list or a level"
        return
    for name, (level, absent) in levels.items():
        wanted = f"tuple[{level.record}, ...]" if level.many else f"{level.record}{' | None' * absent}"
        fits_level = level_fit(hints[name], level, partial(_is_named, level.record)) if name in hints else None
        if fits_level is None or (absent and not fits_level):
            yield f"{record.__name__}.{name} does not fit {level.directive}", f"annotate it with {wanted}"
    if list(kinds) != list(columns):
        fields, found = ", ".join(kinds), ", ".join(columns)
        message = f"{record.__name__} has the fields {fields}, but the statement has the columns {found}"
        yield message, "give the record one field for each column, in the order of the columns"
        return
    for name, kind in kinds.items():
        words, nullable = columns[name]
        word = word_of_field(kind)
        if not fits(word, words):
            yield f"{record.__name__}.{name} is {word}, but the column is {words[0]}", f"annotate it with {words[0]}"
        if nullable and not kind.nullable and kind.type is not object:
            yield (
                f"{record.__name__}.{name} may be NULL, but its annotation does not allow None",
                f"annotate it as {word} | None",
            )


def _is_named(name: str, annotation: Any) -> bool:
    """Whether the annotation is a class of that name; ``generate`` may not have written the class yet."""
    return isinstance(annotation, type) and annotation.__name__ == name
