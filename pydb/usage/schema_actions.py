"""What a schema does by itself when a table is written: triggers and foreign keys in, the Touches that follow out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from pydb.describe.analysis.nullability import Analysis, analyse
from pydb.describe.analysis.syntax import parse
from pydb.describe.catalogue import Catalogue
from pydb.describe.session import Session
from pydb.engines import part
from pydb.usage.bodies import statements_inside
from pydb.usage.named import named
from pydb.usage.touch import Act, Touch

__all__ = ["ActingSchema", "Cascade", "EngineUsage", "SchemaActions", "Trigger", "usage_of"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of a table: the acts that fire it, for UPDATE only of these columns where there are some.

    ``body`` is its code, or None where that cannot be read.  ``instead`` says that it takes the place of the act.
    """

    name: str
    table: str
    acts: frozenset[Act]
    columns: frozenset[str]
    body: str | None
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Cascade:
    """A foreign key of ``table`` that changes its rows: what follows DELETE and UPDATE of the row referred to.

    ``on_delete`` and ``on_update`` are the words of the schema: ``CASCADE``, ``SET NULL``, ``SET DEFAULT``, or others
    that change nothing.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class SchemaActions:
    """``constraints`` are the columns of unique constraints by table and name."""

    triggers: tuple[Trigger, ...] = ()
    cascades: tuple[Cascade, ...] = ()
    constraints: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


class EngineUsage(ABC):
    """What usage asks of an engine."""

    cascades_fire_triggers = True
    """Whether a row that a foreign key changes fires the triggers of its table."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def actions(self, session: Session) -> SchemaActions:
        """The triggers and foreign keys of the session's database."""


def usage_of(engine: str) -> EngineUsage:
    """What usage asks of the engine of that name.  Raises PydbError."""
    usage: EngineUsage = part(engine, "usage")
    return usage


@dataclass(slots=True)
class ActingSchema:
    """A catalogue and what it does by itself; what views and triggers touch is worked out once."""

    catalogue: Catalogue
    actions: SchemaActions
    cascades_fire_triggers: bool = True
    unread: dict[str, str] = field(default_factory=dict)
    """Why what follows cannot be told, by ``view v`` or ``trigger t``."""

    _texts: dict[str, frozenset[Touch]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> ActingSchema:
        """That of a session's database."""
        usage = usage_of(session.engine)
        return cls(session.catalogue, usage.actions(session), usage.cascades_fire_triggers)

    def following(self, touches: Iterable[Touch]) -> tuple[frozenset[Touch], tuple[str, ...]]:
        """What these touches touch besides, through views, triggers and foreign keys; and what cannot be told."""
        met = set(touches)
        direct, left = frozenset(met), list(met)
        unknown: dict[str, None] = {}
        while left:
            for touch in self._next(left.pop(), unknown):
                if touch not in met:
                    met.add(touch)
                    left.append(touch)
        return frozenset(met - direct), tuple(unknown)

    def _next(self, touch: Touch, unknown: dict[str, None]) -> Iterator[Touch]:
        for label, texts in self._doers(touch):
            for following in self._touches_of(label, texts):
                yield following._replace(line=touch.line)
            if label in self.unread:
                unknown[self.unread[label]] = None
        if touch.table in self.catalogue.views and touch.access == "write":
            yield from self._through_view(touch)
        for cascade in self.actions.cascades:
            if cascade.parent == touch.table:
                yield from _cascaded(cascade, touch)

    def _doers(self, touch: Touch) -> Iterator[tuple[str, list[str] | None]]:
        """The view or triggers that a touch sets off, and their statements."""
        view = self.catalogue.views.get(touch.table)
        if view is not None and touch.column is None and touch.act is Act.SELECT:
            yield f"view {touch.table}", [view]
        if touch.by.startswith("ON ") and not self.cascades_fire_triggers:
            return
        for trigger in self.actions.triggers:
            if trigger.table == touch.table and _fires(trigger, touch):
                body = trigger.body
                yield (
                    f"trigger {trigger.name}",
                    None if body is None else statements_inside(body, self.catalogue.engine),
                )

    def _statements(self, trigger: Trigger) -> list[str] | None:
        return None if trigger.body is None else statements_inside(trigger.body, self.catalogue.engine)

    def _touches_of(self, label: str, texts: list[str] | None) -> frozenset[Touch]:
        if label not in self._texts:
            found: set[Touch] = set()
            for text in texts or ():
                one = named(_analysed(text, self.catalogue))
                found |= {touch._replace(by=label) for touch in one.touches}
                if not one.read:
                    self.unread[label] = f"{label}: its code cannot be read"
            if texts is None:
                self.unread[label] = f"{label}: its code is not SQL"
            self._texts[label] = frozenset(found)
        return self._texts[label]

    def _through_view(self, touch: Touch) -> Iterator[Touch]:
        """A row that is written through a view, where no trigger takes its place."""
        if any(t.instead and t.table == touch.table and touch.act in t.acts for t in self.actions.triggers):
            return
        by = f"view {touch.table}"
        columns = self.catalogue.tables[touch.table].columns
        asked = [touch.column] if touch.column is not None else list(columns)
        for column in asked:
            origin = self.catalogue.origin(touch.table, column)
            if origin is not None:
                yield touch._replace(table=origin[0], column=origin[1] if touch.column is not None else None, by=by)


def _analysed(text: str, catalogue: Catalogue) -> Analysis:
    tree = parse(text, catalogue.engine)
    return analyse(text, catalogue, tree=tree.expression if isinstance(tree, exp.Create) else tree)


def _fires(trigger: Trigger, touch: Touch) -> bool:
    if touch.act not in trigger.acts:
        return False
    if touch.act is Act.UPDATE and trigger.columns:
        return touch.column in trigger.columns
    return touch.column is None


def _cascaded(cascade: Cascade, touch: Touch) -> Iterator[Touch]:
    if touch.act is Act.DELETE and touch.column is None:
        action, event = cascade.on_delete, "ON DELETE"
    elif touch.act is Act.UPDATE and touch.column in cascade.parent_columns:
        action, event = cascade.on_update, "ON UPDATE"
    else:
        return
    by = f"{event} {action} of {cascade.table} ({', '.join(cascade.columns)})"
    if action == "CASCADE" and touch.act is Act.DELETE:
        yield Touch(cascade.table, None, Act.DELETE, touch.line, by)
    elif action in ("CASCADE", "SET NULL", "SET DEFAULT"):
        for column in (None, *cascade.columns):
            yield Touch(cascade.table, column, Act.UPDATE, touch.line, by)
