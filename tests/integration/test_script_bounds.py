"""A schema script changes only its own database: hostile and careless scripts are refused."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

import pydb
from pydb.check import Inputs, check
from pydb.cli import main
from pydb.engines.base import Rules
from pydb.engines.script_bounds import Bounds, OutOfBounds
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.tokens import SPACE, WORD


def scripts(engine: str, kind: str) -> list[str]:
    found: list[str] = getattr(importlib.import_module(f"tests.integration.scripts.{engine}"), kind)
    return found


def filled(script: str, places: Mapping[str, str]) -> str:
    """The script with the names of its targets."""
    for name, value in places.items():
        script = script.replace(f"{{{name}}}", value)
    return script


def files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


POSTGRESQL = (
    "SELECT array_agg(r::text ORDER BY oid) FROM pg_authid AS r",
    "SELECT array_agg(m::text ORDER BY roleid, member) FROM pg_auth_members AS m",
    "SELECT array_agg(datname || coalesce(datacl::text, '') ORDER BY datname) FROM pg_database"
    " WHERE datname NOT LIKE 'pydb\\_check%'",
    "SELECT array_agg(s::text) FROM pg_db_role_setting AS s",
    "SELECT array_agg(spcname || coalesce(spcacl::text, '')) FROM pg_tablespace",
    "SELECT array_agg(d::text) FROM pg_shdescription AS d",
    "SELECT array_agg(slot_name) FROM pg_replication_slots",
    "SELECT pg_read_file('postgresql.auto.conf')",
)
MARIADB = (
    "SELECT Host, User, Priv FROM mysql.global_priv ORDER BY 1, 2",
    "SELECT * FROM mysql.db ORDER BY 1, 2, 3",
    "SELECT * FROM mysql.tables_priv ORDER BY 1, 2, 3, 4",
    "SELECT * FROM mysql.servers",
    "SELECT * FROM mysql.func",
    "SELECT plugin_name FROM information_schema.plugins ORDER BY 1",
    "SELECT schema_name, default_character_set_name FROM information_schema.schemata"
    " WHERE schema_name NOT LIKE 'pydb\\_check%' ORDER BY 1",
    "SELECT variable_name, variable_value FROM information_schema.global_variables WHERE variable_name"
    " IN ('MAX_CONNECTIONS', 'EVENT_SCHEDULER', 'SQL_MODE', 'READ_ONLY') ORDER BY 1",
    "SELECT table_schema, table_name, table_type FROM information_schema.tables"
    " WHERE table_schema NOT LIKE 'pydb\\_check%' AND table_schema <> 'information_schema' ORDER BY 1, 2",
    "SELECT trigger_schema, trigger_name FROM information_schema.triggers WHERE trigger_schema <> 'sys' ORDER BY 1, 2",
    "SELECT event_schema, event_name FROM information_schema.events ORDER BY 1, 2",
    "SELECT routine_schema, routine_name FROM information_schema.routines WHERE routine_schema <> 'sys' ORDER BY 1, 2",
)
VICTIM = (
    "CREATE TABLE users (id integer PRIMARY KEY, name varchar(20))",
    "INSERT INTO users VALUES (1, 'Ann'), (2, 'Bo')",
)


class Surroundings:
    """A database with rows, a server with its roles, and a folder, which no script may change."""

    def __init__(self, engine: str, url: URL, folder: Path) -> None:
        self.engine, self.url, self.folder = engine, url, folder
        self.queries = {"postgresql": POSTGRESQL, "mariadb": MARIADB, "sqlite": ()}[engine]
        self.database = pydb.Database(url)
        with self.database.begin() as conn:
            for statement in VICTIM:
                conn.exec_driver_sql(statement)
        place = str(url.database)
        self.places = {"victim": place, "folder": str(folder)}
        self.checked = () if engine == "sqlite" else (url,)

    def empty_database(self) -> URL:
        """An empty database on the same server."""
        if self.engine == "sqlite":
            return self.url.set(database=f"{self.folder}.own.db")
        name = f"pydb_own_{uuid4().hex[:8]}"
        with self.database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name}")
        return self.url.set(database=name)

    def state(self) -> Any:
        """The complete state, byte for byte."""
        if self.engine == "sqlite":
            self.database.close()
            return files(self.folder)
        with self.database.read() as conn:
            rows = [
                conn.exec_driver_sql(query, execution_options={"no_parameters": True}).all() for query in self.queries
            ]
            return [*rows, conn.exec_driver_sql("SELECT * FROM users ORDER BY id").all(), files(self.folder)]


@pytest.fixture
def surroundings(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Surroundings]:
    folder = tmp_path / "folder"
    folder.mkdir()
    if engine_name == "sqlite":
        url = make_url(f"sqlite:///{folder / 'real.db'}")
    else:
        url = make_url(request.getfixturevalue("own_url"))
        if engine_name == "postgresql":  # the superuser, who has the rights for everything that the scripts try
            url = url.set(username="postgres")
        for place in (folder, tmp_path, tmp_path.parent):
            place.chmod(0o777)
    made = Surroundings(engine_name, url, folder)
    yield made
    made.database.close()


def marked(script: str, file: Path) -> int:
    """Write the script without its mark; return the line that has the mark."""
    before, mark, after = script.partition(">>")
    assert mark, script
    file.write_text(before + after, encoding="utf-8")
    return before.count("\n") + 1


def assert_check_refuses(script: str, surroundings: Surroundings, folder: Path) -> None:
    """Assert that check refuses the script at the marked line, because it reaches beyond its database."""
    statements, schema = folder / "one.sql", folder / "schema.sql"
    statements.write_text("-- name: one :one scalar\nSELECT 1 AS one;\n")
    line = marked(filled(script, surroundings.places), schema)
    report = check(Inputs(str(statements), {surroundings.engine: str(schema)}, surroundings.checked))
    assert ("C507", str(schema), line) in {(item.code, item.file, item.line) for item in report.findings}, script


def assert_apply_refuses(script: str, surroundings: Surroundings, own: URL, folder: Path) -> None:
    """Assert that apply refuses the script at the marked line, and has changed nothing in its database."""
    schema = folder / "schema.sql"
    line = marked(filled(script, surroundings.places), schema)
    with pydb.Database(own) as database:
        assert refused_by_apply(database, schema) == line, script
        with database.read() as conn:
            assert inspect(conn).get_table_names() == [], script


def refused_by_apply(database: pydb.Database, schema: Path) -> int:
    """The line of the error that apply raises."""
    with pytest.raises(pydb.errors.PydbError) as caught:
        database.apply(schema)
    assert caught.value.file == str(schema)
    return caught.value.line or 0


def test_a_hostile_script(engine_name: str, surroundings: Surroundings, tmp_path: Path) -> None:
    """check and apply refuse a script that reaches beyond its database, at its line, and nothing has changed."""
    own = surroundings.empty_database()
    before = surroundings.state()
    script = scripts(engine_name, "HOSTILE")[0]
    assert_check_refuses(script, surroundings, tmp_path)
    assert_apply_refuses(script, surroundings, own, tmp_path)
    assert surroundings.state() == before


@pytest.mark.deep
def test_hostile_scripts(engine_name: str, surroundings: Surroundings, tmp_path: Path) -> None:
    """check refuses every such script, and nothing has changed."""
    before = surroundings.state()
    hostile = scripts(engine_name, "HOSTILE")
    assert len(hostile) >= 60
    for script in hostile:
        assert_check_refuses(script, surroundings, tmp_path)
    assert surroundings.state() == before


@pytest.mark.deep
def test_hostile_scripts_applied(engine_name: str, surroundings: Surroundings, tmp_path: Path) -> None:
    """apply refuses the same scripts at the same lines, and has changed nothing, not even in its database."""
    own = surroundings.empty_database()
    before = surroundings.state()
    for script in scripts(engine_name, "HOSTILE"):
        assert_apply_refuses(script, surroundings, own, tmp_path)
    assert surroundings.state() == before


def test_reset_drops_nothing_elsewhere(engine_name: str, surroundings: Surroundings, tmp_path: Path) -> None:
    """schema reset refuses a script with tables of another database before it drops the first of them."""
    schema = tmp_path / "schema.sql"
    own = surroundings.empty_database()
    name = "r" if engine_name == "sqlite" else surroundings.places["victim"]
    schema.write_text(f"CREATE TABLE {name}.users (id integer);\n")
    before = surroundings.state()
    url = own.render_as_string(hide_password=False)
    assert main(["schema", "reset", "--yes", "--db", url, "--schema", str(schema)]) != 0
    assert surroundings.state() == before


def reworded(script: str, engine: str) -> str:
    """The script with other capitals, and with a comment between any two tokens."""
    tokens = tokenize(script, engine)
    texts = [token.text.swapcase() if token.kind == WORD else token.text for token in tokens]
    joined = "".join(
        f"{text}/* ; */" if token.kind == SPACE else text for token, text in zip(tokens, texts, strict=True)
    )
    return joined.lstrip().removeprefix("/* ; */")


def test_rewording_evades_nothing(engine_name: str, surroundings: Surroundings) -> None:
    """A script that is refused because of its text is also refused with other capitals and with comments."""
    rules = surroundings.database.rules
    count = 0
    with surroundings.database.connect() as conn:
        elsewhere = rules.script_bounds(lambda query: conn.exec_driver_sql(query).fetchall())
        for script in scripts(engine_name, "HOSTILE"):
            places = {**surroundings.places, "victim": "mysql" if engine_name == "mariadb" else "victim"}
            text = filled(script.replace(">>", ""), places)
            if "DELIMITER" in text or "'\\'" in text or not is_refused(rules, elsewhere, text):
                continue
            count += 1
            # A command of the shell must be at the start of a line.
            assert text[0] in ".\\" or is_refused(rules, elsewhere, reworded(text, engine_name)), text
    assert count >= 50


def is_refused(rules: Rules, bounds: Bounds, script: str) -> bool:
    try:
        for _, statement in rules.statements(script):
            bounds.check(statement)
    except OutOfBounds:
        return True
    return False


@pytest.mark.deep
def test_allowed_scripts(engine_name: str, surroundings: Surroundings, tmp_path: Path) -> None:
    """Everything that a schema may contain is applied: functions, triggers, events, and names like commands."""
    statements = tmp_path / "one.sql"
    statements.write_text("-- name: one :one scalar\nSELECT 1 AS one;\n")
    schema = tmp_path / "schema.sql"
    before = surroundings.state()
    for script in scripts(engine_name, "ALLOWED"):
        schema.write_text(filled(script, surroundings.places), encoding="utf-8")
        report = check(Inputs(str(statements), {engine_name: str(schema)}, surroundings.checked))
        refused = [item.message for item in report.findings if item.code == "C507" and item.file == str(schema)]
        assert not refused, script
    assert surroundings.state() == before
