"""An engine's syntax belongs to the engine: a registered engine uses its own, and needs no database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pydb.engines as registry
from pydb.engines import engine_names, register
from pydb.engines.mariadb.syntax import MariadbSyntax
from pydb.errors import SqlFileError
from pydb.lint.sqlfluff_style import dialects_for
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.loader import read
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.script import statements
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import QUOTED, WORD


class OddSyntax(MariadbSyntax):
    """MariaDB's syntax with a verb that no engine has, whose effect stays in the session."""

    lasting_verbs = {**MariadbSyntax.lasting_verbs, "LINGER": "hurry"}  # noqa: RUF012


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    """Two additional engines: ``toy`` is like SQLite, ``odd`` has its own syntax."""
    register("toy", like="sqlite")
    register("odd", like="mariadb", dialects=("odd",), syntax=OddSyntax)
    yield
    for name in ("toy", "odd"):
        del registry._engines[name]


def parse(sql: str, engine: str | None) -> None:
    parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", engine)


def message(sql: str, engine: str | None) -> str:
    with pytest.raises(SqlFileError) as caught:
        parse(sql, engine)
    return str(caught.value)


def test_lexing() -> None:
    """An engine's text is split by the rules of the engine that it is like."""
    assert [token.kind for token in tokenize("[a b]", "toy")] == [QUOTED]
    assert tokenize("@a", "odd")[0].kind == WORD
    assert syntax_of("toy").engine == "toy"
    assert syntax_of("toy") is not syntax_of("sqlite")


def test_scripts() -> None:
    """A script is split by these rules too."""
    script = "DELIMITER //\nSELECT 1; SELECT 2//"
    assert len(list(statements(script, "odd"))) == 1
    assert len(list(statements(script, "toy"))) == 2


def test_rules() -> None:
    """Each rule for a statement uses the syntax of the registered engine."""
    assert "the effect of PRAGMA foreign_keys lasts beyond the transaction" in message(
        "PRAGMA foreign_keys = ON;", "toy"
    )
    assert "the effect of LINGER lasts beyond the transaction    hint: hurry" in message("LINGER a;", "odd")
    assert "the effect of @a lasts beyond the transaction" in message("SELECT @a := 1;", "odd")
    assert "NO_BACKSLASH_ESCAPES" in message(r"SELECT 'a\'b';", "odd")
    assert "hint: hurry" in message("LINGER a;", "mariadb")  # which engines that are like MariaDB read too
    parse("LINGER a;", "postgresql")
    parse("SELECT :a IS NULL;", "toy")
    assert "the SQL is read differently by postgresql than by sqlite" in message("SELECT [a b];", None)


def test_shared_file() -> None:
    """A shared statement is for registered engines too."""
    parse("SELECT a FROM t WHERE id = :id;", None)
    assert "the effect of LINGER lasts beyond the transaction" in message("LINGER a;", None)


def test_folder(tmp_path: Path) -> None:
    """An overlay's folder has the registered name, and its statements follow that engine's rules."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "t.sql").write_text("-- name: x :many\nSELECT a FROM t;\n")
    (tmp_path / "toy" / "t.sql").write_text("-- name: x :many\nSELECT [a b] FROM t;\n")
    (found,) = read(tmp_path)
    assert found.forms["toy"].sql == "SELECT [a b] FROM t;"
    assert found.forms["sqlite"].sql == found.forms["odd"].sql == "SELECT a FROM t;"


def test_sqlfluff_dialects() -> None:
    """A shared form is linted with the dialect that most engines name, and an engine's form with its own dialect."""
    assert dialects_for("toy") == ("sqlite", "postgres")
    assert dialects_for(None)[0] == "postgres"


def test_no_driver() -> None:
    """All syntaxes are known without an engine's driver, and without the code that runs statements."""
    code = (
        "import sys; from pydb.engines import engine_names; from pydb.sqlfile.syntax import syntax_of;"
        "[syntax_of(engine) for engine in engine_names()];"
        "print([name for name in sys.modules if name in ('psycopg', 'pymysql', 'apsw', 'sqlite3')"
        " or name.startswith('pydb.engines.') and name.endswith('.rules')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_names_of_engines() -> None:
    """No module of sqlfile, lint or support names an engine in its code."""
    package = Path(registry.__file__).parent.parent
    for folder in ("sqlfile", "lint", "support"):
        for path in (package / folder).glob("*.py"):
            text = path.read_text()
            assert not [name for name in engine_names() if f'"{name}"' in text], path
