"""Digests in MariaDB's form; tests/integration/test_top.py reads real ones."""

from __future__ import annotations

import pytest

from pydb.usage.engines.mariadb_statistics import MariadbStatistics

WAYS = MariadbStatistics("mariadb")


@pytest.mark.parametrize(
    ("digest", "sql"),
    [
        ("SELECT ID , `age` FROM `users` WHERE ID IN (...) ", "SELECT id, age FROM users WHERE id IN (:ids)"),
        ("INSERT INTO `t` ( NAME ) VALUES (?) /* , ... */ ", "INSERT INTO t (name)\nVALUES (:name)"),
        ("SELECT REPLACE ( `a` , ?, ... ) FROM `t` ", "SELECT REPLACE(a, 'x', :y) FROM t"),
        ("SELECT `a` (unknown) ? FROM `t` ", "SELECT a || :x FROM t"),
        ("INSERT INTO `t` VALUES ( ?, ... , (_charset) (unknown) ) ", "INSERT INTO t VALUES (:a, :b, :picture)"),
        ("SELECT DISTINCTROW SQL_TSI_MONTH FROM `t` WHERE `a` != ? ", "SELECT DISTINCT month FROM t WHERE a <> :a"),
        ("SELECT CAST ( `a` AS VARCHARACTER (?) ) , `a` RLIKE ? ", "SELECT CAST(a AS varchar(20)), a REGEXP :a"),
    ],
)
def test_a_digest_has_the_form_of_its_statement(digest: str, sql: str) -> None:
    """Short lists, bytes, || and words with several spellings have one form."""
    assert WAYS._measured((digest, 2, 0.5, 3, None), 1024).normal == WAYS.normal(sql)


def test_a_digest_that_is_cut() -> None:
    """A digest near the server's limit may be the beginning of a longer one, which has no mark at its end."""
    digest = "SELECT " + " , ".join(f"`a_column_{n}`" for n in range(50))
    assert WAYS._measured((digest, 1, 1.0, 1, None), 1024).cut is True
    assert WAYS._measured((digest, 1, 1.0, 1, None), 4096).cut is False


def test_a_digest_that_cannot_be_read() -> None:
    """A text that the lexer refuses is not pydb's, and no error is raised."""
    assert WAYS._measured(("SELECT `a", 1, 1.0, 1, None), 1024).normal == ""
