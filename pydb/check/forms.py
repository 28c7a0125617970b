"""The rules between the forms of one statement: its descriptions on several engines in, findings out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from pydb.check.collected import Collector
from pydb.check.statements import parameter_place, spelled
from pydb.describe import DescribedStatement

__all__ = ["check_forms"]


def check_forms(described: Sequence[DescribedStatement], records: Mapping[str, type], collector: Collector) -> None:
    """C401 to C404: every form against the first one that disagrees with it."""
    settled = described[0].definition.record in records if described else False
    for one, other in combinations(described, 2):
        _check_columns(one, other, collector, settled)
        for name, parameter in other.parameters.items():
            words = one.parameters[name].words
            if words and parameter.words and not set(words) & set(parameter.words):
                line, column = parameter_place(other.form, name)
                message = f":{name} is {_on(one, words)} and {_on(other, parameter.words)}"
                _add(other, collector, "C404", message, "CAST the parameter alike in both forms", line, column)


def _on(described: DescribedStatement, words: tuple[str, ...]) -> str:
    return f"{spelled(words)} on {described.engine}"


def _add(
    described: DescribedStatement,
    collector: Collector,
    code: str,
    message: str,
    hint: str,
    line: int | None = None,
    column: int | None = None,
) -> None:
    collector.add(
        code,
        message,
        file=described.form.file,
        line=line or described.form.line,
        column=column,
        statement=described.definition.name,
        hint=hint,
    )


def _check_columns(one: DescribedStatement, other: DescribedStatement, collector: Collector, settled: bool) -> None:
    names, others = ([column.name for column in item.columns] for item in (one, other))
    if names != others:
        message = f"the columns are {_listed(names)} on {one.engine} and {_listed(others)} on {other.engine}"
        _add(other, collector, "C401", message, "name them alike with AS, in the same order")
        return
    for first, second in zip(one.columns, other.columns, strict=True):
        if first.words and second.words and not set(first.words) & set(second.words):
            message = f"column {first.name} is {_on(one, first.words)} and {_on(other, second.words)}"
            _add(other, collector, "C402", message, "CAST in the SQL so that they agree")
        # Where there is a record, C205 has its say about each form.
        if first.nullable != second.nullable and not settled:
            may, may_not = (one, other) if first.nullable else (other, one)
            message = f"column {first.name} may be NULL on {may.engine} and may not on {may_not.engine}"
            _add(other, collector, "C403", message, f"-- @column {first.name} {spelled(first.words)} settles it")


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
