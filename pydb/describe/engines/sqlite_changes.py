"""Draft changes of a SQLite database: two fingerprints and a schema script in, statements out.

SQLite's ALTER TABLE can add a column, but hardly anything else.  For other changes a table is rebuilt from the text in
the script: https://sqlite.org/lang_altertable.html#otheralter.  The statements must run in a transaction with foreign
keys switched off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydb.describe.changes import (
    Change,
    Created,
    Difference,
    EngineChanges,
    SchemaTexts,
    differing,
    mentioned,
    with_dependents,
)
from pydb.sqlfile.tokens import NUMBER, QUOTED, STRING, Token, unquoted

__all__ = ["SqliteChanges"]

_NEW = "pydb_new_"
_NOT_ADDED = frozenset({"UNIQUE", "PRIMARY", "GENERATED", "AS", "REFERENCES"})
_CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the schema script writes it."""

    name: str
    text: str
    words: tuple[str, ...]
    constant: bool

    @property
    def is_generated(self) -> bool:
        return "GENERATED" in self.words or "AS" in self.words

    @property
    def is_required(self) -> bool:
        """Whether the column is NOT NULL and has no default."""
        not_null = any(pair == ("NOT", "NULL") for pair in zip(self.words, self.words[1:], strict=False))
        return not_null and "DEFAULT" not in self.words and "PRIMARY" not in self.words

    @property
    def can_be_added(self) -> bool:
        """Whether ALTER TABLE accepts the column, whatever rows the table has."""
        fits = "DEFAULT" not in self.words or self.constant
        return _NOT_ADDED.isdisjoint(self.words) and not self.is_required and fits


class SqliteChanges(EngineChanges):
    """Drafts changes for SQLite: adds columns where that is possible, and rebuilds tables for all other changes."""

    def changes(self, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts) -> list[Change]:
        return list(_Plan(self, have, want, texts).changes())


