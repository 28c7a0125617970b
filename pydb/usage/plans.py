"""The plan of a statement: a session in a scratch database and a described statement in; what EXPLAIN prints out.

Nothing is run.  Plans are of calls whose parameters have any value, and have no costs and numbers of rows: those of a
scratch database mean nothing.  A list has two values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from pydb.describe import DescribedStatement, Session
from pydb.describe.session import Refused
from pydb.engines import part

__all__ = ["EnginePlans", "fill_for_plans", "plan_of", "plans_of"]


class EnginePlans(ABC):
    """How one engine explains; each method gets one of its sessions."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def fill(self, session: Any) -> None:  # noqa: B027 most engines need no rows
        """Put rows into the tables of a scratch database, where the plans of empty tables are others."""

    @abstractmethod
    def plan(self, session: Any, described: DescribedStatement) -> str:
        """What EXPLAIN prints.  Raises Refused."""


def _plans(engine: str) -> EnginePlans:
    plans: EnginePlans = part(engine, "plans")
    return plans


def fill_for_plans(session: Session) -> None:
    """Make a scratch database ready for ``plan_of``, once: where an engine looks at the rows of tables, write some.

    Raises PydbError in a database that is not a scratch one.
    """
    _plans(session.engine).fill(session)


def plan_of(session: Session, described: DescribedStatement) -> str:
    """The plan of a statement without optional lines, or of one variant, as lines of text.

    ``no plan: …`` with the engine's message for what it does not explain, as CALL.
    """
    try:
        return _plans(session.engine).plan(session, described)
    except Refused as refused:
        return f"no plan: {refused.message}"


def plans_of(session: Session, described: DescribedStatement) -> Mapping[str, str]:
    """The plans of a statement by what calls its variants, which is empty for a statement without optional lines."""
    return {label: plan_of(session, one) for label, one in (described.variants or {"": described}).items()}
