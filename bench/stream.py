"""One contender's stream in a process of its own: engine and name as arguments, the URL as input, JSON out."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from pathlib import Path

from bench.contenders import contenders


def peak() -> float:
    """The most memory that the process has held, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    engine, name = sys.argv[1:]
    kind = next(each for each in contenders() if each.name == name)
    with tempfile.TemporaryDirectory() as folder:
        contender = kind(engine, sys.stdin.read(), Path(folder))
        contender.begin()
        contender.plain(1_000)
        gc.collect()
        before, started, rows, keys = peak(), time.perf_counter(), 0, 0
        for person in contender.stream():
            rows += 1
            keys += person.id
        seconds = time.perf_counter() - started
        told = {"seconds": seconds, "rows": rows, "keys": keys, "megabytes": peak() - before}
        contender.rollback()
        contender.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
