"""The nouns of usage: a Touch of a table or a column, and all that one form of a statement touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from pydb.sqlfile.definition import Definition

__all__ = ["Access", "Act", "Touch", "Touched"]

Access = Literal["read", "write"]


class Act(StrEnum):
    """What is done to a table or a column."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    LOCK = "lock"
    """``FOR UPDATE``, and what else locks rows that are read."""


class Touch(NamedTuple):
    """A table, or a column of one, that a statement reads or writes.

    ``table`` and ``column`` are spelled as the catalogue has them; ``column`` is None for the table itself: each form
    that touches a table has one such touch for each act.  ``line`` is that in the statement's file.  ``by`` is empty
    for what the statement's own text names; else it says what of the schema is in between: ``view active_users``,
    ``trigger orders_log``, ``ON DELETE CASCADE of posts (user_id)``.
    """

    table: str
    column: str | None
    act: Act
    line: int
    by: str = ""

    @property
    def access(self) -> Access:
        """Whether it reads or writes."""
        return "read" if self.act in (Act.SELECT, Act.LOCK) else "write"

    @property
    def name(self) -> str:
        """``table`` or ``table.column``."""
        return self.table if self.column is None else f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Touched:
    """All that one form of a statement touches, in the order of the lines, those of all variants together.

    ``variants`` has the touches of each variant that was described, by what calls it; it is empty without optional
    lines.  ``calls`` are the functions that it calls and that the schema defines.  ``unknown`` says what cannot be
    told, and why: then other tables may be touched too.
    """

    definition: Definition
    engine: str
    touches: tuple[Touch, ...]
    variants: Mapping[str, tuple[Touch, ...]] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The statement's name."""
        return self.definition.name

    @property
    def file(self) -> str:
        """The file of this engine's form."""
        return self.definition.forms[self.engine].file

    @property
    def line(self) -> int:
        """The line on which the SQL of this engine's form starts."""
        return self.definition.forms[self.engine].line

    def shown_by(self, touch: Touch) -> tuple[str, ...]:
        """What calls the variants that have the touch; empty where all have it."""
        having = tuple(label for label, touches in self.variants.items() if touch in touches)
        return having if len(having) < len(self.variants) else ()

    def condition(self, touch: Touch) -> str:
        """The mark of the optional line that the touch stands in, as written; empty for a line that is always there."""
        lines = self.definition.forms[self.engine].lines
        before = [line for line in lines if line.number <= touch.line]
        return before[-1].condition if before else ""
