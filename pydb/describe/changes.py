"""Draft the changes from one catalogue to another: two fingerprints and a schema script in, statements to review out.

Nothing is run here, and nothing is known about the rows: the reader decides whether a statement is right for them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydb.engines import part
from pydb.engines.base import rules_of
from pydb.sqlfile.lexer import Unterminated, token_list, tokenize
from pydb.sqlfile.loader import file_text
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList, unquoted

__all__ = [
    *(
        "Change",
        "EngineChanges",
        "Created",
        "Difference",
        "SchemaTexts",
        "changes_of",
        "differing",
        "lost_values",
        "mentioned",
    ),
    *("with_dependents", "without_new_partitions"),
]

_KINDS = frozenset(
    {"TABLE", "VIEW", "INDEX", "TRIGGER", "FUNCTION", "PROCEDURE", "SEQUENCE", "TYPE", "DOMAIN", "EXTENSION"}
) | frozenset({"POLICY", "RULE", "EVENT"})
_OF_TABLES = {"index": "ON", "trigger": "ON", "policy": "ON", "rule": "TO"}
"""The kinds of objects that belong to a table, with the word before the table's name."""

_BEFORE_NAME = frozenset({"CONCURRENTLY", "IF", "NOT", "EXISTS"})
_MAX_BEFORE_KIND = 12
"""Words: MariaDB's ``CREATE OR REPLACE ALGORITHM = UNDEFINED DEFINER = a SQL SECURITY INVOKER VIEW`` is the longest."""


@dataclass(frozen=True, slots=True)
class Change:
    """A statement of a draft, without its semicolon; ``about`` are the names of the objects that it changes.

    ``note`` says what the reader has to decide.  If ``sql`` is empty, there is only a note.
    """

    about: tuple[str, ...]
    sql: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that differs in two fingerprints: ``have`` and ``want`` are its definitions, None if it does not exist.

    ``kind`` and ``label`` are the parts of its name, such as ``column`` and ``users.age``.
    """

    name: str
    have: str | None
    want: str | None

    @property
    def kind(self) -> str:
        """The first word of the name, or two for a materialized view."""
        first, _, rest = self.name.partition(" ")
        return f"{first} view" if rest.startswith("view ") and first == "materialized" else first

    @property
    def label(self) -> str:
        """The text after the kind."""
        return self.name.removeprefix(f"{self.kind} ")


def differing(have: Mapping[str, str], want: Mapping[str, str]) -> list[Difference]:
    """The differences between two fingerprints, sorted by name; an extension that only ``have`` has does not count."""
    names = sorted(name for name in {*have, *want} if name in want or not name.startswith("extension "))
    return [Difference(name, have.get(name), want.get(name)) for name in names if have.get(name) != want.get(name)]


def without_new_partitions(differences: Iterable[Difference]) -> list[Difference]:
    """The differences without the partitions that only the database has: they are made while it is used."""
    return [item for item in differences if item.kind != "partition" or item.want is not None]


@dataclass(frozen=True, slots=True)
class Created:
    """A CREATE statement of a schema script.

    ``kind`` and ``name`` say what it creates, ``table`` on which table.  ``name_at`` is the position of the name in
    ``code``.  ``line`` is the line of the script on which the statement starts.  ``space`` and ``table_space`` are the
    schemas that are written before the names, or None.
    """

    kind: str
    name: str
    table: str | None
    text: str
    code: TokenList
    name_at: int
    line: int
    space: str | None = None
    table_space: str | None = None


class SchemaTexts:
    """The CREATE statements of a schema script, in the order of the script."""

    def __init__(self, file: str, engine: str) -> None:
        self.engine = engine
        self.created = tuple(_created(rules_of(engine).statements(file_text(file)), engine))
        self._by_name: dict[tuple[str, str], list[Created]] = defaultdict(list)
        for item in self.created:
            self._by_name[item.kind, item.name.lower()].append(item)

    def of(self, kind: str, label: str) -> list[Created]:
        """The statements that create the object ``name`` or ``schema.name``; ``of table`` may follow."""
        name, _, owner = label.partition(" of ")
        same = self._by_name.get((kind, name.rpartition(".")[2].lower()), ())
        found = _named([(item, item.name, item.space) for item in same], name)
        return _named([(item, item.table or "", item.table_space) for item in found], owner) if owner else found

    def create(
        self, kind: str, labels: Iterable[str], parts: Callable[[str], tuple[str, ...]] | None = None
    ) -> Iterator[Change]:
        """The statements that create the objects of these labels, in the script's order.

        An object that the script does not create gets a note.  ``parts`` returns the names of the parts of a table.
        """
        wanted = {label: self.of(kind, label) for label in sorted(labels)}
        made = {id(item): label for label, found in wanted.items() for item in found}
        for item in self.created:
            if (label := made.get(id(item))) is not None:
                of = f" of {item.table}" if kind == "trigger" and " of " not in label else ""
                yield Change((f"{kind} {label}{of}",) if parts is None else parts(label), item.text)
        for label in (label for label, found in wanted.items() if not found):
            yield Change((f"{kind} {label}",), "", f"The schema script has no CREATE {kind.upper()} {label}.")


def _named(items: Iterable[tuple[Created, str, str | None]], label: str) -> list[Created]:
    """The statements that create the object of that name.

    If the name has no schema, statements without a schema are preferred.
    """
    space, _, bare = label.rpartition(".")
    same = [(item, name, written) for item, name, written in items if name.lower() == bare.lower()]
    same = [found for found in same if found[1] == bare] or same
    plain = [item for item, _, written in same if written is None]
    if not space:
        return plain or [item for item, _, _ in same]
    return [item for item, _, written in same if written is not None and written.lower() == space.lower()] or plain


class EngineChanges(ABC):
    """Drafts the changes of one engine's databases."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        # SQLAlchemy knows the reserved words of each engine.
        from sqlalchemy.engine import make_url

        self._preparer = make_url(f"{rules_of(engine).driver}://").get_dialect()().identifier_preparer

    def name(self, name: str) -> str:
        """A name as SQL spells it; each part of a name with a schema is quoted separately, if it needs quotes."""
        return ".".join(map(self._preparer.quote, name.split(".")))

    @abstractmethod
    def changes(self, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts) -> list[Change]:
        """The statements that lead from the fingerprint ``have`` to ``want``, in order, as far as pydb knows them."""


