"""Scripts and their bounds: every statement is examined before the first one runs."""

from __future__ import annotations

import pytest

from pydb.engines.script_bounds import OutOfBounds, checked, refuse_control, refuse_shell_command, run_checked
from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import token_list


class Bounds:
    """Rules with two forbidden statements: one by its text, one by its effect."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []

    def check(self, statement: str) -> None:
        if statement == "BAD":
            raise OutOfBounds("it is bad", "leave it out")

    def verify(self, statement: str | None) -> None:
        self.seen.append(statement)
        if statement == "SLY":
            raise OutOfBounds("it did more")


@pytest.mark.parametrize("sql", ["BEGIN", "commit", "ROLLBACK", "START TRANSACTION", "PREPARE TRANSACTION 'a'", "END"])
def test_control_of_transactions(sql: str) -> None:
    """A script may not control its transaction."""
    with pytest.raises(OutOfBounds, match="in a script"):
        refuse_control(token_list(sql, "postgresql"))


@pytest.mark.parametrize("sql", ["BEGIN NOT ATOMIC SELECT 1; END", "PREPARE a AS SELECT 1", "SELECT 1", "BEGINNING"])
def test_what_only_looks_like_it(sql: str) -> None:
    """Other statements with such words are accepted."""
    refuse_control(token_list(sql, "mariadb"))


def test_shell_commands() -> None:
    """The error about a shell command has its name and its shell."""
    with pytest.raises(OutOfBounds, match=r"\\connect is a command of psql, not SQL") as caught:
        refuse_shell_command("\\connect other", "\\", "psql")
    assert caught.value.hint == "run the script with psql, or remove it"
    refuse_shell_command("SELECT '\\connect'", "\\", "psql")


def test_the_first_bad_statement_is_named() -> None:
    """The error has the file, the line and the hint."""
    with pytest.raises(SqlFileError) as caught:
        checked([(1, "GOOD"), (5, "BAD")], Bounds(), "s.sql")
    assert (caught.value.file, caught.value.line, caught.value.message) == ("s.sql", 5, "it is bad")
    assert caught.value.hint == "leave it out"
    assert checked([(1, "GOOD")], Bounds(), "s.sql") == [(1, "GOOD")]


def test_what_a_statement_did_is_looked_at() -> None:
    """Each statement is verified after it ran, and the script at its end; after a violation no statement runs."""
    bounds, ran = Bounds(), []
    run_checked([(1, "GOOD"), (2, "FINE")], bounds, "s.sql", lambda line, statement: ran.append(statement))
    assert (ran, bounds.seen) == (["GOOD", "FINE"], ["GOOD", "FINE", None])
    ran.clear()
    with pytest.raises(SqlFileError) as caught:
        run_checked([(1, "SLY"), (2, "FINE")], Bounds(), "s.sql", lambda line, statement: ran.append(statement))
    assert (caught.value.line, ran) == (1, ["SLY"])
