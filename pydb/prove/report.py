"""What came of the calls, as plain nouns, and as lines that a person reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Broken", "LawReport", "Unproven", "lines_of"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A call that did not do what its signature says: ``came`` is why, ``arguments`` are as Python spells them.

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
    """A statement all of whose calls the data refused: nothing is known of it.  ``reason`` is the last error's."""

    engine: str
    statement: str
    reason: str


@dataclass(slots=True)
class LawReport:
    """What is known on one engine.

    ``called`` counts statements, ``calls`` the calls of them, ``data_refusals`` those calls that the data refused.
    ``held`` are the statements of which a call worked and none broke the law, ``anything`` those whose signature has
    ``Any`` in it.
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
    """The report of one engine, a line for each thing that a person should look at."""
    yield (
        f"{report.engine}: {report.called} statements called {report.calls} times, {len(report.held)} held, "
        f"{len(report.anything)} with Any, {len(report.unproven)} always refused by the data, "
        f"{len(report.broken)} broken"
    )
    seen: Counter[str] = Counter()
    for broken in report.broken:
        seen[broken.statement] += 1
        if seen[broken.statement] <= 2:
            yield f"  broken: {broken}"
    for unproven in report.unproven:
        yield f"  never worked: {unproven.statement}: {unproven.reason}"
    for table in report.empty_tables:
        yield f"  no row could be written into {table}"
