"""Draft changes of a PostgreSQL database: two fingerprints and a schema script in, ALTER, CREATE and DROP out.

Source: https://www.postgresql.org/docs/current/sql-altertable.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydb.describe.changes import (
    Change,
    Difference,
    EngineChanges,
    SchemaTexts,
    differing,
    lost_values,
    with_dependents,
)
from pydb.describe.engines.postgresql_options import (
    STATES,
    indexed_table,
    names_of_keys,
    option_changes,
    partitioned,
    sequence_options,
    trigger_state,
)

__all__ = ["PostgresqlChanges"]

# The definition of a column in a fingerprint.
_COLUMN = re.compile(
    r"(?P<type>.+?)(?P<not_null> NOT NULL)?(?: (?P<how>DEFAULT|GENERATED) (?P<value>.+?))?"
    r"(?: IDENTITY (?P<identity>ALWAYS|BY DEFAULT))?(?: COLLATE (?P<collation>\S+))?",
    re.DOTALL,
)
_NEXTVAL = re.compile(r"nextval\('([^']+)'::regclass\)")
_LABEL = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class _Column:
    """The parts of a column's definition."""

    type: str
    not_null: bool
    default: str | None
    generated: str | None
    identity: str | None
    collation: str | None

    @property
    def full_type(self) -> str:
        return self.type + (f' COLLATE "{self.collation}"' if self.collation else "")


def _column(text: str) -> _Column:
    match = _COLUMN.fullmatch(text)
    assert match is not None
    found = match.groupdict()
    default, generated = (found["value"] if found["how"] == how else None for how in ("DEFAULT", "GENERATED"))
    return _Column(
        found["type"], found["not_null"] is not None, default, generated, found["identity"], found["collation"]
    )


class PostgresqlChanges(EngineChanges):
    """Drafts changes for PostgreSQL, with ALTER TABLE wherever possible."""

    def changes(self, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts) -> list[Change]:
        plan = _Plan(self, have, want, texts)
        return [
            *plan.drop_around(),
            *plan.create_types(),
            *plan.create_tables(),
            *plan.columns(),
            *plan.drop_tables(),
            *plan.add_constraints(),
            *plan.create_indexes(),
            *plan.create_around(),
            *plan.drop_types(),
        ]


