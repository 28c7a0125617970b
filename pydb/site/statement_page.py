"""Make the content of statements' pages: the site's facts in, a StatementPage for each statement out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydb.describe import DescribedStatement
from pydb.describe.described import DescribedColumn, DescribedParameter
from pydb.engines import engine_names, registration
from pydb.findings import Finding
from pydb.prove.codes import CODES
from pydb.site.facts import EngineReport, SiteFacts
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.optional_lines import NameKind
from pydb.usage.callers import Caller
from pydb.usage.touch import Touched

__all__ = [
    "ColumnRow",
    "FormText",
    "ParameterRow",
    "PlanText",
    "StatementPage",
    "TouchRow",
    "product",
    "statement_pages",
    "together",
]


NEVER_WORKED = "P402"


@dataclass(frozen=True, slots=True)
class FormText:
    """The SQL of a form, and the engines that read it; ``engine`` is one of them."""

    engines: str
    engine: str
    form: Form


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter: the Python type of its values, the type on each engine, and notes."""

    name: str
    python: str
    types: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A result column, its type on each engine, and why it may be NULL or not: the engines' names and a phrase."""

    name: str
    python: str
    types: tuple[str, ...]
    nullable: bool
    why: tuple[tuple[str, str], ...]
    table: str | None
    column: str | None


@dataclass(frozen=True, slots=True)
class TouchRow:
    """The use of a table: the act, the columns, the optional line, the part of the schema that does it."""

    table: str
    act: str
    columns: tuple[str, ...]
    condition: str
    by: str
    engines: str


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan on one engine, and the variants that have it; none without optional lines."""

    product: str
    variants: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The content of the page of a statement.

    ``checked`` are the products that accept the statement, ``refused`` the products that refuse it, and ``unchecked``
    the engines that were not used.  ``variants`` are two numbers: of described variants, and of all variants.
    ``proof`` is ``called, not refuted`` or another result; it is empty without a proof.  ``callers`` is None if no
    Python code was read.  ``rights`` are GRANT statements by product.
    """

    definition: Definition
    shape: str
    forms: tuple[FormText, ...]
    parameters: tuple[ParameterRow, ...]
    columns: tuple[ColumnRow, ...]
    touches: tuple[TouchRow, ...]
    unknown: tuple[str, ...]
    plans: tuple[PlanText, ...]
    variants: tuple[int, int]
    variant_labels: tuple[str, ...]
    checked: tuple[str, ...]
    refused: tuple[str, ...]
    unchecked: tuple[str, ...]
    findings: tuple[Finding, ...]
    proof: str
    callers: tuple[Caller, ...] | None
    rights: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def name(self) -> str:
        """The statement's full name."""
        return self.definition.name


def statement_pages(facts: SiteFacts) -> tuple[StatementPage, ...]:
    """A page for each statement, in the order of the files."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in (*facts.checked.findings, *(facts.proof.findings if facts.proof is not None else ())):
        if finding.statement is not None and finding not in findings[finding.statement]:
            findings[finding.statement].append(finding)
    touched = {report.engine: {one.name: one for one in report.usage.touched} for report in facts.engines}
    return tuple(_page(one, facts, findings.get(one.name, ()), touched) for one in facts.definitions)


def _page(
    definition: Definition,
    facts: SiteFacts,
    findings: Sequence[Finding],
    touched: Mapping[str, Mapping[str, Touched]],
) -> StatementPage:
    name, engines = definition.name, [report.engine for report in facts.engines]
    reports = [report for report in facts.engines if name in report.described]
    described = [(report, report.described[name]) for report in reports]
    own = {report.engine: found for report in facts.engines if (found := touched[report.engine].get(name)) is not None}
    return StatementPage(
        definition,
        _shape(definition),
        _forms(definition),
        tuple(_parameter(key, definition, described, engines) for key in definition.parameters),
        _columns(definition, described, engines),
        tuple(_touches(own)),
        tuple(dict.fromkeys(f"{why} ({product(e)})" for e, one in own.items() for why in one.unknown)),
        tuple(_plans(reports, name)),
        facts.checked.variants.get(name, (0, 0)),
        tuple(dict.fromkeys(label for _, one in described for label in one.variants or reports[0].plans.get(name, {}))),
        tuple(report.usage.product for report in reports),
        tuple(
            report.usage.product
            for report in facts.engines
            if report not in reports and report.engine in definition.forms
        ),
        tuple(product(engine) for engine in definition.forms if engine not in engines),
        tuple(findings),
        _proof(definition, facts),
        None if facts.callers is None else tuple(facts.callers.callers.get(name, ())),
        tuple((product(one.engine), one.rights[name]) for one in reports if one.rights.get(name)),
    )


def product(engine: str) -> str:
    """The name of an engine's product."""
    return registration(engine).product


def _shape(definition: Definition) -> str:
    levels = definition.nesting.levels if definition.nesting is not None else ()
    inside = f" ({', '.join(level.path for level in levels)})" if levels else ""
    return f":{definition.row_word}{f' {definition.record}' if definition.record else ''}{inside}"


def _proof(definition: Definition, facts: SiteFacts) -> str:
    """The result of `pydb prove` for a statement."""
    if facts.proof is None:
        return ""
    if definition.name not in {item.statement for item in facts.proof.examined}:
        return "left out"
    own = [finding for finding in facts.proof.findings if finding.statement == definition.name]
    errors = {finding.code for finding in own if finding.level == "error"}
    if errors:
        # Findings of check, or of the typed package, are found before the call.
        return "refuted" if errors & CODES.keys() else "not called"
    return "no call worked" if any(finding.code == NEVER_WORKED for finding in own) else "called, not refuted"


