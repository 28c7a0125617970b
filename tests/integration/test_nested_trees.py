"""Trees are stored and read back equal on every engine, by a join, by JSON and by a stream, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pydb
from tests.harness.runtime import CreateTables, Load
from tests.harness.waiting import ALARM

TABLES = """\
CREATE TABLE roots (id bigint NOT NULL PRIMARY KEY, name <string> NULL);
CREATE TABLE branches (
    root_id bigint NOT NULL, number bigint NOT NULL, price numeric(12, 3) NOT NULL, PRIMARY KEY (root_id, number)
);
CREATE TABLE leaves (
    root_id bigint NOT NULL, number bigint NOT NULL, code <string> NOT NULL, note <string> NULL,
    PRIMARY KEY (root_id, number, code)
);
"""


@dataclass(frozen=True, slots=True)
class Leaf:
    code: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    number: int
    price: Decimal
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Bare:
    number: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Root:
    id: int
    name: str | None
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class RootWithBare:
    id: int
    name: str | None
    branches: tuple[Bare, ...]


ARRAYS = {
    "sqlite": "json_group_array(json_object('number', b.number, 'price', b.price))",
    "postgresql": "json_agg(json_build_object('number', b.number, 'price', b.price))",
    "mariadb": "JSON_ARRAYAGG(JSON_OBJECT('number', b.number, 'price', b.price))",
}
JOIN = """\
-- @group branches Branch
-- @group branches.leaves Leaf
SELECT r.id, r.name, b.number AS branches__number, b.price AS branches__price,
    l.code AS branches__leaves__code, l.note AS branches__leaves__note
FROM roots AS r
LEFT OUTER JOIN branches AS b ON b.root_id = r.id
LEFT OUTER JOIN leaves AS l ON l.root_id = b.root_id AND l.number = b.number
"""


def statements(engine: str) -> str:
    return f"""\
-- name: clear_roots :exec
DELETE FROM roots;

-- name: clear_branches :exec
DELETE FROM branches;

-- name: clear_leaves :exec
DELETE FROM leaves;

-- name: add_roots :batch
INSERT INTO roots (id, name) VALUES (:id, :name);

-- name: add_branches :batch
INSERT INTO branches (root_id, number, price) VALUES (:root_id, :number, :price);

-- name: add_leaves :batch
INSERT INTO leaves (root_id, number, code, note) VALUES (:root_id, :number, :code, :note);

-- name: joined :many Root
{JOIN}ORDER BY r.id, b.number, l.code;

-- name: streamed :stream Root
{JOIN}ORDER BY r.id, b.number, l.code;

-- name: mixed :many Root
{JOIN}ORDER BY l.note, b.price, r.name;

