"""Write the figures of reliability: a dictionary in; a JSON file, and docs/reliability.md, out.

``PYDB_RELIABILITY_FIGURES`` names the folder; ``python -m tests.harness.figures FOLDER`` writes docs/reliability.md
from the files in it.
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

This page shows which failures were caused on connections, programs and servers, how often, and what was lost. The
figures are of the tests marked `deep` and of the cluster tests, which run on real servers. Rows that name SQLAlchemy
are of plain SQLAlchemy in the same run. These commands run the tests and write the page:

```sh
PYDB_RELIABILITY_FIGURES="$PWD/build/figures" make test-deep test-clusters
.venv/bin/python -m tests.harness.figures build/figures
```

[transactions.md](transactions.md) and [deploying.md](deploying.md) say what pydb guarantees.
"""
TITLES = {
    "interrupts": (
        "Interrupts at random moments",
        """\
Programs with a pool of 4 connections are interrupted by a signal at random microseconds, while they get a connection,
write, and commit.""",
    ),
    "once": (
        "COMMIT cut, with `run(work, once=key)`",
        """\
The connection is cut before the server receives COMMIT, after it has committed, at an earlier statement, or only for
the client. In the last case the server receives COMMIT late or never, and keeps the old session. In every third case
another program uses the same key at the same time. On SQLite, the process is killed before or after COMMIT, and another
process repeats the work. The plain program repeats its transaction after a database error.""",
    ),
    "hangs": (
        "Servers and networks that hang",
        """\
With `statement_timeout=0.3, connect_timeout=2`: the server's processes are suspended, or a proxy or the
network stops all traffic: at a new connection, a pooled one, a statement, a stream, a batch and COMMIT.""",
    ),
    "lost-updates": (
        "Lost updates",
        "Threads read a value and write it increased by one, with `run()` and the default isolation level.",
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
Two programs with 4 threads each call statements through PgBouncer 1.18, which pools transactions and does not support
prepared statements. Both programs send statements of the same form, which a driver usually prepares.""",
    ),
    "pooler-cost": (
        "What a transaction costs behind a pooler",
        "The round trips of a transaction with one statement, counted by a proxy.",
    ),
    "replicas": (
        "Reads after a write, with `position()` and `read(after=…)`",
        """\
Each read follows a write at once, on another server: one of two hot standbys on PostgreSQL, another node of a Galera
cluster on MariaDB.""",
    ),
    "failover": (
        "A standby promoted under load",
        """\
Four threads call `run()` without a pause, every second call with `once=`. The primary is killed, and of two standbys
the one with more transactions is promoted. One standby receives each transaction before it is acknowledged.""",
    ),
    "failover-haproxy": ("The same behind HAProxy", "HAProxy finds the new primary by its health check."),
    "galera-conflicts": (
        "Conflicts on Galera",
        "Six threads on three nodes change the same three rows; conflicts are found at COMMIT.",
    ),
    "galera-haproxy": (
        "A node of Galera killed under load, behind HAProxy",
        "All four threads write on one node, which is killed and started again later.",
    ),
    "galera-quorum": (
        "A quorum lost and back",
        "Two of three nodes do not answer until the third has lost the quorum; its threads continue when they do.",
    ),
}


def write_figures(name: str, engine: str, figures: Mapping[str, Any]) -> None:
    """Write the figures to the folder of the environment variable, if it is set."""
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
