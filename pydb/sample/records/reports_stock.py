"""The rows of sql/reports/stock.sql as records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StockValue:
    """What the stock of a product is worth, and of all up to it."""

    id: int
    sku: str
    stock_value: Decimal
    running_value: Decimal


@dataclass(frozen=True, slots=True)
class StockMonth:
    """What came in during a month."""

    month: str
    products: int
    still_sold: int
    stock_value: Decimal