class _Plan:
    def __init__(
        self, own: PostgresqlChanges, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts
    ) -> None:
        self._own, self._have, self._want, self._texts = own, have, want, texts
        self._all = differing(have, want)
        self._by_table: dict[str, list[Difference]] = defaultdict(list)
        for item in self._all:
            self._by_table[_owned_by(item)].append(item)
        self._keys = {name: names_of_keys(fingerprint) for name, fingerprint in (("have", have), ("want", want))}
        before, after = _tables(have), _tables(want)
        self.new, self.gone, self._kept = after - before, before - after, before & after
        self._fallen = self._falling_views()

    def _of(self, *kinds: str) -> Iterator[Difference]:
        return (item for item in self._all if item.kind in kinds)

    def _falling_views(self) -> set[str]:
        """The views to drop first: they change, or a table that they use loses a column or changes a column's type."""
        views = {name: text for name, text in self._have.items() if _is_view(name)}
        changed = {item.name for item in self._all if item.name in views}
        moved = {
            _table_of(item.label)
            for item in self._of("column")
            if item.have is not None
            and (item.want is None or _column(item.have).full_type != _column(item.want).full_type)
        }
        by_label = {name.rpartition("view ")[2]: text for name, text in views.items()}
        dependents = with_dependents(
            [*moved, *(name.rpartition("view ")[2] for name in changed)], by_label, self._own.engine
        )
        return changed | {name for name in views if name.rpartition("view ")[2] in dependents}

    def drop_around(self) -> Iterator[Change]:
        """Drop triggers, views, constraints and indexes that are removed or change."""
        for item in self._of("trigger", "policy", "rule"):
            name, _, table = item.label.partition(" of ")
            if item.have is not None and table not in self.gone and not self._only_state(item):
                yield self._change(item, f"DROP {item.kind.upper()} {self._name(name)} ON {self._name(table)}")
        for kind in ("view", "materialized view"):
            fallen = sorted(name.removeprefix(f"{kind} ") for name in self._fallen if name.startswith(f"{kind} "))
            if fallen:
                about = tuple(f"{kind} {name}" for name in fallen)
                yield Change(about, f"DROP {kind.upper()} {', '.join(map(self._name, fallen))}")
        constraints = [item for item in self._of("constraint") if item.have is not None]
        for item in sorted(constraints, key=lambda item: not str(item.have).startswith("FOREIGN KEY")):
            constraint, how, owner = _owner(item.label)
            if owner not in self.gone:
                yield self._change(item, f"ALTER {how} {self._name(owner)} DROP CONSTRAINT {self._name(constraint)}")
        for item in self._of("index"):
            if item.have is not None and _bare(item.label) not in self._keys["have"]:
                table = indexed_table(item.have)
                if table not in self.gone:
                    yield self._change(item, f"DROP INDEX {self._name(item.label)}")

    def create_types(self) -> Iterator[Change]:
        """Create schemas, extensions, types, sequences and functions, replace functions, and add labels to enums."""
        for item in self._of("schema"):
            if item.have is None:
                yield self._change(item, f"CREATE SCHEMA {self._name(item.label)}")
        yield from self._texts.create("extension", {item.label for item in self._of("extension")})
        yield from self._texts.create("type", {item.label for item in self._of("enum", "type") if item.have is None})
        for item in self._of("enum", "type"):
            if item.have is not None and item.want is not None:
                yield from (
                    self._grow(item)
                    if item.kind == "enum"
                    else [Change((item.name,), "", f"The type {item.label} is now ({item.want}): write ALTER TYPE.")]
                )
        yield from self._texts.create("domain", {item.label for item in self._of("domain") if item.have is None})
        for item in self._of("domain"):
            if item.have is not None and item.want is not None:
                yield Change((item.name,), "", f"The domain {item.label} is now {item.want}: write ALTER DOMAIN.")
        yield from self._texts.create("sequence", {item.label for item in self._of("sequence")
                            if item.have is None and self._texts.of("sequence", item.label)})  # fmt: skip
        for item in self._of("function"):
            if item.want is not None:
                found = self._texts.of("function", item.label.partition("(")[0])
                found = found or self._texts.of("procedure", item.label.partition("(")[0])
                for created in found:
                    replaced = re.sub(r"\ACREATE\s+(?!OR\b)", "CREATE OR REPLACE ", created.text, flags=re.IGNORECASE)
                    yield self._change(item, replaced)

    def _grow(self, item: Difference) -> Iterator[Change]:
        """Add new labels to an enum; a note if a label would have to be removed or moved, which is not possible."""
        before, after = _LABEL.findall(str(item.have)), _LABEL.findall(str(item.want))
        if set(before) - set(after) or [label for label in after if label in before] != before:
            yield Change(
                (item.name,),
                "",
                f"The labels of an enum cannot be removed or reordered: {item.label} needs a new type.",
            )
            return
        for place, label in enumerate(after):
            if label not in before:
                where = f" AFTER {after[place - 1]}" if place else f" BEFORE {before[0]}"
                yield self._change(item, f"ALTER TYPE {self._name(item.label)} ADD VALUE {label}{where}")

    def create_tables(self) -> Iterator[Change]:
        """Create new tables."""
        partitions = {item.label for item in self._of("partition") if item.have is None}
        for item in self._of("partition"):
            if item.have is not None and item.want is not None:
                yield Change((item.name,), "", f"The partition {item.label} is now {item.want}: detach and attach it.")
        yield from self._texts.create("table", self.new | partitions, self._parts_of)

    def _parts_of(self, table: str) -> tuple[str, ...]:
        if f"partition {table}" in self._want:
            return (f"partition {table}",)
        return tuple(item.name for item in self._by_table[table] if item.kind in ("column", "constraint", "index"))

    def _attached(self, table: str) -> tuple[str, ...]:
        kinds = ("trigger", "policy", "rule", "options")
        return tuple(item.name for item in self._by_table[table] if item.kind in kinds)

    def columns(self) -> Iterator[Change]:
        """Alter, add and drop columns of tables that stay, in that order."""
        places = [(item, *item.label.rpartition(".")[::2]) for item in self._of("column")]
        kept = [(item, table, name, f"ALTER TABLE {self._name(table)}") for item, table, name in places
                if table in self._kept]  # fmt: skip
        changed = [(item, name, alter, _column(item.have), _column(item.want)) for item, _, name, alter in kept
                   if item.have is not None and item.want is not None]  # fmt: skip
        remade = [part for part in changed if part[3].generated != part[4].generated]
        for item, name, alter, _, _ in remade:
            yield self._change(item, f"{alter} DROP COLUMN {self._name(name)}")
        for item, name, alter, old, new in changed:
            if old.generated == new.generated:
                yield from self._alter(item, alter, name, old, new)
        for item, name, alter, _, new in remade:
            yield from self._add(item, alter, _table_of(item.label), name, new)
        for item, table, name, alter in kept:
            if item.have is None and item.want is not None:
                yield from self._add(item, alter, table, name, _column(item.want))
        for item, table, name, alter in kept:
            if item.want is None:
                note = lost_values(table, name, self._all)
                yield Change((item.name,), f"{alter} DROP COLUMN {self._name(name)}", note)
        for item in self._of("sequence"):
            if item.have is not None and item.want is not None:
                yield self._change(item, f"ALTER SEQUENCE {self._name(item.label)} {sequence_options(item.want)}")

    def _add(self, item: Difference, alter: str, table: str, name: str, column: _Column) -> Iterator[Change]:
        sequence = _NEXTVAL.fullmatch(column.default or "")
        if sequence and "sequence " + sequence[1].replace('"', "") in self._have:
            sequence = None
        if sequence:
            yield self._change(item, f"CREATE SEQUENCE {sequence[1]} AS {column.type}")
        words = [column.full_type]
        if column.generated:
            words.append(f"GENERATED ALWAYS AS ({column.generated}) STORED")
        if column.default:
            words.append(f"DEFAULT {column.default}")
        if column.identity:
            words.append(f"GENERATED {column.identity} AS IDENTITY")
        words += ["NOT NULL"] * column.not_null
        empty = column.not_null and not (column.default or column.generated or column.identity)
        note = f"{name} is NOT NULL and has no default: existing rows need a value." if empty else None
        yield Change((item.name,), f"{alter} ADD COLUMN {self._name(name)} {' '.join(words)}", note)
        if sequence:
            yield self._change(item, f"ALTER SEQUENCE {sequence[1]} OWNED BY {self._name(f'{table}.{name}')}")

    def _alter(self, item: Difference, alter: str, name: str, old: _Column, new: _Column) -> Iterator[Change]:
        column = f"{alter} ALTER COLUMN {self._name(name)}"
        retyped = old.full_type != new.full_type
        if old.default is not None and (retyped or new.default is None):
            yield self._change(item, f"{column} DROP DEFAULT")
        if old.identity is not None and new.identity is None:
            yield self._change(item, f"{column} DROP IDENTITY")
        if retyped:
            collate = f' COLLATE "{new.collation or "default"}"' if old.collation != new.collation else ""
            using = f" USING CAST({self._name(name)} AS {new.type})" if old.type != new.type else ""
            note = "Unless the types have the same representation, the whole table is rewritten under a lock."
            yield Change((item.name,), f"{column} TYPE {new.type}{collate}{using}", note)
        if new.default is not None and (retyped or old.default != new.default):
            yield self._change(item, f"{column} SET DEFAULT {new.default}")
        if old.not_null != new.not_null and not (new.identity and not old.identity and new.not_null is False):
            refused = f"Rows where {name} is NULL are rejected." if new.not_null else None
            yield Change((item.name,), f"{column} {'SET' if new.not_null else 'DROP'} NOT NULL", refused)
        if new.identity is not None and old.identity != new.identity:
            how = (
                f"ADD GENERATED {new.identity} AS IDENTITY" if old.identity is None else f"SET GENERATED {new.identity}"
            )
            yield self._change(item, f"{column} {how}")

    def drop_tables(self) -> Iterator[Change]:
        """Drop tables in one statement, because they may refer to each other; partitions go with their table."""
        for item in self._of("partition"):
            if item.want is None and item.have is not None and partitioned(item.have) not in self.gone:
                lost = f"All rows of {item.label} are lost."
                yield Change((item.name,), f"DROP TABLE {self._name(item.label)}", lost)
        gone = sorted(self.gone)
        if gone:
            about = tuple(name for table in gone for name in (*self._parts_of(table), *self._attached(table)))
            lost = f"All rows of {', '.join(gone)} are lost."
            yield Change(about, f"DROP TABLE {', '.join(map(self._name, gone))}", lost)

    def add_constraints(self) -> Iterator[Change]:
        """Add constraints to tables that stay, foreign keys last."""
        constraints = [item for item in self._of("constraint") if item.want is not None]
        for item in sorted(constraints, key=lambda item: str(item.want).startswith("FOREIGN KEY")):
            constraint, how, owner = _owner(item.label)
            if owner not in self.new:
                yield self._change(
                    item, f"ALTER {how} {self._name(owner)} ADD CONSTRAINT {self._name(constraint)} {item.want}"
                )

    def create_indexes(self) -> Iterator[Change]:
        """Create indexes that are new or were dropped, as the schema script does."""
        for item in self._of("index"):
            if item.want is not None and _bare(item.label) not in self._keys["want"]:
                found = self._texts.of("index", item.label)
                yield self._change(item, found[0].text if found else item.want)

    def create_around(self) -> Iterator[Change]:
        """Create views and triggers that are new, or were dropped."""
        for kind in ("view", "materialized view"):
            wanted = {item.label for item in self._of(kind) if item.want is not None}
            wanted |= {name.removeprefix(f"{kind} ") for name in self._fallen & self._want.keys()
                       if name.startswith(f"{kind} ")}  # fmt: skip
            yield from self._texts.create(kind, wanted)
        for kind in ("trigger", "policy", "rule"):
            wanted = {item.label for item in self._of(kind) if item.want is not None and not self._only_state(item)}
            yield from self._texts.create(kind, wanted)
        for item in self._of("trigger"):
            state = trigger_state(item.want or "")
            if state != trigger_state(item.have if item.have is not None and self._only_state(item) else ""):
                trigger, _, table = item.label.partition(" of ")
                yield self._change(
                    item, f"ALTER TABLE {self._name(table)} {state or 'ENABLE'} TRIGGER {self._name(trigger)}"
                )
        for item in self._of("options"):
            table = item.label.removeprefix("of ")
            views = {f"view {table}", f"materialized view {table}"}
            if table in self._kept or views & (self._have.keys() - self._fallen):
                yield from self._options(item, table)

    def _only_state(self, item: Difference) -> bool:
        """Whether the only change of a trigger is that it is enabled or disabled."""
        have, want = item.have, item.want
        if item.kind != "trigger" or have is None or want is None:
            return False
        return have.removesuffix(STATES.get(trigger_state(have), "")) == want.removesuffix(
            STATES.get(trigger_state(want), "")
        )

    def _options(self, item: Difference, table: str) -> Iterator[Change]:
        """The changes of a table's or view's options: row level security, and the options in WITH."""
        kind = next((kind for kind in ("view", "materialized view") if f"{kind} {table}" in self._want), "table")
        alter = f"ALTER {kind.upper()} {self._name(table)}"
        for action, note in option_changes(item.have, item.want):
            yield Change((item.name,), f"{alter} {action}" if action else "", note and f"{table} is now {note}")

    def drop_types(self) -> Iterator[Change]:
        """Drop functions, sequences, types and schemas that are no longer wanted."""
        for item in self._of("function"):
            if item.want is None:
                yield self._change(item, f"DROP FUNCTION {item.label}")
        # A sequence that belongs to a column is dropped together with it.
        fallen = {"_".join(item.label.rsplit(".", 1)) + "_seq" for item in self._of("column") if item.have is not None}
        for item in self._of("sequence"):
            if item.want is None and item.label not in fallen:
                yield self._change(item, f"DROP SEQUENCE {self._name(item.label)}")
        for kind, word in (("enum", "TYPE"), ("type", "TYPE"), ("domain", "DOMAIN")):
            for item in self._of(kind):
                if item.want is None:
                    yield self._change(item, f"DROP {word} {self._name(item.label)}")
        for item in self._of("schema"):
            if item.want is None:
                yield self._change(item, f"DROP SCHEMA {self._name(item.label)}")

    def _name(self, name: str) -> str:
        return self._own.name(name)

    def _change(self, item: Difference, sql: str) -> Change:
        return Change((item.name,), sql)


def _is_view(name: str) -> bool:
    return name.startswith(("view ", "materialized view "))


def _tables(fingerprint: Mapping[str, str]) -> set[str]:
    return {_table_of(name.removeprefix("column ")) for name in fingerprint if name.startswith("column ")}


def _table_of(label: str) -> str:
    return label.rpartition(".")[0]


def _owner(label: str) -> tuple[str, str, str]:
    """A constraint's name, ``TABLE`` or ``DOMAIN``, and the name of the table or domain."""
    constraint, _, owner = label.partition(" of ")
    return (constraint, "DOMAIN", owner.removeprefix("domain ")) if owner.startswith("domain ") else (
        constraint, "TABLE", owner)  # fmt: skip


def _owned_by(item: Difference) -> str:
    """The table that a column, constraint, index, trigger, policy, rule or option belongs to, or an empty name."""
    if item.kind == "column":
        return _table_of(item.label)
    if item.kind == "index":
        return indexed_table(item.have or item.want or "")
    return item.label.rpartition("of ")[2] if " of " in f" {item.label}" else ""


def _bare(name: str) -> str:
    return name.rpartition(".")[2]