-- name: as_json :many RootWithBare
-- @group branches Bare json
SELECT r.id, r.name, (SELECT {ARRAYS[engine]} FROM branches AS b WHERE b.root_id = r.id) AS branches
FROM roots AS r
ORDER BY r.id;
"""


# PostgreSQL has no NUL in text, and no engine has surrogates; every collation distinguishes the other letters.
NAMES = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
KEYS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3)
PRICES = st.integers(0, 999_999).map(lambda number: Decimal(number) / 1000)


def tuples(items: Any, key: str) -> Any:
    def in_order(found: list[Any]) -> tuple[Any, ...]:
        return tuple(sorted(found, key=lambda item: getattr(item, key)))

    return st.lists(items, max_size=3, unique_by=lambda item: getattr(item, key)).map(in_order)


LEAVES = st.builds(Leaf, st.sampled_from(["a", "b", "c", "d"]), NAMES)
TREES = tuples(
    st.builds(Root, KEYS, NAMES, tuples(st.builds(Branch, KEYS, PRICES, tuples(LEAVES, "code")), "number")), "id"
)


@pytest.fixture
def queries(create_tables: CreateTables, load: Load, engine_name: str) -> Any:
    create_tables(TABLES)
    return load(statements(engine_name), Leaf, Branch, Bare, Root, RootWithBare)


def store(queries: Any, conn: Any, trees: tuple[Root, ...]) -> None:
    """Replace the rows by these trees."""
    for clear in (queries.clear_leaves, queries.clear_branches, queries.clear_roots):
        clear(conn)
    branches = [(root, branch) for root in trees for branch in root.branches]
    queries.add_roots(conn, [{"id": root.id, "name": root.name} for root in trees])
    queries.add_branches(conn, [{"root_id": r.id, "number": b.number, "price": b.price} for r, b in branches])
    queries.add_leaves(
        conn,
        [
            {"root_id": root.id, "number": branch.number, "code": leaf.code, "note": leaf.note}
            for root, branch in branches
            for leaf in branch.leaves
        ],
    )


def in_order(roots: list[Root]) -> list[Root]:
    """The roots, with each level sorted by its key."""

    def branch(item: Branch) -> Branch:
        return Branch(item.number, item.price, tuple(sorted(item.leaves, key=lambda leaf: leaf.code)))

    return [
        Root(item.id, item.name, tuple(sorted(map(branch, item.branches), key=lambda b: b.number)))
        for item in sorted(roots, key=lambda root: root.id)
    ]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(trees=TREES)
def test_trees_come_back_equal(database: pydb.Database, queries: Any, trees: tuple[Root, ...]) -> None:
    """A join, a stream, rows in another order and JSON return what was stored, with NULLs and empty collections."""
    with database.begin() as conn:
        store(queries, conn, trees)
        found = queries.joined(conn)
        assert found == list(trees)
        assert list(queries.streamed(conn)) == found
        assert in_order(queries.mixed(conn)) == found
        json = queries.as_json(conn)
    assert [(root.id, root.name, {(b.number, b.price) for b in root.branches}) for root in json] == [
        (root.id, root.name, {(b.number, b.price) for b in root.branches}) for root in trees
    ]


MEMORY = """\
import resource, sys
from dataclasses import dataclass
import pydb


@dataclass(frozen=True, slots=True)
class Leaf:
    code: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    number: int
    price: object
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Root:
    id: int
    name: str | None
    branches: tuple[Branch, ...]


queries = pydb.load(sys.argv[1], records=[Leaf, Branch, Root]).wide
with pydb.Database(sys.argv[2]) as database, database.read() as conn:
    rows = roots = 0
    peaks = []
    for root in queries.streamed(conn):
        roots += 1
        rows += sum(len(branch.leaves) for branch in root.branches)
        if roots in (50, 1_000):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print(rows, roots, peaks[1] - peaks[0])
"""


@pytest.mark.deep
def test_a_million_child_rows_in_bounded_memory(
    database: pydb.Database, queries: Any, tmp_path: Any, empty_url: str, call_path: str
) -> None:
    """A stream of 1,000 roots with a million rows below them needs no more memory at its end than after 50 roots."""
    if call_path == "core":
        pytest.skip("the program takes the driver path; what is held is the same")
    with database.begin() as conn:
        queries.add_roots(conn, [{"id": number, "name": "x" * 50} for number in range(1_000)])
        queries.add_branches(
            conn, [{"root_id": root, "number": n, "price": Decimal(n)} for root in range(1_000) for n in range(10)]
        )
        leaves = ({"root_id": 0, "number": 0, "code": f"code{number}", "note": "y" * 50} for number in range(100))
        queries.add_leaves(conn, leaves)
    wide = JOIN.replace("ON l.root_id = b.root_id AND l.number = b.number", "ON l.root_id = 0")
    folder = tmp_path / "wide"
    folder.mkdir()
    (folder / "wide.sql").write_text(f"-- name: streamed :stream Root\n{wide}ORDER BY r.id;\n", encoding="utf-8")
    (folder / "program.py").write_text(MEMORY, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(folder / "program.py"), str(folder), empty_url],
        capture_output=True,
        text=True,
        timeout=ALARM,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows, roots, grown = map(int, done.stdout.split())
    assert (rows, roots) == (1_000_000, 1_000)
    assert grown < 8_192  # kilobytes; a million rows would be hundreds of megabytes
