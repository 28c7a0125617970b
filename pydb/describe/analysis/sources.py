"""Analyse FROM: its tables, derived tables and joins in; the sources of the frame, changed by the joins, out."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pydb.describe.analysis.nullability import flatten, names_of
from pydb.describe.analysis.scope import Clause, Columns, Context, Frame, Source
from pydb.describe.analysis.value import UNKNOWN, Items, Value
from pydb.describe.analysis.windows import LEAVES
from pydb.describe.catalogue import TableFacts

__all__ = ["add_source", "join_source", "narrow", "note", "remember", "table_columns", "walk_inside"]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.Glob)


def note(node: exp.Expr | None, frame: Frame, role: str = "value") -> None:
    """Remember an expression for ``parameters.py``, and walk the queries inside it."""
    remember(node, frame, role)
    walk_inside(node, frame)


def remember(node: exp.Expr | None, frame: Frame, role: str = "value") -> None:
    """Remember an expression for ``parameters.py``."""
    if node is not None:
        frame.context.clauses[id(node)] = Clause(node, frame, role)


def walk_inside(node: exp.Expr | None, frame: Frame) -> None:
    """Walk those queries inside an expression that were not walked before."""
    left = [] if node is None else [node]
    while left:
        found = left.pop()
        if isinstance(found, exp.Query) and not isinstance(found, exp.Subquery):
            if id(found) not in frame.context.seen:
                frame.context.columns_of(found, frame)
        elif not isinstance(found, LEAVES):
            left += reversed(list(found.iter_expressions()))


def table_columns(facts: TableFacts, context: Context) -> tuple[Value, ...]:
    """The Values of a table's columns, from the catalogue."""
    return tuple(
        Value(
            nullable=column.nullable,
            kind=column.kind,
            magnitude=column.magnitude,
            type=column.type,
            table=facts.name,
            column=column.name,
            items=Items.VALUES,
            name=context.catalogue.fold_column(column.name, quoted=True),
        )
        for column in facts.columns.values()
    )


def add_source(node: exp.Expr, frame: Frame) -> None:
    """Add one item of FROM to the frame, with the joins that the syntax tree attaches to it."""
    start = len(frame.sources)
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
        # A join in brackets: an alias for it hides the names inside.
        add_source(node.this, frame)
        if node.args.get("alias") is not None:
            del frame.sources[start:]
            frame.sources.append(Source(_alias(node, frame), None))
    else:
        frame.sources.append(_source(node, frame))
    for join in node.args.get("joins") or ():
        join_source(join, frame, start)


def _alias(node: exp.Expr, frame: Frame) -> str | None:
    alias = node.args.get("alias")
    name = alias.this if isinstance(alias, exp.TableAlias) else alias
    return None if name is None else frame.context.fold_table(name)


def _source(node: exp.Expr, frame: Frame) -> Source:
    name = _alias(node, frame)
    if isinstance(node, exp.Table):
        return _table(node, name, frame)
    columns: Columns = None
    if isinstance(node, exp.Lateral):
        columns = frame.context.columns_of(node.this, frame) if isinstance(node.this, exp.Subquery) else None
    elif isinstance(node, exp.Subquery | exp.Values):
        columns = frame.context.columns_of(node, replace(frame, sources=[], merged={}))
    return Source(name, _renamed(columns, node, frame))


def _table(node: exp.Table, name: str | None, frame: Frame) -> Source:
    context = frame.context
    if not isinstance(node.this, exp.Identifier):
        # Nothing is known about other table functions.
        series = isinstance(node.this, exp.GenerateSeries) and context.facts.generate_series_has_values
        columns: Columns = (Value(nullable=False, name=name),) if series else None
        if isinstance(node.this, exp.Anonymous):
            name, columns = name or str(node.this.this).lower(), _function_columns(node.this, context)
        note(node.this, frame)
        return Source(name, _renamed(columns, node, frame))
    table = context.fold_table(node.this)
    name = name or table
    space = node.args.get("db")
    if space is None:
        found, columns = frame.cte(table)
        if found:
            return Source(name, _renamed(columns, node, frame))
    facts = context.catalogue.table(table, None if space is None else context.fold_table(space))
    if facts is None:
        return Source(name, None)
    renamed = _renamed(table_columns(facts, context), node, frame)
    return Source(name, renamed, facts=facts)


def _function_columns(call: exp.Anonymous, context: Context) -> Columns:
    known = context.facts.table_functions.get(str(call.this).lower())
    return None if known is None else tuple(Value(type=type_, name=column) for column, type_ in known.items())


