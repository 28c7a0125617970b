"""The report of the calls on one engine: its data classes, and lines to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydb.support.plurals import number_of

__all__ = ["Broken", "LawReport", "Unproven", "lines_of"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A call that broke its signature: ``came`` says how; ``arguments`` are written as in Python.

    ``code`` is one of ``pydb.prove.codes``.
    """

    engine: str
    statement: str
    came: str
    arguments: str
    stage: str
    code: str = "P101"

    def __str__(self) -> str:
        return f"{self.engine}: {self.statement}({self.arguments}): {self.came}    rows: {self.stage}"


@dataclass(frozen=True, slots=True)
class Unproven:
    """A statement of which nothing is known, because every call was refused because of the data.

    ``reason`` is the last error."""

    engine: str
    statement: str
    reason: str


@dataclass(slots=True)
class LawReport:
    """The result on one engine.

    ``called`` counts statements, ``calls`` their calls, ``data_refusals`` the calls that were refused because of the
    data.  ``held`` are the statements with a successful call and no broken promise, ``anything`` those with ``Any`` in
    their signature.
    """

    engine: str
    called: int = 0
    calls: int = 0
    data_refusals: int = 0
    held: list[str] = field(default_factory=list)
    anything: list[str] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    unproven: list[Unproven] = field(default_factory=list)
    empty_tables: list[str] = field(default_factory=list)


def lines_of(report: LawReport) -> Iterable[str]:
    """The report of one engine as lines: a summary, then a line for each problem."""
    calls = f"{number_of(report.called, 'statement')} called {number_of(report.calls, 'time')}"
    yield (
        f"{report.engine}: {calls}, {len(report.held)} held, "
        f"{len(report.anything)} with Any, {len(report.unproven)} always refused because of the data, "
        f"{len(report.broken)} broken"
    )
    seen: Counter[str] = Counter()
    for broken in report.broken:
        seen[broken.statement] += 1
        if seen[broken.statement] <= 2:
            yield f"  broken: {broken}"
    for unproven in report.unproven:
        yield f"  no call succeeded: {unproven.statement}: {unproven.reason}"
    for table in report.empty_tables:
        yield f"  no row could be written into {table}"
