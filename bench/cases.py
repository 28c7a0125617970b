"""The cases that run against a database: a URL in, the results by case and contender out."""

from __future__ import annotations

import dataclasses
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text

import pydb
from bench.contenders import contenders
from bench.contenders.base import Contender, Session
from bench.contenders.pages import PAGES, pages
from bench.domain import Account, Person, account, json_text, person, schema
from bench.measure import entry, in_threads, take_turns

Opened = TypeVar("Opened", bound=Session)

PEOPLE, ACCOUNTS, COMMENTS, COPIES = 100_000, 100_000, 2_000, 10


@dataclass(frozen=True)
class Case:
    """One case.  A time is divided by ``units``; ``target`` is the maximum ratio of pydb, by engine."""

    name: str
    unit: str
    units: int
    rounds: int
    work: Callable[[Contender], Any]
    target: Mapping[str, float] = dataclasses.field(default_factory=dict)
    only: Callable[[type[Contender]], bool] = lambda kind: not kind.batches_only


def targets(sqlite: float, postgresql: float, mariadb: float) -> dict[str, float]:
    return {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mariadb}


def cases(quick: bool) -> Iterator[Case]:
    """All cases whose contenders are timed in turns within one process."""
    some = random.Random(1)
    calls, rounds = 200, 20 if quick else 60
    ids = [some.randint(1, PEOPLE) for _ in range(calls * 2)]
    ids = list(dict.fromkeys(ids))[:calls]
    new = [person(PEOPLE + number) for number in range(1, calls + 1)]
    old = [person(number) for number in ids]
    point, written = targets(1.15, 1.05, 1.05), targets(1.20, 1.08, 1.08)
    yield Case("point read, plain record", "call", calls, rounds, lambda it: it.point(ids), point)
    yield Case(
        "point read, typed columns", "call", calls, rounds, lambda it: it.point_typed(ids), targets(1.2, 1.08, 1.08)
    )
    yield Case("insert returning", "call", calls, rounds, lambda it: it.insert(new), written)
    yield Case("upsert returning", "call", calls, rounds, lambda it: it.upsert(old), written)
    plain, typed = targets(0.85, 0.90, 0.95), targets(0.95, 0.95, 1.00)
    for n in (10, 1_000, 10_000, 100_000):
        if quick and n > 10_000:
            continue
        least = {10: 60, 1_000: 30, 10_000: 15, 100_000: 5}[n] if not quick else 3
        repeat = max(1, 500 // n)
        exact = n == 10_000
        yield Case(
            f"{n:,} rows, plain record", "row", n * repeat, least, _repeated("plain", n, repeat), plain if exact else {}
        )
        yield Case(
            f"{n:,} rows, typed columns",
            "row",
            n * repeat,
            least,
            _repeated("typed", n, repeat),
            typed if exact else {},
        )
    yield Case("join of three tables, 1,000 rows", "row", 1_000, 3 if quick else 30, lambda it: it.join(1_000))
    n = 5_000 if quick else 100_000
    sets = [person(PEOPLE + number) for number in range(1, n + 1)]
    prepared: dict[str, Any] = {}

    def given(it: Contender) -> Any:
        if it.name not in prepared:
            prepared[it.name] = it.batch_input(sets)
        return prepared[it.name]

    yield Case(
        f"batch insert of {n:,}",
        "row",
        n,
        3 if quick else 5,
        lambda it: it.batch(given(it)),
        targets(1.10, 0.60, 1.05),
        only=lambda kind: True,
    )
    yield Case(
        f"batch insert of {n:,}, keys in order",
        "row",
        n,
        3,
        lambda it: it.batch_keys(given(it)),
        only=_gives_keys,
    )


def _repeated(method: str, n: int, times: int) -> Callable[[Contender], Any]:
    def work(it: Contender) -> Any:
        call = getattr(it, method)
        for _ in range(times):
            made = call(n)
        return made

    return work


def fill(engine: str, url: str) -> None:
    """Create the tables and their rows."""
    with tempfile.TemporaryDirectory() as folder, pydb.Database(url) as database:
        script = Path(folder, "schema.sql")
        script.write_text(schema(engine))
        database.apply(script)
        with database.begin() as conn:
            for start in range(1, PEOPLE + 1, 5_000):
                numbers = range(start, start + 5_000)
                conn.execute(_insert("people", person(1)), [{"id": number, **person(number)} for number in numbers])
                stored = [_stored(engine, number) for number in numbers]
                conn.execute(_insert("accounts", account(1)), stored)
            posts = [{"id": n, "author_id": n * 7, "title": f"Post {n}"} for n in range(1, COMMENTS // 4 + 1)]
            conn.execute(_insert("posts", {"author_id": 0, "title": ""}), posts)
            comments = [{"id": n, "post_id": (n + 3) // 4, "body": f"Comment {n}"} for n in range(1, COMMENTS + 1)]
            conn.execute(_insert("comments", {"post_id": 0, "body": ""}), comments)
            conn.execute(text("INSERT INTO copies (n) VALUES (:n)"), [{"n": n} for n in range(1, COPIES + 1)])
            if engine == "postgresql":
                conn.execute(text(f"ALTER TABLE people ALTER COLUMN id RESTART WITH {PEOPLE + 1}"))
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for table in ("people", "accounts", "posts", "comments"):
                conn.exec_driver_sql(f"ANALYZE {'TABLE ' if engine == 'mariadb' else ''}{table}")


def clear(url: str) -> None:
    """Drop the tables that ``fill`` created."""
    with pydb.Database(url) as database, database.begin() as conn:
        for table in ("copies", "comments", "posts", "accounts", "people"):
            conn.execute(text(f"DROP TABLE {table}"))


def _insert(table: str, sample: Mapping[str, Any]) -> Any:
    names = ["id", *sample]
    return text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})")


def _stored(engine: str, number: int) -> dict[str, Any]:
    made = account(number)
    values = {**made, "id": number, "settings": json_text(made["settings"])}
    if engine == "sqlite":
        instant = made["opened_at"].isoformat(" ", "microseconds")
        return {**values, "balance": float(made["balance"]), "opened_at": instant, "token": str(made["token"])}
    if engine == "mariadb":
        return {**values, "opened_at": made["opened_at"].replace(tzinfo=None), "token": str(made["token"])}
    return values


@contextmanager
def opened(engine: str, url: str, kinds: Sequence[type[Opened]]) -> Iterator[dict[str, Opened]]:
    """An open contender of each kind."""
    with ExitStack() as stack:
        made = {}
        for kind in kinds:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            made[kind.name] = kind(engine, url, folder)
            stack.callback(made[kind.name].close)
        yield made


def _gives_keys(kind: type[Contender]) -> bool:
    return kind.batch_keys is not Contender.batch_keys


def check(made: Mapping[str, Contender]) -> None:
    """Raise AssertionError if a contender's data differs from that of the first contender."""
    first = next(iter(made.values()))
    sets = [person(PEOPLE + number) for number in (1, 2)]
    looks: dict[str, Callable[[Contender], Any]] = {
        "point": lambda it: [_fields(each) for each in it.point([1, 77, PEOPLE])],
        "point_typed": lambda it: [_fields(each) for each in it.point_typed([1, 77, ACCOUNTS])],
        "insert": lambda it: [_fields(each)[1:] for each in it.insert(sets)],
        "upsert": lambda it: [_fields(each)[1:] for each in it.upsert([person(5)])],
        "plain": lambda it: [_fields(each) for each in it.plain(100)],
        "typed": lambda it: [_fields(each) for each in it.typed(100)],
        "join": lambda it: [_fields(each) for each in it.join(100)],
        "batch": lambda it: it.batch(it.batch_input(sets)) or _added(it),
        "batch_keys": lambda it: [_fields(each)[1:] for each in it.point(it.batch_keys(it.batch_input(sets)) or ())],
    }
    for name, look in looks.items():
        seen = {}
        for each in made.values():
            if name == "batch_keys" and not _gives_keys(type(each)):
                continue
            each.begin()
            seen[each.name] = look(each)
            each.rollback()
            first.begin()
            assert not _added(first), f"{name}: {each.name} did not roll back"
            first.rollback()
        for other, found in seen.items():
            assert found == seen[first.name], f"{name}: {other} returned other data than {first.name}"


def _added(it: Contender) -> list[tuple[Any, ...]]:
    """The rows that were stored after the first people, without their keys."""
    return [_fields(each)[1:] for each in it.plain(PEOPLE + 10)[PEOPLE:]]


def _fields(record: Any) -> tuple[Any, ...]:
    kind = Account if hasattr(record, "holder") else Person if hasattr(record, "username") else type(record)
    return tuple(getattr(record, field.name) for field in dataclasses.fields(kind))


def run(engine: str, url: str, chosen: Callable[[str], bool], quick: bool) -> dict[str, Any]:
    """Run every chosen case; return ``{case: {"unit": …, "target": …, "contenders": {name: result}}}``."""
    found: dict[str, Any] = {}
    kinds = contenders()
    with opened(engine, url, kinds) as made:
        check(made)
        for case in cases(quick):
            if not chosen(case.name):
                continue
            taking = {kind.name: made[kind.name] for kind in kinds if case.only(kind)}
            work = {name: _bound(case, it) for name, it in taking.items()}
            seconds = take_turns(work, case.rounds, case.units, _transaction(taking))
            found[case.name] = entry(case.unit, seconds, kinds[0].name, case.target.get(engine))
            show(engine, case.name, found[case.name])
    found.update(_pages(engine, url, chosen, quick))
    found.update(_threads(engine, url, chosen, quick))
    if chosen("stream of a million rows"):
        found.update(_streams(engine, url, quick))
    return found


def _bound(case: Case, it: Contender) -> Callable[[], Any]:
    return lambda: case.work(it)


def _transaction(made: Mapping[str, Session]) -> Callable[[str, bool], None]:
    def around(name: str, before: bool) -> None:
        made[name].begin() if before else made[name].rollback()

    return around


def _pages(engine: str, url: str, chosen: Callable[[str], bool], quick: bool) -> dict[str, Any]:
    """Measure pages of a list; each call chooses the filters, the order and the start."""
    name, repeat = "page of a list, filters by the call", 20
    if not chosen(name):
        return {}
    with opened(engine, url, pages()) as made:
        looks = {}
        for each in made.values():
            each.begin()
            looks[each.name] = [[_fields(found) for found in page] for page in each.pages()]
            each.rollback()
        first = next(iter(looks))
        for other, found in looks.items():
            assert found == looks[first], f"{name}: {other} returned other data than {first}"
        work = {each.name: partial(_repeat, each.pages, repeat) for each in made.values()}
        seconds = take_turns(work, 10 if quick else 60, repeat * len(PAGES), _transaction(made))
    result = {name: entry("call", seconds, first, None)}
    show(engine, name, result[name])
    return result


def _repeat(work: Callable[[], Any], times: int) -> None:
    for _ in range(times):
        work()


def _threads(engine: str, url: str, chosen: Callable[[str], bool], quick: bool) -> dict[str, Any]:
    """Measure point reads in 1, 4 and 16 threads, each with its own connection."""
    found: dict[str, Any] = {}
    ids = list(range(1, 101 if quick else 301))
    for count in (1, 4, 16):
        name = f"{count} thread{'s' * (count > 1)} of point reads"
        if not chosen(name):
            continue
        with ExitStack() as stack:
            made = {
                kind.name: _several(stack, engine, url, kind, count) for kind in contenders() if not kind.batches_only
            }
            work = {name: _reading(several, ids) for name, several in made.items()}

            def around(name: str, before: bool, made: Any = made) -> None:
                for each in made[name]:
                    each.begin() if before else each.rollback()

            seconds = take_turns(work, 3 if quick else 15, len(ids) * count, around)
        found[name] = entry("call", seconds, next(iter(work)), None)
        show(engine, name, found[name])
    return found


def _several(stack: ExitStack, engine: str, url: str, kind: type[Contender], count: int) -> list[Contender]:
    # PugSQL shares one module, which has one connection for each thread.
    return [stack.enter_context(opened(engine, url, [kind]))[kind.name] for _ in range(count)]


def _reading(several: Sequence[Contender], ids: Sequence[int]) -> Callable[[], None]:
    return lambda: in_threads(several, ids)


def _streams(engine: str, url: str, quick: bool) -> dict[str, Any]:
    """Measure streams of a million rows, each contender in its own process: seconds for a row, and MB of new memory."""
    seconds: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    names = [kind.name for kind in contenders() if not kind.batches_only]
    rounds = 1 if quick else 3
    for _ in range(rounds):
        for name in names:
            command = [sys.executable, "-m", "bench.stream", engine, name]
            done = subprocess.run(command, input=url, capture_output=True, text=True, check=False)
            if done.returncode:
                # A contender may fail in this case on one engine; then the table shows no result.
                print(f"stream of {name}: {done.stderr.splitlines()[-1]}", file=sys.stderr)
                continue
            told = json.loads(done.stdout)
            everybody = (PEOPLE * COPIES, PEOPLE * (PEOPLE + 1) // 2 * COPIES)
            assert (told["rows"], told["keys"]) == everybody, f"stream: {name} returned other data"
            seconds.setdefault(name, []).append(told["seconds"] / told["rows"])
            memory.setdefault(name, []).append(told["megabytes"])
    found: dict[str, dict[str, Any]] = {
        "stream of a million rows": {
            "unit": "row",
            "target": None,
            "contenders": {name: _summary(seconds[name], seconds[names[0]]) for name in seconds},
        },
        "stream of a million rows, peak memory growth": {
            "unit": "MB",
            "target": 20.0,
            "contenders": {name: _summary(memory[name], None) for name in memory},
        },
    }
    for name, each in found.items():
        show(engine, name, each)
    return found


def _summary(own: Sequence[float], first: Sequence[float] | None) -> dict[str, float]:
    middle = sorted(own)[len(own) // 2]
    ratio = middle / sorted(first)[len(first) // 2] if first else middle
    return {"median": middle, "spread": (max(own) - min(own)) / 2 / max(middle, 1e-9), "ratio": ratio}


def show(where: str, name: str, entry: Mapping[str, Any]) -> None:
    """Print the results of a case as it ends: each contender's median, spread and ratio."""
    lines = [f"{where} {name}".strip()]
    for who, each in entry["contenders"].items():
        megabytes = entry["unit"] == "MB"
        median = f"{each['median']:,.1f} MB" if megabytes else f"{each['median'] * 1e6:,.2f} µs"
        ratio = "" if megabytes else f"{each['ratio']:8.2f}"
        lines.append(f"  {who:36} {median:>16}  ±{each['spread'] * 100:3.0f} % {ratio}")
    with suppress(BrokenPipeError):
        print("\n".join(lines), flush=True)
