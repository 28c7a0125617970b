"""Try one statement: its function on several engines and the arguments of a call in, a refutation or None out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pydb.describe import DescribedStatement
from pydb.errors import (
    CheckViolation,
    ConstraintViolation,
    ForeignKeyViolation,
    NoRow,
    NotNullViolation,
    StatementTimeout,
    TooManyRows,
    UniqueViolation,
)
from pydb.prove.answers import Answer, AnswerDifference, difference, unsteady
from pydb.prove.arguments import takes_anything
from pydb.prove.calls import Arguments, is_a_call
from pydb.prove.codes import code_of_broken, code_of_failed
from pydb.prove.engine_under_test import EngineUnderTest
from pydb.prove.held_values import NO_LIMITS, Limits, is_held, limits_of
from pydb.prove.tables import Table
from pydb.prove.variant_calls import variant_of
from pydb.statement import Statement

__all__ = ["Refutation", "Trial", "named_tables", "touched"]

_EXPECTED = {
    error.__name__
    for error in (
        *(NoRow, TooManyRows, StatementTimeout, ConstraintViolation),
        *(UniqueViolation, ForeignKeyViolation, NotNullViolation, CheckViolation),
    )
}
"""Errors that depend on the rows and arguments; any statement may raise them."""

_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CALL)\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Refutation:
    """The mistake that one call shows: the engines, and the wrong answer, or the difference of two answers."""

    code: str
    engines: tuple[str, ...]
    answer: Answer | None = None
    difference: AnswerDifference | None = None

    def is_like(self, other: Refutation | None) -> bool:
        """Whether another call shows the same mistake, even with other values."""
        if other is None or (self.code, self.engines) != (other.code, other.engines):
            return False
        if self.difference is None or other.difference is None:
            return _what(self.answer) == _what(other.answer)
        mine, theirs = self.difference, other.difference
        return (mine.what, mine.column, mine.where) == (theirs.what, theirs.column, theirs.where)


def _what(answer: Answer | None) -> str | None:
    return None if answer is None else answer.error or answer.broken


@dataclass(slots=True)
class Trial:
    """A loaded statement, its descriptions by engine, and the engines that it is called on.

    ``worked`` has the engines on which a call succeeded; ``calls`` counts the calls on each engine.
    """

    name: str
    described: Sequence[DescribedStatement]
    tested_engines: Sequence[EngineUnderTest]
    tables: Sequence[Table]
    statement: Statement
    calls: int = 0
    worked: set[str] = field(default_factory=set)
    last_error: str = ""
    _limits: Mapping[str, Limits] = field(init=False)
    _counts: Collection[str] = field(init=False)
    _ordered: Collection[str] = field(init=False)
    _arbitrary: Collection[str] = field(init=False)
    _anything: bool = field(init=False)

    def __post_init__(self) -> None:
        self._limits = _limits(self.described)
        self._counts = {name for item in self.described for name in item.traits.counting}
        variants = [one for item in self.described for one in (item.variants or {"": item}).items()]
        labels = {name for name, _ in variants}
        self._ordered = labels - {name for name, one in variants if not one.traits.ordered}
        self._arbitrary = {name for name, one in variants if one.traits.arbitrary_limit}
        self._anything = takes_anything(self.tested_engines[0].functions[self.name])

    @property
    def arbitrary_limits(self) -> list[str]:
        """The labels of the variants whose LIMIT has no total order; '' is a statement without optional lines."""
        return sorted(self._arbitrary)

    @property
    def sql(self) -> str:
        """The statement's SQL on all engines."""
        return "\n".join(dict.fromkeys(item.form.sql for item in self.described))

    def takes(self, arguments: Arguments) -> bool:
        """Whether every engine can store these arguments, and no LIMIT or OFFSET is negative."""
        given, named = arguments
        sets = [one for sets in given for one in sets] if given else [named]
        if any(isinstance(one.get(name), int) and one[name] < 0 for one in sets for name in self._counts):
            return False
        if not is_a_call(self.statement, self.tested_engines[0].engine, named):
            return False
        return all(is_held(value, self._limits.get(name, NO_LIMITS)) for one in sets for name, value in one.items())

    def call(self, arguments: Arguments) -> Refutation | None:
        """Call it once on every engine, and once more if the answers differ."""
        answers = [tested.call(self.name, arguments, self.tables) for tested in self.tested_engines]
        self.calls += len(answers)
        for tested, answer in zip(self.tested_engines, answers, strict=True):
            if answer.error is None:
                self.worked.add(tested.engine)
            else:
                self.last_error = answer.text
            if (code := self._broken(answer)) is not None:
                return Refutation(code, (tested.engine,), answer)
        variant = variant_of(self.statement.definition, arguments[1])
        if variant in self._arbitrary or any(answer.error == StatementTimeout.__name__ for answer in answers):
            return None
        return self._compared(arguments, answers, ordered=variant in self._ordered)

    def _broken(self, answer: Answer) -> str | None:
        if answer.broken is not None:
            return code_of_broken(answer.broken)
        if answer.error is None or answer.error in _EXPECTED or answer.of_the_data or self._anything:
            return None
        return code_of_failed(answer.error, answer.text)

    def _compared(self, arguments: Arguments, answers: Sequence[Answer], *, ordered: bool) -> Refutation | None:
        by_kind: set[tuple[str | None, int]] | None = None
        first = answers[0]
        for tested, answer in zip(self.tested_engines[1:], answers[1:], strict=True):
            found = difference(first, answer, ordered=ordered)
            if found is None:
                continue
            if by_kind is None:
                again = [other.call(self.name, arguments, self.tables) for other in self.tested_engines]
                by_kind = set().union(*map(unsteady, answers, again))
            found = difference(first, answer, ordered=ordered, by_kind=by_kind)
            if found is not None:
                return Refutation(
                    _code(found, first, answer), (self.tested_engines[0].engine, tested.engine), difference=found
                )
        return None


def _code(found: AnswerDifference, here: Answer, there: Answer) -> str:
    if found.what == "error":
        return "P204" if here.error is not None and there.error is not None else "P203"
    return "P201" if found.where is None else "P202"


def _limits(described: Sequence[DescribedStatement]) -> dict[str, Limits]:
    """The limits of each parameter over all engines."""
    names = {name for item in described for name in item.parameters}
    return {
        name: limits_of(type_ for item in described if name in item.parameters for type_ in item.parameters[name].types)
        for name in names
    }


def named_tables(described: Sequence[DescribedStatement], tables: Sequence[Table]) -> list[Table]:
    """The tables whose names are in a statement."""
    words = {word.lower() for item in described for word in _WORDS.findall(item.form.sql)}
    return [table for table in tables if table.name.rpartition(".")[2].lower() in words]


def touched(described: Sequence[DescribedStatement], tables: Sequence[Table], *, has_triggers: bool) -> list[Table]:
    """The tables whose rows a statement may change: those that it names, and those that refer to them."""
    if not any(_WRITES.search(item.form.sql) for item in described):
        return []
    if has_triggers:
        return list(tables)
    names = _with_children({table.name for table in named_tables(described, tables)}, tables)
    return [table for table in tables if table.name in names]


def _with_children(names: set[str], tables: Sequence[Table]) -> set[str]:
    while True:
        refer = {table.name for table in tables if any(there in names for _, there, _ in table.references)}
        if refer <= names:
            return names
        names = names | refer
