"""The sample as a whole: opening, resetting, two connections, two databases, threads, the tour."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, inspect, text

from pydb import Database, sample
from pydb.cli import main
from pydb.errors import PydbError
from pydb.sample import Product, Profile, User, products, users
from pydb.sample.files import SQL, schema_for
from pydb.sample.tour import main as tour

PROJECT = Path(__file__).parents[3]


def user(conn: Connection, name: str) -> User:
    return User.create(conn, username=name, email=f"{name}@example.com")


def test_open_creates_the_schema_in_an_empty_database(empty_url: str) -> None:
    """Opening an empty database creates the tables; opening it again changes no rows."""
    with sample.open(empty_url) as db, db.begin() as conn:
        made = user(conn, "Moshe")
    with sample.open(empty_url) as db, db.read() as conn:
        assert users.list_all(conn) == [made]


def test_openers_of_an_empty_database_at_once(empty_url: str) -> None:
    """If many threads open an empty database at the same time, one creates the tables, and all find them complete."""
    together = Barrier(6)

    def opened() -> int:
        together.wait()
        with sample.open(empty_url) as db, db.read() as conn:
            return len(users.list_all(conn)) + len(products.list_all(conn))

    with ThreadPoolExecutor(6) as pool:
        assert [done.result() for done in [pool.submit(opened) for _ in range(6)]] == [0] * 6


def test_open_refuses_a_database_of_somebody_else(empty_url: str) -> None:
    """A database with other tables is unchanged."""
    with Database(empty_url) as db, db.begin() as conn:
        conn.execute(text("CREATE TABLE theirs (id integer PRIMARY KEY)"))
    with pytest.raises(PydbError, match="not all of the sample's"):
        sample.open(empty_url)
    with Database(empty_url) as db, db.read() as conn:
        assert inspect(conn).get_table_names() == ["theirs"]


def test_starting_fresh_drops_the_rows(sample_url: str, engine_name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """After a reset, the tables exist and have no rows."""
    with Database(sample_url) as db, db.begin() as conn:
        user(conn, "Moshe")
    arguments = ["schema", "reset", "--yes", "--db", sample_url]
    assert main([*arguments, "--schema", str(schema_for(engine_name))]) == 0, capfd.readouterr()
    with Database(sample_url) as db, db.begin() as conn:
        assert users.list_all(conn) == []
        assert user(conn, "Moshe").id == 1


def test_a_change_outside_is_seen_by_the_next_transaction(db: Database) -> None:
    """A reading transaction keeps its snapshot; the next one sees what was committed in the meantime."""
    with db.begin() as conn:
        moshe = user(conn, "Moshe")
    with db.read() as reader:
        assert users.by_id(reader, id=moshe.id) == moshe
        with db.begin() as writer:
            changed = moshe.update_email(writer, email="new@example.com")
        assert users.by_id(reader, id=moshe.id) == moshe
    with db.read() as reader:
        assert users.by_id(reader, id=moshe.id) == changed


def test_binary_column_prints_its_size(sample_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The command line prints any result as a table, but only the size of a picture."""
    with Database(sample_url) as db, db.begin() as conn:
        Profile.create(
            conn,
            user_id=user(conn, "Moshe").id,
            bio=None,
            avatar=b"\x89PNG",
            born_on=None,
            digest_at=None,
            settings={"theme": "dark"},
        )
    assert main(["run", "profiles.by_user", "user_id=1", "--db", sample_url, "--sql", str(SQL)]) == 0
    printed = capfd.readouterr().out
    assert "<4 bytes>" in printed
    assert "PNG" not in printed
    assert '"theme"' in printed


def test_two_databases_at_once(sample_urls: dict[str, str]) -> None:
    """One program moves a row from one database to others, with a transaction for each database."""
    with Database(sample_urls["sqlite"]) as here:
        with here.begin() as conn:
            made = user(conn, "Moshe")
        for engine in ("postgresql", "mariadb"):
            with Database(sample_urls[engine]) as there, here.begin() as source, there.begin() as target:
                read = users.by_username(source, username="Moshe")
                assert read == made
                copy = User.create(target, username=made.username, email=made.email)
                assert (copy.username, copy.role) == (made.username, made.role)
        with here.read() as conn:
            assert users.count_all(conn) == 1


def test_eight_threads_lose_nothing(db: Database) -> None:
    """Eight threads with separate connections add to one stock, and the result is the sum."""
    with db.begin() as conn:
        widget = Product.create(conn, sku="SKU123", name="Widget", price=Decimal("9.99"), stock=0)

    def add(thread: int) -> int:
        for number in range(20):
            db.run(lambda conn: products.adjust_stock(conn, id=widget.id, quantity=1))
            db.run(partial(user, name=f"{thread}-{number}"))
        return thread

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(add, range(8))) == list(range(8))
    with db.read() as conn:
        after = products.by_id(conn, id=widget.id)
        assert after is not None
        assert (after.stock, users.count_all(conn)) == (160, 160)


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with Database(url) as db, db.read() as conn:
        tables = sorted(inspect(conn).get_table_names())
        return {table: sorted(map(tuple, conn.execute(text(f"SELECT * FROM {table}"))), key=repr) for table in tables}


def test_the_tour_can_be_run_again(empty_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The tour shows each statement's name and round trips, and a second run changes no row."""
    assert tour([empty_url]) == 0
    first, printed = rows_of(empty_url), capsys.readouterr().out
    assert "users.upsert (three times), users.list_all  4 round trips" in printed
    assert "UniqueViolation in users, column username" in printed
    assert "CheckViolation of products_stock_check" in printed
    assert {"SKU123", "SKU124"} <= {str(row[1]) for row in first["products"]}
    assert tour([empty_url]) == 0
    assert rows_of(empty_url) == first


def test_the_tour_names_what_is_wrong(tmp_path: Path) -> None:
    """For a database that cannot be opened, one line is on the error stream, and no traceback."""
    url = f"sqlite:///{tmp_path}/none/blog.db"
    command = [sys.executable, "-m", "pydb.sample.tour", url]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
