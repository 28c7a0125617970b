"""Find the record that a statement belongs to: a described statement in; whether it is a factory, and its home, out.

An INSERT that returns a record becomes a factory of it.  A statement that changes the one row of a key becomes a
method.
"""

from __future__ import annotations

from pydb.describe import DescribedStatement

__all__ = ["home", "is_factory"]


def is_factory(described: DescribedStatement, record: str) -> bool:
    """Whether the statement inserts a row and returns it as that record."""
    definition, form = described.definition, described.form
    inserts = form.verb in ("INSERT", "REPLACE") and form.returning
    return inserts and definition.record == record and definition.row_word.at_most_one


def home(described: DescribedStatement) -> tuple[str, str] | None:
    """The file and the table of a statement that writes one row and returns it; None for any other statement."""
    definition, written = described.definition, described.traits.table
    if written is None or not described.form.returning or not definition.row_word.at_most_one:
        return None
    return definition.name.rpartition(".")[0], written
