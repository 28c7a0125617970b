"""Results in, docs/benchmarks.md and its picture out."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path("bench/results")
PAGE, PICTURE = Path("docs/benchmarks.md"), Path("docs/benchmarks.svg")
PROFILE = "profile of loading"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
PACKAGES = (
    "sqlalchemy",
    "psycopg",
    "PyMySQL",
    "aiosqlite",
    "asyncmy",
    "asyncpg",
    "aiosql",
    "pugsql",
    "sqlspec",
    "sqlakit",
)

INTRODUCTION = """# Benchmarks

What a call through pydb costs, next to the same call by hand on the driver and by other libraries.

```sh
make bench                                                     # all engines, on servers of its own
make bench DB=postgresql+psycopg://user:password@host/name     # one empty database
make bench ARGS="--quick --case 'point read'"                  # to try
```

All contenders run in one process and take turns, round by round, so that whatever else the machine does meets them
all.  The process and the servers it starts share one processor: on two, the time that the operating system takes to
wake up the other one is larger than what is to be told apart, and on one no contender can hide its work behind the
server's.  Before anything is timed, each contender must return the same data as the others.  Each number is the median
of the rounds; after it stands half the distance between the quartiles, and in brackets the median of the rounds' ratios
to the raw driver with hand-written mapping.  Every contender is used as its own documentation says; where it returns
rows or dictionaries, the records and the conversions of the typed columns are written by hand, as its user would.

- *Plain* records have seven columns of integers, texts and a float; *typed* ones an integer, a text, a boolean, a
  decimal, an instant, a UUID and JSON.
- Calls are timed inside an open transaction, on one connection; what they write is rolled back outside of the clock.
- A batch gets its sets as a list of dictionaries.  The raw driver's `executemany` takes these by name; *raw driver,
  tuples* is what it does with tuples that were made before the clock starts.
- A page of a list has up to 20 people, by one of eight choices of filters, order and start: with optional lines
  (pydb), a text put together by hand (raw driver, aiosql), `(:x IS NULL OR …)` for each filter, `select()`, SQLSpec's
  builder and SQLAKit's templates.
- The memory of a stream is how much the peak of a new process grows while it reads a million rows.
- A dash means that the contender has no such thing, or fails at it.

