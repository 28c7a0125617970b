"""Implicit commits of MariaDB, and the refusal of writes in a reading block."""

from __future__ import annotations

import pytest
from pymysql.err import OperationalError
from sqlalchemy import create_engine

from pydb.testing.engine_blocks import blocks_of


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("CREATE TABLE a (b int)", "CREATE"),
        ("CREATE TEMPORARY TABLE a (b int)", None),
        ("LOCK TABLES a WRITE", "LOCK"),
        ("set autocommit = 1", "SET autocommit"),
        ("SET @a = 1", None),
    ],
)
def test_implicit_commits(sql: str, word: str | None) -> None:
    """DDL and similar statements end the transaction."""
    assert blocks_of("mariadb").ending_word(sql) == word


def test_writes_are_refused_as_the_server_does() -> None:
    """The error has the server's number, and a query is accepted."""
    dialect = create_engine("mariadb+pymysql://").dialect
    blocks_of("mariadb").refuse_write("/* a.b */ SELECT 1", dialect)
    with pytest.raises(OperationalError) as caught:
        blocks_of("mariadb").refuse_write("/* a.b */ INSERT INTO a VALUES (1)", dialect)
    assert caught.value.args[0] == 1792
