"""PostgreSQL's SQL as a text."""

from __future__ import annotations

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.tokens import COMMENT, STRING


def parse(sql: str) -> None:
    parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", "postgresql")


@pytest.mark.parametrize("text", ["$$a;b$$", "$tag$ $$ $tag$", "E'a\\'b'", "'a'\n'b'"])
def test_strings(text: str) -> None:
    """Dollar quotes, E'' strings, and strings that continue after a line break are one string."""
    assert tokenize(text, "postgresql")[0].kind == STRING
    assert tokenize(text, "postgresql")[0].text.startswith(text[:2])


def test_comments_nest() -> None:
    """A comment ends with its outermost comment."""
    assert [token.kind for token in tokenize("/* a /* b */ c */", "postgresql")] == [COMMENT]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SET work_mem = '1MB';", "the effect of SET work_mem lasts beyond the transaction"),
        ("SELECT set_config('a.b', 'c', false);", "set_config"),
        ("LISTEN news;", "the effect of LISTEN lasts beyond the transaction"),
        ("SELECT 1 WHERE :a IS NULL;", "PostgreSQL cannot determine the type of :a"),
        ("SELECT a = ?;", "is not a parameter here"),
    ],
)
def test_what_is_refused(sql: str, message: str) -> None:
    """SQL that changes the session, or that PostgreSQL or its driver would understand differently, is refused."""
    with pytest.raises(SqlFileError) as caught:
        parse(sql)
    assert message in str(caught.value)


@pytest.mark.parametrize("sql", ["SET LOCAL work_mem = '1MB';", "SELECT a ? 'b', a ->> 'c';", "SELECT a::text FROM t;"])
def test_what_passes(sql: str) -> None:
    """Settings of the transaction, JSON's operators and casts are accepted."""
    parse(sql)
