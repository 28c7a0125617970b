"""Statements for SQLite as pydb runs them: the text of a .sql file in; its definition, plan or Statement out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Dialect

from pydb import Database
from pydb.engines.base import rules_for
from pydb.execution.plan import Plan
from pydb.execution.runner import Runner
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.statement import Statement
from pydb.values.adapters import ParameterType
from pydb.values.kinds import Kind, kind_named
from pydb.values.records import field_kinds

TABLE = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, name text)"


def definition_from(text: str) -> Definition:
    """The definition of the only statement of a file."""
    (parsed,) = parse_file(text, "t.sql", "t", None)
    return definition_of({None: parsed})


def plan_of(
    definition: Definition,
    record: type | None = None,
    dialect: Dialect | None = None,
    found: Mapping[str, Kind] | None = None,
) -> Plan:
    """A plan for a dialect, by default that of SQLite.  ``found`` are the kinds of parameters that check has found."""
    dialect = dialect or create_engine("sqlite://").dialect
    rules = rules_for(dialect.name)
    declared: dict[str, Kind] = {}
    for name, word in definition.parameter_types.items():
        kind = kind_named(word.name, word.nullable, {})
        assert kind is not None
        declared[name] = kind
    return Plan(
        definition=definition,
        form=definition.forms[rules.name],
        dialect=dialect,
        rules=rules,
        record=record,
        column_kinds=field_kinds(record) if record else {},
        parameter_types={
            name: ParameterType(kind, name in declared, rules.array)
            for name, kind in {**(found or {}), **declared}.items()
        },
    )


def statement_from(text: str, *records: type) -> Statement:
    """The only statement of a file, which can be called."""
    definition = definition_from(text)
    return Statement(definition, Runner(definition, {record.__name__: record for record in records}))


@contextmanager
def rows(*names: str | None) -> Iterator[Connection]:
    """A connection in a transaction, to a database in memory whose table ``t`` has a row for each name.

    The transaction is rolled back, so that a test may make it fail.
    """
    with Database("sqlite://") as database, database.connect() as conn, conn.begin() as transaction:
        conn.exec_driver_sql(TABLE)
        for number, name in enumerate(names, 1):
            conn.exec_driver_sql("INSERT INTO t VALUES (?, ?)", (number, name))
        yield conn
        transaction.rollback()
