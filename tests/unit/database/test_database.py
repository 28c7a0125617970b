"""The arguments of Database, on SQLite; integration tests have transactions, pools and timeouts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import NullPool

from pydb import Database
from pydb.errors import PydbError


def test_repr_hides_the_password() -> None:
    """The repr has the URL without its password."""
    with Database("postgresql+psycopg://me:hunter2@localhost/app") as database:
        assert repr(database) == "Database('postgresql+psycopg://me:***@localhost/app')"


def test_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL, $DATABASE_URL is used, and if that is not set, the error says so."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///named.db")
    with Database() as database:
        assert database.engine.url.database == "named.db"
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(PydbError, match="no database is named"):
        Database()


def test_an_own_pool(tmp_path: Path) -> None:
    """A ``poolclass`` has its own size: pydb's size is not passed to it."""
    with Database(f"sqlite:///{tmp_path}/app.db", poolclass=NullPool) as database:
        assert isinstance(database.engine.pool, NullPool)


def test_autocommit_is_refused() -> None:
    """AUTOCOMMIT for all connections is refused, with the way to use it for one connection."""
    with pytest.raises(ValueError, match="begin\\(\\) cannot roll back under AUTOCOMMIT"):
        Database("sqlite://", isolation_level="autocommit")


def test_an_error_rolls_back(tmp_path: Path) -> None:
    """begin() commits at its end, and an error rolls it back; read() never commits."""
    with Database(f"sqlite:///{tmp_path}/app.db") as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        with pytest.raises(ZeroDivisionError), database.begin() as conn:
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0
