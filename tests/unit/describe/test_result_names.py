"""The proposed line for a column whose name a record cannot have."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.check.project import Inputs, check
from pydb.describe.result_names import naming_hint
from tests.harness.sql_folders import write

SCHEMA = """\
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, "class" integer NOT NULL, "my col" text, "1st" text);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL);
"""


def hint(folder: Path, sql: str, index: int) -> str:
    """The hint for that column of the statement, whose proposal is then proven as a plain row."""
    write(folder, {"schema.sql": SCHEMA, "sql/q.sql": f"-- name: a :many\n{sql};\n"})
    (described,) = check(Inputs(str(folder / "sql"), {"sqlite": str(folder / "schema.sql")})).described
    return naming_hint(described, index)


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("u.class", "u.class AS class_"),
        ('u."my col"', 'u."my col" AS my_col'),
        ('"1st"', '"1st" AS column_1st'),
        ("count(*)", "count(*) AS count"),
        ("max(o.id,  u.id)", "max(o.id, u.id) AS max_o_id"),
        ("1 + 1", "1 + 1 AS column_3"),
        ('u.id AS "x y"', "u.id AS x_y"),
        ('u.name "from"', "u.name AS from_"),
        ("u.id", "u.id AS users_id"),
        ("u.id IS DISTINCT FROM 1", "u.id IS DISTINCT FROM 1 AS u_id_is"),
        ("(SELECT max(id) FROM users)", "(SELECT max(id) FROM users) AS select_max_id"),
        ("CASE WHEN u.id > 1 THEN 'a,b' END", "CASE WHEN u.id > 1 THEN 'a,b' END AS case_when_u"),
        ("u.name AS mro", "u.name AS mro_"),
    ],
)
def test_the_line_to_write(tmp_path: Path, item: str, written: str) -> None:
    """The line is the item as written, with an alias that Python accepts, and it is then proven."""
    rest = "FROM orders AS o INNER JOIN users AS u ON u.id = o.user_id"
    found = hint(tmp_path, f"SELECT DISTINCT\n    o.id,\n    o.user_id,\n    {item}\n{rest}", 2)
    assert found == f"line 5: {written}"
    write(tmp_path, {"sql/q.sql": f"-- name: a :many\nSELECT o.id, o.user_id, {written}\n{rest};\n"})
    report = check(Inputs(str(tmp_path / "sql"), {"sqlite": str(tmp_path / "schema.sql")}))
    assert (report.findings, [column.name for column in report.described[0].columns][2]) == ((), written.split()[-1])


@pytest.mark.parametrize(
    ("sql", "index", "expected"),
    [
        ("SELECT * FROM users", 2, "list the columns instead of *, and name this one with AS class_"),
        ("INSERT INTO users (name, class) VALUES (:n, 1) RETURNING id, class", 1, "line 2: class AS class_"),
        ("WITH c AS (SELECT 1 AS x, 2) SELECT x, x FROM c", 1, "line 2: x AS other_x"),
        ("SELECT id AS a_2, name AS a, id AS a FROM users", 2, "line 2: id AS users_a"),
    ],
)
def test_other_lists(tmp_path: Path, sql: str, index: int, expected: str) -> None:
    """RETURNING has such a list too, and a star is replaced."""
    assert hint(tmp_path, sql, index) == expected
