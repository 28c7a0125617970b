"""Statements by name: the contents of a folder's Queries, and the errors for a wrong name."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import pydb
from pydb.errors import NoSuchStatement
from pydb.queries import Queries
from tests.harness.sql_folders import write

ONE = "-- name: {} :one\nSELECT 1;\n"


@pytest.fixture
def queries(sql: Path) -> Queries:
    write(sql, {"users.sql": ONE.format("by_id") + ONE.format("create"), "reports/stock.sql": ONE.format("by_month")})
    return pydb.load("sql")


def test_statements_by_name(queries: Queries) -> None:
    """A statement is found by attributes and by its full name."""
    assert queries.users.by_id is queries["users.by_id"]
    assert queries.reports.stock.by_month is queries["reports.stock.by_month"]
    assert "users.by_id" in queries
    assert "users" not in queries
    assert "users.create" in queries.users


def test_order_and_size(queries: Queries) -> None:
    """Iteration returns the statements in file order, also for a namespace."""
    assert [statement.name for statement in queries] == ["reports.stock.by_month", "users.by_id", "users.create"]
    assert [statement.name for statement in queries.users] == ["users.by_id", "users.create"]
    assert (len(queries), len(queries.users), len(queries.reports)) == (3, 2, 1)


def test_missing_statement(queries: Queries) -> None:
    """The error for a wrong name has the most similar name."""
    with pytest.raises(NoSuchStatement) as caught:
        queries["users.by_i"]
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == "there is no statement users.by_i    hint: did you mean users.by_id?"
    with pytest.raises(AttributeError, match=r"^users has no by_i    hint: did you mean by_id\?$"):
        _ = queries.users.by_i
    with pytest.raises(AttributeError, match=r"^the queries has no xyz    hint: there are reports, users$"):
        _ = queries.xyz
    assert not hasattr(queries, "__wrapped__")


def test_queries_cannot_be_changed(queries: Queries) -> None:
    """Neither setting nor deleting an attribute is possible."""
    with pytest.raises(AttributeError, match="cannot be changed: users"):
        queries.users = None
    with pytest.raises(AttributeError, match="cannot be changed: users"):
        del queries.users
    assert "users" in dir(queries)


def test_repr(queries: Queries) -> None:
    """The repr has the number of statements, and the namespace."""
    assert repr(queries) == "<Queries 3 statements>"
    assert repr(queries.reports.stock) == "<Queries reports.stock: 1 statement>"
    assert repr(queries.users.by_id) == "<Statement users.by_id :one at sql/users.sql:1>"


def test_signature(sql: Path) -> None:
    """A statement has a signature that Python's tools can read."""
    batch = "-- name: load :batch\nINSERT INTO t (a) VALUES (:a);\n"
    write(sql, {"t.sql": batch + "-- name: find :many\nSELECT a FROM t WHERE a = :low OR a = :high;\n"})
    queries = pydb.load("sql")
    assert callable(queries.t.find)
    assert str(inspect.signature(queries.t.find)) == "(conn, /, *, low, high)"
    assert str(inspect.signature(queries.t.load)) == "(conn, sets, /)"
