"""The transactions that may use a replica; tests/clusters/ has real replicas."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from pydb import Database
from pydb.database.replicas import LONGEST_PAUSE, REST, Replicas, check_wait, pauses
from pydb.engines.positions import positions_of


@pytest.fixture
def replicas() -> Replicas:
    """Replicas of a PostgreSQL server, to which nothing is sent."""
    return Replicas(create_engine("sqlite://"), positions_of("postgresql"))


def test_what_is_for_replicas(replicas: Replicas) -> None:
    """A snapshot may use a replica, also after a position; SERIALIZABLE, or an invalid position, may not."""
    assert replicas.serves(None, None, 0.0)
    assert replicas.serves("REPEATABLE READ", "16/B374D848", 0.0)
    assert not replicas.serves("SERIALIZABLE", None, 0.0)
    assert not replicas.serves(None, "0-1-7", 0.0)
    assert not replicas.serves(None, 7, 0.0)  # type: ignore[arg-type]


def test_silent_replicas_rest(replicas: Replicas) -> None:
    """Replicas that do not answer are not used for some time; then one of them is tried, and if it answers, all are."""
    replicas.note_silence(100.0)
    assert not replicas.serves(None, None, 100.0 + REST / 2)
    assert replicas.serves(None, None, 100.0 + REST)
    assert not replicas.serves(None, None, 100.0 + REST)
    replicas.note_answer()
    assert replicas.serves(None, None, 100.0 + REST)


def test_pauses() -> None:
    """Pauses grow up to the longest one, and without time there is no pause."""
    assert list(pauses(0.0)) == []
    first = [pause for pause, _ in zip(pauses(60.0), range(8), strict=False)]
    assert first == sorted(first)
    assert first[-1] == LONGEST_PAUSE


@pytest.mark.parametrize("wait", [-1, float("nan")])
def test_no_time(wait: float) -> None:
    """A wait may not be negative."""
    with pytest.raises(ValueError, match="wait must be a number of seconds"):
        check_wait(wait)


def test_without_replicas() -> None:
    """Without read_url, and on SQLite, after= and wait= change nothing, and the position is empty."""
    with Database("sqlite://") as database:
        assert database.position() == ""
        assert database.read_engine is database.engine
        with database.read(after="anything", wait=0.0) as conn:
            assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1
        assert database.run_read(lambda conn: 1, after=database.position()) == 1


@pytest.mark.engines("postgresql", "mariadb")
def test_replicas_that_do_not_answer(empty_url: str) -> None:
    """If no replica answers, the primary is used."""
    with Database(empty_url, read_url=_nowhere(empty_url)) as database:
        for _ in range(2):
            with database.read() as conn:
                assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1


def _nowhere(url: str) -> str:
    head, _, tail = url.rpartition(":")
    return f"{head}:1/{tail.partition('/')[2]}"
