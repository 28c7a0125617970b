"""Write the figures of reliability: a dictionary in, a JSON file and docs/reliability.md out.

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

This page shows how pydb behaves when programs, connections and servers fail. Tests caused each kind of failure many
times on real servers, and then compared the rows in the database with the results of the calls. The rows "plain
SQLAlchemy" show the results of the same test without pydb.

[transactions.md](transactions.md) and [deploying.md](deploying.md) explain what pydb guarantees. These commands run
the tests (those marked `deep` and those of clusters) and write this page:

```sh
PYDB_RELIABILITY_FIGURES="$PWD/build/figures" make test-deep test-clusters
.venv/bin/python -m tests.harness.figures build/figures
```
"""
TITLES = {
    "interrupts": (
        "Interrupts at random moments",
        """\
Each program has a pool of 4 connections, and runs transactions that write and transactions that read. A signal
interrupts the program at random moments: while it gets a connection, writes, or commits.""",
    ),
    "once": (
        "Connections cut around COMMIT, with `run(work, once=key)`",
        """\
The test cuts the connection of a transaction at one of several places: before the server receives COMMIT, after the
server has committed, at an earlier statement, or only for the client. In the last case the server receives COMMIT late
or never, and keeps the old session. In every third case another program uses the same key at the same time.

On SQLite, the test kills the process before or after COMMIT, and another process repeats the transaction. The program
with plain SQLAlchemy repeats its transaction after a database error.""",
    ),
    "hangs": (
        "Servers and networks that hang",
        """\
The options are `statement_timeout=0.3` and `connect_timeout=2`. The test suspends the server's processes, or a proxy
stops all traffic, or the network loses all packets. It does so in six places: at a new connection, at a pooled
connection, at a statement, in a stream, in a batch, and at COMMIT.""",
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
        "Four threads call `run()`. The test stops the server during these calls, and starts it 10 seconds later.",
    ),
    "pooler": (
        "Two programs behind PgBouncer",
        """\
Two programs with 4 threads each call statements through PgBouncer 1.18. PgBouncer pools transactions, and this version
does not support prepared statements. Both programs send statements of the same form, which a driver would prepare.""",
    ),
    "pooler-cost": (
        "What a transaction costs behind a pooler",
        "A proxy counts the round trips of a transaction with one statement.",
    ),
    "replicas": (
        "Reads after a write, with `position()` and `read(after=…)`",
        """\
Each read follows a write immediately, on another server. On PostgreSQL this is one of two hot standbys, and on MariaDB
another node of a Galera cluster.""",
    ),
    "failover": (
        "A standby promoted under load",
        """\
Four threads call `run()` without a pause. Two of them use `once=`. The test kills the primary, and promotes the
standby that has received more transactions. A COMMIT on the primary waits until one of the two standbys has received
it.""",
    ),
    "failover-haproxy": (
        "The same behind HAProxy",
        "The programs connect to HAProxy, which finds the new primary by its health checks.",
    ),
    "galera-conflicts": (
        "Conflicts on Galera",
        "Six threads on three nodes change the same three rows. The cluster detects the conflicts at COMMIT.",
    ),
    "galera-haproxy": (
        "A node of Galera killed under load, behind HAProxy",
        "Four threads write on one node. The test kills this node, and starts it again later.",
    ),
    "galera-quorum": (
        "A quorum lost and regained",
        """\
Two of three nodes stop answering, until the third node has lost the quorum. Then they answer again, and the calls on
the third node continue.""",
    ),
}
_COMMIT_UNKNOWN = "raised `CommitOutcomeUnknown`"
_PLAIN = "plain SQLAlchemy: "
_JOBS = {
    "jobs": "calls of `run()`",
    "calls": "calls of `run()`",
    "failed": "calls that failed",
    "unknown": f"calls that {_COMMIT_UNKNOWN}",
    "unknown, without once=": f"calls without `once=` that {_COMMIT_UNKNOWN}",
    "unknown, with once=": f"calls with `once=` that {_COMMIT_UNKNOWN}",
    "lost": "successful calls whose change is missing",
    "doubled": "calls whose change was made twice",
    "wrong result": "calls that returned a wrong result",
    "not said": "changes that no call reported",
    "succeeded": "calls that succeeded",
    "lost_updates": "lost updates",
    "seconds": "seconds without a server",
}
LABELS: Mapping[str, Mapping[str, str]] = {
    "interrupts": {
        "acknowledged": "transactions that reported success",
        "rows_lost": "rows of these transactions that are missing",
        "rows_doubled": "rows that were written twice",
        "locks_lost": "locks that were never released",
        "slots_lost": "connections that the pool lost",
        "sqlalchemy_slots": f"{_PLAIN}connections that the pool lost",
        "hung": "programs that hung",
    },
    "once": {
        "cut": "transactions that were cut",
        "done": "transactions that were done in the end",
        "doubled": "transactions that were done twice",
        "lost": "transactions that were not done",
        "unknown": f"calls that {_COMMIT_UNKNOWN}",
        "wrong_result": "calls that returned a wrong result",
        "plain_sqlalchemy_cut": f"{_PLAIN}transactions that were cut",
        "plain_sqlalchemy_doubled": f"{_PLAIN}transactions that were done twice",
        "plain_sqlalchemy_lost": f"{_PLAIN}transactions that were not done",
        "with_a_rival": "transactions whose key another program used",
        "done_by_the_rival": "transactions that the other program did",
    },
    "hangs": {
        f"{old}: {figure}": f"{new}: {label}"
        for old, new in (
            ("stopped server", "suspended server"),
            ("black hole", "proxy that stops all traffic"),
            ("packet loss", "network that loses all packets"),
        )
        for figure, label in (
            ("scenarios", "cases"),
            ("typed error within 2.5 s", "cases with an error of pydb within 2.5 seconds"),
            ("slowest, seconds", "longest time until the error, in seconds"),
        )
    },
    "lost-updates": {
        "times": "updates",
        "lost": "lost updates",
        "plain_sqlalchemy": f"{_PLAIN}updates that failed or were lost",
    },
    "pooler": {
        "wrong": "calls with a wrong result",
        "errors": "calls that failed",
        "plain_sqlalchemy_wrong": f"{_PLAIN}calls with a wrong result",
        "plain_sqlalchemy_errors": f"{_PLAIN}calls that failed",
    },
    "pooler-cost": {
        "requests a block": "round trips behind a pooler",
        "requests a block, without a pooler": "round trips without a pooler",
    },
    "replicas": {
        "seen": "reads that saw the write",
        "seen without after=": "reads without `after=` that saw the write",
        "on the primary": "reads that used the primary",
    },
    **dict.fromkeys(("hot-rows", "outage", "failover", "failover-haproxy"), _JOBS),
    **dict.fromkeys(("galera-conflicts", "galera-haproxy", "galera-quorum"), _JOBS),
}
"""What the page calls a figure, by the name of its table and the name that the test gives it."""


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
    lines.append("| figure | " + " | ".join(ENGINES[engine] for engine in engines) + " |")
    lines.append("|---" * (len(engines) + 1) + "|")
    for key in rows:
        cells = [_cell(figures[engine].get(key)) for engine in engines]
        if any(cells):
            label = LABELS.get(name, {}).get(key, key.replace("_", " ").replace("sqlalchemy", "SQLAlchemy"))
            lines.append(f"| {label} | {' | '.join(cell or 'not tested' for cell in cells)} |")
    return "\n".join([*lines, ""])


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in sorted(value.items()))
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
