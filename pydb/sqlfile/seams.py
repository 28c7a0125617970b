"""Check the seams of a marked statement: its lines in; SqlFileError if tokens that do not fit can become neighbours.

All variants are checked at once, without building them.  In most cases, the tokens on both sides of a seam decide.  If
they do not fit, pydb computes whether some call has that seam.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from pydb.sqlfile.clauses import is_word_of_clause
from pydb.sqlfile.guards import implies, possible
from pydb.sqlfile.line_rules import MarkedText, conditions_of
from pydb.sqlfile.optional_lines import COMMA_GOES_BEFORE
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.syntax import Syntax
from pydb.sqlfile.tokens import CAST, NUMBER, OPERATOR, PARAMETER, QUOTED, STRING, WORD, TokenList

__all__ = ["first_word", "refuse_seams"]

_ASKS_FOR_MORE = frozenset(
    {
        *("SELECT", "DISTINCT", "ALL", "FROM", "JOIN", "WHERE", "ON", "AND", "OR", "NOT", "SET", "VALUES", "BY"),
        *("WITH", "HAVING", "LIMIT", "OFFSET", "RETURNING", "UNION", "EXCEPT", "INTERSECT", "WHEN", "THEN", "ELSE"),
        *("CASE", "BETWEEN", "LIKE", "ILIKE", "GLOB", "REGEXP", "RLIKE", "IN", "IS", "AS", "UPDATE", "INTO"),
        *("INSERT", "DELETE", "EXISTS", "RECURSIVE", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL"),
        *("DO", "GROUP", "ORDER", "PARTITION", "USING", "OVER", "FILTER", "ESCAPE", "COLLATE", "INTERVAL", "ROWS"),
        *("RANGE", "GROUPS", "FOR", "FETCH", "DIV", "XOR", "SIMILAR", "WINDOW"),
    }
)
"""Words after which a statement must continue."""

_CONTINUES = frozenset(
    {
        *("IS", "IN", "LIKE", "ILIKE", "GLOB", "REGEXP", "RLIKE", "BETWEEN", "COLLATE", "ESCAPE", "AS", "ASC", "DESC"),
        *("NULLS", "OVER", "FILTER", "THEN", "USING", "ON", "DO", "ISNULL", "NOTNULL", "SIMILAR", "DIV", "XOR", "BY"),
    }
)
"""Words that continue the code before them."""

_ENDS_ITEM = frozenset({"AS", "ASC", "DESC", "NULLS", "OVER"})
"""Those of them that belong to a whole item, whatever operators are in it."""

_REPEATABLE = frozenset({"+", "-", "||", "DO", "COLLATE"})
"""Those of them after which another line that begins alike may be left out."""

_CASE_PARTS = frozenset({"WHEN", "ELSE", "END"})
_BEGINS_STATEMENT = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "REPLACE"})
_BEGINS_IN_BRACKET = frozenset({"SELECT", "WITH", "VALUES", "ORDER", "PARTITION", "ROWS", "RANGE", "GROUPS"})
_AFTER_SET_OPERATOR = frozenset({"SELECT", "VALUES", "WITH"})
_JOINS = frozenset({"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"})
_END = ";"

_JUNCTION, _CLOSE, _CLAUSE, _ITEM, _OTHER = "and", ")", "clause", "item", "other"
_DONE, _COMMA, _MORE = "done", ",", "more"
_STARTS = {
    **dict.fromkeys(_ASKS_FOR_MORE | _CONTINUES | _CASE_PARTS | _JOINS | COMMA_GOES_BEFORE, _OTHER),
    **dict.fromkeys(("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"), _CLAUSE),
    **dict.fromkeys(("AND", "OR"), _JUNCTION),
    **dict.fromkeys((")", "]", ","), _CLOSE),
}
_ITEMS = frozenset({QUOTED, PARAMETER, NUMBER, STRING})
_BEFORE_ITEMS = frozenset({"WHERE", "BY", "SELECT", "SET", "ON", "HAVING", "FROM", "RETURNING", "AND", "OR"})
_FIT = frozenset(
    {
        *((_DONE, _JUNCTION), (_DONE, _CLOSE), (_DONE, _CLAUSE)),
        *((_COMMA, _ITEM), (_COMMA, _CLAUSE), (_MORE, _ITEM)),
    }
)
"""Ends and starts that always fit; every other pair is checked in its context."""


def first_word(code: TokenList, i: int) -> str:
    """The word at position ``i``; in lower case if it is a column with the name of a clause."""
    word = code.words[i]
    if word not in COMMA_GOES_BEFORE or word == "ON" or code.kind(i) != WORD or is_word_of_clause(code, i):
        return word
    return word.lower()


def refuse_seams(text: MarkedText, syntaxes: Sequence[Syntax], empties: bool) -> None:
    """Refuse a variant in which two adjacent tokens do not fit.  Raises SqlFileError.

    With ``empties``, a SET, or the columns and values of an INSERT, may have no items: such a call is refused later.
    """
    lines = text.lines
    number = len(lines)
    if not text.alternatives:
        # Only tokens around optional lines can become neighbours.
        optional = [i for i, line in enumerate(lines) if line.guard]
        before_them = {_end_of(lines[i - 1]) if i else _MORE for i in optional}
        after_them = {_start_of(lines[i + 1]) if i + 1 < number else _CLAUSE for i in optional}
        if _FIT.issuperset(product(before_them, after_them)):
            return
    starts = [*map(_start_of, lines), _CLAUSE]
    ends = [_MORE, *map(_end_of, lines)]
    for i, end in enumerate(ends):
        before = lines[i - 1] if i else None
        # The text as written already has the seams of consecutive lines, except those of alternatives.
        first = i if i == number or lines[i].alternative or (before and before.alternative) else i + 1
        if first > i and not lines[i].guard:
            continue
        for j in range(first, number + 1):
            after = lines[j] if j < number else None
            if (end, starts[j]) not in _FIT:
                between = lines[i:j]
                problem = "" if i == j == number else _problem(text, before, after, between, syntaxes, empties)
                present = [line.guard for line in (before, after) if line]
                if problem and possible(present, [line.guard for line in between], text.known):
                    raise _error(text, before, after, between, problem)
            if after is None or not after.guard or (before and implies(before.guard, after.guard)):
                break


def _start_of(line: SourceLine) -> str:
    """The kind of a line's start; ``other`` if the kind does not decide what the line may follow."""
    kind, word = line.code.tokens[line.first].kind, line.code.words[line.first]
    return _ITEM if kind in _ITEMS else _STARTS.get(word, _ITEM if kind == WORD else _OTHER)


