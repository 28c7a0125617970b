"""Database.begin(), read() and connect(): commits, rollbacks, and the effect of a suppressed error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, exc, text

import pydb
from pydb import errors
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.awaited]


@pytest.fixture
def bank(empty_db: pydb.Database) -> pydb.Database:
    """Two accounts of 100."""
    open_accounts(empty_db)
    return empty_db


def fail(conn: Connection) -> None:
    """A statement of pydb that the database refuses."""
    accounts.create(conn, id=1, owner="again", balance=0)


def fail_through_core(conn: Connection) -> None:
    """A statement outside pydb that the database refuses."""
    conn.execute(text("INSERT INTO accounts (id, owner, balance) VALUES (1, 'again', 0)"))


FAILURES = [pytest.param(fail, id="statement"), pytest.param(fail_through_core, id="core")]


def swallow(work: Callable[[], Any]) -> None:
    with pytest.raises(exc.IntegrityError):
        work()


# Commits and rollbacks.


def test_begin_commits(bank: pydb.Database) -> None:
    """After a begin() block, every connection sees its changes."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


def test_error_undoes_the_block(bank: pydb.Database) -> None:
    """An error that leaves a begin() block rolls it back, and the caller gets the same error."""
    error = ValueError("mine")
    with pytest.raises(ValueError, match="mine") as caught, bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        raise error
    assert caught.value is error
    assert balances(bank) == [100, 100]


def test_blocks_are_separate_transactions(bank: pydb.Database) -> None:
    """A read() inside a begin() does not see its uncommitted changes, and does not wait for it."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        assert balances(bank) == [100, 100]
    assert balances(bank) == [105, 100]


def test_read_is_one_snapshot(bank: pydb.Database) -> None:
    """A read() block sees one state of the database, whatever is committed in the meantime."""
    with bank.read() as conn:
        before = accounts.balance(conn, id=1)
        with bank.begin() as other:
            accounts.deposit(other, id=1, amount=5)
            accounts.deposit(other, id=2, amount=5)
        assert [before, accounts.balance(conn, id=2)] == [100, 100]
    assert balances(bank) == [105, 105]


def test_read_refuses_to_write(bank: pydb.Database) -> None:
    """A write in a read() block is refused with a hint, and the error is one of pydb's."""
    with pytest.raises(errors.DatabaseError, match=r"hint: write in a Database\.begin\(\) block"), bank.read() as conn:
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [100, 100]


def test_connection_after_read(empty_url: str) -> None:
    """The one connection of a pool writes, reads and writes again."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database:
        open_accounts(database)
        for _ in range(2):
            assert balances(database)[1] == 100
            with database.begin() as conn:
                accounts.deposit(conn, id=1, amount=5)
        assert balances(database) == [110, 100]


def test_closing_the_connection_of_a_read(empty_url: str) -> None:
    """A connection that the application closes inside read() is not read-only for its next user."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database:
        open_accounts(database)
        with database.read() as conn:
            conn.close()
        with database.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)
        assert balances(database) == [105, 100]


def test_connect_is_commit_as_you_go(bank: pydb.Database) -> None:
    """connect() returns Core's connection; changes are rolled back if they are not committed."""
    with bank.connect() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conn.commit()
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


def test_savepoint_is_undone_alone(bank: pydb.Database) -> None:
    """A savepoint can be rolled back without the rest of the block."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        savepoint = conn.begin_nested()
        accounts.deposit(conn, id=2, amount=5)
        savepoint.rollback()
    assert balances(bank) == [105, 100]


def test_savepoint_is_undone_with_the_block(bank: pydb.Database) -> None:
    """A released savepoint is rolled back with its block."""
    with pytest.raises(ValueError, match="mine"), bank.begin() as conn:
        with conn.begin_nested():
            accounts.deposit(conn, id=2, amount=5)
        raise ValueError("mine")
    assert balances(bank) == [100, 100]


def test_savepoint_before_any_statement(bank: pydb.Database) -> None:
    """On a plain connection, a savepoint at the beginning is rolled back with its transaction."""
    with bank.connect() as conn:
        with conn.begin_nested():
            accounts.deposit(conn, id=2, amount=5)
        conn.rollback()
    assert balances(bank) == [100, 100]


def test_commit_by_hand_ends_the_block(bank: pydb.Database) -> None:
    """conn.commit() in a begin() block commits, and Core refuses every later statement."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conn.commit()
        with pytest.raises(exc.InvalidRequestError, match="closed transaction"):
            accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


