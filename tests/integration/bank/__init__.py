"""A bank of numbered accounts: a database in, its statements and its opened accounts out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pydb

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    owner: str
    balance: int


accounts = pydb.load(FOLDER / "accounts.sql", records=[Account]).accounts


def open_accounts(database: pydb.Database, number: int = 2, balance: int = 100) -> None:
    """Create the table with accounts 1, 2, … that have this balance each."""
    database.apply(FOLDER / "schema.sql")
    with database.begin() as conn:
        for key in range(1, number + 1):
            accounts.create(conn, id=key, owner=f"owner {key}", balance=balance)


def balances(database: pydb.Database, number: int = 2) -> list[int]:
    """The balances of the accounts, as another connection sees them."""
    with database.read() as conn:
        return [accounts.balance(conn, id=key) for key in range(1, number + 1)]
