"""Folders of migrations: texts by file name in, a written folder out; and the content of a database."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydb import Database


def write_migrations(folder: Path, files: Mapping[str, str]) -> Path:
    """Write migrations by file name without ``.sql``; a name may begin with the folder of an engine."""
    for name, text in files.items():
        file = folder / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with db.read() as conn:
        found = conn.exec_driver_sql(query, execution_options={"no_parameters": True})
        return [tuple(row) for row in found]


def journal(db: Database) -> list[tuple[Any, ...]]:
    """The rows of the journal: number, name, number of statements, number of finished ones, and whether it ended."""
    return rows(
        db, "SELECT version, name, statements, done, applied_at IS NOT NULL FROM pydb_migrations ORDER BY version"
    )
