"""Read SQLite's catalogue: an open apsw connection in, a Catalogue out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pydb.describe.analysis.expansion import view_sizes
from pydb.describe.analysis.nullability import flatten
from pydb.describe.analysis.numeric import LARGEST_INTEGER, is_number
from pydb.describe.analysis.syntax import parse
from pydb.describe.analysis.views import with_views
from pydb.describe.catalogue import Catalogue, ColumnFacts, Reference, TableFacts
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.tokens import TokenList

if TYPE_CHECKING:
    import apsw

__all__ = ["fingerprint", "read_catalogue"]


def read_catalogue(connection: apsw.Connection, engine: str) -> Catalogue:
    """The tables and views of ``main``."""
    views = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'").fetchall()
    texts = {str(name): str(sql) for name, sql in views}
    # This comes first: SQLite expands a view completely to report its columns.
    sizes = view_sizes(texts, engine)
    # One query for all tables: SQLite has no index on the names in its schema.
    texts_of_tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    created = {str(name): str(sql or "") for name, sql in texts_of_tables}
    rows = connection.execute("SELECT schema, name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")
    tables = {
        str(name): _table(
            connection, str(name), str(kind), bool(without_rowid), bool(strict), created.get(str(name), "")
        )
        for _, name, kind, without_rowid, strict in rows.fetchall()
        if not str(name).startswith("sqlite_") and kind != "shadow"
    }
    return with_views(Catalogue(engine, tables, sizes=sizes), texts)


def _table(
    connection: apsw.Connection, name: str, kind: str, without_rowid: bool, strict: bool, sql: str
) -> TableFacts:
    columns = connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,)).fetchall()
    indexes = connection.execute('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', (name,)).fetchall()
    # If the primary key of a rowid table has no index, it is the rowid, which is never NULL.
    has_rowid_key = kind == "table" and not without_rowid and not any(origin == "pk" for _, _, origin, _ in indexes)
    keys_are_not_null = has_rowid_key or without_rowid or strict
    facts = [_column(row, kind, strict, has_rowid_key, keys_are_not_null) for row in columns]
    primary = [str(row[1]) for row in sorted(columns, key=lambda row: int(str(row[5]))) if row[5]]
    return TableFacts(
        name,
        _bounded(sql, {column.name: column for column in facts}),
        _keys(connection, primary, indexes),
        is_view=kind != "table",
        references=_references(connection, name),
        constraints=_constraints(sql),
    )


def _column(row: tuple[Any, ...], kind: str, strict: bool, has_rowid_key: bool, keys_are_not_null: bool) -> ColumnFacts:
    """The facts of a column, from a row of pragma_table_xinfo."""
    _, name, type_, not_null, default, place_in_key, hidden = row
    in_key = bool(place_in_key)
    is_rowid = in_key and has_rowid_key
    # SQLite reports only the type of a UNION's first query: ``analysis/views.py`` finds the type of a view's column.
    type_ = str(type_ or "").lower() if kind != "view" else ""
    return ColumnFacts(
        name=str(name),
        type=type_,
        # A virtual table guarantees nothing, and ``analysis/views.py`` handles the columns of views.
        nullable=kind != "table" or not (not_null or (in_key and keys_are_not_null)),
        kind=_kind(type_, strict, is_rowid),
        optional=not not_null or default is not None or is_rowid,
        generated=hidden in (2, 3),
    )


def _keys(
    connection: apsw.Connection, primary: list[str], indexes: list[tuple[Any, ...]]
) -> tuple[frozenset[str], ...]:
    """The primary key, and the columns of each unique index that is neither partial nor on expressions."""
    keys = [frozenset(primary)] if primary else []
    for index, unique, _, partial in indexes:
        if unique and not partial:
            names = [row[0] for row in connection.execute("SELECT name FROM pragma_index_info(?)", (index,))]
            if all(name is not None for name in names):
                keys.append(frozenset(str(name) for name in names))
    return tuple(dict.fromkeys(keys))


def _references(connection: apsw.Connection, name: str) -> frozenset[Reference]:
    query = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'
    grouped: dict[object, list[tuple[str, str, str]]] = defaultdict(list)
    for number, table, column, there in connection.execute(query, (name,)):
        grouped[number].append((str(table), str(column), str(there)))
    return frozenset(
        (tuple(item[1] for item in items), items[0][0], tuple(item[2] for item in items)) for items in grouped.values()
    )


def _constraints(sql: str) -> frozenset[str]:
    """The names of a table's constraints, which SQLite stores only in the text of CREATE TABLE."""
    code = token_list(sql, "sqlite")
    return frozenset(
        code.tokens[i + 1].text.strip('"`[]')
        for i in code.at.get("CONSTRAINT", ())
        if code.word(i + 2) in ("UNIQUE", "CHECK", "FOREIGN", "REFERENCES")
    )


