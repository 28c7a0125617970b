"""Statements with optional lines: each call runs its variant, on every engine and on both paths."""

from __future__ import annotations

import gc
import logging
import pickle
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text

import pydb
from pydb import errors
from pydb.errors import ParameterError
from pydb.execution.dispatcher import MAX_COMPARED, MAX_VARIANTS
from pydb.values.row_builder import SOURCE
from tests.harness.runtime import CreateTables, Load

TABLES = "CREATE TABLE things (id <key>, name <string> NOT NULL, size integer NULL, kind <string> NOT NULL);"
ROWS = [
    {"name": "a", "size": 1, "kind": "red"},
    {"name": "b", "size": 2, "kind": "red"},
    {"name": "c", "size": None, "kind": "blue"},
    {"name": "d", "size": 4, "kind": "blue"},
]

SEARCH = """\
SELECT id, name, size
FROM things
WHERE
    id > :above
    AND name = :name -- if :name
    AND kind IN (:kinds) -- if :kinds
    AND size = :size -- if :size
    AND size IS NULL -- if :size is null
    AND size IS NOT NULL -- if :sized
    AND ( -- if :first or_more
        name < :first
        OR name > :first
    )
ORDER BY
    id -- if :order = up
    -- id DESC -- if :order = down
;
""".replace(":first or_more", ":first")

STATEMENTS = (
    """\
-- name: fill :batch
INSERT INTO things (name, size, kind) VALUES (:name, :size, :kind);

"""
    + "\n".join(
        f"-- name: {name} :{header}\n-- @param sized bool\n{SEARCH}\n"
        for name, header in {
            "many_record": "many Thing",
            "many_row": "many",
            "stream_record": "stream Thing",
            "stream_row": "stream",
            "one_record": "one Thing",
            "maybe_record": "maybe Thing",
            "maybe_row": "maybe",
        }.items()
    )
    + """
-- name: names :many scalar
SELECT name
FROM things
WHERE
    TRUE
    AND kind NOT IN (:kinds) -- if :kinds
ORDER BY name;

-- name: change :affected
UPDATE things
SET
    name = :name, -- if :name given
    size = :size -- if :size given
WHERE id = :id;

-- name: forget :exec
DELETE FROM things
WHERE
    kind = :kind
    AND name = :name -- if :name
;

-- name: resize :affected
-- Size is 0 where NULL is meant.
-- @param size int
UPDATE things
SET
    size = :size, -- if :size given
    name = 'unsized', -- if :size is null
    kind = kind
WHERE id = :id;

-- name: kinds :many Kind
-- @group things Part
-- @param sized bool
SELECT
    k.kind,
    t.id AS things__id,
    t.name AS things__name
FROM (SELECT DISTINCT kind FROM things) AS k
LEFT OUTER JOIN things AS t ON t.kind = k.kind
WHERE
    TRUE
    AND k.kind = :kind -- if :kind
    AND t.size IS NOT NULL -- if :sized
ORDER BY k.kind, t.id;

-- name: seen :many scalar
-- @param mine bool
-- @param viewer str
SELECT name
FROM things
WHERE
    TRUE
    AND name = :viewer -- if :mine
ORDER BY name;

-- name: grouped :many
-- @param by_kind bool
-- @column kind str
-- @column things int
SELECT
    kind, -- if :by_kind
    count(*) AS things
FROM things
GROUP BY
    kind, -- if :by_kind
    1 = 1
ORDER BY count(*);
"""
)


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Part:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Kind:
    kind: str
    things: tuple[Part, ...]


class Order(StrEnum):
    UP = "up"
    DOWN = "down"


@pytest.fixture
def q(create_tables: CreateTables, load: Load) -> Any:
    """The statements, and their empty table."""
    create_tables(TABLES)
    return load(STATEMENTS, Thing, Kind, Part)


