"""Check a rolling deploy: the statements and schemas of two versions in, statements that fail during the deploy out.

During a deploy the old program runs on the new schema.  If the program is deployed before the migrations, the new
program runs on the old schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.engine import URL

from pydb.check.collector import Collector
from pydb.check.statement_rules import spelled
from pydb.describe import DescribedStatement, Refusal, Session, describe, scratch
from pydb.describe.catalogue import Catalogue, ColumnFacts
from pydb.engines import engine_names
from pydb.findings import Finding
from pydb.migrations.check import wanted_engines
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read
from pydb.sqlfile.variants import Key

__all__ = ["OnSchema", "Version", "add_rolling", "check_rolling", "on_schema"]

_OLD_HINT = "first deploy a version without this statement, then migrate"
_NEW_HINT = "migrate before this version is deployed"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a project: its name, its folder of statements, a schema script for each engine."""

    name: str
    sql: str
    schemas: Mapping[str, str]


def check_rolling(old: Version, new: Version, urls: Sequence[URL]) -> tuple[Finding, ...]:
    """Report C613: errors for old statements that fail on the new schema, notes for new ones on the old schema.

    Raises SqlFileError for statements that cannot be read, and PydbError if a server cannot be reached.
    """
    engines = {engine: url for engine, url in wanted_engines(new.schemas, urls).items() if engine in old.schemas}
    collector = Collector([engine for engine in engine_names() if engine in engines])
    before, after = ([(definition, None) for definition in read(version.sql)] for version in (old, new))
    for engine, url in engines.items():
        with scratch(url, old.schemas[engine]) as session:
            on_old = on_schema(session, _described(session, before, {}), after)
        with scratch(url, new.schemas[engine]) as session:
            on_new = on_schema(session, _described(session, after, {}), before)
        add_rolling(collector, old.name, on_old, on_new)
    return collector.findings()


Described = Mapping[str, DescribedStatement | Refusal]
"""Statements by name."""

Keyed = tuple[Definition, Sequence[Key] | None]
"""A statement, and the keys of its variants; None for the usual ones."""


@dataclass(frozen=True, slots=True)
class OnSchema:
    """Two versions on the schema of one of them: ``own`` are its statements, ``others`` those of the other version."""

    catalogue: Catalogue
    own: Described
    others: Described


def on_schema(session: Session, own: Described, others: Iterable[Keyed]) -> OnSchema:
    """Describe the statements of the other version in the session's database, in which ``own`` were described."""
    return OnSchema(session.catalogue, own, _described(session, others, own))


def add_rolling(collector: Collector, revision: str, old: OnSchema, new: OnSchema) -> None:
    """Add C613 for one engine; ``revision`` is the name of the old version."""
    required = _newly_required(old.catalogue, new.catalogue)
    for name, was in old.own.items():
        if isinstance(was, DescribedStatement):
            for message in _broken(was, new.others.get(name), required, new.catalogue):
                where = f"the statement of {revision} on the new schema"
                _add(collector, was, f"{where}: {message}", _OLD_HINT, "error")
    for name, now in new.own.items():
        found = old.others.get(name)
        if isinstance(now, DescribedStatement) and isinstance(found, Refusal):
            where = f"this statement on the schema of {revision}"
            _add(collector, now, f"{where}: {found.message}", _NEW_HINT, "note", found.line, found.column)


def _described(session: Session, wanted: Iterable[Keyed], known: Described) -> Described:
    """The statements on the session's engine; ``known`` are those of the other version in the same database."""
    described: dict[str, DescribedStatement | Refusal] = {}
    for definition, keys in wanted:
        same = known.get(definition.name)
        if isinstance(same, DescribedStatement) and _is_same(same.definition, definition, session.engine):
            described[definition.name] = replace(same, definition=definition, form=definition.forms[session.engine])
        elif (found := describe(session, definition, keys=keys)) is not None:
            # The descriptions of all variants would take much memory until the last statement is described.
            described[definition.name] = replace(found, variants={}) if isinstance(found, DescribedStatement) else found
    return described


def _is_same(one: Definition, other: Definition, engine: str) -> bool:
    """Whether the engine describes two statements in the same way, except for their lines."""
    return engine in other.forms and _content(one, engine) == _content(other, engine)


def _content(definition: Definition, engine: str) -> object:
    form = definition.forms[engine]
    lines = [(line.text, line.condition, line.alternative) for line in form.lines]
    types = definition.parameter_types, definition.column_types
    return form.sql, lines, form.nesting, types, definition.row_word, definition.record, definition.optional


def _broken(
    was: DescribedStatement,
    now: DescribedStatement | Refusal | None,
    required: Mapping[tuple[str, str], ColumnFacts],
    catalogue: Catalogue,
) -> list[str]:
    """Why a statement that works on the old schema does not work on the new one."""
    if isinstance(now, Refusal):
        return [now.message]
    if now is None:
        return []
    return [*_missing_values(now, required, catalogue), *_changed_columns(was, now)]


def _newly_required(old: Catalogue, new: Catalogue) -> dict[tuple[str, str], ColumnFacts]:
    """The columns for which the new schema, but not the old one, requires a value in an INSERT."""
    return {
        (name, column.name): column
        for name, table in new.tables.items()
        if name in old.tables and not table.is_view
        for column in table.columns.values()
        if not column.optional
        and not column.generated
        and (column.name not in old.tables[name].columns or old.tables[name].columns[column.name].optional)
    }


def _missing_values(
    now: DescribedStatement, required: Mapping[tuple[str, str], ColumnFacts], catalogue: Catalogue
) -> list[str]:
    """The newly required columns that an INSERT with a list of columns leaves out."""
    found = []
    for name, given in now.traits.inserts:
        found += [
            f"INSERT writes no value to {table}.{column}, which is NOT NULL and has no default"
            for table, column in required
            if catalogue.tables[table].bare_name.lower() == name and column.lower() not in given
        ]
    return found


def _changed_columns(was: DescribedStatement, now: DescribedStatement) -> list[str]:
    """The differences in the rows of a statement."""
    names, others = ([column.name for column in item.columns] for item in (was, now))
    if names != others:
        return [f"its columns are now {', '.join(others)}; they were {', '.join(names)}"]
    found = []
    for before, after in zip(was.columns, now.columns, strict=True):
        if before.words and after.words and not set(before.words) & set(after.words):
            found.append(f"column {after.name} is now {spelled(after.words)}; it was {spelled(before.words)}")
        if after.nullable and after.certain and not before.nullable:
            found.append(f"column {after.name} may now be NULL; it was never NULL")
    return found


def _add(
    collector: Collector,
    described: DescribedStatement,
    message: str,
    hint: str,
    level: Literal["error", "note"],
    line: int | None = None,
    column: int | None = None,
) -> None:
    collector.add(
        "C613",
        message,
        file=described.form.file,
        line=line or described.form.line,
        column=column,
        statement=described.definition.name,
        hint=hint,
        engine=described.engine,
        level=level,
    )
