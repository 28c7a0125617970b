"""MariaDB's triggers and foreign keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.sqlfile.loader import read
from pydb.usage.project import opened_usage
from tests.harness.touching import listed

pytestmark = pytest.mark.engines("mariadb")

SCHEMA = """
CREATE TABLE a (x integer PRIMARY KEY, y varchar(20), z integer);
CREATE TABLE b (x integer, CONSTRAINT b_x_fkey FOREIGN KEY (x) REFERENCES a (x) ON DELETE CASCADE);
CREATE TABLE log (what varchar(20));
CREATE SEQUENCE tickets;
CREATE VIEW av AS SELECT x, y AS called FROM a WHERE z > 0;
CREATE TRIGGER a_log AFTER UPDATE ON a FOR EACH ROW INSERT INTO log (what) VALUES (NEW.y);
CREATE TRIGGER b_log AFTER DELETE ON b FOR EACH ROW UPDATE log SET what = 'gone';
"""

STATEMENTS = """-- name: rename :affected
UPDATE a SET y = :y WHERE x = :x;

-- name: remove :affected
DELETE FROM a;

-- name: upsert :affected
INSERT INTO a (x, z) VALUES (:x, :z) ON DUPLICATE KEY UPDATE z = VALUES(z);

-- name: several :affected
DELETE a FROM a INNER JOIN log ON a.y = log.what;

-- name: several_using :affected
DELETE FROM l USING a INNER JOIN log AS l ON a.y = l.what;

-- name: next_ticket :one
SELECT NEXT VALUE
FOR tickets AS n;

-- name: through_the_view :many
SELECT called FROM av;
"""


def test_touches(tmp_path: Path, empty_url: str) -> None:
    """Triggers, foreign keys, views and the upsert are followed; the DELETE of a foreign key fires no trigger."""
    (tmp_path / "sql" / "mariadb").mkdir(parents=True)
    (tmp_path / "sql" / "mariadb" / "a.sql").write_text(STATEMENTS)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    definitions = read(str(tmp_path / "sql"), None)
    with opened_usage(definitions, {"mariadb": str(tmp_path / "schema.sql")}, make_url(empty_url)) as (usage, _):
        found = {one.name.rpartition(".")[2]: listed(one.touches) for one in usage.touched}
    assert usage.refused == ()
    assert found == {
        "rename": ["insert log", "insert log.what", "select a.x", "select a.y", "update a", "update a.y"],
        "remove": ["delete a", "delete b"],
        "upsert": [
            *("insert a", "insert a.x", "insert a.z", "insert log", "insert log.what", "select a.y"),
            *("update a", "update a.z"),
        ],
        "several": ["delete a", "delete b", "select a.y", "select log", "select log.what"],
        "several_using": ["delete log", "select a", "select a.y", "select log.what"],
        "next_ticket": ["update tickets"],
        "through_the_view": [
            *("select a", "select a.x", "select a.y", "select a.z", "select av", "select av.called"),
        ],
    }
