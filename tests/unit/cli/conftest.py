"""A project for the tests of commands: a table of users, a few statements, and a database file with three rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.projects import Project, project_in

CONFIGURED = """\
[tool.pydb]
sql = "sql"
schema = "schema.sql"
url = "sqlite:///app.db"
package = "app.db"
"""

SCHEMA = """\
CREATE TABLE users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    name text NOT NULL,
    is_admin boolean NOT NULL DEFAULT FALSE
);
"""

USERS = """\
-- name: by_id :maybe User
-- One user by key.
SELECT
    id,
    name,
    is_admin
FROM users
WHERE id = :id;

-- name: names :many scalar
SELECT name
FROM users
ORDER BY name;

-- name: add :batch
INSERT INTO users (name)
VALUES (:name);

-- name: rename :affected
UPDATE users
SET name = :name
WHERE id = :id;
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """The project, whose folder is the current one."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"schema.sql": SCHEMA, "sql/users.sql": USERS, "app/__init__.py": ""})
        with sqlite3.connect(tmp_path / "app.db") as database:
            database.executescript(SCHEMA)
            database.execute("INSERT INTO users (name) VALUES ('ann'), ('bob'), ('eve')")
        database.close()
        yield project
