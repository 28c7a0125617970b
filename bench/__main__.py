"""``python -m bench [--db URL] [--case TEXT] [--quick] [--write]``: run the benchmark."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy.engine import make_url

from bench import cases, report, start
from tests.server_room import Room

ENGINES = ("sqlite", "postgresql", "mariadb")


@contextmanager
def databases(url: str | None) -> Iterator[Iterator[tuple[str, str]]]:
    """Engine and URL of empty databases: the one given, else one of each engine, on servers started here."""
    if url is not None:
        name = make_url(url).get_backend_name()
        yield iter([("mariadb" if name == "mysql" else name, url)])
        return
    room = Room()
    try:
        with tempfile.TemporaryDirectory(dir=room.path.parent) as folder:
            yield _own(room, folder)
    finally:
        room.close()


def _own(room: Room, folder: str) -> Iterator[tuple[str, str]]:
    for engine in ENGINES:
        if engine == "sqlite":
            yield engine, f"sqlite:///{folder}/bench.db"
            continue
        server, name = room.shared(engine), f"bench_{uuid4().hex[:8]}"
        server.create_database(name)
        yield engine, server.url(name)
        server.drop_database(name)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--db",
        default=os.environ.get("BENCH_URL"),
        help="an empty database to run on; by default one of each engine is made",
    )
    parser.add_argument("--case", default="", help="only cases whose name holds this text")
    parser.add_argument("--engine", choices=ENGINES, help="only this engine")
    parser.add_argument("--quick", action="store_true", help="few rounds: to try, not to tell")
    parser.add_argument("--write", action="store_true", help="write the results to docs/")
    options = parser.parse_args()
    chosen: Callable[[str], bool] = lambda name: options.case in name  # noqa: E731
    with databases(options.db or None) as found:
        for engine, url in found:
            if options.engine in (None, engine):
                cases.fill(engine, url)
                results: dict[str, Any] = cases.run(engine, url, chosen, options.quick)
                if options.write:
                    report.RESULTS.mkdir(exist_ok=True)
                    (report.RESULTS / f"{engine}.json").write_text(json.dumps(results, indent=1))
    rounds = 3 if options.quick else 15
    found_at_start = {"loading": start.loading(rounds), "importing": start.importing(rounds)}
    if options.write:
        (report.RESULTS / "start.json").write_text(json.dumps(found_at_start, indent=1))
        report.write()


if __name__ == "__main__":
    main()
