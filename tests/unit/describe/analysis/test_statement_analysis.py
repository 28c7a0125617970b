"""The nullability analysis, rule by rule, on a hand-written catalogue."""

import pytest

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.engines import engine_names
from tests.harness.analysis import columns, verdict

CASES: list[tuple[str, str]] = [
    ("SELECT id, name, email FROM users", "--n"),
    ("SELECT * FROM users", "--nn"),
    ("SELECT u.name, p.title FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id", "-n"),
    ("SELECT u.name, p.title FROM users AS u RIGHT JOIN posts AS p ON p.user_id = u.id", "n-"),
    ("SELECT u.name, p.title FROM users AS u FULL JOIN posts AS p ON p.user_id = u.id", "nn"),
    ("SELECT u.name, p.title FROM users AS u LEFT JOIN posts AS p ON true WHERE p.id > 0", "--"),
    ("SELECT u.name, p.title FROM users AS u LEFT JOIN posts AS p ON true WHERE p.score IS NULL", "-n"),
    ("SELECT email FROM users WHERE email IS NOT NULL", "-"),
    ("SELECT email FROM users WHERE email IS NOT NULL OR age > 1", "n"),
    ("SELECT email FROM users WHERE NOT (email IS NULL)", "-"),
    ("SELECT email FROM users WHERE email NOT IN (SELECT name FROM users)", "n"),
    ("SELECT age FROM users WHERE age <> ALL (SELECT id FROM posts)", "n"),
    ("SELECT count(*), sum(age), max(name) FROM users", "-nn"),
    ("SELECT name, count(age), sum(id), sum(age) FROM users GROUP BY name", "---n"),
    ("SELECT name, count(*) FROM users GROUP BY ROLLUP (name)", "n-"),
    ("SELECT coalesce(name, 'all') FROM users GROUP BY ROLLUP (coalesce(name, 'all'))", "n"),
    ("SELECT CASE WHEN age > 1 THEN 'a' END, CASE WHEN age > 1 THEN 'a' ELSE 'b' END FROM users", "n-"),
    ("SELECT coalesce(email, name), coalesce(email, age::text) FROM users", "-n"),
    ("SELECT lag(name) OVER (ORDER BY id), lag(name, 1, '') OVER (ORDER BY id) FROM users", "n-"),
    ("SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM users", "n"),
    ("SELECT (SELECT title FROM posts LIMIT 1), (SELECT count(*) FROM posts) FROM users", "n-"),
    ("SELECT name FROM users UNION SELECT email FROM users", "n"),
    ("SELECT name FROM users INTERSECT SELECT email FROM users", "-"),
    ("SELECT email FROM users EXCEPT SELECT name FROM users", "n"),
    ("WITH t AS (SELECT email AS e FROM users WHERE email > 'a') SELECT e FROM t", "-"),
    ("WITH RECURSIVE t (n, v) AS (SELECT 1, 1 UNION ALL SELECT n + 1, nullif(v, 1) FROM t) SELECT n, v FROM t", "-n"),
    ("WITH users AS (SELECT email AS name FROM users) SELECT name FROM users", "n"),
    ("SELECT t.n FROM users CROSS JOIN LATERAL (SELECT users.email AS n) AS t", "n"),
    ("INSERT INTO users (name) VALUES (:name) RETURNING id, email", "-n"),
    ("UPDATE users SET email = NULL WHERE email IS NOT NULL RETURNING email", "n"),
    ("SELECT no_such_function(name), users.no_such_column, nosuch.x FROM users", "nnn"),
    ("SELECT :x, :x IS NULL, coalesce(:x, 1) FROM users", "n--"),
]


@pytest.mark.parametrize(("sql", "expected"), CASES, ids=[case[0] for case in CASES])
def test_rules(sql: str, expected: str) -> None:
    """Each rule of the analysis is applied on PostgreSQL."""
    assert verdict(sql) == expected


@pytest.mark.parametrize(
    ("sql", "sqlite", "postgresql", "mariadb"),
    [
        ("SELECT id / age, id / id, id / 2 FROM users WHERE age > 0", "nn-", "---", "nn-"),
        ("SELECT name || name, lower(name) FROM users", "--", "--", "--"),
        ("SELECT CAST(name AS date), CAST(name AS char(5)) FROM users", "--", "--", "n-"),
        ("SELECT concat(email, name) FROM users", "n", "-", "n"),
        ("SELECT greatest(age, id) FROM users", "n", "-", "n"),
        ('SELECT "name" FROM users', "-", "-", "-"),
    ],
)
def test_engines_differ(sql: str, sqlite: str, postgresql: str, mariadb: str) -> None:
    """The same SQL may be NULL on one engine and not on another."""
    assert [verdict(sql, engine) for engine in engine_names()] == [sqlite, postgresql, mariadb]


def test_unread_statement() -> None:
    """Nothing is known about the columns of a statement that sqlglot does not read."""
    assert verdict("SELECT FROM WHERE (") is None
    assert verdict("CALL something(1)") is None


def test_declared_parameters() -> None:
    """A parameter that is declared as never None makes no column nullable."""
    assert verdict("SELECT :a, :b FROM users", never_null=["a"]) == "-n"


def test_unquoted_names_are_folded() -> None:
    """PostgreSQL distinguishes quoted names by case; SQLite, and MariaDB for columns, never do."""
    tables = {"t": TableFacts("t", {**columns(a="integer"), "A": ColumnFacts("A", "integer", nullable=True)})}
    found = analyse('SELECT a, A, "A" FROM t', Catalogue("postgresql", tables)).columns
    assert found is not None
    assert [column.nullable for column in found] == [False, False, True]
    assert verdict('SELECT NAME, "Name" FROM users', "sqlite") == "--"
