"""The rules for one form of one statement: a DescribedStatement or a Refusal in, findings out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import islice

from pydb.check.collector import Collector, Reporter
from pydb.check.variants import check_each_variant, check_even
from pydb.describe import DescribedParameter, DescribedStatement, Refusal
from pydb.describe.described import parameter_places
from pydb.describe.result_names import naming_hint
from pydb.describe.type_mapping import fits, words_of
from pydb.describe.variants import with_variant
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.support.python_names import parameter_name

__all__ = ["check_refusal", "check_statement", "spelled"]

_GUESSED = re.compile(
    r"operator does not exist|(?:operator|function).* is not unique|could not determine polymorphic type"
    r"|function .*\bunknown\b.* does not exist"
)
"""What PostgreSQL says if the types of operands or arguments do not fit."""

_MAX_NAMES = 20
"""The maximum number of names in a hint."""

_WIDER = {"int": ("Decimal", "float"), "date": ("datetime",), "float": ("Decimal",)}
"""Types that every engine accepts instead of another: a number for a number, a date (its midnight) for a datetime."""


def check_refusal(refusal: Refusal, collector: Collector) -> None:
    """Report C101, or C102 if the engine cannot determine a parameter's type."""
    for one in (refusal, *refusal.others):
        _add_refusal(one, collector)


def _add_refusal(refusal: Refusal, collector: Collector) -> None:
    shown_by = "" if refusal.shown_by is None else f", {with_variant(refusal.shown_by)}"
    untyped = "could not determine data type" in refusal.message
    parameter = refusal.message.rpartition(":")[2] if untyped else ""
    place = (refusal.line, refusal.column)
    if untyped:
        place = parameter_places(refusal.form).get(parameter_name(parameter), (refusal.form.line, None))
    collector.add(
        "C102" if untyped else "C101",
        f"{refusal.engine}: {refusal.message}{shown_by}",
        file=refusal.form.file,
        line=place[0],
        column=place[1],
        statement=refusal.definition.name,
        hint=f"write CAST(:{parameter} AS text), or a CAST to the type that you mean"
        if untyped
        else _hint_about_guess(refusal),
    )


def _hint_about_guess(refusal: Refusal) -> str | None:
    """The hint if the engine may have guessed the type of a parameter wrongly: the nearest one on the line."""
    if not _GUESSED.search(refusal.message):
        return None
    places = parameter_places(refusal.form)
    near = {
        name: abs(column - (refusal.column or column))
        for name, (line, column) in places.items()
        if line == refusal.line or len(places) == 1
    }
    if not near:
        return None
    name = refusal.form.written(min(near, key=near.__getitem__))
    return f"if the type of :{name} is guessed wrongly, write CAST(:{name} AS type) with the type that you mean"


def check_statement(described: DescribedStatement, collector: Collector) -> None:
    """Apply the rules that need no record and no other form."""
    reporter = Reporter(collector, described)
    _check_parameters(described, reporter)
    _check_directives(described, reporter)
    _check_said(described, reporter)
    check_even(described, reporter)
    if described.variants:
        check_each_variant(described, _check_text, collector)
    else:
        _check_text(described, reporter)


def _check_text(described: DescribedStatement, reporter: Reporter) -> None:
    """The rules for one text: the statement, or one variant of a statement with optional lines."""
    _check_shape(described, reporter)
    _check_levels(described, reporter)
    if described.columns and not all(column.certain for column in described.columns):
        message = "not analysed: every column may be NULL"
        reporter.note("C107", message, "add -- @column <name> <type> for a column that is never NULL")


def spelled(words: tuple[str, ...]) -> str:
    """The most likely of the type words, for a message."""
    return words[0] if words else "an unknown type"


def _check_parameters(described: DescribedStatement, reporter: Reporter) -> None:
    for parameter in described.parameters.values():
        name = described.form.written(parameter.name)
        declared = described.definition.parameter_types.get(parameter.name)
        if declared is not None:
            if declared.name in SCALARS and parameter.certain and not _takes(parameter, declared.name):
                reporter.error(
                    "C104",
                    f"@param {name} says {declared.name}, but its use needs {spelled(parameter.words)}",
                    f"write -- @param {name} {spelled(parameter.words)}, or a CAST in the SQL",
                )
        elif parameter.said is not None:
            if scalar_of(parameter.said) in SCALARS and not _takes(parameter, parameter.said):
                said = f"[tool.pydb.columns] says {parameter.said} for :{name}"
                reporter.error(
                    "C104",
                    f"{said}, but its use needs {spelled(parameter.words)}",
                    f"change it to {spelled(parameter.words)}, or add -- @param {name} <type>",
                )
        elif not parameter.types and not parameter.words:
            line, column = _place(described, parameter.name)
            reporter.note(
                "C102",
                f"the type of :{name} is unknown: Any",
                f"write CAST(:{name} AS …), or add -- @param {name} <type>, or any",
                line=line,
                column=column,
            )
        elif clash := _clash(parameter, described.engine):
            line, column = _place(described, parameter.name)
            reporter.error(
                "C103",
                f":{name} is {clash[0]} in one place and {clash[1]} in another",
                "use two parameters, or write a CAST where another type is needed",
                line=line,
                column=column,
            )


