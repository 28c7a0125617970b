"""The allowed contents of a script on MariaDB, by its text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pydb import Database
from pydb.engines.mariadb.script_bounds import MariadbBounds
from pydb.engines.script_bounds import OutOfBounds

pytestmark = pytest.mark.engines("mariadb")


@pytest.fixture
def bounds(empty_db: Database) -> Iterator[MariadbBounds]:
    """The rules for a script on this database."""
    with empty_db.connect() as conn:
        yield MariadbBounds(lambda query: conn.exec_driver_sql(query).fetchall())


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE DATABASE other",
        "USE other",
        "CREATE USER other",
        "GRANT ALL ON *.* TO other",
        "SET GLOBAL max_connections = 1",
        "LOAD DATA INFILE '/srv/file' INTO TABLE t",
        "SELECT 1 INTO OUTFILE '/srv/file'",
        "DROP TABLE mysql.user",
        "START TRANSACTION",
        "INSTALL SONAME 'x'",
    ],
)
def test_what_is_refused(bounds: MariadbBounds, sql: str) -> None:
    """Other databases, users, server settings, files, plugins and transactions are refused."""
    with pytest.raises(OutOfBounds):
        bounds.check(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (outfile text, infile text)",
        "INSERT INTO t VALUES ('USE other')",
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END",
    ],
)
def test_what_passes(bounds: MariadbBounds, sql: str) -> None:
    """A script that stays in its database is accepted, whatever its names and strings contain."""
    bounds.check(sql)
