"""PostgreSQL's triggers, foreign keys and unique constraints."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.describe import scratch
from pydb.sqlfile.loader import read
from pydb.usage.project import Usage, opened_usage
from pydb.usage.schema_actions import Cascade, usage_of
from pydb.usage.touch import Act
from tests.harness.touching import listed

pytestmark = pytest.mark.engines("postgresql")

SCHEMA = """
CREATE SCHEMA app;
CREATE TABLE a (x integer CONSTRAINT a_pkey PRIMARY KEY, y text, z integer);
CREATE TABLE app.b (x integer REFERENCES a ON DELETE SET NULL);
CREATE TABLE log (what text);
CREATE VIEW av AS SELECT x, y AS called FROM a WHERE z > 0;
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.y IS NULL AND EXISTS (SELECT 1 FROM app.b WHERE b.x = NEW.x) THEN
        INSERT INTO log (what) VALUES (NEW.y);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION highest() RETURNS integer LANGUAGE sql STABLE AS 'SELECT max(z) FROM a';
CREATE FUNCTION twice() RETURNS integer LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 2 * highest(); END';
CREATE FUNCTION few(n integer) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT n > count(*) FROM log';
CREATE TABLE counted (n integer CHECK (few(n)), m integer DEFAULT highest());
CREATE TABLE parts (n integer NOT NULL, m text) PARTITION BY LIST (n);
CREATE TABLE app.parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE kept ("No" integer, gone boolean);
CREATE RULE kept_for_ever AS ON DELETE TO kept WHERE old."No" > 0 DO INSTEAD (
    UPDATE kept SET gone = TRUE WHERE "No" = old."No";
    INSERT INTO log (what) VALUES ('DO INSTEAD (');
);
CREATE TRIGGER a_log AFTER UPDATE OF y ON a FOR EACH ROW EXECUTE FUNCTION logged();
"""

STATEMENTS = """-- name: rename :affected
UPDATE a SET y = :y WHERE x = :x;

-- name: upsert :affected
INSERT INTO a (x, z) VALUES (:x, :z) ON CONFLICT ON CONSTRAINT a_pkey DO UPDATE SET z = excluded.z;

-- name: through_the_view :affected
UPDATE av SET called = :called;

-- name: merged :affected
MERGE INTO a USING app.b AS s ON a.x = s.x
WHEN MATCHED THEN UPDATE SET z = 1
WHEN NOT MATCHED THEN INSERT (x) VALUES (s.x);

-- name: called :one
SELECT twice() AS n;

-- name: counted :affected
INSERT INTO counted (n) VALUES (:n);

-- name: locked :many
SELECT x FROM a FOR UPDATE;

-- name: of_parts :many
SELECT m FROM parts;

-- name: ruled :affected
DELETE FROM kept;
"""


@pytest.fixture
def schema(tmp_path: Path) -> str:
    """The schema's script."""
    (tmp_path / "schema.sql").write_text(SCHEMA)
    return str(tmp_path / "schema.sql")


@pytest.fixture
def usage(schema: str, tmp_path: Path, empty_url: str) -> Usage:
    """The touches of the statements."""
    (tmp_path / "sql" / "postgresql").mkdir(parents=True)
    (tmp_path / "sql" / "postgresql" / "a.sql").write_text(STATEMENTS)
    definitions = read(str(tmp_path / "sql"), None)
    with opened_usage(definitions, {"postgresql": schema}, make_url(empty_url)) as (found, _):
        assert found.refused == ()
        return found


def test_actions(schema: str, empty_url: str) -> None:
    """Triggers have the code of their function, and names are those of the catalogue."""
    with scratch(make_url(empty_url), schema) as session:
        actions = usage_of("postgresql").actions(session)
    trigger, rule = actions.triggers
    assert (rule.label, rule.table, set(rule.acts)) == ("rule kept_for_ever", "kept", {Act.DELETE})
    assert (trigger.name, trigger.table) == ("a_log", "a")
    assert (set(trigger.acts), set(trigger.columns)) == ({Act.UPDATE}, {"y"})
    assert actions.cascades == (Cascade("app.b", ("x",), "a", ("x",), "SET NULL", "NO ACTION"),)
    assert actions.constraints["a", "a_pkey"] == ("x",)


def test_functions(usage: Usage) -> None:
    """The actions of a function are followed, also through functions that it calls, and the function is their cause."""
    (called,) = (one for one in usage.touched if one.name.endswith(".called"))
    assert {(touch.name, touch.by) for touch in called.touches} == {
        ("a", "function highest"),
        ("a.z", "function highest"),
    }
    assert called.calls == ("highest", "twice")
    assert usage.schema.users("log", None) == ("trigger a_log", "rule kept_for_ever", "function few")


def test_touches(usage: Usage) -> None:
    """Triggers, constraints, writes through views, MERGE and locks are followed."""
    found = {one.name.rpartition(".")[2]: listed(one.touches) for one in usage.touched}
    assert found == {
        "rename": [
            *("insert log", "insert log.what", "select a.x", "select a.y", "select app.b", "select app.b.x"),
            *("update a", "update a.y"),
        ],
        "upsert": ["insert a", "insert a.x", "insert a.z", "select a.x", "select a.z", "update a", "update a.z"],
        "through_the_view": [
            *("insert log", "insert log.what", "select a", "select a.x", "select a.y", "select a.z"),
            *("select app.b", "select app.b.x"),
            *("update a", "update a.y", "update av", "update av.called"),
        ],
        "merged": [
            *("insert a", "insert a.x", "select a.x", "select app.b", "select app.b.x", "update a", "update a.z"),
        ],
        "called": ["select a", "select a.z"],
        "counted": ["insert counted", "insert counted.n", "select a", "select a.z", "select log"],
        "locked": ["lock a", "select a", "select a.x"],
        "of_parts": ["select parts", "select parts.m"],
        "ruled": [
            *("delete kept", "insert log", "insert log.what", "select kept.No"),
            *("update kept", "update kept.gone"),
        ],
    }


def test_a_partition(usage: Usage) -> None:
    """A statement that reads a table reads its partitions, by their names."""
    ((touched, touches),) = usage.users("app.parts_1", "m")
    assert (touched.name, [(touch.act, touch.by) for touch in touches]) == ("a.of_parts", [(Act.SELECT, "table parts")])
    ((_, touches),) = usage.users("app.parts_1")
    assert listed(touches) == ["select app.parts_1", "select app.parts_1.m"]
    assert "parts" in usage.schema.names_leading_to("app.parts_1")
