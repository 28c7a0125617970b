"""Draft changes of a MariaDB database: two fingerprints and a schema script in, ALTER, CREATE and DROP out.

The fingerprint has the lines of SHOW CREATE TABLE, which ALTER TABLE accepts unchanged:
https://mariadb.com/kb/en/alter-table/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from pydb.describe.changes import Change, Difference, EngineChanges, SchemaTexts, differing, lost_values

__all__ = ["MariadbChanges"]

_PARTS = ("table", "column", "constraint", "key")
_PARTITIONED = " PARTITION BY "
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|(\'(?:[^\']|\'\')*\')')


class MariadbChanges(EngineChanges):
    """Drafts changes for MariaDB, with ALTER TABLE wherever possible."""

    def changes(self, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts) -> list[Change]:
        plan = _Plan(self, have, want, texts)
        return [
            *plan.drop_around(),
            *plan.create_tables(),
            *plan.columns(),
            *plan.drop_tables(),
            *plan.add_keys(),
            *plan.create_around(),
        ]


class _Plan:
    def __init__(
        self, own: MariadbChanges, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts
    ) -> None:
        self._own, self._texts = own, texts
        self._all = differing(have, want)
        self._names_of_parts: dict[str, list[str]] = defaultdict(list)
        for item in self._of(*_PARTS):
            self._names_of_parts[_table_of(item)].append(item.name)
        before, after = _tables(have), _tables(want)
        self._new, self._gone, self._kept = after - before, before - after, before & after

    def _of(self, *kinds: str) -> Iterator[Difference]:
        return (item for item in self._all if item.kind in kinds)

    def _parts(self, kind: str) -> Iterator[tuple[Difference, str, str]]:
        """The differences of that kind in tables that stay, each with its ALTER TABLE and the part's name."""
        for item in self._of(kind):
            table, _, name = item.label.partition(".")
            if table in self._kept:
                yield item, f"ALTER TABLE {self._own.name(table)}", name

    def drop_around(self) -> Iterator[Change]:
        """Drop triggers, views, routines, constraints and keys that are removed or change; foreign keys first."""
        for item in self._of("trigger"):
            if item.have is not None and item.label.partition(" of ")[2] not in self._gone:
                yield _change(item, f"DROP TRIGGER {self._own.name(item.label.partition(' of ')[0])}")
        for item in self._of("view", "function", "procedure", "event", "sequence"):
            if item.have is not None and (item.kind != "sequence" or item.want is None):
                yield _change(item, f"DROP {item.kind.upper()} {self._own.name(item.label)}")
        constraints = [part for part in self._parts("constraint") if part[0].have is not None]
        for item, alter, name in sorted(constraints, key=lambda part: " FOREIGN KEY " not in str(part[0].have)):
            yield _change(item, f"{alter} DROP CONSTRAINT {self._own.name(name)}")
        for item, alter, name in self._parts("key"):
            if item.have is not None and item.want is None:
                yield _change(item, f"{alter} DROP {_key(name, self._own.name(name))}")

    def create_tables(self) -> Iterator[Change]:
        """Create new tables."""
        return self._texts.create("table", self._new, self._parts_of)

    def _parts_of(self, table: str) -> tuple[str, ...]:
        return tuple(self._names_of_parts.get(table, ()))

    def columns(self) -> Iterator[Change]:
        """Set the options of tables that stay, and add, alter and drop their columns."""
        for item in self._of("table"):
            if item.label in self._kept and item.want is not None:
                removed = " REMOVE PARTITIONING" * (_PARTITIONED in str(item.have) and _PARTITIONED not in item.want)
                yield _change(item, f"ALTER TABLE {self._own.name(item.label)} {_backticks(item.want)}{removed}")
        remade = [part for part in self._parts("column") if _is_computed(part[0])]
        for item, alter, name in remade:
            yield _change(item, f"{alter} DROP COLUMN {self._own.name(name)}")
        for item, alter, name in self._parts("column"):
            if item.have is None:
                yield Change((item.name,), f"{alter} ADD COLUMN {_backticks(item.want)}", _required(item, name))
            elif item.want is not None and not _is_computed(item):
                yield Change((item.name,), f"{alter} MODIFY COLUMN {_backticks(item.want)}", _narrowed(item, name))
        for item, alter, _ in remade:
            yield _change(item, f"{alter} ADD COLUMN {_backticks(item.want)}")
        for item, alter, name in self._parts("column"):
            if item.want is None:
                yield Change(
                    (item.name,),
                    f"{alter} DROP COLUMN {self._own.name(name)}",
                    lost_values(_table_of(item), name, self._all),
                )

    def drop_tables(self) -> Iterator[Change]:
        """Drop tables, after their own foreign keys: the tables may refer to each other."""
        for item in sorted(self._of("constraint"), key=_table_of):
            if _table_of(item) in self._gone and " FOREIGN KEY " in str(item.have):
                name = self._own.name(item.label.partition(".")[2])
                yield _change(item, f"ALTER TABLE {self._own.name(_table_of(item))} DROP CONSTRAINT {name}")
        for table in sorted(self._gone):
            yield Change(self._parts_of(table), f"DROP TABLE {self._own.name(table)}", f"All rows of {table} are lost.")

    def add_keys(self) -> Iterator[Change]:
        """Add keys and constraints, foreign keys last."""
        for item, alter, name in self._parts("key"):
            if item.want is not None:
                drop = f"DROP {_key(name, self._own.name(name))}, " if item.have is not None else ""
                yield _change(item, f"{alter} {drop}ADD {_backticks(item.want)}")
        constraints = [part for part in self._parts("constraint") if part[0].want is not None]
        for item, alter, _ in sorted(constraints, key=lambda part: " FOREIGN KEY " in str(part[0].want)):
            yield _change(item, f"{alter} ADD {_backticks(item.want)}")

    def create_around(self) -> Iterator[Change]:
        """Create views, routines and triggers that are new or were dropped."""
        for item in self._of("sequence"):
            if item.have is not None and item.want is not None:
                attributes = re.sub(r" ENGINE=\w+$", "", item.want.partition(" start with ")[2])
                yield _change(item, f"ALTER SEQUENCE {self._own.name(item.label)} START WITH {attributes}")
        new = {item.label for item in self._of("sequence") if item.have is None}
        yield from self._texts.create("sequence", new)
        for kind in ("function", "procedure", "view", "event"):
            yield from self._texts.create(kind, {item.label for item in self._of(kind) if item.want is not None})
        yield from self._texts.create("trigger", {item.label for item in self._of("trigger") if item.want is not None})


