"""Find the rights of a role: described statements and their schema in; the rights that each of them needs out."""

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
    """One right that can be granted and revoked separately.

    ``kind`` is the kind of the object: ``schema``, ``table``, ``sequence`` or ``function``.  ``target`` is its name as
    GRANT writes it, and ``column`` the name of a column if the right is for one column.
    """

    kind: str
    target: str
    privilege: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What one text needs: all of ``rights``, and for each right in ``some`` this right or an equivalent one.

    For a table, a right on any column is equivalent; for a sequence, USAGE and UPDATE are equivalent.  A right in
    ``some`` is granted if no equivalent right is.  ``probes`` are statements that test rights that are checked only at
    run time, and ``unknown`` says why not all rights are known.
    """

    rights: frozenset[Right] = frozenset()
    some: frozenset[Right] = frozenset()
    probes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class RoleTrial(Protocol):
    """A role in a scratch database, which has only the rights that it is granted."""

    def give(self, rights: Iterable[Right]) -> None:
        """Grant these rights."""
        ...

    def without(self, right: Right) -> AbstractContextManager[None]:
        """Revoke a right during the block."""
        ...

    def denied(self, described: DescribedStatement) -> str | None:
        """Why the server denies a text to the role, or None."""
        ...

    def denied_probe(self, sql: str) -> str | None:
        """Why the server denies a probe to the role, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What the text of a statement touches with the rights of the role, before the engine's rules.

    ``own`` is what the text names; ``calls`` are the functions that are called with the role's rights.
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
        """The columns of a table to which the act applies."""
        return {touch.column for touch in self.touches if touch.table == table and touch.act is act and touch.column}


class EngineRights(ABC):
    """The interface to the rights of an engine."""

    has_rights = True

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def quoted(self, name: str) -> str:
        """A name as an identifier, in quotes."""

    @abstractmethod
    def role(self, name: str) -> str:
        """The name of a role as GRANT writes it.  Raises PydbError if it is not valid."""

    @abstractmethod
    def table(self, name: str, catalogue: Catalogue) -> str:
        """A table of the catalogue as GRANT writes it."""

    @abstractmethod
    def refine(self, draft: Draft) -> None:
        """Add the rights that the engine requires in addition to those on the read and written columns."""

    def grants(self, rights: Iterable[Right], role: str) -> list[str]:
        """The statements that grant a role these rights, without semicolons; the role as ``role`` writes it."""
        return self._statements("GRANT", rights, f"TO {role}")

    def revokes(self, rights: Iterable[Right], role: str) -> list[str]:
        """The statements that revoke these rights."""
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
        """A role without rights in the session's scratch database, dropped afterwards.  Raises PydbError."""


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
    """The right that a touch needs: on the column, on the table if the act has no columns, or on any column."""
    target = engine.table(touch.table, draft.catalogue)
    if touch.act is Act.LOCK:
        return
    privilege = _PRIVILEGES[touch.act]
    if touch.column is not None or touch.act is Act.DELETE:
        draft.rights.add(Right("table", target, privilege, touch.column))
    elif touch.act is not Act.UPDATE:
        draft.some.add(Right("table", target, privilege, _first_column(touch.table, draft.catalogue)))


def _first_column(table: str, catalogue: Catalogue) -> str:
    """The least informative column of a table: the first of its shortest key, or else its first column."""
    facts = catalogue.tables[table]
    keys = sorted((sorted(key, key=list(facts.columns).index) for key in facts.keys), key=len)
    return keys[0][0] if keys else next(iter(facts.columns))


def is_like(right: Right, wanted: Right) -> bool:
    """Whether a right is equivalent to one of ``Needs.some``."""
    if right[:2] != wanted[:2]:
        return False
    if wanted.kind == "sequence":
        return right.privilege in (wanted.privilege, "UPDATE")
    return right.privilege == wanted.privilege and right.column is not None


def resolved(needs: Sequence[Needs]) -> frozenset[Right]:
    """The rights that all of these need together; a right that one needs may be equivalent to a ``some`` of another."""
    rights = {right for one in needs for right in one.rights}
    for one in needs:
        rights |= {item for item in one.some if not any(is_like(right, item) for right in rights)}
    return frozenset(rights)
