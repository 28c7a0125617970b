"""The nouns of a review: what is different between two versions of a project, statement by statement."""

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
    """What has happened to a statement."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    LAYOUT = "layout"
    """Layout, comments or the documentation: it does what it did."""

    AFFECTED = "affected"
    """Its own text is the same; the schema has changed what it does or how."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text before and after; None where there was none, or is none."""

    old: str | None
    new: str | None

    @property
    def is_change(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole text with what has gone and come: each line begins with ``-``, ``+`` or a space."""
        old, new = ((text or "").split("\n") if text is not None else [] for text in (self.old, self.new))
        if old == new:
            return tuple(f" {line}" for line in new)
        # All lines are context; the first three are the heads of files and of a hunk.
        return tuple(unified_diff(old, new, lineterm="", n=len(old) + len(new)))[3:]


@dataclass(frozen=True, slots=True)
class FormChange:
    """The statement as its file has it, from the header to the end; ``engines`` are those that run this form.

    The places are ``file:line`` of the SQL's first line; empty where there is none.
    """

    engines: tuple[str, ...]
    text: TextChange
    old_place: str
    new_place: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    """The plan of variants that have the same one before and after; a statement without variants has one, ``""``."""

    variants: tuple[str, ...]
    text: TextChange


@dataclass(frozen=True, slots=True)
class EngineChange:
    """What is different on one engine, whose ``product`` has its version.

    ``touches`` are the tables and columns that are read and written, and ``rights`` what a role needs, a line each.
    ``refused`` is why the engine does not take the new form, empty where it does; the old one's reason is no matter.
    """

    engine: str
    product: str
    plans: tuple[PlanChange, ...]
    touches: TextChange
    rights: TextChange
    refused: str = ""

    @property
    def is_change(self) -> bool:
        """Whether anything is different."""
        texts = (self.touches, self.rights, *(plan.text for plan in self.plans))
        return bool(self.refused) or any(text.is_change for text in texts)

    @property
    def has_variants(self) -> bool:
        """Whether the plans are those of variants, not the one plan of a statement without optional lines."""
        return any(plan.variants != ("",) for plan in self.plans)

    @property
    def changes_plans(self) -> bool:
        """Whether a variant that was there before has another plan."""
        return any(plan.text.is_change and None not in (plan.text.old, plan.text.new) for plan in self.plans)


@dataclass(frozen=True, slots=True)
class StatementChange:
    """One page of a review: one statement, under its new name, and what is different.

    ``old_name`` is another one where it was renamed.  ``signature`` is the Python that ``pydb generate`` writes for
    it.  ``callers`` are the places in Python that call it now, by its new name or its old one.  ``unsafe`` are the
    errors of the rolling deploy, ``notes`` what must come first, and ``unproven`` the engines on which nothing is known
    of it: the schema has changed there, and they were not asked.
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
        """Where it is now, or was: ``file:line`` of its first form."""
        return next((place for form in self.forms for place in (form.new_place, form.old_place) if place), "")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A schema script that is not what it was: the lines that have changed, with some around them."""

    engine: str
    file: str
    text: TextChange

    def hunks(self, context: int = 3) -> Iterator[str]:
        """The differing lines, in the form of a unified diff without heads of files."""
        old, new = ((text or "").split("\n") if text is not None else [] for text in (self.text.old, self.text.new))
        return iter(tuple(unified_diff(old, new, lineterm="", n=context))[2:])


@dataclass(frozen=True, slots=True)
class Review:
    """All that is different since a revision.

    ``products`` are the engines that were asked, with their versions; ``unchecked`` says what was not looked at.
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
