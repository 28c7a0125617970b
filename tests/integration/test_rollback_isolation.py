"""A test's database is rolled back whatever the code under test commits; what cannot be rolled back is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import pydb
from pydb.errors import (
    DatabaseError,
    ForeignKeyViolation,
    NotIsolated,
    TransactionDoomed,
    UniqueViolation,
)
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engines.sqlite_folder import SqliteFolder
from pydb.testing.rollback import IsolatedTests, RollbackDatabase
from tests.harness.runtime import Load
from tests.harness.waiting import ALARM

DEFERRED = {"mariadb": ""}
INSERT = text("INSERT INTO notes (id) VALUES (:id)")
COUNT = text("SELECT count(*) FROM notes")


def add(conn: Connection, id: int) -> None:
    conn.execute(INSERT, {"id": id})


def count(conn: Connection) -> int:
    return int(conn.execute(COUNT).scalar_one())


@pytest.fixture
def url(empty_url: str, engine_name: str, tmp_path: Path) -> str:
    """A database with two tables."""
    script = tmp_path / "tables.sql"
    deferred = DEFERRED.get(engine_name, "DEFERRABLE INITIALLY DEFERRED")
    script.write_text(
        "CREATE TABLE notes (id integer NOT NULL, CONSTRAINT notes_pkey PRIMARY KEY (id));\n"
        "CREATE TABLE marks (note_id integer NOT NULL,\n"
        f"CONSTRAINT marks_note_fkey FOREIGN KEY (note_id) REFERENCES notes (id) {deferred});\n"
    )
    with pydb.Database(empty_url) as database:
        database.apply(script)
    return empty_url


@pytest.fixture
def rolled_back(url: str) -> Iterator[RollbackDatabase]:
    """A database outside a test."""
    made = RollbackDatabase(url, patience=0.05)
    yield made
    made.dispose()


@pytest.fixture
def db(rolled_back: RollbackDatabase) -> Iterator[RollbackDatabase]:
    """The same database in a test."""
    with rolled_back.isolated():
        yield rolled_back


def test_what_blocks_commit_is_gone_after_the_test(rolled_back: RollbackDatabase, url: str) -> None:
    """A later block sees the commits of earlier blocks; another test and another connection do not."""
    for _ in range(2):
        with rolled_back.isolated():
            with rolled_back.begin() as conn:
                add(conn, 1)
            rolled_back.run(lambda conn: add(conn, 2))
            with rolled_back.read() as conn:
                assert count(conn) == 2
            assert rolled_back.run_read(count) == 2
    with pydb.Database(url) as database, database.read() as conn:
        assert count(conn) == 0


def test_a_failed_block_is_undone_alone(db: RollbackDatabase) -> None:
    """An error rolls back its block, and is the same error as outside tests."""
    with db.begin() as conn:
        add(conn, 1)
    with pytest.raises(UniqueViolation), db.begin() as conn:
        add(conn, 2)
        add(conn, 1)
    assert db.run_read(count) == 1


def test_a_doomed_block_is_rolled_back(db: RollbackDatabase) -> None:
    """A block whose error was suppressed cannot commit."""
    with pytest.raises(TransactionDoomed), db.begin() as conn:
        add(conn, 1)
        with pytest.raises(IntegrityError):
            add(conn, 1)
    assert db.run_read(count) == 0


def test_savepoints_of_the_code_under_test(db: RollbackDatabase) -> None:
    """A savepoint in a block is rolled back separately."""
    with db.begin() as conn:
        add(conn, 1)
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            add(conn, 2)
            _ = 1 / 0
    assert db.run_read(count) == 1


def test_read_refuses_writes(db: RollbackDatabase, load: Load) -> None:
    """A write in read() fails as outside tests, as text and as a statement; the next begin() accepts it."""
    q = load("-- name: add :exec\nINSERT INTO notes (id) VALUES (:id);\n")
    with pytest.raises(DatabaseError), db.read() as conn:
        add(conn, 1)
    with pytest.raises(DatabaseError), db.read() as conn:
        q.add(conn, id=1)
    with db.begin() as conn:
        q.add(conn, id=1)
    assert db.run_read(count) == 1


@pytest.mark.engines("sqlite", "postgresql")
def test_deferred_constraints_are_checked_at_the_block_s_end(db: RollbackDatabase) -> None:
    """A row with an invalid reference fails at the end of its block; within a block the order does not matter."""
    with pytest.raises(ForeignKeyViolation), db.begin() as conn:
        conn.execute(text("INSERT INTO marks (note_id) VALUES (1)"))
    for note in (1, 2):
        with db.begin() as conn:
            conn.execute(text("INSERT INTO marks (note_id) VALUES (:id)"), {"id": note})
            add(conn, note)
    assert db.run_read(count) == 2


BLOCKS: dict[str, Callable[[RollbackDatabase], object]] = {
    "begin()": lambda db: db.begin().__enter__(),
    "read()": lambda db: db.read().__enter__(),
    "run()": lambda db: db.run(count),
    "run_read()": lambda db: db.run_read(count),
    "connect()": lambda db: db.connect(),
}


def test_a_block_inside_of_a_block_is_refused(db: RollbackDatabase) -> None:
    """A block in a block would be a separate transaction outside tests: the error names both calls and their places."""
    place = "at tests/integration/test_rollback_isolation.py:"
    with db.begin() as conn:
        for call, block in BLOCKS.items():
            with pytest.raises(NotIsolated) as caught:
                block(db)
            assert caught.value.message.startswith(f"{call} {place}")
            assert f"inside the block of begin() {place}" in caught.value.message
        add(conn, 1)
    assert db.run_read(count) == 1


def test_another_isolation_level_is_refused(db: RollbackDatabase) -> None:
    """Another isolation level is refused, because the transaction has already begun; its own level is accepted."""
    usual = db.engine.dialect.default_isolation_level
    with db.begin(isolation=usual) as conn:
        add(conn, 1)
    with pytest.raises(NotIsolated, match="isolation='READ UNCOMMITTED'"), db.begin(isolation="READ UNCOMMITTED"):
        pass
    with pytest.raises(NotIsolated, match="isolation level"), db.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
    assert db.run_read(count) == 1


def test_once_is_refused(db: RollbackDatabase) -> None:
    """once= is refused, because its key is valid only after a commit."""
    with pytest.raises(NotIsolated, match=r"run\(once=…\)"):
        db.run(count, once="key")


def test_transaction_control_in_a_text_is_refused(db: RollbackDatabase) -> None:
    """A statement that would end the test's transaction is refused, and its block is rolled back."""
    for sql in ("COMMIT", "ROLLBACK", "/* a note */ BEGIN", "SELECT 1; COMMIT"):
        with pytest.raises(NotIsolated, match="would end the test's transaction"), db.begin() as conn:
            add(conn, 1)
            conn.exec_driver_sql(sql)
    assert db.run_read(count) == 0


