"""The hint about a parameter whose type PostgreSQL cannot determine: its SQL is prepared and runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from pydb.errors import SqlFileError
from tests.harness.runtime import CreateTables, Load

TABLES = "CREATE TABLE things (id <key>, name <string> NOT NULL, placed_at <datetime> NULL);\n"
TEXT = "SELECT count(*) FROM things WHERE :q IS NULL OR name = :q"
INSTANT = "SELECT count(*) FROM things WHERE :q IS NULL OR placed_at >= :q"
CASTED = "SELECT count(*) FROM things WHERE :q IS NULL OR placed_at >= CAST(:q AS timestamptz)"


def hints(load: Load, sql: str, **kind: Any) -> list[str]:
    """The casts that the hint of the refusal proposes."""
    statement = f"-- name: it :one scalar\n{sql};\n"
    with pytest.raises(SqlFileError) as caught:
        load("-- None.\n", postgresql=statement) if kind else load(statement)
    return re.findall(r"CAST\(:q AS \w+\) IS NULL", caught.value.hint or "")


def test_a_text_on_every_engine(empty_db: Engine, create_tables: CreateTables, load: Load) -> None:
    """The first cast in the hint for a shared statement runs with a text and with None."""
    create_tables(TABLES.replace("<datetime>", "date"))
    cast = hints(load, TEXT)[0]
    found = load(f"-- name: it :one scalar\n{TEXT.replace(':q IS NULL', cast)};\n").it
    with empty_db.begin() as conn:
        assert (found(conn, q="x"), found(conn, q=None)) == (0, 0)


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize(("sql", "number", "value"), [(TEXT, 0, "x"), (INSTANT, 1, None), (CASTED, 0, None)])
def test_each_type_on_postgresql(
    empty_db: Engine, create_tables: CreateTables, load: Load, sql: str, number: int, value: str | None
) -> None:
    """The casts in the hint for PostgreSQL's own statement run: for a text, an instant, and a type used elsewhere."""
    create_tables(TABLES.replace("<datetime>", "timestamptz"))
    cast = hints(load, sql, overlay=True)[number]
    statement = f"-- name: it :one scalar\n{sql.replace(':q IS NULL', cast)};\n"
    found = load("-- None.\n", postgresql=statement).it
    with empty_db.begin() as conn:
        assert (found(conn, q=value or datetime(2026, 1, 1, tzinfo=UTC)), found(conn, q=None)) == (0, 0)
