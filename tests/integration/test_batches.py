"""Batches: few round trips, rows in the order of the sets, and errors that name the set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, exc, text

import pydb
from pydb.errors import NotNullViolation, ParameterError, RowError, TransactionDoomed, UniqueViolation
from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.awaited


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    price: Decimal | None


TABLES = """\
CREATE TABLE things (
    id <key>,
    name <string> NOT NULL,
    price numeric(10, 2) NULL,
    CONSTRAINT things_name_key UNIQUE (name)
);
"""
STATEMENTS = """\
-- Things.

-- name: create :batch Thing
INSERT INTO things (name, price) VALUES (:name, :price) RETURNING id, name, price;

-- name: create_ids :batch scalar
INSERT INTO things (name) VALUES (:name) RETURNING id;

-- name: create_rows :batch
INSERT INTO things (name, price) VALUES (:name, :price) RETURNING id, name;

-- name: create_typed :batch
-- @column price Decimal?
INSERT INTO things (name, price) VALUES (:name, :price) RETURNING id, price;

-- name: add :batch
INSERT INTO things (name, price) VALUES (:name, :price);

-- name: add_odd :batch
INSERT INTO things (name, price) VALUES ('50% (' || :name || ')', 1 + :price);

-- name: constant :batch
INSERT INTO things (name, price) VALUES ('always', 1);

-- name: price :batch
UPDATE things SET price = :price WHERE name = :name;

-- name: remove :batch
DELETE FROM things WHERE name = :name;

-- name: remove_all :batch
DELETE FROM things WHERE name IN (:names);

-- name: copy :batch
INSERT INTO things (name) SELECT name || :suffix FROM things WHERE name = :name;

-- name: copy_all :batch
INSERT INTO things (name) SELECT name || :suffix FROM things WHERE name IN (:names);

-- name: upsert :batch Thing
INSERT INTO things (name, price) VALUES (:name, :price)
ON CONFLICT (name) DO UPDATE SET price = excluded.price
RETURNING id, name, price;

-- name: keep :batch scalar
INSERT INTO things (name, price) VALUES (:name, :price)
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- name: listed :many Thing
SELECT id, name, price FROM things ORDER BY id;

-- name: total :one scalar
SELECT count(*) FROM things;
"""
MARIADB = """\
-- Things.

-- name: upsert :batch Thing
INSERT INTO things (name, price) VALUES (:name, :price)
ON DUPLICATE KEY UPDATE price = VALUES(price)
RETURNING id, name, price;

-- name: keep :batch scalar
INSERT IGNORE INTO things (name, price) VALUES (:name, :price)
RETURNING id;
"""
UPDATING = """\
-- More.

-- name: reprice_cheap :batch
WITH cheap AS (SELECT id FROM things WHERE price < :limit)
UPDATE things SET price = :price WHERE id IN (SELECT id FROM cheap);

-- name: drop_cheap :batch
WITH cheap AS (SELECT id FROM things WHERE price < :limit)
DELETE FROM things WHERE id IN (SELECT id FROM cheap);

-- name: add_behind :batch
WITH one (n) AS (SELECT 1)
INSERT INTO things (name, price) VALUES (:name, :price);

