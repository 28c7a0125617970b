"""The classes of a review: the differences of two versions of a project in; objects for each statement out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum

from pydb.findings import Finding
from pydb.usage.callers import Caller

__all__ = [
    "ChangeKind",
    "EngineChange",
    "FormChange",
    "PlanChange",
    "Review",
    "SchemaChange",
    "StatementChange",
    "TextChange",
]


class ChangeKind(StrEnum):
    """The kind of a statement's change."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    LAYOUT = "layout"
    """Only layout, comments or documentation changed: it does the same as before."""

    AFFECTED = "affected"
    """Its text is the same, but a change of the schema changes its effect or its plan."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text before and after; None if it did not or does not exist."""

    old: str | None
    new: str | None

    @property
    def is_change(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole text with its differences: each line begins with ``-``, ``+`` or a space."""
        old, new = ((text or "").split("\n") if text is not None else [] for text in (self.old, self.new))
        if old == new:
            return tuple(f" {line}" for line in new)
        # All lines are context; the first three are the headers of the files and the hunk.
        return tuple(unified_diff(old, new, lineterm="", n=len(old) + len(new)))[3:]


@dataclass(frozen=True, slots=True)
class FormChange:
    """The statement's text in its file, from the header to the end; ``engines`` are those that run this form.

    The places are ``file:line`` of the SQL's first line; empty if there is none.
    """

    engines: tuple[str, ...]
    text: TextChange
    old_place: str
    new_place: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A plan, and the variants that have it before and after; a statement without variants has one variant, ``""``."""

    variants: tuple[str, ...]
    text: TextChange


@dataclass(frozen=True, slots=True)
class EngineChange:
    """The differences on one engine, whose ``product`` has its version.

    ``touches`` are the tables and columns that are read and written, ``rights`` those that a role needs, a line each.
    ``refused`` is the reason why the engine refuses the new form, empty if it does not; the old form does not matter.
    """

    engine: str
    product: str
    plans: tuple[PlanChange, ...]
    touches: TextChange
    rights: TextChange
    refused: str = ""

    @property
    def is_change(self) -> bool:
        """Whether there is a difference."""
        texts = (self.touches, self.rights, *(plan.text for plan in self.plans))
        return bool(self.refused) or any(text.is_change for text in texts)

    @property
    def has_variants(self) -> bool:
        """Whether there are plans of variants, not only the plan of a statement without optional lines."""
        return any(plan.variants != ("",) for plan in self.plans)

    @property
    def changes_plans(self) -> bool:
        """Whether a variant that existed before has another plan."""
        return any(plan.text.is_change and None not in (plan.text.old, plan.text.new) for plan in self.plans)


@dataclass(frozen=True, slots=True)
class StatementChange:
    """One page of a review: one statement, under its new name, and its differences.

    ``old_name`` differs if the statement was renamed.  ``signature`` is the Python that ``pydb generate`` writes for
    it.  ``callers`` are the places in Python that call it now, by its new or its old name.  ``unsafe`` are the
    errors of the rolling deploy, ``notes`` what must be done first, and ``unproven`` the engines on which the deploy
    was not checked, although their schema has changed.
    """

    kind: ChangeKind
    name: str
    old_name: str | None
    forms: tuple[FormChange, ...]
    signature: TextChange
    engines: tuple[EngineChange, ...]
    callers: tuple[Caller, ...] = ()
    unsafe: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    unproven: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Its place now, or before it was removed: ``file:line`` of its first form."""
        return next((place for form in self.forms for place in (form.new_place, form.old_place) if place), "")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A schema script that has changed: the changed lines, with some lines around them."""

    engine: str
    file: str
    text: TextChange

    def hunks(self, context: int = 3) -> Iterator[str]:
        """The changed lines, as a unified diff without file headers."""
        old, new = ((text or "").split("\n") if text is not None else [] for text in (self.text.old, self.text.new))
        return iter(tuple(unified_diff(old, new, lineterm="", n=context))[2:])


@dataclass(frozen=True, slots=True)
class Review:
    """All differences since a revision.

    ``products`` are the engines that were used, with their versions; ``unchecked`` lists what was not checked.
    """

    revision: str
    products: tuple[str, ...]
    schemas: tuple[SchemaChange, ...]
    changes: tuple[StatementChange, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def unsafe(self) -> tuple[StatementChange, ...]:
        """The statements that fail while the two versions run side by side."""
        return tuple(change for change in self.changes if change.unsafe)
