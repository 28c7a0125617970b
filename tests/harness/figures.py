"""Figures of what was done and what was lost: a dictionary in, a JSON file out, where somebody asked for it.

``PYDB_RELIABILITY_FIGURES`` names the folder; ``python -m tests.harness.figures FOLDER`` writes docs/reliability.md of
the files in it.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
HEAD = """\
# Reliability, in figures

What was done to connections, programs and servers, how often, and what was lost. The tests marked `deep` and those of
clusters do it, on real servers, and plain SQLAlchemy goes through the same in the same run where a row says so. This
page is written from their figures:

```sh
PYDB_RELIABILITY_FIGURES="$PWD/build/figures" make test-deep test-clusters
.venv/bin/python -m tests.harness.figures build/figures
```

[transactions.md](transactions.md) and [deploying.md](deploying.md) say what is promised.
"""
TITLES = {
    "interrupts": (
        "Interrupts at random moments",
        """\
Programs with a pool of 4 connections are interrupted by a signal at random microseconds, while they take a connection,
write, and commit.""",
    ),
    "once": (
        "COMMIT cut, with `run(work, once=key)`",
        """\
The connection is cut before the server sees COMMIT, after it has committed, at a statement before it, or only for the
client: then the server gets COMMIT late, or never, and keeps the old session. In every third case a rival uses the same
key at the same time. On SQLite, the process is killed before or after COMMIT, and another one does the same work again.
The plain program repeats its transaction after an error of the database.""",
    ),
    "hangs": (
        "Servers and networks that hang",
        """\
With `statement_timeout=0.3, connect_timeout=2`: the server's processes are stopped, or a proxy or the network
itself lets nothing through, at a new connection, a pooled one, a statement, a stream, a batch and COMMIT.""",
    ),
    "lost-updates": (
        "Lost updates",
        "Threads read a value and write it increased by one, with `run()` and no level given.",
    ),
    "hot-rows": (
        "Hot rows",
        "Eight threads read and then change the same row, each 60 times, with `run()` at SERIALIZABLE.",
    ),
    "outage": (
        "An outage of 10 seconds",
        "The server is stopped in the middle of the `run()` calls of four threads, and started again 10 seconds later.",
    ),
    "pooler": (
        "Two programs behind PgBouncer",
        """\
Two programs with 4 threads each call statements through PgBouncer 1.18, which pools transactions and does not know of
prepared statements. Both programs prepare statements of the same shape, or would.""",
    ),
    "pooler-cost": (
        "What a block costs behind a pooler",
        "What a block of one statement sends, counted by a proxy: pieces that are each waited for.",
    ),
    "replicas": (
        "Reads after a write, with `position()` and `read(after=…)`",
        """\
Each read comes right after a write: on PostgreSQL on one of two hot standbys, on MariaDB on another node of a Galera
cluster.""",
    ),
    "failover": (
        "A standby promoted under load",
        """\
Four threads call `run()` without a pause, every other one with `once=`; the primary is killed, and the better one of
two standbys promoted. One standby has each transaction before it is acknowledged.""",
    ),
    "failover-haproxy": ("The same behind HAProxy", "HAProxy finds the new primary by its health check."),
    "galera-conflicts": (
        "Conflicts on Galera",
        "Six threads on three nodes change the same three rows; conflicts are found at COMMIT.",
    ),
    "galera-haproxy": (
        "A node of Galera killed under load, behind HAProxy",
        "The node that all four threads write on is killed, and comes back later.",
    ),
    "galera-quorum": (
        "A quorum lost and back",
        "Two of three nodes say nothing until the third one has lost the quorum; its threads go on when they are back.",
    ),
}


def write_figures(name: str, engine: str, figures: Mapping[str, Any]) -> None:
    """Write the figures to the folder of the environment variable, where there is one."""
    folder = os.environ.get("PYDB_RELIABILITY_FIGURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}-{engine}.json").write_text(json.dumps(dict(figures), indent=2) + "\n")


def page(folder: Path) -> str:
    """The text of docs/reliability.md, with a table for each kind of figures in the folder."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for file in sorted(folder.glob("*.json")):
        name, _, engine = file.stem.rpartition("-")
        found[name][engine] = json.loads(file.read_text())
    names = [name for name in TITLES if name in found] + sorted(found.keys() - TITLES.keys())
    return "\n".join([HEAD, *(_section(name, found[name]) for name in names)])


def _section(name: str, figures: dict[str, dict[str, Any]]) -> str:
    title, text = TITLES.get(name, (name, ""))
    engines = [engine for engine in ENGINES if engine in figures]
    rows = dict.fromkeys(key for engine in engines for key in figures[engine] if key not in ("engine", "what"))
    lines = [f"## {title}", "", text, ""]
    lines.append("| | " + " | ".join(ENGINES[engine] for engine in engines) + " |")
    lines.append("|---" * (len(engines) + 1) + "|")
    for key in rows:
        cells = [_cell(figures[engine].get(key)) for engine in engines]
        if any(cells):
            lines.append(f"| {key.replace('_', ' ').replace('sqlalchemy', 'SQLAlchemy')} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in sorted(value.items()))
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
