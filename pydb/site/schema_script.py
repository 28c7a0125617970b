"""Read a schema script: the file in; tables with their definitions, comments and line numbers out.

The catalogue describes what a constraint does.  Only the script has its text as the DBA wrote it, and the comments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pydb.describe.changes import Created, SchemaTexts
from pydb.engines.base import rules_of
from pydb.sqlfile.lexer import Unterminated, token_list, tokenize
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.table_items import begins_constraint
from pydb.sqlfile.tokens import COMMENT, QUOTED, STRING, WORD, TokenList, unquoted

__all__ = ["ScriptPart", "ScriptTable", "ScriptTables", "read_schema_script"]

_KINDS = {
    "PRIMARY": "primary key",
    "UNIQUE": "unique",
    "FOREIGN": "foreign key",
    "REFERENCES": "foreign key",
    "CHECK": "check",
    "EXCLUDE": "exclusion",
    "NOT": "not null",
    "KEY": "index",
    "INDEX": "index",
    "FULLTEXT": "index",
    "SPATIAL": "index",
}
"""The kind of a constraint or an index, by its first word."""

_COUNTERS = frozenset({"IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT", "SERIAL", "BIGSERIAL", "SMALLSERIAL"})

_TABLES = frozenset({"table", "view", "materialized view"})


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """A column, a constraint, an index or a trigger: its text without its name, and the comment about it.

    ``name`` is empty for a constraint without one; ``columns`` are the names in its first brackets, in lower case;
    ``default`` is that of a column, or the expression of a generated one, and ``counter`` the word that makes it count,
    such as ``identity``.  ``line`` is its line in the script.
    """

    kind: str
    name: str
    text: str
    comment: str
    line: int
    columns: tuple[str, ...] = ()
    default: str = ""
    unique: bool = False
    counter: str = ""


@dataclass(frozen=True, slots=True)
class ScriptTable:
    """A table or view as the script creates it; ``text`` is its whole statement."""

    name: str
    kind: str
    text: str
    comment: str
    line: int
    columns: Mapping[str, ScriptPart]
    constraints: tuple[ScriptPart, ...] = ()
    indexes: tuple[ScriptPart, ...] = ()
    triggers: tuple[ScriptPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptTables:
    """The tables and views of a script, by name in lower case, with its schema's where the script writes it."""

    file: str
    engine: str
    tables: Mapping[str, ScriptTable]
    _bare: dict[str, list[ScriptTable]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        for key, table in self.tables.items():
            self._bare[key.rpartition(".")[2]].append(table)

    def table(self, name: str) -> ScriptTable | None:
        """The table of that name, which may be qualified with its schema."""
        space, _, bare = name.lower().rpartition(".")
        return self.tables.get(_key(bare, space)) or self._written_otherwise(bare, space)

    def _written_otherwise(self, bare: str, space: str) -> ScriptTable | None:
        """The table that the script names with the schema of the search path, or without the schema that it set."""
        if space:
            return self.tables.get(bare)
        found = self._bare.get(bare, [])
        return found[0] if len(found) == 1 else self.tables.get(f"public.{bare}")


def _key(name: str, space: str | None) -> str:
    return f"{space}.{name}".lower() if space else name.lower()


def _of(tables: Mapping[str, ScriptTable], name: str | None, space: str | None) -> str:
    """The key of a table that another statement names, or an empty one."""
    keys = (_key(name or "", space), (name or "").lower())
    return next((key for key in keys if key in tables), "")


def read_schema_script(file: str, engine: str) -> ScriptTables:
    """The tables and views that a schema script creates."""
    lines = file_text(file).splitlines()
    tables: dict[str, ScriptTable] = {}
    others: list[Created] = []
    for created in SchemaTexts(file, engine).created:
        if created.kind in _TABLES:
            tables[_key(created.name, created.space)] = _table(created, lines, engine)
        elif created.kind in ("index", "trigger"):
            others.append(created)
    for created in others:
        _add(created, lines, tables)
    for line, text in rules_of(engine).statements(file_text(file)):
        _add_later(line, text, lines, tables, engine)
    return ScriptTables(file, engine, tables)


def _table(created: Created, lines: list[str], engine: str) -> ScriptTable:
    table = ScriptTable(created.name, created.kind, created.text, _above(lines, created.line), created.line, columns={})
    start = next(iter(created.code.at.get("(", ())), None)
    items = created.code.items(start) if start is not None and created.kind == "table" else None
    if not items:
        return table
    remarks = _Remarks(created.text, engine)
    columns: dict[str, ScriptPart] = {}
    constraints: list[ScriptPart] = []
    for item in items:
        for part in _parts(created.code, item, remarks, created.line):
            if part.kind == "column":
                columns[part.name.lower()] = part
            else:
                constraints.append(part)
    indexes = tuple(part for part in constraints if part.kind == "index")
    closing = created.code.closing(start) if start is not None else None
    own = None if closing is None else _after(created.code, closing, len(created.code), "COMMENT")
    table = replace(table, comment=_joined(table.comment, own or ""))
    return replace(
        table, columns=columns, constraints=tuple(c for c in constraints if c not in indexes), indexes=indexes
    )


class _Remarks:
    """The comments inside a statement, by line from 0 on: those on separate lines, and those after code."""

    def __init__(self, text: str, engine: str) -> None:
        self.lines = LineStarts(text, 0)
        self.alone: dict[int, str] = {}
        self.behind: dict[int, str] = {}
        for token in tokenize(text, engine):
            if token.kind == COMMENT and token.text.startswith("--"):
                line, _ = self.lines.place(token.start)
                before = text[text.rfind("\n", 0, token.start) + 1 : token.start]
                (self.behind if before.strip() else self.alone)[line] = _bare(token.text)

    def about(self, first: int, last: int) -> str:
        """The comment above the line of the first offset, and the one after the code at the last offset."""
        line, _ = self.lines.place(first)
        above: list[str] = []
        while (line := line - 1) in self.alone:
            above.insert(0, self.alone[line])
        end, _ = self.lines.place(last)
        return " ".join(filter(None, [*above, self.behind.get(end, "")]))


def _bare(comment: str) -> str:
    return comment.lstrip("-").strip()


def _above(lines: list[str], line: int) -> str:
    """The comment lines directly above a line; lines count from 1."""
    found: list[str] = []
    at = line - 2
    while at >= 0 and lines[at].lstrip().startswith("--"):
        found.insert(0, _bare(lines[at].strip()))
        at -= 1
    return " ".join(found)


def _parts(code: TokenList, item: range, remarks: _Remarks, first_line: int) -> Iterator[ScriptPart]:
    """A column with its named constraints, or one constraint."""
    if not item:
        return
    start, stop = item.start, item.stop
    comment = remarks.about(code.tokens[start].start, code.tokens[stop - 1].start)
    line = first_line + remarks.lines.place(code.tokens[start].start)[0]
    if begins_constraint(code, start):
        yield _constraint(code, start, stop, comment, line)
        return
    name = unquoted(code.tokens[start])
    text = _text(code, start + 1, stop)
    own = _after(code, start, stop, "COMMENT")
    comment = comment or (own if own is not None else "")
    counter = next((word for word in code.words[start + 1 : stop] if word in _COUNTERS), "").lower()
    yield ScriptPart("column", name, text, comment, line, default=_default(code, start, stop), counter=counter)
    for at, end in _own_constraints(code, item):
        part = _constraint(code, at, end, comment if code.word(at) == "CONSTRAINT" else "", line)
        yield part if part.kind == "check" else replace(part, columns=(name.lower(),))


def _own_constraints(code: TokenList, item: range) -> list[tuple[int, int]]:
    """The places of a column's constraints: those with a name, and keys, references and checks without one."""
    starts: list[int] = []
    for word in ("CONSTRAINT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK"):
        for i in code.at.get(word, ()):
            alone = word == "CONSTRAINT" or code.word(i - 2) != "CONSTRAINT"
            if i in item and i > item.start and alone and code.opens[i] == code.opens[item.start]:
                starts.append(i)
    starts.sort()
    return [(at, end) for at, end in pairwise([*starts, item.stop])]


def _constraint(code: TokenList, start: int, stop: int, comment: str, line: int) -> ScriptPart:
    name, at = "", start
    if code.word(start) == "CONSTRAINT":
        name, at = unquoted(code.tokens[start + 1]), start + 2
    kind = _KINDS.get(code.word(at), "constraint")
    bracket = next((i for i in code.at.get("(", ()) if at <= i < stop), None)
    if (
        not name
        and code.word(at) != "REFERENCES"
        and bracket is not None
        and code.name(bracket - 1)
        and bracket - 1 > at
        and kind != "check"
    ):
        before = code.word(bracket - 1)
        name = "" if before in _KINDS else unquoted(code.tokens[bracket - 1])
    columns = _names(code, bracket) if bracket is not None and kind != "check" else ()
    return ScriptPart(kind, name, _text(code, at, stop), comment, line, columns)


def _names(code: TokenList, bracket: int) -> tuple[str, ...]:
    """The first name of each item in brackets."""
    return tuple(name for item in code.items(bracket) or () if item and (name := code.name(item.start)) is not None)


def _text(code: TokenList, start: int, stop: int) -> str:
    """The text of the tokens, without comments and with single spaces; quoted text is unchanged."""
    parts: list[str] = []
    end = None
    for token in code.tokens[start:stop]:
        if end is not None and token.start > end:
            parts.append(" ")
        parts.append(token.text)
        end = token.start + len(token.text)
    return "".join(parts).replace("( ", "(").replace(" )", ")")


def _default(code: TokenList, start: int, stop: int) -> str:
    at = next((i for i in code.at.get("DEFAULT", ()) if start < i < stop and code.opens[i] == code.opens[start]), None)
    if at is None or at + 1 >= stop or code.word(at - 1) == "BY":
        return _generated(code, start, stop)
    end = at + 2
    if code.word(at + 1) in ("-", "+"):
        end += 1
    bracket = at + 1 if code.word(at + 1) == "(" else end if code.word(end) == "(" and end < stop else None
    if bracket is not None and (closing := code.closing(bracket)) is not None:
        end = closing + 1
    return _text(code, at + 1, end)


def _generated(code: TokenList, start: int, stop: int) -> str:
    """``AS (expression)`` of a generated column."""
    found = (i for i in code.at.get("AS", ()) if start < i < stop and code.opens[i] == code.opens[start])
    at = next((i for i in found if code.word(i + 1) == "("), None)
    closing = None if at is None else code.closing(at + 1)
    return "" if at is None or closing is None else _text(code, at, closing + 1)


def _after(code: TokenList, start: int, stop: int, word: str) -> str | None:
    """The string after a word, and perhaps ``=``, of an item."""
    for i in code.at.get(word, ()):
        at = i + 2 if code.word(i + 1) == "=" else i + 1
        if start < i < stop and code.opens[i] == code.opens[start] and code.kind(at) == STRING:
            return _string(code.tokens[at].text)
    return None


def _string(literal: str) -> str:
    """The text of a string; escapes are not resolved."""
    if literal[:1] == "$":
        delimiter = literal[: literal.index("$", 1) + 1]
        return literal[len(delimiter) : -len(delimiter)]
    body = literal[literal.find("'") :] if literal[-1:] == "'" else literal
    return body[1:-1].replace("''", "'") if body[:1] == "'" else literal


def _add(created: Created, lines: list[str], tables: dict[str, ScriptTable]) -> None:
    """Add an index or a trigger to its table."""
    key = _of(tables, created.table, created.table_space)
    table = tables.get(key)
    if table is None:
        return
    code = created.code
    bracket = next((i for i in code.at.get("(", ()) if i > created.name_at), None)
    columns = _names(code, bracket) if bracket is not None and created.kind == "index" else ()
    part = ScriptPart(
        created.kind,
        created.name,
        created.text if created.kind == "trigger" else _text(code, 0, len(code)),
        _above(lines, created.line),
        created.line,
        columns,
        unique="UNIQUE" in code.words[: created.name_at],
    )
    if created.kind == "trigger":
        tables[key] = replace(table, triggers=(*table.triggers, part))
    else:
        tables[key] = replace(table, indexes=(*table.indexes, part))


def _add_later(line: int, text: str, lines: list[str], tables: dict[str, ScriptTable], engine: str) -> None:
    """Add the constraints of ALTER TABLE … ADD and the comments of COMMENT ON."""
    try:
        code = token_list(text, engine)
    except Unterminated:
        return
    if code.word(0) == "ALTER" and code.word(1) == "TABLE":
        at = code.after(1, frozenset({"ONLY", "IF", "EXISTS"}))
        place = _last_name(code, at)
        key = _of(tables, code.name(place), code.name(place - 2) if code.word(place - 1) == "." else None)
        table = tables.get(key)
        if table is not None and code.word(place + 1) == "ADD" and code.word(place + 2) in ("CONSTRAINT", *_KINDS):
            part = _constraint(code, place + 2, len(code), _above(lines, line), line)
            tables[key] = replace(table, constraints=(*table.constraints, part))
    elif code.word(0) == "COMMENT" and code.word(1) == "ON" and code.kind(len(code) - 1) == STRING:
        _add_comment(code, tables)


def _add_comment(code: TokenList, tables: dict[str, ScriptTable]) -> None:
    names = [code.name(i) for i in range(3, len(code) - 2) if code.kind(i) in (WORD, QUOTED)]
    comment = _string(code.tokens[len(code) - 1].text)
    column = names.pop() if code.word(2) == "COLUMN" and len(names) > 1 else None
    # Behind the kind, of MATERIALIZED VIEW.
    names = names[-2:] if names[:1] != ["view"] else names[1:]
    key = _of(tables, names[-1], names[-2] if len(names) > 1 else None) if names else ""
    table = tables.get(key)
    if table is None:
        return
    if column is not None and (part := table.columns.get(column)) is not None:
        columns = {**table.columns, part.name.lower(): replace(part, comment=_joined(part.comment, comment))}
        tables[key] = replace(table, columns=columns)
    elif code.word(2) in ("TABLE", "VIEW", "MATERIALIZED", "FOREIGN"):
        tables[key] = replace(table, comment=_joined(table.comment, comment))


def _joined(*comments: str) -> str:
    return " ".join(dict.fromkeys(filter(None, comments)))


def _last_name(code: TokenList, at: int) -> int:
    while code.word(at + 1) == ".":
        at += 2
    return at
