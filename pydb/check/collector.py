"""What the rules find, engine by engine, becomes one Finding for all engines it holds on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydb.engines import engine_names
from pydb.findings import Finding

__all__ = ["Collector"]


@dataclass(slots=True)
class Collector:
    """Collects findings; equal ones of several engines are one, which names the engines unless it is all of them."""

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
        """Take note of a finding, on one engine or, without one, on whichever."""
        finding = Finding(file, line, column, code, message, statement, hint, level)
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
