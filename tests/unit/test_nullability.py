"""The nullability analysis, rule by rule, against a catalogue written by hand."""

from collections.abc import Mapping

import pytest

from pydb.describe.analysis.nullability import analyse
from pydb.describe.analysis.parameters import parameter_evidence
from pydb.describe.analysis.syntax import analysed_text, parse, source_text
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.engines import engine_names
from pydb.sqlfile.definition import Placeholder


def columns(**spelled: str) -> Mapping[str, ColumnFacts]:
    """``name="integer?"``: a type, and a question mark where NULL is allowed."""
    kinds = {"integer": "int", "text": "text", "numeric": "num", "date": "temporal"}
    return {
        name: ColumnFacts(
            name,
            type_.rstrip("?"),
            nullable=type_.endswith("?"),
            kind=kinds[type_.rstrip("?")],
            magnitude=1e9 if type_.startswith(("integer", "numeric")) else None,
        )
        for name, type_ in spelled.items()
    }


TABLES = {
    "users": TableFacts("users", columns(id="integer", name="text", email="text?", age="integer?")),
    "posts": TableFacts("posts", columns(id="integer", user_id="integer", title="text", score="numeric?")),
}


def catalogue(engine: str) -> Catalogue:
    return Catalogue(engine, TABLES)


def verdict(sql: str, engine: str = "postgresql", **options: list[str]) -> str | None:
    """One letter a column: ``n`` may be NULL, ``-`` may not; None where the columns cannot be told."""
    found = analyse(sql, catalogue(engine), **options).columns
    return None if found is None else "".join("n" if column.nullable else "-" for column in found)


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
    """Each rule of the analysis, on PostgreSQL."""
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
    """The same SQL may give NULL on one engine and not on another."""
    assert [verdict(sql, engine) for engine in engine_names()] == [sqlite, postgresql, mariadb]


def test_unread_statement() -> None:
    """A statement that sqlglot does not read has no columns that anything is known of."""
    assert verdict("SELECT FROM WHERE (") is None
    assert verdict("CALL something(1)") is None


def test_declared_parameters() -> None:
    """A parameter that is declared never to be None makes no column nullable."""
    assert verdict("SELECT :a, :b FROM users", never_null=["a"]) == "-n"


@pytest.mark.parametrize(
    ("sql", "types", "nullable"),
    [
        ("SELECT id FROM users WHERE age = :x", ["integer"], False),
        ("SELECT id FROM users WHERE :x < u.age", [], False),
        ("SELECT id FROM users WHERE id IN (:x)", ["integer"], False),
        ("SELECT id FROM users WHERE age BETWEEN :x AND 9", ["integer"], False),
        ("SELECT id FROM users LIMIT :x", ["bigint"], False),
        ("SELECT id FROM users WHERE name LIKE '%' || :x || '%'", [], False),
        ("SELECT id FROM users WHERE age + :x > 5", ["integer"], False),
        ("SELECT id FROM users WHERE CAST(:x AS date) IS NULL", ["date"], True),
        ("SELECT id FROM users WHERE (id, name) > (1, :x)", ["text"], False),
        ("SELECT id FROM users WHERE age = coalesce(:x, 5)", ["integer"], True),
        ("INSERT INTO users (name, age) VALUES ('a', :x)", ["integer"], True),
        ("INSERT INTO users (name, age) VALUES (:x, 1)", ["text"], False),
        ("INSERT INTO users (name, age) SELECT :x, id FROM posts", ["text"], False),
        ("UPDATE users SET email = :x WHERE id = 1", ["text"], True),
        ("UPDATE posts SET score = score + :x WHERE id = 1", ["numeric"], False),
        ("UPDATE users SET email = CASE WHEN id = 1 THEN :x ELSE email END", ["text"], True),
        ("SELECT id FROM users WHERE id = (SELECT max(user_id) FROM posts WHERE title = :x)", ["text"], False),
        ("SELECT id FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE posts.score > :x)", ["numeric"], False),
        ("WITH t AS (SELECT score AS s FROM posts) SELECT s FROM t WHERE s = :x", ["numeric"], False),
        ("SELECT :x FROM users", [], False),
    ],
)
def test_parameters(sql: str, types: list[str], nullable: bool) -> None:
    """A parameter has the type of the column that it is compared with, computed with or stored in."""
    evidence = parameter_evidence(analyse(sql, catalogue("sqlite")))["x"]
    assert (evidence.types, evidence.nullable) == (types, nullable)


def test_parameter_named_like_a_keyword() -> None:
    """``:key`` is a parameter of that name on every engine."""
    parts = ("SELECT id FROM users WHERE id = ", Placeholder("key"), " OR id IN ", Placeholder("all", sequence=True))
    assert source_text(parts) == "SELECT id FROM users WHERE id = :key OR id IN (:all)"
    for engine in engine_names():
        tree = parse(analysed_text(parts), engine)
        assert tree is not None
        found = parameter_evidence(analyse(analysed_text(parts), catalogue(engine)))
        assert sorted(found) == ["all", "key"]


def test_unquoted_names_are_folded() -> None:
    """PostgreSQL tells quoted names apart by case, SQLite and MariaDB's columns never."""
    tables = {"t": TableFacts("t", {**columns(a="integer"), "A": ColumnFacts("A", "integer", nullable=True)})}
    found = analyse('SELECT a, A, "A" FROM t', Catalogue("postgresql", tables)).columns
    assert found is not None
    assert [column.nullable for column in found] == [False, False, True]
    assert verdict('SELECT NAME, "Name" FROM users', "sqlite") == "--"
