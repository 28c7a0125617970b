"""An application's ``json_serializer`` and ``json_deserializer`` are used for documents on every engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

import pydb
from pydb import Json
from pydb.errors import ParameterError
from tests.harness.runtime import Load, take_core_path

COLUMN = {"sqlite": "json", "postgresql": "jsonb", "mariadb": "json"}
TEXT = """\
-- name: add :exec
INSERT INTO documents (id, body) VALUES (:id, :body);

-- name: add_typed :exec
-- @param body json
INSERT INTO documents (id, body) VALUES (:id, :body);

-- name: add_many :batch
INSERT INTO documents (id, body) VALUES (:id, :body);

-- name: by_id :one Document
SELECT id, body FROM documents WHERE id = :id;

-- name: object_by_id :one Mapping
SELECT id, body FROM documents WHERE id = :id;

-- name: body_of :one scalar
-- @column body json
SELECT body FROM documents WHERE id = :id;

-- name: plain :many
-- @column body json
SELECT id, body FROM documents WHERE id = :id;

-- name: stream :stream Document
SELECT id, body FROM documents WHERE id = :id;
"""


@dataclass(frozen=True, slots=True)
class Document:
    id: int
    body: Json


@dataclass(frozen=True, slots=True)
class Mapping:
    id: int
    body: dict[str, Any]


loads = partial(json.loads, parse_float=Decimal)


def dumps(value: Any) -> str:
    return json.dumps(value, default=lambda other: float(other) if isinstance(other, Decimal) else other.isoformat())


@pytest.fixture(params=["short", "ordinary", "own"])
def conn(request: pytest.FixtureRequest, empty_url: str, engine_name: str) -> Iterator[Connection]:
    """A connection of ``Database`` for each path, and a connection of an engine that the application made."""
    options: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
    made: Any = create_engine(empty_url, **options) if request.param == "own" else pydb.Database(empty_url, **options)
    if request.param == "ordinary":
        take_core_path(made.engine)
    with made.begin() as conn:
        conn.exec_driver_sql(f"CREATE TABLE documents (id integer PRIMARY KEY, body {COLUMN[engine_name]})")
        yield conn
    (made.dispose if request.param == "own" else made.close)()


def test_documents_go_through_them(conn: Connection, load: Load) -> None:
    """The serializer writes dates and Decimals in a document, and the deserializer reads its numbers."""
    queries = load(TEXT, Document, Mapping)
    given = {"price": Decimal("1.5"), "day": date(2024, 2, 29), "items": [0.25, 1, None]}
    wanted = {"price": Decimal("1.5"), "day": "2024-02-29", "items": [Decimal("0.25"), 1, None]}
    queries.add(conn, id=1, body=given)
    queries.add_typed(conn, id=2, body=given)
    queries.add_many(conn, [{"id": 3, "body": given}])
    for number in (1, 2, 3, 1):
        assert queries.by_id(conn, id=number) == Document(number, wanted)
        assert queries.object_by_id(conn, id=number) == Mapping(number, wanted)
        assert queries.body_of(conn, id=number) == wanted
        assert [tuple(row) for row in queries.plain(conn, id=number)] == [(number, wanted)]
        assert list(queries.stream(conn, id=number)) == [Document(number, wanted)]


@pytest.mark.parametrize("body", [Decimal("2.5"), 7, "text", [Decimal("2.5")], None])
def test_documents_that_are_no_objects(conn: Connection, load: Load, body: Any) -> None:
    """A single number is a document too, and is read in the same way; None is NULL."""
    queries = load(TEXT, Document, Mapping)
    if body is None:
        queries.add(conn, id=1, body=None)
        return
    queries.add_typed(conn, id=1, body=body)
    found = queries.by_id(conn, id=1)
    assert found == Document(1, body)
    assert type(found.body) is type(body)


def test_what_the_serializer_refuses(conn: Connection, load: Load) -> None:
    """A document that the serializer cannot write raises ParameterError with the parameter's name."""
    queries = load(TEXT, Document, Mapping)
    for add in (queries.add, queries.add_typed):
        with pytest.raises(ParameterError, match="parameter body is a document for which json_serializer raises"):
            add(conn, id=1, body={"secret": object()})


def test_numbers_are_floats_without_them(empty_url: str, engine_name: str, load: Load) -> None:
    """Without a deserializer a number with a fraction is a float."""
    queries = load(TEXT, Document, Mapping)
    with pydb.Database(empty_url) as database, database.begin() as conn:
        conn.exec_driver_sql(f"CREATE TABLE documents (id integer PRIMARY KEY, body {COLUMN[engine_name]})")
        queries.add(conn, id=1, body={"price": 1.5})
        assert type(queries.by_id(conn, id=1).body["price"]) is float