def _forms(definition: Definition) -> tuple[FormText, ...]:
    grouped: dict[tuple[str, int], list[str]] = {}
    for engine, form in definition.forms.items():
        grouped.setdefault((form.file, form.line), []).append(engine)
    return tuple(FormText(_engines(engines), engines[0], definition.forms[engines[0]]) for engines in grouped.values())


def _engines(engines: Iterable[str]) -> str:
    present = set(engines)
    if present == set(engine_names()):
        return "all engines"
    return ", ".join(product(engine) for engine in engine_names() if engine in present)


def together(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The different texts with their engines; if all texts are the same, the engines are not named."""
    grouped: dict[str, list[str]] = {}
    for engine, text in pairs:
        grouped.setdefault(text, []).append(product(engine))
    if len(grouped) <= 1:
        return tuple(("", text) for text in grouped if text)
    return tuple((", ".join(engines), text) for text, engines in grouped.items() if text)


def _types(found: Mapping[str, str], engines: Sequence[str]) -> tuple[str, ...]:
    """The type on each engine, empty if the statement has no form or the type is not known."""
    return tuple(found.get(engine, "") for engine in engines)


def _parameter(
    name: str,
    definition: Definition,
    described: Sequence[tuple[EngineReport, DescribedStatement]],
    engines: Sequence[str],
) -> ParameterRow:
    found = [(report.engine, one.parameters[name]) for report, one in described if name in one.parameters]
    declared = definition.parameter_types.get(name)
    optional = definition.optional.get(name)
    first = found[0][1] if found else None
    nullable = declared.nullable if declared is not None else bool(first and first.nullable)
    python = _python(declared.name if declared is not None else _word(first), nullable)
    if optional is not None and optional.kind is NameKind.CHOICE:
        python = " | ".join(f'"{value}"' for value in optional.values)
    notes = []
    if name in definition.sequences:
        notes.append("any number of values")
    if optional is not None:
        kinds = {NameKind.FLAG: "a flag, False when left out", NameKind.VALUE: "may be left out"}
        default = f"{optional.default} when left out" if optional.default else "may be left out"
        notes.append(kinds.get(optional.kind, f"a choice, {default}"))
    if declared is not None:
        notes.append("declared by @param")
    written = definition.written(name)
    if written != name:
        notes.append(f":{written} in the SQL")
    types = _types({engine: ", ".join(one.types) for engine, one in found}, engines)
    return ParameterRow(name, python, types, "; ".join(notes))


def _word(described: DescribedColumn | DescribedParameter | None) -> str:
    return described.words[0] if described is not None and described.words else ""


def _python(word: str, nullable: bool) -> str:
    return f"{word} | None" if word and nullable else word or "any"


def _columns(
    definition: Definition,
    described: Sequence[tuple[EngineReport, DescribedStatement]],
    engines: Sequence[str],
) -> tuple[ColumnRow, ...]:
    rows: list[ColumnRow] = []
    first = described[0][1].columns if described else ()
    for number, column in enumerate(first):
        same = [
            (report, one.columns[number])
            for report, one in described
            if number < len(one.columns) and one.columns[number].name.lower() == column.name.lower()
        ]
        declared = definition.column_types.get(column.name)
        nullable = declared.nullable if declared is not None else any(one.nullable for _, one in same)
        word = declared.name if declared is not None else column.said or _word(column)
        why = together(
            (report.engine, _at(report.reasons.get(definition.name, ()), number))
            for report, one in same
            if one.nullable == nullable or declared is not None
        )
        types = _types({report.engine: one.type or "" for report, one in same}, engines)
        rows.append(
            ColumnRow(
                column.name, _python(word.rstrip("?"), nullable), types, nullable, why, column.table, column.column
            )
        )
    return tuple(rows)


def _at(reasons: Sequence[str], number: int) -> str:
    return reasons[number] if number < len(reasons) else ""


def _touches(touched: Mapping[str, Touched]) -> Iterable[TouchRow]:
    """The use of each table: a row for an act and its condition, with the engines on which they are the same."""
    engines: dict[tuple[str, str, tuple[str, ...], str, str], list[str]] = {}
    for engine, one in touched.items():
        for row in _rows(one):
            engines.setdefault(row, []).append(engine)
    every = set(touched)
    for (table, act, columns, condition, by), having in sorted(engines.items()):
        yield TouchRow(table, act, columns, condition, by, "" if set(having) == every else _engines(having))


def _rows(one: Touched) -> Iterable[tuple[str, str, tuple[str, ...], str, str]]:
    grouped: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for touch in one.touches:
        columns = grouped.setdefault((touch.table, touch.act.value, one.condition(touch), touch.by), {})
        if touch.column is not None:
            columns[touch.column] = None
    for (table, act, condition, by), columns in grouped.items():
        yield table, act, tuple(columns), condition, by


def _plans(reports: Iterable[EngineReport], name: str) -> Iterable[PlanText]:
    for report in reports:
        grouped: dict[str, list[str]] = {}
        plans = report.plans.get(name, {})
        for label, text in plans.items():
            grouped.setdefault(text, []).append(label or "no optional parameter passed")
        for text, labels in grouped.items():
            alone = not report.described[name].definition.optional
            yield PlanText(report.usage.product, () if alone else tuple(labels), text)
