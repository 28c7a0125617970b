"""Write the page of the benchmarks: results in; docs/benchmarks.md and its picture out."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
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

This page is for readers who want to know what a call through pydb costs. It compares the time of a call with the same
call by hand on the driver, and with other libraries. The picture shows the ratios: 1 is the time of the driver with
hand-written mapping, and less is faster.

![Ratios to the raw driver](benchmarks.svg)

These commands measure again and write this page:

```sh
make bench                                                     # all engines, on servers that it starts
make bench DB=postgresql+psycopg://user:password@host/name     # one empty database
make bench ARGS="--quick --case 'point read'"                  # a quick try of one case
```

## How it is measured

All contenders run in one process. They take turns, round by round, so that other load on the machine affects all of
them. The process and the servers that it starts share one processor. On two processors, a contender could work at the
same time as the server, and the time to wake up the other processor would be larger than the differences to measure.
Before the measurement, each contender must return the same data as the others.

Each time in the tables is the median of the rounds. The percentage after ± is half the distance between the quartiles.
The number in parentheses is the median of the rounds' ratios to the *raw driver*: the driver with hand-written mapping.

Every contender is used as its own documentation says. Some contenders return rows or dictionaries. For these, the
records and the conversions of the typed columns are written by hand, as a user would write them.

- A *point read* reads one row by its key. The time of a point read, an insert or an upsert is that of one call. The
  other times are those of one row: of a result, a batch or a stream.
- *Plain* records have seven columns: integers, texts and a float. *Typed* records have an integer, a text, a boolean,
  a decimal, an instant, a UUID and JSON.
- Calls are timed inside an open transaction, on one connection. Their changes are rolled back, and this time does not
  count.
- A batch gets its parameter sets as a list of dictionaries. The raw driver's `executemany` gets the same list. The
  column *raw driver, tuples* shows `executemany` with tuples that were made before the clock starts. *Keys in order*
  means that the batch returns the generated keys in the order of its parameter sets.
{page}- For the memory of a stream, a new process reads a million rows. The number is the growth of its peak memory.
- A dash means that the contender does not have the feature, or fails.

In some cases pydb takes less time than the driver by hand, because it does the same work in another way:

- It fills a record without the `__init__` of the frozen dataclass, which calls a function for each field.
- It takes rows from the cursor singly or in small groups, so that the garbage collector finds few live objects.
- It converts texts to UUIDs, decimals and JSON in fewer steps.
- It reuses psycopg's cursors, because a new cursor looks up the type of every column again.
- It sends a batch in statements with many rows.
"""

TARGETS = """These are the project's targets for pydb. A number without a unit is a ratio to the raw driver, unless the
first column names another ratio.
"""

PAGE_OF_A_LIST = """\
- A page of a list has up to 20 people, with one of eight combinations of filters, order and start. The contenders do
  this in different ways: optional lines (pydb), a text that is built by hand (raw driver, aiosql),
  `(:x IS NULL OR …)` for each filter (PugSQL), `select()` (Core and the ORM), the builder (SQLSpec) and templates
  (SQLAKit).
"""

GROWTH = """The time for one row, one statement or one call does not grow with their number.
`tests/integration/test_growth.py` asserts the same by counting calls. There is one exception: in a list of a hundred
thousand typed rows, each row takes longer, with every contender. The reason is that each row contains a dict, and
Python's garbage collector visits all of them again and again while their number grows. A stream has only a thousand
rows in memory at a time.
"""

SECOND = "second "
"""The prefix of a case of the second load."""

LOADING = """At the first load, pydb splits every statement into tokens by the rules of each engine, and refuses SQL
that an engine would understand in another way than its author. PugSQL and SQLSpec keep the text of a statement as it
is in the file. That takes less time, but errors are found only when the statement is run. The first load stores its
result in `__pycache__`. {second}The time of pydb's first load is spent in these modules:
"""

SECOND_LOADING = """The second load, in any process, reads the result from there. Its ratios are to SQLSpec, which
stores nothing. """


NESTED = """One call returns 1,000 users, each with its 9 posts. pydb and the raw driver return frozen records with
tuples of frozen records. The ORM returns its objects; it is measured with two of its loaders. The time is that of one
post. The ratio is to a flat join on the driver, with grouping and records by hand.
"""


CHECKS = """The table shows the processor time of `pydb generate` and `pydb check` on {statements:,} statements for
SQLite in {files} files. [sqlc](https://sqlc.dev) {sqlc} gets the same statements in the same run. `sqlc generate`
writes Go, and `sqlc compile` checks without writing. Without a cache, pydb prepares every statement in a real
database, and computes which columns may be NULL. Later runs read this [from `.pydb_cache`](check.md#the-cache). The
numbers in parentheses are ratios to sqlc, which has no cache.
"""


