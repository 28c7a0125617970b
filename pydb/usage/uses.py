"""Find the uses of a table or a column: the usages of several engines and callers in, a Use for each form out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydb.engines import registration
from pydb.sqlfile.definition import Definition
from pydb.usage.callers import Caller
from pydb.usage.project import Usage
from pydb.usage.touch import Touch, Touched

__all__ = ["Use", "UseReport", "uses_of"]


@dataclass(frozen=True, slots=True)
class Use:
    """A form of a statement that touches the table or column, on the engines that read it in the same way.

    ``callers`` is None if no folders of Python were given.
    """

    touched: Touched
    touches: tuple[Touch, ...]
    engines: tuple[str, ...]
    callers: tuple[Caller, ...] | None

    @property
    def reads(self) -> bool:
        """Whether it reads the table or column."""
        return any(touch.access == "read" for touch in self.touches)

    @property
    def writes(self) -> bool:
        """Whether it writes the table or column."""
        return any(touch.access == "write" for touch in self.touches)


@dataclass(frozen=True, slots=True)
class UseReport:
    """The uses of a table, or of a ``column`` if one is given.

    ``schema`` has the views, triggers and functions whose code touches it, even if no statement uses them.  ``unknown``
    has the statements whose uses are not known, with the reasons, and ``elsewhere`` those that only other engines have.
    """

    table: str
    column: str | None
    products: tuple[str, ...]
    uses: tuple[Use, ...]
    schema: tuple[str, ...]
    unknown: tuple[tuple[Definition, str], ...]
    elsewhere: tuple[Definition, ...]


def uses_of(
    place: tuple[str, str | None],
    usages: Sequence[Usage],
    definitions: Iterable[Definition],
    callers: Mapping[str, tuple[Caller, ...]] | None,
) -> UseReport:
    """Each statement that touches a table, or one column of it, in the order of the files."""
    table, column = place
    found: dict[tuple[str, str, tuple[Touch, ...]], Use] = {}
    unknown: dict[tuple[str, str], tuple[Definition, str]] = {}
    for usage in usages:
        for one, touches in usage.users(table, column):
            key = (one.name, one.file, touches)
            if key in found:
                found[key] = replace(found[key], engines=(*found[key].engines, usage.engine))
            else:
                own = None if callers is None else callers.get(one.name, ())
                found[key] = Use(one, touches, (usage.engine,), own)
        why = [(one.definition, reason) for one in usage.touched for reason in one.unknown]
        why += [
            (one.definition, f"{registration(one.engine).product} refuses it: {one.message}") for one in usage.refused
        ]
        unknown.update({(definition.name, reason): (definition, reason) for definition, reason in why})
    asked = {usage.engine for usage in usages}
    return UseReport(
        table,
        column,
        tuple(registration(usage.engine).product for usage in usages),
        tuple(sorted(found.values(), key=lambda use: (use.touched.file, use.touched.line))),
        tuple(dict.fromkeys(label for usage in usages for label in usage.schema.users(table, column))),
        tuple(unknown.values()),
        tuple(definition for definition in definitions if asked.isdisjoint(definition.forms)),
    )
