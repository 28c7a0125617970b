"""The nouns between a .sql file and a call: Form, Definition, Statement.  Nothing is read or run here."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Protocol

from pydb.sqlfile.definition import Definition
from pydb.support.escapes import escaped

if TYPE_CHECKING:
    from sqlalchemy import TextClause


class Runner(Protocol):
    """What makes a definition callable; ``pydb.execution.runner`` has the one implementation."""

    def calling(self, statement: Statement, /) -> Callable[..., Any]:
        """What calling the statement does; a faster one is put in its place as the runner learns the statement."""

    def text(self, engine: str) -> TextClause: ...


class Statement:
    """A named SQL statement, ready to be called with a Core connection.

    ``statement(conn, **parameters)``; a ``:batch`` statement takes its parameter sets as the second
    positional argument: ``statement(conn, sets)``.  What comes back is told by ``rows`` and ``record``.
    Raises ParameterError before anything is sent, DatabaseError when the engine refuses, RowError
    when the rows do not fit.
    """

    __slots__ = ("__call__", "_runner", "definition")

    # In the instance, not in the class: a method that only passes the call on would cost a tenth of a point read.
    __call__: Callable[..., Any]

    def __init__(self, definition: Definition, runner: Runner) -> None:
        self.definition = definition
        self._runner = runner
        self.__call__ = runner.calling(self)

    def __repr__(self) -> str:
        shape = f" {self.record}" if self.record else ""
        return escaped(f"<Statement {self.name} :{self.rows}{shape} at {self.file}:{self.line}>")

    @property
    def __signature__(self) -> Signature:
        """What ``inspect.signature`` tells, which looks for a method: the connection, and the parameters by name."""
        conn = Parameter("conn", Parameter.POSITIONAL_ONLY)
        if self.definition.row_word.takes_sets:
            return Signature([conn, Parameter("sets", Parameter.POSITIONAL_ONLY)])
        return Signature([conn, *(Parameter(name, Parameter.KEYWORD_ONLY) for name in self.parameters)])

    @property
    def name(self) -> str:
        """The full name: ``users.by_id``."""
        return self.definition.name

    @property
    def rows(self) -> str:
        """The row word, without its colon: ``maybe``."""
        return self.definition.row_word.value

    @property
    def record(self) -> str | None:
        """The record's name, ``"scalar"``, or None for Core rows."""
        return self.definition.record

    @property
    def doc(self) -> str:
        """The comment lines under the header."""
        return self.definition.doc

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters' names, in the order of their first use."""
        return self.definition.parameters

    @property
    def sql(self) -> str:
        """The SQL as written: the shared form, or else the first overlay's."""
        return self.definition.sql

    @property
    def file(self) -> str:
        """The file that ``sql`` stands in."""
        return self.definition.file

    @property
    def line(self) -> int:
        """The line of the header."""
        return self.definition.line

    def text(self, engine: str) -> TextClause:
        """The Core ``text()`` of this statement for one of ``engine_names()``, with its binds and column types.

        Raises SqlFileError when the statement does not exist on that engine.
        """
        return self._runner.text(engine)
