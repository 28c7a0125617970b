"""Adverse rows in the tables of a schema."""

from __future__ import annotations

from pathlib import Path

import pydb
from pydb.prove.adverse import adverse_of
from pydb.prove.rows import STAGES, Filler

SCHEMA = """
CREATE TABLE people (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('reader', 'writer')),
    age integer CHECK (age BETWEEN 0 AND 150),
    twice integer GENERATED ALWAYS AS (age * 2)
);
CREATE TABLE letters (
    id integer PRIMARY KEY,
    person_id integer NOT NULL REFERENCES people (id),
    answer_to integer REFERENCES letters (id),
    weight real
);
CREATE TABLE nowhere (id integer NOT NULL CHECK (id > 5 AND id < 5));
"""


def filled(tmp_path: Path) -> tuple[pydb.Database, Filler]:
    """A database with filled tables."""
    (tmp_path / "schema.sql").write_text(SCHEMA)
    database = pydb.Database(f"sqlite:///{tmp_path / 'rows.db'}")
    database.apply(tmp_path / "schema.sql")
    with database.begin() as conn:
        filler = Filler(adverse_of("sqlite").tables(lambda query: conn.exec_driver_sql(query).fetchall()))
        for stage in STAGES:
            filler.fill(conn, stage)
    return database, filler


def test_rows_respect_the_constraints_and_are_adverse(tmp_path: Path) -> None:
    """There are NULLs, limits of types and parents without children, within the constraints; empty tables are named."""
    database, filler = filled(tmp_path)
    with database, database.read() as conn:

        def ask(query: str) -> object:
            return conn.exec_driver_sql(query).scalar()

        assert ask("SELECT count(*) > 5 FROM people")
        assert ask("SELECT count(*) FROM people WHERE age IS NULL")
        assert ask("SELECT count(*) FROM people WHERE id NOT IN (SELECT person_id FROM letters)")
        assert ask("SELECT count(*) FROM letters WHERE answer_to IS NULL")
        assert ask("SELECT max(weight) FROM letters") == float("inf")
    assert filler.empty == ['"nowhere"']


def test_the_same_schema_gets_the_same_rows(tmp_path: Path) -> None:
    """Rows are random, but with the same seed each time."""
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        database, _ = filled(tmp_path / name)
        with database, database.read() as conn:
            found.append(conn.exec_driver_sql("SELECT * FROM people ORDER BY id").fetchall())
    assert found[0] == found[1]
