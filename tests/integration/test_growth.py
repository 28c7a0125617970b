"""Cost is proportional to rows and statements, and independent of the catalogue; calls are counted, not seconds."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import pydb


@dataclass(frozen=True, slots=True)
class Row:
    n: int
    word: str


HEADER = """
-- name: rows :many Row
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :n)
SELECT n, 'word' AS word FROM series;

-- name: stream :stream Row
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :n)
SELECT n, 'word' AS word FROM series;

-- name: one :one Row
SELECT :n AS n, :word AS word;

-- name: fill :batch
INSERT INTO words (n, word) VALUES (:n, :word);
"""


def calls(work: Callable[[], Any]) -> int:
    """The number of functions, of Python and of C, that the work calls."""
    count = 0

    def note(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal count
        count += what in ("call", "c_call")

    for _ in range(3):  # a statement and a connection cache something at their first calls
        work()
    # Callbacks of the garbage collector, such as that of hypothesis, do not belong to the work.
    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def catalogue(folder: Path, statements: int) -> Path:
    """A folder with this number of statements, including the four above, fifty in each file."""
    folder.mkdir()
    (folder / "q.sql").write_text(HEADER)
    for start in range(4, statements, 50):
        rest = range(start, min(start + 50, statements))
        text = "\n".join(
            f"-- name: s{n} :maybe Row\n-- One row.\nSELECT n, word FROM words WHERE n = :n;\n" for n in rest
        )
        (folder / f"table{start}.sql").write_text(text)
    return folder


@contextmanager
def connected() -> Iterator[Connection]:
    with pydb.Database("sqlite://") as database, database.connect() as conn:
        conn.exec_driver_sql("CREATE TABLE words (n integer, word text)")
        yield conn


@pytest.fixture
def q(tmp_path: Path) -> Any:
    return pydb.load(catalogue(tmp_path / "sql", 10), records=[Row]).q


def test_loading_grows_with_the_statements(tmp_path: Path) -> None:
    """Loading ten times the statements takes ten times the calls, with a tolerance of a fifth."""
    few, many = (catalogue(tmp_path / str(count), count) for count in (100, 1_000))
    ratio = calls(lambda: pydb.load(many, records=[Row])) / calls(lambda: pydb.load(few, records=[Row]))
    assert 8 < ratio < 12


def test_a_call_does_not_depend_on_the_catalogue(tmp_path: Path) -> None:
    """A call takes the same steps in a catalogue of ten statements and in one of two thousand."""
    counted = set()
    for count in (10, 2_000):
        queries = pydb.load(catalogue(tmp_path / str(count), count), records=[Row])
        with connected() as conn:
            counted.add(calls(partial(queries.q.one, conn, n=1, word="a")))
    assert len(counted) == 1


def test_a_call_takes_few_steps(q: Any) -> None:
    """A point read calls a dozen functions: those of the cursor, and those that make the record."""
    with connected() as conn:
        assert calls(lambda: q.one(conn, n=1, word="a")) <= 12


def test_rows_take_few_steps_each(q: Any) -> None:
    """An additional row calls two functions: one makes the record, one adds it to the list.

    After each 10,000 operations of SQLite, the watch over the statement is called once.
    """
    with connected() as conn:
        few, many = (calls(partial(q.rows, conn, n=n)) for n in (1_000, 2_000))
    assert 2 * 1_000 <= many - few <= 2 * 1_000 + 10


def test_streams_grow_with_the_rows(q: Any) -> None:
    """An additional row of a stream always takes the same number of steps."""
    with connected() as conn:

        def read(n: int) -> int:
            return sum(1 for _ in q.stream(conn, n=n))

        few, more, most = (calls(partial(read, n)) for n in (2_001, 4_001, 8_001))
    assert (most - more) / (more - few) == pytest.approx(2, rel=0.02)


def test_batches_take_few_steps_a_set(q: Any) -> None:
    """An additional set of a batch takes hardly any call, because whole columns are examined."""
    sets = [{"n": n, "word": "word"} for n in range(20_000)]
    with connected() as conn:
        few, many = (calls(partial(q.fill, conn, sets[:n])) for n in (10_000, 20_000))
    assert (many - few) / 10_000 < 0.1
