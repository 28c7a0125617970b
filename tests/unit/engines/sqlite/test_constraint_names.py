"""The name of a violated constraint on a real SQLite: a reported name is correct, and others stay None."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from pydb.engines.base import rules_of
from pydb.engines.sqlite.constraint_names import Constraint, constraints
from pydb.engines.sqlite.written_values import change_of

KEY, CHECK, FOREIGN = "UNIQUE or PRIMARY KEY", "CHECK", "FOREIGN KEY"
DDL: list[tuple[str, list[Constraint]]] = [
    ("CREATE TABLE t (a integer)", []),
    ("CREATE TABLE t (a integer CONSTRAINT t_pkey PRIMARY KEY AUTOINCREMENT)", [Constraint("t_pkey", KEY, ("a",))]),
    ("CREATE TABLE t (a text UNIQUE, b text)", [Constraint(None, KEY, ("a",))]),
    ("CREATE TABLE t (a text CONSTRAINT n NOT NULL UNIQUE)", [Constraint(None, KEY, ("a",))]),
    ("CREATE TABLE t (a text CONSTRAINT n NOT NULL CONSTRAINT u UNIQUE)", [Constraint("u", KEY, ("a",))]),
    (
        'CREATE TABLE "odd ""t" ("first, column" numeric(10, 2) CONSTRAINT "c ""1" CHECK ("first, column" > 0))',
        [Constraint('c "1', CHECK)],
    ),
    (
        "CREATE TABLE t (a text DEFAULT ('CONSTRAINT x UNIQUE'), -- CONSTRAINT y UNIQUE (a)\n"
        "b text /* UNIQUE */, CONSTRAINT u UNIQUE (a COLLATE NOCASE DESC, [b]))",
        [Constraint("u", KEY, ("a", "b"))],
    ),
    (
        "CREATE TABLE t (a integer CONSTRAINT f REFERENCES p (id) ON DELETE SET NULL, b integer REFERENCES p)",
        [Constraint("f", FOREIGN, ("a",)), Constraint(None, FOREIGN, ("b",))],
    ),
    (
        "CREATE TABLE t (a integer, b integer, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p (x, y), "
        "CONSTRAINT k PRIMARY KEY (a) CONSTRAINT c CHECK (a IN (1, 2)))",
        [Constraint("f", FOREIGN, ("a", "b")), Constraint("k", KEY, ("a",)), Constraint("c", CHECK)],
    ),
    ("CREATE TABLE t AS SELECT 1 AS a", []),
]


@pytest.mark.parametrize(("ddl", "wanted"), DDL, ids=[ddl for ddl, _ in DDL])
def test_constraints(ddl: str, wanted: list[Constraint]) -> None:
    """A table's constraints are read from its DDL, with names and columns as written."""
    assert list(constraints(ddl)) == wanted


SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE people (id integer PRIMARY KEY, code text, region text, UNIQUE (code, region));
CREATE TABLE towns (id integer PRIMARY KEY, name text, "mayor id" integer CONSTRAINT "mayor!" REFERENCES people);
CREATE TABLE visits (
    person_id integer NOT NULL CONSTRAINT visits_person REFERENCES people (id),
    Town_Id integer CONSTRAINT visits_town REFERENCES towns (id) ON DELETE RESTRICT,
    code text, region text,
    CONSTRAINT visits_code FOREIGN KEY (code, region) REFERENCES people (code, region)
);
CREATE TABLE pairs (a integer, b integer, CHECK (a < b));
CREATE UNIQUE INDEX towns_name ON towns (lower(name));
CREATE TABLE notes (visitor integer REFERENCES people ON DELETE CASCADE);
CREATE TABLE audited (x integer);
CREATE TRIGGER audit AFTER INSERT ON audited BEGIN INSERT INTO visits (person_id) VALUES (new.x); END;
INSERT INTO people VALUES (1, 'a', 'n'), (2, 'b', 'n'), (3, 'c', 'n');
INSERT INTO towns VALUES (10, 'Rome', 1);
INSERT INTO visits VALUES (2, NULL, NULL, NULL), (1, 10, NULL, NULL), (3, NULL, 'c', 'n');
"""
Told = tuple[str | None, str | None, tuple[str, ...]]
BROKEN: list[tuple[str, Any, Told]] = [
    ("INSERT INTO visits (person_id, Town_Id) VALUES (?, ?)", (1, 99), ("visits_town", "visits", ("Town_Id",))),
    ("INSERT INTO visits (town_id, person_id) VALUES (?, ?)", (10, 99), ("visits_person", "visits", ("person_id",))),
    ("INSERT INTO visits (person_id, code, region) VALUES (?, ?, ?)", (1, "a", "s"),
     ("visits_code", "visits", ("code", "region"))),
    ("INSERT INTO visits (person_id, town_id) VALUES (?, 10), (?, ?)", (1, 2, 99),
     ("visits_town", "visits", ("Town_Id",))),
    ("WITH n (x) AS (SELECT ?) INSERT INTO main.visits (person_id) VALUES (?)", (1, 99),
     ("visits_person", "visits", ("person_id",))),
    ("INSERT INTO towns (id, \"mayor id\") VALUES (?, ?)", (11, 99), ("mayor!", "towns", ("mayor id",))),
    ("UPDATE visits SET town_id = ?, person_id = ? WHERE person_id = ?", (99, 1, 1),
     ("visits_town", "visits", ("Town_Id",))),
    ("UPDATE visits SET town_id = 90 + ? WHERE person_id = ?", (9, 1), ("visits_town", "visits", ("Town_Id",))),
    ("DELETE FROM towns WHERE id = ?", (10,), ("visits_town", "visits", ("id",))),
    ("DELETE FROM people WHERE id = ?", (2,), ("visits_person", "visits", ("id",))),
    ("DELETE FROM people", (), (None, None, ())),
    ("UPDATE people SET code = ? WHERE code = ? AND region = ?", ("z", "c", "n"),
     ("visits_code", "visits", ("code", "region"))),
    ("INSERT INTO visits (person_id, town_id) SELECT 99, 10", (), (None, None, ())),
    ("INSERT INTO audited VALUES (?)", (99,), (None, None, ())),
    ("INSERT INTO people (code, region) VALUES (?, ?)", ("a", "n"), (None, "people", ("code", "region"))),
    ("INSERT INTO towns (name) VALUES (?)", ("ROME",), ("towns_name", "towns", ())),
    ("INSERT INTO pairs VALUES (2, 1)", (), (None, None, ())),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "parameters", "wanted"), BROKEN, ids=[sql for sql, _, _ in BROKEN])
def test_broken_constraints(sql: str, parameters: Sequence[Any], wanted: Told) -> None:
    """The constraint of a failed statement is reported if the values show it, and otherwise not guessed."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    rules = rules_of("sqlite")
    with pytest.raises(sqlite3.IntegrityError) as caught:
        connection.execute(sql, parameters)
    failure = rules.add_constraint_details(rules.classify(caught.value, sql), connection, sql, parameters)
    assert (failure.constraint, failure.table, failure.columns) == wanted
    connection.close()


def test_a_closed_connection() -> None:
    """If the schema cannot be read, the error is unchanged."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    rules, sql = rules_of("sqlite"), "INSERT INTO visits (person_id) VALUES (99)"
    with pytest.raises(sqlite3.IntegrityError) as caught:
        connection.execute(sql)
    connection.close()
    failure = rules.classify(caught.value, sql)
    assert rules.add_constraint_details(failure, connection, sql, ()) == failure


@pytest.mark.parametrize(
    "sql", ["", "SELECT 1", "INSERT", "DELETE FROM", "UPDATE t", "INSERT INTO t", "INSERT INTO t ("]
)
def test_statements_that_show_nothing(sql: str) -> None:
    """A statement that shows no values has none."""
    change = change_of(sql, ())
    assert change is None or (change.rows in ((), ({},)) and change.where == {})