def test_two_databases(empty_urls: dict[str, str]) -> None:
    """Blocks of several databases in one thread at the same time are independent."""
    databases = [pydb.Database(url) for url in empty_urls.values()]
    for database in databases:
        open_accounts(database)
    first, second, third = databases
    with first.begin() as one, second.begin() as two, third.read() as three:
        accounts.deposit(one, id=1, amount=1)
        accounts.deposit(two, id=1, amount=2)
        assert accounts.balance(three, id=1) == 100
    assert [balances(database)[0] for database in databases] == [101, 102, 100]
    for database in databases:
        database.close()


# A suppressed error.


@pytest.mark.parametrize("failure", FAILURES)
def test_swallowed_error_dooms_the_block(bank: pydb.Database, failure: Callable[[Connection], None]) -> None:
    """A block whose failed statement was suppressed is rolled back and raises an error."""
    with pytest.raises(errors.TransactionDoomed, match="hint: let the error leave the block"), bank.begin() as conn:
        accounts.deposit(conn, id=2, amount=5)
        swallow(lambda: failure(conn))
    assert balances(bank) == [100, 100]


def test_doomed_names_the_statement(bank: pydb.Database) -> None:
    """TransactionDoomed names the first failed statement."""
    with pytest.raises(errors.TransactionDoomed) as caught, bank.begin() as conn:
        swallow(lambda: fail(conn))
    assert caught.value.statement_name == "accounts.create"


@pytest.mark.parametrize("failure", FAILURES)
def test_error_in_an_undone_savepoint(bank: pydb.Database, failure: Callable[[Connection], None]) -> None:
    """An error that leaves a savepoint rolls back the savepoint, and the block commits the rest."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=2, amount=5)
        with pytest.raises(exc.IntegrityError), conn.begin_nested():
            accounts.deposit(conn, id=2, amount=7)
            failure(conn)
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 105]


@pytest.mark.parametrize("failure", FAILURES)
def test_error_swallowed_in_a_savepoint(bank: pydb.Database, failure: Callable[[Connection], None]) -> None:
    """A savepoint with a suppressed error is rolled back and raises an error; its block can continue."""
    with bank.begin() as conn:
        with pytest.raises(errors.TransactionDoomed, match="in this savepoint"), conn.begin_nested():
            accounts.deposit(conn, id=2, amount=7)
            swallow(lambda: failure(conn))
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


def test_error_in_a_savepoint_of_a_savepoint(bank: pydb.Database) -> None:
    """Only the innermost savepoint around the failed statement is rolled back."""
    with bank.begin() as conn, conn.begin_nested():
        accounts.deposit(conn, id=1, amount=5)
        with pytest.raises(errors.UniqueViolation), conn.begin_nested():
            accounts.deposit(conn, id=2, amount=7)
            fail(conn)
    assert balances(bank) == [105, 100]


def test_failed_savepoint_left_open(bank: pydb.Database) -> None:
    """A savepoint that is neither released nor rolled back after a failure dooms the block."""
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conn.begin_nested()
        swallow(lambda: fail(conn))
    assert balances(bank) == [100, 100]


def test_doomed_block_refuses_commit_by_hand(bank: pydb.Database) -> None:
    """conn.commit() in a doomed block raises TransactionDoomed, and if that is suppressed, the block raises it too."""
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        swallow(lambda: fail(conn))
        with pytest.raises(errors.TransactionDoomed):
            conn.commit()
    assert balances(bank) == [100, 100]


def test_doomed_block_rolled_back_by_hand(bank: pydb.Database) -> None:
    """A block that the application rolls back after an error changes nothing and raises nothing."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        swallow(lambda: fail(conn))
        conn.rollback()
    assert balances(bank) == [100, 100]


def test_another_error_of_a_doomed_block(bank: pydb.Database) -> None:
    """An error of the application leaves a doomed block unchanged."""
    with pytest.raises(ValueError, match="mine"), bank.begin() as conn:
        swallow(lambda: fail(conn))
        raise ValueError("mine")