-- name: reprice :batch Thing
UPDATE things SET price = :price WHERE name = :name RETURNING id, name, price;
"""
MANY = 3_000


def sets_of(count: int, prefix: str = "n") -> list[dict[str, Any]]:
    """This number of different sets."""
    return [{"name": f"{prefix}{number}", "price": Decimal(number) / 100} for number in range(count)]


@pytest.fixture
def q(load: Load, create_tables: CreateTables) -> Any:
    """The statements above, and their table."""
    create_tables(TABLES)
    return load(STATEMENTS, Thing, mariadb=MARIADB)


@contextmanager
def round_trips(engine: Engine) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_many_with_keys(database: pydb.Database, q: Any) -> None:
    """Three thousand rows are returned with their keys, in the order of their sets, in three round trips."""
    sets = sets_of(MANY)
    with database.begin() as conn, round_trips(database.engine) as sent:
        made = q.create(conn, sets)
        assert len(sent) == 3
    assert [(thing.name, thing.price) for thing in made] == [(item["name"], item["price"]) for item in sets]
    with database.read() as conn:
        assert q.listed(conn) == sorted(made, key=lambda thing: thing.id)


def test_many_without_keys(database: pydb.Database, q: Any) -> None:
    """Three thousand rows without RETURNING take at most three round trips, and are counted."""
    with database.begin() as conn, round_trips(database.engine) as sent:
        assert q.add(conn, sets_of(MANY)) == MANY
        assert len(sent) <= 3
    with database.read() as conn:
        assert q.total(conn) == MANY


def test_sizes(database: pydb.Database, q: Any) -> None:
    """A batch of any size, also an empty one, runs each of its sets once."""
    for count in (0, 1, 2, 999, 1_000, 1_001):
        with database.begin() as conn:
            made = q.create(conn, sets_of(count))
            assert [thing.name for thing in made] == [item["name"] for item in sets_of(count)]
            assert q.add(conn, sets_of(count, "m")) == count
            assert len(q.create_ids(conn, [{"name": f"k{number}"} for number in range(count)])) == count
            assert q.price(conn, sets_of(count)) == count
            assert q.total(conn) == 3 * count
            conn.rollback()


def test_nothing_is_sent_for_nothing(database: pydb.Database, q: Any) -> None:
    """A batch of no sets sends nothing."""
    with database.begin() as conn, round_trips(database.engine) as sent:
        assert (q.create(conn, []), q.add(conn, ()), q.price(conn, iter([])), q.remove_all(conn, [])) == ([], 0, 0, 0)
        assert sent == []


def test_iterables(database: pydb.Database, q: Any) -> None:
    """The sets may be any iterable, and each set any mapping."""
    from types import MappingProxyType

    with database.begin() as conn:
        assert q.add(conn, ({"name": name, "price": None} for name in "abc")) == 3
        assert q.add(conn, {1: {"name": "d", "price": None}}.values()) == 1
        assert [thing.name for thing in q.create(conn, [MappingProxyType({"name": "e", "price": None})])] == ["e"]


def test_shapes(database: pydb.Database, q: Any) -> None:
    """Core rows are returned in order too, with the types that ``@column`` declares."""
    with database.begin() as conn:
        assert [row.name for row in q.create_rows(conn, sets_of(5))] == [item["name"] for item in sets_of(5)]
        typed = q.create_typed(conn, sets_of(5, "t"))
        assert [row.price for row in typed] == [item["price"] for item in sets_of(5)]
        assert {type(row.price) for row in typed} == {Decimal}


def test_odd_rows(database: pydb.Database, q: Any) -> None:
    """Brackets, quotes, percent signs and expressions around the parameters are not changed."""
    with database.begin() as conn:
        assert q.add_odd(conn, sets_of(3)) == 3
        assert [(thing.name, thing.price) for thing in q.listed(conn)] == [
            (f"50% (n{number})", 1 + Decimal(number) / 100) for number in range(3)
        ]


def test_without_parameters(database: pydb.Database, q: Any) -> None:
    """A statement without parameters runs once for each empty set."""
    with database.begin() as conn:
        assert q.constant(conn, [{}]) == 1
        with pytest.raises(UniqueViolation), conn.begin_nested():
            q.constant(conn, [{}])
        assert q.total(conn) == 1


def test_mixed_types(database: pydb.Database, q: Any) -> None:
    """The sets may have values of different types, also None, and no value is converted to another set's type."""
    prices: list[Any] = [None, 1, Decimal("2.50"), None, 3.5, Decimal("12345678.91"), Decimal("0.01")]
    with database.begin() as conn:
        made = q.create(conn, [{"name": f"x{index}", "price": price} for index, price in enumerate(prices)])
        assert [thing.price for thing in made] == [None if price is None else Decimal(str(price)) for price in prices]


def test_updates_and_deletes(database: pydb.Database, q: Any) -> None:
    """A batch of UPDATE or DELETE counts the rows of all its sets."""
    with database.begin() as conn:
        q.add(conn, sets_of(20))
        assert q.price(conn, [{"name": f"n{number}", "price": Decimal(7)} for number in (1, 2, 99)]) == 2
        assert q.remove(conn, [{"name": "n1"}, {"name": "n2"}, {"name": "n2"}]) == 2
        assert q.remove_all(conn, [{"names": ["n3", "n4"]}, {"names": []}, {"names": ["n5"]}]) == 3
        assert q.copy(conn, [{"name": "n6", "suffix": "+"}, {"name": "n7", "suffix": "-"}]) == 2
        assert q.total(conn) == 17


@pytest.mark.engines("sqlite", "postgresql")
def test_updates_that_return(database: pydb.Database, q: Any, load: Load) -> None:
    """A batch of UPDATE … RETURNING returns each set's row in order, and refuses a set without a row."""
    more = load(UPDATING, Thing)
    with database.begin() as conn:
        conn.exec_driver_sql("INSERT INTO things (name, price) VALUES ('a', 1), ('b', 2), ('c', 3)")
        sets = [{"name": name, "price": Decimal(index)} for index, name in enumerate("cab")]
        assert [(thing.name, thing.price) for thing in more.reprice(conn, sets)] == [("c", 0), ("a", 1), ("b", 2)]
    with pytest.raises(RowError, match="set 1: returned 0 rows, not one"), database.begin() as conn:
        more.reprice(conn, [{"name": "a", "price": Decimal(1)}, {"name": "nobody", "price": Decimal(1)}])


