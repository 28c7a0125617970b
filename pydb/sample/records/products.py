"""The rows of sql/products.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from pydb.sample import records
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold."""

    id: int
    sku: str
    name: str
    price: Decimal
    stock: int
    active: bool
    created_at: AwareDatetime

    @classmethod
    def create(cls, conn: Connection, /, *, sku: str, name: str, price: Decimal, stock: int) -> Product:
        """Insert a product; the row comes back as stored."""
        row: Product = records.queries.products.create(conn, sku=sku, name=name, price=price, stock=stock)
        return row

    @classmethod
    def upsert(cls, conn: Connection, /, *, sku: str, name: str, price: Decimal) -> Product:
        """Insert a product without stock, or give it this name and price; the same sku always keeps its id."""
        row: Product = records.queries.products.upsert(conn, sku=sku, name=name, price=price)
        return row

    def update_price(self, conn: Connection, /, *, price: Decimal) -> Product | None:
        """Give a product another price."""
        row: Product | None = records.queries.products.update_price(conn, id=self.id, price=price)
        return row

    def adjust_stock(self, conn: Connection, /, *, quantity: int) -> Product | None:
        """Add to a product's stock; a negative quantity takes.

        products_stock_check refuses to take more than there is.
        """
        row: Product | None = records.queries.products.adjust_stock(conn, id=self.id, quantity=quantity)
        return row

    def deactivate(self, conn: Connection, /) -> Product | None:
        """Sell a product no longer."""
        row: Product | None = records.queries.products.deactivate(conn, id=self.id)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a product."""
        affected: int = records.queries.products.delete(conn, id=self.id)
        return affected > 0