class _Plan:
    def __init__(
        self, own: SqliteChanges, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts
    ) -> None:
        self._own, self._have, self._want, self._texts = own, have, want, texts
        self._engine = own.engine
        self._differences = differing(have, want)
        self._tables: dict[str, list[Difference]] = defaultdict(list)
        for item in self._differences:
            if item.kind in ("table", "column", "constraint"):
                self._tables[item.label.partition(".")[0]].append(item)
        self._new = [table for table in self._tables if f"table {table}" not in have]
        self._gone = [table for table in self._tables if f"table {table}" not in want]
        changed = [table for table in self._tables if f"table {table}" in have and f"table {table}" in want]
        adds = {table: self._only_adds(table) for table in changed}
        self._added = [table for table in changed if adds[table]]
        self._rebuilt = [table for table in changed if not adds[table]]
        self._moving = frozenset([*self._rebuilt, *self._gone])
        self._had: dict[str, dict[str, str]] = defaultdict(dict)
        """The current definitions of columns, by table and name."""
        for name, text in have.items():
            if name.startswith("column "):
                table = name.removeprefix("column ").partition(".")[0]
                self._had[table][_name_of(name, table)] = text

    def changes(self) -> Iterator[Change]:
        dropped = self._dropped_around()
        for name in sorted(dropped, key=lambda name: name.startswith("view")):  # triggers first
            kind, label = name.split(" ", 1)
            yield Change((name,), f"DROP {kind.upper()} {self._own.name(label.split(' of ')[0])}")
        for item in self._differences:
            if item.kind == "index" and item.have is not None and not self._falls(item.name):
                yield Change((item.name,), f"DROP INDEX {self._own.name(item.label)}")
        for table in self._gone:
            about = self._parts_of(table)
            note = f"All rows of {table} are lost."
            yield Change(about, f"DROP TABLE {self._own.name(table)}", note)
        virtual = [item for item in self._differences if item.kind == "virtual"]
        for item in virtual:
            if item.have is not None:
                yield Change(
                    (item.name,), f"DROP TABLE {self._own.name(item.label)}", f"All rows of {item.label} are lost."
                )
        yield from self._texts.create("table", self._new, self._parts_of)
        for item in virtual:
            for created in self._texts.of("table", item.label) if item.want is not None else ():
                yield Change((item.name,), created.text)
        for table in self._added:
            for item in self._tables[table]:
                column = self._columns(table)[_column_name(item.name, table)]
                yield Change((item.name,), f"ALTER TABLE {self._own.name(table)} ADD COLUMN {column.text}")
        for table in self._rebuilt:
            yield from self._rebuild(table)
        yield from self._create_indexes()
        for kind in ("view", "trigger"):
            wanted = {
                name
                for name in self._want
                if name.startswith(f"{kind} ") and (name in dropped or self._have.get(name) != self._want[name])
            }
            yield from self._texts.create(kind, {name.removeprefix(f"{kind} ").split(" of ")[0] for name in wanted})

    def _falls(self, index: str) -> bool:
        """Whether an index is dropped together with its table."""
        words = self._have[index].split(" ")
        return "ON" in words and words[words.index("ON") + 1] in self._moving

    def _dropped_around(self) -> set[str]:
        """The views and triggers to drop first: they change, or use a table that is dropped or rebuilt."""
        views = {name.removeprefix("view "): text for name, text in self._have.items() if name.startswith("view ")}
        differing_views = {item.label for item in self._differences if item.kind == "view" and item.have is not None}
        fall = differing_views | (with_dependents([*self._moving, *differing_views], views, self._engine))
        names = {name.lower() for name in (*self._moving, *fall)}
        triggers = {
            name
            for name, text in self._have.items()
            if name.startswith("trigger ")
            and (text != self._want.get(name) or not names.isdisjoint(mentioned(text, self._engine)))
        }  # fmt: skip
        return {f"view {view}" for view in fall} | triggers

    def _create_indexes(self) -> Iterator[Change]:
        for item in self._texts.created:
            name = f"index {item.name}"
            if item.kind == "index" and (item.table in self._moving or self._have.get(name) != self._want.get(name)):
                yield Change((name,), item.text)

    def _parts_of(self, table: str) -> tuple[str, ...]:
        return tuple(item.name for item in self._tables[table])

    def _columns(self, table: str) -> dict[str, _Column]:
        """The columns of a table as the schema script writes them, by name in lower case."""
        (created,) = self._texts.of("table", table)[:1] or (None,)
        return {} if created is None else {column.name.lower(): column for column in _columns_of(created)}

    def _only_adds(self, table: str) -> bool:
        columns = self._columns(table)
        return all(
            item.kind == "column" and item.have is None and self._is_added(columns, item)
            for item in self._tables[table]
        )

    def _is_added(self, columns: Mapping[str, _Column], item: Difference) -> bool:
        column = columns.get(_column_name(item.name, item.label.partition(".")[0]))
        return column is not None and column.can_be_added

    def _rebuild(self, table: str) -> Iterator[Change]:
        about = self._parts_of(table)
        found = self._texts.of("table", table)
        if not found:
            yield Change(about, "", f"The schema script has no CREATE TABLE {table}.")
            return
        new, old = self._own.name(f"{_NEW}{table}"), self._own.name(table)
        before = list(self._had[table])
        targets, sources, notes = self._copied(table, list(_columns_of(found[0])), before)
        yield Change(
            about, _renamed(found[0], table, new), f"SQLite cannot make this change to {table}: the table is rebuilt."
        )
        copy = f"INSERT INTO {new} ({', '.join(targets)})\nSELECT {', '.join(sources)}\nFROM {old}"
        yield Change(about, copy, "\n".join(notes) or None)
        if self._counts_up(table) and "AUTOINCREMENT" in found[0].code.words:
            text = table.replace("'", "''")
            yield Change(about, f"DELETE FROM sqlite_sequence WHERE name = '{_NEW}{text}'",
                         "Keys of deleted rows are not used again.")  # fmt: skip
            sequence = f"SELECT '{_NEW}{text}', seq FROM sqlite_sequence WHERE name = '{text}'"
            yield Change(about, f"INSERT INTO sqlite_sequence (name, seq)\n{sequence}")
        yield Change(about, f"DROP TABLE {old}")
        yield Change(about, f"ALTER TABLE {new} RENAME TO {old}")

    def _counts_up(self, table: str) -> bool:
        return any("AUTOINCREMENT" in text.upper() for text in self._had[table].values())

    def _copied(self, table: str, columns: list[_Column], before: list[str]) -> tuple[list[str], list[str], list[str]]:
        """The columns of the new table that get a value, their values, and notes for the reader."""
        known = {name.lower(): name for name in before}
        targets, sources, notes = [], [], []
        for column in columns:
            old = known.get(column.name.lower())
            if column.is_generated or (old is None and not column.is_required):
                continue
            targets.append(self._own.name(column.name))
            sources.append("NULL" if old is None else self._own.name(old))
            if old is None:
                notes.append(
                    f"{column.name} is NOT NULL and has no default: write the value that the rows get instead of NULL."
                )
            elif column.is_required and "NOT NULL" not in self._had[table][old].upper():
                notes.append(
                    f"Rows where {old} is NULL are rejected: write the value that they get, coalesce({old}, …)."
                )
        gone = [name for name in before if name.lower() not in {column.name.lower() for column in columns}]
        fresh = [column.name for column in columns if column.name.lower() not in known]
        notes += [f"The values of {name} are lost." for name in gone]
        if gone and fresh:
            notes.append(
                f"If {gone[0]} was renamed to {fresh[0]}, name {fresh[0]} in the list and select {gone[0]} for it."
            )
        return targets, sources, notes


def _name_of(entry: str, table: str) -> str:
    """The name of a column in a fingerprint, without its quotes."""
    name = entry.removeprefix(f"column {table}.")
    return unquoted(Token(QUOTED, name, 0)) if name[0] in '"`[' else name


def _column_name(entry: str, table: str) -> str:
    return _name_of(entry, table).lower()


def _columns_of(created: Created) -> Iterator[_Column]:
    """The columns of a CREATE TABLE."""
    code = created.code
    opening = next((i for i in range(created.name_at, len(code)) if code.word(i) == "("), None)
    for item in (code.items(opening) or ()) if opening is not None else ():
        if not item or code.word(item.start) in _CONSTRAINTS:
            continue
        first, last = code.tokens[item.start], code.tokens[item.stop - 1]
        default = next((i for i in item if code.word(i) == "DEFAULT"), None)
        # If the table has rows, ALTER TABLE refuses a default that is computed, such as a time.
        constant = default is not None and (
            code.kind(default + 1) in (NUMBER, STRING) or code.word(default + 1) in ("TRUE", "FALSE", "NULL")
        )
        yield _Column(
            unquoted(first),
            created.text[first.start : last.start + len(last.text)],
            tuple(code.word(i) for i in item),
            constant,
        )


def _renamed(created: Created, table: str, new: str) -> str:
    """The text of a CREATE TABLE, with the table's name replaced."""
    code, text = created.code, created.text
    places = [
        i
        for i in range(len(code))
        if i == created.name_at or (code.name(i) == table.lower() and code.word(i + 1) == "." and i > created.name_at)
    ]
    for i in reversed(places):
        token = code.tokens[i]
        text = text[: token.start] + new + text[token.start + len(token.text) :]
    return text
