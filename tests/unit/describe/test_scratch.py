"""A schema script becomes a database in which statements are described."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from pydb import Database
from pydb.describe.scratch import existing, scratch
from pydb.errors import PydbError, SqlFileError

SCHEMA = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text);\n"


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    (tmp_path / "schema.sql").write_text(SCHEMA)
    return tmp_path / "schema.sql"


def test_in_memory(schema: Path) -> None:
    """Without a URL the database is in memory, and has the schema."""
    with scratch(None, str(schema)) as session:
        assert session.engine == "sqlite"
        assert list(session.catalogue.tables) == ["users"]


def test_a_schema_that_is_refused(schema: Path) -> None:
    """A refusal of the engine has the file and the line of the statement."""
    schema.write_text(f"{SCHEMA}\nCREATE TABLE users (id integer);\n")
    with pytest.raises(SqlFileError, match="refuses the schema") as caught, scratch(None, str(schema)):
        pass
    assert (caught.value.file, caught.value.line) == (str(schema), 3)


def test_an_existing_database(tmp_path: Path, schema: Path) -> None:
    """An existing database is opened for reading, and a missing one is not created."""
    url = make_url(f"sqlite:///{tmp_path}/app.db")
    with Database(url) as database:
        database.apply(schema)
    with existing(url) as session:
        assert list(session.catalogue.tables) == ["users"]
        with pytest.raises(Exception, match="readonly"):
            session.ask("DELETE FROM users")
    with pytest.raises(PydbError, match="cannot be opened"), existing(make_url(f"sqlite:///{tmp_path}/none.db")):
        pass
    assert not (tmp_path / "none.db").exists()


@pytest.mark.engines("postgresql", "mariadb")
def test_on_a_server(empty_url: str, schema: Path) -> None:
    """On a server it is a separate database, which is dropped afterwards."""
    with scratch(make_url(empty_url), str(schema)) as session:
        assert list(session.catalogue.tables) == ["users"]
    with existing(make_url(empty_url)) as session:
        assert list(session.catalogue.tables) == []
