"""Products: constraints in the database, bulk updates, batches and streams."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, event

from pydb import Database
from pydb.errors import CheckViolation, UniqueViolation
from pydb.sample import Product, User, products, users


@pytest.fixture
def stock(db: Database) -> Database:
    """The two products of the tour."""
    with db.begin() as conn:
        Product.create(conn, sku="SKU123", name="Widget", price=Decimal("9.99"), stock=10)
        Product.create(conn, sku="SKU124", name="Gadget", price=Decimal("19.99"), stock=4)
    return db


def of(conn: Connection, sku: str) -> Product:
    product = products.by_sku(conn, sku=sku)
    assert product is not None
    return product


def test_products_are_searched(stock: Database) -> None:
    """Products are sorted by name, price and stock, as the call requests."""
    with stock.begin() as conn:
        Product.create(conn, sku="SKU125", name="Gizmo 100%", price=Decimal("14.00"), stock=0)

        def skus(**given: Any) -> list[str]:
            return [product.sku[-3:] for product in products.search(conn, limit=9, **given)]

        assert skus() == ["123", "124", "125"]
        assert skus(order="name") == ["124", "125", "123"]
        assert skus(order="cheapest") == ["123", "125", "124"]
        assert skus(order="dearest", in_stock=True) == ["124", "123"]
        assert skus(name="G", price_to=Decimal("15")) == ["123", "125"]
        assert skus(name="%") == ["125"]
        assert skus(price_from=Decimal("14.01")) == ["124"]


def test_price_changes_and_products_are_deactivated(stock: Database) -> None:
    """A new price, and a product that is no longer sold, are returned as new records."""
    with stock.begin() as conn:
        widget = of(conn, "SKU123")
        cheaper = widget.update_price(conn, price=Decimal("8.50"))
        assert cheaper is not None
        assert (cheaper.price, widget.price) == (Decimal("8.50"), Decimal("9.99"))
        gone = cheaper.deactivate(conn)
        assert gone is not None
        assert not gone.active
        assert [product.sku for product in products.list_active(conn)] == ["SKU124"]


def test_taking_more_stock_than_there_is_changes_nothing(stock: Database) -> None:
    """The error names the violated constraint, and the stock is unchanged."""
    with stock.begin() as conn:
        taken = of(conn, "SKU123").adjust_stock(conn, quantity=-4)
        assert taken is not None
        assert taken.stock == 6
    with pytest.raises(CheckViolation) as caught, stock.begin() as conn:
        of(conn, "SKU123").adjust_stock(conn, quantity=-7)
    assert caught.value.constraint == "products_stock_check"
    with stock.read() as conn:
        assert of(conn, "SKU123").stock == 6


def test_bulk_price_change_says_how_many(stock: Database) -> None:
    """All products in a list of skus get one price; unknown skus are not counted."""
    with stock.begin() as conn:
        assert products.bulk_set_price(conn, price=Decimal(5), skus=["SKU123", "SKU124", "SKU999"]) == 2
        assert products.bulk_set_price(conn, price=Decimal(6), skus=[]) == 0
        assert [product.price for product in products.list_all(conn)] == [Decimal(5)] * 2


def test_deactivating_by_email_domain_says_how_many(db: Database) -> None:
    """Only users of that domain who may sign in are counted; the text is not a pattern."""
    emails = ["a@example.com", "b@EXAMPLE.COM", "c@example.org", "d@sub.example.com", "e@example_com"]
    with db.begin() as conn:
        for number, email in enumerate(emails):
            User.create(conn, username=str(number), email=email)
        assert users.deactivate_by_email_domain(conn, domain="example_com") == 1
        assert users.deactivate_by_email_domain(conn, domain="%.com") == 0
        assert users.deactivate_by_email_domain(conn, domain="Example.com") == 2
        assert users.deactivate_by_email_domain(conn, domain="example.com") == 0
        assert [user.email for user in users.list_all(conn) if user.active] == ["c@example.org", "d@sub.example.com"]


def test_money_is_exact(db: Database) -> None:
    """Three times ten cents are exactly thirty cents, and the lowest and the highest price are returned unchanged."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        for _ in range(3):
            again = user.add_balance(conn, amount=Decimal("0.10"))
        assert again is not None
        assert again.balance == Decimal("0.30")
        with pytest.raises(CheckViolation) as caught, conn.begin_nested():
            user.add_balance(conn, amount=Decimal("-0.31"))
        assert caught.value.constraint == "users_balance_check"
        for price in ("0.00", "0.01", "99999999.99"):
            product = Product.create(conn, sku=price, name="x", price=Decimal(price), stock=1)
            assert product.price == Decimal(price)
        assert products.stock_value(conn) == Decimal("100000000.00")


MANY = 10_000


def parameter_sets() -> Iterator[products.InsertManySet]:
    # Not in the order of any index, so that sorting by an engine would be visible.
    for number in range(MANY):
        sku = f"S{number * 7919 % MANY:05}"
        yield {"sku": sku, "name": "many", "price": Decimal(number) / 100, "stock": number}


@pytest.fixture
def counted(db: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(conn: Connection, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement[:20])

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_ten_thousand_rows_come_back_in_order_after_few_round_trips(db: Database, counted: list[str]) -> None:
    """A batch returns one record for each parameter set, in the given order, with increasing keys."""
    with db.begin() as conn:
        counted.clear()
        made = products.create_many(conn, parameter_sets())
        assert len(counted) <= 50
    assert [product.sku for product in made] == [given["sku"] for given in parameter_sets()]
    keys = [product.id for product in made]
    assert keys == sorted(set(keys))


def test_ten_thousand_rows_without_returning(db: Database, counted: list[str]) -> None:
    """A batch without RETURNING returns the number of inserted rows, and sends few statements."""
    with db.begin() as conn:
        counted.clear()
        assert products.insert_many(conn, parameter_sets()) == MANY
        assert len(counted) <= 50
        assert products.count_all(conn) == MANY


def test_batch_is_all_or_nothing(db: Database) -> None:
    """A batch with a duplicate inserts no row."""
    twice: list[products.InsertManySet] = [{"sku": "same", "name": "x", "price": Decimal(1), "stock": 0}] * 2
    with db.begin() as conn:
        with pytest.raises(UniqueViolation), conn.begin_nested():
            products.insert_many(conn, twice)
        assert products.count_all(conn) == 0


@pytest.mark.deep
def test_large_table_is_read_in_bounded_memory(db: Database) -> None:
    """A stream of ten thousand products needs a fraction of the memory of a list of them."""
    with db.begin() as conn:
        products.insert_many(conn, parameter_sets())
    with db.read() as conn:
        tracemalloc.start()
        try:
            assert sum(1 for _ in products.stream_all(conn)) == MANY
            streamed = tracemalloc.get_traced_memory()[1]
            tracemalloc.reset_peak()
            listed = len(products.list_all(conn))
            whole = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert listed == MANY
    assert streamed < whole / 3
