"""What is paid once: statements and processes in, the seconds of loading catalogues and of importing pydb out."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pydb

STATEMENT = """
-- name: by_key_{number} :maybe
-- One row of the table by its key and kind.
SELECT id, username, email, created_at
FROM users
WHERE id = :id AND kind IN (:kinds);
"""


def loading(rounds: int) -> dict[str, Any]:
    """Seconds to load folders of 10 to 10,000 statements, 20 a file."""
    found = {}
    for count in (10, 100, 1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            for start in range(0, count, 20):
                numbers = range(start, min(start + 20, count))
                text = "-- Users.\n" + "".join(STATEMENT.format(number=number) for number in numbers)
                Path(folder, f"users_{start}.sql").write_text(text)
            found[f"{count:,} statements"] = statistics.median(_timed(folder) for _ in range(rounds))
    return found


def _timed(folder: str) -> float:
    start = time.perf_counter()
    pydb.load(folder)
    return time.perf_counter() - start


def importing(rounds: int) -> dict[str, Any]:
    """Seconds of whole processes that import SQLAlchemy's Core, and pydb, in turns."""
    taken: dict[str, list[float]] = {"import sqlalchemy": [], "import pydb": []}
    for _ in range(rounds):
        for code, seconds in taken.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            seconds.append(time.perf_counter() - start)
    return {code: statistics.median(seconds) for code, seconds in taken.items()}
