"""Draft a migration: an engine's migrations and its schema script in; the text of the next migration out.

The migration leads from the earlier migrations to the schema script.  Each of its statements is run in a scratch
database, to which the migrations were applied.  The draft names the differences from the schema that are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from pydb.database.error_translation import translated
from pydb.describe.changes import Change, SchemaTexts, changes_of, differing
from pydb.engines.base import rules_of
from pydb.errors import DatabaseError, MigrationError
from pydb.migrations.engine_migrations import Patience, migrations_of
from pydb.migrations.files import Migration
from pydb.migrations.replay import Replay, replayed, schema_fingerprint
from pydb.migrations.run import single_statements
from pydb.migrations.runner import WAIT
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.syntax import syntax_of

__all__ = ["MigrationDraft", "draft", "draft_file"]

_HEADER = "-- pydb: DRAFT: read each statement, correct it, and delete this line.\n"
_NAME = re.compile(r"[A-Za-z0-9]\w*", re.ASCII)
_ROUNDS = 3
"""The maximum number of rounds: PostgreSQL writes some definitions in another way after a type has changed."""


@dataclass(slots=True)
class MigrationDraft:
    """The text of a migration, and the parts of the schema that it does not create."""

    text: str = _HEADER
    missing: list[str] = field(default_factory=list)

    def write(self, change: Change, engine: str, refused: str | None) -> None:
        """Add a statement with its notes, or as a comment if the engine has refused it."""
        notes = [*(change.note or "").splitlines()]
        if refused is not None:
            notes.append(f"The database refuses this statement: {' '.join(refused.split())}")
        comment = "".join(f"-- {note}\n" for note in notes)
        sql = _terminated(change.sql, engine) if change.sql else ""
        if refused is not None:
            sql = "".join(f"-- {line}\n" for line in sql.splitlines())
        self.text += f"\n{comment}{sql}"


def draft(engine: str, url: URL | None, migrations: Sequence[Migration], schema: str) -> MigrationDraft | None:
    """The migration that leads from these migrations to the schema script; None if their schemas are equal.

    If there are no migrations, it is the schema script itself.  Raises MigrationError, SqlFileError and PydbError as
    a replay does.
    """
    if not migrations:
        return MigrationDraft(f"{_HEADER}\n{file_text(schema)}")
    wanted = schema_fingerprint(engine, url, schema)
    with replayed(engine, url, migrations) as replay:
        if not differing(replay.fingerprint(), wanted):
            return None
        made = MigrationDraft()
        _write(made, engine, replay, wanted, SchemaTexts(schema, engine))
        made.missing = [item.name for item in differing(replay.fingerprint(), wanted)]
    if made.missing:
        made.text += "".join(f"\n-- Not drafted: {name}" for name in made.missing) + "\n"
    return made


def draft_file(folder: str, migrations: Iterable[Migration], name: str, engine: str | None) -> Path:
    """The path of the next migration, in the folder of ``engine`` if one is given.  Raises MigrationError."""
    if not _NAME.fullmatch(name):
        raise MigrationError(
            f"{name} cannot be the name of a migration", hint="use letters, digits and underscores, such as add_phone"
        )
    known = list(migrations)
    number = max((migration.version for migration in known), default=0) + 1
    digits = max((len(migration.name.partition("_")[0]) for migration in known), default=4)
    return Path(folder, engine or "", f"{number:0{digits}}_{name}.sql")


def _write(made: MigrationDraft, engine: str, replay: Replay, wanted: dict[str, str], texts: SchemaTexts) -> None:
    """Write the statements that change the schema to the wanted one, round by round."""
    written: set[tuple[str, str | None]] = set()
    own = migrations_of(engine)
    for _ in range(_ROUNDS):
        changes = changes_of(engine).changes(replay.fingerprint(), wanted, texts)
        new = [change for change in changes if (change.sql, change.note) not in written]
        with single_statements(replay.db, own, Patience(WAIT, lambda: None)) as conn:
            for change in new:
                written.add((change.sql, change.note))
                made.write(change, engine, _refused(conn, engine, change.sql) if change.sql else None)
        if not new or not differing(replay.fingerprint(), wanted):
            return


def _refused(conn: Connection, engine: str, sql: str) -> str | None:
    """Run a statement; return why it is refused, or None."""
    try:
        with translated(rules_of(engine)):
            conn.exec_driver_sql(sql, execution_options={"no_parameters": True}).close()
    except DatabaseError as error:
        return error.message
    return None


def _terminated(sql: str, engine: str) -> str:
    """A statement with the delimiter that the engine's shell needs."""
    if syntax_of(engine).delimiter_lines and any(token.text == ";" for token in tokenize(sql, engine)):
        return f"DELIMITER //\n{sql}//\nDELIMITER ;\n"
    return f"{sql};\n"
