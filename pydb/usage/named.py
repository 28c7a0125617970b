"""Find the tables and columns that a statement's text names: an analysed statement in; Touches, calls, sequences out.

The analysis (``describe/analysis/``) has resolved each name: through common table expressions, derived tables and
correlated queries.  A view counts as a table here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from pydb.describe.analysis.nullability import names_of
from pydb.describe.analysis.scope import GIVING_UP, Context, Frame, Source
from pydb.describe.analysis.sources import add_source
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.catalogue import TableFacts
from pydb.usage.touch import Act, Touch
from pydb.usage.tree_questions import (
    assigned_column,
    common_names,
    dotted_name,
    first_line_of,
    is_default,
    is_inside,
    is_output_name,
    is_target,
    tables_called,
    value_rows,
)

__all__ = ["Named", "named", "without_variables"]

_READ = (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge)
"""The kinds of statements that can be analysed."""

_SEQUENCE_CALLS = frozenset({"nextval", "currval", "setval", "lastval"})
"""The functions whose first argument is a sequence."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the text names; if ``read`` is False, the text cannot be analysed and everything else is empty.

    ``calls`` are all functions in lower case, also the engine's, and ``sequences`` the calls for a sequence:
    ``(nextval, name)``.  ``defaults`` are the tables and columns whose default an INSERT uses.  ``arbiters`` are the
    constraints of ON CONFLICT ON CONSTRAINT, with their tables.  ``unknown`` says which parts of an analysed text are
    not known.
    """

    touches: frozenset[Touch] = frozenset()
    calls: frozenset[str] = frozenset()
    sequences: frozenset[tuple[str, str]] = frozenset()
    defaults: frozenset[tuple[str, str]] = frozenset()
    arbiters: frozenset[tuple[str, str]] = frozenset()
    unknown: frozenset[str] = frozenset()
    read: bool = True


def named(analysis: Analysis, first_line: int = 1, *, replaces: bool = False) -> Named:
    """What a statement names; its text starts on ``line`` of its file, and ``replaces`` is true for a REPLACE."""
    tree, context = analysis.tree, analysis.context
    if not isinstance(tree, _READ):
        return Named(read=False)
    try:
        walk = _Walk(context, tree, first_line, replaces)
        return walk.all()
    except GIVING_UP:
        return Named(read=False)


def without_variables(analysis: Analysis) -> exp.Expr | None:
    """The statement with NULL instead of names that are not columns: NEW, OLD and the variables of code."""
    if analysis.tree is None:
        return None
    walk = _Walk(analysis.context, analysis.tree, 1, False)
    unknown = {id(node) for node in analysis.tree.find_all(exp.Column) if walk.is_variable(node)}

    copy = analysis.tree.copy()
    for node, copied in zip(list(analysis.tree.walk()), list(copy.walk()), strict=True):
        if id(node) in unknown:
            copied.replace(exp.Null())
    if isinstance(copy, exp.Select):
        copy.set("into", None)
    return copy


class _Walk:
    """One tree; ``found`` grows."""

    def __init__(self, context: Context, tree: exp.Expr, first_line: int, replaces: bool) -> None:
        self.context, self.tree, self.first_line, self.replaces = context, tree, first_line, replaces
        self.found: set[Touch] = set()
        self.calls: set[str] = set()
        self.sequences: set[tuple[str, str]] = set()
        self.defaults: set[tuple[str, str]] = set()
        self.arbiters: set[tuple[str, str]] = set()
        self.unknown: set[str] = set()
        self.written: set[int] = set()
        """The ids of the nodes of columns that are assigned to, which is not a read."""

    def all(self) -> Named:
        context = self.context
        for merge in self.tree.find_all(exp.Merge):
            _merge_frame(merge, context)
        if not context.frames and any(self.tree.find_all(exp.Table)):
            return Named(read=False)
        for node in list(self.tree.walk()):
            if isinstance(node, exp.Insert | exp.Update | exp.Delete | exp.Merge):
                self._change(node)
        for node in self.tree.walk():
            self._node(node)
        return Named(
            frozenset(self.found),
            frozenset(self.calls),
            frozenset(self.sequences),
            frozenset(self.defaults),
            frozenset(self.arbiters),
            frozenset(self.unknown),
        )

    def is_variable(self, node: exp.Column) -> bool:
        """Whether a name is not a column of a table that the statement sees, or of a query in it."""
        if isinstance(node.this, exp.Star) or not isinstance(node.parent, exp.Expr):
            return False
        frame = self._frame(node)
        if frame is None or isinstance(node.parent, exp.Ordered):
            return False
        table, name = names_of(node, frame)
        if table == "excluded" or frame.owner(table, name) is not None:
            return False
        return not any(source.name == name for source in _visible(frame))

    # Writes.

    def _change(self, node: exp.Expr) -> None:
        frame = self.context.frames.get(id(node))
        if isinstance(node, exp.Delete):
            self._delete(node, frame)
        elif isinstance(node, exp.Merge):
            self._merge(node, frame)
        elif frame is None or not frame.sources:
            return
        elif isinstance(node, exp.Insert):
            self._insert(node, frame)
        else:
            self._set(node.expressions, frame, node)

    def _insert(self, node: exp.Insert, frame: Frame) -> None:
        facts = frame.sources[0].facts
        if facts is None:
            return
        self._add(facts, None, Act.INSERT, node.this)
        listed = node.this.expressions if isinstance(node.this, exp.Schema) else []
        for item in listed:
            self._add_column(facts, self.context.fold(item), Act.INSERT, item)
        if isinstance(node.this, exp.Schema) or node.args.get("default"):
            self._default(facts, [self.context.fold(item) for item in listed], node)
        else:
            for column in facts.columns.values():
                if not column.generated:
                    self._add(facts, column.name, Act.INSERT, node.this)
        if self.replaces or str(node.args.get("alternative") or "").upper() == "REPLACE":
            self._add(facts, None, Act.DELETE, node.this)
        conflict = node.args.get("conflict")
        if conflict is not None:
            self._conflict(conflict, facts, frame)

    def _default(self, facts: TableFacts, listed: list[str], node: exp.Expr) -> None:
        """The columns that an INSERT leaves out, or sets to DEFAULT."""
        given = {name: place for place, name in enumerate(listed)}
        asked = {place for row in value_rows(node) for place, item in enumerate(row) if is_default(item)}
        for column in facts.columns.values():
            place = given.get(self.context.catalogue.fold_column(column.name, quoted=True))
            if not column.generated and (place is None or place in asked):
                self.defaults.add((facts.name, column.name))

    def _conflict(self, conflict: exp.Expr, facts: TableFacts, frame: Frame) -> None:
        constraint = conflict.args.get("constraint")
        if constraint is not None:
            self.arbiters.add((facts.name, constraint.name))
        self._set(conflict.expressions, frame, conflict)

    def _delete(self, node: exp.Delete, frame: Frame | None) -> None:
        if frame is None or not frame.sources:
            return
        targets = [self._source(table, frame) for table in node.args.get("tables") or ()] or [frame.sources[0]]
        for source in targets:
            if source is not None and source.facts is not None:
                self._add(source.facts, None, Act.DELETE, node.this)

    def _merge(self, node: exp.Merge, frame: Frame | None) -> None:
        facts = None if frame is None or not frame.sources else frame.sources[0].facts
        if frame is None or facts is None:
            return
        for when in node.args["whens"].expressions:
            then = when.args.get("then")
            if isinstance(then, exp.Update):
                self._set(then.expressions, frame, then)
            elif isinstance(then, exp.Insert):
                self._add(facts, None, Act.INSERT, when)
                listed = then.this.expressions if isinstance(then.this, exp.Tuple) else []
                self._default(facts, [self.context.fold(column) for column in listed], then)
                for column in listed:
                    self.written.add(id(column))
                    self._add_column(facts, self.context.fold(column), Act.INSERT, column)
            elif then is not None and then.name.upper() == "DELETE":
                self._add(facts, None, Act.DELETE, when)

    def _set(self, items: Iterable[exp.Expr], frame: Frame, around: exp.Expr) -> None:
        """``column = value``, also ``(a, b) = (…)`` and ``array[1] = value``."""
        for item in items:
            left = item.this if isinstance(item, exp.EQ) else None
            for target in left.expressions if isinstance(left, exp.Tuple) else [left]:
                column = assigned_column(target)
                if column is None:
                    continue
                self.written.add(id(column))
                table, name = names_of(column, frame)
                found = [source for source in frame.sources if source.name == table] or frame.sources
                # Without a qualifier, MariaDB uses the table that has the column.
                owners = [source for source in found if source.find(name) is not None] or found[:1]
                facts = owners[0].facts
                if facts is not None:
                    self._add(facts, None, Act.UPDATE, around)
                    self._add_column(facts, name, Act.UPDATE, column)

    # Reads.

    def _node(self, node: exp.Expr) -> None:
        if isinstance(node, exp.Table):
            self._table(node)
        elif isinstance(node, exp.Column):
            if id(node) not in self.written:
                self._column(node)
        elif isinstance(node, exp.Star):
            self._star(node)
        elif isinstance(node, exp.Join):
            self._join(node)
        elif isinstance(node, exp.Lock):
            self._lock(node)
        elif isinstance(node, exp.NextValueFor):
            self.sequences.add(("nextval", dotted_name(node.this)))
        elif isinstance(node, exp.Func):
            self._call(node)

    def _table(self, node: exp.Table) -> None:
        parent = node.parent
        if isinstance(node.this, exp.Identifier) and not isinstance(parent, exp.Lock | exp.Into):
            frame = self._frame(node)
            if node.arg_key == "tables" or is_target(node, self.context):
                return
            facts = self._facts(node, frame)
            if facts is not None:
                self._add(facts, None, Act.SELECT, node)

    def _facts(self, node: exp.Table, frame: Frame | None) -> TableFacts | None:
        table, space = self.context.fold_table(node.this), node.args.get("db")
        if space is None and frame is not None and frame.cte(table)[0]:
            return None
        return self.context.catalogue.table(table, None if space is None else self.context.fold_table(space))

    def _frame(self, node: exp.Expr) -> Frame | None:
        """The names that an expression sees."""
        inside: exp.Expr | None = node
        while inside is not None:
            above = inside.parent
            if isinstance(above, exp.SetOperation) and inside.arg_key not in ("this", "expression", "with_"):
                return None  # ORDER BY of a UNION has the names of its columns
            if above is not None and id(above) in self.context.frames:
                return self.context.frames[id(above)]
            inside = above
        return None

    def _column(self, node: exp.Column) -> None:
        frame = self._frame(node)
        if frame is None or is_output_name(node, frame.context):
            return
        if isinstance(node.this, exp.Star):
            source = self._source(node, frame)
            self._all_of([source] if source else [], node)
            return
        table, name = names_of(node, frame)
        if table == "excluded" and is_inside(node, exp.OnConflict) and frame.sources:
            table = frame.sources[0].name
        value = frame.lookup(table, name)
        insert = node.find_ancestor(exp.Insert)
        if value.table is None and insert is not None and is_inside(node, exp.OnConflict):
            # ON DUPLICATE KEY UPDATE sees the query whose rows are inserted.
            query = self.context.frames.get(id(insert.args.get("expression")))
            value = value if query is None else query.lookup(table, name)
        if value.table is not None and value.column is not None:
            self._add(self.context.catalogue.tables[value.table], value.column, Act.SELECT, node)
            return
        self._unlisted(table, name, node, frame)

    def _unlisted(self, table: str | None, name: str, node: exp.Expr, frame: Frame) -> None:
        """A whole row, named by its table, or a column that the engine adds."""
        whole = [source for source in _visible(frame) if source.name == name] if table is None else []
        if whole:
            self._all_of(whole[:1], node)
        elif name in self.context.facts.hidden_columns:
            owners = [s for s in _visible(frame) if table in (None, s.name) and s.facts is not None]
            for source in owners[:1]:
                assert source.facts is not None
                self._add(source.facts, name, Act.SELECT, node)
        else:
            self._in_brackets(table, name, node, frame)

    def _in_brackets(self, table: str | None, name: str, node: exp.Expr, frame: Frame) -> None:
        """A column of a join in parentheses, which may have a name, or of a table that is joined by unknown columns."""
        select = node.find_ancestor(exp.Select)
        for found in tables_called(select, table, self.context) if select is not None else ():
            facts = self._facts(found, frame)
            if facts is not None:
                self._add_column(facts, name, Act.SELECT, node)

    def _star(self, node: exp.Star) -> None:
        if isinstance(node.parent, exp.Select | exp.Returning):
            frame = self._frame(node)
            self._all_of([] if frame is None else frame.sources, node)

    def _all_of(self, sources: Iterable[Source], node: exp.Expr) -> None:
        for source in sources:
            if source.facts is not None:
                for column in source.facts.columns:
                    self._add(source.facts, column, Act.SELECT, node)

    def _join(self, node: exp.Join) -> None:
        frame = self._frame(node)
        if frame is None:
            return
        names = [(self.context.fold(item), item) for item in node.args.get("using") or ()]
        if node.method == "NATURAL":
            names = [(name, node) for name in common_names(frame.sources)]
            if any(source.columns is None for source in frame.sources):
                self.unknown.add("the columns of a NATURAL JOIN are not known")
        for name, item in names:
            for source in frame.sources:
                value = source.find(name)
                if value is not None and value.table is not None and value.column is not None:
                    self._add(self.context.catalogue.tables[value.table], value.column, Act.SELECT, item)

    def _lock(self, node: exp.Lock) -> None:
        frame = self._frame(node)
        if frame is None:
            return
        listed = [self._source(item, frame) for item in node.expressions]
        for source in listed or frame.sources:
            if source is not None and source.facts is not None:
                self._add(source.facts, None, Act.LOCK, node)

    def _call(self, node: exp.Func) -> None:
        names = {str(node.this)} if isinstance(node, exp.Anonymous) else set(node.sql_names())
        lowered = {name.lower() for name in names}
        self.calls |= lowered
        if lowered & _SEQUENCE_CALLS and node.expressions:
            first = node.expressions[0].find(exp.Literal, exp.Column)
            if first is not None:
                name = str(first.this) if isinstance(first, exp.Literal) else dotted_name(first)
                self.sequences.add((min(lowered & _SEQUENCE_CALLS), name))

    # Helpers of both.

    def _source(self, node: exp.Expr, frame: Frame) -> Source | None:
        """The source that a qualifier or a table in FOR UPDATE OF names."""
        name = node.args.get("table") if isinstance(node, exp.Column) else node.this
        folded = self.context.fold_table(name)
        return next((source for source in _visible(frame) if source.name == folded), None)

    def _add_column(self, facts: TableFacts, folded: str, act: Act, node: exp.Expr) -> None:
        fold = self.context.catalogue.fold_column
        column = next((name for name in facts.columns if fold(name, quoted=True) == folded), None)
        if column is not None:
            self._add(facts, column, act, node)

    def _add(self, facts: TableFacts, column: str | None, act: Act, node: exp.Expr) -> None:
        self.found.add(Touch(facts.name, column, act, self.first_line + first_line_of(node) - 1))


def _merge_frame(merge: exp.Merge, context: Context) -> None:
    """The names that a MERGE sees: those of its target and its source."""
    frame = Frame(context)
    for node in (merge.this, merge.args["using"]):
        add_source(node, frame)
    context.frames[id(merge)] = frame


def _visible(frame: Frame) -> Iterator[Source]:
    level: Frame | None = frame
    while level is not None:
        yield from level.sources
        level = level.parent
