"""Follow the actions of a schema: triggers, views, functions and foreign keys in, the Touches that they cause out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from pydb.describe.analysis.statement_analysis import Analysis, analyse
from pydb.describe.analysis.syntax import parse
from pydb.describe.catalogue import Catalogue
from pydb.describe.session import Session
from pydb.engines import part
from pydb.usage.bodies import row_columns, statements_inside
from pydb.usage.named import named, without_variables
from pydb.usage.touch import Act, Touch

__all__ = ["ActingSchema", "Cascade", "EngineUsage", "Following", "Routine", "SchemaActions", "Trigger", "usage_of"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger or a rule of a table: the acts that fire it, and the columns if an UPDATE fires it only for some.

    ``body`` is its code, or None if that cannot be read.  ``instead`` says that it replaces the act, and ``definer``
    that it runs with the rights of its definer.  ``kind`` is ``trigger`` or ``rule``.
    """

    name: str
    table: str
    acts: frozenset[Act]
    columns: frozenset[str]
    body: str | None
    instead: bool = False
    definer: bool = False
    kind: str = "trigger"

    @property
    def label(self) -> str:
        """``trigger orders_log``."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Routine:
    """A function that the schema defines.

    ``signature`` names it in GRANT; ``space`` is its schema if that is not in the search path.  ``definer`` says that
    it runs with the rights of its definer, and ``public`` that PUBLIC may call it.
    """

    name: str
    signature: str
    body: str | None
    definer: bool = False
    public: bool = False
    space: str | None = None


@dataclass(frozen=True, slots=True)
class Cascade:
    """A foreign key of ``table`` that changes its rows after DELETE and UPDATE of the referenced row.

    ``on_delete`` and ``on_update`` are as in the schema: ``CASCADE``, ``SET NULL``, ``SET DEFAULT``, or another action
    that changes nothing.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class SchemaActions:
    """The actions of a schema that statements do not name.

    ``invoker_views`` run with the rights of their caller.  ``constraints`` are the columns of unique constraints by
    table and name.  ``defaults`` are sequences by the table and column whose default is their next value.  ``checks``
    are functions by the table whose rows they check or compute, with the column whose default they are, if any.
    ``parents`` are the tables of which a table is a partition, or whose rows include its rows by inheritance.
    """

    triggers: tuple[Trigger, ...] = ()
    cascades: tuple[Cascade, ...] = ()
    routines: tuple[Routine, ...] = ()
    invoker_views: frozenset[str] = frozenset()
    constraints: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    checks: Mapping[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class EngineUsage(ABC):
    """The interface to the triggers, keys and functions of an engine."""

    cascades_fire_triggers = True
    """Whether a row that a foreign key changes fires the triggers of its table."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def actions(self, session: Session) -> SchemaActions:
        """The triggers and foreign keys of the session's database."""


def usage_of(engine: str) -> EngineUsage:
    """The interface of the engine with that name.  Raises PydbError."""
    usage: EngineUsage = part(engine, "usage")
    return usage


@dataclass(frozen=True, slots=True)
class Following:
    """The consequences of touches and calls.

    ``calls`` are the names of the functions that are called.  ``code`` are the statements of triggers and functions,
    with NULL instead of their variables.
    """

    touches: frozenset[Touch]
    calls: frozenset[str]
    unknown: tuple[str, ...]
    code: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Walk:
    """The state of one walk: touches, with whether they count, and those ``left`` to follow."""

    met: dict[Touch, bool]
    as_role: bool
    left: list[Touch] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    routines: set[Routine] = field(default_factory=set)
    unknown: dict[str, None] = field(default_factory=dict)
    code: set[str] = field(default_factory=set)

    def add(self, touch: Touch, counts: bool) -> None:
        """Record a touch; it is followed later, unless it was followed already."""
        if touch not in self.met or (counts and not self.met[touch]):
            self.met[touch] = counts
            self.left.append(touch)


@dataclass(slots=True)
class ActingSchema:
    """A catalogue and its actions.  What views, triggers and functions touch is computed once."""

    catalogue: Catalogue
    actions: SchemaActions
    cascades_fire_triggers: bool = True
    unread: dict[str, str] = field(default_factory=dict)
    """The reasons why consequences are not known, by ``view v``, ``trigger t`` or ``function f``."""

    _texts: dict[str, Following] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> ActingSchema:
        """The catalogue and the actions of a session's database."""
        usage = usage_of(session.engine)
        return cls(session.catalogue, usage.actions(session), usage.cascades_fire_triggers)

    def routines(self, calls: Iterable[str]) -> tuple[Routine, ...]:
        """The functions of the schema among these names of called functions."""
        called = set(calls)
        return tuple(routine for routine in self.actions.routines if routine.name.lower() in called)

    def implied_calls(self, touches: Iterable[Touch], defaults: Iterable[tuple[str, str]]) -> frozenset[str]:
        """The functions that a write calls without naming them: in checks, generated columns and defaults."""
        written = {touch.table for touch in touches if touch.act in (Act.INSERT, Act.UPDATE)}
        taken = set(defaults)
        return frozenset(
            name.lower()
            for (table, column), names in self.actions.checks.items()
            if (table in written if column is None else (table, column) in taken)
            for name in names
        )

    def following(self, touches: Iterable[Touch], calls: Iterable[str] = (), *, as_role: bool = False) -> Following:
        """What these touches and calls cause in addition, through views, triggers, foreign keys and functions.

        With ``as_role`` only what they touch with the rights of the role that runs the statement: views and triggers
        may run with their definer's rights, and foreign keys run with those of the table's owner.
        """
        walk = _Walk(dict.fromkeys(touches, True), as_role)
        direct, left = frozenset(walk.met), walk.left
        left += walk.met
        self._call(calls, 0, walk)
        while left:
            touch = left.pop()
            for label, texts, counts in self._doers(touch, as_role):
                self._do(label, texts, touch.line, counts, walk)
            # A trigger needs no right to use its row.
            for following in () if as_role else self._rows(touch):
                walk.met.setdefault(following, True)
            for following in self._changed(touch, as_role):
                walk.add(following, not as_role or touch.table in self.actions.invoker_views)
        counted = frozenset(touch for touch, counts in walk.met.items() if counts)
        return Following(counted - direct, frozenset(walk.called), tuple(walk.unknown), frozenset(walk.code))

    def names_leading_to(self, table: str) -> frozenset[str]:
        """Names in lower case, of which every text that touches the table contains at least one.

        They are names of tables, views and functions.  They are searched as text, so too many texts may be found.
        """
        ways: list[tuple[str, str | None]] = [*self.catalogue.views.items()]
        ways += [(trigger.table, trigger.body) for trigger in self.actions.triggers]
        ways += [(routine.name, routine.body) for routine in self.actions.routines]
        ways += [(cascade.parent, cascade.table) for cascade in self.actions.cascades]
        ways += [(written, " ".join(calls)) for (written, _), calls in self.actions.checks.items()]
        ways += [(parent, table) for table, parents in self.actions.parents.items() for parent in parents]
        names = {self._bare(table)}
        before = 0
        while len(names) > before:
            before = len(names)
            names |= {self._bare(way) for way, text in ways if text is None or any(n in text.lower() for n in names)}
        return frozenset(names)

    def _bare(self, table: str) -> str:
        """A name without its schema, in lower case; empty if it is not an identifier."""
        facts = self.catalogue.tables.get(table)
        bare = (table if facts is None else facts.bare_name).lower()
        return "" if not bare.isidentifier() else bare

    def ancestors(self, table: str) -> tuple[str, ...]:
        """The tables whose rows include those of a table: of which it is a partition, or from which it inherits."""
        found: list[str] = []
        left = [table]
        while left:
            fresh = [name for name in self.actions.parents.get(left.pop(), ()) if name not in found]
            found += fresh
            left += fresh
        return tuple(found)

    def users(self, table: str, column: str | None) -> tuple[str, ...]:
        """The views, triggers and functions whose code touches a table, or one column of it."""
        found: dict[str, Iterable[Touch]] = {}
        for name, text in self.catalogue.views.items():
            found[f"view {name}"] = self._done_by(f"view {name}", [text]).touches
        for trigger in self.actions.triggers:
            label = trigger.label
            rows = self._row_touches(trigger, Touch(trigger.table, None, Act.SELECT, 0))
            found[label] = [*self._done_by(label, self._statements(trigger.body)).touches, *rows]
        for routine in self.actions.routines:
            label = f"function {routine.name}"
            found[label] = self._done_by(label, self._statements(routine.body)).touches
        return tuple(
            label
            for label, touches in found.items()
            if any(touch.table == table and column in (None, touch.column) for touch in touches)
        )

    def _rows(self, touch: Touch) -> Iterator[Touch]:
        """The columns of its row that the triggers of a write read and set."""
        for trigger in self.actions.triggers:
            if trigger.table == touch.table and _fires(trigger, touch):
                yield from self._row_touches(trigger, touch)

    def _row_touches(self, trigger: Trigger, touch: Touch) -> Iterator[Touch]:
        fold, facts = self.catalogue.fold_column, self.catalogue.tables.get(trigger.table)
        written = row_columns(trigger.body or "", self.catalogue.engine)
        named_there = {(fold(name.strip('`"[]'), quoted=name[0] in '`"['), assigned) for name, assigned in written}
        for column in facts.columns if facts is not None else ():
            for assigned in (False, True):
                if (fold(column, quoted=True), assigned) in named_there:
                    act = touch.act if assigned else Act.SELECT
                    yield Touch(trigger.table, column, act, touch.line, trigger.label)

    def _do(self, label: str, texts: list[str] | None, line: int, counts: bool, walk: _Walk) -> None:
        """Follow a view, a trigger or a function; its touches count if it runs with the role's rights."""
        found = self._done_by(label, texts)
        for touch in found.touches if counts else ():
            walk.add(touch._replace(line=line), True)
        walk.code |= found.code if counts else frozenset()
        if label in self.unread:
            walk.unknown[self.unread[label]] = None
        self._call(found.calls, line, walk)

    def _call(self, calls: Iterable[str], line: int, walk: _Walk) -> None:
        for routine in self.routines(calls):
            if routine not in walk.routines:
                walk.routines.add(routine)
                walk.called.add(routine.name.lower())
                if not (walk.as_role and routine.definer):
                    self._do(f"function {routine.name}", self._statements(routine.body), line, True, walk)

    def _doers(self, touch: Touch, as_role: bool) -> Iterator[tuple[str, list[str] | None, bool]]:
        """The view or triggers that a touch activates, their statements, and whether their touches count."""
        view = self.catalogue.views.get(touch.table)
        if view is not None and touch.column is None and self._asks_view(touch):
            yield f"view {touch.table}", [view], not as_role or touch.table in self.actions.invoker_views
        if touch.by.startswith("ON ") and not self.cascades_fire_triggers:
            return
        for trigger in self.actions.triggers:
            if trigger.table == touch.table and _fires(trigger, touch) and not (as_role and trigger.definer):
                yield trigger.label, self._statements(trigger.body), True

    def _changed(self, touch: Touch, as_role: bool) -> Iterator[Touch]:
        """What a write changes: the table of a view, and rows that refer to the changed row."""
        if touch.table in self.catalogue.views and touch.access == "write":
            yield from self._through_view(touch)
        for cascade in self.actions.cascades if not as_role else ():
            if cascade.parent == touch.table:
                yield from _cascaded(cascade, touch)

    def _statements(self, body: str | None) -> list[str] | None:
        return None if body is None else statements_inside(body, self.catalogue.engine)

    def _done_by(self, label: str, texts: list[str] | None) -> Following:
        """What the statements of a view, a trigger or a function touch, and the functions that they call."""
        if label in self._texts:
            return self._texts[label]
        found: set[Touch] = set()
        calls: set[str] = set()
        code: set[str] = set()
        for text in texts or ():
            analysis = _analysed(text, self.catalogue)
            one = named(analysis)
            if one.read and not label.startswith("view ") and (tree := without_variables(analysis)) is not None:
                code.add(tree.sql(dialect=self.catalogue.facts.dialect))
            found |= {touch._replace(by=label) for touch in one.touches}
            calls |= {routine.name.lower() for routine in self.routines(one.calls)}
            if not one.read:
                self.unread[label] = f"{label}: its code cannot be read"
        if texts is None:
            self.unread[label] = f"{label}: its code is not SQL"
        self._texts[label] = Following(frozenset(found), frozenset(calls), (), frozenset(code))
        return self._texts[label]

    def _asks_view(self, touch: Touch) -> bool:
        """Whether a view's query must find the rows, because they are read, changed or deleted through the view."""
        return touch.act in (Act.SELECT, Act.UPDATE, Act.DELETE) and not self._is_instead(touch)

    def _is_instead(self, touch: Touch) -> bool:
        """Whether a trigger replaces a write."""
        return any(t.instead and t.table == touch.table and touch.act in t.acts for t in self.actions.triggers)

    def _through_view(self, touch: Touch) -> Iterator[Touch]:
        """The touches of a write through a view, if no trigger replaces it."""
        if self._is_instead(touch):
            return
        by = f"view {touch.table}"
        columns = self.catalogue.tables[touch.table].columns
        asked = [touch.column] if touch.column is not None else list(columns)
        for column in asked:
            origin = self.catalogue.origin(touch.table, column)
            if origin is not None:
                yield touch._replace(table=origin[0], column=origin[1] if touch.column is not None else None, by=by)


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


def _analysed(text: str, catalogue: Catalogue) -> Analysis:
    tree = parse(text, catalogue.engine)
    return analyse(text, catalogue, tree=tree.expression if isinstance(tree, exp.Create) else tree)