Where pydb takes less time than the driver by hand, it does the same work in another way: it fills a record past the
frozen dataclass's own `__init__`, which calls a function a field; it takes rows from the cursor one by one or in small
pieces, so that the garbage collector finds few of them alive; it converts text to UUIDs, decimals and JSON on a shorter
way; it uses psycopg's cursors again from call to call, where a new one looks up every column's type anew; and it sends
a batch in statements of many rows.
"""

GROWTH = """What is done once a row, a statement or a call stays what it costs once, however many there are; the same is
asserted by counting calls in `tests/integration/test_growth.py`.  A hundred thousand typed rows at once take longer
a row, by whichever contender: each holds a dict, and Python's garbage collector looks at all of them again and again
while they become more.  A stream holds a thousand at a time.
"""

SECOND = "second "
"""The name of a case of the second load, before that of the first."""

LOADING = """pydb reads every statement when it is loaded first: it cuts it into tokens by each engine's rules, and
refuses what would mean something else than was written.  PugSQL and SQLSpec keep a statement's text as it stands in
the file, which takes less time, and find what is wrong with it when it is run.  The first load leaves what it has read
in `__pycache__`, and the next one, of any process, takes it from there: that is the second load, with ratios to
SQLSpec, which keeps nothing.  Of the time that pydb takes for the first load, these parts fall to its modules:
"""


NESTED = """One call that gives 1,000 users, each with its 9 posts: frozen records with tuples of frozen records, and
the ORM's own objects for its two loaders.  The time is that of one post; the ratio is to the driver's flat join with
grouping and records by hand.
"""


CHECKS = """The processor time of `pydb generate` and `pydb check` on {statements:,} statements for SQLite in {files}
files, and of [sqlc](https://sqlc.dev) {sqlc} on the same statements, all in one run.  `sqlc generate` writes Go, and
`sqlc compile` checks without writing.  Without a cache pydb prepares every statement in a real database, and works out
what may be NULL.  Then it takes that [from `.pydb_cache`](check.md#the-cache).  The numbers in brackets are ratios to
sqlc, which keeps nothing.
"""


ASYNCHRONOUS = """The same calls over one connection of each asynchronous driver: aiosqlite, psycopg and asyncmy, with
`await` for each call, inside an open transaction.  The times are the client's own CPU time, all of its threads
together; the ratio is to the native driver with hand-written mapping.  *pydb* is `await statement.aio(conn, …)`; *pydb,
run_sync* carries the synchronous call by `conn.run_sync`.  aiosql has no asynchronous adapter of psycopg or of a driver
of MariaDB: on PostgreSQL it runs on asyncpg, which takes less time than psycopg for a short answer, by hand as well.

Where pydb takes less time than the driver by hand, it uses psycopg's cursors again, and on aiosqlite it sends a
statement and reads its rows in one turn of the driver's thread, where the driver's own methods take one turn each.
"""


def write() -> None:
    """The page and the picture, from the results that there are."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))}
    parts = [INTRODUCTION, "![Ratios to the raw driver](benchmarks.svg)\n"]
    engines = [engine for engine in TITLES if engine in found]
    parts += ["## Targets\n", _targets(found)]
    for engine in engines:
        parts += [
            f"## {TITLES[engine]}\n",
            f"{found[engine]['server']}; {found[engine]['machine']}.\n",
            _table(found[engine]["cases"]),
        ]
    if "nested" in found:
        nested = found["nested"]["engines"]
        parts += ["## Nested rows\n", f"{found['nested']['machine']}.\n", NESTED, _nested(nested)]
    if "asynchronous" in found:
        parts += ["## Asynchronous calls\n", f"{found['asynchronous']['machine']}.\n", ASYNCHRONOUS]
        parts += list(_asynchronous(found["asynchronous"]["engines"]))
    if "local" in found:
        local = found["local"]
        parts += ["## Loading, importing, being heard\n", f"{local['machine']}.\n", _local(_cases(found, "local"))]
        parts += [LOADING, _shares(local["cases"][PROFILE]["contenders"])]
        parts += ["## How cost grows\n", GROWTH, _growth(found)]
    if "checks" in found:
        parts += ["## Checking and generating\n", f"{found['checks']['machine']}.\n", *_checks(found["checks"])]
    PAGE.write_text("\n".join(parts))
    _draw({engine: found[engine]["cases"] for engine in engines})


def machine() -> str:
    """What a run was measured with: the processor, and the version of everything that takes part."""
    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "a CPU"
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()} on {platform.system()}, {cores} cores of {processor}; {versions}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def sqlite_version() -> str:
    return f"SQLite {sqlite3.sqlite_version}, a file with a write-ahead log"


def _time(seconds: float) -> str:
    for limit, unit, scale in ((1e-3, "µs", 1e6), (1, "ms", 1e3)):
        if seconds < limit:
            return f"{seconds * scale:,.3g} {unit}" if seconds * scale < 100 else f"{seconds * scale:,.0f} {unit}"
    return f"{seconds:.2f} s"


def _cell(entry: Mapping[str, Any], name: str) -> str:
    result = entry["contenders"].get(name)
    if result is None:
        return "–"
    if entry["unit"] == "MB":
        return f"{result['median']:,.1f} MB"
    return f"{_time(result['median'])} ±{result['spread'] * 100:.0f} % ({result['ratio']:.2f})"


def _table(cases: Mapping[str, Any]) -> str:
    names = list(dict.fromkeys(name for entry in cases.values() for name in entry["contenders"]))
    lines = [f"| per call or row | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for case, entry in cases.items():
        lines.append(f"| {case} | {' | '.join(_cell(entry, name) for name in names)} |")
    return "\n".join(lines) + "\n"


def _targets(found: Mapping[str, Any]) -> str:
    """What was aimed at, and what came out."""
    lines = ["| case | engine | at most | measured | |", "|---|---|---|---|---|"]
    for engine, title in TITLES.items():
        for case, entry in _with_keys(_cases(found, engine)).items():
            if entry["target"] is not None:
                got, unit = entry["contenders"]["pydb"]["ratio"], " MB" if entry["unit"] == "MB" else ""
                lines.append(f"| {case} | {title} | {entry['target']:g}{unit} | {got:.2f}{unit} | {_met(entry, got)} |")
    for case, entry in _cases(found, "local").items():
        if entry["target"] is not None and case == "import":
            got = entry["contenders"]["import pydb"]["ratio"]
            lines.append(
                f"| import pydb over import sqlalchemy | | {entry['target']} | {got:.2f} | {_met(entry, got)} |"
            )
        elif entry["target"] is not None and case.startswith(SECOND):
            got = entry["contenders"]["pydb"]["ratio"]
            lines.append(f"| {case}, over SQLSpec | | {entry['target']} | {got:.2f} | {_met(entry, got)} |")
        elif entry["target"] is not None:
            got = entry["contenders"]["pydb"]["median"]
            lines.append(f"| {case} | | {_time(entry['target'])} | {_time(got)} | {_met(entry, got)} |")
    behind = [*_behind(found)]
    told = "; ".join(behind) if behind else "none"
    return "\n".join(lines) + f"\n\nCases in which another library took less time than pydb: {told}.\n"


def _met(entry: Mapping[str, Any], got: float) -> str:
    return "met" if got <= entry["target"] else "**not met**"


def _cases(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    cases = found[name]["cases"] if name in found else {}
    return {case: entry for case, entry in cases.items() if case != PROFILE}


def _with_keys(cases: Mapping[str, Any]) -> dict[str, Any]:
    """The cases, and the batch with keys compared with the batch without."""
    made = dict(cases)
    batch = next((name for name in cases if name.startswith("batch insert") and not name.endswith("order")), None)
    if batch is not None and f"{batch}, keys in order" in cases:
        medians = [cases[name]["contenders"]["pydb"]["median"] for name in (f"{batch}, keys in order", batch)]
        ratio = {"ratio": medians[0] / medians[1]}
        made[f"{batch}: with keys over without"] = {"unit": "row", "target": 1.6, "contenders": {"pydb": ratio}}
    return made


def _behind(found: Mapping[str, Any]) -> Iterator[str]:
    """The cases in which another library is ahead."""
    for name, title in {**TITLES, "local": ""}.items():
        for case, entry in _cases(found, name).items():
            own = entry["contenders"].get("pydb", entry["contenders"].get("import pydb"))
            peers = {peer: result for peer, result in entry["contenders"].items() if _is_peer(peer)}
            ahead = {peer: each["ratio"] for peer, each in peers.items() if each["ratio"] < own["ratio"]}
            if ahead and entry["unit"] != "MB":
                told = ", ".join(f"{peer} {ratio:.2f}" for peer, ratio in ahead.items())
                yield f"{case}{f' on {title}' * bool(title)} ({told}, pydb {own['ratio']:.2f})"


def _is_peer(name: str) -> bool:
    return not any(word in name for word in ("raw driver", "native driver", "pydb", "import sqlalchemy", "statements"))


def _nested(engines: Mapping[str, Any]) -> str:
    """A line a way, a column an engine; and whether the join is as fast as was aimed at."""
    entries = {engine: next(iter(made["cases"].values())) for engine, made in engines.items()}
    lines = [f"| one post | {' | '.join(TITLES[engine] for engine in entries)} |", f"|---|{'---|' * len(entries)}"]
    names = next(iter(entries.values()))["contenders"]
    lines += [f"| {name} | {' | '.join(_cell(entry, name) for entry in entries.values())} |" for name in names]
    lines += ["", "| aimed at | engine | at most | measured | |", "|---|---|---|---|---|"]
    for engine, entry in entries.items():
        ratios = {name: each["ratio"] for name, each in entry["contenders"].items()}
        own, target = ratios["pydb, join"], entry["target"]
        what = f"pydb's join over grouping by hand | {TITLES[engine]}"
        lines.append(f"| {what} | {target:g} | {own:.2f} | {_met(entry, own)} |")
        for loader in ("ORM, selectinload", "ORM, joinedload"):
            got = own / ratios[loader]
            met = "met" if got <= 0.5 else "**not met**"
            lines.append(f"| pydb's join over {loader} | {TITLES[engine]} | 0.5 | {got:.2f} | {met} |")
    return "\n".join(lines) + "\n"


def _asynchronous(engines: Mapping[str, Any]) -> Iterator[str]:
    """A table an engine, what was aimed at, and who was ahead."""
    rows = ["| aimed at | engine | at most | measured | |", "|---|---|---|---|---|"]
    ahead = []
    for engine, made in engines.items():
        yield f"{TITLES[engine]}:\n"
        yield _table(made["cases"])
        for case, entry in made["cases"].items():
            ratios = {name: each["ratio"] for name, each in entry["contenders"].items()}
            own = ratios["pydb"]
            if entry["target"] is not None:
                rows.append(f"| {case} | {TITLES[engine]} | {entry['target']:g} | {own:.2f} | {_met(entry, own)} |")
            ahead += [
                f"{case} on {TITLES[engine]} ({name} {ratio:.2f}, pydb {own:.2f})"
                for name, ratio in ratios.items()
                if _is_peer(name) and ratio < own
            ]
    yield "\n".join(rows) + "\n"
    yield f"Cases in which another library took less time than pydb: {'; '.join(ahead) or 'none'}.\n"


def _local(cases: Mapping[str, Any]) -> str:
    parts = []
    for case, entry in cases.items():
        parts += [f"| {case} | time | ratio |", "|---|---|---|"]
        parts += [
            f"| {name} | {_time(each['median'])} ±{each['spread'] * 100:.0f} % | {each['ratio']:.2f} |"
            for name, each in entry["contenders"].items()
        ]
        parts.append("")
    return "\n".join(parts)


def _shares(profile: Mapping[str, float]) -> str:
    lines = ["| module | part of the time |", "|---|---|"]
    return "\n".join([*lines, *(f"| {module} | {share * 100:.0f} % |" for module, share in profile.items())]) + "\n"


def _checks(made: Mapping[str, Any]) -> list[str]:
    """What check and generate take, and their ratios to sqlc."""
    seconds, statements = made["seconds"], made["statements"]
    told = CHECKS.format(statements=statements, files=-(-statements // 100), sqlc=made["sqlc"])
    lines = ["| | no cache | nothing changed | one statement changed | sqlc |", "|---|---|---|---|---|"]
    for command, other in (("generate", "sqlc generate"), ("check", "sqlc compile")):
        times = [seconds[f"pydb {command}{which}"] for which in ("", ", nothing changed", ", one statement changed")]
        cells = [f"{_time(time)} ({time / seconds[other]:.2f})" for time in times]
        lines.append(f"| `pydb {command}` | {' | '.join(cells)} | {_time(seconds[other])} (`{other}`) |")
    return [told, "\n".join(lines) + "\n"]


def _growth(found: Mapping[str, Any]) -> str:
    """What pydb takes for one, out of few and out of many."""
    lines = ["| pydb, time for one | of how many |", "|---|---|"]
    for what in ("rows, plain record", "rows, typed columns"):
        for engine in TITLES:
            times = [(name, each) for name, each in _cases(found, engine).items() if name.endswith(what)]
            told = [f"{_time(each['contenders']['pydb']['median'])} of {name.split()[0]}" for name, each in times]
            if told:
                lines.append(f"| {what.replace('rows', 'row')}, {TITLES[engine]} | {', '.join(told)} |")
    local = _cases(found, "local")
    loads = [(int(name.split()[1].replace(",", "")), each) for name, each in local.items() if name.startswith("load ")]
    told = [f"{_time(each['contenders']['pydb']['median'] / count)} of {count:,}" for count, each in loads]
    lines.append(f"| statement loaded | {', '.join(told)} |")
    sizes = local["point read in a catalogue of"]["contenders"]
    told = [f"{_time(each['median'])} of {name}" for name, each in sizes.items()]
    lines.append(f"| call, in a catalogue | {', '.join(told)} |")
    return "\n".join(lines) + "\n"


def _draw(engines: Mapping[str, Any]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "pydb", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    figure, axes = pyplot.subplots(1, len(engines), figsize=(6 * len(engines), 7), sharey=True, squeeze=False)
    marks = dict(zip(("pydb", "aiosql", "Core text()", "ORM", "PugSQL", "SQLSpec"), "oPsD^v", strict=True))
    for axis, (engine, cases) in zip(axes[0], engines.items(), strict=True):
        shown = [case for case, entry in cases.items() if entry["unit"] != "MB"]
        for name, mark in marks.items():
            points = [
                (cases[case]["contenders"][name]["ratio"], place)
                for place, case in enumerate(shown)
                if name in cases[case]["contenders"]
            ]
            size = 60 if name == "pydb" else 25
            axis.scatter(*zip(*points, strict=True), marker=mark, s=size, label=name, zorder=3 if name == "pydb" else 2)
        axis.set_xscale("log")
        axis.xaxis.set_major_locator(FixedLocator([0.2, 0.5, 1, 2, 5, 10, 20]))
        axis.xaxis.set_minor_locator(NullLocator())
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.axvline(1, color="black", linewidth=1)
        axis.grid(axis="both", alpha=0.3)
        axis.set_yticks(range(len(shown)), shown)
        axis.set_title(TITLES[engine])
        axis.set_xlabel("time over the raw driver's (less is better)")
    axes[0][0].invert_yaxis()
    axes[0][-1].legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})
