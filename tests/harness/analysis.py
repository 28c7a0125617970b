"""The nullability analysis on a hand-written catalogue: a statement about users and posts in, a verdict out."""

from collections.abc import Mapping
from typing import Any

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts


def columns(**spelled: str) -> Mapping[str, ColumnFacts]:
    """The columns of ``name="integer?"`` arguments: a type, and a question mark if NULL is allowed."""
    kinds = {"integer": "int", "text": "text", "numeric": "num", "date": "temporal"}
    return {
        name: ColumnFacts(
            name,
            type_.rstrip("?"),
            nullable=type_.endswith("?"),
            kind=kinds[type_.rstrip("?")],
            magnitude=1e9 if type_.startswith(("integer", "numeric")) else None,
        )
        for name, type_ in spelled.items()
    }


TABLES = {
    "users": TableFacts("users", columns(id="integer", name="text", email="text?", age="integer?")),
    "posts": TableFacts("posts", columns(id="integer", user_id="integer", title="text", score="numeric?")),
}


def catalogue(engine: str) -> Catalogue:
    return Catalogue(engine, TABLES)


def verdict(sql: str, engine: str = "postgresql", **options: Any) -> str | None:
    """One letter for each column: ``n`` if it may be NULL, ``-`` if not; None if the columns are not known."""
    found = analyse(sql, catalogue(engine), **options).columns
    return None if found is None else "".join("n" if column.nullable else "-" for column in found)
