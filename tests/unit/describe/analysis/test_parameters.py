"""What the places of a parameter ask for."""

import pytest

from pydb.describe.analysis.nullability import analyse
from pydb.describe.analysis.parameters import parameter_evidence
from pydb.describe.analysis.syntax import analysed_text, parse
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
    """A parameter has the type of the column that it is compared with, computed with or stored in."""
    evidence = parameter_evidence(analyse(sql, catalogue("sqlite")))["x"]
    assert (evidence.types, evidence.nullable) == (types, nullable)


def test_parameter_named_like_a_keyword() -> None:
    """``:key`` is a parameter of that name on every engine."""
    parts = ("SELECT id FROM users WHERE id = ", Placeholder("key"), " OR id IN ", Placeholder("all", sequence=True))
    assert render(parts, as_written) == "SELECT id FROM users WHERE id = :key OR id IN (:all)"
    for engine in engine_names():
        tree = parse(analysed_text(parts), engine)
        assert tree is not None
        found = parameter_evidence(analyse(analysed_text(parts), catalogue(engine)))
        assert sorted(found) == ["all", "key"]