def _change(item: Difference, sql: str) -> Change:
    return Change((item.name,), sql)


def _is_computed(item: Difference) -> bool:
    """Whether a column is computed before and after: its expression may refer to new columns."""
    return all(text is not None and " GENERATED ALWAYS AS " in text for text in (item.have, item.want))


def _tables(fingerprint: Mapping[str, str]) -> set[str]:
    return {name.removeprefix("table ") for name in fingerprint if name.startswith("table ")}


def _table_of(item: Difference) -> str:
    return item.label.partition(".")[0]


def _key(name: str, quoted: str) -> str:
    return "PRIMARY KEY" if name == "PRIMARY" else f"INDEX {quoted}"


def _backticks(definition: str | None) -> str:
    """A definition with backticks around names: in the shell's sql_mode, double quotes mean strings."""
    return _QUOTED.sub(
        lambda found: found[2] or "`" + found[1].replace('""', '"').replace("`", "``") + "`", definition or ""
    )


def _required(item: Difference, name: str) -> str | None:
    text = f" {item.want} ".upper()
    given = " DEFAULT " in text or "AUTO_INCREMENT" in text or "GENERATED" in text
    if " NOT NULL" not in text or given:
        return None
    return f"{name} is NOT NULL and has no default: existing rows get 0 or ''.  Write the value that they get."


def _narrowed(item: Difference, name: str) -> str | None:
    if " NOT NULL" in f"{item.want}".upper() and " NOT NULL" not in f"{item.have}".upper():
        return f"Rows where {name} is NULL are rejected."
    return None
