"""Explain why columns may be NULL or not: the analysis of one statement in, a phrase for each of its columns out.

The phrases explain the result of the analysis to a person; they change no result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from pydb.describe.analysis import function_facts
from pydb.describe.analysis.nullability import names_of, value
from pydb.describe.analysis.scope import GIVING_UP, Frame, Source
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.value import UNKNOWN, Value

__all__ = ["reasons_of"]

_MAX_DEPTH = 12
"""The maximum depth to which an expression is searched for the reason."""

_LONGEST = 60
"""The maximum number of characters of an expression that a phrase quotes."""


def reasons_of(analysis: Analysis) -> tuple[str, ...]:
    """A phrase for each result column, such as ``users.id is NOT NULL``; empty if nothing is known."""
    if analysis.tree is None or analysis.columns is None:
        return ()
    try:
        found = _of_query(analysis.tree, analysis)
    except GIVING_UP:
        return ()
    return found if len(found) == len(analysis.columns) else ()


def _of_query(node: exp.Expr, analysis: Analysis) -> tuple[str, ...]:
    if isinstance(node, exp.Subquery):
        return _of_query(node.this, analysis)
    if isinstance(node, exp.SetOperation):
        return _of_set(node, analysis)
    frame = analysis.context.frames.get(id(node))
    items = node.expressions if isinstance(node, exp.Select) else _returning(node)
    if frame is None:
        return ()
    reasons: list[str] = []
    for item in items:
        reasons += _of_star(item, frame) if _is_star(item) else [_why(item.unalias(), frame, _MAX_DEPTH)]
    return tuple(reasons)


def _of_set(node: exp.SetOperation, analysis: Analysis) -> tuple[str, ...]:
    """The reasons of the two queries of a UNION: one reason if they agree, else both."""
    left, right = _of_query(node.this, analysis), _of_query(node.expression, analysis)
    return tuple(
        one if one == other or isinstance(node, exp.Except) else f"{one}; other query: {other}"
        for one, other in zip(left, right, strict=False)
    )


def _returning(node: exp.Expr) -> Sequence[exp.Expr]:
    clause = node.args.get("returning")
    return () if clause is None else clause.expressions


def _is_star(item: exp.Expr) -> bool:
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def _of_star(item: exp.Expr, frame: Frame) -> list[str]:
    table = frame.context.fold_table(item.args["table"]) if isinstance(item, exp.Column) else None
    sources = [source for source in frame.sources if table is None or source.name == table]
    return [_of_source(source, column) for source in sources for column in source.columns or ()]


# Expressions.


def _why(node: exp.Expr, frame: Frame, depth: int) -> str:
    """The reason for one expression in one frame."""
    if depth == 0:
        return ""
    if isinstance(node, exp.Paren | exp.Alias | exp.Collate):
        return _why(node.this, frame, depth - 1)
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(node, frame, depth)
    facts = frame.context.facts
    if function_facts.is_aggregate(node, facts):
        return _aggregate(node, frame, depth)
    found = value(node, frame)
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else None
    if type(node) in facts.always or name in facts.always_names:
        return f"{_short(node, frame)} always has a value"
    if type(node) in facts.any_argument:
        return _first_value(node, frame, depth)
    if type(node) in facts.strict or name in facts.strict_names:
        return _operands(node, found, frame, depth)
    return f"nothing is known about {_short(node, frame)}" if found.nullable else f"{_short(node, frame)} has a value"


def _column(node: exp.Expr, frame: Frame, depth: int) -> str:
    assert isinstance(node, exp.Column)
    table, name = names_of(node, frame)
    home = frame.owner(table, name)
    if home is None:
        return f"{_short(node, frame)} is unknown"
    if table is None and name in home.merged:
        found = home.merged[name][0]
        return f"{name} of the joined tables may be NULL" if found.nullable else f"the tables are joined by {name}"
    owners = [source for source in home.sources if table in (None, source.name) and source.find(name) is not None]
    known = [source.find(name) for source in owners]
    if len(owners) != 1 or known[0] is None or known[0] is UNKNOWN:
        return f"{_short(node, frame)} is unknown"
    if home.mode not in ("rows", "groups"):
        if home.mode == "rollup":
            return "it is NULL in the rows of subtotals"
        return "it is selected beside an aggregate, which may be over no rows"
    return _of_source(owners[0], known[0])


def _of_source(source: Source, found: Value) -> str:
    """The reason for a column of one item of FROM."""
    of = found.column if found.table is None else f"{found.table}.{found.column}"
    label = of or f"{source.name or 'the sub-query'}.{found.name}"
    if source.extended:
        return f"an outer join may find no row of {found.table or source.name or 'the sub-query'}"
    facts = source.facts.columns.get(found.column or "") if source.facts is not None else None
    if facts is None:
        whose = f"column {found.name} of {source.name or 'a sub-query'}"
        return f"{whose} may be NULL" if found.nullable else f"{whose} is never NULL"
    if found.nullable:
        return f"{label} may be NULL"
    if facts.nullable:
        return f"a condition leaves out the rows in which {label} is NULL"
    return f"{label} is NOT NULL"


def _literal(node: exp.Expr, frame: Frame, depth: int) -> str:
    return "it is a constant"


def _null(node: exp.Expr, frame: Frame, depth: int) -> str:
    return "it is NULL"


def _placeholder(node: exp.Expr, frame: Frame, depth: int) -> str:
    may = "may be" if str(node.this) not in frame.context.never_null else "is never"
    return f"the parameter :{node.this} {may} None"


def _aggregate(node: exp.Expr, frame: Frame, depth: int) -> str:
    found, name = value(node, frame), _name(node)
    if isinstance(node, exp.Count):
        return "count() always has a value" if not found.nullable else "it is counted in another query"
    if frame.mode != "groups":
        return f"{name}() over no rows is NULL" if found.nullable else f"{name}() also has a value over no rows"
    if not found.nullable:
        return f"each group has a row, and no argument of {name}() is NULL"
    inner = node.this if isinstance(node.this, exp.Expr) else None
    inside = _why(inner.unalias(), frame.over_rows(), depth - 1) if inner is not None and inner.args else ""
    return f"{name}() over only NULLs is NULL" + (f": {inside}" if inside else "")


def _first_value(node: exp.Expr, frame: Frame, depth: int) -> str:
    """The reason for COALESCE and similar functions."""
    found = value(node, frame)
    arguments = [child for child in node.iter_expressions() if isinstance(child, exp.Expr)]
    if found.nullable:
        return f"each argument of {_name(node)}() may be NULL"
    for argument in reversed(arguments):
        if not value(argument, frame).nullable:
            return f"an argument of {_name(node)}() is never NULL: {_short(argument, frame)}"
    return f"{_name(node)}() has a value"


def _operands(node: exp.Expr, found: Value, frame: Frame, depth: int) -> str:
    if not found.nullable:
        return f"no part of {_short(node, frame)} may be NULL"
    for child in node.iter_expressions():
        if isinstance(child, exp.DataType | exp.Var | exp.Identifier):
            continue
        if value(child, frame).nullable:
            return _why(child, frame, depth - 1)
    return f"the engine may return NULL for {_short(node, frame)}"


def _division(node: exp.Expr, frame: Frame, depth: int) -> str:
    for side in (node.this, node.expression):
        if value(side, frame).nullable:
            return _why(side, frame, depth - 1)
    return "a division by zero is NULL" if value(node, frame).nullable else "the divisor is not zero"


def _cast(node: exp.Expr, frame: Frame, depth: int) -> str:
    found, argument = value(node, frame), value(node.this, frame)
    if found.nullable and not argument.nullable:
        return f"CAST may return NULL for a value: {_short(node, frame)}"
    return _why(node.this, frame, depth - 1)


def _case(node: exp.Expr, frame: Frame, depth: int) -> str:
    ifs = node.args.get("ifs") or [node]
    branches = [branch.args["true"] for branch in ifs]
    default = node.args.get("default") or node.args.get("false")
    if default is None:
        return f"{'CASE' if isinstance(node, exp.Case) else 'IF'} has no ELSE"
    for branch in (*branches, default):
        if value(branch, frame).nullable:
            return f"a branch: {_why(branch, frame, depth - 1)}"
    return "every branch has a value"


def _query(node: exp.Expr, frame: Frame, depth: int) -> str:
    if not value(node, frame).nullable:
        return "the sub-query always has one row, with a value"
    inner = node.this if isinstance(node, exp.Subquery) else node
    if not frame.context.one_row(node, frame):
        return "the sub-query may find no row"
    home = frame.context.frames.get(id(inner))
    if home is None or len(inner.expressions) != 1:
        return "the value of the sub-query may be NULL"
    return f"the sub-query: {_why(inner.expressions[0].unalias(), home, depth - 1)}"


def _window(node: exp.Expr, frame: Frame, depth: int) -> str:
    call = node.this
    if isinstance(call, exp.Lag | exp.Lead):
        return f"{_name(call)}() is NULL if that row does not exist"
    found = value(node, frame)
    return f"{_name(call)}() over a window " + ("may be NULL" if found.nullable else "has a value in each row")


def _filter(node: exp.Expr, frame: Frame, depth: int) -> str:
    return "count() always has a value" if isinstance(node.this, exp.Count) else "FILTER may leave no row"


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else type(node).__name__.lower()


def _short(node: exp.Expr, frame: Frame) -> str:
    """The expression in the engine's SQL, shortened if it is long."""
    text = " ".join(node.sql(dialect=frame.context.facts.dialect).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_SPECIAL: dict[type[exp.Expr], Callable[[exp.Expr, Frame, int], str]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: _literal,
    exp.Null: _null,
    exp.Placeholder: _placeholder,
    exp.Div: _division,
    exp.IntDiv: _division,
    exp.Mod: _division,
    exp.Case: _case,
    exp.If: _case,
    exp.Cast: _cast,
    exp.Subquery: _query,
    exp.Select: _query,
    exp.Filter: _filter,
    exp.Window: _window,
}