def _end_of(line: SourceLine) -> str:
    """The kind of a line's end; ``other`` if the kind does not decide what may follow the line."""
    code, last = line.code, line.last
    word, kind = code.words[last], code.tokens[last].kind
    if kind in _ITEMS or word == ")":
        return _DONE
    if word == ",":
        return _OTHER if _asks_for_more(code, last - 1) else _COMMA
    if word in _BEFORE_ITEMS and code.word(last - 1) != ".":
        return _MORE
    return _OTHER if word == "(" or _asks_for_more(code, last) else _DONE


def _error(
    text: MarkedText,
    before: SourceLine | None,
    after: SourceLine | None,
    between: Sequence[SourceLine],
    problem: str,
) -> Exception:
    absent = [line for line in between if not line.alternative] or list(between)
    names = list(dict.fromkeys(c.parameter for line in absent for c in line.conditions))
    what = " and ".join(names[:3]) + (" …" if len(names) > 3 else "")
    start = f"without {what}, " if what else f"if {conditions_of(after or before)}, "  # type: ignore[arg-type]
    line = before or after or between[0]
    at = line.last if before else line.first
    return line.code.error(at, start + problem, _hint(problem, line.code.words[at]))


def _hint(problem: str, ends: str) -> str:
    if problem.startswith("line"):
        return "put the same mark on both lines"
    if problem.endswith("followed by OFFSET"):
        return "OFFSET is a part of LIMIT here: give its line the conditions of LIMIT too, or leave LIMIT unmarked"
    if ends in ("WHERE", "AND", "ON", "HAVING"):
        return "begin with an unmarked condition or TRUE, and begin each optional line with AND"
    if ends == "OR" or ends == "(":
        return "begin with an unmarked item; begin a group of ORs with FALSE"
    return "leave one item unmarked, or give the line that begins the clause the same conditions"


