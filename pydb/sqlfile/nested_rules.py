"""Check the SQL of nested rows: a statement's tokens and its Nesting in, an error for a broken rule out.

The columns of a result are checked again when the statement is first called: the text of a ``*`` shows no labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydb.sqlfile.nested import DIVIDER, Nesting, place_of_label
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.syntax import Syntax
from pydb.sqlfile.tokens import NUMBER, PARAMETER, QUOTED, WORD, TokenList, unquoted
from pydb.support.suggestions import nearest

__all__ = ["Item", "refuse_nested", "select_list"]

_LIST_ENDS = frozenset(
    {"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET"}
    | {"FETCH", "FOR", "INTO"}
)
_BEFORE_LIST = frozenset({"DISTINCT", "ALL", "DISTINCTROW"})
_SORT_WORDS = frozenset({"ASC", "DESC", "NULLS", "FIRST", "LAST"})
_SORT_ENDS = frozenset({"LIMIT", "OFFSET", "FETCH", "FOR", "LOCK"})


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a SELECT list, from position ``start`` to ``end``; ``label`` is None if the text does not show it.

    ``column`` is the name, with its table's name if written, if the item is a plain column.
    """

    start: int
    end: int
    label: str | None
    column: tuple[str, ...] | None


def refuse_nested(
    code: TokenList, nesting: Nesting, row_word: RowWord, record: str | None, syntaxes: tuple[Syntax, ...]
) -> None:
    """Refuse SQL that cannot return these nested rows.  ``code`` is a whole statement, as it is sent."""
    first = nesting.levels[0]
    if not row_word.returns_rows:
        raise code.error(0, f":{row_word} cannot return nested rows", "use :one, :maybe, :many or :stream")
    if record in (None, "scalar"):
        hint = f"name one in the header: :{row_word} …With{first.name.capitalize()}"
        raise code.error(0, f"@{'group' if first.many else 'embed'} needs a record that has the levels", hint)
    items = select_list(code)
    _labels(code, items, nesting, syntaxes)
    _levels(code, items, nesting)
    if nesting.groups:
        _limits(code, nesting)
        if row_word.streams:
            _order(code, items, nesting)


def _labels(code: TokenList, items: list[Item], nesting: Nesting, syntaxes: tuple[Syntax, ...]) -> None:
    limited = next((syntax for syntax in syntaxes if syntax.longest_label is not None), None)
    joined = {level.label: level for level in nesting.joined}
    for item in items:
        label = item.label
        if label is None:
            continue
        at = item.end - 1
        if limited is not None and len(label.encode()) > (limited.longest_label or 0):
            message = f"{limited.product} truncates a label to {limited.longest_label} bytes: {label}"
            raise code.error(at, message, "shorten the path or the field's name")
        if label in joined:
            message = f"{label} is both a column and the level {joined[label].path}"
            raise code.error(at, message, "rename one of them with AS")
        if label not in nesting.by_label and place_of_label(label, nesting) is None:
            path = label.rpartition(DIVIDER)[0]
            known = [level.label for level in nesting.joined]
            hint = nearest(path, known) or f"the levels are {', '.join(known) or 'json alone'}"
            raise code.error(at, f"{label} names the level {path.replace(DIVIDER, '.')}, which does not exist", hint)


def _levels(code: TokenList, items: list[Item], nesting: Nesting) -> None:
    """Refuse levels and keys that have no column, if the text shows all columns."""
    if not items or any(item.label is None for item in items):
        return
    labels = [item.label for item in items if item.label is not None]
    fields: dict[str, list[str]] = {"": []}
    for label in labels:
        path, field = place_of_label(label, nesting) or ("", label)
        fields.setdefault(path, []).append(field)
    if not fields[""]:
        raise code.error(0, "the root has no column of its own", "select its key")
    for level in nesting.levels:
        if level.json and level.label not in labels:
            raise code.error(0, f"the json level {level.path} has no column", f"name it with AS {level.label}")
        if not level.json and level.path not in fields:
            hint = f"name its columns with AS {level.label}{DIVIDER}…"
            raise code.error(0, f"the level {level.path} has no columns", hint)
    for path in ("", *(level.path for level in nesting.joined)):
        for name in nesting.key_of(path):
            if name not in fields[path]:
                hint = nearest(name, fields[path]) or f"the columns are {', '.join(fields[path])}"
                where = f"the level {path}" if path else "the root"
                raise code.error(0, f"the key {name} of {where} is not one of its columns", hint)


def _limits(code: TokenList, nesting: Nesting) -> None:
    for word in ("LIMIT", "OFFSET", "FETCH"):
        for i in code.top(word):
            if is_limit(code, i):
                message = f"{word} counts joined rows, not roots, with the joined @group {nesting.chain[0].path}"
                raise code.error(i, message, "limit the roots in a sub-query, or write the groups as json levels")


def is_limit(code: TokenList, i: int) -> bool:
    """Whether the word at position ``i`` limits the rows, and is not a name."""
    if code.word(i - 1) in (".", "AS", ",") or code.word(i - 1) in _BEFORE_LIST | {"SELECT", "BY"}:
        return False
    if code.word(i) == "FETCH":
        return code.word(i + 1) in ("FIRST", "NEXT")
    return code.kind(i + 1) in (NUMBER, PARAMETER) or code.word(i + 1) in ("(", "ALL", "-", "+", "CAST")


