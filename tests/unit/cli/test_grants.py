"""``pydb grants``: the rights of a role."""

from __future__ import annotations

import json

import pytest

from tests.harness.projects import Project


@pytest.fixture
def postgresql(project: Project) -> Project:
    """The project with a schema script for PostgreSQL."""
    project.write({"sql/postgresql/schema.sql": "CREATE TABLE users (id integer, name text, is_admin boolean);"})
    return project


def test_without_rights(project: Project) -> None:
    """On an engine without rights, an error says so."""
    done = project.pydb("grants", "app")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pydb: SQLite has no rights: everyone who can open the file may do everything")


@pytest.mark.engines("postgresql")
def test_sql(postgresql: Project, empty_url: str) -> None:
    """The printed SQL can be run, and it contains the proof as a comment."""
    done = postgresql.pydb("grants", 'the "app"', "--db", empty_url, "--prove")
    grant = 'GRANT INSERT ("name"), SELECT ("id", "is_admin", "name"), UPDATE ("name") ON "users" TO "the ""app""";'
    assert done.out.splitlines() == [
        "-- PostgreSQL: what 4 statements need",
        grant,
        "-- proven: 4 texts need these 5 rights, and no others",
    ]
    assert done.code == 0


@pytest.mark.engines("postgresql")
def test_per_statement(postgresql: Project, empty_url: str) -> None:
    """Each statement is above the rights that it needs."""
    out = postgresql.pydb("grants", "app", "--db", empty_url, "--per-statement", "--reading").out
    assert out.splitlines()[1:] == [
        "-- users.by_id (sql/users.sql:3)",
        'GRANT SELECT ("id", "is_admin", "name") ON "users" TO "app";',
        "-- users.names (sql/users.sql:11)",
        'GRANT SELECT ("name") ON "users" TO "app";',
    ]


@pytest.mark.engines("postgresql")
def test_what_cannot_be_told(postgresql: Project, empty_url: str) -> None:
    """A statement that the server refuses is a comment, without guessed rights."""
    postgresql.write({"sql/wrong.sql": "-- name: x :many\nSELECT nowhere FROM users;\n"})
    out = postgresql.pydb("grants", "app", "--db", empty_url).out
    assert out.splitlines()[-1] == '-- unknown: wrong.x (sql/wrong.sql:2): column "nowhere" does not exist'


@pytest.mark.engines("postgresql")
def test_json(postgresql: Project, empty_url: str) -> None:
    """JSON has each right separately, and the proof."""
    done = postgresql.pydb("grants", "app", "--db", empty_url, "--reading", "--prove", "--format", "json")
    (found,) = json.loads(done.out)
    (part,) = found["grants"]
    assert found["engine"] == "postgresql"
    assert part["rights"][0] == {"kind": "table", "target": '"users"', "privilege": "SELECT", "column": "id"}
    assert part["proof"]["holds"] is True
