"""Cut a statement's SQL at its parameters, and an INSERT at the bracket that a batch repeats: tokens in, parts out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pydb.sqlfile.definition import Placeholder, RowTemplate
from pydb.sqlfile.syntax import Syntax, combined
from pydb.sqlfile.tokens import PARAMETER, Token, TokenList
from pydb.sqlfile.verbs import INSERTS
from pydb.support.python_names import parameter_name

__all__ = ["cut", "row_template"]


def cut(code: TokenList, sql: str, start: int, end: int, sequences: Collection[int]) -> tuple[str | Placeholder, ...]:
    """The text from ``start`` to ``end``, cut at the parameters."""
    parts: list[str | Placeholder] = []
    for i in code.parameters:
        token = code.tokens[i]
        sequence = i in sequences
        before = code.tokens[i - 1].start if sequence else token.start
        if not start <= before < end:
            continue
        if before > start:
            parts.append(sql[start:before])
        parts.append(_placeholder(token, sequence))
        start = code.tokens[i + 1].start + 1 if sequence else token.start + len(token.text)
    if start < end:
        parts.append(sql[start:end])
    return tuple(parts)


def _placeholder(token: Token, sequence: bool) -> Placeholder:
    written = token.text[1:]
    name = parameter_name(written)
    return Placeholder(name, sequence, name != written)


def row_template(code: TokenList, sql: str, end: int, verb: str, syntaxes: tuple[Syntax, ...]) -> RowTemplate | None:
    """The template of an INSERT whose bracket can be repeated with the same effect as repeating the statement."""
    if verb not in INSERTS:
        return None
    values = [i for i in code.top("VALUES") if code.word(i - 1) != "="]
    if not values or code.word(values[0] + 1) != "(":
        return None
    opening = values[0] + 1
    closing = code.closing(opening)
    if closing is None:
        return None
    inside = range(opening, closing)
    if code.word(closing + 1) == "," or not all(i in inside for i in code.parameters):
        return None
    upsert = [i for i in code.at.get("UPDATE", ()) if code.word(i - 1) in ("DO", "KEY")]
    # Not with a sub-query: it sees the earlier rows of a batch only if separate statements have inserted them.
    if any(i in inside or upsert for i in code.at.get("SELECT", ())):
        return None
    functions = combined(syntaxes).last_statement_functions
    calls = [i for word in functions for i in code.at.get(word, ()) if code.word(i + 1) == "("]
    if any(i > opening for i in calls):
        return None
    key = _conflict_key(code, opening, closing) if any(code.word(i - 1) == "DO" for i in upsert) else ()
    if key is None:
        return None
    first, last = code.tokens[opening].start, code.tokens[closing].start + 1
    return RowTemplate(sql[:first], cut(code, sql, first, last, ()), sql[last:end], key)


def _conflict_key(code: TokenList, opening: int, closing: int) -> tuple[str, ...] | None:
    """The parameters that fill the columns of ``ON CONFLICT (…)``; None if the text does not show them."""
    target = next((i + 1 for i in code.top("CONFLICT") if code.word(i - 1) == "ON"), -1)
    columns, values = _items(code, opening - 2), _items(code, opening)
    wanted = _items(code, target) if code.word(target) == "(" else None
    if columns is None or values is None or wanted is None or len(columns) != len(values) or not all(columns + wanted):
        return None
    given = dict(zip((item[0].text.lower() for item in columns), values, strict=True))
    filled = [given.get(item[0].text.lower(), []) for item in wanted if len(item) == 1]
    bound = [parameter_name(item[0].text[1:]) for item in filled if len(item) == 1 and item[0].kind == PARAMETER]
    return tuple(bound) if len(bound) == len(wanted) and closing < target else None


def _items(code: TokenList, i: int) -> list[Sequence[Token]] | None:
    items = code.items(i)
    return None if items is None else [code.tokens[item.start : item.stop] for item in items]
