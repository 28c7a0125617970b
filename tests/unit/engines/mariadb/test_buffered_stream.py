"""A stream keeps its rows when its connection runs another statement, with every release of PyMySQL since 1.1."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pymysql
import pytest

import pydb
from pydb.engines.mariadb.buffered_stream import BufferedResult
from tests.harness.runtime import Load

PROJECT = Path(__file__).parents[4]
RELEASES = ["1.1.0", "1.1.1", "1.1.2", "1.1.3", "1.2.0", "1.2.1", "1.2.2", "1.2.3", "1.2.4"]
NUMBERS = """
-- name: numbers :stream scalar
SELECT seq FROM seq_1_to_5000;
-- name: now :one scalar
SELECT 42;
-- name: broken :stream scalar
SELECT CASE WHEN seq < 4000 THEN seq ELSE (SELECT 1 UNION SELECT seq) END AS number FROM seq_1_to_5000;
"""
pytestmark = pytest.mark.engines("mariadb")


@pytest.mark.parametrize("read", [0, 1, 999, 1_000, 1_001, 4_999])
def test_a_statement_in_the_middle(empty_db: pydb.Database, load: Load, read: int) -> None:
    """However far a stream was read, another statement does not change its remaining rows."""
    queries = load(NUMBERS)
    with empty_db.read() as conn:
        stream = queries.numbers(conn)
        rows = [next(stream) for _ in range(read)]
        assert queries.now(conn) == 42
        assert rows + list(stream) == list(range(1, 5_001))
        assert queries.now(conn) == 42


def test_two_streams(empty_db: pydb.Database, load: Load) -> None:
    """Two streams on one connection can be read in turn."""
    queries = load(NUMBERS)
    with empty_db.read() as conn:
        pairs = list(zip(queries.numbers(conn), queries.numbers(conn), strict=True))
    assert pairs == [(number, number) for number in range(1, 5_001)]


def test_an_error_in_the_middle(empty_db: pydb.Database, load: Load) -> None:
    """An error that the server reports instead of a row ends the stream, and the connection can be used afterwards."""
    queries = load(NUMBERS)
    with empty_db.read() as conn:
        with pytest.raises(pydb.errors.DatabaseError):
            list(queries.broken(conn))
        assert queries.now(conn) == 42


def test_what_is_not_kept_is_pymysqls(empty_db: pydb.Database) -> None:
    """The object between cursor and connection behaves like PyMySQL's result in everything else."""
    with empty_db.connect() as conn:
        cursor = conn.connection.cursor(pymysql.cursors.SSCursor)
        cursor.execute("SELECT 1 AS one")
        result = BufferedResult(cursor._result)
        assert result.description[0][0] == "one"
        assert not result.has_next
        cursor.close()


@pytest.mark.deep
@pytest.mark.parametrize("release", RELEASES)
def test_every_release_of_pymysql(release: str, empty_url: str, tmp_path: Path) -> None:
    """If this fails, PyMySQL has changed something that buffered_stream uses."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path / "site")]
    subprocess.run([*pip, f"pymysql=={release}"], check=True)
    (tmp_path / "q.sql").write_text(NUMBERS)
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, pymysql, pydb\n"
        "from importlib.metadata import version\n"
        "url, folder, release = sys.argv[1:]\n"
        "assert version('pymysql') == release and pymysql.__file__.startswith(folder), pymysql.__file__\n"
        "q = pydb.load(f'{folder}/q.sql').q\n"
        "with pydb.Database(url) as database, database.read() as conn:\n"
        "    stream = q.numbers(conn)\n"
        "    first = next(stream)\n"
        "    assert q.now(conn) == 42\n"
        "    assert [first, *stream] == list(range(1, 5001))\n"
        "    stream = q.numbers(conn)\n"
        "    next(stream)\n"
        "    stream.close()\n"
        "    assert q.now(conn) == 42\n"
    )
    command = [sys.executable, "-W", "error", str(program), empty_url, str(tmp_path), release]
    found = os.pathsep.join([str(tmp_path / "site"), str(PROJECT)])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": found}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