def _kind(type_: str, strict: bool, is_rowid: bool) -> str | None:
    """The kind that SQLite enforces for a column's values; None except in STRICT tables and for rowids."""
    if is_rowid:
        return "int"
    return (
        {"int": "int", "integer": "int", "real": "real", "text": "text", "blob": "blob"}.get(type_) if strict else None
    )


def _bounded(sql: str, facts: dict[str, ColumnFacts]) -> dict[str, ColumnFacts]:
    """The columns with the magnitudes that types and CHECK constraints allow."""
    tree = parse(sql, "sqlite") if sql else None
    limits: dict[str, dict[str, float]] = defaultdict(dict)
    for check in tree.find_all(exp.CheckColumnConstraint) if tree is not None else ():
        for part in flatten(check.this):
            _limit(part, limits)
    return {key: replace(column, magnitude=_size(column, limits[key.lower()])) for key, column in facts.items()}


def _size(column: ColumnFacts, limits: dict[str, float]) -> float | None:
    # In a column of text, a bound compares text, and '1e999' sorts before '2'.
    as_text = any(word in column.type for word in ("char", "clob", "text"))
    if "low" in limits and "high" in limits and not as_text:
        return max(abs(limits["low"]), abs(limits["high"]))
    return LARGEST_INTEGER if column.kind == "int" or "whole" in limits else None


def _limit(part: exp.Expr, limits: dict[str, dict[str, float]]) -> None:
    """Note a bound: ``c >= 0``, ``c < 100``, ``c BETWEEN 0 AND 100``, ``c IN (0, 1)``, ``typeof(c) = 'integer'``."""
    subject = part.this
    if isinstance(part, exp.EQ | exp.In) and isinstance(subject, exp.Typeof) and isinstance(subject.this, exp.Column):
        items = part.expressions if isinstance(part, exp.In) else [part.expression]
        if items and all(isinstance(item, exp.Literal) and item.name in ("integer", "null") for item in items):
            limits[subject.this.name.lower()]["whole"] = 1.0
        return
    if not isinstance(subject, exp.Column):
        return
    own = limits[subject.name.lower()]
    low, high = None, None
    if isinstance(part, exp.Between):
        low, high = _number(part.args["low"]), _number(part.args["high"])
    elif isinstance(part, exp.GT | exp.GTE):
        low = _number(part.expression)
    elif isinstance(part, exp.LT | exp.LTE):
        high = _number(part.expression)
    elif isinstance(part, exp.In) and part.expressions:
        numbers = [_number(item) for item in part.expressions]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            low, high = min(known), max(known)
    own.update({key: bound for key, bound in (("low", low), ("high", high)) if bound is not None})


def _number(node: exp.Expr) -> float | None:
    if isinstance(node, exp.Boolean):
        return float(bool(node.this))
    if isinstance(node, exp.Neg):
        size = _number(node.this)
        return None if size is None else -size
    return float(node.name) if is_number(node) else None


def fingerprint(connection: apsw.Connection) -> dict[str, str]:
    """The definition of each object of the database, by kind and name, without comments and layout."""
    found: dict[str, str] = {}
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    listed = connection.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").fetchall()
    types = {str(name): str(kind) for name, kind in listed}
    for kind, name, table, sql in rows:
        # A virtual table makes its shadow tables itself.
        if str(name).startswith("sqlite_") or types.get(str(name)) == "shadow":
            continue
        code = token_list(str(sql), "sqlite")
        if kind == "table" and types.get(str(name)) == "virtual":
            found[f"virtual {name}"] = " ".join(_bare_words(code))
        elif kind == "table" and "(" in code.at:
            found.update(_table_parts(str(name), code))
        else:
            found[f"{kind} {name}" + (f" of {table}" if kind == "trigger" else "")] = " ".join(_bare_words(code))
    return found


def _bare_words(code: TokenList) -> list[str]:
    return [_bare(token.text) for token in code.tokens]


def _bare(word: str) -> str:
    """A name without unnecessary quotes."""
    quoted = len(word) > 2 and word[0] in '"`[' and word[1:-1].isidentifier()
    return word[1:-1] if quoted else word


def _table_parts(name: str, code: TokenList) -> dict[str, str]:
    """The entries of one table: one for each column and constraint, and one for the text outside the brackets."""
    words, start = _bare_words(code), code.at["("][0]
    end = code.closing(start) or len(code)
    found = {f"table {name}": " ".join([*words[:start], *words[end + 1 :]])}
    for item in code.items(start) or ():
        part = words[item.start : item.stop]
        first = part[0].upper()
        if first == "CONSTRAINT":
            label = f"constraint {name}.{part[1]}"
        elif first in ("PRIMARY", "UNIQUE", "CHECK", "FOREIGN"):
            label = f"constraint {name}.{' '.join(part)}"
        else:
            label = f"column {name}.{part[0]}"
        found[label] = " ".join(part)
    return found
