"""Collect the columns of records while their statements are read: columns in, drafts of records out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydb.describe import DescribedStatement
from pydb.generate.model import ANY, TypeSpec
from pydb.sqlfile.nested import Level

__all__ = ["Column", "RecordDraft"]


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column: the type words that fit on every engine, and the type of ``@column``.

    In nested rows, a field may be a whole level.
    """

    words: tuple[str, ...]
    nullable: bool
    said: str | None
    level: Level | None = None

    @property
    def spec(self) -> TypeSpec:
        """The annotation of the field."""
        if self.level is not None:
            return TypeSpec(self.level.record, self.nullable, "tuple" if self.level.many else "record")
        return TypeSpec(self.said or (self.words[0] if self.words else ANY), self.nullable)

    @property
    def shape(self) -> tuple[str, bool] | None:
        """The record of the level that the field contains, and whether it has many rows; None for a plain column."""
        return None if self.level is None else (self.level.record, self.level.many)


@dataclass(slots=True)
class RecordDraft:
    """A record while its statements are read; ``numbers`` has the positions of its columns in the first statement."""

    name: str
    columns: dict[str, Column]
    statements: list[DescribedStatement]
    numbers: Mapping[str, int]
