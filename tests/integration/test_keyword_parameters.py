"""A parameter whose name is a Python keyword ends with an underscore in Python."""

from __future__ import annotations

import inspect
import keyword
from pathlib import Path

import pytest
from sqlalchemy import Engine

import pydb
from pydb.errors import ParameterError, SqlFileError
from tests.harness.projects import Project, project_in
from tests.harness.runtime import CreateTables, Load

TABLES = "CREATE TABLE things (id <key>, name <string> NOT NULL);\n"
STATEMENTS = """\
-- Things.

-- name: add :batch
INSERT INTO things (name) VALUES (:from);

-- name: add_odd :batch
UPDATE things SET name = :class WHERE name = :from AND :class <> 'x';

-- name: between :many scalar
-- @param from str
SELECT name FROM things WHERE name >= :from AND name <> :None AND name IN (:in) ORDER BY name;

-- name: several :one scalar
SELECT count(*) FROM things WHERE name = :async OR name = :async;
"""


def test_calls_and_batches(empty_db: Engine, create_tables: CreateTables, load: Load) -> None:
    """Calls, dicts of batches, signatures and errors use ``from_``, on every engine."""
    create_tables(TABLES)
    things = load(STATEMENTS)
    with empty_db.begin() as conn:
        assert things.add(conn, [{"from_": name} for name in "abc"]) == 3
        assert things.add(conn, iter([{"from_": "d"}])) == 1
        assert things.add_odd(conn, [{"from_": "d", "class_": "e"}]) == 1
        assert things.between(conn, from_="b", None_="c", in_=["a", "b", "c", "e"]) == ["b", "e"]
        assert things.between(conn, from_="b", None_="c", in_=[]) == []
        assert things.several(conn, async_="a") == 1
        with pytest.raises(ParameterError, match=r"missing async_; unknown async    hint: .*async_=…"):
            things.several(conn, **{"async": "a"})
        with pytest.raises(ParameterError, match="parameter from_ is "):
            things.between(conn, from_=1, None_="c", in_=["a"])
    assert things.between.parameters == ("from_", "None_", "in_")
    assert str(inspect.signature(things.between)) == "(conn, /, *, from_, None_, in_)"


@pytest.mark.parametrize("name", keyword.kwlist)
def test_every_keyword(name: str, load: Load) -> None:
    """Each of Python's keywords can be a parameter; soft keywords keep their names."""
    loaded = load(f"-- name: it :one\n-- @param {name} int\nSELECT :{name} AS x, 1 + :{name} AS y;\n")
    assert loaded.it.parameters == (f"{name}_",)
    assert set(loaded.it.text("sqlite").compile().params) == {f"{name}_"}
    soft = "-- name: it :one\nSELECT " + ", ".join(f":{word}" for word in keyword.softkwlist if word != "_") + ";\n"
    assert load(soft).it.parameters == tuple(word for word in keyword.softkwlist if word != "_")


@pytest.mark.parametrize("sql", ["SELECT :from + :from_;", "SELECT :from_, 1 IN (:from);"])
def test_two_parameters_of_one_name(sql: str, load: Load) -> None:
    """A statement with both spellings is refused when it is loaded."""
    with pytest.raises(SqlFileError, match=r"in Python both :from and :from_ are named from_"):
        load(f"-- name: it :one\n{sql}\n")


def test_directives_have_the_name_of_the_sql(load: Load) -> None:
    """If the SQL has ``:from``, ``@param from_`` names no parameter."""
    with pytest.raises(SqlFileError, match=r"@param from_ does not name a parameter of the statement    hint: .*:from"):
        load("-- name: it :one\n-- @param from_ int\nSELECT :from;\n")


@pytest.mark.deep
def test_generated_code_and_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Functions, methods of records and typed dicts use ``from_``; `pydb run`, its input and findings use ``from``."""
    with project_in(tmp_path, monkeypatch, capsys) as project:
        _check_project(project)


def _check_project(project: Project) -> None:
    statements = """\
        -- name: create :one User
        INSERT INTO users (name) VALUES (:class) RETURNING id, name;

        -- name: rename :affected
        UPDATE users SET name = :from WHERE id = :id;

        -- name: add :batch
        INSERT INTO users (name) VALUES (:from);

        -- name: since :many scalar
        -- @param from int
        SELECT name FROM users WHERE id >= :from;
    """
    schema = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL);\n"
    project.write({"schema.sql": schema, "app/__init__.py": "", "sql/users.sql": statements})
    project.generate()
    assert "    from_: str\n" in project.read("app/db/users.py")
    assert "def rename(self, conn: Connection, /, *, from_: str) -> bool:" in project.read("app/db/records.py")
    project.tool("mypy", "--strict", "app")
    url = "sqlite:///users.db"
    assert project.pydb("schema", "apply", "--db", url).code == 0
    with project.imported() as db, pydb.Database(url) as database, database.begin() as conn:
        user = db.users.create(conn, class_="Ada")
        assert user.rename(conn, from_="Bea")
        assert db.users.add(conn, [{"from_": "Cid"}, {"from_": "Dot"}]) == 2
        assert db.users.since(conn, from_=2) == ["Cid", "Dot"]
    assert project.pydb("run", "users.since", "from=3", "--db", url, "--format", "csv").out == '"name"\n"Dot"\n'
    assert project.pydb("run", "users.since", "from_=3", "--db", url, "--format", "csv").out == '"name"\n"Dot"\n'
    assert "missing from    hint: pydb run users.since from=…" in project.pydb("run", "users.since", "--db", url).err
    project.write(
        {"in.json": '[{"from": "E"}, {"from_": "F"}]', "in.csv": "from\nG\n", "two.json": '[{"from":1,"from_":2}]'}
    )
    for file, rows in (("in.json", 2), ("in.csv", 1)):
        done = project.pydb("run", "users.add", "--input", file, "--db", url, "--format", "csv")
        assert done.out == f'"affected"\n{rows}\n'
    assert "has from and from_" in project.pydb("run", "users.add", "--input", "two.json", "--db", url).err
    assert "\n  from int\n" in project.pydb("show", "users.since").out
    project.write({"sql/users.sql": statements.replace("@param from int", "@param from date")})
    assert "@param from says date" in project.pydb("check").out
