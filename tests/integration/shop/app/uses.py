"""The generated package as a type checker sees it: checked, never run."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import assert_type

from sqlalchemy import Connection, Row

from app.db import Customer, OddName, customers, odd_names, reports
from app.db.customers import InsertManySet, SummaryRow
from app.db.records import VisitMonth
from app.records import NameLength
from app.types import Level


def uses(conn: Connection, customer: Customer, odd: OddName) -> None:
    """Rows without a record, own records, base classes, and keywords as names."""
    summary = customers.summary(conn)
    assert_type(summary, SummaryRow)
    count, credit, seen, rating, name = summary._tuple()
    assert_type(count, int)
    assert_type(credit, Decimal | None)
    assert_type(seen, datetime | None)
    assert_type(rating, float | None)
    assert_type(name, str | None)
    assert_type(customers.pairs(conn), list[Row[int, str]])
    assert_type(customers.lengths(conn), list[NameLength])
    assert_type(customers.stream_names(conn), Iterator[str])
    assert_type(customers.youngest(conn), date | None)
    assert_type(customers.by_levels(conn, levels={Level.NEW}), list[int])
    assert_type(customers.by_id(conn, id=1), Customer | None)
    assert_type(reports.visits.by_month(conn), list[VisitMonth])
    assert_type(customer.greet(), str)
    assert_type(customer.level, Level)
    assert_type(odd.date, date)
    assert_type(odd.list, str)
    assert_type(odd_names.list(conn), list[OddName])
    assert_type(odd_names.int(conn), int)
    sets: list[InsertManySet] = [{"name": "Moshe", "credit": Decimal(1)}]
    assert_type(customers.insert_many(conn, sets), int)
