"""Draft the changes from one catalogue to another: two fingerprints and a schema script in, statements to review out.

Nothing is run here, and nothing is known about the rows: the reader decides whether a statement is right for them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import make_url

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
        "mentions",
    ),
    "with_dependents",
]

_KINDS = frozenset({"TABLE", "VIEW", "INDEX", "TRIGGER", "FUNCTION", "PROCEDURE", "SEQUENCE", "TYPE", "DOMAIN"})
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
    """The differences between two fingerprints, sorted by name."""
    names = sorted({*have, *want})
    return [Difference(name, have.get(name), want.get(name)) for name in names if have.get(name) != want.get(name)]


@dataclass(frozen=True, slots=True)
class Created:
    """A CREATE statement of a schema script.

    ``kind`` and ``name`` say what it creates, ``table`` on which table.  ``name_at`` is the position of the name in
    ``code``.  ``line`` is the line of the script on which the statement starts.
    """

    kind: str
    name: str
    table: str | None
    text: str
    code: TokenList
    name_at: int
    line: int


class SchemaTexts:
    """The CREATE statements of a schema script, in the order of the script."""

    def __init__(self, file: str, engine: str) -> None:
        self.engine = engine
        self.created = tuple(_created(rules_of(engine).statements(file_text(file)), engine))

    def of(self, kind: str, name: str) -> list[Created]:
        """The statements that create the object of that name; ``name`` may begin with a schema's name."""
        bare = name.rpartition(".")[2].lower()
        return [item for item in self.created if item.kind == kind and item.name.lower() == bare]

    def create(
        self, kind: str, labels: Iterable[str], parts: Callable[[str], tuple[str, ...]] | None = None
    ) -> Iterator[Change]:
        """The statements that create the objects of these labels, in the script's order.

        An object that the script does not create gets a note.  ``parts`` returns the names of the parts of a table.
        """
        wanted = {label.rpartition(".")[2].lower(): label for label in labels}
        for item in self.created:
            if item.kind == kind and item.name.lower() in wanted:
                label = wanted[item.name.lower()]
                own = f"{kind} {label}" + (f" of {item.table}" if kind == "trigger" else "")
                yield Change((own,) if parts is None else parts(label), item.text)
        for name in sorted(wanted.keys() - {item.name.lower() for item in self.created if item.kind == kind}):
            about = f"{kind} {wanted[name]}"
            yield Change((about,), "", f"The schema script has no CREATE {kind.upper()} {wanted[name]}.")


class EngineChanges(ABC):
    """Drafts the changes of one engine's databases."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        # SQLAlchemy knows the reserved words of each engine.
        self._preparer = make_url(f"{rules_of(engine).driver}://").get_dialect()().identifier_preparer

    def name(self, name: str) -> str:
        """A name as SQL spells it; each part of a name with a schema is quoted separately, if it needs quotes."""
        return ".".join(map(self._preparer.quote, name.split(".")))

    @abstractmethod
    def changes(self, have: Mapping[str, str], want: Mapping[str, str], texts: SchemaTexts) -> list[Change]:
        """The statements that lead from the fingerprint ``have`` to ``want``, in order, as far as pydb knows them."""


def mentions(text: str, names: Collection[str], engine: str) -> bool:
    """Whether the code of a definition contains one of these names, quoted or not."""
    wanted = {name.rpartition(".")[2].lower() for name in names}
    return any(unquoted(token).lower() in wanted for token in tokenize(text, engine) if token.kind in (WORD, QUOTED))


def with_dependents(names: Iterable[str], texts: Mapping[str, str], engine: str) -> set[str]:
    """The views of ``texts`` that mention one of these names, directly or through another view."""
    found: set[str] = set()
    new = set(names)
    while new:
        new = {view for view, text in texts.items() if view not in found and mentions(text, new, engine)}
        found |= new
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
        yield Created(
            *(kind, name, _table_of(code, name_at) if kind in ("index", "trigger") else None, text, code, name_at, line)
        )


def _table_of(code: TokenList, name_at: int) -> str | None:
    """The table after ON; in an index without a name, ON is in the place of the name."""
    on = next((i for i in range(name_at, len(code)) if code.word(i) == "ON"), None)
    if on is None:
        return None
    place = _last_part(code, code.after(on, frozenset({"ONLY"})))
    return unquoted(code.tokens[place]) if place < len(code) else None


def _last_part(code: TokenList, place: int) -> int:
    """The position of the last part of a name that may begin with a schema's name."""
    while code.word(place + 1) == ".":
        place += 2
    return place
