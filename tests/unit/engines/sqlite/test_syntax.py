"""SQLite's SQL as a text."""

from __future__ import annotations

import pytest

from pydb.engines.sqlite.syntax import pragma_lasts
from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import QUOTED


def parse(sql: str) -> None:
    parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", "sqlite")


@pytest.mark.parametrize("name", ["[a b]", "`a b`", '"a b"'])
def test_quoted_names(name: str) -> None:
    """Brackets, backticks and double quotes are quotes of names."""
    assert [(token.kind, token.text) for token in tokenize(name, "sqlite")] == [(QUOTED, name)]


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("PRAGMA cache_size = 7;", "PRAGMA cache_size"),
        ("ATTACH 'x' AS x;", "ATTACH"),
        ("SELECT load_extension('x');", "load_extension"),
    ],
)
def test_what_lasts(sql: str, what: str) -> None:
    """A statement that changes the connection permanently is refused by name."""
    with pytest.raises(SqlFileError, match=f"{what}.* lasts beyond the transaction"):
        parse(sql)


@pytest.mark.parametrize("sql", ["PRAGMA table_info(t);", "PRAGMA user_version = 3;", "PRAGMA main.foreign_key_check;"])
def test_what_passes(sql: str) -> None:
    """A pragma that reads a setting, or that works on the file, is accepted."""
    parse(sql)


def test_pragmas() -> None:
    """Whether a pragma changes the connection does not depend on the case of its name."""
    assert pragma_lasts("Cache_Size")
    assert not pragma_lasts("TABLE_INFO")
    assert syntax_of("sqlite").sqlfluff_dialects[0] == "sqlite"
