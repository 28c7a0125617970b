"""A generated record with a base class of Flask-Login logs in and out of a real Flask application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import flask_login
import pytest
from flask.testing import FlaskClient

from pydb import Database
from tests.harness.projects import CONFIGURED, Project, project_in

BASES = '\n[tool.pydb.records.User]\nbases = ["flask_login.UserMixin"]\n'

SCHEMA = """\
CREATE TABLE users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    username text NOT NULL,
    CONSTRAINT users_username_key UNIQUE (username)
);
"""

STATEMENTS = """\
-- Users: people who sign in.

-- name: create :one User
-- Insert a user.
INSERT INTO users (username) VALUES (:username) RETURNING id, username;

-- name: by_id :maybe User
-- One user by key.
SELECT id, username FROM users WHERE id = :id;

-- name: by_username :maybe User
-- One user by name.
SELECT id, username FROM users WHERE username = :username;
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project whose User has the base class."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED + BASES) as project:
        project.write({"schema.sql": SCHEMA, "sql/users.sql": STATEMENTS})
        project.generate()
        yield project


def application(package: Any, database: Database) -> flask.Flask:
    """An application with a page for users who are logged in."""
    app = flask.Flask(__name__)
    app.secret_key = "of a test"
    manager = flask_login.LoginManager(app)

    def load(key: str) -> Any:
        with database.read() as conn:
            return package.users.by_id(conn, id=int(key))

    manager.user_loader(load)

    @app.post("/login/<name>")
    def login(name: str) -> str:
        with database.read() as conn:
            user = package.users.by_username(conn, username=name)
        return "welcome" if user is not None and flask_login.login_user(user) else "unknown"

    @app.post("/logout")
    def logout() -> str:
        flask_login.logout_user()
        return "goodbye"

    def me() -> str:
        return str(flask_login.current_user.username)

    app.add_url_rule("/me", view_func=flask_login.login_required(me))

    return app


@pytest.fixture
def client(project: Project) -> Iterator[FlaskClient]:
    """A browser of the application; one user, Moshe, exists."""
    with project.imported() as package, Database("sqlite:///app.db") as database:
        database.apply("schema.sql")
        with database.begin() as conn:
            package.User.create(conn, username="Moshe")
        with application(package, database).test_client() as client:
            yield client


def test_a_record_logs_in_and_out(client: FlaskClient) -> None:
    """The page is refused before the login, shown after it, and refused again after the logout."""
    assert client.get("/me").status_code == 401
    assert client.post("/login/Moshe").text == "welcome"
    assert client.get("/me").text == "Moshe"
    assert client.post("/logout").text == "goodbye"
    assert client.get("/me").status_code == 401


def test_nobody_logs_in_under_an_unknown_name(client: FlaskClient) -> None:
    """The name of an unknown user does not log in."""
    assert client.post("/login/Nobody").text == "unknown"
    assert client.get("/me").status_code == 401


def test_the_record_is_still_a_record(project: Project) -> None:
    """The base adds its methods; the fields, equality by value and immutability are unchanged."""
    with project.imported() as package:
        user = package.User(id=1, username="Moshe")
        assert isinstance(user, flask_login.UserMixin)
        assert user.get_id() == "1"
        assert user == package.User(id=1, username="Moshe") != package.User(id=2, username="Moshe")
        with pytest.raises(AttributeError):
            user.id = 2
