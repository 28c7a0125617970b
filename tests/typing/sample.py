"""What a type checker sees of the sample: checked by mypy, never run."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

from sqlalchemy import Connection

import pydb
from pydb.sample import Product, User, products, users


def records(conn: Connection) -> None:
    """Functions, factories and methods give records, not Any."""
    user = User.create(conn, username="Moshe", email="moshe@example.com")
    assert_type(user, User)
    assert_type(user.id, int)
    assert_type(user.age, int | None)
    assert_type(users.by_id(conn, id=1), User | None)
    assert_type(user.update_email(conn, email="m@example.com"), User | None)
    assert_type(user.delete(conn), bool)
    product = products.by_sku(conn, sku="SKU123")
    assert_type(product, Product | None)
    if product is not None:
        assert_type(product.price, Decimal)


def database(db: pydb.Database) -> None:
    """A block gives a Core connection, and `run` what its work returns."""
    with db.begin() as conn:
        assert_type(conn, Connection)
    with db.read() as conn:
        assert_type(conn, Connection)
    assert_type(db.run(lambda conn: users.by_id(conn, id=1)), User | None)
