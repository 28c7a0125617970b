"""Make SQLite databases for tests: a folder in, the URLs of new files or copies in it out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import ClassVar

from pydb.testing.servers import DatabaseHost


class SqliteFolder(DatabaseHost):
    """A folder of database files."""

    engine: ClassVar[str] = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        return f"sqlite:///{self._file(database)}"

    def create_database(self, name: str, template: str | None = None) -> None:
        if template is not None:
            shutil.copyfile(self._file(template), self._file(name))

    def drop_database(self, name: str) -> None:
        for file in self._folder.glob(f"{name}.db*"):
            file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.db"


def sqlite_folder(_engine: str) -> type[SqliteFolder]:
    """The engine's part ``folder``."""
    return SqliteFolder
