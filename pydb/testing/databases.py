"""Make databases for the tests of one process: a host and a schema script in, URLs of databases out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pydb.database import Database
from pydb.testing.servers import DatabaseHost

__all__ = ["DatabaseMaker"]


class DatabaseMaker:
    """Makes databases on one host.  ``schema`` is the script that creates their tables; None creates none."""

    def __init__(self, host: DatabaseHost, schema: Path | None) -> None:
        self.host = host
        self._schema = schema
        self._template: str | None = None
        self._statements: list[str] | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables, which is dropped at the end."""
        with self._database(None) as url:
            yield url

    @contextmanager
    def filled(self) -> Iterator[str]:
        """The URL of a database in which the schema script has run, and nothing else; it is dropped at the end."""
        if self.host.copies and self._template is None and self._schema is not None:
            self._template = self._new(None)
            self._fill(self.host.url(self._template))
        with self._database(self._template) as url:
            if self._template is None:
                self._fill(url)
            yield url

    def close(self) -> None:
        """Drop the template database."""
        if self._template is not None:
            self.host.drop_database(self._template)
            self._template = None

    @contextmanager
    def _database(self, template: str | None) -> Iterator[str]:
        name = self._new(template)
        try:
            yield self.host.url(name)
        finally:
            self.host.drop_database(name)

    def _new(self, template: str | None) -> str:
        name = f"pydb_test_{uuid4().hex[:16]}"
        self.host.create_database(name, template)
        return name

    def _fill(self, url: str) -> None:
        if self._schema is None:
            return
        with Database(url) as database:
            if self._statements is None:
                database.apply(self._schema)
                # The script is split only once, because splitting it takes as long as running it.
                text = self._schema.read_text(encoding="utf-8")
                self._statements = [sql for _, sql in database.rules.statements(text)]
                return
            with database.begin() as conn:
                for sql in self._statements:
                    conn.exec_driver_sql(sql, execution_options={"no_parameters": True})