@pytest.fixture
def conn(database: pydb.Database, q: Any) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back, with the four rows."""
    with database.connect() as made:
        made.begin()
        q.fill(made, ROWS)
        yield made
        made.rollback()


def names(rows: Any) -> str:
    return "".join(row.name for row in rows)


CALLS: list[tuple[dict[str, Any], str]] = [
    ({}, "abcd"),
    ({"name": "b"}, "b"),
    ({"name": None}, "abcd"),
    ({"name": pydb.ABSENT, "size": pydb.ABSENT, "order": pydb.ABSENT}, "abcd"),
    ({"kinds": ["red"]}, "ab"),
    ({"kinds": ("red", "blue"), "order": "down"}, "dcba"),
    ({"kinds": []}, ""),
    ({"kinds": [], "order": "down"}, ""),
    ({"kinds": None, "order": None}, "abcd"),
    ({"size": 2}, "b"),
    ({"size": None}, "c"),
    ({"size": None, "kinds": {"red"}}, ""),
    ({"sized": True, "order": Order.DOWN}, "dba"),
    ({"sized": False, "order": Order.UP}, "abcd"),
    ({"first": "b"}, "acd"),
    ({"first": "b", "sized": True, "kinds": ["red", "blue"], "order": "down"}, "da"),
]


def test_every_variant_finds_its_rows(conn: Connection, q: Any) -> None:
    """Records, Core rows and streams are returned at the first and at later calls of each variant."""
    above = min(thing.id for thing in q.many_record(conn, above=0)) - 1
    for _ in range(2):
        for given, expected in CALLS:
            for statement in (q.many_record, q.many_row, q.stream_record, q.stream_row):
                assert names(statement(conn, above=above, **given)) == expected, (statement.name, given)


def test_one_row(conn: Connection, q: Any) -> None:
    """``:one`` and ``:maybe`` return one row, and refuse more rows, in every variant."""
    for _ in range(3):
        for statement in (q.one_record, q.maybe_record, q.maybe_row):
            assert statement(conn, above=0, name="d").size == 4
            assert statement(conn, above=0, size=None).name == "c"
            with pytest.raises(errors.TooManyRows, match=r"q\.\w+\[sized\]: returned more than one row"):
                statement(conn, above=0, sized=True)
        assert q.maybe_record(conn, above=0, name="nobody") is None
        assert q.maybe_row(conn, above=0, kinds=[]) is None
        with pytest.raises(errors.NoRow, match=r"q\.one_record\[name,order=down\]: returned no row"):
            q.one_record(conn, above=0, name="nobody", order="down")


def test_scalars(conn: Connection, q: Any) -> None:
    """The variants of a scalar return scalars, also an empty list."""
    for _ in range(3):
        assert q.names(conn) == ["a", "b", "c", "d"]
        assert q.names(conn, kinds=["red"]) == ["c", "d"]
        assert q.names(conn, kinds=[]) == ["a", "b", "c", "d"]


def test_changes(conn: Connection, q: Any) -> None:
    """Passed columns are changed, None to NULL; a call without columns is refused before anything is sent."""
    first = q.one_record(conn, above=0, name="a")
    for number in range(3):
        assert q.change(conn, id=first.id, name=f"a{number}", size=number) == 1
        assert q.change(conn, id=first.id, size=None) == 1
        assert q.one_record(conn, above=0, name=f"a{number}").size is None
        assert q.change(conn, id=first.id, name=f"n{number}") == 1
        assert q.one_record(conn, above=0, name=f"n{number}").id == first.id
        assert q.change(conn, id=-1, name="x") == 0
        with pytest.raises(ParameterError, match=r"q\.change: give at least one of name, size    hint: "):
            q.change(conn, id=first.id)
    assert q.forget(conn, kind="blue", name="c") is None
    assert names(q.many_record(conn, above=0, kinds=["blue"])) == "d"
    q.forget(conn, kind="blue")
    assert names(q.many_record(conn, above=0, kinds=["blue"])) == ""


def test_null_where_a_condition_names_it(conn: Connection, q: Any) -> None:
    """None is accepted if ``is null`` names the value, whatever ``@param`` says."""
    first = q.one_record(conn, above=0, name="a")
    for _ in range(3):
        assert q.resize(conn, id=first.id, size=7) == 1
        assert q.resize(conn, id=first.id, size=None) == 1
        assert q.one_record(conn, above=0, size=None, name="unsized").id == first.id
        with pytest.raises(ParameterError, match=r"q\.resize\[size\]: parameter size is a str, but @param says int"):
            q.resize(conn, id=first.id, size="7")
        q.change(conn, id=first.id, name="a")


def test_nested_rows(conn: Connection, q: Any) -> None:
    """The variants of a statement with nested rows group their rows."""
    for _ in range(3):
        found = {kind.kind: [part.name for part in kind.things] for kind in q.kinds(conn)}
        assert found == {"red": ["a", "b"], "blue": ["c", "d"]}
        (red,) = q.kinds(conn, kind="red")
        assert [part.name for part in red.things] == ["a", "b"]
        (blue,) = q.kinds(conn, kind="blue", sized=True)
        assert [part.name for part in blue.things] == ["d"]


def test_a_value_that_a_flag_needs(conn: Connection, q: Any) -> None:
    """A parameter is passed to the database if its line is included, and only then."""
    for _ in range(3):
        assert q.seen(conn) == ["a", "b", "c", "d"]
        assert q.seen(conn, mine=True, viewer="b") == ["b"]
        with pytest.raises(ParameterError, match="viewer is needed with mine"):
            q.seen(conn, mine=True)
        with pytest.raises(ParameterError, match="viewer has no effect without mine"):
            q.seen(conn, viewer="b")
        with pytest.raises(ParameterError, match="parameter viewer is a int, but @param says str"):
            q.seen(conn, mine=True, viewer=1)


def test_a_column_that_a_variant_lacks(conn: Connection, q: Any) -> None:
    """A ``@column`` for a missing column is no error, and declares the type in variants that have the column."""
    for _ in range(2):
        assert [tuple(row) for row in q.grouped(conn)] == [(4,)]
        assert sorted(tuple(row) for row in q.grouped(conn, by_kind=True)) == [("blue", 2), ("red", 2)]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"order": "sideways"}, "q.many_record: order must be up or down"),
    ({"order": 1}, "q.many_record: order must be up or down"),
    ({"sized": 1}, "q.many_record: sized must be True or False"),
    ({"sized": "false"}, "q.many_record: sized must be True or False"),
    ({"above": pydb.ABSENT}, "q.many_record: parameters: missing above"),
    ({"above": pydb.ABSENT, "name": "a"}, "q.many_record[name]: parameters: missing above"),
    ({"nome": "a"}, "q.many_record: parameters: unknown nome"),
    ({"kinds": "red"}, "q.many_record[kinds]: parameter kinds is a str, where IN takes a list"),
    ({"name": "\ud800", "order": "down"}, "q.many_record[name,order=down]: parameter name is text with a lone"),
    ({"size": 2**63}, "q.many_record[size]: parameter size is an integer beyond 64 bits"),
]


def test_refusals_are_always_the_same(database: pydb.Database, q: Any) -> None:
    """The first and later calls have the same error, and send nothing."""
    sent: list[str] = []
    with database.connect() as conn:
        for repeat in range(3):
            if repeat:
                conn.begin()
                for given, _ in CALLS:
                    q.many_record(conn, above=0, **given)
                conn.rollback()
            event.listen(database.engine, "before_cursor_execute", lambda _c, _u, sql, *_: sent.append(sql))
            sent.clear()
            for given, message in WRONG:
                with pytest.raises(ParameterError) as raised:
                    q.many_record(conn, **{"above": 0, **given})
                assert message in str(raised.value)
                assert "hint: " in str(raised.value)
            for wrong in (partial(q.many_record, conn, 1), partial(q.many_record, conn, 1, above=2)):
                with pytest.raises(ParameterError, match="takes its parameters by name only"):
                    wrong()
            for no_connection in (5, database.engine, database):
                for statement in (q.many_record, q.many_row):
                    with pytest.raises(ParameterError, match="a SQLAlchemy Connection first, not a"):
                        statement(no_connection, above=0)
            assert sent == []
            assert not conn.in_transaction()


def test_a_variant_has_a_name(database: pydb.Database, conn: Connection, q: Any) -> None:
    """The sent SQL, the execution option and the error of the database have the name of the variant."""
    sent: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: Any) -> None:
        sent.append((sql, context.execution_options.get("pydb_statement")))

    event.listen(database.engine, "before_cursor_execute", listen)
    q.many_record(conn, above=0, kinds=["red"], size=None, sized=True, order="down")
    q.many_record(conn, above=0)
    (first, first_name), (second, second_name) = sent
    assert first_name == "q.many_record[kinds,size=null,sized,order=down]"
    assert first.startswith(f"/* {first_name} */ SELECT id, name, size\nFROM things\n")
    assert "name =" not in first
    assert second_name == "q.many_record"
    assert second.startswith("/* q.many_record */ SELECT")
    assert "-- if" not in first + second
    with pytest.raises(errors.DatabaseError) as raised, conn.begin_nested():
        q.change(conn, id=q.many_record(conn, above=0)[0].id, name=None, size=3)
    assert raised.value.statement_name == "q.change[name=null,size]"
    assert str(raised.value.file).endswith("q.sql")


def test_a_variant_in_the_log(conn: Connection, q: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The log record of a call names the variant, also if its function was generated before."""
    for _ in range(3):
        q.many_record(conn, above=0, size=2, order="down")
    with caplog.at_level(logging.DEBUG, "pydb"):
        q.many_record(conn, above=0, size=2, order="down")
        list(q.stream_record(conn, above=0, kinds=["red"]))
    told = [(each.pydb_statement, each.pydb_rows) for each in caplog.records]  # type: ignore[attr-defined]
    assert told == [("q.many_record[size,order=down]", 1), ("q.stream_record[kinds]", 2)]
    q.many_record(conn, above=0, size=2, order="down")
    assert len(caplog.records) == 2


