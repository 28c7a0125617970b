"""The tables of one schema: two spellings of names, and facts from a view's query."""

from __future__ import annotations

import pytest

from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts, is_own_table, without_own_tables
from pydb.engines import engine_names

TABLE = TableFacts("Users", {"id": ColumnFacts("id", "integer", nullable=False)})


@pytest.mark.parametrize(
    ("engine", "unquoted", "quoted", "column"),
    [
        ("sqlite", "users", "users", "users"),
        ("postgresql", "users", "Users", "Users"),
        ("mariadb", "Users", "Users", "users"),
    ],
)
def test_folding(engine: str, unquoted: str, quoted: str, column: str) -> None:
    """Each engine has its own rule for the case of names."""
    catalogue = Catalogue(engine, {})
    assert catalogue.fold_table("Users", quoted=False) == unquoted
    assert catalogue.fold_table("Users", quoted=True) == quoted
    assert catalogue.fold_column("Users", quoted=True) == column


@pytest.mark.parametrize("engine", engine_names())
def test_tables_by_folded_name(engine: str) -> None:
    """A table is found by the folded form of its name in the catalogue."""
    catalogue = Catalogue(engine, {"Users": TABLE})
    assert catalogue.table(catalogue.fold_table("Users", quoted=True)) is TABLE
    assert catalogue.table("nowhere") is None


def test_sharpening() -> None:
    """Better facts about a view replace the first ones; the tables as they were read stay."""
    catalogue = Catalogue("sqlite", {"Users": TABLE})
    better = TableFacts("Users", {}, is_view=True)
    catalogue.sharpen(better)
    assert catalogue.table("users") is better
    assert catalogue.tables["Users"] is TABLE


def test_own_tables() -> None:
    """A fingerprint does not contain pydb's own tables and their parts, whatever their engine calls them."""
    own = ("table pydb_once", "column app.pydb_once.key", "key pydb_migrations.PRIMARY", "index pydb_once_pkey")
    others = ("table once", "column t.pydb_oncer", "constraint t_pydb_once_check of t")
    found = without_own_tables(dict.fromkeys((*own, "constraint pydb_once_pkey of pydb_once", *others), ""))
    assert tuple(found) == others


@pytest.mark.parametrize(
    ("name", "own"), [("pydb_once", True), ("app.pydb_migrations", True), ("once", False), ("pydb_once2", False)]
)
def test_an_own_table(name: str, own: bool) -> None:
    """pydb's own tables are recognized by their names, in any schema."""
    assert is_own_table(name) is own
