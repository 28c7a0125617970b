"""Find the statements in a trigger's code: the code of its body in; statements for the analysis out.

Conditions and assigned values become ``SELECT condition``, because they may contain queries.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.tokens import COMMENT, Token

__all__ = ["row_columns", "statements_inside"]

_STATEMENTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "MERGE", "PERFORM"})
_ENDS = frozenset({";", "BEGIN", "LOOP", "DO", "REPEAT", "ATOMIC", "DECLARE", "EXCEPTION"})
_CONDITIONS = frozenset({"IF", "ELSIF", "ELSEIF", "WHILE", "RETURN", "UNTIL", "WHEN", "SET", "IN", "EXECUTE"})


def statements_inside(body: str, engine: str) -> list[str]:
    """The statements and conditions of a body, in order; an empty list for unterminated code."""
    try:
        tokens = [token for token in scan(body, engine) if token.kind != COMMENT]
    except Unterminated:
        return []
    return [text for run in _runs(tokens) if (text := _statement(run, body))]


def row_columns(body: str, engine: str) -> set[tuple[str, bool]]:
    """The columns of NEW and OLD in a trigger's code, as written, and whether each is assigned to."""
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
        inside = bool(run) and run[0].text.upper() in _STATEMENTS | _CONDITIONS
        if word == "CASE" and inside:
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


def _statement(run: list[Token], body: str) -> str:
    words = [token.text.upper() for token in run]
    if not run:
        return ""
    end = run[-1].start + len(run[-1].text)
    if words[0] in _STATEMENTS:
        start = run[0].start
        text = body[start:end]
        return f"SELECT{text[len('PERFORM') :]}" if words[0] == "PERFORM" else text
    # The rest of a condition, a FOR or an assignment may contain a query.
    place = next((i for i, word in enumerate(words) if word in ("SELECT", "WITH")), None)
    if place is None:
        return _expression(run, words, body[:end])
    if place and words[place - 1] == "(":
        depth = 0
        for token in run[place - 1 :]:
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return body[run[place].start : token.start]
    return body[run[place].start : end]


def _expression(run: list[Token], words: list[str], body: str) -> str:
    """A condition, or a returned or assigned value, as a query if it calls a function."""
    first = 1
    if words[0] not in _CONDITIONS:
        assigned = [place for place in range(len(words)) if words[place] in (":=", ":")]
        first = assigned[0] + (2 if words[assigned[0]] == ":" else 1) if assigned else len(words)
    elif words[0] == "SET":
        first = words.index("=") + 1 if "=" in words else len(words)
    if "(" not in words[first:] or words[0] in ("EXECUTE", "IN"):
        return ""
    return f"SELECT {body[run[first].start :]}"
