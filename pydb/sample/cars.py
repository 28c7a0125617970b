"""The statements of sql/cars.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Car, queries

_create: Callable[..., Car] = queries["cars.create"]
_by_id: Callable[..., Car | None] = queries["cars.by_id"]
_list_all: Callable[..., list[Car]] = queries["cars.list_all"]
_of_brand: Callable[..., list[Car]] = queries["cars.of_brand"]
_first_of_brand: Callable[..., Car | None] = queries["cars.first_of_brand"]
_rename_model: Callable[..., Car | None] = queries["cars.rename_model"]
_delete: Callable[..., int] = queries["cars.delete"]


def create(conn: Connection, /, *, brand: str, model: str) -> Car:
    """Insert a car; the row comes back as stored."""
    return _create(conn, brand=brand, model=model)


def by_id(conn: Connection, /, *, id: int) -> Car | None:
    """One car by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Car]:
    """Every car, in the order they came."""
    return _list_all(conn)


def of_brand(conn: Connection, /, *, brand: str) -> list[Car]:
    """The cars of a brand."""
    return _of_brand(conn, brand=brand)


def first_of_brand(conn: Connection, /, *, brand: str) -> Car | None:
    """The car of a brand that came first."""
    return _first_of_brand(conn, brand=brand)


def rename_model(conn: Connection, /, *, model: str, id: int) -> Car | None:
    """Give a car another model."""
    return _rename_model(conn, model=model, id=id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a car."""
    return _delete(conn, id=id)