def _place(described: DescribedStatement, name: str) -> tuple[int, int | None]:
    """The place where a parameter first appears; for one in a commented-out line, the place in the variant."""
    places = parameter_places(described.form)
    for variant in described.variants.values():
        if all(name in places or not parameter.types for name, parameter in described.parameters.items()):
            break
        places = parameter_places(variant.form) | places
    return places.get(name, (described.form.line, None))


def _takes(parameter: DescribedParameter, word: str) -> bool:
    """Whether values of that type fit where the parameter is used."""
    return any(fits(one, parameter.words) for one in (word, *_WIDER.get(word, ())))


def _clash(parameter: DescribedParameter, engine: str) -> tuple[str, str] | None:
    """Two types that the uses of a parameter need, if no Python type fits both; else None."""
    known = [(type_, words) for type_ in parameter.types if (words := words_of(type_, engine))]
    for type_, words in known[1:]:
        if not set(words) & set(known[0][1]):
            return known[0][0], type_
    return None


def _check_directives(described: DescribedStatement, reporter: Reporter) -> None:
    columns = {column.name: column for column in described.columns}
    for name, declared in described.definition.column_types.items():
        column = columns.get(name)
        if column is None:
            reporter.error(
                "C105", f"@column {name}: the result has no such column", f"the columns are {_listed(columns)}"
            )
        elif declared.name in SCALARS and not fits(declared.name, column.words):
            reporter.error(
                "C106",
                f"@column {name} says {declared.name}, but the column is {column.type}",
                f"write -- @column {name} {spelled(column.words)}",
            )


def _check_said(described: DescribedStatement, reporter: Reporter) -> None:
    for column in described.columns:
        said = column.said
        declared = column.name in described.definition.column_types
        if said is not None and not declared and scalar_of(said) in SCALARS and not fits(said, column.words):
            reporter.error(
                "C106",
                f"[tool.pydb.columns] {column.table}.{column.column} says {said}, but the column is {column.type}",
                f"change it to {spelled(column.words)}, or add -- @column {column.name} <type>",
            )


def _listed(names: Collection[str]) -> str:
    displayed = ", ".join(islice(names, _MAX_NAMES)) or "none"
    return f"{displayed} and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else displayed


def _check_shape(described: DescribedStatement, reporter: Reporter) -> None:
    definition, names = described.definition, [column.name for column in described.columns]
    if definition.row_word.returns_rows and not names:
        reporter.error(
            "C303",
            f":{definition.row_word} promises rows, but the statement returns none",
            "use :exec or :affected, or add RETURNING",
        )
    if definition.record == "scalar" and len(names) > 1:
        reporter.error(
            "C302",
            f"a scalar has one column, but there are {len(names)}: {', '.join(names)}",
            "name a record, or select one column",
        )
    counts = Counter(names) if len(set(names)) < len(names) else {}
    for name, count in sorted((name, count) for name, count in counts.items() if count > 1):
        later = [index for index, other in enumerate(names) if other == name][1:]
        hint = "; ".join(naming_hint(described, index) for index in later[:_MAX_NAMES])
        reporter.error("C304", f"{count} columns are named {name}", hint)
    if definition.row_word.at_most_one and names and not described.traits.at_most_one:
        reporter.note(
            "C301",
            f":{definition.row_word}, but no unique key guarantees at most one row",
            "compare a whole key, add LIMIT 1, or use :many",
        )


def _check_levels(described: DescribedStatement, reporter: Reporter) -> None:
    """Report C306 and C307: a key must not be NULL if its row exists, and it must identify the rows of its level."""
    for problem in described.traits.level_problems:
        report = reporter.error if problem.checked else reporter.note
        report("C307" if problem.loses_rows else "C306", problem.message, problem.hint)
