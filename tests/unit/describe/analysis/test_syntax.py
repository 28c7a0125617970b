"""The syntax tree of a statement, read as the engine reads it."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pydb.describe.analysis.syntax import analysed_text, parse
from pydb.engines import engine_names
from pydb.sqlfile.definition import Placeholder


@pytest.mark.parametrize("engine", engine_names())
def test_parameters_keep_their_names(engine: str) -> None:
    """A parameter is a placeholder with its own name, even if that is a keyword."""
    text = analysed_text(("SELECT a FROM t WHERE b = ", Placeholder("select"), " AND c IN ", Placeholder("x", True)))
    tree = parse(text, engine)
    assert tree is not None
    assert sorted(str(node.this) for node in tree.find_all(exp.Placeholder)) == ["select", "x"]


def test_what_cannot_be_read() -> None:
    """A statement that sqlglot does not read, or reads as a command, has no tree."""
    for sql in ("SELECT FROM (", "", "SELECT 1; SELECT 2"):
        assert parse(sql, "sqlite") is None


def test_mariadb_in_ansi_mode() -> None:
    """On pydb's connections, double quotes enclose names in MariaDB, and ``||`` concatenates text."""
    tree = parse('SELECT "a" || b FROM t', "mariadb")
    assert tree is not None
    assert tree.find(exp.DPipe) is not None
    assert {column.name for column in tree.find_all(exp.Column)} == {"a", "b"}


def test_replace_is_an_insert() -> None:
    """REPLACE INTO is analysed as an INSERT."""
    assert isinstance(parse("REPLACE INTO t (a) VALUES (1)", "mariadb"), exp.Insert)


def test_the_targets_of_delete_using() -> None:
    """MariaDB's DELETE FROM a, b USING … deletes from each table of the list; PostgreSQL's from the named one."""
    tree = parse("DELETE FROM a, b USING t AS a, b INNER JOIN c ON c.x = b.x", "mariadb")
    assert tree is not None
    assert [table.name for table in tree.args["tables"]] == ["a", "b"]
    assert [table.alias_or_name for table in tree.this.find_all(exp.Table)] == ["a", "b", "c"]
    tree = parse("DELETE FROM a USING b", "postgresql")
    assert tree is not None
    assert (tree.this.name, not tree.args.get("tables")) == ("a", True)


def test_types_that_nest_too_deep() -> None:
    """Types that look like calls are not parsed in both ways at every level."""
    assert parse("SELECT " + "date(" * 30 + "a" + ")" * 30 + " FROM t", "sqlite") is None


@pytest.mark.parametrize(
    ("engine", "sql"),
    [
        ("sqlite", "UPDATE OR IGNORE\nt SET a = 1"),
        ("mariadb", "-- A comment.\nUPDATE IGNORE t SET a = 1"),
        ("mariadb", "DELETE QUICK IGNORE FROM t"),
        ("mariadb", "INSERT DELAYED INTO t (a) VALUES (1)"),
        ("mariadb", "INSERT INTO t (a) VALUES (NEXT VALUE FOR `s`)"),
    ],
)
def test_what_the_parser_does_not_read(engine: str, sql: str) -> None:
    """Words that do not matter for the analysis do not prevent the statement from being read."""
    tree = parse(sql, engine)
    assert tree is not None
    table = tree.find(exp.Table)
    assert table is not None
    line = next(number for number, text in enumerate(sql.splitlines(), 1) if " t " in f" {text} ")
    assert (table.name, table.this.meta["line"]) == ("t", line)
