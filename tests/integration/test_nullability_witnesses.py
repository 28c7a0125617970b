"""The nullability analysis on real rows: a column that it declares NOT NULL is never NULL."""

import itertools
from collections.abc import Iterator
from random import Random

import psycopg
import pymysql
import pytest

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue
from tests.integration.witnesses.connections import Row, Server, Sqlite, opened
from tests.integration.witnesses.hostile import HOSTILE, TEMPLATES
from tests.integration.witnesses.random_queries import RandomQuery
from tests.integration.witnesses.schemas import TABLES, states
from tests.integration.witnesses.statements import witnesses

# The number of columns that are declared nullable and never were NULL.  A higher number is a loss of precision.
NEVER_NULL = {"sqlite": 36, "postgresql": 28, "mariadb": 23}


def judged(sql: str, catalogue: Catalogue) -> list[bool]:
    columns = analyse(sql, catalogue).columns
    assert columns is not None, f"not worked out: {sql}"
    return [column.nullable for column in columns]


def test_nothing_judged_not_null_is_null(engine_name: str, empty_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Over every witness and every state of the tables, no column that is declared NOT NULL is NULL."""
    wrong: list[str] = []
    nulls: set[tuple[str, int]] = set()
    with opened(engine_name, empty_url) as database:
        database.script(TABLES[engine_name])
        catalogue = database.catalogue()
        verdicts = {sql: judged(sql, catalogue) for sql in witnesses(engine_name)}
        for state, inserts in states(engine_name).items():
            empty(database, catalogue)
            database.script(inserts)
            for sql, verdict in verdicts.items():
                for row in database.rows(sql):
                    assert len(row) == len(verdict), sql
                    found = {index for index, cell in enumerate(row) if cell is None}
                    nulls |= {(sql, index) for index in found}
                    wrong += [f"column {index + 1} is NULL ({state}): {sql}" for index in found if not verdict[index]]
    assert not wrong, "\n".join(sorted(set(wrong)))
    columns = [(sql, index, nullable) for sql, verdict in verdicts.items() for index, nullable in enumerate(verdict)]
    never = [f"column {index + 1}: {sql}" for sql, index, nullable in columns if nullable and (sql, index) not in nulls]
    with capsys.disabled():
        nullable = sum(column[2] for column in columns)
        print(
            f"\n{engine_name}: {len(verdicts)} witnesses, {len(columns)} columns: {len(columns) - nullable} judged "
            f"NOT NULL, {nullable} nullable, {len(never)} of these never NULL"
        )
    assert len(never) <= NEVER_NULL[engine_name], "\n".join(never)


def expressions(engine: str) -> Iterator[str]:
    """Every operator and function of the lists, over every combination of hostile columns."""
    _, columns = HOSTILE[engine]
    for template in TEMPLATES[engine]:
        yield from (template.format(*chosen) for chosen in itertools.product(columns, repeat=template.count("{}")))


@pytest.mark.deep
def test_operators_and_functions_answer_values(engine_name: str, empty_url: str) -> None:
    """Functions that the lists of functions.py call strict return no NULL for hostile values that are not NULL."""
    script, _ = HOSTILE[engine_name]
    wrong, trusted = [], 0
    with opened(engine_name, empty_url) as database:
        database.script(script)
        catalogue = database.catalogue()
        for expression in expressions(engine_name):
            sql = f"SELECT {expression} FROM hostile"
            if judged(sql, catalogue)[0]:
                continue
            trusted += 1
            # One letter instead of a value, NULL only if the value is NULL, so that sixteen megabytes are not sent.
            asked = f"SELECT left({expression}, 1) FROM hostile" if engine_name == "mariadb" else sql
            try:
                rows = database.rows(asked)
            except Exception:
                continue  # The engine refuses the combination, or a value in it, so nothing is returned.
            if any(row[0] is None for row in rows):
                wrong.append(expression)
    assert not wrong
    assert trusted > 200


# For PostgreSQL, compiling a query of a few rows takes much longer than running it.
LIMITS = {
    "postgresql": "SET statement_timeout = 300;\nSET jit = off",
    "mariadb": "SET SESSION max_statement_time = 0.3",
}


@pytest.mark.deep
def test_random_queries(engine_name: str, empty_url: str) -> None:
    """No column of 400 random queries that is declared NOT NULL is NULL, in any state of the tables."""
    wrong, proven = [], 0
    with opened(engine_name, empty_url) as database:
        database.script(TABLES[engine_name])
        if engine_name in LIMITS:
            database.script(LIMITS[engine_name])
        catalogue = database.catalogue()
        for seed, (state, inserts) in enumerate(states(engine_name).items()):
            empty(database, catalogue)
            database.script(inserts)
            random = Random(seed)
            for _ in range(100):
                sql = RandomQuery(random, engine_name).sql()
                verdict = judged(sql, catalogue)
                proven += verdict.count(False)
                found = {index for row in answer(database, sql) for index, cell in enumerate(row) if cell is None}
                wrong += [f"column {index + 1} is NULL ({state}): {sql}" for index in found if not verdict[index]]
    assert not wrong, "\n".join(wrong)
    assert proven > 200


def empty(database: Sqlite | Server, catalogue: Catalogue) -> None:
    for table in catalogue.tables.values():
        if not table.is_view:
            database.script(f"DELETE FROM {table.name}")


def answer(database: Sqlite | Server, sql: str) -> list[Row]:
    """The rows; none if the query takes too long or divides by zero."""
    try:
        return database.rows(sql)
    except (psycopg.Error, pymysql.Error):
        return []