def test_connection_is_clean_after_a_doomed_block(empty_url: str) -> None:
    """The pooled connection of a doomed block is used by the next block, which commits."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database:
        open_accounts(database)
        with pytest.raises(errors.TransactionDoomed), database.begin() as conn:
            swallow(lambda: fail(conn))
        with database.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)
        assert balances(database) == [105, 100]


def test_too_many_rows_changed_dooms(bank: pydb.Database) -> None:
    """A :one statement that changed two rows dooms its block, because its header promises one row."""
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn, pytest.raises(errors.TooManyRows):
        accounts.close_richer_than(conn, balance=50)
    assert balances(bank) == [100, 100]


def test_row_that_does_not_fit_dooms(bank: pydb.Database) -> None:
    """A changed row that does not fit its record dooms the block, whose error names the statement."""
    with pytest.raises(errors.TransactionDoomed) as caught, bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=50)
        with pytest.raises(errors.RecordError):
            accounts.close_as_date(conn, balance=120)
    assert caught.value.statement_name == "accounts.close_as_date"
    assert balances(bank) == [100, 100]


def test_no_row_does_not_doom(bank: pydb.Database) -> None:
    """A writing statement that found no row has changed nothing, so the block commits."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        with pytest.raises(errors.NoRow):
            accounts.close_richer_than(conn, balance=5000)
    assert balances(bank) == [105, 100]


@pytest.mark.engines("sqlite", "postgresql")
def test_batch_that_came_back_short_dooms(bank: pydb.Database) -> None:
    """A batch in which a set changed no row dooms the block, because the other sets changed rows."""
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn, pytest.raises(errors.RowError, match="set 1"):
        accounts.spend(conn, [{"id": 1, "amount": 5}, {"id": 9, "amount": 5}])
    assert balances(bank) == [100, 100]


def test_too_many_rows_read(bank: pydb.Database) -> None:
    """A :one statement that read two rows has changed nothing, so the block commits."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        with pytest.raises(errors.TooManyRows):
            accounts.richer_than(conn, balance=50)
    assert balances(bank) == [105, 100]


def test_refused_parameter_does_not_doom(bank: pydb.Database) -> None:
    """A ParameterError is raised before anything is sent, so the block commits."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        with pytest.raises(errors.ParameterError):
            accounts.deposit(conn, id=1)
    assert balances(bank) == [105, 100]


def test_core_error_leaves_as_ours(bank: pydb.Database) -> None:
    """An error of a plain Core statement leaves a block as pydb's class, without the value."""
    insert = text("INSERT INTO accounts (id, owner, balance) VALUES (3, :owner, 0)")
    with pytest.raises(errors.UniqueViolation) as caught, bank.begin() as conn:
        accounts.create(conn, id=4, owner="secret", balance=0)
        conn.execute(insert, {"owner": "secret"})
    assert "secret" not in str(caught.value)
    assert balances(bank) == [100, 100]


# Isolation.


def test_isolation_word(bank: pydb.Database) -> None:
    """A word that is not an isolation level is refused before anything is sent."""
    with pytest.raises(ValueError, match="no isolation level is named 'SNAPSHOT'"), bank.begin("SNAPSHOT"):
        pass


LEVELS = ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "serializable", "READ_COMMITTED"]


@pytest.mark.parametrize("level", LEVELS)
def test_isolation_levels(bank: pydb.Database, level: str) -> None:
    """Each of the standard's four levels is accepted on every engine, in upper and lower case."""
    with bank.begin(level) as conn:
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize(("level", "seen"), [("READ COMMITTED", 105), ("REPEATABLE READ", 100)])
def test_isolation_takes_effect(bank: pydb.Database, level: str, seen: int) -> None:
    """READ COMMITTED sees what others commit in the meantime, and REPEATABLE READ does not."""
    with bank.begin(level) as conn:
        assert accounts.balance(conn, id=1) == 100
        with bank.begin() as other:
            accounts.deposit(other, id=1, amount=5)
        assert accounts.balance(conn, id=1) == seen


@pytest.mark.engines("postgresql", "mariadb")
def test_isolation_lasts_one_transaction(empty_url: str, engine_name: str) -> None:
    """The level is only that of the block: the next block on the same connection has the engine's default."""
    default, other = {"postgresql": (105, "REPEATABLE READ"), "mariadb": (100, "READ COMMITTED")}[engine_name]
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database, pydb.Database(empty_url) as second:
        open_accounts(database)
        with database.begin(other) as conn:
            accounts.balance(conn, id=1)
        with database.begin() as conn:
            assert accounts.balance(conn, id=1) == 100
            with second.begin() as writer:
                accounts.deposit(writer, id=1, amount=5)
            assert accounts.balance(conn, id=1) == default


# Scripts.


def script(folder: Path, text: str) -> Path:
    path = folder / "change.sql"
    path.write_text(text)
    return path


