"""The content of a table's page."""

from pathlib import Path

from pydb.site.table_page import TablePage, drawn_keys, table_pages
from tests.harness.sites import facts_in


def pages(folder: Path) -> dict[str, TablePage]:
    """The pages by name."""
    return {page.name: page for page in table_pages(facts_in(folder))}


def test_columns(tmp_path: Path) -> None:
    """A column has its type, default, keys and comment, and the number of statements that use it."""
    found = pages(tmp_path)
    columns = {column.name: column for column in found["customers"].columns}
    assert (columns["name"].types, columns["name"].defaults) == (("text",), (("", "'nobody'"),))
    assert columns["id"].marks == ("primary key", "unique key")
    assert columns["email"].comment == "Where the invoice goes."
    assert columns["name"].readers == 3
    assert {column.name: column.refers for column in found["orders"].columns}["customer_id"] == ("customers",)


def test_indexes(tmp_path: Path) -> None:
    """An index has its comment and the statements whose plans name it, also for a cascade; so has a constraint's."""
    found = pages(tmp_path)
    (index,) = found["orders"].indexes
    assert index.comment == "For orders.of_customer."
    assert [use.statement for use in index.plans or ()] == ["customers.remove", "orders.of_customer"]
    unique = next(rule for rule in found["customers"].rules if rule.kind == "unique")
    assert [use.statement for use in unique.plans or ()] == ["customers.by_name", "customers.search"]


def test_no_plan_for_a_check(tmp_path: Path) -> None:
    """A CHECK has no plans, because no plan can use it."""
    check = next(rule for rule in pages(tmp_path)["customers"].rules if rule.kind == "check")
    assert check.plans is None


def test_a_primary_key_that_is_the_rowid(tmp_path: Path) -> None:
    """A plan that finds rows by the primary key counts, although the key has no named index."""
    key = next(rule for rule in pages(tmp_path)["customers"].rules if rule.kind == "primary key")
    assert [use.statement for use in key.plans or ()] == ["customers.remove", "orders.of_customer"]


def test_references(tmp_path: Path) -> None:
    """A foreign key is on both pages, with its name and its actions."""
    found = pages(tmp_path)
    (key,) = found["orders"].refers
    assert found["customers"].referred == (key,)
    assert (key.parent, key.name, key.follows, key.optional) == (
        *("customers", "orders_customer_id_fkey", "ON DELETE CASCADE", True),
    )
    (drawn,) = drawn_keys(found.values())
    assert (drawn.child, drawn.parent, drawn.optional, drawn.single) == ("orders", "customers", True, False)


def test_uses(tmp_path: Path) -> None:
    """The page lists the readers and writers, also through a foreign key."""
    uses = {use.statement: use for use in pages(tmp_path)["orders"].uses}
    assert uses["orders.of_customer"].reads == ("id", "customer_id")
    assert uses["customers.remove"].by == ("ON DELETE CASCADE of orders (customer_id)",)


def test_a_view(tmp_path: Path) -> None:
    """A view has a page too."""
    assert pages(tmp_path)["buyers"].kind == "view"
