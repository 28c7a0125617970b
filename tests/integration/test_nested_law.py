"""Nested rows from JSON: what check proves and generate writes works, on rows that find mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.law import made, prove

pytestmark = pytest.mark.deep

COLUMNS = ("id", "amount", "price", "ok", "day", "moment", "clock", "token", "note")
SCHEMAS = {
    "sqlite": """\
CREATE TABLE boxes (id integer NOT NULL PRIMARY KEY, label text NULL);
CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY, box_id integer NOT NULL REFERENCES boxes (id),
    amount integer NOT NULL CHECK (typeof(amount) = 'integer'), price numeric(10, 2) NOT NULL,
    ok boolean NOT NULL CHECK (ok IN (0, 1)), day date NULL, moment timestamp with time zone NOT NULL,
    clock time NULL, token uuid NOT NULL, note text NULL
);
""",
    "postgresql": """\
CREATE TABLE boxes (id integer NOT NULL PRIMARY KEY, label text NULL);
CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY, box_id integer NOT NULL REFERENCES boxes (id),
    amount bigint NOT NULL, price numeric(10, 2) NOT NULL, ok boolean NOT NULL, day date NULL,
    moment timestamptz NOT NULL, clock time NULL, token uuid NOT NULL, note text NULL
);
""",
    "mariadb": """\
CREATE TABLE boxes (id integer NOT NULL PRIMARY KEY, label varchar(100) NULL);
CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY, box_id integer NOT NULL, amount bigint NOT NULL, price decimal(10, 2) NOT NULL,
    ok boolean NOT NULL, day date NULL, moment timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), clock time(6) NULL,
    token uuid NOT NULL, note varchar(100) NULL,
    FOREIGN KEY (box_id) REFERENCES boxes (id)
);
""",
}
ARRAYS = {
    "sqlite": "json_group_array(json_object({}))",
    "postgresql": "json_agg(json_build_object({}))",
    "mariadb": "json_arrayagg(json_object({}))",
}


def statements(engine: str) -> str:
    array = ARRAYS[engine].format(", ".join(f"'{name}', i.{name}" for name in COLUMNS))
    return f"""\
-- name: items :many Item
-- @column moment AwareDatetime
SELECT {", ".join(COLUMNS)} FROM items ORDER BY id;

-- name: boxes :many Box
-- @group items Item json
SELECT b.id, b.label, (SELECT {array} FROM items AS i WHERE i.box_id = b.id) AS items
FROM boxes AS b;

-- name: outer_boxes :stream Box
-- @group items Item json
SELECT b.id, b.label, {array} AS items
FROM boxes AS b
LEFT JOIN items AS i ON i.box_id = b.id
GROUP BY b.id, b.label;
"""


def test_json_levels_keep_the_law(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """Every value of every type is read from JSON as the record says, or check has refused the statement."""
    source = tmp_path / "source" / "boxes"
    (source / "sql" / engine_name).mkdir(parents=True)
    (source / "sql" / "boxes.sql").write_text(statements(engine_name), encoding="utf-8")
    script = source / ("schema.sql" if engine_name == "sqlite" else f"sql/{engine_name}/schema.sql")
    script.write_text(SCHEMAS[engine_name], encoding="utf-8")
    outcome = prove(made(source, tmp_path, {engine_name: empty_url}), {engine_name: empty_url})
    lines = "\n".join(outcome.lines())
    print(lines)
    assert (outcome.made.proven, dict(outcome.made.refused)) == (3, {}), lines
    assert not [item for report in outcome.reports for item in (*report.broken, *report.unproven)], lines
