"""Which rights does a role need?  Described statements and their schema in; the rights that each of them needs out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pydb.describe import DescribedStatement, Session
from pydb.describe.catalogue import Catalogue
from pydb.engines import part
from pydb.usage.named import Named
from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Act, Touch
from pydb.usage.touched import UNREAD, arbiters, named_by

__all__ = ["EngineRights", "Needs", "Right", "RoleTrial", "is_like", "needs_of", "resolved", "rights_of"]


class Right(NamedTuple):
    """One right that can be given and taken away by itself.

    ``kind`` is what the object is: ``schema``, ``table``, ``sequence`` or ``function``.  ``target`` is its name as
    GRANT writes it, ``column`` that of a column, where the right is of a column only.
    """

    kind: str
    target: str
    privilege: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What one text needs: each of the ``rights``, and in the place of each of ``some`` that or a like one.

    Some right to a table is one to any column, to a sequence USAGE or UPDATE; ``some`` has those that are given where
    no like one is.  ``probes`` are
    statements that show whether a right is there which only running would ask for, and ``unknown`` is why not all is
    known.
    """

    rights: frozenset[Right] = frozenset()
    some: frozenset[Right] = frozenset()
    probes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class RoleTrial(Protocol):
    """A role on a scratch database that has the rights which it is given, and no others."""

    def give(self, rights: Iterable[Right]) -> None:
        """Grant."""
        ...

    def without(self, right: Right) -> AbstractContextManager[None]:
        """Take a right away for the length of the block."""
        ...

    def denied(self, described: DescribedStatement) -> str | None:
        """Why the server denies a text to the role; None where it does not."""
        ...

    def denied_probe(self, sql: str) -> str | None:
        """The same for a probe."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What the text of a statement touches with the role's own rights, before the engine's rules.

    ``own`` is what the text names, ``calls`` the functions that are called with the role's rights.
    """

    described: DescribedStatement
    schema: ActingSchema
    own: Named
    touches: frozenset[Touch]
    calls: frozenset[str]
    rights: set[Right] = field(default_factory=set)
    some: set[Right] = field(default_factory=set)
    probes: list[str] = field(default_factory=list)

    @property
    def catalogue(self) -> Catalogue:
        """The tables."""
        return self.schema.catalogue

    def columns(self, table: str, act: Act) -> set[str]:
        """The columns of a table to which that is done."""
        return {touch.column for touch in self.touches if touch.table == table and touch.act is act and touch.column}


class EngineRights(ABC):
    """How an engine spells and checks rights."""

    has_rights = True

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def quoted(self, name: str) -> str:
        """A name as an identifier, in quotes."""

    @abstractmethod
    def role(self, name: str) -> str:
        """The name of a role as GRANT writes it.  Raises PydbError where it cannot be one."""

    @abstractmethod
    def table(self, name: str, catalogue: Catalogue) -> str:
        """A table of the catalogue as GRANT writes it."""

    @abstractmethod
    def refine(self, draft: Draft) -> None:
        """Add to a draft what the engine asks for beyond the columns that are read and written."""

    def grants(self, rights: Iterable[Right], role: str) -> list[str]:
        """The statements that give a role these rights, without semicolons; the role as ``role`` spells it."""
        return self._statements("GRANT", rights, f"TO {role}")

    def revokes(self, rights: Iterable[Right], role: str) -> list[str]:
        """The statements that take them away again."""
        return self._statements("REVOKE", rights, f"FROM {role}")

    def _statements(self, verb: str, rights: Iterable[Right], whom: str) -> list[str]:
        grouped: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for right in sorted(rights, key=_order):
            columns = grouped[right.kind, right.target][right.privilege]
            columns += [] if right.column is None else [self.quoted(right.column)]
        return [
            f"{verb} {', '.join(_privilege(*item) for item in given.items())}"
            f" ON {'' if kind == 'table' else f'{kind.upper()} '}{target} {whom}"
            for (kind, target), given in grouped.items()
        ]

    @abstractmethod
    def trial(self, session: Session) -> AbstractContextManager[RoleTrial]:
        """A role without rights in the session's scratch database, which is gone afterwards.  Raises PydbError."""


_KINDS = ("schema", "table", "sequence", "function")


def _order(right: Right) -> tuple[int, str, str, str]:
    return _KINDS.index(right.kind), right.target, right.privilege, right.column or ""


def _privilege(privilege: str, columns: list[str]) -> str:
    return f"{privilege} ({', '.join(columns)})" if columns else privilege


def rights_of(engine: str) -> EngineRights:
    """How the engine of that name spells and checks rights.  Raises PydbError."""
    rights: EngineRights = part(engine, "rights")
    return rights


def needs_of(described: DescribedStatement, schema: ActingSchema) -> Needs:
    """What a statement without optional lines, or one variant, needs."""
    own = named_by(described)
    if not own.read:
        return Needs(unknown=(UNREAD,))
    direct = own.touches | arbiters(own, schema, described.form.line)
    calls = own.calls | schema.implied_calls(direct, own.defaults)
    following = schema.following(direct, calls, as_role=True)
    engine = rights_of(described.engine)
    draft = Draft(described, schema, own, direct | following.touches, following.calls)
    for touch in draft.touches:
        _add(touch, draft, engine)
    engine.refine(draft)
    open_ = frozenset(item for item in draft.some if not any(is_like(right, item) for right in draft.rights))
    probes = (*dict.fromkeys(draft.probes), *sorted(following.code))
    return Needs(frozenset(draft.rights), open_, probes, (*sorted(own.unknown), *following.unknown))


_PRIVILEGES = {Act.SELECT: "SELECT", Act.INSERT: "INSERT", Act.UPDATE: "UPDATE", Act.DELETE: "DELETE"}


def _add(touch: Touch, draft: Draft, engine: EngineRights) -> None:
    """The right that a touch asks for: to the column, to the table where it has no columns, or to some column."""
    target = engine.table(touch.table, draft.catalogue)
    if touch.act is Act.LOCK:
        return
    privilege = _PRIVILEGES[touch.act]
    if touch.column is not None or touch.act is Act.DELETE:
        draft.rights.add(Right("table", target, privilege, touch.column))
    elif touch.act is not Act.UPDATE:
        draft.some.add(Right("table", target, privilege, _first_column(touch.table, draft.catalogue)))


def _first_column(table: str, catalogue: Catalogue) -> str:
    """The column that says least of a row: of its shortest key the first, else its first one."""
    facts = catalogue.tables[table]
    keys = sorted((sorted(key, key=list(facts.columns).index) for key in facts.keys), key=len)
    return keys[0][0] if keys else next(iter(facts.columns))


def is_like(right: Right, wanted: Right) -> bool:
    """Whether a right is in the place of one of ``Needs.some``."""
    if right[:2] != wanted[:2]:
        return False
    if wanted.kind == "sequence":
        return right.privilege in (wanted.privilege, "UPDATE")
    return right.privilege == wanted.privilege and right.column is not None


def resolved(needs: Sequence[Needs]) -> frozenset[Right]:
    """The rights that all of these need together: a column that one of them needs is some column of another one."""
    rights = {right for one in needs for right in one.rights}
    for one in needs:
        rights |= {item for item in one.some if not any(is_like(right, item) for right in rights)}
    return frozenset(rights)
