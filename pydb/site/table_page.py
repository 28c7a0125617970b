"""Make the content of tables' pages: the site's facts in, a TablePage for each table and view out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydb.describe.catalogue import ColumnFacts, TableFacts, is_own_table
from pydb.site.diagram import DrawnKey
from pydb.site.engine_site import TableSize
from pydb.site.facts import EngineReport, SiteFacts
from pydb.site.schema_script import ScriptPart, ScriptTable
from pydb.site.statement_page import product, together

__all__ = [
    *("ForeignKey", "PlanUse", "PageColumn", "TablePage", "TableRule", "TableScript", "TableUse", "drawn_keys"),
    "table_pages",
]

_WORD = re.compile(r"\w+")

_SERVES = frozenset({"index", "unique", "primary key"})
"""The kinds of constraints and indexes that a plan may use."""


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column.  ``types`` has a type for each engine; ``defaults`` names the engines if their defaults differ.

    ``refers`` are the tables to which its foreign keys refer.
    """

    name: str
    types: tuple[str, ...]
    nullable: bool
    defaults: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]
    refers: tuple[str, ...]
    comment: str
    readers: int
    writers: int


@dataclass(frozen=True, slots=True)
class PlanUse:
    """A statement whose plan on these engines names an index."""

    statement: str
    engines: str


@dataclass(frozen=True, slots=True)
class TableRule:
    """A constraint or an index: ``texts`` are its definitions by the engines' names.

    ``plans`` is None if no plan can name it, such as a CHECK, or a constraint whose index has an unknown name.
    """

    kind: str
    name: str
    texts: tuple[tuple[str, str], ...]
    comment: str
    engines: str
    plans: tuple[PlanUse, ...] | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference of ``table`` to ``parent``, with its actions, such as ``ON DELETE CASCADE``."""

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    name: str
    follows: str
    optional: bool


@dataclass(frozen=True, slots=True)
class TableUse:
    """A statement's use of the table: the columns it reads and writes, and the part of the schema that does it."""

    statement: str
    reads: tuple[str, ...] | None
    writes: tuple[str, ...] | None
    acts: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableScript:
    """The statement that creates the table on one engine, and its place."""

    product: str
    engine: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TablePage:
    """The content of the page of a table.

    ``kind`` is ``table``, ``view``, ``sequence`` or ``partition``.  ``missing`` are the products that have no such
    table.
    """

    name: str
    kind: str
    comment: str
    columns: tuple[PageColumn, ...]
    rules: tuple[TableRule, ...]
    indexes: tuple[TableRule, ...]
    triggers: tuple[TableRule, ...]
    refers: tuple[ForeignKey, ...]
    referred: tuple[ForeignKey, ...]
    uses: tuple[TableUse, ...]
    scripts: tuple[TableScript, ...]
    missing: tuple[str, ...]
    size: TableSize | None

    @property
    def readers(self) -> int:
        """The number of statements that read it."""
        return sum(use.reads is not None for use in self.uses)

    @property
    def writers(self) -> int:
        """The number of statements that write it."""
        return sum(use.writes is not None for use in self.uses)


@dataclass(frozen=True, slots=True)
class _OnEngine:
    """A table on one engine, from the catalogue and the script."""

    report: EngineReport
    facts: TableFacts
    script: ScriptTable | None

    @property
    def engine(self) -> str:
        return self.report.engine


