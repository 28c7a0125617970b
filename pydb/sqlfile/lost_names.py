"""Refuse names that a variant would lose: a marked statement in; SqlFileError if a line uses what another defines.

Only an engine knows the columns of a table, but the text shows whether the line that names a table may be absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pydb.sqlfile.clauses import AFTER_TABLE
from pydb.sqlfile.guards import possible
from pydb.sqlfile.line_rules import MarkedText, conditions_of
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["refuse_lost_names"]

_NAMES = frozenset({"FROM", "JOIN", "AS", "WITH"})
"""A line without any of these names no table or column, except in a list of tables."""


def _defined_tables(code: TokenList) -> Iterator[tuple[int, str]]:
    """The positions at which FROM and JOIN name tables, and the names by which the statement refers to them."""
    for word in ("FROM", "JOIN"):
        for i in code.at.get(word, ()):
            yield i, _table_name(code, i + 1)
    for i in code.at.get("AS", ()):
        if code.word(i - 1) == ")" and code.kind(i + 1) in (WORD, QUOTED):
            yield i, code.name(i + 1) or ""


def _listed_tables(text: MarkedText) -> Iterator[tuple[int, str]]:
    """The same for the tables after a comma in FROM."""
    code = text.code
    for i in code.at.get(",", ()):
        clause = text.clauses.of(i)
        if clause is not None and clause.word == "FROM" and clause.level == code.opens[i] and i + 1 < len(code):
            yield i + 1, _table_name(code, i + 1)


def _defined_expressions(code: TokenList) -> Iterator[tuple[int, str]]:
    """The positions at which WITH names tables, and the names."""
    for i in code.at.get("AS", ()):
        if code.word(i + 1) == "(" and code.kind(i - 1) in (WORD, QUOTED):
            yield i - 1, code.name(i - 1) or ""


def _read_tables(code: TokenList) -> Iterator[int]:
    """The positions of the names of tables before columns."""
    return (i - 1 for i in code.at.get(".", ()) if code.word(i - 2) != ".")


def _read_expressions(code: TokenList) -> Iterator[int]:
    """The positions of the tables of FROM and JOIN that have no schema."""
    places = (i for word in ("FROM", "JOIN", "INTO") for i in code.at.get(word, ()))
    return (i + 1 for i in places if code.word(i + 2) != ".")


def _table_name(code: TokenList, i: int) -> str:
    """The name by which the statement refers to the table at position ``i``."""
    if code.word(i) == "(":
        return ""
    while code.word(i + 1) == ".":
        i += 2
    if code.word(i + 1) == "AS":
        i += 2
    elif code.kind(i + 1) in (WORD, QUOTED) and code.word(i + 1) not in AFTER_TABLE:
        i += 1
    return code.name(i) or ""


def refuse_lost_names(text: MarkedText) -> None:
    """Refuse a line that uses a table or a column name whose defining line may be absent."""
    if not text.optional_words.isdisjoint(_NAMES) or _may_list_tables(text.code):
        _lost_tables(text)
        _lost_columns(text)


def _may_list_tables(code: TokenList) -> bool:
    """Whether a FROM may have several tables: a comma follows it at the same level."""
    starts = {code.opens[i]: i for i in reversed(code.at.get("FROM", ()))}
    return any(starts.get(code.opens[i], len(code)) < i for i in code.at.get(",", ()))


def _lost_columns(text: MarkedText) -> None:
    """Refuse a name in ORDER BY, GROUP BY or HAVING whose column may be absent: it would mean another, or none."""
    code = text.code
    named: dict[tuple[int, str], list[SourceLine]] = {}
    for i in code.at.get("AS", ()):
        clause, name = text.clauses.of(i), code.name(i + 1)
        if clause is not None and clause.word == "SELECT" and code.opens[i] == clause.level and name:
            named.setdefault((clause.level, name), []).append(text.line_of(i + 1))
    for (level, name), lines in named.items():
        if not all(line.guard for line in lines):
            continue
        guards = [other.guard for line in lines for other in (line, *text.alternatives_of(line))]
        for i in (*code.at.get(name.upper(), ()), *code.at.get(f'"{name}"', ())):
            clause = text.clauses.of(i)
            plain = code.word(i - 1) not in (".", "AS") and code.word(i + 1) not in (".", "(")
            if clause is None or clause.word not in _USE_COLUMNS or clause.level != level or not plain:
                continue
            line = text.line_of(i)
            if possible([line.guard], guards, text.known):
                message = f"line {line.number} uses {name}, but {_defined_in(lines[0])}"
                raise code.error(i, message, "give the line the same conditions")


_USE_COLUMNS = ("ORDER", "HAVING", "GROUP")


def _lost_tables(text: MarkedText) -> None:
    """Refuse a column whose table may be absent, and a table whose WITH may be absent."""
    for defined, read in ((_defined_tables, _read_tables), (_defined_expressions, _read_expressions)):
        optional = _optional(text, defined)
        for line, i in _places(text, read) if optional else ():
            lines = optional.get(line.code.name(i) or "")
            if lines and possible([line.guard], [other.guard for other in lines], text.known):
                name = line.code.tokens[i].text
                message = f"line {line.number} reads {name}, but {_defined_in(lines[0])}"
                raise line.code.error(i, message, "give the line the same conditions")


def _defined_in(line: SourceLine) -> str:
    return f"line {line.number}, which defines it, is only present if {conditions_of(line)}"


def _places(text: MarkedText, found: Callable[[TokenList], Iterable[int]]) -> Iterator[tuple[SourceLine, int]]:
    """The positions found in the statement and in its alternatives, each with its line."""
    for i in found(text.code):
        yield text.line_of(i), i
    for line in text.alternatives:
        yield from ((line, i) for i in found(line.code))


def _optional(
    text: MarkedText, defined: Callable[[TokenList], Iterator[tuple[int, str]]]
) -> dict[str, list[SourceLine]]:
    """The lines that define each name, for names that only optional lines define."""
    found: dict[str, list[SourceLine]] = {}
    more = _listed_tables(text) if defined is _defined_tables else ()
    for i, name in (*defined(text.code), *more):
        found.setdefault(name, []).append(text.line_of(i))
    for line in text.alternatives:
        for _, name in defined(line.code):
            found.setdefault(name, []).append(line)
    return {name: lines for name, lines in found.items() if name and all(line.guard for line in lines)}
