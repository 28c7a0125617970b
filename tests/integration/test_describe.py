"""Describe statements on each engine: names, types, NULL and parameters, without running them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from pydb.describe import DescribedStatement, Refusal, Session, describe, scratch
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read
from tests.conftest import SCHEMAS

TYPES: dict[str, tuple[str, list[tuple[str, str, bool]]]] = {
    "sqlite": (
        """CREATE TABLE t (i integer NOT NULL, r real, n numeric(10, 2), s text NOT NULL, b boolean, y blob, d date,
        c time, w timestamp, a timestamptz, v interval, u uuid, j json)""",
        [
            *(("i", "int", False), ("r", "float", True), ("n", "Decimal", True), ("s", "str", False)),
            *(("b", "bool", True), ("y", "bytes", True), ("d", "date", True), ("c", "time", True)),
            *(("w", "datetime", True), ("a", "AwareDatetime", True), ("v", "timedelta", True), ("u", "UUID", True)),
            ("j", "json", True),
        ],
    ),
    "postgresql": (
        """CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN percent AS numeric(5, 2);
        CREATE TABLE t (i integer NOT NULL, g bigint, m smallint, r double precision, n numeric(10, 2), s text NOT NULL,
        e mood, o percent, b boolean, y bytea, d date, c time, w timestamp, a timestamptz, v interval, u uuid, j jsonb,
        l text[])""",
        [
            *(("i", "int", False), ("g", "int", True), ("m", "int", True), ("r", "float", True)),
            *(("n", "Decimal", True), ("s", "str", False), ("e", "str", True), ("o", "Decimal", True)),
            *(("b", "bool", True), ("y", "bytes", True), ("d", "date", True), ("c", "time", True)),
            *(("w", "datetime", True), ("a", "AwareDatetime", True), ("v", "timedelta", True), ("u", "UUID", True)),
            *(("j", "json", True), ("l", "str[]", True)),
        ],
    ),
    "mariadb": (
        """CREATE TABLE t (i integer NOT NULL, g bigint unsigned, r double, n decimal(10, 2), s varchar(20) NOT NULL,
        x text, e enum('glad'), b boolean, y blob, d date, c time(6), w datetime(6), u uuid, j json)""",
        [
            *(("i", "int", False), ("g", "int", True), ("r", "float", True), ("n", "Decimal", True)),
            *(("s", "str", False), ("x", "str", True), ("e", "str", True), ("b", "bool", True)),
            *(("y", "bytes", True), ("d", "date", True), ("c", "time", True), ("w", "datetime", True)),
            *(("u", "UUID", True), ("j", "json", True)),
        ],
    ),
}
"""For each engine: a table, and its columns with the likeliest Python types."""


@pytest.fixture
def session(engine_name: str, empty_url: str, tmp_path: Path) -> Iterator[Session]:
    """A scratch database with the table of TYPES."""
    script = tmp_path / "schema.sql"
    script.write_text(TYPES[engine_name][0] + ";")
    with scratch(make_url(empty_url), str(script)) as opened:
        yield opened


def definition(folder: Path, sql: str, header: str = ":many", *directives: str) -> Definition:
    lines = [f"-- name: it {header}", *directives, sql]
    (folder / "q.sql").write_text("\n".join(lines) + "\n")
    return read(folder / "q.sql")[0]


def described(session: Session, folder: Path, sql: str, *more: str) -> DescribedStatement:
    found = describe(session, definition(folder, sql, *more))
    assert isinstance(found, DescribedStatement), found
    return found


def test_types_of_columns(session: Session, tmp_path: Path) -> None:
    """Each of the engine's types has its Python type, and the column has its table and column name."""
    expected = TYPES[session.engine][1]
    names = ", ".join(name for name, _, _ in expected)
    found = described(session, tmp_path, f"SELECT {names} FROM t;")
    assert [(column.name, column.words[0], column.nullable) for column in found.columns] == expected
    assert {(column.table, column.column) for column in found.columns} == {("t", name) for name, _, _ in expected}


def test_types_of_parameters(session: Session, tmp_path: Path) -> None:
    """A parameter that is stored in a column has the column's type, and may be None if the column may be NULL."""
    expected = TYPES[session.engine][1]
    names = ", ".join(name for name, _, _ in expected)
    values = ", ".join(f":p_{name}" for name, _, _ in expected)
    found = described(session, tmp_path, f"INSERT INTO t ({names}) VALUES ({values});", ":exec")
    assert found.columns == ()
    parameters = [found.parameters[f"p_{name}"] for name, _, _ in expected]
    got = [(item.name.removeprefix("p_"), item.words[0], item.nullable) for item in parameters]
    assert got == expected


def test_expressions(session: Session, tmp_path: Path) -> None:
    """Computed columns have types, and names from AS."""
    sql = (
        "SELECT count(*) AS n, sum(i) AS total, max(s) AS last, i + 1 AS next, lower(s) AS small FROM t GROUP BY i, s;"
    )
    found = described(session, tmp_path, sql)
    assert [column.name for column in found.columns] == ["n", "total", "last", "next", "small"]
    kinds = ["int", "int", "str", "int", "str"]
    assert all(kind in column.words for column, kind in zip(found.columns, kinds, strict=True))
    # Nothing excludes an infinity in SQLite's column i, and the sum of Inf and -Inf is NULL.
    unbounded = session.engine == "sqlite"
    assert [column.nullable for column in found.columns] == [False, unbounded, False, False, False]


