"""Find the types of parameters: an Analysis in, the types that the places of each parameter require out.

It is for engines that do not report the types of parameters.  The type is that of the column or value that the
parameter is compared with, stored in or computed with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

from pydb.describe.analysis import numeric
from pydb.describe.analysis.argument_types import TEXT, asked_type
from pydb.describe.analysis.nullability import typed_value
from pydb.describe.analysis.scope import GIVING_UP, Clause
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.value import ALWAYS_NULL
from pydb.describe.analysis.windows import own_nodes

__all__ = ["Evidence", "parameter_evidence"]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv)
_BESIDE = (*_COMPARISONS, exp.Between, exp.In, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.DateDiff)
_PASSING = (exp.Paren, exp.Coalesce, exp.Neg, exp.Case, exp.Nullif, exp.Greatest, exp.Least, exp.Collate, exp.Alias)
_PASSING_TYPE = (*_ARITHMETIC, exp.Abs, exp.DateAdd, exp.DateSub)
"""Expressions whose result has the type of the operand."""


@dataclass(slots=True)
class Evidence:
    """The engine types that a parameter's places require, and whether one of the places expects NULL.

    ``text`` says that one of the places converts any value to text, as ``substr(:day, 1, 7)`` does.
    """

    types: list[str] = field(default_factory=list)
    nullable: bool = False
    text: bool = False


class _Place(NamedTuple):
    """What one place requires; the fields mean the same as in Evidence."""

    type: str | None
    nullable: bool = False
    text: bool = False


def parameter_evidence(analysis: Analysis) -> Mapping[str, Evidence]:
    """The evidence of every parameter of the statement, by name; an empty mapping if the walk gives up."""
    found: dict[str, Evidence] = defaultdict(Evidence)
    types: dict[tuple[str, str], None] = {}
    try:
        for name, place in _all_places(analysis):
            if place.type is not None:
                types[name, place.type] = None
            evidence = found[name]
            evidence.nullable |= place.nullable
            evidence.text |= place.text
    except GIVING_UP:
        return {}
    for name, type_ in types:
        found[name].types.append(type_)
    return found


def _all_places(analysis: Analysis) -> Iterator[tuple[str, _Place]]:
    """The name of a parameter and what the place requires, for each place of each parameter."""
    for clause in analysis.context.clauses.values():
        places = _Places(clause, analysis)
        for node in own_nodes(clause.node):
            if isinstance(node, exp.Placeholder):
                yield str(node.this), places.of(node)


class _Places:
    """Find what the places in one clause require.

    Results are cached, because a clause may have many parameters in one long list.
    """

    def __init__(self, clause: Clause, analysis: Analysis) -> None:
        self._clause, self._assignments = clause, analysis.context.assignments
        self._places: dict[int, _Place] = {}
        self._types: dict[int, list[tuple[exp.Expr, str]]] = {}

    def of(self, node: exp.Expr) -> _Place:
        """What the place of ``node`` requires.

        Where it requires nothing itself, the place of the enclosing expression decides.
        """
        if self._clause.role == "count":
            return _Place("bigint")
        way: list[tuple[exp.Expr, _Place, bool]] = []
        while id(node) not in self._places:
            place, around, passing = self._look(node)
            if around is None:
                self._places[id(node)] = place
            else:
                way.append((node, place, passing))
                node = around
        found = self._places[id(node)]
        for inner, place, passing in reversed(way):
            found = _Place(
                place.type or found.type,
                place.nullable or (passing and found.nullable),
                place.text or (passing and found.text),
            )
            self._places[id(inner)] = found
        return found

    def _look(self, node: exp.Expr) -> tuple[_Place, exp.Expr | None, bool]:
        """Look at one place, and return three things about it.

        They are what the place requires; the enclosing expression, if that decides the rest; whether NULL passes
        through to it.
        """
        stored = self._assignments.get(id(node))
        if stored is not None:
            return _Place(stored.target.type, stored.target.nullable), None, False
        parent = node.parent
        if parent is None or node is self._clause.node:
            return _Place("boolean" if self._clause.role == "condition" else None), None, False
        if isinstance(parent, exp.Is):
            truth = isinstance(parent.expression, exp.Boolean)
            return _Place("boolean" if truth else None, nullable=True), None, False
        if isinstance(parent, exp.Cast):
            takes_null = _is_null_test(parent) or self._takes_null(parent.parent)
            return _Place(_cast_type(parent), takes_null), None, False
        first = isinstance(parent, exp.Coalesce) and parent.this is node
        nullable = first or isinstance(parent, exp.NullSafeEQ | exp.NullSafeNEQ) or self._takes_null(parent)
        asked = asked_type(node, self._clause.frame.context.facts)
        if asked is not None:
            return _Place(None if asked == TEXT else asked, nullable, asked == TEXT), None, False
        if isinstance(parent, exp.And | exp.Or | exp.Not | exp.Where):
            return _Place("boolean"), None, False
        if isinstance(parent, exp.Case | exp.If) and parent.this is node:
            return _Place(self._as_compared(self._compared_type(node, parent))), None, False
        sibling = self._sibling_type(node, parent)
        if _is_compared(parent):
            sibling = self._as_compared(sibling)
        place = _Place(sibling, nullable)
        if isinstance(parent, (*_PASSING, exp.If)):
            # The column in which the enclosing expression is stored also decides whether NULL is expected.
            return place, parent, True
        return place, parent if sibling is None and isinstance(parent, _PASSING_TYPE) else None, False

    def _sibling_type(self, node: exp.Expr, parent: exp.Expr) -> str | None:
        """The type of the value that the parameter is compared or computed with."""
        if isinstance(parent, exp.Tuple):
            return self._beside_in_tuple(node, parent)
        if isinstance(parent, _ARITHMETIC):
            return self._operand_type(parent.expression if parent.this is node else parent.this)
        if isinstance(parent, exp.Lag | exp.Lead):
            return self._type(parent.this)
        found: str | None = None
        if isinstance(parent, _BESIDE):
            found = self._first_type(node, parent, parent.iter_expressions())
        elif isinstance(parent, exp.Case | exp.If):
            case = parent.parent if isinstance(parent.parent, exp.Case) and isinstance(parent, exp.If) else parent
            found = self._first_type(node, case, _branches(case))
        if found is not None:
            return found
        if isinstance(parent, exp.In) and parent.args.get("query") is not None and parent.this is node:
            return self._column_type(parent.args["query"], 0)
        if isinstance(parent, _COMPARISONS):
            queries = [child for child in parent.iter_expressions() if isinstance(child, exp.Subquery)]
            return next((type_ for query in queries if query is not node and (type_ := self._type(query))), None)
        return None

    def _takes_null(self, node: exp.Expr | None) -> bool:
        """Whether NULL is a usual argument of a function, as for a range without a bound."""
        names = self._clause.frame.context.facts.null_argument_names
        return isinstance(node, exp.Anonymous) and str(node.this).lower() in names

    def _as_compared(self, type_: str | None) -> str | None:
        """The type in which a value must be sent to be compared with a value of this type."""
        name, _, _ = (type_ or "").partition("(")
        return self._clause.frame.context.facts.compared_as.get(name, type_)

    def _operand_type(self, other: exp.Expr) -> str | None:
        """The type of the other operand of an arithmetic operator, if it is numeric.

        A literal has no type here: in ``:x + 1`` the parameter may be any number.
        """
        type_ = None if isinstance(other.unnest(), exp.Literal | exp.Neg) else self._type(other)
        if type_ is None or not numeric.is_numeric(type_):
            return None
        return type_

    def _column_type(self, query: exp.Expr, place: int) -> str | None:
        frame = self._clause.frame
        columns = frame.context.columns_of(query, frame)
        return columns[place].type if columns and place < len(columns) else None

    def _first_type(self, node: exp.Expr, whole: exp.Expr, parts: Iterable[exp.Expr]) -> str | None:
        """The type of the first part that has a type and is not the node.

        For each ``whole`` the first two parts with a type are cached: one of them is not the node.
        """
        if id(whole) not in self._types:
            known = self._types[id(whole)] = []
            for part in parts:
                type_ = None if isinstance(part, exp.Query) else self._type(part)
                if type_ is not None:
                    known.append((part, type_))
                    if len(known) == 2:
                        break
        return next((type_ for part, type_ in self._types[id(whole)] if part is not node), None)

    def _type(self, node: exp.Expr) -> str | None:
        type_ = typed_value(node, self._clause.frame).type
        return None if type_ == ALWAYS_NULL else type_

    def _beside_in_tuple(self, node: exp.Expr, parent: exp.Tuple) -> str | None:
        """The type of the item in the same position of the other tuple: ``a`` for ``:a`` in ``(a, b) < (:a, :b)``."""
        above = parent.parent
        if node.index is None or not isinstance(above, (*_COMPARISONS, exp.In)):
            return None
        query = above.args.get("query") if isinstance(above, exp.In) else None
        other = query or (above.this if above.this is not parent else above.args.get("expression"))
        if isinstance(other, exp.Query):
            return self._column_type(other, node.index)
        items = other.expressions if isinstance(other, exp.Tuple) else []
        return self._type(items[node.index]) if node.index < len(items) else None

    def _compared_type(self, node: exp.Expr, parent: exp.Expr) -> str | None:
        """The type of a condition is boolean; in ``CASE a WHEN b THEN …`` it is the type of the compared values."""
        case = parent.parent if isinstance(parent, exp.If) and isinstance(parent.parent, exp.Case) else parent
        if not isinstance(case, exp.Case) or case.this is None:
            return "boolean"
        compared = [case.this, *(branch.this for branch in case.args["ifs"])]
        return next((type_ for item in compared if item is not node and (type_ := self._type(item))), None)


def _is_compared(parent: exp.Expr) -> bool:
    """Whether an expression compares its parts; the items of a tuple are compared with those of another tuple."""
    around = parent.parent if isinstance(parent, exp.Tuple) else parent
    return isinstance(around, (*_COMPARISONS, exp.Between, exp.In, exp.Nullif))


def _branches(case: exp.Expr) -> Iterator[exp.Expr]:
    """The results of a CASE or an IF."""
    for branch in case.args.get("ifs") or [case]:
        if branch.args.get("true") is not None:
            yield branch.args["true"]
    last = case.args.get("default") or case.args.get("false")
    if last is not None:
        yield last


def _cast_type(cast: exp.Expr) -> str:
    """The type that CAST names, as the engine spells it: sqlglot writes UBIGINT for ``unsigned``."""
    return re.sub(r"^u(?=\w*int\b)", "", cast.args["to"].sql().lower())


def _is_null_test(cast: exp.Expr) -> bool:
    """Whether NULL is expected, as in ``CAST(:q AS text) IS NULL``, COALESCE or IS DISTINCT FROM."""
    inner, above = cast, cast.parent
    while isinstance(above, exp.Paren):
        above = above.parent
    return isinstance(above, exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ) or (
        isinstance(above, exp.Coalesce) and above.this is inner
    )
