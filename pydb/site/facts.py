"""Collect the facts of a site: a project's files, servers and Python code in; results of check, usage and prove out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL
from sqlglot import exp

from pydb.check import CheckReport, Inputs, check
from pydb.describe import DescribedStatement, existing
from pydb.describe.analysis.reasons import reasons_of
from pydb.engines import engine_of_dialect
from pydb.site.engine_site import TableSize, site_of
from pydb.site.schema_script import ScriptTables, read_schema_script
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read
from pydb.usage.callers import FoundCallers
from pydb.usage.plans import fill_for_plans, plans_of
from pydb.usage.project import Usage, opened_usage
from pydb.usage.rights import needs_of, resolved, rights_of
from pydb.usage.rights_proof import texts_with_needs

if TYPE_CHECKING:  # its libraries belong to another extra
    from pydb.prove.project import ProofReport
    from pydb.review.model import Review

__all__ = ["EngineReport", "SiteFacts", "SiteInputs", "gather"]

ROLE = "application"
"""The role that the GRANTs name."""

Track = Callable[[Iterable[str], str, int], Iterable[str]]
"""A function that yields names one by one and shows the progress; it gets the names, the work and their number."""


@dataclass(frozen=True, slots=True)
class SiteInputs:
    """The input: what is checked, the servers by engine, and if they are wanted, callers, proof and review.

    ``sizes`` is a live database from which the sizes of tables are read; it is not changed.
    """

    title: str
    check: Inputs
    servers: Mapping[str, URL | None]
    callers: FoundCallers | None = None
    proof: ProofReport | None = None
    sizes: URL | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class EngineReport:
    """The facts of one engine.

    ``described`` are the statements that it accepts.  ``plans`` are by statement and variant, ``reasons`` by statement:
    why each column may be NULL, or not.  ``rights`` are the GRANTs that each statement needs.  ``automatic`` are the
    names in plans of indexes that constraints make, with their tables and columns; ``by_key`` are the statements whose
    plans find rows by a table's primary key without naming it.
    """

    usage: Usage
    described: Mapping[str, DescribedStatement]
    plans: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, tuple[str, ...]]
    rights: Mapping[str, tuple[str, ...]]
    script: ScriptTables
    automatic: Mapping[str, tuple[str, frozenset[str]]]
    by_key: Mapping[str, tuple[str, ...]]

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self.usage.engine

    @property
    def tells_keys(self) -> bool:
        """Whether ``by_key`` is known on this engine."""
        return site_of(self.engine).key_lookup is not None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The content of a site; ``engines`` are in the order of the registry."""

    title: str
    sql: str
    definitions: tuple[Definition, ...]
    checked: CheckReport
    engines: tuple[EngineReport, ...]
    callers: FoundCallers | None = None
    proof: ProofReport | None = None
    sizes: Mapping[str, TableSize] = field(default_factory=dict)
    review: Review | None = None


def gather(inputs: SiteInputs, track: Track = lambda names, what, count: names) -> SiteFacts:
    """Collect all facts from databases.  Raises PydbError if one cannot be reached, or refuses its schema."""
    checked = check(inputs.check)
    definitions = tuple(read(inputs.check.sql, None))
    described = {(one.engine, one.definition.name): one for one in checked.described}
    engines = tuple(_engine(engine, inputs, definitions, described, track) for engine in inputs.servers)
    sizes = _sizes(inputs.sizes) if inputs.sizes is not None else {}
    return SiteFacts(
        *(inputs.title, inputs.check.sql, definitions, checked, engines, inputs.callers, inputs.proof, sizes),
        review=inputs.review,
    )


def _engine(
    engine: str,
    inputs: SiteInputs,
    definitions: Sequence[Definition],
    described: Mapping[tuple[str, str], DescribedStatement],
    track: Track,
) -> EngineReport:
    with opened_usage(definitions, inputs.check.schemas, inputs.servers.get(engine)) as (usage, session):
        automatic = site_of(engine).automatic_indexes(session)
        fill_for_plans(session)
        by_name = {one.definition.name: one for one in usage.described}
        named = track(by_name, usage.product, len(by_name))
        plans = {name: dict(plans_of(session, by_name[name])) for name in named}
    script = read_schema_script(inputs.check.schemas[engine], engine)
    own = {name: described.get((engine, name), one) for name, one in by_name.items()}
    reasons = {name: _reasons(one, own[name]) for name, one in by_name.items()}
    by_key = _found_by_key(usage, plans)
    return EngineReport(usage, own, plans, reasons, _rights(usage), script, automatic, by_key)


def _found_by_key(usage: Usage, plans: Mapping[str, Mapping[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The statements whose plans find rows by the primary key, by table, if plans do not name the constraint."""
    pattern = site_of(usage.engine).key_lookup
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in usage.described if pattern is not None else ():
        for label, text in (one.variants or {"": one}).items():
            aliases = _aliases(text, usage)
            plan = plans.get(one.definition.name, {}).get(label, "")
            for match in pattern.finditer(plan) if pattern is not None else ():
                table = aliases.get(match[1].lower())
                if table is not None:
                    found[table][one.definition.name] = None
    return {table: tuple(statements) for table, statements in found.items()}


def _aliases(described: DescribedStatement, usage: Usage) -> Mapping[str, str]:
    """The tables of a text by their aliases, in lower case, and by their own names."""
    found = {name.lower(): name for name in usage.catalogue.tables}
    tree = described.analysis.tree if described.analysis is not None else None
    for node in tree.find_all(exp.Table) if tree is not None else ():
        if node.alias and node.name.lower() in found:
            found[node.alias.lower()] = found[node.name.lower()]
    return found


def _rights(usage: Usage) -> Mapping[str, tuple[str, ...]]:
    """The GRANTs that each statement needs; empty on an engine without rights."""
    rights = rights_of(usage.engine)
    if not rights.has_rights:
        return {}
    found = {}
    for one in usage.described:
        texts = texts_with_needs(one, lambda text: needs_of(text, usage.schema))
        needed = resolved([text.needs for text in texts])
        found[one.definition.name] = tuple(rights.grants(needed, rights.role(ROLE)))
    return found


def _reasons(analysed: DescribedStatement, described: DescribedStatement) -> tuple[str, ...]:
    """Why each column may be NULL, or not; if variants differ, the reason of a variant in which it may be NULL."""
    found: dict[str, tuple[bool, str]] = {}
    for one in (analysed.variants or {"": analysed}).values():
        why = reasons_of(one.analysis) if one.analysis is not None else ()
        for column, reason in zip(one.columns, why, strict=False):
            known = found.get(column.name)
            if known is None or (column.nullable and not known[0]):
                found[column.name] = (column.nullable, reason)
    return tuple(_reason(described, number, found) for number in range(len(described.columns)))


def _reason(described: DescribedStatement, number: int, found: Mapping[str, tuple[bool, str]]) -> str:
    column = described.columns[number]
    if column.name in described.definition.column_types:
        return "declared by @column"
    reason = found.get(column.name, (False, ""))[1]
    level = next((item for item in described.levels if item.level is not None and number in item.fields.values()), None)
    if level is not None and level.absent and not column.nullable and reason.startswith("an outer join"):
        return f"if {level.path} exists, the row of this column exists"
    if not reason:
        return "nothing is known that excludes NULL" if column.nullable else ""
    if column.unless_none:
        return f"{reason}; only if a parameter is None"
    return f"{reason}; only if infinite values are combined" if column.unless_infinite else reason


def _sizes(url: URL) -> Mapping[str, TableSize]:
    with existing(url) as session:
        return site_of(engine_of_dialect(url.get_backend_name())).sizes(session)
