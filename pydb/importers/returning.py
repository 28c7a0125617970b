"""Choose the row word of an INSERT, for which another tool returned the key: a statement in, the new one out."""

from __future__ import annotations

from dataclasses import replace

from pydb.engines import default_engine
from pydb.importers.imported import Imported
from pydb.sqlfile.lexer import Unterminated, token_list

__all__ = ["with_inserted_rows"]


def with_inserted_rows(one: Imported, engine: str | None) -> Imported:
    """The statement as ``:one`` if it has RETURNING, ``:maybe`` if it is a query, or else ``:affected``."""
    try:
        code = token_list(one.sql, engine or default_engine())
    except Unterminated:
        return one
    returning = max(code.top("RETURNING"), default=None)
    if returning is not None:
        items = code.words[returning + 1 :]
        is_scalar = "*" not in items and not any(i > returning for i in code.top(","))
        return replace(one, rows="one", record=one.record or ("scalar" if is_scalar else None))
    if code.word(0) in ("SELECT", "VALUES"):
        return replace(one, rows="maybe", changes=(*one.changes, ":maybe, because it may find no row"))
    change = "it returned the last row's id: add RETURNING, and make it :one scalar"
    return replace(one, rows="affected", record=None, changes=(*one.changes, change))
