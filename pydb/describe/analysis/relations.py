"""Find the columns of a query, and which of them may be NULL: a statement's tree in, its columns out."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pydb.describe.analysis import function_facts, numeric
from pydb.describe.analysis.dml import change
from pydb.describe.analysis.nullability import same_text, typed_value
from pydb.describe.analysis.scope import Columns, Ctes, Frame, Source
from pydb.describe.analysis.select_list import outputs
from pydb.describe.analysis.sources import add_source, join_source, narrow, note, remember, walk_inside
from pydb.describe.analysis.value import UNKNOWN, Value, worst
from pydb.describe.analysis.windows import aggregates, home_of, own_nodes

__all__ = ["columns_of", "one_row"]


_ROLES = {"group": "value", "having": "condition", "order": "value", "limit": "count", "offset": "count"}

MAX_ROUNDS = 10
"""The body of a recursive query is analysed at most so often; after that its columns are unknown."""


def columns_of(node: exp.Expr, outer: Frame) -> Columns:
    """The columns of a query, or of RETURNING; None if they are unknown.

    The result is cached for each state of the frames around the query.  Without the cache, each level of nesting would
    double the number of walks.
    """
    context = outer.context
    key = (id(node), *outer.state())
    if key not in context.walked:
        context.seen.add(id(node))
        columns = context.walked[key] = _columns_of(node, outer)
        context.spend(1 + len(columns or ()))
    return context.walked[key]


def _columns_of(node: exp.Expr, outer: Frame) -> Columns:
    frame = Frame(outer.context, outer)
    _add_ctes(node, frame)
    if isinstance(node, exp.Subquery):
        return columns_of(node.this, frame)
    if isinstance(node, exp.SetOperation):
        return _set_operation(node, frame)
    if isinstance(node, exp.Values):
        return _values(node, frame)
    if isinstance(node, exp.Select):
        return _select(node, frame)
    if isinstance(node, exp.Insert | exp.Update | exp.Delete):
        return change(node, frame)
    note(node, frame)
    return None


# WITH.


def _add_ctes(node: exp.Expr, frame: Frame) -> None:
    clause = node.args.get("with_")
    if clause is None:
        return
    context = frame.context
    # Without RECURSIVE, a name in its own body usually means a table of that name.
    recursive = bool(clause.args.get("recursive")) or context.facts.every_cte_may_recurse
    names = [context.fold_table(cte.args["alias"].this) for cte in clause.expressions]
    known: dict[str, Columns] = {}
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    for place, (name, cte) in enumerate(zip(names, clause.expressions, strict=True)):
        inner = Frame(context, frame.parent, Ctes(known, places, place, recursive))
        columns = _recursive(cte, inner) if recursive and _mentions(cte.this, name, frame) else _cte(cte, inner)
        extra = {key for key, argument in cte.args.items() if argument} - {"this", "alias", "materialized"}
        known[name] = None if extra else columns
    frame.ctes = Ctes(known, places, len(names), recursive)


def _cte(cte: exp.Expr, frame: Frame) -> Columns:
    return _named(columns_of(cte.this, frame), cte, frame)


def _named(columns: Columns, cte: exp.Expr, frame: Frame) -> Columns:
    names = cte.args["alias"].args.get("columns")
    if columns is None or not names:
        return columns
    if len(names) != len(columns):
        return None
    return tuple(column._replace(name=frame.context.fold(name)) for column, name in zip(columns, names, strict=True))


def _mentions(node: exp.Expr, name: str, frame: Frame) -> bool:
    return any(
        isinstance(table.this, exp.Identifier) and frame.context.fold_table(table.this) == name
        for table in node.find_all(exp.Table)
    )


def _recursive(cte: exp.Expr, frame: Frame) -> Columns:
    """The columns of a recursive query: those of its first branch, made worse until another round changes nothing."""
    body = cte.this
    columns = _named(columns_of(_anchor(body), frame), cte, frame)
    if columns is None:
        return None
    columns = _counters(columns, body, frame)
    # Each round but the last makes at least one column worse.
    for _ in range(MAX_ROUNDS):
        assert frame.ctes is not None
        frame.ctes = replace(frame.ctes, own=columns)
        after = _named(columns_of(body, frame), cte, frame)
        if after is None or len(after) != len(columns):
            return None
        worse = tuple(_worse(old, new, frame) for old, new in zip(columns, after, strict=True))
        if worse == columns:
            return columns
        columns = worse
    return tuple(UNKNOWN._replace(name=column.name) for column in columns)


def _anchor(body: exp.Expr) -> exp.Expr:
    while isinstance(body, exp.SetOperation):
        body = body.this
    return body


def _worse(old: Value, new: Value, frame: Frame) -> Value:
    types = frame.context.facts.types
    sized = old.magnitude is not None and new.magnitude is not None and new.magnitude <= old.magnitude
    return old._replace(
        nullable=old.nullable or new.nullable,
        kind=old.kind if old.kind == new.kind else None,
        magnitude=old.magnitude if sized else None,
        type=old.type if old.type == new.type else None if types is None else types.combined((old, new)),
        table=None,
        column=None,
    )


def _counters(columns: tuple[Value, ...], body: exp.Expr, frame: Frame) -> tuple[Value, ...]:
    """The columns; one to which each round only adds a constant, as in ``depth + 1``, gets a finite magnitude."""
    branches: list[exp.Expr] = []
    while isinstance(body, exp.SetOperation):
        branches.append(body.expression)
        body = body.this
    return tuple(
        column._replace(magnitude=1e200)
        if column.magnitude is not None
        and column.magnitude < 1e100
        and all(_counts(branch, index, column, frame) for branch in branches)
        else column
        for index, column in enumerate(columns)
    )


def _counts(branch: exp.Expr, index: int, column: Value, frame: Frame) -> bool:
    if not isinstance(branch, exp.Select) or index >= len(branch.expressions):
        return False
    step = branch.expressions[index].unalias()
    if not isinstance(step, exp.Add | exp.Sub) or not isinstance(step.this, exp.Column):
        return False
    # 1e200 + 1e100 is 1e200 as a float: however many rounds there are, such a column does not exceed 1e200.
    small = numeric.is_number(step.expression) and float(step.expression.name) < 1e100
    return small and frame.context.fold(step.this.this) == column.name


# Queries.


def _set_operation(node: exp.SetOperation, frame: Frame) -> Columns:
    # A chain of UNIONs is walked in a loop from its first query, because its tree is as deep as the chain is long.
    chain = [node]
    while isinstance(chain[-1].this, exp.SetOperation) and chain[-1].this.args.get("with_") is None:
        chain.append(chain[-1].this)
    columns = columns_of(chain[-1].this, frame)
    for operation in reversed(chain):
        columns = _of_both(operation, columns, columns_of(operation.expression, frame), frame)
        for key in ("order", "limit", "offset"):
            note(operation.args.get(key), frame, "count" if key != "order" else "value")
    return columns


def _of_both(node: exp.SetOperation, left: Columns, right: Columns, frame: Frame) -> Columns:
    if left is None or right is None or len(left) != len(right):
        return None
    pairs = zip(left, right, strict=True)
    if isinstance(node, exp.Except):
        return tuple(_combined(one, other, one.nullable, frame) for one, other in pairs)
    if isinstance(node, exp.Intersect):
        return tuple(_combined(one, other, one.nullable and other.nullable, frame) for one, other in pairs)
    return tuple(_combined(one, other, one.nullable or other.nullable, frame) for one, other in pairs)


def _combined(one: Value, other: Value, nullable: bool, frame: Frame) -> Value:
    if frame.context.facts.mixing_types_may_give_null and "other" in (one.kind, other.kind) and one.type != other.type:
        nullable = True  # A text that is not a UUID becomes NULL in a column of UUIDs.
    sized = one.magnitude is not None and other.magnitude is not None
    types = frame.context.facts.types
    return Value(
        nullable=nullable,
        kind=one.kind if one.kind == other.kind else None,
        magnitude=max(one.magnitude or 0.0, other.magnitude or 0.0) if sized else None,
        type=numeric.promoted((one.type, other.type)) if types is None else types.combined((one, other)),
        name=one.name,
        items=worst((one.items, other.items)),
    )


def _values(node: exp.Values, frame: Frame) -> Columns:
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
    note(node, frame)
    if len({len(row) for row in rows}) != 1:
        return None
    columns = [tuple(typed_value(item, frame) for item in row) for row in rows]
    prefix = frame.context.facts.values_column
    result = columns[0]
    for other in columns[1:]:
        pairs = zip(result, other, strict=True)
        result = tuple(_combined(one, two, one.nullable or two.nullable, frame) for one, two in pairs)
    return tuple(
        column._replace(table=None, column=None, name=prefix.format(index) if prefix else None)
        for index, column in enumerate(result, 1)
    )


def _select(node: exp.Select, frame: Frame) -> Columns:
    context = frame.context
    context.frames[id(node)], frame.node = frame, node
    clause = node.args.get("from_")
    if clause is not None:
        add_source(clause.this, frame)
    for join in node.args.get("joins") or ():
        join_source(join, frame, 0)
    if any(node.args.get(key) for key in ("laterals", "pivots", "match", "connect")):
        frame.sources.append(Source(None, None))
    frame.windows = {context.fold(window.this): window for window in node.args.get("windows") or ()}
    condition = node.args.get("where")
    if condition is not None:
        narrow(condition.this, frame)
        note(condition.this, frame, "condition")
    clauses = [(item, "value") for item in node.expressions]
    clauses += [(node.args.get(key), role) for key, role in _ROLES.items()]
    for item, role in clauses:
        remember(item, frame, role)
    frame.mode, frame.keys = _mode(node, frame)
    columns = None
    if frame.mode != "rows" or id(node) not in context.claimed:
        columns = outputs(node.expressions, frame)
    if frame.mode == "rows" and id(node) in context.claimed:
        frame.mode = "all"
        columns = outputs(node.expressions, frame)
    # ``outputs`` has already walked the queries inside the select list.
    for item, _ in clauses:
        walk_inside(item, frame)
    return columns


def _mode(node: exp.Select, frame: Frame) -> tuple[str, frozenset[str]]:
    """The ``mode`` of the query's frame, and the grouping keys of a ROLLUP."""
    facts = frame.context.facts
    group = node.args.get("group")
    if group is None:
        places = [*node.expressions, node.args.get("having"), node.args.get("order")]
        found = [call for place in places if place is not None for call in aggregates(place, facts)]
        return ("all" if found or node.args.get("having") is not None else "rows"), frozenset()
    rolled = (exp.Rollup, exp.Cube, exp.GroupingSets)
    special = any(group.args.get(key) for key in ("rollup", "cube", "grouping_sets", "totals", "all"))
    if not special and not any(isinstance(item, rolled) for item in group.expressions):
        # GROUP BY () makes one group, even of no rows.
        empty = any(isinstance(item, exp.Tuple) and not item.expressions for item in group.expressions)
        return ("all" if empty or not group.expressions else "groups"), frozenset()
    keys = {same_text(item, frame) for item in own_nodes(group) if not isinstance(item, (exp.Group, *rolled))}
    bare = {key.strip('"') for key in keys}
    for position, item in enumerate(node.expressions, 1):
        if str(position) in keys or (isinstance(item, exp.Alias) and frame.context.fold(item.args["alias"]) in bare):
            keys.add(same_text(item.unalias(), frame))
            bare.add(same_text(item.unalias(), frame).strip('"'))
    return "rollup", frozenset(keys)


def one_row(node: exp.Expr, frame: Frame) -> bool:
    """Whether a query always has exactly one row: an aggregate without GROUP BY, or a SELECT without FROM."""
    while isinstance(node, exp.Subquery):
        node = node.this
    if not isinstance(node, exp.Select):
        return False
    if any(node.args.get(key) for key in ("group", "having", "limit", "offset")):
        return False
    if node.args.get("from_") is None:
        return node.args.get("where") is None and not _makes_rows(node, frame)
    own = frame.context.frames.get(id(node))
    calls = [call for item in node.expressions for call in aggregates(item, frame.context.facts)]
    certain = any(home_of(call, own) is own for call in calls if own and not isinstance(call, exp.Anonymous))
    return certain and not _makes_rows(node, frame)


def _makes_rows(node: exp.Select, frame: Frame) -> bool:
    """Whether a function of the select list may return several rows; an unknown function may."""
    facts = frame.context.facts
    if not facts.functions_may_make_rows:
        return False
    return any(
        isinstance(item, exp.Func) and not function_facts.is_known(item, facts)
        for expression in node.expressions
        for item in expression.walk()
    )
