"""Lint the locks of migrations: an engine's migrations in, the findings that are not accepted out.

``-- pydb: accept RULE: reason`` above a statement accepts what the rule finds in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydb.check.collector import Collector
from pydb.migrations.engine_migrations import migrations_of
from pydb.migrations.files import ACCEPT, Migration, directive_lines

__all__ = ["check_locks"]

_HINT = f"To accept it, write above the statement: -- pydb: {ACCEPT} "


@dataclass(slots=True)
class _Accepted:
    """A line that accepts the findings of ``rule`` in the statement from line ``start`` to line ``end``."""

    line: int
    rule: str
    reason: str
    start: int
    end: int
    used: bool = False


def check_locks(engine: str, migrations: Sequence[Migration], collector: Collector) -> None:
    """Report the findings of the engine's linter.  Raises ModuleNotFoundError if the linter is not installed."""
    own = migrations_of(engine)
    for migration in migrations:
        findings = own.lock_findings(migration)
        if findings is None:
            return
        accepted = _accepted(migration)
        for found in findings:
            fitting = [item for item in accepted if item.rule == found.rule and item.start <= found.line < item.end]
            for item in fitting:
                item.used = True
            if not any(item.reason for item in fitting):
                collector.add(
                    found.rule,
                    found.message,
                    file=migration.file,
                    line=found.line,
                    column=found.column,
                    hint=f"{f'{found.help} ' if found.help else ''}{_HINT}{found.rule}: the reason",
                    engine=engine,
                )
        for item in accepted:
            if not item.used or not item.reason:
                message = (
                    f"{item.rule} is accepted, but finds nothing in this statement"
                    if item.reason
                    else "the reason is missing"
                )
                hint = "remove the line" if item.reason else f"-- pydb: {ACCEPT} {item.rule}: the reason"
                collector.add(item.rule, message, file=migration.file, line=item.line, hint=hint, engine=engine)


def _accepted(migration: Migration) -> list[_Accepted]:
    starts = [line for line, _ in migration.statements]
    found = []
    for line, directive in directive_lines(migration.text):
        word, _, rest = directive.partition(" ")
        if word != ACCEPT:
            continue
        rule, _, reason = rest.partition(":")
        start = next((start for start in starts if start > line), line)
        end = next((after for after in starts if after > start), migration.text.count("\n") + 2)
        found.append(_Accepted(line, rule.strip(), reason.strip(), start, end))
    return found
