"""docs/security.md: its rights are sufficient for the purpose of each role, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, make_url

import pydb
from pydb.cli import main
from pydb.errors import DatabaseError, PydbError
from pydb.sample import User, users
from tests.harness.documents import PROJECT, blocks
from tests.integration.test_for_dbas import Shell

DOCUMENT = PROJECT / "docs" / "security.md"
ROLES = ("shop_app", "shop_reader", "shop_checker")
CLEAN_UP = {
    "postgresql": f"DROP OWNED BY {', '.join(ROLES)}; {' '.join(f'DROP ROLE {role};' for role in ROLES)}",
    "mariadb": " ".join(f"DROP USER IF EXISTS '{role}'@'%';" for role in ROLES),
}
READER_MUST_NOT = [
    "INSERT INTO tags (name) VALUES ('x')",
    "UPDATE users SET age = 1",
    "DELETE FROM users",
    "CREATE TABLE made (a integer)",
    "DROP TABLE tags",
]
MUST_NOT = {
    "postgresql": [
        *READER_MUST_NOT,
        "CREATE TEMPORARY TABLE made (a integer)",
        "SELECT id INTO made FROM users",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT nextval(pg_get_serial_sequence('users', 'id'))",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY tags FROM '/etc/hostname'",
        "CREATE FUNCTION made() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA made",
    ],
    "mariadb": [
        *READER_MUST_NOT,
        "CREATE TEMPORARY TABLE made (a integer)",
        "SELECT 1 INTO OUTFILE 'made.txt'",
        "LOAD DATA INFILE '/etc/hostname' INTO TABLE tags",
        "CREATE DATABASE made",
        "CREATE FUNCTION made() RETURNS integer RETURN 1",
    ],
}
# insufficient_privilege; access denied to a database or a table, or without FILE, SUPER and similar rights
DENIED = ("42501", 1044, 1142, 1045, 1227)
CHANGES_TABLES = ["CREATE TABLE made (a integer)", "DROP TABLE tags", "ALTER TABLE tags ADD made integer"]

SCHEMA = (
    "CREATE TABLE items (id integer NOT NULL, name varchar(20) NOT NULL, CONSTRAINT items_pkey PRIMARY KEY (id));\n"
)
FUNCTIONS = {
    "postgresql": "CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a + a';\n",
    "mariadb": "CREATE FUNCTION twice(a integer) RETURNS integer DETERMINISTIC RETURN a + a;\n",
}
STATEMENT = "-- name: by_id :maybe\nSELECT id, name FROM items WHERE id = :id;\n"


@pytest.fixture
def granted(engine_name: str, sample_url: str) -> Iterator[URL]:
    """The sample's database after the document's blocks.  Only one test uses it, as accounts belong to the server."""
    url = make_url(sample_url)
    shell = Shell(engine_name, url)
    for block in blocks(DOCUMENT):
        if block.shell == shell.program:
            text = block.text.replace("DATABASE shop ", f"DATABASE {url.database} ")
            shell.run(text.replace("`shop`", f"`{url.database}`"))
    yield url.set(password="change me")
    shell.run(CLEAN_UP[engine_name])


def refused(database: pydb.Database, statements: list[str]) -> None:
    """Each of the statements is refused because of a missing right, even in a session that tries to evade that."""
    for sql in statements:
        with pytest.raises(DatabaseError) as caught, database.begin() as conn:
            if database.rules.name == "postgresql":
                conn.exec_driver_sql("SET TRANSACTION READ WRITE")
            conn.exec_driver_sql(sql)
        driver: Any = caught.value.orig
        code = driver.sqlstate if database.rules.name == "postgresql" else driver.args[0]
        assert code in DENIED, (sql, driver)


@pytest.mark.engines("postgresql", "mariadb")
def test_the_rights_of_the_document(
    granted: URL, engine_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The application changes rows but no table, the reader writes nothing, and check uses only scratch databases."""
    with pydb.Database(granted.set(username="shop_app")) as database:
        with database.begin() as conn:
            user = User.upsert(conn, username="a", email="a@example.com")
            assert user.update_email(conn, email="b@example.com") is not None
        refused(database, CHANGES_TABLES)
    with pydb.Database(granted.set(username="shop_reader")) as database:
        with database.read() as conn:
            assert len(users.list_all(conn)) == 1
        refused(database, MUST_NOT[engine_name])

    at: dict[str, Any] = {
        "host": granted.host,
        "port": granted.port,
        "database": "postgres" if engine_name == "postgresql" else "",
    }
    checker = URL.create(granted.drivername, "shop_checker", granted.password, **at)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sql" / engine_name).mkdir(parents=True)
    (tmp_path / "sql" / "items.sql").write_text(STATEMENT)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "sql" / engine_name / "schema.sql").write_text(SCHEMA + FUNCTIONS[engine_name])
    place = ("--db", checker.render_as_string(hide_password=False))
    assert main(["check", "--sql", "sql", "--schema", "schema.sql", *place]) == 0, capsys.readouterr()
    out = capsys.readouterr().out
    assert "no findings" in out
    assert f"{engine_name}:" not in out
    with pydb.Database(checker) as database, database.connect() as conn:
        query = "SELECT datname FROM pg_database" if engine_name == "postgresql" else "SHOW DATABASES"
        assert [name for name in conn.exec_driver_sql(query).scalars() if name.startswith("pydb_check_")] == []
    with pytest.raises(PydbError, match=r"(?i)denied"), pydb.Database(granted.set(username="shop_checker")).begin():
        pass
    if engine_name == "mariadb":
        with pydb.Database(checker) as database:
            refused(database, ["CREATE DATABASE made", "CREATE DATABASE pydbXcheckXmade"])
