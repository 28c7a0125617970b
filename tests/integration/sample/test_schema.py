"""The comments of the schema are true: an index serves the statements that it names, and the three schemas agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect

from pydb import Database
from pydb.engines import engine_names
from pydb.sample import queries
from pydb.sample.files import schema_for

COMMENT = r"((?:^ *--[^\n]*\n)+)"
STATEMENT = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")


def served(schema: Path, what: str) -> dict[str, list[str]]:
    """The statements in the comment directly above each index or constraint."""
    found = re.findall(COMMENT + what, schema.read_text(), re.MULTILINE)
    return {name: STATEMENT.findall(comment) for comment, name in found}


INDEXES = served(schema_for("sqlite"), r"CREATE INDEX (\w+)")
KEYS = served(schema_for("sqlite"), r" *CONSTRAINT (\w+)\s+UNIQUE")


@pytest.mark.parametrize("engine", engine_names())
def test_every_index_says_which_statement_it_serves(engine: str) -> None:
    """The comment above every index names a statement that exists, the same one on every engine."""
    schema = schema_for(engine)
    assert set(re.findall(r"CREATE INDEX (\w+)", schema.read_text())) == INDEXES.keys()
    assert served(schema, r"CREATE INDEX (\w+)") == INDEXES
    assert served(schema, r" *CONSTRAINT (\w+)\s+UNIQUE") == KEYS
    assert all(INDEXES.values())
    named = {name for names in (*INDEXES.values(), *KEYS.values()) for name in names}
    assert named <= {query.name for query in queries}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("index", INDEXES)
def test_statement_uses_its_index(db: Database, index: str) -> None:
    """SQLite's plan of each statement that an index names uses that index."""
    for name in INDEXES[index]:
        # NULL for every parameter, because the plan does not depend on the values.
        sql = re.sub(r"(?<![:\w]):\w+", "NULL", queries[name].definition.forms["sqlite"].sql)
        with db.read() as conn:
            plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        assert any(re.search(rf"\b{index}\b", row[-1]) for row in plan), (name, plan)


def test_schemas_agree(sample_urls: dict[str, str]) -> None:
    """Tables, columns, nullability, keys and the names of constraints are the same on all engines."""
    found = {engine: described(url) for engine, url in sample_urls.items()}
    assert found["postgresql"] == found["sqlite"]
    assert found["mariadb"] == found["sqlite"]


def described(url: str) -> dict[str, dict[str, object]]:
    """The properties in which the three schemas must agree, by table."""
    with Database(url) as db, db.read() as conn:
        reflected = inspect(conn)
        return {
            table: {
                "columns": [(column["name"], column["nullable"]) for column in reflected.get_columns(table)],
                "key": reflected.get_pk_constraint(table)["constrained_columns"],
                "unique": {key["name"]: key["column_names"] for key in reflected.get_unique_constraints(table)},
                # RESTRICT is MariaDB's default, so it is not compared.
                "foreign": {
                    key["name"]: (
                        key["constrained_columns"],
                        key["referred_table"],
                        "CASCADE" in key["options"].values(),
                    )
                    for key in reflected.get_foreign_keys(table)
                },
                # A check without a name replaces a type; MariaDB names it after its column.
                "checks": {
                    check["name"]
                    for check in reflected.get_check_constraints(table)
                    if str(check["name"]).startswith(f"{table}_")
                },
            }
            for table in reflected.get_table_names()
        }