@pytest.mark.engines("sqlite", "postgresql")
def test_counts_behind_with(database: pydb.Database, q: Any, load: Load) -> None:
    """A batch of statements that begin with WITH counts rows like other batches."""
    more = load(UPDATING, Thing)
    with database.begin() as conn:
        assert q.add(conn, sets_of(20)) == 20
        limits = [{"limit": Decimal("0.05"), "price": Decimal(9)}, {"limit": Decimal("0.07"), "price": Decimal(8)}]
        assert more.reprice_cheap(conn, limits) == 7
        assert more.drop_cheap(conn, [{"limit": Decimal("0.08")}, {"limit": Decimal("0.08")}]) == 1
        assert more.add_behind(conn, sets_of(1_500, "behind")) == 1_500


def test_upserts(database: pydb.Database, q: Any) -> None:
    """A batch of upserts returns each set's row in order, new or not, even if two sets have the same key."""
    with database.begin() as conn:
        first = q.upsert(conn, sets_of(5))
        again = q.upsert(conn, [*sets_of(7), {"name": "n0", "price": Decimal(9)}])
        assert [thing.id for thing in again[:5]] == [thing.id for thing in first]
        assert [thing.name for thing in again] == [*(f"n{number}" for number in range(7)), "n0"]
        assert again[-1].price == Decimal(9)
        assert q.total(conn) == 7


def test_upserts_in_few_round_trips(database: pydb.Database, q: Any) -> None:
    """Ten thousand upserts are few statements; a new statement begins at a set with the key of an earlier set."""
    many = [*sets_of(5_000), *sets_of(5_000)]
    with database.begin() as conn, round_trips(database.engine) as sent:
        rows = q.upsert(conn, many)
    assert [thing.name for thing in rows] == [each["name"] for each in many]
    assert len(sent) <= 12
    with database.read() as conn:
        assert q.total(conn) == 5_000


def test_sets_without_a_row(database: pydb.Database, q: Any) -> None:
    """A set that returns no row is an error, so that the results keep the order of the sets."""
    with database.begin() as conn:
        q.add(conn, sets_of(1))
    with pytest.raises(RowError, match=r"returned .* rows?"), database.begin() as conn:
        q.keep(conn, [{"name": "x", "price": None}, *sets_of(1)])
    with database.read() as conn:
        assert q.total(conn) == 1


def test_unfit_sets(database: pydb.Database, q: Any) -> None:
    """The error for an invalid set has its number, and nothing is sent."""
    good = sets_of(1_500)
    wrong: list[tuple[Any, str]] = [
        ({"name": "x"}, "set 1500: parameters: missing price"),
        ({"name": "x", "price": 1, "size": 2}, "set 1500: parameters: unknown size"),
        ({"name": "x", "prize": 1}, "set 1500: parameters: missing price; unknown prize"),
        ({"name": "x", "price": pydb.ABSENT}, "set 1500: parameters: missing price"),
        ({"name": "\ud800", "price": 1}, "set 1500: parameter name is text with a lone surrogate"),
        ({"name": "x", "price": 2**63}, "set 1500: parameter price is an integer beyond 64 bits"),
        ({"name": object(), "price": 1}, "set 1500: parameter name is a object"),
        (("x", 1), "set 1500: a tuple is not a mapping of parameters"),
        (None, "set 1500: a NoneType is not a mapping of parameters"),
    ]
    with database.connect() as conn, round_trips(database.engine) as sent:
        for statement in (q.create, q.add, q.price, q.upsert):
            for item, message in wrong:
                with pytest.raises(ParameterError, match=message):
                    statement(conn, [*good, item])
        assert sent == []


def test_wrong_calls(database: pydb.Database, q: Any) -> None:
    """A batch takes its sets as one positional iterable and nothing else."""
    with database.connect() as conn, round_trips(database.engine) as sent:
        for call in (
            partial(q.add, conn, name="x", price=1),
            partial(q.add, conn),
            partial(q.add, conn, [], []),
            partial(q.add, conn, 5),
            partial(q.add, conn, None),
            partial(q.add, conn, {"name": "x", "price": 1}),
            partial(q.add, conn, "ab"),
        ):
            with pytest.raises(ParameterError, match=r"q\.add: "):
                call()
        assert sent == []


