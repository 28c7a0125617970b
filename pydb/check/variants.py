"""The rules for a statement with optional lines: its variants in; findings, each with its first variant, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydb.check.collector import Collector, Reporter
from pydb.describe import DescribedColumn, DescribedStatement
from pydb.describe.variants import of_two_types, with_variant
from pydb.findings import Finding

__all__ = ["check_each_variant", "check_even"]

Rules = Callable[[DescribedStatement, Reporter], None]
"""The rules for one text of a statement."""


def check_each_variant(described: DescribedStatement, rules: Rules, collector: Collector) -> None:
    """Apply the rules to each variant; a finding that not all variants have is reported with the first that has it."""
    shown_by: dict[Finding, list[str]] = {}
    for key, variant in described.variants.items():
        found = Collector([described.engine])
        rules(variant, Reporter(found, variant))
        for finding in found.findings():
            shown_by.setdefault(replace(finding, statement=described.definition.name), []).append(key)
    for finding, keys in shown_by.items():
        some = len(keys) < len(described.variants)
        message = f"{finding.message}, {with_variant(keys[0])}" if some else finding.message
        collector.take(replace(finding, message=message), described.engine)


def check_even(described: DescribedStatement, reporter: Reporter) -> None:
    """Report C305: the variants of a statement with a record, or of a scalar, return different columns."""
    if not described.uneven or described.definition.record is None:
        return
    (first, one), *others = described.variants.items()
    for key, other in others:
        differing = _difference(one.columns, other.columns)
        if differing is not None:
            message = f"{differing[0]} {with_variant(first)}, and {differing[1]} {with_variant(key)}"
            reporter.error("C305", message, "return the same columns in every variant, or write two statements")
            return


def _difference(one: Sequence[DescribedColumn], other: Sequence[DescribedColumn]) -> tuple[str, str] | None:
    """The first difference, as a phrase for each of the two."""
    names, others = ([column.name for column in columns] for columns in (one, other))
    if names != others:
        return f"the columns are {', '.join(names) or 'none'}", ", ".join(others) or "none"
    for first, second in zip(one, other, strict=True):
        if of_two_types(first, second):
            return f"column {first.name} is {first.words[0]}", second.words[0]
    return None
