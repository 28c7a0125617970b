"""Replace ``SELECT *``: a statement and a schema in; the statement with the columns instead of ``*`` out.

A ``*`` is replaced only if its columns are certain.  It stays if a table is unknown, is defined by WITH, or is a
sub-query or a function.  It also stays if NATURAL or USING merges columns, because their position depends on the
engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import NamedTuple

from pydb.engines import default_engine
from pydb.importers.imported import Imported, as_name
from pydb.importers.table_columns import Tables, listed_columns, path_at, tables_of
from pydb.sqlfile.clauses import AFTER_TABLE
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["NamedTable", "sources_in", "without_stars"]

_ENDS = frozenset(
    {
        *("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "WINDOW", "FOR", "UNION", "EXCEPT"),
        *("INTERSECT", "RETURNING", "SET", "VALUES", "DO", "LOCK", "PROCEDURE", "INTO", ";"),
    }
)
_BEFORE_STAR = frozenset({"SELECT", "RETURNING", ",", ".", "DISTINCT", "ALL"})


class NamedTable(NamedTuple):
    """A table that a statement reads: the name that it is ``called`` in the statement, as written, and its ``path``."""

    called: str
    path: tuple[str, ...]


def without_stars(one: Imported, schema: str | None, engine: str | None = None) -> Imported:
    """The statement with columns instead of each ``*``, if the schema, a script for ``engine``, defines them.

    A second column with the same name gets another name: ``u.id AS u_id``.
    """
    if schema is None or one.reason:
        return one
    try:
        code = token_list(one.sql, engine or default_engine())
    except Unterminated:
        return one
    tables, sql, changes = tables_of(schema, engine), one.sql, []
    found = [i for i in code.at.get("*", ()) if code.word(i - 1) in _BEFORE_STAR and not _only_asks_for_rows(code, i)]
    written = [(star, columns) for star in found if (columns := _columns(code, star, tables)) is not None]
    taken: dict[int, set[str]] = {}
    edits = []
    for star, columns in written:
        head = _head(code, star)
        names = taken.setdefault(head, _names_beside(code, head))
        listed = list(_listed(columns, names))
        changes += ["the columns are written out instead of *"]
        changes += [f"a second column {item.name} is named {item.alias}" for item in listed if item.alias]
        start = code.tokens[star if code.word(star - 1) != "." else _qualifier(code, star)].start
        edits.append((start, code.tokens[star].start + 1, ", ".join(item.text for item in listed)))
    for start, end, text in reversed(edits):
        sql = f"{sql[:start]}{text}{sql[end:]}"
    return replace(one, sql=sql, changes=(*one.changes, *dict.fromkeys(changes)))


class _Item(NamedTuple):
    text: str
    name: str
    alias: str | None


def _listed(columns: Sequence[tuple[str, str]], names: set[str]) -> Iterator[_Item]:
    """The columns as (table, name); ``names`` are the names in use, to which the new names are added."""
    for called, column in columns:
        text = f"{called}.{column}" if called else column
        name, alias = column.strip('"`[]').lower(), None
        if name in names:
            wanted = as_name("_".join(filter(None, (called.rpartition(".")[2].strip('"`[]'), column.strip('"`[]')))))
            tried = chain((wanted,), (f"{wanted}_{number}" for number in count(2)))
            alias = next(one for one in tried if one.lower() not in names)
        names.add(alias.lower() if alias else name)
        yield _Item(f"{text} AS {alias}" if alias else text, name, alias)


def _names_beside(code: TokenList, head: int) -> set[str]:
    """The names of the columns that a list writes out already."""
    names = set()
    for i in range(head + 1, len(code) + 1):
        level = code.opens[head]
        is_end = i == len(code) or (code.opens[i] == level and (code.word(i) in (",", "FROM") or code.word(i) in _ENDS))
        closes = i < len(code) and code.word(i) == ")" and code.opens[i] < code.opens[head]
        if (is_end or closes) and (name := code.name(i - 1)) is not None:
            names.add(name)
        if closes or (is_end and code.word(i) != ","):
            break
    return names


def _head(code: TokenList, star: int) -> int:
    """The SELECT or RETURNING that a ``*`` belongs to."""
    heads = [*code.at.get("SELECT", ()), *code.at.get("RETURNING", ())]
    return max((i for i in heads if i < star and code.opens[i] == code.opens[star]), default=-1)


def _only_asks_for_rows(code: TokenList, star: int) -> bool:
    around = code.opens[star]
    return around > 0 and code.word(around - 1) == "EXISTS"


def _qualifier(code: TokenList, star: int) -> int:
    """The position where the name before ``.*`` begins."""
    i = star - 2
    while code.word(i - 1) == ".":
        i -= 2
    return i


def _columns(code: TokenList, star: int, tables: Tables) -> list[tuple[str, str]] | None:
    """The columns of a ``*``, each with the name of its table, which is empty if it is not needed.

    None if they are not certain.
    """
    head = _head(code, star)
    sources = _sources_of(code, head) if head >= 0 else None
    if sources is None:
        return None
    if code.word(star - 1) == ".":
        start = _qualifier(code, star)
        path, _ = path_at(code, start)
        named = [source for source in sources if _is_called(source, path)]
        columns = _known(code, tables, named[0]) if len(named) == 1 else None
        written = "".join(token.text for token in code.tokens[start : star - 1])
        return None if columns is None else [(written, column) for column in columns]
    found = [_known(code, tables, source) for source in sources]
    if not found or any(columns is None for columns in found) or "NATURAL" in code.at or "USING" in code.at:
        return None
    several = len(sources) > 1
    return [
        (source.called if several else "", column)
        for source, columns in zip(sources, found, strict=True)
        for column in columns or ()
    ]


def _is_called(source: NamedTable, path: tuple[str, ...]) -> bool:
    return path in (source.path, (source.called.strip('"`[]').lower(),))


def _known(code: TokenList, tables: Tables, source: NamedTable) -> Sequence[str] | None:
    return (
        None
        if len(source.path) == 1 and _is_defined_here(code, source.path[0])
        else listed_columns(tables, source.path)
    )


def _is_defined_here(code: TokenList, name: str) -> bool:
    """Whether WITH defines a table of that name."""
    for i in code.at.get("AS", ()):
        body = code.after(i, frozenset({"NOT", "MATERIALIZED"}))
        named = code.opening(i - 1) - 1 if code.word(i - 1) == ")" else i - 1
        if code.word(body) == "(" and code.name(named) == name:
            return True
    return False


def _sources_of(code: TokenList, head: int) -> list[NamedTable] | None:
    """The tables that a SELECT or RETURNING reads its columns from; None if they are not certain."""
    level = code.opens[head]
    near = [i for i in range(len(code)) if code.opens[i] == level]
    if code.word(head) == "RETURNING":
        return _changed_table(code, [i for i in near if i < head])
    for i in near:
        if i > head and code.word(i) == "FROM" and code.word(i - 1) != "DISTINCT":
            return _sources_after(code, i)
        if i > head and (code.word(i) in ("UNION", "EXCEPT", "INTERSECT", "SELECT") or _has_ended(code, i, head)):
            return None
    return None


def _has_ended(code: TokenList, i: int, head: int) -> bool:
    """Whether the parenthesis around the head is closed before a position."""
    around = code.opens[head]
    closing = code.closing(around) if around >= 0 else None
    return closing is not None and i > closing


def _changed_table(code: TokenList, before: Sequence[int]) -> list[NamedTable] | None:
    """The table that a statement changes, whose rows RETURNING returns; None if it reads other tables too."""
    verbs = [i for i in before if code.word(i) in ("INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE")]
    verb = next((i for i in verbs if code.word(i - 1) not in ("DO", "KEY", "OR", "FOR", "ON")), -1)
    words = [code.word(i) for i in before if i > verb]
    if verb < 0 or code.word(verb) == "MERGE" or "USING" in words:
        return None
    if code.word(verb) == "UPDATE" and "FROM" in words:
        return None
    opener = {"INSERT": "INTO", "REPLACE": "INTO", "DELETE": "FROM"}.get(code.word(verb))
    start = next((i for i in before if i > verb and code.word(i) == opener), -1) if opener else verb
    if opener is None and code.word(verb + 1) == "OR":  # UPDATE OR IGNORE t
        start = verb + 2
    path, after = path_at(code, start + 1)
    if start < 0 or not path or code.word(after) == ",":
        return None
    return [NamedTable(_alias(code, after) or code.tokens[after - 1].text, path)]


def _sources_after(code: TokenList, clause: int) -> list[NamedTable] | None:
    """The tables of a FROM, in order; a sub-query or a function has no path.  None if they are not certain."""
    level, sources, expected = code.opens[clause], [], True
    around = code.closing(level) if level >= 0 else None
    i, end = clause + 1, len(code) if around is None else around
    while i < end:
        word = code.word(i)
        if code.opens[i] != level or (expected and word == "LATERAL"):
            i += 1
        elif expected:
            source, i = _source_at(code, i)
            sources.append(source)
            expected = False
        elif word == "FOR" and code.word(i + 1) in ("SYSTEM_TIME", "PORTION"):
            return None
        elif word in _ENDS or (word == "ON" and code.word(i + 1) in ("CONFLICT", "DUPLICATE")):
            break
        else:
            expected = word in (",", "JOIN", "STRAIGHT_JOIN")
            i += 1
    return sources


def _source_at(code: TokenList, i: int) -> tuple[NamedTable, int]:
    """The table at a position, and the position after its name."""
    path, after = path_at(code, i)
    if code.word(after) == "(":  # a function; or a sub-query or join in parentheses, without a name
        closing = code.closing(after)
        path, after = (), after if closing is None else closing + 1
    alias = _alias(code, after)
    behind = after + (alias is not None) + (code.word(after) == "AS")
    if code.word(behind) == "(" or code.word(i) == "ONLY":  # renamed columns; or only a part of the rows
        path = ()
    return NamedTable(alias or (code.tokens[after - 1].text if path else ""), path), max(after, i + 1)


def _alias(code: TokenList, i: int) -> str | None:
    """The alias of a table, after its name."""
    i += code.word(i) == "AS"
    is_name = code.kind(i) == QUOTED or (code.kind(i) == WORD and code.word(i) not in AFTER_TABLE)
    return code.tokens[i].text if is_name else None


def sources_in(code: TokenList) -> Iterator[NamedTable]:
    """All tables that a statement names, including those in sub-queries."""
    for i in (i for word in ("FROM", "JOIN", "INTO", "UPDATE") for i in code.at.get(word, ())):
        path, after = path_at(code, i + 1)
        if path and code.word(i + 1) != "SELECT":
            yield NamedTable(_alias(code, after) or code.tokens[after - 1].text, path)
