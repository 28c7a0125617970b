"""The beginning of a transaction behind a pooler; tests/clusters/test_poolers.py runs it through one."""

from __future__ import annotations

import pytest
from psycopg import IsolationLevel

from pydb import Database
from pydb.engines.postgresql.pooler import begin_statement
from pydb.errors import OptionError
from tests.harness.proxy import Proxy


@pytest.mark.parametrize(
    ("modes", "sql"),
    [
        ((None, None, None), "BEGIN"),
        ((IsolationLevel.REPEATABLE_READ, True, None), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        ((IsolationLevel.SERIALIZABLE, False, True), "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE DEFERRABLE"),
        ((None, None, False), "BEGIN NOT DEFERRABLE"),
    ],
)
def test_begin(modes: tuple[IsolationLevel | None, bool | None, bool | None], sql: str) -> None:
    """The BEGIN contains the modes that the connection has, and leaves the other modes to the server."""
    assert begin_statement(*modes) == sql


@pytest.mark.engines("postgresql")
def test_settings_without_a_pooler(empty_url: str, proxy: Proxy) -> None:
    """The option works with the server's own address too, with three round trips for a block."""
    with Database(proxy.url(empty_url), pooler="transaction", lock_timeout=2.5) as database:
        with database.begin() as conn:
            assert conn.exec_driver_sql("SELECT current_setting('lock_timeout')").scalar_one() == "2500ms"
        before = proxy.requests
        with database.begin() as conn:
            assert conn.exec_driver_sql("SELECT current_setting('TimeZone')").scalar_one() == "UTC"
        assert proxy.requests == before + 3


@pytest.mark.parametrize("url", ["sqlite://", "mariadb+pymysql://u@localhost/d"])
def test_other_engines(url: str) -> None:
    """Other engines refuse the option."""
    with pytest.raises(OptionError, match="has no pooler='transaction'"):
        Database(url, pooler="transaction")


def test_other_kinds() -> None:
    """Other modes of pooling are refused."""
    with pytest.raises(OptionError, match="'transaction', or leave it out"):
        Database("postgresql+psycopg://u@localhost/d", pooler="session")  # type: ignore[arg-type]
