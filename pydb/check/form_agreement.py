"""The rules between the forms of one statement: its descriptions on several engines in, findings out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pydb.check.collector import Collector
from pydb.check.statement_rules import spelled
from pydb.describe import DescribedStatement
from pydb.describe.described import parameter_places
from pydb.sqlfile.nested import DIVIDER, Nesting, place_of_label

__all__ = ["check_forms"]


def check_forms(described: Sequence[DescribedStatement], records: Mapping[str, type], collector: Collector) -> None:
    """Report C401 to C404: compare each form with the first; but types in all pairs, as SQLite has few types."""
    if not described:
        return
    described = _flat_in_all(described)
    for other in described[1:]:
        _check_columns(described[0], other, collector, settled=described[0].definition.record in records)
    if len({tuple(column.name for column in item.columns) for item in described}) == 1:
        for index in range(len(described[0].columns)):
            _check_types(described, index, collector)
    definition = described[0].definition
    places: dict[str, Mapping[str, tuple[int, int]]] = {}
    # C104 compares @param with each form.
    for name in [name for name in definition.parameters if name not in definition.parameter_types]:
        _check_parameter(described, name, places, collector)


def _flat_in_all(described: Sequence[DescribedStatement]) -> Sequence[DescribedStatement]:
    """The forms without the columns of levels that some form returns as JSON, because another form may join them."""
    json = {level.path for item in described if item.form.nesting for level in item.form.nesting.levels if level.json}
    if not json:
        return described

    def is_flat(label: str, nesting: Nesting | None) -> bool:
        place = place_of_label(label, nesting) if nesting is not None and label not in nesting.by_label else None
        path = (place[0] if place else label.replace(DIVIDER, ".")) + "."
        return not any(path.startswith(f"{level}.") for level in json)

    return [
        replace(item, columns=tuple(column for column in item.columns if is_flat(column.name, item.form.nesting)))
        for item in described
    ]


def _disjoint(choices: Sequence[tuple[str, ...]]) -> tuple[int, int] | None:
    """The first two choices of type words that have no word in common."""
    for one, other in combinations(range(len(choices)), 2):
        if choices[one] and choices[other] and not set(choices[one]) & set(choices[other]):
            return one, other
    return None


def _check_parameter(
    described: Sequence[DescribedStatement],
    name: str,
    places: dict[str, Mapping[str, tuple[int, int]]],
    collector: Collector,
) -> None:
    choices = [item.parameters[name].words if item.parameters[name].certain else () for item in described]
    if pair := _disjoint(choices):
        one, other = (described[index] for index in pair)
        if other.engine not in places:
            places[other.engine] = parameter_places(other.form)
        line, column = places[other.engine].get(name, (None, None))
        message = f":{other.form.written(name)} is {_on(one, choices[pair[0]])} and {_on(other, choices[pair[1]])}"
        _add(
            other,
            collector,
            "C404",
            message,
            "write a CAST of the parameter to the same type in both forms",
            line,
            column,
        )


def _check_types(described: Sequence[DescribedStatement], index: int, collector: Collector) -> None:
    choices = [item.columns[index].words for item in described]
    if pair := _disjoint(choices):
        one, other = (described[place] for place in pair)
        name = one.columns[index].name
        message = f"column {name} is {_on(one, choices[pair[0]])} and {_on(other, choices[pair[1]])}"
        _add(other, collector, "C402", message, "write a CAST in the SQL, so that the types agree")


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
        _add(other, collector, "C401", message, "give them the same names with AS, in the same order")
        return
    for first, second in zip(one.columns, other.columns, strict=True):
        # If there is a record, C205 reports each form.
        certain = all(
            column.certain and not column.unless_infinite and not column.unless_none for column in (first, second)
        )
        if first.nullable != second.nullable and certain and not settled:
            may, may_not = (one, other) if first.nullable else (other, one)
            message = f"column {first.name} may be NULL on {may.engine} but not on {may_not.engine}"
            _add(
                other,
                collector,
                "C403",
                message,
                f"add -- @column {first.name} {spelled(first.words)} if it is never NULL",
            )


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
