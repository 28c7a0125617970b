"""MariaDB's SQL as a text."""

from __future__ import annotations

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.script import statements
from pydb.sqlfile.tokens import COMMENT, QUOTED, WORD


def parse(sql: str) -> None:
    parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", "mariadb")


def test_tokens() -> None:
    """``#`` begins a comment, ``--`` only before white space, ``/*! */`` is code, variables are words."""
    assert [token.kind for token in tokenize("# a", "mariadb")] == [COMMENT]
    assert COMMENT not in [token.kind for token in tokenize("1--1", "mariadb")]
    assert WORD in [token.kind for token in tokenize("/*! STRAIGHT_JOIN */", "mariadb")]
    assert tokenize("@@sql_mode", "mariadb")[0].kind == WORD
    assert tokenize("`a b`", "mariadb")[0].kind == QUOTED


def test_delimiters() -> None:
    """A script may choose the delimiter of its statements."""
    script = "SELECT 1;\nDELIMITER //\nCREATE TRIGGER x BEGIN SELECT 1; END//\nDELIMITER ;\nSELECT 2;"
    assert [text for _, text in statements(script, "mariadb")] == [
        "SELECT 1",
        "CREATE TRIGGER x BEGIN SELECT 1; END",
        "SELECT 2",
    ]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SET sql_mode = '';", "the effect of SET sql_mode lasts beyond the transaction"),
        ("SELECT @a := 1;", "the effect of @a lasts beyond the transaction"),
        ("SELECT get_lock('a', 1);", "GET_LOCK"),
        (r"SELECT 'a\'b';", "NO_BACKSLASH_ESCAPES"),
    ],
)
def test_what_is_refused(sql: str, message: str) -> None:
    """SQL that changes the session, or that depends on a setting of the connection, is refused."""
    with pytest.raises(SqlFileError) as caught:
        parse(sql)
    assert message.lower() in str(caught.value).lower()


def test_what_passes() -> None:
    """A setting for one statement is accepted."""
    parse("SET STATEMENT max_statement_time = 1 FOR SELECT 1;")
