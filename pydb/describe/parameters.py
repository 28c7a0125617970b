"""What type does a parameter have?  The walk over a statement goes in; what each parameter's places ask for comes out.

For engines that do not say: the column that the parameter is compared with, stored in or computed with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from pydb.describe import functions
from pydb.describe.expressions import value
from pydb.describe.nullability import Analysis
from pydb.describe.scope import Frame
from pydb.describe.windows import own_nodes

__all__ = ["Evidence", "parameter_evidence"]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv)
_PATTERNS = (exp.Like, exp.ILike, exp.Glob, exp.RegexpLike, exp.SimilarTo, exp.Escape, exp.DPipe, exp.Concat)
_BESIDE = (*(*_COMPARISONS, *_ARITHMETIC, exp.Between, exp.In, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least),)
_PASSING = (exp.Paren, exp.Coalesce, exp.Neg, exp.Case, exp.Nullif, exp.Greatest, exp.Least, exp.Collate, exp.Alias)


@dataclass(slots=True)
class Evidence:
    """The engine types that a parameter's places ask for, and whether one of them expects NULL.

    ``text`` says that a place makes text of whatever it is given, as ``substr(:day, 1, 7)`` does.
    """

    types: list[str] = field(default_factory=list)
    nullable: bool = False
    text: bool = False


def parameter_evidence(analysis: Analysis) -> Mapping[str, Evidence]:
    """The evidence of every parameter that the walk met, by name."""
    found: dict[str, Evidence] = defaultdict(Evidence)
    context = analysis.context
    for clause in context.clauses.values():
        for node in own_nodes(clause.node):
            if isinstance(node, exp.Placeholder):
                _gather(node, clause.node, clause.frame, clause.role, analysis, found[str(node.this)])
    return found


def _gather(
    node: exp.Placeholder, top: exp.Expr, frame: Frame, role: str, analysis: Analysis, evidence: Evidence
) -> None:
    if role == "count":
        evidence.types.append("bigint")
        return
    type_ = _asked(node, top, frame, analysis, evidence)
    if type_ is not None and type_ not in evidence.types:
        evidence.types.append(type_)


def _asked(node: exp.Expr, top: exp.Expr, frame: Frame, analysis: Analysis, evidence: Evidence) -> str | None:
    """The type that the place of ``node`` asks for; notes on the way whether NULL is expected there."""
    stored = analysis.context.assignments.get(id(node))
    if stored is not None:
        evidence.nullable |= stored.target.nullable
        return stored.target.type
    parent = node.parent
    if parent is None or node is top:
        return None
    if isinstance(parent, exp.Is):
        evidence.nullable = True
        return None
    if isinstance(parent, exp.Cast):
        _note_null_test(parent, evidence)
        return str(parent.args["to"].sql()).lower()
    if isinstance(parent, exp.NullSafeEQ | exp.NullSafeNEQ):
        evidence.nullable = True
    if isinstance(parent, exp.Coalesce) and parent.this is node:
        evidence.nullable = True
    if isinstance(parent, _PATTERNS) or type(parent) in functions.TEXT:
        texts = parent.this is node or isinstance(parent, (*_PATTERNS, exp.Replace, exp.Trim))
        evidence.text |= texts
        return None if texts else "bigint"
    sibling = _sibling_type(node, parent, frame)
    if isinstance(parent, (*_PASSING, exp.If)):
        # What the whole is stored in also says whether NULL is expected.
        around = _asked(parent, top, frame, analysis, evidence)
        return sibling or around
    if sibling is not None:
        return sibling
    if isinstance(parent, _ARITHMETIC):
        return _asked(parent, top, frame, analysis, Evidence())
    if isinstance(parent, exp.And | exp.Or | exp.Not):
        return "boolean"
    evidence.text |= isinstance(parent, exp.Length | exp.StrPosition)
    return None


def _note_null_test(cast: exp.Expr, evidence: Evidence) -> None:
    """``CAST(:q AS text) IS NULL`` expects NULL, and so does what COALESCE or IS DISTINCT FROM is given."""
    above = cast.parent
    while isinstance(above, exp.Paren):
        above = above.parent
    if isinstance(above, exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ) or (
        isinstance(above, exp.Coalesce) and above.this is cast
    ):
        evidence.nullable = True


def _sibling_type(node: exp.Expr, parent: exp.Expr, frame: Frame) -> str | None:
    """The type of what the parameter is compared or computed with."""
    if isinstance(parent, exp.Tuple):
        return _beside_in_tuple(node, parent, frame)
    others: list[exp.Expr] = []
    if isinstance(parent, _BESIDE):
        others = [child for child in parent.iter_expressions() if child is not node]
    elif isinstance(parent, exp.Case | exp.If):
        others = _other_branches(node, parent)
    types = [value(other, frame).type for other in others if not isinstance(other, exp.Query)]
    if isinstance(parent, exp.In) and parent.args.get("query") is not None and parent.this is node:
        columns = frame.context.columns_of(parent.args["query"], frame)
        types += [columns[0].type] if columns else []
    elif isinstance(parent, _COMPARISONS):
        types += [value(other, frame).type for other in others if isinstance(other, exp.Subquery)]
    known = [type_ for type_ in types if type_ is not None]
    return known[0] if known else None


def _beside_in_tuple(node: exp.Expr, parent: exp.Tuple, frame: Frame) -> str | None:
    """``(a, b) < (:a, :b)``: the item in the same place."""
    above = parent.parent
    if not isinstance(above, _COMPARISONS):
        return None
    other = above.expression if above.this is parent else above.this
    place = next(index for index, item in enumerate(parent.expressions) if item is node)
    items = other.expressions if isinstance(other, exp.Tuple) else []
    return value(items[place], frame).type if place < len(items) else None


def _other_branches(node: exp.Expr, parent: exp.Expr) -> list[exp.Expr]:
    """The results of a CASE besides this one; or what a simple CASE compares this with."""
    case = parent.parent if isinstance(parent, exp.If) and isinstance(parent.parent, exp.Case) else parent
    if isinstance(parent, exp.If) and parent.this is node:
        return [case.this] if isinstance(case, exp.Case) and case.this is not None else []
    branches = [branch.args.get("true") for branch in case.args.get("ifs") or [case]]
    branches.append(case.args.get("default") or case.args.get("false"))
    return [branch for branch in branches if branch is not None and branch is not node]
