"""The statements in a trigger's code."""

from __future__ import annotations

import pytest

from pydb.usage.bodies import row_columns, statements_inside

PLPGSQL = """
DECLARE n integer;
BEGIN
    -- A comment; with a semicolon.
    IF NEW.a > 1 AND EXISTS (SELECT 1 FROM t WHERE t.a = NEW.a) THEN
        UPDATE t SET b = CASE WHEN b > 0 THEN 1 ELSE 2 END WHERE a = NEW.a;
    ELSE
        INSERT INTO u (a) VALUES (1) ON CONFLICT DO NOTHING;
    END IF;
    FOR n IN SELECT id FROM u LOOP
        PERFORM f(n);
    END LOOP;
    RETURN NEW;
END
"""


def test_plpgsql() -> None:
    """Conditions, loops and branches contain statements, which are found."""
    assert statements_inside(PLPGSQL, "postgresql") == [
        "SELECT 1 FROM t WHERE t.a = NEW.a",
        "UPDATE t SET b = CASE WHEN b > 0 THEN 1 ELSE 2 END WHERE a = NEW.a",
        "INSERT INTO u (a) VALUES (1) ON CONFLICT DO NOTHING",
        "SELECT id FROM u",
        "SELECT f(n)",
    ]


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
def test_a_block(engine: str) -> None:
    """A block has its statements, and a single statement is one."""
    body = "BEGIN UPDATE t SET a = 1; DELETE FROM u; END"
    assert statements_inside(body, engine) == ["UPDATE t SET a = 1", "DELETE FROM u"]
    assert statements_inside("INSERT INTO t (a) VALUES (NEW.a)", engine) == ["INSERT INTO t (a) VALUES (NEW.a)"]


def test_code_that_never_ends() -> None:
    """Code with an unterminated string has no statements."""
    assert statements_inside("BEGIN SELECT 'x", "sqlite") == []


def test_the_columns_of_a_trigger_s_row() -> None:
    """NEW and OLD have columns, which are read or assigned to."""
    body = 'BEGIN NEW.a := OLD.b; IF NEW.c = 1 THEN NEW."D" = 2; END IF; RETURN NEW; END'
    assert row_columns(body, "postgresql") == {("a", True), ("b", False), ("c", False), ('"D"', True)}
    assert row_columns("SET NEW.a = NEW.b", "mariadb") == {("a", True), ("b", False)}
    assert row_columns("SET NEW.a = 'x", "mariadb") == set()


def test_calls_outside_of_statements() -> None:
    """A condition, and a returned or assigned value, is a query if it calls a function."""
    body = "BEGIN x := f(1); IF g(x) > 1 THEN y := 2; RETURN h(x) + 1; END IF; RETURN NEW; END"
    assert statements_inside(body, "postgresql") == ["SELECT f(1)", "SELECT g(x) > 1", "SELECT h(x) + 1"]
    assert statements_inside("SET NEW.a = f(NEW.b)", "mariadb") == ["SELECT f(NEW.b)"]


def test_every_query_of_a_condition() -> None:
    """Each query in a condition or value is found, and CASE does not divide a value."""
    body = """BEGIN
        IF EXISTS (SELECT 1 FROM a) AND NOT EXISTS (SELECT 1 FROM b) THEN
            n := (SELECT 1 FROM c) + (SELECT 2 FROM d);
        END IF;
        n := CASE WHEN EXISTS (SELECT 1 FROM e) THEN f(1) ELSE g(2) END;
        EXIT WHEN (SELECT true FROM h);
        RETURN NEXT k(n);
    END"""
    assert statements_inside(body, "postgresql") == [
        *(f"SELECT {found}" for found in ("1 FROM a", "1 FROM b", "1 FROM c", "2 FROM d", "1 FROM e")),
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM e) THEN f(1) ELSE g(2) END",
        "SELECT true FROM h",
        "SELECT k(n)",
    ]


def test_variables_that_take_the_result() -> None:
    """INTO and its variables are removed, except the INTO of an INSERT."""
    body = "INSERT INTO t (a) VALUES (1) RETURNING id, a INTO STRICT NEW.id, n; SELECT a INTO x FROM t; SELECT 1 INTO n"
    assert [" ".join(text.split()) for text in statements_inside(body, "postgresql")] == [
        "INSERT INTO t (a) VALUES (1) RETURNING id, a",
        "SELECT a FROM t",
        "SELECT 1",
    ]


@pytest.mark.parametrize(
    "code",
    ["EXECUTE 'DELETE FROM t'", "TRUNCATE t", "CALL p(1)", "LOCK TABLE t", "CREATE TEMP TABLE x AS SELECT 1 FROM t"],
)
def test_code_that_is_not_analysed(code: str) -> None:
    """A statement that may use tables and cannot be analysed is not skipped."""
    assert statements_inside(f"BEGIN {code}; END", "postgresql") == [code]
    assert statements_inside("BEGIN RETURN QUERY EXECUTE q; END", "postgresql") == ["EXECUTE q"]
