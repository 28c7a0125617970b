"""Many sets of parameters for one statement: what is sent, what is returned, and in which order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event

from pydb.errors import ParameterError, RowError, UniqueViolation
from pydb.execution.batch import MAX_ROWS, adapted
from tests.harness.plans import definition_from, plan_of, rows, statement_from
from tests.harness.records import User

INSERT = "-- name: add :batch\nINSERT INTO t (id, name) VALUES (:id, :name);\n"
UPSERT = (
    "-- name: add :batch User\nINSERT INTO t (id, name) VALUES (:id, :name)\n"
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id, name;\n"
)


def sets(count: int) -> list[dict[str, Any]]:
    """This number of sets."""
    return [{"id": number, "name": f"n{number}"} for number in range(1, count + 1)]


def sent(conn: Connection) -> list[str]:
    """The statements that are sent from now on; while they are recorded, Core sends them."""
    texts: list[str] = []
    event.listen(conn.engine, "before_cursor_execute", lambda *found: texts.append(found[2]))
    return texts


@pytest.mark.parametrize("count", [0, 1, 3, MAX_ROWS + 1])
def test_a_batch_returns_how_many_rows_it_changed(count: int) -> None:
    """A batch inserts a row for each set, and returns the number of rows."""
    with rows() as conn:
        assert statement_from(INSERT)(conn, sets(count)) == count
        assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == count


def test_a_batch_is_sent_in_few_statements() -> None:
    """A thousand rows are sent in one statement, and the rest in another."""
    with rows() as conn:
        texts = sent(conn)
        assert statement_from(INSERT)(conn, iter(sets(2 * MAX_ROWS + 1))) == 2 * MAX_ROWS + 1
        assert [text.count("(?, ?)") for text in texts] == [MAX_ROWS, MAX_ROWS, 1]


def test_rows_come_back_in_the_order_of_the_sets() -> None:
    """With RETURNING there is a row for each set, or a record if the header names one."""
    given = [{"id": 3, "name": "c"}, {"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    with rows() as conn:
        assert statement_from(UPSERT, User)(conn, given) == [User(3, "c"), User(1, "a"), User(2, "b")]


def test_sets_with_one_key_go_apart() -> None:
    """Two upserts of one row are sent in two statements, so that the second sees the row of the first."""
    given = [{"id": 1, "name": "old"}, {"id": 2, "name": "other"}, {"id": 1, "name": "new"}]
    with rows() as conn:
        texts = sent(conn)
        found = statement_from(UPSERT, User)(conn, given)
        assert [user.name for user in found] == ["old", "other", "new"]
        assert [text.count("(?, ?)") for text in texts] == [2, 1]


def test_a_set_that_does_not_fit_stops_all() -> None:
    """The error has the number of the set, and nothing was sent."""
    with rows() as conn:
        texts = sent(conn)
        with pytest.raises(ParameterError, match=r"set 1: parameters: missing name"):
            statement_from(INSERT)(conn, [{"id": 1, "name": "a"}, {"id": 2}])
        assert texts == []


def test_an_error_of_the_database_says_which_set() -> None:
    """The error names the set that violates the constraint, not all sets that were sent together."""
    with rows("there") as conn, pytest.raises(UniqueViolation, match=r"t\.add: set 0: "):
        statement_from(INSERT)(conn, sets(2))


def test_a_set_that_returns_no_row() -> None:
    """DO NOTHING with RETURNING returns fewer rows than sets, and their order does not show which set has none."""
    sql = UPSERT.replace("DO UPDATE SET name = excluded.name", "DO NOTHING")
    with (
        rows("there") as conn,
        pytest.raises(RowError, match=r"2 sets of the batch returned 1 rows.*DO UPDATE returns it"),
    ):
        statement_from(sql, User)(conn, sets(2))


@pytest.mark.parametrize("size", [1, 2, 5])
def test_values_stand_in_one_list_by_chunk(size: int) -> None:
    """``adapted`` returns the number of sets in each chunk, and their values in the requested order."""
    binder = plan_of(definition_from(INSERT)).binder
    chunks = list(adapted(binder, sets(5), ("name", "id"), size))
    assert sum(count for count, _ in chunks) == 5
    assert all(count <= size and len(values) == 2 * count for count, values in chunks)
    assert [value for _, values in chunks for value in values][:4] == ["n1", 1, "n2", 2]
