"""The cases that need no server: loading, importing, the cost of listeners; chosen cases in, results by case out."""

from __future__ import annotations

import cProfile
import logging
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

import pydb
from bench.cases import show
from bench.contenders.pydb_ import Pydb
from bench.contenders.raw import Raw
from bench.domain import Person
from bench.measure import entry, take_turns
from bench.report import PROFILE, SECOND

SELECT = """SELECT
    id,
    username,
    email,
    full_name,
    city,
    age,
    score
FROM people
WHERE
    city = :city
    AND age >= :age
    AND username <> 'user {n}'
ORDER BY id"""


def run(chosen: Callable[[str], bool], quick: bool) -> dict[str, Any]:
    """Run every chosen case."""
    found: dict[str, Any] = {}
    for count in (10, 100, 1_000, 10_000):
        name = f"load {count:,} statements"
        if chosen(name) and not (quick and count == 10_000):
            rounds = 3 if quick else {10: 20, 100: 20, 1_000: 10, 10_000: 5}[count]
            seconds = _loading(count, rounds)
            again = {"pydb": seconds.pop(AGAIN), **{peer: each for peer, each in seconds.items() if peer != "pydb"}}
            whole = count == 1_000
            found[name] = entry("catalogue", seconds, "pydb", 0.150 if whole else None)
            found[f"{SECOND}{name}"] = entry("catalogue", again, "SQLSpec", 0.85 if whole else None)
    if chosen("import"):
        found["import"] = entry("import", _importing(3 if quick else 25), "import sqlalchemy", 1.10)
    if chosen("point read with listeners"):
        found["point read with listeners"] = entry("call", _listeners(20 if quick else 200), "pydb", None)
    if chosen("number of statements"):
        found["point read, number of statements"] = entry("call", _sizes(20 if quick else 200), "10 statements", None)
    for name, each in found.items():
        show("", name, each)
    if chosen(PROFILE):
        found[PROFILE] = {"unit": "share", "target": None, "contenders": _profile()}
    return found


def _profile() -> dict[str, float]:
    """The share of each module in the time of loading; the time of C functions belongs to their callers."""
    with tempfile.TemporaryDirectory() as folder:
        _write_catalogue(Path(folder), "pydb", 1_000)
        profile = cProfile.Profile(builtins=False)
        profile.runcall(pydb.load, folder, records=[Person])
    own: dict[str, float] = {}
    for (file, _line, _function), (_calls, _own_calls, seconds, *_) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        module = "the standard library"
        if Path(file).is_relative_to(PACKAGE):
            module = f"`pydb.{'.'.join(Path(file).relative_to(PACKAGE).with_suffix('').parts)}`"
        own[module] = own.get(module, 0.0) + seconds
    whole = sum(own.values())
    return {module: seconds / whole for module, seconds in sorted(own.items(), key=lambda each: -each[1])}


PACKAGE = Path(pydb.__file__).parent
"""The folder of pydb's modules."""


HEADERS = {
    "pydb": "-- name: s{n} :many Person\n-- People of a city.\n",
    "aiosql": "-- name: s{n}(city, age)\n-- People of a city.\n",
    "PugSQL": "-- :name s{n} :many\n",
    "SQLSpec": "-- name: s{n}\n-- People of a city.\n",
}


AGAIN = "pydb, from its cache"
"""The second load of the same files, in another process."""


def _write_catalogue(folder: Path, name: str, count: int) -> None:
    """Write this number of statements in the format of one contender, fifty in each file."""
    # In PugSQL, a statement ends at the end of its file, or at the next header after a blank line.
    end = "\n\n" if name == "PugSQL" else ";\n\n\n"
    for start in range(0, count, 50):
        numbers = range(start, min(start + 50, count))
        texts = [(HEADERS[name] + SELECT + end).replace("{n}", str(n)) for n in numbers]
        (folder / f"t{start}.sql").write_text("".join(texts))


def _loading(count: int, rounds: int) -> dict[str, list[float]]:
    """Load the same statements in the format of each contender; pydb also from the cache of the previous round."""
    with tempfile.TemporaryDirectory() as top:
        for name in (*HEADERS, AGAIN):
            Path(top, name).mkdir()
            _write_catalogue(Path(top, name), "pydb" if name == AGAIN else name, count)
        # Each process writes a cache, as by default, because the first load does that too.
        imports = "import shutil, sys; sys.dont_write_bytecode = False; import bench.domain as d; from pydb import load"
        call = "load({!r}, records=[d.Person])"
        forgets = f"{imports}; shutil.rmtree({str(Path(top, 'pydb', '__pycache__'))!r}, ignore_errors=True)"
        programs = {
            "pydb": (forgets, call),
            AGAIN: (imports, call),
            "aiosql": ("import aiosql", "aiosql.from_path({!r}, 'sqlite3')"),
            "PugSQL": ("import pugsql.compiler as c", "c.Module({!r})"),
            "SQLSpec": ("from sqlspec import SQLSpec", "SQLSpec().load_sql_files({!r})"),
        }
        work = {name: (first, call.format(str(Path(top, name)))) for name, (first, call) in programs.items()}
        return _in_processes(work, rounds)


