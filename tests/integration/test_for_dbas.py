"""docs/for-dbas.md is true, in each engine's shell, and with the rights that it names."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

import pydb
from pydb.engines.mariadb.rules import SQL_MODE
from pydb.sample import BlogPost, Product, Tag, User, reports, users
from pydb.testing.servers import StartedServer
from tests.harness.documents import PROJECT, Reader, blocks
from tests.harness.reviews import commit
from tests.harness.waiting import ALARM

DOCUMENT = PROJECT / "docs" / "for-dbas.md"
SHELLS = {"sqlite": "sqlite3", "postgresql": "psql", "mariadb": "mariadb"}
CLEAN_UP = {
    "postgresql": "DROP OWNED BY blog_app, blog_report; DROP ROLE blog_app; DROP ROLE blog_report;",
    "mariadb": "DROP USER IF EXISTS 'blog_app'@'%'; DROP USER IF EXISTS 'blog_report'@'%';",
}


class Shell:
    """The engine's shell on one database, as the administrator."""

    def __init__(self, engine: str, url: URL) -> None:
        self.program = SHELLS[engine]
        if shutil.which(self.program) is None:
            pytest.skip(f"{self.program} is not installed")
        self.url = url

    def run(self, script: str) -> str:
        """The output of the shell; fails if the shell stops at an error."""
        done = subprocess.run(
            self._command(),
            input=script,
            text=True,
            capture_output=True,
            timeout=ALARM,
            check=False,
            env=self._environment(),
        )
        assert done.returncode == 0, done.stderr
        assert "rror" not in done.stderr, done.stderr
        return done.stdout

    def _command(self) -> list[str]:
        url = self.url
        if self.program == "sqlite3":
            return ["sqlite3", "-bail", str(url.database)]
        if self.program == "psql":
            target = f"host={url.host} port={url.port} user=postgres dbname={url.database}"
            return ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", target]
        address = [f"--host={url.host}", f"--port={url.port}", f"--user={url.username}"]
        return ["mariadb", "--no-defaults", *address, str(url.database)]

    def _environment(self) -> dict[str, str]:
        password = str(self.url.password or "")
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "PGPASSWORD": password, "MYSQL_PWD": password}


@pytest.fixture
def shell(engine_name: str, sample_url: str) -> Shell:
    return Shell(engine_name, make_url(sample_url))


def _typed_into(shell: Shell, *, grants: bool) -> list[str]:
    """The blocks of the document for this shell: those about rights, or the others."""
    found = [block.text for block in blocks(DOCUMENT) if block.shell == shell.program]
    # The database of the document is called blog, and the test's database is not.
    return [text.replace("ON blog.*", f"ON {shell.url.database}.*") for text in found if ("GRANT" in text) == grants]


def test_the_shells_run_what_the_document_shows(shell: Shell) -> None:
    """Every block of the document for a shell runs there: the statement finds its user, and the plan is shown."""
    typed = {text: shell.run(text) for text in _typed_into(shell, grants=False)}
    (run,) = [printed for text, printed in typed.items() if "INSERT" in text]
    assert "moshe@example.com" in run
    (explained,) = [printed for text, printed in typed.items() if "EXPLAIN" in text or "ANALYZE" in text]
    assert explained
    assert len(typed) == 2 + (shell.program != "sqlite3")


@pytest.fixture
def granted(engine_name: str, shell: Shell, sample_url: str) -> Iterator[URL]:
    """The database after the blocks about rights.  Only one test uses it, because accounts belong to the server."""
    for text in _typed_into(shell, grants=True):
        shell.run(text)
    yield make_url(sample_url)
    shell.run(CLEAN_UP[engine_name])


@pytest.mark.engines("postgresql", "mariadb")
def test_the_rights_of_the_document_are_enough_and_not_too_many(granted: URL) -> None:
    """blog_app reads, inserts, upserts, changes and deletes rows, but drops no table; blog_report only reads."""
    with pydb.Database(granted.set(username="blog_app", password="change me")) as database:
        with database.begin() as conn:
            user = User.upsert(conn, username="Person2", email="person2@example.com")
            assert user.update_email(conn, email="person2@example.org") is not None
            BlogPost.create(conn, user_id=user.id, title="first", body="…")
            Tag.get_or_create(conn, name="sql")
            Product.upsert(conn, sku="SKU123", name="Widget", price=Decimal(10))
            assert user.delete(conn)
        with pytest.raises(DBAPIError), database.begin() as conn:
            conn.exec_driver_sql("DROP TABLE comments")
    with pydb.Database(granted.set(username="blog_report", password="change me")) as database:
        with database.read() as conn:
            assert users.list_all(conn) == []
            assert reports.authors.posts_per_author(conn) == []
        # On PostgreSQL the role is read-only, which is checked before its rights.
        with pytest.raises(DBAPIError, match=r"denied .*tags|read-only transaction"), database.begin() as conn:
            Tag.get_or_create(conn, name="sql")


@pytest.mark.engines("sqlite")
def test_the_document_can_be_followed(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the document print what it says, in a copy of the project."""
    shutil.copytree(PROJECT / "sql", tmp_path / "sql")
    for name in ("pyproject.toml", "schema.sql"):
        shutil.copyfile(PROJECT / name, tmp_path / name)
    commit(tmp_path)
    shutil.copyfile(str(shell.url.database), tmp_path / "blog.db")
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(DOCUMENT):
        if block.shell is None:
            reader.follow(block)


@pytest.mark.engines("postgresql", "mariadb")
def test_the_server_is_sent_what_the_document_says(own_server: StartedServer, own_url: str, tmp_path: Path) -> None:
    """A reading block is a read-only snapshot, a statement has its name, and MariaDB gets the document's mode."""
    (tmp_path / "clock.sql").write_text("-- name: year :one scalar\nSELECT EXTRACT(YEAR FROM current_date) AS year;\n")
    queries = pydb.load(tmp_path)
    with pydb.Database(own_url) as database, database.read() as conn:
        assert queries.clock.year(conn) > 2000
    log = own_server.statement_log.read_text(encoding="utf-8", errors="replace")
    expected = ["/* clock.year */ SELECT", "READ ONLY", "ROLLBACK"]
    if own_server.engine == "postgresql":
        expected += ["ISOLATION LEVEL REPEATABLE READ"]
    else:
        expected += ["tx_isolation = 'REPEATABLE-READ'", "tx_read_only = 1"]
        expected.append(f"sql_mode = '{SQL_MODE}'")
        assert SQL_MODE in DOCUMENT.read_text(encoding="utf-8")
    assert not [part for part in expected if part not in log]
