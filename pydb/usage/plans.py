"""Make the plan of a statement: a session of a scratch database and a described statement in, EXPLAIN's output out.

Nothing is run.  The plans are valid for any values of the parameters; a list has two values.  Costs and numbers of rows
are left out, because they mean nothing in a scratch database.
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
    """The interface to EXPLAIN of one engine; each method gets one of its sessions."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def fill(self, session: Any) -> None:  # noqa: B027 most engines need no rows
        """Insert rows into the tables of a scratch database, if plans of empty tables are different."""

    @abstractmethod
    def plan(self, session: Any, described: DescribedStatement) -> str:
        """The output of EXPLAIN.  Raises Refused."""


def _plans(engine: str) -> EnginePlans:
    plans: EnginePlans = part(engine, "plans")
    return plans


def fill_for_plans(session: Session) -> None:
    """Prepare a scratch database once for ``plan_of``: insert rows if the engine's plans depend on them.

    Raises PydbError for a database that is not a scratch database.
    """
    _plans(session.engine).fill(session)


def plan_of(session: Session, described: DescribedStatement) -> str:
    """The plan of a statement without optional lines, or of one variant, as lines of text.

    If the engine cannot explain the statement, such as CALL, this is ``no plan: …`` with the engine's message.
    """
    try:
        return _plans(session.engine).plan(session, described)
    except Refused as refused:
        return f"no plan: {refused.message}"


def plans_of(session: Session, described: DescribedStatement) -> Mapping[str, str]:
    """The plans of a statement by the labels of its variants; the label is empty without optional lines."""
    return {label: plan_of(session, one) for label, one in (described.variants or {"": described}).items()}