def mentioned(text: str, engine: str) -> frozenset[str]:
    """The names and words in the code of a definition, in lower case and without quotes."""
    return frozenset(unquoted(token).lower() for token in tokenize(text, engine) if token.kind in (WORD, QUOTED))


def with_dependents(names: Iterable[str], texts: Mapping[str, str], engine: str) -> set[str]:
    """The views of ``texts`` that mention one of these names, directly or through another view."""
    using: dict[str, list[str]] = defaultdict(list)
    for view, text in texts.items():
        for word in mentioned(text, engine):
            using[word].append(view)
    found: set[str] = set()
    left = [*names]
    while left:
        fresh = [view for view in using.pop(left.pop().rpartition(".")[2].lower(), ()) if view not in found]
        found.update(fresh)
        left += fresh
    return found


def lost_values(table: str, column: str, differences: Iterable[Difference]) -> str:
    """The note about a dropped column; if the table also has a new column, the change may be a renaming."""
    label = f"{table}."
    added = [
        item.label.removeprefix(label)
        for item in differences
        if item.kind == "column" and item.have is None and item.label.startswith(label)
    ]
    lost = f"The values of {column} are lost."
    if not added:
        return lost
    return f"{lost}  If it was renamed: ALTER TABLE {table} RENAME COLUMN {column} TO {added[0]};"


def changes_of(engine: str) -> EngineChanges:
    """The ``EngineChanges`` of the engine of that name.  Raises PydbError for an unknown engine."""
    found: EngineChanges = part(engine, "changes")
    return found


def _created(statements: Iterable[tuple[int, str]], engine: str) -> Iterator[Created]:
    for line, text in statements:
        try:
            code = token_list(text, engine)
        except Unterminated:
            continue
        kind_at = next((i for i in range(1, _MAX_BEFORE_KIND) if code.word(i) in _KINDS), None)
        if code.word(0) != "CREATE" or kind_at is None:
            continue
        kind = code.word(kind_at).lower()
        if code.word(kind_at - 1) == "MATERIALIZED":
            kind = "materialized view"
        name_at = _last_part(code, code.after(kind_at, _BEFORE_NAME))
        if name_at >= len(code):
            continue
        name = unquoted(code.tokens[name_at])
        before = _OF_TABLES.get(kind)
        table, table_space = (None, None) if before is None else _table_of(code, name_at, before)
        # An index is in the schema of its table.
        space = table_space if kind == "index" else _space(code, name_at)
        yield Created(kind, name, table, text, code, name_at, line, space, table_space)


def _table_of(code: TokenList, name_at: int, before: str) -> tuple[str | None, str | None]:
    """The table after ON, and its schema; in an index without a name, ON is in the place of the name."""
    on = next((i for i in range(name_at, len(code)) if code.word(i) == before), None)
    if on is None:
        return None, None
    place = _last_part(code, code.after(on, frozenset({"ONLY"})))
    return (unquoted(code.tokens[place]), _space(code, place)) if place < len(code) else (None, None)


def _space(code: TokenList, name_at: int) -> str | None:
    """The schema that is written before a name; None if there is none."""
    return unquoted(code.tokens[name_at - 2]) if name_at > 1 and code.word(name_at - 1) == "." else None


def _last_part(code: TokenList, place: int) -> int:
    """The position of the last part of a name that may begin with a schema's name."""
    while code.word(place + 1) == ".":
        place += 2
    return place