def _order(code: TokenList, items: list[Item], nesting: Nesting) -> None:
    """Refuse a stream whose ORDER BY does not keep the rows of a root together."""
    keys = _root_key(items, nesting)
    root = {item.column[0].lower() for item in keys if item.column and len(item.column) > 1}
    missing = {item.label for item in keys}
    sort = next((i for i in reversed(list(code.top("BY"))) if code.word(i - 1) == "ORDER"), None)
    hint = f"ORDER BY {', '.join('.'.join(item.column or (item.label or '…',)) for item in keys) or '…'}, …"
    if sort is None or not keys:
        message = "a :stream of groups needs an ORDER BY that begins with the root's key"
        raise code.error(0 if sort is None else sort, message, hint)
    for start, end in _sort_items(code, sort + 1):
        column = _sorted_by(code, start, end, items)
        found = next((key for key in keys if column is not None and _same(column, key)), None)
        if found is not None:
            missing.discard(found.label)
        elif column is None or len(column) < 2 or column[0].lower() not in root:
            last = code.tokens[end - 1]
            what = code.site.text[code.tokens[start].start : last.start + len(last.text)]
            message = f"a :stream of groups must be sorted by columns of the root's table up to its key, not by {what}"
            raise code.error(start, message, hint)
        if not missing:
            return
    raise code.error(
        sort, f"the ORDER BY of a :stream of groups lacks the root's key {', '.join(sorted(map(str, missing)))}", hint
    )


def _root_key(items: list[Item], nesting: Nesting) -> list[Item]:
    """The items that are the root's key; an empty list if the text does not show them."""
    if nesting.key:
        found = [item for name in nesting.key for item in items if item.label == name]
        return found if len(found) == len(nesting.key) else []
    first = next((item for item in items if item.label is None or DIVIDER not in item.label), None)
    return [first] if first is not None and first.label is not None else []


def _same(column: tuple[str, ...], key: Item) -> bool:
    own = key.column or (key.label or "",)
    return [part.lower() for part in column] == [part.lower() for part in own] or column == (key.label,)


def _sort_items(code: TokenList, start: int) -> Iterator[tuple[int, int]]:
    """The positions at which the items of an ORDER BY begin and end."""
    level, i = code.opens[start - 1], start
    while True:
        ends = i >= len(code) or (code.opens[i] == level and code.word(i) in _SORT_ENDS)
        if ends or (code.word(i) == "," and code.opens[i] == level):
            if i > start:
                yield start, i
            if ends:
                return
            start = i + 1
        i += 1


def _sorted_by(code: TokenList, start: int, end: int, items: list[Item]) -> tuple[str, ...] | None:
    """The column that an item of ORDER BY sorts by, through its label or number too; None if it is not a column."""
    while end > start + 1 and code.word(end - 1) in _SORT_WORDS and code.kind(end - 1) == WORD:
        end -= 1
    if end == start + 1 and code.kind(start) == NUMBER:
        number = code.tokens[start].text
        item = items[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(items) else None
        return None if item is None else item.column or (item.label or "",)
    column = _column(code, start, end)
    if column is None or len(column) != 1:
        return column
    labelled = next((item for item in items if (item.label or "").lower() == column[0].lower()), None)
    if labelled is None or labelled.column is None:
        return column
    return labelled.column


def select_list(code: TokenList) -> list[Item]:
    """The items of the outermost SELECT or RETURNING list; an empty list if there is none outside of brackets."""
    start = next((i for i in code.top("RETURNING") if code.word(i + 1) != "="), None)
    if start is None:
        start = next(code.top("SELECT"), None)
    if start is None:
        return []
    start = code.after(start, _BEFORE_LIST)
    if code.word(start) == "ON" and (closing := code.closing(start + 1)) is not None:
        start = closing + 1
    items, square, i = [], 0, start
    while True:
        ends = i >= len(code) or (
            code.opens[i] < 0 and code.word(i) in _LIST_ENDS and code.word(i - 1) not in (".", "AS")
        )
        if ends or (code.word(i) == "," and code.opens[i] < 0 and not square):
            if i > start:
                items.append(_item(code, start, i))
            if ends:
                return items
            start = i + 1
        square += (code.word(i) == "[") - (code.word(i) == "]")
        i += 1


def _item(code: TokenList, start: int, end: int) -> Item:
    last = end - 1
    if end - start > 2 and code.word(last - 1) == "AS" and code.kind(last) in (WORD, QUOTED):
        return Item(start, end, unquoted(code.tokens[last]), _column(code, start, last - 1))
    column = _column(code, start, end)
    if column is not None:
        return Item(start, end, column[-1], column)
    if code.kind(last) == QUOTED and code.word(last - 1) != "." and end - start > 1:
        return Item(start, end, unquoted(code.tokens[last]), _column(code, start, last))
    # A name without AS; END, or a word of an operator, is not a name.
    alias = code.kind(last) == WORD and end - start > 1 and _column(code, start, last) is not None
    if alias and code.word(last) not in ("ISNULL", "NOTNULL", "END"):
        return Item(start, end, code.tokens[last].text, _column(code, start, last))
    return Item(start, end, None, None)


def _column(code: TokenList, start: int, end: int) -> tuple[str, ...] | None:
    """The parts of a name, which may be qualified; None for anything else."""
    names = range(start, end, 2)
    points = range(start + 1, end, 2)
    if (end - start) % 2 == 0 or not all(code.kind(i) in (WORD, QUOTED) for i in names):
        return None
    if not all(code.word(i) == "." for i in points):
        return None
    return tuple(unquoted(code.tokens[i]) for i in names)