def _problem(
    text: MarkedText,
    before: SourceLine | None,
    after: SourceLine | None,
    between: Sequence[SourceLine],
    syntaxes: Sequence[Syntax],
    empties: bool,
) -> str:
    """The problem if two lines become neighbours; an empty text if there is none."""
    word = first_word(after.code, after.first) if after else _END
    is_clause = after is None or _begins_clause(after.code, after.first)
    if before is None:
        starts = word in _BEGINS_STATEMENT or word == "("
        return "" if starts else f"the statement begins with {word}"
    code, last = before.code, before.last
    if code.words[last] == "," and word in COMMA_GOES_BEFORE and last > 0:
        last -= 1
    ends = code.words[last]
    problem = f"{code.tokens[last].text} is followed by {after.code.tokens[after.first].text if after else _END}"
    if ends == "(":
        return _in_bracket(problem, word, is_clause, empties, code, last)
    if _asks_for_more(code, last):
        return _after_open_end(problem, ends, word, is_clause, after, empties)
    if after is None or word in (")", "]", ",", "AND", "OR") or (word in _CASE_PARTS and not is_clause):
        return ""
    if is_clause:
        return _clause_order(text, before, after, last, word, syntaxes, problem)
    if _continues(after.code, after.first):
        if word in _ENDS_ITEM and all(_continues(line.code, line.first) for line in between):
            return ""  # the lines between continue the same item
        if between and word in _REPEATABLE and first_word(between[0].code, between[0].first) == word:
            return ""  # the line that is not present continues in the same way
        return f"line {after.number} continues a line that is not present: {problem}"
    return problem


def _begins_clause(code: TokenList, i: int) -> bool:
    """Whether a clause begins at position ``i``; the ON of a JOIN does not count."""
    if code.kind(i) != WORD:
        return False
    if code.words[i] == "ON":
        return code.word(i + 1) in ("CONFLICT", "DUPLICATE")
    is_join = code.words[i] in _JOINS and any(code.word(k) == "JOIN" for k in range(i, i + 4))
    return is_join or is_word_of_clause(code, i)


def _asks_for_more(code: TokenList, i: int) -> bool:
    kind, word = code.kind(i), code.words[i]
    if kind == OPERATOR:
        return not (word == "*" and code.word(i - 1) in ("SELECT", ".", ",", "DISTINCT", "(", ""))
    if kind == WORD:
        locks = word == "UPDATE" and "FOR" in (code.word(i - 1), code.word(i - 3))  # FOR NO KEY UPDATE
        return word in _ASKS_FOR_MORE and not locks and code.word(i - 1) != "."
    return kind == CAST or word in (",", ".", "[")


def _continues(code: TokenList, i: int) -> bool:
    kind, word = code.kind(i), code.words[i]
    return kind in (OPERATOR, CAST) or (kind == WORD and word in _CONTINUES) or word in (".", "[") or word == "NOT"


def _in_bracket(problem: str, word: str, is_clause: bool, empties: bool, code: TokenList, i: int) -> str:
    if word == ")":
        return "" if empties and _is_insert_list(code, i) else problem
    if is_clause:
        return "" if word in _BEGINS_IN_BRACKET else problem
    if word in (",", ";", "AND", "OR", *_CONTINUES, *_CASE_PARTS):
        return problem
    return ""


def _is_insert_list(code: TokenList, i: int) -> bool:
    """Whether the bracket that opens at position ``i`` has the columns or the values of an INSERT."""
    if code.word(i - 1) == "VALUES":
        return True
    k = i - 1
    while code.word(k - 1) == ".":
        k -= 2
    return code.word(k - 1) == "INTO"


def _after_open_end(
    problem: str, ends: str, word: str, is_clause: bool, after: SourceLine | None, empties: bool
) -> str:
    if ends == "CASE" and word == "WHEN":
        return ""
    if ends in ("ORDER", "GROUP", "PARTITION"):
        return "" if word == "BY" else problem
    if is_clause:
        if (ends in ("UNION", "EXCEPT", "INTERSECT", "ALL", "DISTINCT") and word in _AFTER_SET_OPERATOR) or (
            ends in ("SET", "UPDATE") and empties
        ):
            return ""
        return "" if (ends, word) in (("DO", "UPDATE"), ("FOR", "UPDATE"), ("DELETE", "FROM")) else problem
    if after is None or word in (")", "]", ",", "AND", "OR", *_CASE_PARTS):
        return problem
    code, first = after.code, after.first
    if code.kind(first) == OPERATOR:
        return "" if word in ("+", "-", "~", "*") else problem
    if ends in ("IS", "NOT"):
        return ""
    return problem if _continues(code, first) and word != "NOT" else ""


def _clause_order(
    text: MarkedText,
    before: SourceLine,
    after: SourceLine,
    last: int,
    word: str,
    syntaxes: Sequence[Syntax],
    problem: str,
) -> str:
    """The problem with a clause that follows another clause; an empty text if there is none."""
    if word not in ("SELECT", "OFFSET") or before.alternative or after.alternative:
        return ""
    clause = text.clauses.of(last)
    if word == "SELECT":
        written = text.clauses.of(after.first - 1)
        return "" if clause is written or (clause and clause.word in ("WITH", "INSERT")) else problem
    if word == "OFFSET" and any(syntax.offset_needs_limit for syntax in syntaxes):
        return "" if clause and clause.word == "LIMIT" else problem
    return ""
