"""Names that a variant would lose: a marked statement in; SqlFileError where a line uses what another may take out.

That a table has no column of a name, only an engine knows; that a line which names a table may be gone, the text tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydb.sqlfile.guards import possible
from pydb.sqlfile.line_rules import MarkedText, told
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["refuse_lost_names"]

_NAMES = frozenset({"FROM", "JOIN", "AS", "WITH"})
"""Without one of these a line names no table and no column."""


def defined_names(text: MarkedText, *, tables: bool = True) -> Iterator[tuple[str, SourceLine]]:
    """The names that WITH, and FROM and JOIN, give to tables, with the line of each, alternatives included."""
    for line in text.lines:
        code = line.code
        for i in line.span:
            if tables and code.words[i] in ("JOIN", "FROM") and code.kind(i) == WORD:
                yield _table_name(code, i + 1), line
            elif tables and code.words[i] == "AS" and code.word(i - 1) == ")" and code.kind(i + 1) in (WORD, QUOTED):
                yield code.name(i + 1) or "", line
            elif code.kind(i) in (WORD, QUOTED) and code.word(i + 1) == "AS" and code.word(i + 2) == "(":
                yield code.name(i) or "", line


def _table_name(code: TokenList, i: int) -> str:
    """The name by which the table that is named at position ``i`` is read."""
    if code.word(i) == "(":
        return ""
    while code.word(i + 1) == ".":
        i += 2
    if code.word(i + 1) == "AS":
        i += 2
    elif code.kind(i + 1) in (WORD, QUOTED) and code.word(i + 1) not in _AFTER_TABLE:
        i += 1
    return code.name(i) or ""


_AFTER_TABLE = frozenset(
    {
        *("ON", "USING", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "JOIN", "WHERE", "GROUP", "HAVING"),
        *("ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FOR", "RETURNING", "SET"),
        *("VALUES", "TABLESAMPLE", "INDEXED", "NOT", "FORCE", "USE", "IGNORE", "STRAIGHT_JOIN", "DO"),
    }
)


def refuse_lost_names(text: MarkedText) -> None:
    """Refuse that a line uses a table, or the name of a column, that another line may take out."""
    if not text.optional_words.isdisjoint(_NAMES):
        _lost_tables(text)
        _lost_columns(text)


def _lost_columns(text: MarkedText) -> None:
    """Without its column, a name that ORDER BY or HAVING uses would be another column's, or nobody's."""
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
                message = f"line {line.number} uses {name}, and line {lines[0].number} goes with {told(lines[0])}"
                raise code.error(i, message, "give the line the same conditions")


_USE_COLUMNS = ("ORDER", "HAVING", "GROUP")


def _lost_tables(text: MarkedText) -> None:
    """Without its table, a column has none; without its WITH, a table is none."""
    tables, expressions = _optional(defined_names(text)), _optional(defined_names(text, tables=False))
    if not tables and not expressions:
        return
    for line in text.lines:
        code = line.code
        for i in line.span:
            before, after = code.word(i - 1), code.word(i + 1)
            lines = tables.get(code.name(i) or "") if after == "." and before != "." else None
            if before in ("FROM", "JOIN", "INTO") and after != ".":
                lines = expressions.get(code.name(i) or "")
            if lines and possible([line.guard], [other.guard for other in lines], text.known):
                read = code.tokens[i].text
                message = f"line {line.number} reads {read}, and line {lines[0].number} goes with {told(lines[0])}"
                raise code.error(i, message, "give the line the same conditions")


def _optional(names: Iterator[tuple[str, SourceLine]]) -> dict[str, list[SourceLine]]:
    """The lines that define each name which no fixed line defines."""
    defined: dict[str, list[SourceLine]] = {}
    for name, line in names:
        defined.setdefault(name, []).append(line)
    return {name: lines for name, lines in defined.items() if name and all(line.guard for line in lines)}
