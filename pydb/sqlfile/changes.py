"""Refuse changes of all rows: a line in; out, the parts of an UPDATE, DELETE or INSERT to which it contributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydb.sqlfile.clauses import ClauseHead, Clauses
from pydb.sqlfile.line_rules import MarkedText
from pydb.sqlfile.optional_lines import Line
from pydb.sqlfile.site import Site
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["parts_of", "refuse_change_of_all"]

_CHOOSE_ROWS = ("UPDATE", "DELETE")
_NO_COLUMN = frozenset(
    {
        *(
            "TRUE",
            "FALSE",
            "NULL",
            "AND",
            "OR",
            "NOT",
            "IS",
            "IN",
            "LIKE",
            "BETWEEN",
            "EXISTS",
            "WHERE",
            "CASE",
            "WHEN",
        ),
        *("THEN", "ELSE", "END", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "AS", "UNKNOWN", "DISTINCT"),
    }
)


def parts_of(text: MarkedText, line: SourceLine, verb: str) -> Iterator[str]:
    """The parts to which a line of a statement with this main verb contributes: ``Line.parts``."""
    own = Clauses(line.code) if line.alternative else text.clauses
    place = text.all_lines[line.place].first if line.alternative else line.first
    in_bracket = text.code.opens[place] >= 0 if line.alternative else False
    for i in line.span:
        if line.code.words[i] == "UPDATE" and line.code.word(i - 1) != "FOR" and line.code.word(i - 2) != "NO":
            yield "head of set"
        begun = list(own.chain(i))
        code, at = (line.code, i) if begun or not line.alternative else (text.code, place)
        for clause in begun or text.clauses.chain(at):
            begins = _begins_to_set(code, clause)
            if begins is not None and at > begins:
                yield "set"
            elif clause.word == "INSERT" and _in_columns(code, clause, at):
                yield "columns"
            elif clause.word == "WHERE" and clause.level < 0 and verb in _CHOOSE_ROWS and _names_column(line.code, i):
                yield from () if in_bracket else ("where",)


def _begins_to_set(code: TokenList, clause: ClauseHead) -> int | None:
    """The position of the word before the first column that a clause sets; None if the clause sets no column."""
    if clause.word == "SET":
        return clause.position
    if clause.word != "CONFLICT":
        return None
    update = (k for k in code.at.get("UPDATE", ()) if k > clause.position and code.word(k - 1) == "KEY")
    return next(update, None)


def _in_columns(code: TokenList, clause: ClauseHead, i: int) -> bool:
    return code.opens[i] > clause.position and code.opens[code.opens[i]] == clause.level


def _names_column(code: TokenList, i: int) -> bool:
    is_name = code.kind(i) == QUOTED or (code.kind(i) == WORD and code.words[i] not in _NO_COLUMN)
    return is_name and code.word(i + 1) != "("


def refuse_change_of_all(lines: Sequence[Line], verb: str, site: Site) -> None:
    """Refuse an UPDATE or DELETE in which no line chooses rows by a column.  Raises SqlFileError."""
    if verb in _CHOOSE_ROWS and not any("where" in line.parts for line in lines):
        message = f"every variant of this {verb} changes all rows"
        raise site.error(message, "choose rows by a column, or write it without marks")