def _renamed(columns: Columns, node: exp.Expr, frame: Frame) -> Columns:
    """The columns, renamed as ``AS t (a, b)`` says."""
    alias = node.args.get("alias")
    names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    if columns is None or not names:
        return columns
    if len(names) > len(columns):
        return None
    fold = frame.context.fold
    renamed = [
        column._replace(name=fold(name.this if isinstance(name, exp.ColumnDef) else name))
        for column, name in zip(columns, names, strict=False)
    ]
    return (*renamed, *columns[len(names) :])


def join_source(join: exp.Join, frame: Frame, start: int) -> None:
    """Add the right side of a join to the frame; its left side begins at source number ``start``."""
    middle = len(frame.sources)
    add_source(join.this, frame)
    end = len(frame.sources)
    side = (join.side or "").upper()
    names = [frame.context.fold(name) for name in join.args.get("using") or ()]
    if join.method == "NATURAL":
        names = _common_names(frame, start, middle)
    merged = {name: _merged(frame, name, start, middle, side) for name in names}
    condition = join.args.get("on")
    # An unmatched row of an outer join does not satisfy the condition.
    if side in ("", "LEFT", "RIGHT"):
        narrow(condition, frame, first={"LEFT": middle}.get(side, start), last=middle if side == "RIGHT" else end)
    if side not in ("", "RIGHT"):
        frame.extend(middle, end)
    if side not in ("", "LEFT"):
        frame.extend(start, middle)
    frame.merged.update({name: (value, start) for name, value in merged.items()})
    note(condition, frame, "condition")


def _common_names(frame: Frame, start: int, middle: int) -> list[str]:
    """The columns that NATURAL joins by."""
    frame.context.spend(sum(len(source.places) for source in frame.sources[middle:]) * (middle - start))
    left, right = frame.sources[start:middle], frame.sources[middle:]
    if any(source.columns is None for source in (*left, *right)):
        # Any column may be a common one: nothing is known about this FROM any more.
        frame.sources[start:] = [replace(source, columns=None) for source in frame.sources[start:]]
        return []
    names = {value.name for source in right for value in source.columns or () if value.name}
    return sorted(name for name in names if any(source.find(name) for source in left))


def _merged(frame: Frame, name: str, start: int, middle: int, side: str) -> Value:
    """The one column that USING or NATURAL makes of two: it may be NULL only if the preserved side's column may be."""
    frame.context.spend(len(frame.sources) - start)
    before, place = frame.merged.get(name, (UNKNOWN, -1))
    if place < start:
        before = _first(frame.sources[start:middle], name)
    after = _first(frame.sources[middle:], name)
    kept = {"": [], "LEFT": [before], "RIGHT": [after]}.get(side, [before, after])
    known = before is not UNKNOWN and after is not UNKNOWN
    nullable = not known or any(value.nullable for value in kept)
    return (after if side == "RIGHT" else before)._replace(nullable=nullable, name=name)


def _first(sources: list[Source], name: str) -> Value:
    found = [value for source in sources if (value := source.find(name)) is not None]
    return found[0] if len(found) == 1 else UNKNOWN


def narrow(condition: exp.Expr | None, frame: Frame, first: int = 0, last: int | None = None) -> None:
    """Note that the columns that a condition compares are not NULL in the rows that satisfy it."""
    end = len(frame.sources) if last is None else last
    for part in flatten(condition):
        for column in _proven(part):
            table, name = names_of(column, frame)
            if frame.here(table, name) is not None:
                frame.prove(table, name, first, end)


def _proven(part: exp.Expr) -> list[exp.Column]:
    """The columns that are not NULL in rows for which this one condition is true."""
    candidates: list[exp.Expr | None] = []
    if isinstance(part, exp.Column):
        candidates = [part]
    elif isinstance(part, exp.Is) and part.args.get("negate") and isinstance(part.expression, exp.Null):
        candidates = [part.this]
    elif isinstance(part, exp.Not) and isinstance(inner := part.this.unnest(), exp.Is):
        # NOT (x IS NOT NULL) means that x is NULL.
        proves = isinstance(inner.expression, exp.Null) and not inner.args.get("negate")
        candidates = [inner.this] if proves else []
    elif isinstance(part, _COMPARISONS) and not _for_all(part.this) and not _for_all(part.expression):
        candidates = [part.this, part.expression]
    elif isinstance(part, exp.Between):
        candidates = [part.this, part.args.get("low"), part.args.get("high")]
    elif isinstance(part, exp.In):
        candidates = [part.this]
    return [item for item in candidates if isinstance(item, exp.Column) and not isinstance(item.this, exp.Star)]


def _for_all(node: exp.Expr) -> bool:
    """Whether it is ``x = ALL (…)``, which is true for an empty list even if x is NULL."""
    return isinstance(node, exp.All) or (isinstance(node, exp.Anonymous) and str(node.this).lower() == "all")
