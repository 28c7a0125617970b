"""Join the findings of several engines: findings with their engines in; one Finding for equal ones out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydb.describe import DescribedStatement
from pydb.engines import engine_names
from pydb.findings import Finding

__all__ = ["Collector", "Reporter"]


@dataclass(slots=True)
class Collector:
    """Collects findings.  Equal findings of several engines become one, which names its engines if not all have it."""

    engines: Sequence[str]
    _found: dict[Finding, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(
        self,
        code: str,
        message: str,
        *,
        file: str,
        line: int,
        column: int | None = None,
        statement: str | None = None,
        hint: str | None = None,
        engine: str | None = None,
        level: Literal["error", "note"] = "error",
    ) -> None:
        """Add a finding on one engine, or without ``engine`` a finding that does not belong to an engine."""
        self.take(Finding(file, line, column, code, message, statement, hint, level), engine)

    def take(self, finding: Finding, engine: str | None = None) -> None:
        """Add an existing finding."""
        self._found[finding].update((engine,) if engine else ())

    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of files and lines."""
        placed = [self._placed(finding, engines) for finding, engines in self._found.items()]
        return tuple(sorted(placed, key=lambda item: (item.file, item.line, item.column or 0, item.code, item.message)))

    def _placed(self, finding: Finding, engines: Iterable[str]) -> Finding:
        named = [engine for engine in engine_names() if engine in set(engines)]
        if not named or len(self.engines) == 1 or len(named) == len(self.engines):
            return finding
        message = f"{finding.message} (on {' and '.join(named)})"
        return Finding(
            finding.file,
            finding.line,
            finding.column,
            finding.code,
            message,
            finding.statement,
            finding.hint,
            finding.level,
        )


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports findings about one form of a statement; without another place, they are at its first line."""

    collector: Collector
    described: DescribedStatement

    def error(
        self, code: str, message: str, hint: str | None = None, *, line: int | None = None, column: int | None = None
    ) -> None:
        """Report an error, which fails the check."""
        self._add(code, message, hint, "error", line, column)

    def note(
        self, code: str, message: str, hint: str | None = None, *, line: int | None = None, column: int | None = None
    ) -> None:
        """Report a note, which does not fail the check."""
        self._add(code, message, hint, "note", line, column)

    def _add(
        self,
        code: str,
        message: str,
        hint: str | None,
        level: Literal["error", "note"],
        line: int | None,
        column: int | None,
    ) -> None:
        form = self.described.form
        self.collector.add(
            code,
            message,
            file=form.file,
            line=form.line if line is None else line,
            column=column,
            statement=self.described.definition.name,
            hint=hint,
            engine=self.described.engine,
            level=level,
        )
