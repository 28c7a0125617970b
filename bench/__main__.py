"""Run the benchmark: ``python -m bench [--db URL] [--engine NAME] [--case TEXT] [--quick] [--write]``."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bench import asynchronous, cases, local, nested, report
from pydb.testing.server_registry import ServerRegistry

ENGINES = ("sqlite", "postgresql", "mariadb")


@contextmanager
def databases(url: str | None, engine: str | None = None) -> Iterator[Iterator[tuple[str, str]]]:
    """The engine and the URL of empty databases: the given one, or one of each engine, on servers started here."""
    if url is not None:
        name = make_url(url).get_backend_name()
        yield iter([("mariadb" if name == "mysql" else name, url)])
        return
    servers = ServerRegistry()
    try:
        with tempfile.TemporaryDirectory(dir=servers.path.parent) as folder:
            yield _own(servers, folder, ENGINES if engine is None else (engine,))
    finally:
        servers.close()


def _own(servers: ServerRegistry, folder: str, engines: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for engine in engines:
        if engine == "sqlite":
            yield engine, f"sqlite:///{folder}/bench.db"
            continue
        server, name = servers.shared(engine), f"bench_{uuid4().hex[:8]}"
        server.create_database(name)
        yield engine, server.url(name)
        server.drop_database(name)


def _keep_to_one_processor() -> None:
    """Run this process, and the servers and processes that it starts, on one processor.

    The introduction of docs/benchmarks.md says why.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def server_version(engine: str, url: str, given: bool) -> str:
    """The engine and its release, as the page shows them; if ``given``, the benchmark did not start the server."""
    if engine == "sqlite":
        return report.sqlite_version()
    made = create_engine(url)
    with made.connect() as conn:
        found = conn.exec_driver_sql("SELECT version()").scalar_one()
    made.dispose()
    number = found.split()[1] if engine == "postgresql" else found.split("-")[0]
    where = "a server that was already running" if given else "over TCP on the same processor, data in memory"
    return f"{report.TITLES[engine]} {number}, {where}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--db",
        default=os.environ.get("BENCH_URL"),
        help="an empty database to run on [default: $BENCH_URL, then a new database of each engine]",
    )
    parser.add_argument("--case", default="", help="run only the cases whose names contain this text")
    parser.add_argument(
        "--engine",
        choices=(*ENGINES, "none"),
        help="run only on this engine; none: run only the cases that need no database",
    )
    parser.add_argument("--quick", action="store_true", help="run few rounds, only to try the benchmark")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md, unless --quick is given")
    options = parser.parse_args()
    chosen: Callable[[str], bool] = lambda name: options.case in name  # noqa: E731
    whole = not options.quick and not options.case
    _keep_to_one_processor()
    nested_rows: dict[str, Any] = {}
    awaited: dict[str, Any] = {}
    if options.engine != "none":
        with databases(options.db or None, options.engine) as found:
            for engine, url in found:
                cases.fill(engine, url)
                server = server_version(engine, url, bool(options.db))
                print(f"{server}; {report.machine()}", flush=True)
                try:
                    made = {"server": server, "cases": cases.run(engine, url, chosen, options.quick)}
                    if found_cases := asynchronous.run(engine, url, chosen, options.quick):
                        awaited[engine] = {"server": server, "cases": found_cases}
                    if chosen(nested.CASE):
                        nested_rows[engine] = {"server": server, "cases": nested.run(engine, url, options.quick)}
                finally:
                    cases.clear(url)
                if options.write and whole:
                    _keep(engine, made)
    if not options.db and options.engine in (None, "none"):
        print(report.machine(), flush=True)
        made = {"cases": local.run(chosen, options.quick)}
        if options.write and whole:
            _keep("local", made)
    if options.write and not options.quick and nested_rows.keys() == set(ENGINES):
        _keep("nested", {"engines": nested_rows})
    if options.write and not options.quick and awaited.keys() == set(ENGINES):
        _keep("asynchronous", {"engines": awaited})
    if options.write and not options.quick:
        report.write()


def _keep(name: str, made: dict[str, Any]) -> None:
    Path("bench/results").mkdir(exist_ok=True)
    kept = {"machine": report.machine(), **made}
    Path("bench/results", f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