def test_a_failed_variant_dooms_the_transaction(database: pydb.Database, q: Any) -> None:
    """The error at the end of the block names the variant that failed."""
    with pytest.raises(errors.PydbError) as raised, database.begin() as conn:
        q.fill(conn, ROWS)
        with pytest.raises(errors.DatabaseError):
            q.change(conn, id=conn.execute(text("SELECT min(id) FROM things")).scalar(), name=None)
    assert "q.change[name=null]" in str(raised.value)


def test_the_text_of_a_variant(conn: Connection, q: Any, engine_name: str) -> None:
    """``text`` with arguments runs in Core with the values; without arguments it is the call that passes none."""
    made = q.many_record.text(engine_name, kinds=["red"], order=Order.DOWN)
    assert str(made).startswith("/* q.many_record[kinds,order=down] */")
    assert names(conn.execute(made, {"above": 0, "kinds": ["red"]})) == "ba"
    assert names(conn.execute(q.many_record.text(engine_name), {"above": 0})) == "abcd"
    assert str(q.change.text(engine_name, name="x")).count("\n") == 3
    with pytest.raises(ParameterError, match="give at least one of name, size"):
        q.change.text(engine_name)
    with pytest.raises(ParameterError, match="parameters: unknown nome"):
        q.many_record.text(engine_name, nome=1)
    with pytest.raises(ParameterError, match="order must be up or down"):
        q.many_record.text(engine_name, order="; DROP TABLE things")


