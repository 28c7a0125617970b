"""The results of all engines in; docs/benchmarks.md and a plot beside it out."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path("bench/results")
PAGE = Path("docs/benchmarks.md")
PLOT = Path("docs/benchmarks.svg")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
PACKAGES = ("sqlalchemy", "psycopg", "pymysql", "aiosql", "pugsql", "sqlspec")

HEAD = """\
# Benchmarks

What a call through pydb costs beside the raw driver with hand-written mapping, and beside other libraries. The
contenders run in one process, in turns, each used as its own documentation says; that all return the same data is
checked first. A ratio is the median of the rounds' ratios to the raw driver; 1.00 is as fast as the driver, less is
faster. The raw driver builds the same frozen dataclasses, by their `__init__`.

```console
$ make bench                  # all engines, on servers that it starts itself
$ make bench ARGS="--quick --engine sqlite"
```

`make bench` writes this page and the plot. The figures depend on the machine, and less so the ratios.
"""


def write() -> None:
    """Write the page and the plot from what ``bench/results`` holds."""
    engines = {name: json.loads(path.read_text()) for name in NAMES if (path := RESULTS / f"{name}.json").exists()}
    start = RESULTS / "start.json"
    parts = [HEAD, f"![Ratios to the raw driver]({PLOT.name})", _machine()]
    parts += [_engine(name, cases) for name, cases in engines.items()]
    if start.exists():
        parts.append(_start(json.loads(start.read_text())))
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    _plot(engines)


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"Measured on {system}, with {python}; {versions}. Servers, where there are any, on the same machine."


def _engine(name: str, cases: Mapping[str, Any]) -> str:
    who = list(next(iter(cases.values()))["contenders"])
    lines = [
        f"## {NAMES[name]}",
        "",
        "The first column of figures is the raw driver's median and, after ±, its spread; the others are ratios to it.",
        "",
        f"| case | {' | '.join(who)} | target |",
        f"|---|{'---:|' * (len(who) + 1)}",
    ]
    for case, entry in cases.items():
        cells = [_cell(entry, contender) for contender in who]
        target = entry["target"]
        lines.append(f"| {case} | {' | '.join(cells)} | {'' if target is None else f'≤ {target:.2f}'} |")
    return "\n".join(lines)


def _cell(entry: Mapping[str, Any], contender: str) -> str:
    found = entry["contenders"].get(contender)
    if found is None:
        return "–"
    if entry["unit"] == "MB":
        return f"{found['median']:.1f} MB"
    first = next(iter(entry["contenders"]))
    if contender == first:
        return f"{found['median'] * 1e6:,.2f} µs a {entry['unit']} ±{found['spread']:.0%}"
    return f"{found['ratio']:.2f}"


def _start(found: Mapping[str, Any]) -> str:
    lines = ["## Start", "", "| what | milliseconds |", "|---|---:|"]
    lines += [f"| load {name} | {seconds * 1e3:,.1f} |" for name, seconds in found["loading"].items()]
    lines += [
        f"| a process that does `{name}` | {seconds * 1e3:,.1f} |" for name, seconds in found["importing"].items()
    ]
    return "\n".join(lines)


def _plot(engines: Mapping[str, Mapping[str, Any]]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "pydb"
    from matplotlib import pyplot

    wanted = ("point read, plain record", "insert returning", "10,000 rows, plain record", "10,000 rows, typed columns")
    figure, axes = pyplot.subplots(1, len(engines), figsize=(5 * len(engines), 4.5), sharey=True, squeeze=False)
    for axis, (name, cases) in zip(axes[0], engines.items(), strict=True):
        shown = [case for case in wanted if case in cases]
        who = list(cases[shown[0]]["contenders"])
        for place, contender in enumerate(who):
            ratios = [cases[case]["contenders"].get(contender, {}).get("ratio", 0) for case in shown]
            at = [index + place / (len(who) + 1) for index in range(len(shown))]
            axis.bar(at, ratios, width=1 / (len(who) + 1), label=contender)
        axis.set_title(NAMES[name])
        axis.set_xticks([index + 0.4 for index in range(len(shown))], [case.replace(", ", ",\n") for case in shown])
        axis.set_yscale("log")
        axis.axhline(1, color="black", linewidth=0.6)
        axis.tick_params(axis="x", labelsize=7)
    axes[0][0].set_ylabel("time, raw driver = 1 (log scale)")
    axes[0][-1].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})
