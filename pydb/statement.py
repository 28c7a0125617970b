"""Make a statement look like a function to Python: a Definition and a runner in, a callable Statement out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Protocol, Self

from pydb.sqlfile.definition import Definition
from pydb.support.escapes import escaped, shortened

if TYPE_CHECKING:
    from sqlalchemy import TextClause


class StatementRunner(Protocol):
    """The interface that makes a definition callable; ``pydb.execution.runner`` implements it."""

    def call_for(self, called: Statement | AsyncCall, /, *, awaits: bool = False) -> Callable[..., Any]:
        """The function that a call of ``called`` runs; after the first call, the runner replaces it by a faster one.

        ``awaits`` says that the function is called with Core's AsyncConnection.
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
    __doc__ = _Documentation(  # pyright: ignore[reportAssignmentType]  # a descriptor, which help() reads
        """A named SQL statement, ready to be called with a Core connection.

    ``statement(conn, **parameters)``; a ``:batch`` statement takes its parameter sets as the second
    positional argument: ``statement(conn, sets)``.  ``rows`` and ``record`` say what is returned.
    Raises ParameterError before anything is sent, DatabaseError if the engine refuses the statement,
    RowError if the rows do not fit.

    ``await statement.aio(conn, **parameters)`` is the same call with a Core AsyncConnection; a ``:stream`` is read by
    ``async for row in statement.aio(conn)``.

    Python's tools treat it as a function: it has a name, a signature and documentation, ``copy`` returns the same
    object, and it can be pickled if its records can, so that it can be passed to another process.
    """
    )

    __slots__ = ("__call__", "_runner", "aio", "definition")

    if TYPE_CHECKING:  # at run time, Python would read the annotation as the statement's
        aio: AsyncCall

    def __init__(self, definition: Definition, runner: StatementRunner) -> None:
        self.definition = definition
        self._runner = runner
        # In the instance, not in the class: a method that only forwards the call would take a tenth of the time of a
        # point read.
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
        """The attributes that functions have, but a class cannot have as a property; called for missing attributes."""
        if name == "aio":
            # Created at the first use, because few of the loaded statements are called in this way.
            self.aio = AsyncCall(self, self._runner)
            return self.aio
        if name == "__qualname__":
            return self.name
        if name == "__annotations__":
            return {}
        raise AttributeError(f"a statement has no {shortened(name)}", name=name, obj=self)

    @property
    def documentation(self) -> str:
        """The comment lines under the header, the call's signature, what it returns, and its file and line."""
        returned = " ".join(filter(None, (f":{self.rows}", self.record)))
        call = f"{self.__name__}{self.__signature__}  {returned}\n{self.file}:{self.line}"
        return escaped(f"{self.doc}\n\n{call}" if self.doc else call, keep="\n")

    @property
    def __signature__(self) -> Signature:
        """The signature that ``inspect.signature`` returns: the connection, and the parameters by name.

        An optional parameter has a default: None, False, ``pydb.ABSENT``, or the default of a choice.
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
        """The SQL as written: of the shared form, or of the first overlay if there is no shared form."""
        return self.definition.sql

    @property
    def file(self) -> str:
        """The file that contains ``sql``."""
        return self.definition.file

    @property
    def line(self) -> int:
        """The line of the header."""
        return self.definition.line

    def text(self, engine: str, /, **arguments: Any) -> TextClause:
        """The Core ``text()`` of this statement for one of ``engine_names()``, with its binds and column types.

        The text has the optional lines of a call with these arguments.  Values are not bound, so required parameters
        may be left out.  Raises SqlFileError if the statement does not exist on that engine, and ParameterError for an
        unknown parameter or for arguments that no call may have.
        """
        return self._runner.text(engine, arguments)


class AsyncCall:
    """A statement's call on Core's AsyncConnection: ``await statement.aio(conn, **parameters)``.

    It takes the same parameters as the statement and raises the same errors.  It returns an awaitable of the
    statement's result, or for a ``:stream`` an asynchronous iterator.
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
        """The signature that ``inspect.signature`` returns: that of the statement."""
        return self.statement.__signature__
