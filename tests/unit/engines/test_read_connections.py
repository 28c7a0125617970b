"""The user that takes a connection from the pool: ``read()``, or another caller."""

from __future__ import annotations

import threading

from sqlalchemy import NullPool, QueuePool, create_engine, event

from pydb.engines.read_connections import READS, attach_borrower, connect_to_read, reads, replace


def test_listeners_know_who_reads() -> None:
    """While ``read()`` takes its connection, the borrower says so, only in this thread, and not afterwards."""
    engine = create_engine("sqlite://")
    borrower = attach_borrower(engine)
    seen: list[tuple[bool, bool]] = []

    def checkout(_driver: object, record: object, _proxy: object) -> None:
        other: list[bool] = []
        thread = threading.Thread(target=lambda: other.append(borrower.reads))
        thread.start()
        thread.join()
        seen.append((borrower.reads, other[0]))

    event.listen(engine, "checkout", checkout)
    with connect_to_read(engine):
        assert not borrower.reads
    with engine.connect():
        pass
    assert seen == [(True, False), (False, False)]
    engine.dispose()


def test_a_failure_is_forgotten() -> None:
    """If no connection can be made, the next caller is not a reader."""
    engine = create_engine("sqlite:////no/such/folder/app.db")
    borrower = attach_borrower(engine)
    try:
        connect_to_read(engine)
    except Exception:
        assert not borrower.reads
    else:
        raise AssertionError("there is such a folder")


def test_what_a_connection_is_set_for() -> None:
    """A connection belongs to ``read()`` if its pool entry says so."""
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        assert not reads(conn)
        conn.info[READS] = True
        assert reads(conn)
    engine.dispose()


def test_replacing_a_connection(tmp_path: object) -> None:
    """A pool's entry gets a new connection; if each user gets a new one anyway, nothing is closed."""
    for pool, closed in ((QueuePool, [1]), (NullPool, [])):
        engine = create_engine(f"sqlite:///{tmp_path}/a.db", poolclass=pool)
        calls: list[int] = []
        record = type("Record", (), {"close": lambda self, calls=calls: calls.append(1)})()
        replace(engine, record)
        assert calls == closed
        engine.dispose()
