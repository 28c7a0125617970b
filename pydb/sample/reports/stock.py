"""The statements of sql/reports/stock.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import StockMonth, StockValue, queries

_running_value: Callable[..., list[StockValue]] = queries["reports.stock.running_value"]
_by_month: Callable[..., list[StockMonth]] = queries["reports.stock.by_month"]


def running_value(conn: Connection, /) -> list[StockValue]:
    """What the stock of each product is worth, and of all products up to it, by sku."""
    return _running_value(conn)


def by_month(conn: Connection, /) -> list[StockMonth]:
    """The products that came in each month (UTC): how many, how many of them are still sold, what they are worth."""
    return _by_month(conn)