ASYNCHRONOUS = """The same calls run over one connection of each asynchronous driver: aiosqlite, psycopg and asyncmy.
Each call is awaited, inside an open transaction. The times are the CPU time of the client, with all its threads. The
ratio is to the *native driver*: the driver with hand-written mapping. *pydb* is `await statement.aio(conn, …)`.
*pydb, run_sync* is the synchronous call through `conn.run_sync`. aiosql has no asynchronous adapter for psycopg or for
a driver of MariaDB. On PostgreSQL it runs on asyncpg, which takes less time than psycopg for a short answer, also
with hand-written mapping.

In some cases pydb takes less time than the driver by hand. On PostgreSQL, it reuses psycopg's cursors. On SQLite, it
sends a statement and reads its rows in one call in aiosqlite's thread; the driver's own methods need one call for each.
"""


def write() -> None:
    """Write the page and the picture from the existing results."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))}
    engines = [engine for engine in TITLES if engine in found]
    measured = {case for name in (*engines, "local") for case in _cases(found, name)}
    lists = any(case.startswith("page of a list") for case in measured)
    second = any(case.startswith(SECOND) for case in measured)
    parts = [INTRODUCTION.format(page=PAGE_OF_A_LIST if lists else "")]
    parts += ["## Targets\n", TARGETS, _targets(found)]
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
        parts += ["## Loading, importing and listeners\n", f"{local['machine']}.\n", _local(_cases(found, "local"))]
        parts += [
            LOADING.format(second=SECOND_LOADING if second else ""),
            _shares(local["cases"][PROFILE]["contenders"]),
        ]
        parts += ["## How the cost grows\n", GROWTH, _growth(found)]
    if "checks" in found:
        parts += ["## Checking and generating\n", f"{found['checks']['machine']}.\n", *_checks(found["checks"])]
    PAGE.write_text("\n".join(parts))
    _draw({engine: found[engine]["cases"] for engine in engines})


def machine() -> str:
    """The environment of a run: the processor, and the versions of Python and all packages."""
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
    """The targets and the results."""
    lines = ["| case | engine | target: at most | measured | result |", "|---|---|---|---|---|"]
    for engine, title in TITLES.items():
        for case, entry in _with_keys(_cases(found, engine)).items():
            if entry["target"] is not None:
                got, unit = entry["contenders"]["pydb"]["ratio"], " MB" if entry["unit"] == "MB" else ""
                lines.append(f"| {case} | {title} | {entry['target']:g}{unit} | {got:.2f}{unit} | {_met(entry, got)} |")
    for case, entry in _cases(found, "local").items():
        if entry["target"] is not None and case == "import":
            got = entry["contenders"]["import pydb"]["ratio"]
            lines.append(
                f"| time of import pydb / of import sqlalchemy | | {entry['target']} | {got:.2f} | {_met(entry, got)} |"
            )
        elif entry["target"] is not None and case.startswith(SECOND):
            got = entry["contenders"]["pydb"]["ratio"]
            lines.append(
                f"| {case}: time of pydb / of SQLSpec | | {entry['target']} | {got:.2f} | {_met(entry, got)} |"
            )
        elif entry["target"] is not None:
            got = entry["contenders"]["pydb"]["median"]
            lines.append(f"| {case} | | {_time(entry['target'])} | {_time(got)} | {_met(entry, got)} |")
    return "\n".join(lines) + "\n\n" + _slower(_behind(found))


def _slower(behind: Iterable[str]) -> str:
    """The list of the cases in which another library takes less time."""
    items = [f"- {each}" for each in behind]
    if not items:
        return "In no case did another library take less time than pydb.\n"
    return "\n".join(["In these cases another library took less time than pydb:\n", *items]) + "\n"


def _met(entry: Mapping[str, Any], got: float) -> str:
    return "met" if got <= entry["target"] else "**not met**"


def _cases(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    cases = found[name]["cases"] if name in found else {}
    return {case: entry for case, entry in cases.items() if case != PROFILE}


def _with_keys(cases: Mapping[str, Any]) -> dict[str, Any]:
    """The cases, with a comparison of the batch with keys to the batch without."""
    made = dict(cases)
    batch = next((name for name in cases if name.startswith("batch insert") and not name.endswith("order")), None)
    if batch is not None and f"{batch}, keys in order" in cases:
        medians = [cases[name]["contenders"]["pydb"]["median"] for name in (f"{batch}, keys in order", batch)]
        ratio = {"ratio": medians[0] / medians[1]}
        made[f"{batch}: time with keys / without keys"] = {"unit": "row", "target": 1.6, "contenders": {"pydb": ratio}}
    return made


def _behind(found: Mapping[str, Any]) -> Iterator[str]:
    """The cases in which another library takes less time."""
    for name, title in {**TITLES, "local": ""}.items():
        for case, entry in _cases(found, name).items():
            own = entry["contenders"].get("pydb", entry["contenders"].get("import pydb"))
            peers = {peer: result for peer, result in entry["contenders"].items() if _is_peer(peer)}
            ahead = {peer: each["ratio"] for peer, each in peers.items() if each["ratio"] < own["ratio"]}
            if ahead and entry["unit"] != "MB":
                faster = ", ".join(f"{peer} {ratio:.2f}" for peer, ratio in ahead.items())
                yield f"{case}{f' on {title}' * bool(title)}: {faster}; pydb {own['ratio']:.2f}"


def _is_peer(name: str) -> bool:
    return not any(word in name for word in ("raw driver", "native driver", "pydb", "import sqlalchemy", "statements"))


def _nested(engines: Mapping[str, Any]) -> str:
    """A line for each contender and a column for each engine; and whether the join meets its target."""
    entries = {engine: next(iter(made["cases"].values())) for engine, made in engines.items()}
    lines = [f"| one post | {' | '.join(TITLES[engine] for engine in entries)} |", f"|---|{'---|' * len(entries)}"]
    names = next(iter(entries.values()))["contenders"]
    lines += [f"| {name} | {' | '.join(_cell(entry, name) for entry in entries.values())} |" for name in names]
    lines += ["", "| case | engine | target: at most | measured | result |", "|---|---|---|---|---|"]
    for engine, entry in entries.items():
        ratios = {name: each["ratio"] for name, each in entry["contenders"].items()}
        own, target = ratios["pydb, join"], entry["target"]
        what = f"time of pydb's join / of grouping by hand | {TITLES[engine]}"
        lines.append(f"| {what} | {target:g} | {own:.2f} | {_met(entry, own)} |")
        for loader in ("ORM, selectinload", "ORM, joinedload"):
            got = own / ratios[loader]
            met = "met" if got <= 0.5 else "**not met**"
            lines.append(f"| time of pydb's join / of {loader} | {TITLES[engine]} | 0.5 | {got:.2f} | {met} |")
    return "\n".join(lines) + "\n"


def _asynchronous(engines: Mapping[str, Any]) -> Iterator[str]:
    """A table for each engine, the targets, and the cases in which another library takes less time."""
    rows = ["| case | engine | target: at most | measured | result |", "|---|---|---|---|---|"]
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
                f"{case} on {TITLES[engine]}: {name} {ratio:.2f}; pydb {own:.2f}"
                for name, ratio in ratios.items()
                if _is_peer(name) and ratio < own
            ]
    yield "\n".join(rows) + "\n"
    yield _slower(ahead)


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
    """The modules that take one per cent of the time or more, and the rest."""
    lines = ["| module | part of the time |", "|---|---|"]
    shown = {module: share for module, share in profile.items() if share >= 0.01}
    if len(shown) < len(profile):
        shown["all other modules"] = sum(profile.values()) - sum(shown.values())
    return "\n".join([*lines, *(f"| {module} | {share * 100:.0f} % |" for module, share in shown.items())]) + "\n"


def _checks(made: Mapping[str, Any]) -> list[str]:
    """The times of check and generate, and their ratios to sqlc."""
    seconds, statements = made["seconds"], made["statements"]
    text = CHECKS.format(statements=statements, files=-(-statements // 100), sqlc=made["sqlc"])
    lines = ["| | no cache | nothing changed | one statement changed | sqlc |", "|---|---|---|---|---|"]
    for command, other in (("generate", "sqlc generate"), ("check", "sqlc compile")):
        times = [seconds[f"pydb {command}{which}"] for which in ("", ", nothing changed", ", one statement changed")]
        cells = [f"{_time(time)} ({time / seconds[other]:.2f})" for time in times]
        lines.append(f"| `pydb {command}` | {' | '.join(cells)} | {_time(seconds[other])} (`{other}`) |")
    return [text, "\n".join(lines) + "\n"]


def _growth(found: Mapping[str, Any]) -> str:
    """The time of pydb for one row, statement or call, among few and among many."""
    lines = ["| unit | time of pydb for one, of how many |", "|---|---|"]
    for what in ("rows, plain record", "rows, typed columns"):
        for engine in TITLES:
            times = [(name, each) for name, each in _cases(found, engine).items() if name.endswith(what)]
            cells = [f"{_time(each['contenders']['pydb']['median'])} of {name.split()[0]}" for name, each in times]
            if cells:
                lines.append(f"| {what.replace('rows', 'row')}, {TITLES[engine]} | {', '.join(cells)} |")
    local = _cases(found, "local")
    loads = [(int(name.split()[1].replace(",", "")), each) for name, each in local.items() if name.startswith("load ")]
    cells = [f"{_time(each['contenders']['pydb']['median'] / count)} of {count:,}" for count, each in loads]
    lines.append(f"| statement loaded | {', '.join(cells)} |")
    sizes = local["point read, number of statements"]["contenders"]
    cells = [f"{_time(each['median'])} of {name}" for name, each in sizes.items()]
    lines.append(f"| call, with a number of loaded statements | {', '.join(cells)} |")
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
