"""The types that the places of a parameter require."""

import pytest

from pydb.describe.analysis.parameters import parameter_evidence
from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.analysis.syntax import analysed_text, parse
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.engines import engine_names
from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.rendering import as_written, render
from tests.harness.analysis import catalogue


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
    """A parameter has the type of the column with which it is compared or computed, or in which it is stored."""
    evidence = parameter_evidence(analyse(sql, catalogue("sqlite")))["x"]
    assert (evidence.types, evidence.nullable) == (types, nullable)


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("SELECT CASE WHEN :f THEN :x ELSE name END FROM users", "f: boolean, x: text"),
        ("SELECT CASE WHEN :f AND age > 1 THEN 1 END FROM users", "f: boolean"),
        ("SELECT CASE WHEN age > :n THEN 'x' WHEN :f IS NULL THEN :x END FROM users", "f: NULL, n: integer, x: text"),
        ("SELECT CASE :x WHEN 'a' THEN 1 ELSE 2 END FROM users", "x: text"),
        ("SELECT CASE name WHEN :x THEN :n ELSE age END FROM users", "n: integer, x: text"),
        ("SELECT id FROM users ORDER BY CASE WHEN :x = 'name' THEN name END", "x: text"),
        ("SELECT if(:f, :x, name) FROM users", "f: boolean, x: text"),
        ("UPDATE users SET email = CASE WHEN :f THEN :x ELSE email END", "f: boolean, x: text NULL"),
        ("SELECT coalesce(:x, name), nullif(:y, name) FROM users", "x: text NULL, y: text"),
        ("SELECT :x + 1, :y * 2, -:z FROM users", "x:, y:, z:"),
        ("SELECT age + :x, :y - age, 2 * age * :z FROM users", "x: integer, y: integer, z: integer"),
        ("SELECT name + :x FROM users", "x:"),
        ("SELECT id FROM users WHERE id = :x + 1 AND age = -:y", "x: integer, y: integer"),
        ("INSERT INTO users (name, age) VALUES (lower(:x), :n + 1)", "n: integer, x: any text"),
        ("SELECT id FROM users LIMIT :n OFFSET :m", "m: bigint, n: bigint"),
        ("SELECT lower(:x), length(:y) FROM users", "x: any text, y: any text"),
        ("SELECT replace(name, :x, :y) FROM users", "x: any text, y: any text"),
        ("SELECT substr(name, :n, :m), round(age, :k) FROM users", "k: bigint, m: bigint, n: bigint"),
        ("SELECT instr(name, :x), name || :y, trim(:z) FROM users", "x: any text, y: any text, z: any text"),
        ("SELECT id FROM users WHERE name LIKE :x AND :n BETWEEN id AND age", "n: integer, x: any text"),
        ("SELECT id FROM users WHERE (id, name) IN ((:n, :x))", "n: integer, x: text"),
        ("SELECT id FROM users WHERE (:n, :x) IN (SELECT id, name FROM users)", "n: integer, x: text"),
        ("SELECT id FROM users WHERE (:n, :x) = (SELECT id, name FROM users)", "n: integer, x: text"),
        ("SELECT id FROM users WHERE lower(name) IN (:x) AND age + 1 IN (:n)", "n: integer, x: text"),
        ("SELECT json_extract(name, :x) FROM users", "x: any text"),
        ("SELECT id FROM users WHERE :f", "f: boolean"),
        ("SELECT id FROM users WHERE NOT :f OR :g IS TRUE", "f: boolean, g: boolean NULL"),
        ("SELECT lag(name, :n, :x) OVER (ORDER BY id) FROM users", "n: bigint, x: text"),
        ("SELECT ntile(:m) OVER (ORDER BY id) FROM users", "m: bigint"),
        ("SELECT age & :x, ~:y FROM users", "x: bigint, y: bigint"),
        ("SELECT group_concat(name) FROM users HAVING max(age) > :n", "n: integer"),
        ("SELECT id FROM users WHERE length(name) > 3 AND name || 'x' = :x", "x: text"),
        ("SELECT CAST(:n AS integer), CAST(:x AS char(9)) FROM users", "n: int, x: char(9)"),
    ],
)
def test_places(sql: str, asked: str, engine: str) -> None:
    """A condition is a boolean, a result of CASE is like the others, and a function determines its arguments' types."""
    found = parameter_evidence(analyse(sql, catalogue(engine)))
    spelled = [
        f"{name}:{' any text' * one.text}{''.join(f' {type_}' for type_ in one.types)}{' NULL' * one.nullable}"
        for name, one in sorted(found.items())
    ]
    assert ", ".join(spelled) == asked


def test_parameter_named_like_a_keyword() -> None:
    """``:key`` is a parameter of that name on every engine."""
    parts = ("SELECT id FROM users WHERE id = ", Placeholder("key"), " OR id IN ", Placeholder("all", sequence=True))
    assert render(parts, as_written) == "SELECT id FROM users WHERE id = :key OR id IN (:all)"
    for engine in engine_names():
        tree = parse(analysed_text(parts), engine)
        assert tree is not None
        found = parameter_evidence(analyse(analysed_text(parts), catalogue(engine)))
        assert sorted(found) == ["all", "key"]


def test_a_parameter_that_is_compared_may_need_another_type() -> None:
    """On MariaDB, bytes that are compared with a BIT are the number 0, but bytes stored in it are unchanged."""
    columns = {name: ColumnFacts(name, type_, False) for name, type_ in (("id", "int"), ("flags", "bit(8)"))}
    known = Catalogue("mariadb", {"t": TableFacts("t", columns)})
    for condition in ("flags = :x", "flags IN (:x)", "flags BETWEEN :x AND 3", "(id, flags) = (1, :x)"):
        assert parameter_evidence(analyse(f"SELECT id FROM t WHERE {condition}", known))["x"].types == ["bigint"]
    assert parameter_evidence(analyse("SELECT CASE flags WHEN :x THEN 1 END FROM t", known))["x"].types == ["bigint"]
    assert parameter_evidence(analyse("UPDATE t SET flags = :x", known))["x"].types == ["bit(8)"]
    assert parameter_evidence(analyse("SELECT coalesce(flags, :x) FROM t", known))["x"].types == ["bit(8)"]


def test_a_bound_of_a_range_may_be_missing() -> None:
    """A parameter that is a bound may be None, with or without a CAST."""
    sql = "SELECT tstzrange(:a, :b), daterange(CAST(:c AS date), NULL), int4range(1, age + :d) FROM users"
    found = parameter_evidence(analyse(sql, catalogue("postgresql")))
    assert {name: one.nullable for name, one in found.items()} == {"a": True, "b": True, "c": True, "d": False}
