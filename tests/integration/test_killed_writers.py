"""Programs with run(work, once=key) are killed at COMMIT on SQLite and run again: nothing is doubled or lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

import pydb
from tests.harness.figures import write_figures

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.deep]

KILLS, PLAIN_KILLS = 150, 30


def test_killed_at_commit(empty_url: str, engine_name: str) -> None:
    """150 programs are killed before or after their COMMIT, and another one does the work with the same key again."""
    with pydb.Database(empty_url) as database, database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE done (job text NOT NULL, result text NOT NULL)")
        conn.exec_driver_sql(database.rules.once_table)
    lines = []
    for library, kills in (("once", KILLS), ("plain", PLAIN_KILLS)):
        for number in range(kills):
            moment = ("before", "after")[number % 2]
            lines += [f"{library}-{number} {moment} {library}", f"{library}-{number} never {library}"]
    command = [sys.executable, "-m", "tests.harness.killed_writers", empty_url]
    done = subprocess.run(
        command,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    answers = done.stdout.split("\n")[: len(lines)]
    with pydb.Database(empty_url) as database, database.read() as conn:
        rows = conn.execute(text("SELECT job, result FROM done")).all()
    found = Counter(job for job, _ in rows)
    results = {row.job: row.result for row in rows}
    wrong = 0
    for number in range(KILLS):
        killed, again = answers[2 * number : 2 * number + 2]
        wrong += killed != "killed"
        wrong += again != ("already done" if number % 2 else results.get(f"once-{number}"))
    figures = {
        "cut": KILLS,
        "done": KILLS,
        "doubled": sum(found[f"once-{number}"] > 1 for number in range(KILLS)),
        "lost": sum(found[f"once-{number}"] == 0 for number in range(KILLS)),
        "unknown": 0,
        "wrong_result": wrong,
        "plain_sqlalchemy_cut": PLAIN_KILLS,
        "plain_sqlalchemy_doubled": sum(found[f"plain-{number}"] > 1 for number in range(PLAIN_KILLS)),
        "plain_sqlalchemy_lost": sum(found[f"plain-{number}"] == 0 for number in range(PLAIN_KILLS)),
    }
    write_figures("once", engine_name, figures)
    assert [figures[name] for name in ("doubled", "lost", "wrong_result")] == [0, 0, 0], figures