def test_a_dispatcher_is_used(conn: Connection, q: Any) -> None:
    """Later calls begin in generated code, for variants that return records, Core rows or a stream."""
    for statement in (q.many_record, q.many_row, q.stream_record):
        general = statement.__call__
        for given, _ in CALLS * 3:
            list(statement(conn, above=0, **given))
        assert statement.__call__.__code__.co_filename == SOURCE
        assert statement.__call__ is not general


def test_it_pickles(conn: Connection, q: Any) -> None:
    """A statement that was called can be pickled and then called."""
    for _ in range(2):
        q.many_record(conn, above=0, name="a")
    again = pickle.loads(pickle.dumps(q.many_record))
    assert names(again(conn, above=0, name="b")) == "b"
    assert str(again.__signature__) == str(q.many_record.__signature__)


@pytest.mark.parametrize("kept", [MAX_VARIANTS, pytest.param(3, marks=pytest.mark.deep)])
def test_threads_call_different_variants(
    database: pydb.Database, q: Any, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thread gets the rows of its variant, while others make variants and few variants are cached."""
    for module in ("dispatcher", "variant_choice"):
        monkeypatch.setattr(f"pydb.execution.{module}.MAX_VARIANTS", kept)
    with database.begin() as conn:
        q.fill(conn, ROWS)
    wrong: list[Any] = []
    start = threading.Barrier(8)

    def work(offset: int) -> None:
        with database.connect() as conn:
            start.wait()
            for repeat in range(3):
                for index in range(len(CALLS)):
                    given, expected = CALLS[(index + offset) % len(CALLS)]
                    try:
                        found = names(q.many_record(conn, above=0, **given))
                    except Exception as error:
                        found = repr(error)
                    if found != expected:
                        wrong.append((given, found, expected, repeat))

    threads = [threading.Thread(target=work, args=(2 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_engines_in_turns(conn: Connection, q: Any) -> None:
    """A statement on two engines at the same time returns the rows of each, with a dispatcher for each."""
    functions = set()
    with pydb.Database("sqlite://") as other, other.connect() as there:
        there.begin()
        there.exec_driver_sql("CREATE TABLE things (id integer PRIMARY KEY, name text, size integer, kind text)")
        q.fill(there, [{"name": "there", "size": 1, "kind": "red"}])
        for _ in range(3):
            for given, expected in CALLS:
                assert names(q.many_record(conn, above=0, **given)) == expected
                functions.add(q.many_record.__call__)
            assert names(q.many_record(there, above=0)) == "there"
            assert names(q.many_record(there, above=0, size=1)) == "there"
            assert names(q.many_record(there, above=0, size=2)) == ""
            functions.add(q.many_record.__call__)
    generated = sum(function.__code__.co_filename == SOURCE for function in functions)
    assert 2 <= generated <= 2 * MAX_COMPARED


def test_an_engine_of_its_own(empty_url: str, q: Any) -> None:
    """Connections of a plain SQLAlchemy engine are supported too."""
    engine = create_engine(empty_url)
    with engine.connect() as conn:
        q.fill(conn, ROWS)
        for _ in range(3):
            assert names(q.many_record(conn, above=0, kinds=["red"], order="down")) == "ba"
        conn.rollback()
    engine.dispose()


def test_more_variants_than_are_kept(conn: Connection, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """All variants work although fewer are cached, and the number of cached variants is limited."""
    for module in ("dispatcher", "variant_choice"):
        monkeypatch.setattr(f"pydb.execution.{module}.MAX_VARIANTS", 12)
    filters = ["a", "b", "c", "d"]
    lines = "".join(f"    AND id <> :{name} -- if :{name}\n" for name in filters)
    made = load(f"-- name: odd :many scalar\nSELECT name\nFROM things\nWHERE\n    TRUE\n{lines}ORDER BY name;\n").odd
    (first, *_) = [row.id for row in conn.execute(text("SELECT id FROM things ORDER BY id"))]
    for flags in product((None, first), repeat=len(filters)):
        given = dict(zip(filters, flags, strict=True))
        for _ in range(2):
            assert made(conn, **given) == (["b", "c", "d"] if any(flags) else ["a", "b", "c", "d"])
    kept = made._runner._optional._runners
    assert 0 < sum(map(len, kept.values())) <= 12


@pytest.mark.engines("sqlite")
def test_a_statement_does_not_keep_engines_alive(load: Load) -> None:
    """The data that a statement has cached about the variants on an engine is freed with the engine."""
    q = load("-- name: a :many scalar\nSELECT 1\nWHERE\n    TRUE\n    AND 1 < :a -- if :a\n;\n")
    made = []
    for _ in range(3):
        with pydb.Database("sqlite://") as database, database.connect() as conn:
            assert [q.a(conn, a=value) for value in (None, 2, None, 2, None, 2)] == [[1]] * 6
            assert q.a.__call__.__code__.co_filename == SOURCE
        made.append((weakref.ref(database.engine), weakref.ref(database.engine.dialect)))
        del database, conn
    gc.collect()
    assert [reference() for pair in made for reference in pair] == [None] * 6


@pytest.mark.engines("sqlite")
def test_forms_of_engines(load: Load) -> None:
    """Each engine has its own lines for the same names; forms with different names are refused."""
    shared = "-- name: a :many scalar\nSELECT 1\nWHERE\n    TRUE\n    AND 1 < :a -- if :a\n;\n"
    q = load(shared, sqlite=shared.replace("1 < :a", ":a > 1"))
    assert ":a > 1" in str(q.a.text("sqlite", a=1))
    assert "1 < :a" in str(q.a.text("mariadb", a=1))
    with pydb.Database("sqlite://") as database, database.connect() as conn:
        assert [q.a(conn, a=value) for value in (0, 2, 0, 2, None)] == [[], [1], [], [1], [1]]
    with pytest.raises(errors.SqlFileError, match=":a is not optional here, an optional value in"):
        load(shared, sqlite=shared.replace(" -- if :a", ""))