def table_pages(facts: SiteFacts) -> tuple[TablePage, ...]:
    """A page for each table and view of any engine, by name; pydb's own tables have no page."""
    found: dict[str, list[_OnEngine]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for report in facts.engines:
        for name, table in report.usage.catalogue.tables.items():
            if not is_own_table(name):
                spelled.setdefault(name.lower(), name)
                found[name.lower()].append(_OnEngine(report, table, report.script.table(name)))
    keys = {spelled[key]: _foreign_keys(every, spelled) for key, every in found.items()}
    named = {report.engine: _names_in_plans(report) for report in facts.engines}
    sizes = {name.lower(): size for name, size in facts.sizes.items()}
    return tuple(_page(spelled[key], found[key], keys, named, sizes.get(key), facts) for key in sorted(found))


def drawn_keys(pages: Iterable[TablePage]) -> tuple[DrawnKey, ...]:
    """The foreign keys for the diagrams."""
    return tuple(
        DrawnKey(key.table, key.columns, key.parent, key.parent_columns, key.optional, _is_key(page, key.columns))
        for page in pages
        for key in page.refers
    )


def _is_key(page: TablePage, columns: Sequence[str]) -> bool:
    wanted = {name.lower() for name in columns}
    return any("unique key" in mark for mark in _marks_of(page, wanted))


def _marks_of(page: TablePage, wanted: set[str]) -> Iterator[str]:
    for column in page.columns:
        if {column.name.lower()} == wanted:
            yield from column.marks


def _page(
    name: str,
    every: Sequence[_OnEngine],
    keys: Mapping[str, tuple[ForeignKey, ...]],
    named: Mapping[str, Mapping[str, tuple[str, ...]]],
    size: TableSize | None,
    facts: SiteFacts,
) -> TablePage:
    first = every[0].facts
    uses = tuple(_uses(name, first.columns, facts))
    rules = tuple(_rules(every, named, len(facts.engines)))
    here = {one.engine for one in every}
    comments = [one.script.comment for one in every if one.script is not None]
    return TablePage(
        name,
        "view" if first.is_view else first.special.replace("extension", "") or "table",
        next(filter(None, comments), ""),
        tuple(_column(column, every, uses, [one.engine for one in facts.engines]) for column in first.columns.values()),
        tuple(rule for rule in rules if rule.kind not in ("index", "trigger", "foreign key")),
        tuple(rule for rule in rules if rule.kind == "index"),
        tuple(rule for rule in rules if rule.kind == "trigger"),
        keys[name],
        tuple(key for found in keys.values() for key in found if key.parent == name),
        uses,
        tuple(
            TableScript(product(one.engine), one.engine, one.report.script.file, one.script.line, one.script.text)
            for one in every
            if one.script is not None
        ),
        tuple(report.usage.product for report in facts.engines if report.engine not in here),
        size,
    )


def _column(
    column: ColumnFacts, every: Sequence[_OnEngine], uses: Sequence[TableUse], engines: Sequence[str]
) -> PageColumn:
    folded = column.name.lower()
    found = [(one.engine, other) for one in every for other in one.facts.columns.values()]
    types = {engine: other.type for engine, other in found if other.name.lower() == folded}
    parts = [(one.engine, part) for one in every if one.script and (part := one.script.columns.get(folded)) is not None]
    first = every[0].facts
    marks = []
    if first.keys and not first.is_view and folded in {name.lower() for name in first.keys[0]}:
        marks.append("primary key")
    if any({name.lower() for name in key} == {folded} for key in first.keys):
        marks.append("unique key")
    if column.generated:
        marks.append("generated")
    marks += dict.fromkeys(part.counter for _, part in parts if part.counter)
    return PageColumn(
        column.name,
        tuple(types.get(engine, "") for engine in engines),
        column.nullable,
        together((engine, part.default) for engine, part in parts),
        tuple(marks),
        tuple(sorted({parent for columns, parent, _ in first.references if folded in map(str.lower, columns)})),
        next((part.comment for _, part in parts if part.comment), ""),
        sum(column.name in (use.reads or ()) for use in uses),
        sum(column.name in (use.writes or ()) for use in uses),
    )


def _foreign_keys(every: Sequence[_OnEngine], spelled: Mapping[str, str]) -> tuple[ForeignKey, ...]:
    first = every[0]
    actions = {
        (item.table.lower(), tuple(name.lower() for name in item.columns)): item
        for item in first.report.usage.schema.actions.cascades
    }
    own = [part for part in (first.script.constraints if first.script else ()) if part.kind == "foreign key"]
    found = []
    for columns, parent, there in sorted(first.facts.references):
        folded = tuple(name.lower() for name in columns)
        cascade = actions.get((first.facts.name.lower(), folded))
        acts = (("DELETE", cascade.on_delete), ("UPDATE", cascade.on_update)) if cascade is not None else ()
        follows = " ".join(f"ON {act} {word}" for act, word in acts if word not in ("", "NO ACTION"))
        part = next((part for part in own if part.columns[: len(folded)] == folded), None)
        facts = first.facts.columns
        optional = any(facts[name].nullable for name in columns if name in facts)
        found.append(
            ForeignKey(
                first.facts.name,
                columns,
                spelled.get(parent.lower(), parent),
                there,
                part.name if part is not None else "",
                follows,
                optional,
            )
        )
    return tuple(found)


# Constraints and indexes.


def _rules(
    every: Sequence[_OnEngine], named: Mapping[str, Mapping[str, tuple[str, ...]]], engines: int
) -> Iterator[TableRule]:
    """The constraints, indexes and triggers of a table; those with the same name on several engines are one."""
    grouped: dict[tuple[str, str], list[tuple[_OnEngine, ScriptPart]]] = {}
    for one in every:
        for part in _script_parts(one):
            grouped.setdefault((part.kind, part.name or part.text), []).append((one, part))
    for (kind, _), parts in grouped.items():
        here = dict.fromkeys(one.engine for one, _ in parts)
        uses: dict[str, list[str]] = {}
        known = False
        for one, part in parts:
            found = _plan_uses(one, part, named[one.engine])
            known = known or found is not None
            for statement in found or ():
                uses.setdefault(statement, []).append(product(one.engine))
        yield TableRule(
            kind,
            parts[0][1].name,
            together((one.engine, _definition(part)) for one, part in parts),
            next((part.comment for _, part in parts if part.comment), ""),
            ", ".join(map(product, here)) if len(here) < engines else "",
            tuple(
                PlanUse(statement, ", ".join(names) if len(names) < engines else "")
                for statement, names in uses.items()
            )
            if known
            else None,
        )


def _definition(part: ScriptPart) -> str:
    """The text of a constraint, with its column if it is written beside that."""
    bare = part.kind in ("primary key", "unique") and "(" not in part.text and part.columns
    return f"{part.text} ({', '.join(part.columns)})" if bare else part.text


def _script_parts(one: _OnEngine) -> Iterable[ScriptPart]:
    if one.script is None:
        return ()
    return (*one.script.constraints, *one.script.indexes, *one.script.triggers)


def _names_in_plans(report: EngineReport) -> Mapping[str, tuple[str, ...]]:
    """The statements whose plans contain a word, by the word."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for statement, plans in report.plans.items():
        for word in {word for text in plans.values() for word in _WORD.findall(text)}:
            found[word][statement] = None
    return {word: tuple(statements) for word, statements in found.items()}


def _plan_uses(one: _OnEngine, part: ScriptPart, named: Mapping[str, tuple[str, ...]]) -> Iterable[str] | None:
    """The statements whose plans name a part: by its name, or by the name that the engine has given its index.

    None if it has no name that a plan could contain.
    """
    if part.kind not in _SERVES:
        return None
    wanted = (one.facts.name, frozenset(part.columns))
    names = [name for name, place in one.report.automatic.items() if place == wanted]
    names += [part.name] if part.name else []
    by_key = part.kind == "primary key" and one.report.tells_keys
    if not names and not by_key:
        return None
    # On some engines the name of an index is unique only in its table.
    touching = {use.name for use, _ in one.report.usage.users(one.facts.name)}
    found = [statement for name in names for statement in named.get(name, ()) if statement in touching]
    return dict.fromkeys([*found, *(one.report.by_key.get(one.facts.name, ()) if by_key else ())])


# The uses of a table.


def _uses(table: str, columns: Iterable[str], facts: SiteFacts) -> Iterator[TableUse]:
    """Each statement's use of a table, with the columns in the table's order."""
    places = {name.lower(): place for place, name in enumerate(columns)}
    reads: dict[str, dict[str, None]] = {}
    writes: dict[str, dict[str, None]] = {}
    acts: dict[str, dict[str, None]] = defaultdict(dict)
    by: dict[str, dict[str, None]] = defaultdict(dict)
    for report in facts.engines:
        spelled = next((name for name in report.usage.catalogue.tables if name.lower() == table.lower()), table)
        for one, touches in report.usage.users(spelled):
            for touch in touches:
                kind = reads if touch.access == "read" else writes
                touched = kind.setdefault(one.name, {})
                if touch.column is not None:
                    touched[touch.column] = None
                acts[one.name][touch.act.value] = None
                if touch.by:
                    by[one.name][touch.by] = None

    def ordered(columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(columns, key=lambda column: places.get(column.lower(), len(places))))

    for definition in facts.definitions:
        name = definition.name
        if name in acts:
            yield TableUse(
                name,
                ordered(reads[name]) if name in reads else None,
                ordered(writes[name]) if name in writes else None,
                tuple(acts[name]),
                tuple(by[name]),
            )