@pytest.mark.engines("mariadb")
def test_an_implicit_commit_is_refused(db: RollbackDatabase, tmp_path: Path) -> None:
    """On MariaDB, DDL would commit, so it is not sent; apply() raises the same error."""
    for sql in ("CREATE TABLE extra (id integer)", "SET autocommit = 1", "LOCK TABLES notes WRITE"):
        with pytest.raises(NotIsolated, match="would end the test's transaction"), db.begin() as conn:
            conn.exec_driver_sql(sql)
    with pytest.raises(NotIsolated, match="DDL would commit the test's transaction on MariaDB"):
        db.apply(tmp_path / "tables.sql")


@pytest.mark.engines("sqlite", "postgresql")
def test_ddl_is_rolled_back(rolled_back: RollbackDatabase, tmp_path: Path) -> None:
    """With transactional DDL, DDL is rolled back, also that of apply()."""
    (tmp_path / "more.sql").write_text("CREATE TABLE more (id integer);\n")
    for _ in range(2):
        with rolled_back.isolated():
            with rolled_back.begin() as conn:
                conn.execute(text("CREATE TABLE extra (id integer)"))
            rolled_back.apply(tmp_path / "more.sql")
            with rolled_back.begin() as conn:
                conn.execute(text("INSERT INTO more (id) VALUES (1)"))


