"""The classes of a review: the differences of two versions of a project in, objects for each statement out."""

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
    """Only layout, comments or documentation changed; the statement does the same as before."""

    AFFECTED = "affected"
    """The text is the same, but a change of the schema changes the statement's effect or plan."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text before and after the change; None if there was or is no text."""

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
        # With this context there is one hunk; the first three lines are the headers of the files and of the hunk.
        return tuple(unified_diff(old, new, lineterm="", n=len(old) + len(new)))[3:]


@dataclass(frozen=True, slots=True)
class FormChange:
    """The statement's text in its file, from the header to the end; ``engines`` are those that run this form.

    A place is ``file:line`` of the SQL's first line, or empty if there is no form.
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

    ``touches`` has a line for each use of a table, and ``rights`` a line for each right that a role needs.  ``refused``
    is the reason why the engine refuses the new form; it is empty if the engine accepts it.
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

    ``old_name`` is different if the statement was renamed.  ``signature`` is the Python code that ``pydb generate``
    writes for it.  ``callers`` are the places in Python that now call it by its new or its old name.  ``unsafe`` are
    the errors of the rolling deploy, and ``notes`` say what must be done first.  ``unproven`` are the engines on which
    the deploy was not checked, although their schema has changed.
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
        """The place of its first form, ``file:line``; for a removed statement, the place before."""
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
