"""One callable statement: a Definition and a runner in, what Python treats as a function out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Protocol, Self

from pydb.sqlfile.definition import Definition
from pydb.support.escapes import escaped, shortened

if TYPE_CHECKING:
    from sqlalchemy import TextClause


class StatementRunner(Protocol):
    """What makes a definition callable; ``pydb.execution.runner`` has the one implementation."""

    def call_for(self, called: Statement | AsyncCall, /, *, awaits: bool = False) -> Callable[..., Any]:
        """What calling ``called`` does; a faster one is put in its place as the runner learns the statement.

        ``awaits`` says that it is called with Core's AsyncConnection.
        """
        ...

    def text(self, engine: str, arguments: Mapping[str, Any], /) -> TextClause: ...


class _Documentation:
    """The ``__doc__`` of a statement, which ``help()`` shows, and of the class itself."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, statement: Statement | None, owner: type[Statement]) -> str:
        return self._text if statement is None else statement.documentation


class Statement:
    __doc__ = _Documentation(  # pyright: ignore[reportAssignmentType]  # a descriptor, which help() asks
        """A named SQL statement, ready to be called with a Core connection.

    ``statement(conn, **parameters)``; a ``:batch`` statement takes its parameter sets as the second
    positional argument: ``statement(conn, sets)``.  ``rows`` and ``record`` say what is returned.
    Raises ParameterError before anything is sent, DatabaseError when the engine refuses, RowError
    when the rows do not fit.

    ``await statement.aio(conn, **parameters)`` is the same call with a Core AsyncConnection; a ``:stream`` is read by
    ``async for row in statement.aio(conn)``.

    Python's tools treat it as a function: it has a name, a signature and documentation, ``copy`` gives itself, and it
    pickles where its records do, so that a process that is started can be given it.
    """
    )

    __slots__ = ("__call__", "_runner", "aio", "definition")

    if TYPE_CHECKING:  # as a slot's annotation it would be taken for one of the statement's own
        aio: AsyncCall

    def __init__(self, definition: Definition, runner: StatementRunner) -> None:
        self.definition = definition
        self._runner = runner
        # In the instance, not in the class: a method that only passes the call on would cost a tenth of a point read.
        self.__call__: Callable[..., Any] = runner.call_for(self)

    def __repr__(self) -> str:
        shape = f" {self.record}" if self.record else ""
        return escaped(f"<Statement {self.name} :{self.rows}{shape} at {self.file}:{self.line}>")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[type[Statement], tuple[Definition, StatementRunner]]:
        return Statement, (self.definition, self._runner)

    @property
    def __name__(self) -> str:
        """The last part of the full name: ``by_id``."""
        return self.name.rpartition(".")[2]

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there: what a function has, but a class cannot have as a property."""
        if name == "aio":
            # Made when it is first asked for: of many statements that are loaded few are called this way.
            self.aio = AsyncCall(self, self._runner)
            return self.aio
        if name == "__qualname__":
            return self.name
        if name == "__annotations__":
            return {}
        raise AttributeError(f"a statement has no {shortened(name)}", name=name, obj=self)

    @property
    def documentation(self) -> str:
        """The comment lines under the header, how it is called, what it returns and where it is written."""
        returned = " ".join(filter(None, (f":{self.rows}", self.record)))
        call = f"{self.__name__}{self.__signature__}  {returned}\n{self.file}:{self.line}"
        return escaped(f"{self.doc}\n\n{call}" if self.doc else call, keep="\n")

    @property
    def __signature__(self) -> Signature:
        """What ``inspect.signature`` reads: the connection, and the parameters by name.

        One that may be left out has a default: None, False, ``pydb.ABSENT``, or that of a choice.
        """
        conn = Parameter("conn", Parameter.POSITIONAL_ONLY)
        if self.definition.row_word.takes_sets:
            return Signature([conn, Parameter("sets", Parameter.POSITIONAL_ONLY)])
        optional = self.definition.optional
        defaults = {name: optional[name].left_out if name in optional else Parameter.empty for name in self.parameters}
        given = [Parameter(name, Parameter.KEYWORD_ONLY, default=default) for name, default in defaults.items()]
        return Signature([conn, *given])

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

    def text(self, engine: str, /, **arguments: Any) -> TextClause:
        """The Core ``text()`` of this statement for one of ``engine_names()``, with its binds and column types.

        Of a statement with optional lines it has those that a call with these arguments has; values are not bound, so
        that those which a call must have may be left out.  Raises SqlFileError when the statement does not exist on
        that engine, ParameterError for an unknown parameter and for arguments that no call may have.
        """
        return self._runner.text(engine, arguments)


class AsyncCall:
    """A statement's call over Core's AsyncConnection: ``await statement.aio(conn, **parameters)``.

    It takes what the statement takes.  It returns an awaitable of what the statement returns, of a ``:stream`` an
    asynchronous iterator, and raises the same errors.
    """

    __slots__ = ("__call__", "statement")

    def __init__(self, statement: Statement, runner: StatementRunner) -> None:
        self.statement = statement
        self.__call__: Callable[..., Any] = runner.call_for(self, awaits=True)

    def __repr__(self) -> str:
        return f"{repr(self.statement)[:-1]}, asynchronous>"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Statement, str]]:
        return getattr, (self.statement, "aio")

    @property
    def __name__(self) -> str:
        """The last part of the statement's full name: ``by_id``."""
        return self.statement.__name__

    @property
    def __signature__(self) -> Signature:
        """What ``inspect.signature`` reads: that of the statement."""
        return self.statement.__signature__