def test_threads_take_turns(db: RollbackDatabase) -> None:
    """Blocks of several threads run one after the other, all in the same test."""
    db.engine.pool._turns.seconds = ALARM  # type: ignore[attr-defined]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda note: db.run(lambda conn: add(conn, note)), range(20)))
    assert db.run_read(count) == 20


def test_a_block_that_waits_for_another_thread_s_says_for_which(db: RollbackDatabase) -> None:
    """The timeout's error has the two places."""
    caught: list[NotIsolated] = []

    def wait() -> None:
        with pytest.raises(NotIsolated) as failure:
            db.run(count)
        caught.append(failure.value)

    with db.begin():
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(ALARM)
    assert "run() at tests/integration/test_rollback_isolation.py:" in caught[0].message
    waited = "timed out after 0.05 s, waiting for the block of begin() at tests/integration/test_rollback"
    assert waited in caught[0].message


def test_core_s_own_connections_are_in_the_test(db: RollbackDatabase) -> None:
    """connect() with its commits and rollbacks, and an ORM's session on the engine, are savepoints too."""
    with db.connect() as conn:
        add(conn, 1)
        conn.commit()
        add(conn, 2)
        conn.rollback()
        add(conn, 3)
    with Session(db.engine) as session:
        session.execute(INSERT, {"id": 4})
        session.commit()
    assert db.run_read(count) == 2


def test_close_leaves_it_usable(db: RollbackDatabase) -> None:
    """An application that closes its database at its end does not close the test's database."""
    db.run(lambda conn: add(conn, 1))
    db.close()
    assert db.run_read(count) == 1


@pytest.mark.engines("sqlite")
def test_a_lost_transaction_is_said(rolled_back: RollbackDatabase) -> None:
    """ON CONFLICT ROLLBACK ends the whole transaction: the next block and the end of the test raise an error."""
    with pytest.raises(NotIsolated, match="the test's transaction has ended"), rolled_back.isolated():
        rolled_back.run(lambda conn: add(conn, 1))
        with pytest.raises(UniqueViolation), rolled_back.begin() as conn:
            conn.exec_driver_sql("INSERT OR ROLLBACK INTO notes (id) VALUES (1)")
        with pytest.raises(NotIsolated, match="the test's transaction has ended"):
            rolled_back.run(lambda conn: add(conn, 2))


def test_a_block_that_is_left_open_fails_its_own_test(rolled_back: RollbackDatabase) -> None:
    """The error names a block that is left open, and the next test is independent of it."""
    message = r"the block of connect\(\) at .* is still open at the test's end"
    with pytest.raises(NotIsolated, match=message), rolled_back.isolated():
        left = rolled_back.connect()
        add(left, 1)
    with rolled_back.isolated(), rolled_back.begin() as conn:
        with pytest.raises(NotIsolated, match="this block began in a test that has ended"):
            add(left, 2)
        left.close()
        with pytest.raises(NotIsolated, match="is inside the block"):
            rolled_back.run(count)
        assert count(conn) == 0


@pytest.mark.engines("mariadb")
def test_a_procedure_that_commits_is_noticed(rolled_back: RollbackDatabase, url: str) -> None:
    """The effect of a CALL is not in its text: the end of the block finds that its savepoint is gone."""
    with pydb.Database(url) as database, database.begin() as conn:
        conn.exec_driver_sql("CREATE PROCEDURE commits() COMMIT")
    with pytest.raises(NotIsolated, match="the test's transaction has ended"), rolled_back.isolated():
        rolled_back.run(lambda conn: conn.exec_driver_sql("CALL commits()"))


def test_the_test_after_a_lost_one_has_another_database(tmp_path: Path) -> None:
    """A database that could not be rolled back is dropped."""
    script = tmp_path / "schema.sql"
    script.write_text("CREATE TABLE notes (id integer PRIMARY KEY);\n")
    with IsolatedTests(DatabaseMaker(SqliteFolder(tmp_path), script)) as tests:
        with pytest.raises(NotIsolated), tests.one() as db, pytest.raises(UniqueViolation), db.begin() as conn:
            add(conn, 1)
            conn.exec_driver_sql("INSERT OR ROLLBACK INTO notes (id) VALUES (1)")
        with tests.one() as db:
            assert db.run_read(count) == 0
