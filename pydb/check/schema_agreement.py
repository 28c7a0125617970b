"""The rules between the schemas of the engines: their catalogues in, findings out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pydb.check.collector import Collector
from pydb.check.statement_rules import spelled
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.describe.type_mapping import words_of
from pydb.engines.base import rules_of
from pydb.errors import PydbError
from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.tokens import QUOTED, WORD, Token

__all__ = ["SchemaScript", "check_schemas"]

_TABLE = re.compile(r"\bTABLE\b", re.IGNORECASE)
_BEFORE_NAME = 200
"""The number of characters in which the word TABLE of ``CREATE … TABLE`` is searched."""


class SchemaScript:
    """A schema script, which is read when a line in it is first needed."""

    def __init__(self, file: str, engine: str) -> None:
        self.file, self.engine = file, engine
        self._tables: dict[str, _Table] | None = None

    def line(self, table: str, part: str | None = None) -> int:
        """The line where a table begins, or where a column or name first appears in it; 1 if it is not found."""
        if self._tables is None:
            self._tables = dict(_tables(self.file, self.engine))
        found = self._tables.get(table.lower()) or self._tables.get(table.rpartition(".")[2].lower())
        return 1 if found is None else found.line(part)


class _Table:
    """The first statement about a table."""

    def __init__(self, line: int, text: str, tokens: Sequence[Token]) -> None:
        self._lines, self._tokens = LineStarts(text, line), tokens
        self._words: dict[str, int] = {}

    def line(self, part: str | None) -> int:
        if not self._words:
            for token in reversed(self._tokens):
                self._words[_bare(token)] = token.start
        return self._lines.line(self._words.get(part or "", self._tokens[0].start))


def _tables(file: str, engine: str) -> Iterator[tuple[str, _Table]]:
    """The tables of a script in reverse order, so that the first table with a name stays in a dict."""
    found: list[tuple[str, _Table]] = []
    try:
        for line, statement in rules_of(engine).statements(file_text(file)):
            if _TABLE.search(statement, 0, _BEFORE_NAME):
                tokens = _from_table_name(statement, engine)
                if tokens:
                    found.append((_bare(tokens[0]).lower(), _Table(line, statement, tokens)))
    except PydbError:
        return iter(())
    return reversed(found)


def _from_table_name(statement: str, engine: str) -> list[Token]:
    """The words of a statement, starting with the name after TABLE."""
    tokens: list[Token] = []
    with suppress(Unterminated):
        tokens.extend(token for token in scan(statement, engine) if token.kind in (WORD, QUOTED) or token.text == ".")
    words = [token.text.upper() for token in tokens]
    place = words.index("TABLE") + 1 if "TABLE" in words else len(words)
    while place < len(words) and words[place] in ("IF", "NOT", "EXISTS", "ONLY"):
        place += 1
    while place + 2 < len(words) and words[place + 1] == ".":
        place += 2
    return tokens[place:]


def _bare(token: Token) -> str:
    return token.text.strip('"`[]')


_Scripts = Mapping[str, SchemaScript]


def check_schemas(base: Catalogue, other: Catalogue, files: dict[str, str], collector: Collector) -> None:
    """Report C501 to C506: what is in only one schema, or differs between the two."""
    scripts = {engine: SchemaScript(file, engine) for engine, file in files.items()}
    ones, twos = _by_shared_name(base), _by_shared_name(other)
    for name in sorted({*ones, *twos}):
        one, two = ones.get(name), twos.get(name)
        if one is None or two is None:
            only = two if one is None else one
            if only is not None and only.special:
                continue
            missing, has = (base, other) if one is None else (other, base)
            _add(collector, scripts, has.engine, name, None, "C501",
                 f"table {name} is not in {missing.engine}'s schema",
                 f"add it to {files[missing.engine]}, or remove it here")  # fmt: skip
        else:
            _check_table(one, two, base.engine, other.engine, scripts, collector)


def _by_shared_name(catalogue: Catalogue) -> dict[str, TableFacts]:
    """The tables by the names that another engine uses: without the schema's name, unless two would be equal."""
    count = Counter(table.bare_name for table in catalogue.tables.values())
    names = {
        label: table.bare_name if table.visible or count[table.bare_name] == 1 else label
        for label, table in catalogue.tables.items()
    }
    return {
        names[label]: replace(
            table,
            references=frozenset((here, names.get(target, target), there) for here, target, there in table.references),
        )
        for label, table in catalogue.tables.items()
    }


def _add(
    collector: Collector, scripts: _Scripts, engine: str, table: str, part: str | None, code: str, message: str,
    hint: str | None = None,
) -> None:  # fmt: skip
    script = scripts[engine]
    collector.add(code, message, file=script.file, line=script.line(table, part), hint=hint)


def _check_table(
    one: TableFacts, two: TableFacts, base: str, other: str, scripts: _Scripts, collector: Collector
) -> None:
    for name in sorted({*one.columns, *two.columns}):
        first, second = one.columns.get(name), two.columns.get(name)
        if first is None or second is None:
            missing, has = (base, other) if first is None else (other, base)
            _add(collector, scripts, has, one.name, name, "C502",
                 f"column {one.name}.{name} is not in {missing}'s schema")  # fmt: skip
        else:
            _check_column(f"{one.name}.{name}", first, second, base, other, scripts, collector)
    _check_keys(one, two, base, other, scripts, collector)
    for name in sorted(one.constraints ^ two.constraints):
        missing, has = (base, other) if name in two.constraints else (other, base)
        _add(collector, scripts, has, one.name, name, "C505",
             f"constraint {name} of {one.name} is not in {missing}'s schema",
             "give the constraint the same name in every schema: applications catch it by its name")  # fmt: skip


def _check_column(
    name: str,
    one: ColumnFacts,
    two: ColumnFacts,
    base: str,
    other: str,
    scripts: _Scripts,
    collector: Collector,
) -> None:
    table, _, column = name.partition(".")
    if one.nullable != two.nullable:
        may, may_not = (base, other) if one.nullable else (other, base)
        _add(collector, scripts, other, table, column, "C503",
             f"column {name} may be NULL on {may} but not on {may_not}")  # fmt: skip
    first, second = words_of(one.type, base), words_of(two.type, other)
    if first and second and not set(first) & set(second):
        _add(collector, scripts, other, table, column, "C506",
             f"column {name} is {spelled(first)} ({one.type}) on {base} "
             f"and {spelled(second)} ({two.type}) on {other}")  # fmt: skip


def _check_keys(
    one: TableFacts, two: TableFacts, base: str, other: str, scripts: _Scripts, collector: Collector
) -> None:
    for key in sorted(set(one.keys) ^ set(two.keys), key=sorted):
        missing, has = (base, other) if key in two.keys else (other, base)
        _add(collector, scripts, has, one.name, None, "C504",
             f"the key ({', '.join(sorted(key))}) of {one.name} is not in {missing}'s schema")  # fmt: skip
    for columns, table, there in sorted(one.references ^ two.references):
        missing, has = (base, other) if (columns, table, there) in two.references else (other, base)
        _add(collector, scripts, has, one.name, None, "C504",
             f"the foreign key ({', '.join(columns)}) of {one.name} to {table} ({', '.join(there)}) "
             f"is not in {missing}'s schema")  # fmt: skip
