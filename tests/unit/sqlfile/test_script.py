"""Splitting scripts into statements."""

from __future__ import annotations

import pytest

from pydb.sqlfile.script import statements

CASES = [
    ("", []),
    ("-- Only a comment; no statement.\n/* ; */", []),
    ("SELECT 1", [(1, "SELECT 1")]),
    (";;SELECT 1;;", [(1, "SELECT 1")]),
    ("-- One; first.\nSELECT 1; -- after;\n\n-- Two.\nSELECT ';', 2;\n", [(2, "SELECT 1"), (5, "SELECT ';', 2")]),
    ('SELECT "a;b" FROM t;\nSELECT 2', [(1, 'SELECT "a;b" FROM t'), (2, "SELECT 2")]),
    ("SELECT 'never closed; SELECT 2;", [(1, "SELECT 'never closed; SELECT 2;")]),
    ("SELECT 1;\nSELECT /* never closed; SELECT 2;", [(1, "SELECT 1"), (2, "SELECT /* never closed; SELECT 2;")]),
    ("SELECT CASE WHEN 1 THEN 2 END; SELECT 3", [(1, "SELECT CASE WHEN 1 THEN 2 END"), (1, "SELECT 3")]),
]
BODIES = [
    ("sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END"),
    ("sqlite", "CREATE TEMP TRIGGER IF NOT EXISTS t AFTER INSERT ON a BEGIN SELECT 1; END"),
    ("postgresql", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END"),
    ("postgresql", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $a$ BEGIN RETURN 1; END; $a$"),
    ("postgresql", "DO $$ BEGIN PERFORM 1; END $$"),
    ("mariadb", "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; SELECT 2; END"),
    ("mariadb", "CREATE PROCEDURE p() BEGIN CASE 1 WHEN 1 THEN SELECT 1; END CASE; SELECT 2; END"),
    ("mariadb", "CREATE OR REPLACE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END"),
]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
@pytest.mark.parametrize(("script", "expected"), CASES)
def test_statements(engine: str, script: str, expected: list[tuple[int, str]]) -> None:
    """A statement ends at a semicolon in code, and has the line of its first word."""
    assert list(statements(script, engine)) == expected


@pytest.mark.parametrize(("engine", "body"), BODIES)
def test_bodies(engine: str, body: str) -> None:
    """A semicolon inside a body does not end a statement."""
    assert [text for _, text in statements(f"{body};\nSELECT 1;", engine)] == [body, "SELECT 1"]


def test_delimiter_lines() -> None:
    """DELIMITER lines change the delimiter of MariaDB's statements, outside strings and comments."""
    script = "SELECT 1;\ndelimiter //\nSELECT '//'; -- //\nSELECT 2//\nSELECT 3\n//\nDELIMITER ;\nSELECT 4; SELECT 5\n"
    expected = [(1, "SELECT 1"), (3, "SELECT '//'; -- //\nSELECT 2"), (5, "SELECT 3"), (8, "SELECT 4"), (8, "SELECT 5")]
    assert list(statements(script, "mariadb")) == expected


SHELLS = [
    ("sqlite", "# It's a comment;\nSELECT 1;\nSELECT 2;", [(2, "SELECT 1"), (3, "SELECT 2")]),
    ("sqlite", "CREATE TABLE trigger (begin);\nSELECT 1", [(1, "CREATE TABLE trigger (begin)"), (2, "SELECT 1")]),
    ("sqlite", "SELECT 1; /* never closed; SELECT 2;", [(1, "SELECT 1")]),
    ("postgresql", "\\restrict it's\nSELECT 1;\n\\unrestrict it's\n", [(2, "SELECT 1")]),
    ("postgresql", "SELECT 1 \\g it's\nSELECT 2;", [(1, "SELECT 1"), (1, "\\g it's"), (2, "SELECT 2")]),
    ("postgresql", "CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2);SELECT 3", None),
    ("mariadb", "--it's\n-------\nSELECT 1; --x", [(3, "SELECT 1")]),
    ("mariadb", "DELIMITER // x\nSELECT 1;//\n/*\nDELIMITER ;\n*/ SELECT 2//", [(2, "SELECT 1;"), (5, "SELECT 2")]),
    ("mariadb", "SELECT '\nDELIMITER //\n'; SELECT 2", [(1, "SELECT '\nDELIMITER //\n'"), (3, "SELECT 2")]),
]


@pytest.mark.parametrize(("engine", "script", "expected"), SHELLS)
def test_what_the_shells_do(engine: str, script: str, expected: list[tuple[int, str]] | None) -> None:
    """Text that a shell ignores is not a statement, and a command of a shell is a separate one."""
    found = list(statements(script, engine))
    if expected is None:
        first, last = script.rsplit(";", 1)
        expected = [(1, first), (1, last)]
    assert found == expected
