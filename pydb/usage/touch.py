"""The data classes of usage: a Touch of a table or a column, and everything that one form of a statement touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from pydb.sqlfile.definition import Definition

__all__ = ["Access", "Act", "Touch", "Touched"]

Access = Literal["read", "write"]


class Act(StrEnum):
    """The action on a table or a column."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    LOCK = "lock"
    """``FOR UPDATE``, and other clauses that lock rows."""


class Touch(NamedTuple):
    """A table, or a column of one, that a statement reads or writes.

    ``table`` and ``column`` are written as in the catalogue.  ``column`` is None for the table itself: a form has one
    such touch for each table and act.  ``line`` is the line in the statement's file.  ``by`` is empty for what the
    statement's text names.  If not, it names the cause in the schema: ``view active_users``, ``trigger orders_log``,
    ``ON DELETE CASCADE of posts (user_id)``.
    """

    table: str
    column: str | None
    act: Act
    line: int
    by: str = ""

    @property
    def access(self) -> Access:
        """The access of the action: whether it reads or writes."""
        return "read" if self.act in (Act.SELECT, Act.LOCK) else "write"

    @property
    def name(self) -> str:
        """``table`` or ``table.column``."""
        return self.table if self.column is None else f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Touched:
    """Everything that one form of a statement touches, with all its variants, in the order of the lines.

    ``variants`` has the touches of each described variant by its label; it is empty without optional lines.  ``calls``
    are the called functions that the schema defines.  ``unknown`` says what is not known, and why; then other tables
    may be touched too.
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
        """The labels of the variants that have the touch; empty if all have it."""
        having = tuple(label for label, touches in self.variants.items() if touch in touches)
        return having if len(having) < len(self.variants) else ()

    def condition(self, touch: Touch) -> str:
        """The mark of the optional line that contains the touch, as written; empty for other lines."""
        lines = self.definition.forms[self.engine].lines
        before = [line for line in lines if line.number <= touch.line]
        return before[-1].condition if before else ""
