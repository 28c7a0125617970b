"""The shells of the engines: a script file and a database's URL in, the result in the shell out.

``catalogue`` returns the schema and rows of a database, as the engine's own dump shows them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from pydb.engines.mariadb.rules import SQL_MODE
from tests.harness.waiting import ALARM

PROGRAMS = {"sqlite": ("sqlite3",), "postgresql": ("psql", "pg_dump"), "mariadb": ("mariadb", "mariadb-dump")}
# Each dump of PostgreSQL has a different random key.
_CHANGING = re.compile(r"^\\(?:un)?restrict .*$|^/\*M?!999999.*$", re.MULTILINE)


def missing_shell(engine: str) -> str | None:
    """The first program of the engine that is not installed."""
    return next((name for name in PROGRAMS[engine] if shutil.which(name) is None), None)


def run_shell(engine: str, url: str, script: Path, *, comments: bool = False) -> bool:
    """Run the script in the engine's shell up to its first error; on PostgreSQL in one transaction.

    Returns whether it succeeded.  With ``comments``, the shell mariadb also sends comments, which it otherwise removes
    from bodies.
    """
    parsed = make_url(url)
    if engine == "sqlite":
        return _run(["sqlite3", "-bail", "-batch", str(parsed.database)], script).returncode == 0
    if engine == "postgresql":
        command = ["psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(script), *_postgresql(url)]
        return _run(command).returncode == 0
    # The modes of Database's sessions, which docs/for-dbas.md lists.
    command = ["mariadb", *_mariadb(url), "--comments" if comments else "--skip-comments"]
    command.append(f"--init-command=SET sql_mode='{SQL_MODE}', time_zone='+00:00'")
    return _run([*command, str(parsed.database)], script).returncode == 0


def catalogue(engine: str, url: str) -> str:
    """The complete content of the database."""
    return _CHANGING.sub("", dump(engine, url)).replace(str(make_url(url).database), "")


def script_of(engine: str, url: str) -> str:
    """The dump of a database, as its users make one; on SQLite without the surrounding transaction."""
    if engine == "mariadb":
        options = ["--routines", "--events", "--triggers", str(make_url(url).database)]
        return _run(["mariadb-dump", *_mariadb(url), *options]).stdout
    text = dump(engine, url)
    return text.replace("BEGIN TRANSACTION;\n", "").replace("COMMIT;\n0\n", "") if engine == "sqlite" else text


def dump(engine: str, url: str) -> str:
    """A script that creates the database again."""
    parsed = make_url(url)
    if engine == "sqlite":
        if not Path(str(parsed.database)).exists():
            return _run(["sqlite3", ":memory:", ".dump", "PRAGMA user_version"]).stdout
        return _run(["sqlite3", str(parsed.database), ".dump", "PRAGMA user_version"]).stdout
    if engine == "postgresql":
        return _run(["pg_dump", "--inserts", "--no-owner", *_postgresql(url)]).stdout
    options = ["--routines", "--events", "--triggers", "--skip-dump-date", "--skip-comments", "--compact"]
    return _run(["mariadb-dump", *_mariadb(url), *options, str(parsed.database)]).stdout


def _postgresql(url: str) -> list[str]:
    return ["-d", make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)]


def _mariadb(url: str) -> list[str]:
    parsed = make_url(url)
    where = [f"--host={parsed.host}", f"--port={parsed.port}", f"--user={parsed.username}"]
    return [
        "--no-defaults",
        "--protocol=tcp",
        *where,
        f"--password={parsed.password}",
        "--default-character-set=utf8mb4",
    ]


def _run(command: list[str], script: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGTZ": "UTC", "HOME": "/nonexistent"}
    with (script or Path(os.devnull)).open("rb") as stdin:
        return subprocess.run(
            command, stdin=stdin, capture_output=True, text=True, env=environment, timeout=ALARM * 4, check=False
        )