def test_apply_names_file_and_line(bank: pydb.Database, tmp_path: Path) -> None:
    """An error in a script names the file, and the line on which the statement starts."""
    insert = "INSERT INTO accounts (id, owner, balance) VALUES (3, 'x', 0);"
    path = script(tmp_path, f"-- One.\n{insert}\n\n-- Two.\nSELEC 1;\n")
    with pytest.raises(errors.DatabaseError) as caught:
        bank.apply(path)
    assert (caught.value.file, caught.value.line) == (str(path), 5)
    assert f"{path}:5: " in str(caught.value)
    with bank.read() as conn:
        assert accounts.count(conn) == 2


@pytest.mark.engines("sqlite", "postgresql")
def test_apply_is_all_or_nothing(bank: pydb.Database, tmp_path: Path) -> None:
    """A failed script leaves no table behind if the engine's DDL is transactional."""
    with pytest.raises(errors.DatabaseError):
        bank.apply(script(tmp_path, "CREATE TABLE first (id integer);\nCREATE TABLE second (id nonsense(;\n"))
    with pytest.raises(errors.DatabaseError), bank.read() as conn:
        conn.execute(text("SELECT id FROM first"))


@pytest.mark.engines("mariadb")
def test_apply_on_mariadb_keeps_ddl(bank: pydb.Database, tmp_path: Path) -> None:
    """MariaDB commits before and after each DDL statement, so the earlier statements of a failed script are kept."""
    insert = "INSERT INTO accounts (id, owner, balance) VALUES (3, 'x', 0)"
    with pytest.raises(errors.DatabaseError):
        bank.apply(script(tmp_path, f"{insert};\nCREATE TABLE first (id integer);\n{insert};\n"))
    with bank.read() as conn:
        assert accounts.count(conn) == 3
        assert conn.execute(text("SELECT id FROM first")).all() == []


TRIGGERS = {
    "sqlite": """
CREATE TRIGGER accounts_start AFTER INSERT ON accounts BEGIN
    UPDATE accounts SET balance = CASE WHEN balance = 0 THEN 10 ELSE balance END WHERE id = NEW.id;
    UPDATE accounts SET owner = owner || ';' WHERE id = NEW.id;
END;
""",
    "postgresql": """
CREATE FUNCTION accounts_start() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    NEW.balance := CASE WHEN NEW.balance = 0 THEN 10 ELSE NEW.balance END;
    NEW.owner := NEW.owner || ';';
    RETURN NEW;
END;
$body$;

CREATE FUNCTION nothing() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;

CREATE TRIGGER accounts_start BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_start();
""",
    "mariadb": """
CREATE PROCEDURE nothing() BEGIN IF 1 = 1 THEN SELECT 1; END IF; CASE 1 WHEN 1 THEN SELECT 2; END CASE; END;

DELIMITER //
CREATE TRIGGER accounts_start BEFORE INSERT ON accounts FOR EACH ROW
BEGIN
    IF NEW.balance = 0 THEN
        SET NEW.balance = 10;
    END IF;
    SET NEW.owner = NEW.owner || ';';
END//
DELIMITER ;
""",
}


def test_apply_with_bodies(bank: pydb.Database, tmp_path: Path, engine_name: str) -> None:
    """A script may define triggers, functions and procedures with semicolons in their bodies."""
    bank.apply(script(tmp_path, f"-- Before; it.\n{TRIGGERS[engine_name]}\n-- After; it.\n"))
    with bank.begin() as conn:
        accounts.create(conn, id=3, owner="new", balance=0)
        account = accounts.by_id(conn, id=3)
    assert (account.owner, account.balance) == ("new;", 10)


@pytest.mark.parametrize("word", ["BEGIN", "begin immediate", "START TRANSACTION", "COMMIT", "END", "ROLLBACK"])
def test_apply_refuses_transaction_control(bank: pydb.Database, tmp_path: Path, word: str) -> None:
    """A script that would end apply()'s transaction is refused at that line, and rolled back."""
    path = script(tmp_path, f"DELETE FROM accounts;\n-- Now.\n{word};\n")
    with pytest.raises(errors.SqlFileError, match="hint: apply") as caught:
        bank.apply(path)
    assert (caught.value.file, caught.value.line) == (str(path), 3)
    assert balances(bank) == [100, 100]


def test_apply_without_a_file(bank: pydb.Database, tmp_path: Path) -> None:
    """A script that does not exist raises SqlFileError with its name."""
    with pytest.raises(errors.SqlFileError, match=r"nowhere\.sql: cannot be read: FileNotFoundError"):
        bank.apply(tmp_path / "nowhere.sql")