_IMPORTS = {
    "import sqlalchemy": "import sqlalchemy",
    "import pydb": "import pydb",
    "import pydb, and all that it offers": "from pydb import *; import pydb.engines.sqlite.rules",
    "import sqlalchemy.orm": "import sqlalchemy.orm",
    "import aiosql": "import aiosql",
    "import pugsql": "import pugsql",
    "import sqlspec": "import sqlspec, sqlspec.adapters.sqlite",
}


def _importing(rounds: int) -> dict[str, list[float]]:
    return _in_processes({name: ("pass", statement) for name, statement in _IMPORTS.items()}, rounds)


def _in_processes(work: Mapping[str, tuple[str, str]], rounds: int) -> dict[str, list[float]]:
    """Measure the second statement of each pair; each round has a new process, which measures itself."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + 1):
        for name, (first, second) in work.items():
            # Otherwise, a collection of what the imports left falls into some measurements and not into others.
            before = f"import gc, time\n{first}\ngc.collect()"
            program = f"{before}\nt = time.perf_counter()\n{second}\nprint(time.perf_counter() - t)"
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            if turn > 0:
                seconds[name].append(float(done.stdout))
    return seconds


@contextmanager
def _people() -> Iterator[str]:
    """The URL of a SQLite database with a few people."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/people.db"
        with pydb.Database(url) as database, database.begin() as conn:
            conn.exec_driver_sql(
                "CREATE TABLE people (id integer PRIMARY KEY, username text, email text, full_name text, city text, "
                "age integer, score real)"
            )
            conn.exec_driver_sql(
                "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(n, f"user{n}", f"user{n}@example.com", "First Last", "Haifa", n % 90, n / 8) for n in range(1, 301)],
            )
        yield url


def _listeners(rounds: int) -> dict[str, list[float]]:
    """Point reads: no listener, a log at DEBUG, a cursor listener, echo's logger."""
    ids = range(1, 201)
    log, level = logging.getLogger("pydb"), logging.getLogger("pydb").level
    log.addHandler(logging.NullHandler())
    with _people() as url, tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        quiet, listened, raw = (
            Pydb("sqlite", url, Path(one)),
            Pydb("sqlite", url, Path(two)),
            Raw("sqlite", url, Path(one)),
        )
        event.listen(listened.database.engine, "before_cursor_execute", lambda *_: None)
        named = dict(raw.sql, point=f"/* people.point */ {raw.sql['point']}")
        plain = raw.sql

        def commented() -> None:
            raw.sql = named
            raw.point(ids)
            raw.sql = plain

        def logged() -> None:
            log.setLevel(logging.DEBUG)
            log.propagate = False
            quiet.point(ids)
            log.setLevel(level)
            log.propagate = True

        for each in (quiet, listened, raw):
            each.begin()
        work = {
            "pydb": lambda: quiet.point(ids),
            "pydb, a log at DEBUG": logged,
            "pydb, a listener on the engine": lambda: listened.point(ids),
            "raw driver": lambda: raw.point(ids),
            "raw driver, the name as a comment": commented,
        }
        seconds = take_turns(work, rounds, len(ids))
        for each in (quiet, listened, raw):
            each.rollback()
            each.close()
        return seconds


def _points(point: Callable[..., Any], conn: Connection) -> list[Any]:
    return [point(conn, id=n) for n in range(1, 201)]


def _sizes(rounds: int) -> dict[str, list[float]]:
    """Measure the same point read in catalogues of different sizes."""
    columns = "id, username, email, full_name, city, age, score"
    point = f"-- name: point :one Person\nSELECT {columns} FROM people WHERE id = :id;\n"
    with _people() as url, pydb.Database(url) as database, database.connect() as conn:
        work: dict[str, Callable[[], Any]] = {}
        for count in (10, 1_000, 10_000):
            with tempfile.TemporaryDirectory() as folder:
                _write_catalogue(Path(folder), "pydb", count - 1)
                Path(folder, "people.sql").write_text(point)
                people = pydb.load(folder, records=[Person]).people
            work[f"{count:,} statements"] = partial(_points, people.point, conn)
        return take_turns(work, rounds, 200)