def test_place_of_a_failing_set(database: pydb.Database, q: Any) -> None:
    """An error of the database names the set of the batch, however many sets are sent in one statement."""
    twice = [*sets_of(1_200), {"name": "n1150", "price": None}, *({"name": f"m{n}", "price": None} for n in range(50))]
    with pytest.raises(UniqueViolation, match=r"q\.create: set 1200: ") as caught, database.begin() as conn:
        q.create(conn, twice)
    assert caught.value.args == (caught.value.message,)
    with pytest.raises(UniqueViolation, match=r"q\.add: set 1200: "), database.begin() as conn:
        q.add(conn, twice)
    with pytest.raises(NotNullViolation, match=r"q\.add: set 1: "), database.begin() as conn:
        q.add(conn, [{"name": "a", "price": None}, {"name": None, "price": None}, {"name": "a", "price": None}])
    with database.begin() as conn:
        q.add(conn, sets_of(3))
    with pytest.raises(UniqueViolation, match=r"q\.copy_all: set 1: "), database.begin() as conn:
        q.copy_all(conn, [{"names": ["n1"], "suffix": "+"}, {"names": ["n2", "n1"], "suffix": "+"}])
    with pytest.raises(UniqueViolation, match=r"q\.copy: set 2: "), database.begin() as conn:
        q.copy(conn, [{"name": name, "suffix": "+"} for name in ("n1", "n2", "n1", "n0")])


BREAKING: dict[str, Callable[[Any, Connection], object]] = {
    "rows": lambda q, conn: q.create(conn, [{"name": name, "price": None} for name in ("a", "b", "a", "c")]),
    "count": lambda q, conn: q.add(conn, [{"name": name, "price": None} for name in ("a", "b", "a", "c")]),
    "one by one": lambda q, conn: q.copy(conn, [{"name": "n0", "suffix": suffix} for suffix in ("a", "b", "a", "c")]),
}


@pytest.mark.parametrize("breaks", BREAKING)
def test_what_a_failing_batch_leaves(database: pydb.Database, q: Any, breaks: str) -> None:
    """The block is doomed; a savepoint around the batch undoes only the batch; nothing that was sent again remains."""
    with database.begin() as conn:
        q.add(conn, sets_of(1))
    with pytest.raises(TransactionDoomed), database.begin() as conn:
        q.add(conn, [{"name": "before", "price": None}])
        with pytest.raises(UniqueViolation, match="set 2: "):
            BREAKING[breaks](q, conn)
    with database.begin() as conn:
        q.add(conn, [{"name": "kept", "price": None}])
        with pytest.raises(UniqueViolation, match="set 2: "), conn.begin_nested():
            BREAKING[breaks](q, conn)
        q.add(conn, [{"name": "also kept", "price": None}])
    with database.read() as conn:
        assert sorted(conn.execute(text("SELECT name FROM things")).scalars()) == ["also kept", "kept", "n0"]


@pytest.mark.parametrize("breaks", BREAKING)
def test_what_a_failing_batch_leaves_on_core_s_own_connection(
    database: pydb.Database, q: Any, breaks: str, engine_name: str
) -> None:
    """In a transaction that pydb does not watch, exactly what the engine keeps of a failed statement remains."""
    with database.begin() as conn:
        q.add(conn, sets_of(1))
    with database.connect() as conn, conn.begin():
        q.add(conn, [{"name": "before", "price": None}])
        with pytest.raises(UniqueViolation):
            BREAKING[breaks](q, conn)
        if engine_name == "postgresql":
            with pytest.raises(exc.InternalError, match="current transaction is aborted"):
                conn.execute(text("SELECT 1"))
    earlier = ["n0a", "n0b"] if breaks == "one by one" else []
    expected = ["n0"] if engine_name == "postgresql" else ["before", "n0", *earlier]
    with database.read() as conn:
        assert sorted(conn.execute(text("SELECT name FROM things")).scalars()) == sorted(expected)


@pytest.mark.engines("mariadb")
@pytest.mark.parametrize("breaks", BREAKING)
def test_a_table_without_transactions_is_written_once(database: pydb.Database, q: Any, breaks: str) -> None:
    """Nothing is sent again if it could not be undone; then the error names a range of sets."""
    with database.begin() as conn:
        q.add(conn, sets_of(1))
    with database.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE things ENGINE = Aria")
    with pytest.raises(UniqueViolation, match="sets 0 to 3: "), database.begin() as conn:
        BREAKING[breaks](q, conn)
    with database.read() as conn:
        assert len(conn.execute(text("SELECT name FROM things")).all()) == 3


def test_failing_set(database: pydb.Database, q: Any) -> None:
    """A set that violates a constraint rolls back the batch with its block."""
    with pytest.raises(UniqueViolation) as caught, database.begin() as conn:
        q.create(conn, [*sets_of(1_200), {"name": "n3", "price": None}])
    assert (caught.value.table, caught.value.columns) == ("things", ("name",))
    assert caught.value.constraint == "things_name_key"
    with database.read() as conn:
        assert q.total(conn) == 0
    with database.begin() as conn:
        with pytest.raises(UniqueViolation), conn.begin_nested():
            q.add(conn, [*sets_of(3), *sets_of(1)])
        assert q.add(conn, sets_of(3)) == 3
