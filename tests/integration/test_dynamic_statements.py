"""Forty statements of applications with optional lines, compared with SQL that is concatenated by hand."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, exc, text

import pydb
from pydb.errors import ParameterError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.optional_lines import is_there
from pydb.sqlfile.variants import Key, all_keys, key_names, variant
from tests.harness.marked_statements import (
    Marked,
    calls,
    dynamic_folder,
    idle,
    marked_statements,
    reference,
    rows,
    tables,
)

pytestmark = pytest.mark.deep


def filled(database: pydb.Database, schema: Path) -> list[str]:
    """Insert rows into every table of the schema; return the names of the tables."""
    database.apply(schema)
    some = random.Random(7)
    found = tables(schema.read_text())
    with database.begin() as conn:
        for table, columns in found.items():
            for row in rows(table, columns, some):
                names = ", ".join(row)
                conn.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
    return list(found)


def by_hand(conn: Connection, sql: str, given: dict[str, Any]) -> Any:
    """Core's statement for a text whose lists are in brackets; an empty list finds nothing, whatever its type."""
    for name in [name for name, value in given.items() if value == []]:
        sql = re.sub(rf"\S+ NOT IN \(:{name}\)", "TRUE", sql)
        sql = re.sub(rf"\S+ IN \(:{name}\)", "FALSE", sql)
    bound = re.findall(r"(?<![:\w]):([a-z_]+)", sql)
    lists = [name for name in bound if isinstance(given[name], list)]
    made = text(re.sub(r"\(:(\w+)\)", lambda found: f":{found[1]}" if found[1] in lists else found[0], sql))
    made = made.bindparams(*(bindparam(name, expanding=True) for name in set(lists)))
    result = conn.execute(made, {name: given[name] for name in bound})
    return [tuple(row) for row in result] if result.returns_rows else result.rowcount


def contents(conn: Connection, names: list[str]) -> list[Any]:
    """All rows of all tables, without the times that statements take from the clock."""
    every = [row for name in names for row in conn.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()]
    clock = ("updated_at", "created_at")
    return [{key: value for key, value in row.items() if key not in clock} for row in every]


def outcome(conn: Connection, call: Callable[[], Any], names: list[str]) -> Any:
    """The result of a call and the rows that it leaves, in a savepoint that is rolled back."""
    savepoint = conn.begin_nested()
    try:
        found = call()
        return [tuple(row) for row in found] if isinstance(found, list) else (found, contents(conn, names))
    except exc.IntegrityError:
        return "a constraint refuses it"
    except ParameterError as error:
        return error.message
    finally:
        savepoint.rollback()


def compared(conn: Connection, statement: Any, marked: Marked, given: dict[str, Any], names: list[str]) -> str:
    """Call in both ways, and return the outcome: ``called``, ``refused`` by pydb, or by a ``constraint``."""
    sql, used = reference(marked, given)
    names = [name for name in names if name in sql]
    found = outcome(conn, lambda: statement(conn, **given), names)
    changes_nothing = marked.rows == "affected" and not re.search(r"SET\s+\S+ =|INSERT|DELETE", sql)
    changes_everything = sql.startswith("DELETE") and not re.search(r" (IN|=) ", sql)
    if idle(marked, given, used) or changes_nothing or changes_everything:
        assert re.search("has no effect|give ", found), (marked.name, given, found)
        return "refused"
    assert found == outcome(conn, lambda: by_hand(conn, sql, given), names), (marked.name, given, sql)
    return "constraint" if isinstance(found, str) else "called"


def test_each_does_what_its_text_says(empty_db: pydb.Database, engine_name: str) -> None:
    """Every combination of arguments, or many of them, has the rows and changes of the SQL concatenated by hand."""
    folder = dynamic_folder()
    names = filled(empty_db, folder / "schema.sql")
    queries = pydb.load(folder / "statements.sql")
    some = random.Random(11)
    counts = {"called": 0, "refused": 0, "constraint": 0}
    marked = list(marked_statements((folder / "statements.sql").read_text()))
    assert len(marked) == len(queries) == 40
    with empty_db.connect() as conn, conn.begin():
        for each in marked:
            if engine_name == "mariadb" and "||" in "".join(each.lines):
                continue  # in that statement it is OR
            for given in calls(each, some, 24):
                for _ in range(2):
                    counts[compared(conn, queries[f"statements.{each.name}"], each, given, names)] += 1
    assert counts["called"] > 200
    assert counts["refused"] > 20


def narrowed(definition: Definition, engine: str) -> list[tuple[Key, Key]]:
    """Pairs of variants; the second has the lines of the first and one more condition in its WHERE."""
    lines, names = definition.forms[engine].lines, [name.name for name in key_names(definition)]
    sets = {}
    for key in list(all_keys(definition))[:200]:
        sets[key] = is_there(lines, dict.fromkeys(definition.optional, "") | dict(zip(names, key, strict=True)))
    pairs = []
    for one, has in sets.items():
        for other, more in sets.items():
            added = [line for line, a, b in zip(lines, has, more, strict=True) if b and not a]
            lost = any(a and not b for a, b in zip(has, more, strict=True))
            if not lost and added and added[0].first == "AND" and all(line.guard == added[0].guard for line in added):
                pairs.append((one, other))
    return pairs


def test_one_more_condition_finds_a_part_of_the_rows(empty_db: pydb.Database, engine_name: str) -> None:
    """If a variant has one AND more in WHERE than another, its rows are a subset of the other's rows."""
    folder = dynamic_folder()
    filled(empty_db, folder / "schema.sql")
    queries = pydb.load(folder / "statements.sql")
    some = random.Random(3)
    compared_pairs = found_rows = 0
    with empty_db.connect() as conn, conn.begin():
        for each in marked_statements((folder / "statements.sql").read_text()):
            definition = queries[f"statements.{each.name}"].definition
            if definition.row_word != "many" or re.search(r"count\(|sum\(", definition.sql):
                continue
            given: dict[str, Any] = {}
            for call in calls(each, some, 60):
                given |= {name: value for name, value in call.items() if value not in (None, [])}
            for one, other in some.sample(pairs := narrowed(definition, engine_name), min(40, len(pairs))):
                wide, narrow = (
                    Counter(by_hand(conn, whole_result(definition, engine_name, key), given)) for key in (one, other)
                )
                assert narrow <= wide, (each.name, one, other)
                compared_pairs += 1
                found_rows += narrow.total()
    assert compared_pairs >= 200
    assert found_rows > 0


def whole_result(definition: Definition, engine: str, key: Key) -> str:
    """The SQL of a variant without its LIMIT."""
    sql = variant(definition, engine, key).sql
    return re.sub(r"\s(LIMIT|OFFSET) .*", "", sql.removesuffix(";"))
