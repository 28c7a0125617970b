"""Propose a name for a column that has no usable one: a described statement in, the line to write out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from pydb.describe.described import DescribedColumn, DescribedStatement
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.syntax import ends_operand
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList
from pydb.support.python_names import is_python_name, parameter_name

__all__ = ["is_field", "naming_hint"]

_LIST_ENDS = frozenset(
    {"FROM", "INTO", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", ";"}
)
_LIST_ENDS |= {"UNION", "EXCEPT", "INTERSECT"}
_MAX_WORDS = 3
"""The maximum number of words of an expression that make its name."""


def naming_hint(described: DescribedStatement, index: int) -> str:
    """A hint such as ``line 5: u.id AS users_id`` for the column number ``index``, counted from 0."""
    sql, names = described.form.sql, [column.name for column in described.columns]
    code = token_list(sql, described.engine)
    items = list(_items(code))
    known = len(items) == len(names) and not any(code.word(item.stop - 1) == "*" for item in items)
    expressions = [_without_alias(code, item) for item in items] if known else []
    texts = [_text(code, item, sql) for item in expressions] or [""] * len(names)
    taken = Counter(names)
    name = ""
    # Columns before it may also need names, and each must get a different one.
    for place in range(index + 1):
        if place == index or not is_field(names[place]) or names[place] in names[:place]:
            name = _name(described.columns[place], place, texts[place], taken)
            taken[name] += 1
    if not known:
        return f"list the columns instead of *, and name this one with AS {name}"
    line, _ = LineStarts(sql, described.form.line).place(code.tokens[expressions[index].start].start)
    return f"line {line}: {' '.join(texts[index].split())} AS {name}"


def is_field(name: str) -> bool:
    """Whether a column of that name can be the field of a record."""
    # A dataclass takes an attribute that every class has, such as type.mro, for the default of a field of that name.
    return is_python_name(name) and not name.startswith("__") and not hasattr(type, name)


def _text(code: TokenList, item: range, sql: str) -> str:
    first, last = code.tokens[item.start], code.tokens[item.stop - 1]
    return sql[first.start : last.start + len(last.text)]


def _items(code: TokenList) -> Iterator[range]:
    """The positions of each item of the select list, or of RETURNING."""
    word = "RETURNING" if any(True for _ in code.top("RETURNING")) else "SELECT"
    start = next(code.top(word), None)
    if start is None:
        return
    start = code.after(start, frozenset({"DISTINCT", "ALL"}))
    if code.word(start) == "ON" and (closing := code.closing(start + 1)) is not None:
        start = closing + 1
    for i in range(start, len(code) + 1):
        ends = i == len(code) or (code.opens[i] < 0 and code.word(i) in _LIST_ENDS)
        # FROM is also a word of IS DISTINCT FROM.
        ends = ends and not (code.word(i) == "FROM" and code.word(i - 1) == "DISTINCT")
        if ends or (code.word(i) == "," and code.opens[i] < 0 and not _in_square_brackets(code, start, i)):
            if i > start:
                yield range(start, i)
            start = i + 1
        if ends:
            return


def _in_square_brackets(code: TokenList, start: int, i: int) -> bool:
    words = code.words[start:i]
    return words.count("[") > words.count("]")


def _without_alias(code: TokenList, item: range) -> range:
    last = item.stop - 1
    if last > item.start and code.word(last - 1) == "AS" and code.opens[last] < 0:
        return range(item.start, last - 1)
    named = code.kind(last) in (WORD, QUOTED) and code.word(last) not in ("END", "NULL", "TRUE", "FALSE")
    return range(item.start, last) if named and last > item.start and ends_operand(code.tokens, last - 1) else item


def _name(column: DescribedColumn, index: int, expression: str, taken: Counter[str]) -> str:
    """A valid Python name that no other column has."""
    name = unicodedata.normalize("NFKC", column.name)
    if taken[column.name] > 1:
        name = f"{column.table or expression.rpartition('.')[0] or 'other'}_{name}"
    elif not re.fullmatch(r"[\w -]+", name):
        words = re.findall(r"[^\W\d]\w*", re.sub(r"'[^']*'|:\w+", "", expression))
        name = "_".join(words[:_MAX_WORDS])
    name = re.sub(r"\W+", "_", name.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"column_{name or index + 1}"
    name = parameter_name(name)
    name = name if is_field(name) else f"{name}_"
    number, plain = 1, name
    while taken[name]:
        number += 1
        name = f"{plain}_{number}"
    return name
