"""``pydb schema``: a schema script in, a database with its tables out."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from pydb.cli.connect import database_at, entered
from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import db_option, schema_option
from pydb.cli.printing import ask, say
from pydb.database import Database
from pydb.database.apply import Script
from pydb.engines.base import rules_of
from pydb.errors import PydbError
from pydb.project import engine_of, find_project, url_of
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.site import Site

__all__ = ["schema_group"]

CREATE = re.compile(
    r"CREATE (?:OR REPLACE )?(?:TEMP |TEMPORARY |UNLOGGED )*"
    r"(TABLE|VIEW|MATERIALIZED VIEW|TYPE|DOMAIN|SEQUENCE|FUNCTION) (?:IF NOT EXISTS )?(\S+(?: \. \S+)?)",
    re.IGNORECASE,
)
AGAIN = "    hint: `pydb schema reset` starts again from any state"


@click.group("schema")
def schema_group() -> None:
    """Create the schema in a database, or drop and create it again."""


@schema_group.command("apply")
@schema_option
@db_option
@pass_done_so_far
def apply_command(done_so_far: DoneSoFar, schema: str | None, db: str | None) -> None:
    """Create the schema in a database that has none of its tables."""
    url, script = _place(schema, db)
    with database_at(url) as database:
        present = _present(database, script)
        if present:
            raise PydbError(
                f"{_shown(database)} already has {_some(present)}",
                hint="`pydb schema reset` drops and creates them again; all their rows are lost",
            )
        if database.rules.ddl_commits:
            done_so_far.set(_Tables(url, script).created)
        else:
            done_so_far.set("nothing was created")
            done_so_far.watch_commit(database.engine)
        database.apply(script)
        done = f"created the schema of {script} in {_shown(database)}"
        done_so_far.set(done)
        say(done, err=True)


@schema_group.command("reset")
@schema_option
@db_option
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_done_so_far
def reset_command(done_so_far: DoneSoFar, schema: str | None, db: str | None, yes: bool) -> None:
    """Drop everything that the schema script creates, with all rows, and create it again.

    On SQLite and PostgreSQL this is one transaction: an error or an interrupt leaves the old tables with their rows.
    """
    url, script = _place(schema, db)
    created = _created(script, engine_of(url))
    with database_at(url) as database:
        if not yes:
            ask(f"Drop the tables of {script} in {_shown(database)}, and all their rows?")
        tables = _Tables(url, script, len(_present(database, script))) if database.rules.ddl_commits else None
        done_so_far.set(tables.dropped if tables else "nothing was changed, all rows are kept")
        if tables is None:
            done_so_far.watch_commit(database.engine)
        with entered(database.begin()) as conn:
            whole = Script(script, database.rules, conn)  # before the DROPs: a refused script must drop nothing
            for kind, name in reversed(created):
                conn.exec_driver_sql(f"DROP {kind} IF EXISTS {name}")
            if tables is not None:
                done_so_far.set(tables.created)
            whole.run()
        done = f"created the schema of {script} again in {_shown(database)}"
        done_so_far.set(done)
        say(done, err=True)


class _Tables:
    """Counts the tables after an interrupt, on an engine that commits each statement; on a new connection."""

    def __init__(self, url: URL, script: str, before: int = 0) -> None:
        self._url = url
        self._script = script
        self._before = before

    def dropped(self) -> str:
        """The text for an interrupt before the first table is created."""
        now = self._count()
        if now == self._before:
            return "no table was dropped"
        gone = "an unknown number" if now is None else self._before - now
        return f"{gone} of {self._before} tables dropped with their rows, none created again{AGAIN}"

    def created(self) -> str:
        """The text for an interrupt after that."""
        now = self._count()
        wanted = sum(kind == "TABLE" for kind, _ in _created(self._script, engine_of(self._url)))
        before = f"{self._before} tables dropped with their rows, " if self._before else ""
        return f"{before}{'an unknown number' if now is None else now} of {wanted} tables created{AGAIN}"

    def _count(self) -> int | None:
        with suppress(PydbError, SQLAlchemyError), database_at(self._url) as database:
            return len(_present(database, self._script))
        return None


def _shown(database: Database) -> str:
    # Database has already removed from the query what may be secret.
    return database.engine.url.render_as_string()


def _place(schema: str | None, db: str | None) -> tuple[URL, str]:
    project = find_project(Path.cwd())
    url = url_of(db, project)
    script = project.schema_path(schema, engine_of(url))
    if not Path(script).is_file():
        raise PydbError(f"the schema script {script} does not exist", hint="--schema FILE")
    return url, script


def _present(database: Database, script: str) -> list[str]:
    with entered(database.read()) as conn:
        tables = {name.lower() for name in inspect(conn).get_table_names()}
    created = _created(script, engine_of(database.engine.url))
    return [name for kind, name in created if kind == "TABLE" and _bare(name) in tables]


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip('"`[]').lower()


def _created(script: str, engine: str) -> list[tuple[str, str]]:
    """The things that a script creates, in its order, as pairs of the kind and the name as written."""
    found = []
    text = file_text(script)
    for line, statement in rules_of(engine).statements(text):
        try:
            code = [token.text for token in token_list(statement, engine).tokens]
        except Unterminated as error:
            site = Site(script, line, statement, whole=text)
            raise site.error(f"a {error.what} is never closed", "close it", at=error.start) from None
        match = CREATE.match(" ".join(code))
        if match:
            found.append((match[1].upper(), match[2].replace(" ", "")))
    return found