def test_returning(session: Session, tmp_path: Path) -> None:
    """RETURNING has names, types and nullability like a query."""
    found = described(
        session, tmp_path, "INSERT INTO t (i, s) VALUES (1, :s) RETURNING i, s, n, i + 1 AS next;", ":one"
    )
    assert [(column.name, column.nullable) for column in found.columns] == [
        *(("i", False), ("s", False), ("n", True), ("next", False))
    ]
    assert found.columns[2].words[0] == "Decimal"


def test_lists_and_limits(session: Session, tmp_path: Path) -> None:
    """A list parameter has the type of its items; LIMIT and OFFSET are integers."""
    sql = "SELECT i FROM t WHERE s IN (:names) ORDER BY i LIMIT :size OFFSET :start;"
    found = described(session, tmp_path, sql)
    assert [(item.words[0], item.sequence, item.nullable) for item in found.parameters.values()] == [
        *(("str", True, False), ("int", False, False), ("int", False, False))
    ]


def test_casts(session: Session, tmp_path: Path) -> None:
    """A cast determines the type of its parameter, and a test for NULL means that it may be None."""
    sql = "SELECT i FROM t WHERE CAST(:day AS date) IS NULL OR d = CAST(:day AS date);"
    (parameter,) = described(session, tmp_path, sql).parameters.values()
    assert (parameter.words, parameter.nullable) == (("date",), True)


def test_directives(session: Session, tmp_path: Path) -> None:
    """@column and @param override what is known about NULL."""
    found = described(
        *(session, tmp_path, "SELECT n, s FROM t WHERE s = :s;", ":many", "-- @column n Decimal"),
        *("-- @column s str?", "-- @param s str?"),
    )
    assert [column.nullable for column in found.columns] == [False, True]
    assert found.parameters["s"].nullable


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT\n    i,\n    nosuch\nFROM t;", 4, 5),
        ("SELECT i\nFROM nosuch\nWHERE i = :i;", 3, 6),
        ("SELECT i\nFROM t\nWHERE i IN (:many) AND nosuch = :x;", 4, 24),
        ("SELECT i\nFROM t\nWHERE i = :i AND t.nosuch > 5;", 4, 18),
    ],
)
def test_refusal(session: Session, tmp_path: Path, sql: str, line: int, column: int) -> None:
    """A refusal has the line and column in the file that the engine means, also after parameters and lists."""
    found = describe(session, definition(tmp_path, sql))
    assert isinstance(found, Refusal)
    assert "nosuch" in found.message
    assert (found.line, found.column) == (line, column)


def test_nothing_is_run(session: Session, tmp_path: Path) -> None:
    """Describing a DELETE or an INSERT changes no row."""
    session_any: Any = session
    run = session_any.newer.execute if session.engine == "sqlite" else session_any.connection.cursor().execute
    run("INSERT INTO t (i, s) VALUES (1, 'one')")
    described(session, tmp_path, "DELETE FROM t;", ":affected")
    described(session, tmp_path, "INSERT INTO t (i, s) VALUES (2, 'two') RETURNING i;", ":one")
    if session.engine == "sqlite":
        assert session_any.newer.execute("SELECT count(*) FROM t").fetchall() == [(1,)]
        assert session_any.older.execute("SELECT count(*) FROM t").fetchall() == [(0,)]
    else:
        with session_any.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM t")
            assert cursor.fetchone()[0] == 1


def test_form_of_another_engine(session: Session, tmp_path: Path) -> None:
    """A statement that has no form on the engine is not described."""
    other = "mariadb" if session.engine != "mariadb" else "sqlite"
    folder = tmp_path / "sql" / other
    folder.mkdir(parents=True)
    (folder / "q.sql").write_text("-- name: it :many\nSELECT i FROM t;\n")
    assert describe(session, read(tmp_path / "sql")[0]) is None


@pytest.mark.engines("sqlite")
def test_sqlite_keys(engine_name: str, tmp_path: Path) -> None:
    """SQLite's primary keys may be NULL, except in the cases of its documentation."""
    script = tmp_path / "schema.sql"
    script.write_text(
        "CREATE TABLE a (k integer PRIMARY KEY);\nCREATE TABLE b (k int PRIMARY KEY);\n"
        "CREATE TABLE c (k text PRIMARY KEY);\nCREATE TABLE d (k text PRIMARY KEY) WITHOUT ROWID;\n"
        "CREATE TABLE e (k text PRIMARY KEY) STRICT;\nCREATE TABLE f (k integer PRIMARY KEY DESC);\n"
        "CREATE TABLE g (k integer, l integer, PRIMARY KEY (k, l));\nCREATE TABLE h (k text NOT NULL PRIMARY KEY);\n"
        "CREATE TABLE i (k integer, g integer GENERATED ALWAYS AS (k + 1), PRIMARY KEY (k ASC));\n"
    )
    with scratch(None, str(script)) as session:
        tables = session.catalogue.tables
        assert {name: tables[name].columns["k"].nullable for name in tables} == {
            "a": False,
            "b": True,
            "c": True,
            "d": False,
            "e": False,
            "f": True,
            "g": True,
            "h": False,
            "i": False,
        }
        assert tables["i"].columns["g"].nullable
        refused = _inserts(session, sorted(tables))
    # SQLite's own result for NULL; for a, f and i it is a number if they are the rowid.
    assert refused == {"d", "e", "h"}


def _inserts(session: Any, names: list[str]) -> set[str]:
    refused = set()
    for name in names:
        try:
            session.newer.execute(f"INSERT INTO {name} (k) VALUES (NULL)")
        except Exception:
            refused.add(name)
    return refused


def test_sample_schema_is_described(engine_name: str) -> None:
    """Every engine of the fixtures has a schema script."""
    assert Path(SCHEMAS[engine_name]).is_file()
