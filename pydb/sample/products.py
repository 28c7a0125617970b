"""The statements of sql/products.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from pydb.sample.records import Product, queries

_create: Callable[..., Product] = queries["products.create"]
_upsert: Callable[..., Product] = queries["products.upsert"]
_create_many: Callable[..., list[Product]] = queries["products.create_many"]
_insert_many: Callable[..., int] = queries["products.insert_many"]
_by_id: Callable[..., Product | None] = queries["products.by_id"]
_by_sku: Callable[..., Product | None] = queries["products.by_sku"]
_list_all: Callable[..., list[Product]] = queries["products.list_all"]
_list_active: Callable[..., list[Product]] = queries["products.list_active"]
_stream_all: Callable[..., Iterator[Product]] = queries["products.stream_all"]
_count_all: Callable[..., int] = queries["products.count_all"]
_stock_value: Callable[..., Decimal] = queries["products.stock_value"]
_update_price: Callable[..., Product | None] = queries["products.update_price"]
_adjust_stock: Callable[..., Product | None] = queries["products.adjust_stock"]
_deactivate: Callable[..., Product | None] = queries["products.deactivate"]
_bulk_set_price: Callable[..., int] = queries["products.bulk_set_price"]
_delete: Callable[..., int] = queries["products.delete"]


def create(conn: Connection, /, *, sku: str, name: str, price: Decimal, stock: int) -> Product:
    """Insert a product; the row comes back as stored."""
    return _create(conn, sku=sku, name=name, price=price, stock=stock)


def upsert(conn: Connection, /, *, sku: str, name: str, price: Decimal) -> Product:
    """Insert a product without stock, or give it this name and price; the same sku always keeps its id."""
    return _upsert(conn, sku=sku, name=name, price=price)


def create_many(conn: Connection, sets: Iterable[Mapping[str, Any]], /) -> list[Product]:
    """Insert many products in few round trips; the rows come back in the order given."""
    return _create_many(conn, sets)


def insert_many(conn: Connection, sets: Iterable[Mapping[str, Any]], /) -> int:
    """Insert many products in few round trips; how many is returned."""
    return _insert_many(conn, sets)


def by_id(conn: Connection, /, *, id: int) -> Product | None:
    """One product by key."""
    return _by_id(conn, id=id)


def by_sku(conn: Connection, /, *, sku: str) -> Product | None:
    """One product by its unique sku."""
    return _by_sku(conn, sku=sku)


def list_all(conn: Connection, /) -> list[Product]:
    """Every product, by sku."""
    return _list_all(conn)


def list_active(conn: Connection, /) -> list[Product]:
    """The products that are sold, by sku."""
    return _list_active(conn)


def stream_all(conn: Connection, /) -> Iterator[Product]:
    """Every product in key order, read in bounded memory."""
    return _stream_all(conn)


def count_all(conn: Connection, /) -> int:
    """How many products there are."""
    return _count_all(conn)


def stock_value(conn: Connection, /) -> Decimal:
    """What the whole stock is worth."""
    return _stock_value(conn)


def update_price(conn: Connection, /, *, price: Decimal, id: int) -> Product | None:
    """Give a product another price."""
    return _update_price(conn, price=price, id=id)


def adjust_stock(conn: Connection, /, *, quantity: int, id: int) -> Product | None:
    """Add to a product's stock; a negative quantity takes.  products_stock_check refuses to take more than there is."""
    return _adjust_stock(conn, quantity=quantity, id=id)


def deactivate(conn: Connection, /, *, id: int) -> Product | None:
    """Sell a product no longer."""
    return _deactivate(conn, id=id)


def bulk_set_price(conn: Connection, /, *, price: Decimal, skus: Collection[str]) -> int:
    """Give several products one price; how many there were is returned."""
    return _bulk_set_price(conn, price=price, skus=skus)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a product."""
    return _delete(conn, id=id)
