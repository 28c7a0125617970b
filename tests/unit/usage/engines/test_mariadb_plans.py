"""MariaDB's plans, on rows of every type."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.describe import DescribedStatement, describe, scratch
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.usage.plans import fill_for_plans, plan_of

pytestmark = pytest.mark.engines("mariadb")

TYPES = (
    *("tinyint", "bigint", "decimal(4, 2)", "double", "varchar(3)", "date", "datetime(6)", "time", "year", "uuid"),
    *("inet6", "varbinary(10)", "enum('a', 'b')"),
)


def test_each_type_has_a_row(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """A look-up by a unique key finds a row, whatever the type of the key is."""
    script = tmp_path / "schema.sql"
    columns = ",\n".join(f"    c{n} {type_} NOT NULL UNIQUE" for n, type_ in enumerate(TYPES))
    script.write_text(f"CREATE TABLE t (\n    id integer NOT NULL PRIMARY KEY,\n{columns}\n);\n")
    with scratch(make_url(empty_url), str(script)) as session:
        fill_for_plans(session)
        for number, type_ in enumerate(TYPES):
            text = f"-- name: x :many\nSELECT id FROM t WHERE c{number} = :value;\n"
            (parsed,) = parse_file(text, "t.sql", "t", None)
            found = describe(session, definition_of({None: parsed}))
            assert isinstance(found, DescribedStatement)
            head, row = plan_of(session, found).splitlines()
            assert head.split() == ["id", "select_type", "table", "type", "key", "key_len", "ref", "Extra"]
            assert row.split()[2:4] == ["t", "const"], type_


def test_the_database_s_name_is_left_out(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """The plan of a join is the same in each scratch database, whatever its name."""
    script = tmp_path / "schema.sql"
    script.write_text(
        "CREATE TABLE a (id integer NOT NULL PRIMARY KEY);\nCREATE TABLE b (a_id integer NOT NULL, n integer NULL);\n"
    )
    text = "-- name: x :many\nSELECT b.n FROM b INNER JOIN a ON a.id = b.a_id;\n"
    (parsed,) = parse_file(text, "t.sql", "t", None)
    plans = []
    for _ in range(2):
        with scratch(make_url(empty_url), str(script)) as session:
            fill_for_plans(session)
            found = describe(session, definition_of({None: parsed}))
            assert isinstance(found, DescribedStatement)
            plans.append(plan_of(session, found))
    assert plans[0] == plans[1]
    assert " b.a_id " in plans[0]
