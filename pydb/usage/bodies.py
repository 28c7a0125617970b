"""Find the statements in a trigger's code: the code of its body in, statements for the analysis out.

Conditions and assigned values give the queries in them, and ``SELECT condition`` if they call functions.  What may use
tables and cannot be analysed, such as EXECUTE, is a statement too: the analysis says that it is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.tokens import COMMENT, QUOTED, WORD, Token

__all__ = ["row_columns", "statements_inside"]

_STATEMENTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "MERGE", "PERFORM"})
_ENDS = frozenset({";", "BEGIN", "LOOP", "DO", "REPEAT", "ATOMIC", "DECLARE", "EXCEPTION"})
_CONDITIONS = frozenset({"IF", "ELSIF", "ELSEIF", "WHILE", "RETURN", "UNTIL", "WHEN", "SET", "ASSERT"})
_UNKNOWN = frozenset(
    {"EXECUTE", "CALL", "TRUNCATE", "COPY", "LOCK", "PREPARE", "CREATE", "ALTER", "DROP", "REFRESH", "GRANT", "REVOKE"}
)
"""Statements that use tables and functions in a way that is not analysed."""

_INSERTS = frozenset({"INSERT", "MERGE", "REPLACE", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY", "OR"})
"""The words before an INTO that names a table, not a variable."""

_NOT_CALLED = frozenset({"EXISTS", "NOT", "IN", "AND", "OR", "ANY", "ALL", "SOME", "ARRAY", "ROW", "WHEN", "THEN"})
"""Words before a bracket that are not functions."""


def statements_inside(body: str, engine: str) -> list[str]:
    """The statements and conditions of a body, in order; an empty list for unterminated code."""
    try:
        tokens = [token for token in scan(body, engine) if token.kind != COMMENT]
    except Unterminated:
        return []
    return [text for run in _runs(tokens) if run for text in _statements(run, body)]


def row_columns(body: str, engine: str) -> set[tuple[str, bool]]:
    """The columns of NEW and OLD in a trigger's code, as written, and whether the code assigns to each of them."""
    try:
        tokens = [token for token in scan(body, engine) if token.kind != COMMENT]
    except Unterminated:
        return set()
    words = ["", *(token.text.upper() for token in tokens), "", ""]
    return {
        (tokens[place + 2].text, _is_assigned(words[place], words[place + 4 : place + 6]))
        for place in range(len(tokens) - 2)
        if words[place + 1] in ("NEW", "OLD") and words[place + 2] == "."
    }


def _is_assigned(before: str, after: list[str]) -> bool:
    if after[:1] == [":="] or after == [":", "="]:
        return True
    return after[:1] == ["="] and before in (";", "BEGIN", "THEN", "ELSE", "SET")


def _runs(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens between the words that end a statement; outside CASE, THEN and ELSE end one too."""
    run: list[Token] = []
    brackets = cases = 0
    for token in tokens:
        word = token.text.upper()
        brackets += (word == "(") - (word == ")")
        # As a statement, CASE begins a run.
        if word == "CASE" and run and run[-1].text.upper() != "END":
            cases += 1
        elif word == "END" and cases:
            cases -= 1
        elif brackets == 0 and _ends(word, run, cases):
            yield run
            run, cases = [], 0
            continue
        run.append(token)
    yield run


def _ends(word: str, run: list[Token], cases: int) -> bool:
    if word == "DO":  # ON CONFLICT DO
        return not run or run[0].text.upper() not in ("INSERT", "WITH")
    return word in _ENDS or (word in ("THEN", "ELSE") and cases == 0)


def _statements(run: list[Token], body: str) -> Iterator[str]:
    words = [token.text.upper() for token in run]
    query = _query_at(words)
    if words[0] in _UNKNOWN or (query is None and "EXECUTE" in words):
        yield _text(run[0 if words[0] in _UNKNOWN else words.index("EXECUTE") :], body)
    elif query is not None:
        text = _text(_without_into(run[query:]), body)
        yield f"SELECT{text[len('PERFORM') :]}" if words[query] == "PERFORM" else text
    else:
        yield from _in_expression(run, words, body)


def _query_at(words: list[str]) -> int | None:
    """The position of a statement outside of brackets: the first word, or one in a loop, a cursor or RETURN QUERY."""
    depth = 0
    for place, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        begins = place == 0 or word in ("SELECT", "WITH") or words[place - 1] in ("IN", "QUERY", "FOR")
        if depth == 0 and word in _STATEMENTS and begins:
            return place
    return None


def _without_into(run: list[Token]) -> list[Token]:
    """The tokens without INTO and its variables."""
    words = [token.text.upper() for token in run]
    kept: list[Token] = []
    place = 0
    while place < len(run):
        if not place or words[place] != "INTO" or words[place - 1] in _INSERTS:
            kept.append(run[place])
            place += 1
            continue
        place += 2 if words[place + 1 : place + 2] == ["STRICT"] else 1
        # A variable, and everything that a dot or a comma joins to it.
        while place < len(run) and (words[place] in (",", ".") or words[place - 1] in ("INTO", "STRICT", ",", ".")):
            place += 1
    return kept


def _text(run: list[Token], body: str) -> str:
    """The text of tokens; line breaks stand for what is left out."""
    parts, end = [], run[0].start if run else 0
    for token in run:
        gap = body[end : token.start]
        parts += [gap if not gap.strip() else "\n" * gap.count("\n") or " ", token.text]
        end = token.start + len(token.text)
    return "".join(parts)


def _in_expression(run: list[Token], words: list[str], body: str) -> Iterator[str]:
    """The queries in a condition or a value, and the value itself if it calls a function."""
    calls, depth, opened = False, 0, None
    for place, word in enumerate(words):
        if word == "(" and opened is None:
            if words[place + 1 : place + 2] in (["SELECT"], ["WITH"], ["VALUES"]):
                opened = place + 1, depth
            elif place and run[place - 1].kind in (WORD, QUOTED) and words[place - 1] not in _NOT_CALLED:
                calls = True
        depth += (word == "(") - (word == ")")
        if opened is not None and depth == opened[1]:
            yield _text(run[opened[0] : place], body)
            opened = None
    first = _value_at(words)
    if calls and first is not None:
        yield f"SELECT {_text(run[first:], body)}"


def _value_at(words: list[str]) -> int | None:
    """The position of a condition, or of a returned, assigned or default value."""
    if words[0] in ("EXIT", "CONTINUE", "CASE"):
        return words.index("WHEN") + 1 if "WHEN" in words else None
    if words[0] in _CONDITIONS - {"SET"}:
        return 2 if words[1:2] == ["NEXT"] else 1
    assigned = [place for place, word in enumerate(words) if word in (":=", "=", ":", "DEFAULT")]
    if not assigned:
        return None
    return assigned[0] + (2 if words[assigned[0]] == ":" else 1)
