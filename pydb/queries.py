"""Load statements: a folder of .sql files in, its callable Statements by name out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from types import ModuleType
from typing import Any, NoReturn, Self

from pydb.errors import NoSuchStatement
from pydb.execution.runner import Runner
from pydb.execution.statement_types import TypeTable, types_of
from pydb.sqlfile.load_cache import load_definitions
from pydb.statement import Statement
from pydb.support.escapes import shortened
from pydb.support.plurals import number_of
from pydb.support.suggestions import nearest
from pydb.values.records import records_by_name


class Queries:
    """The statements of a folder, by name: ``queries.users.by_id``, ``queries["users.by_id"]``.

    Iteration returns the Statements in file order.  A file or sub-folder, ``queries.users``, is a Queries too.
    """

    __slots__ = ("__dict__", "_name", "_statements")

    _name: str
    _statements: dict[str, Statement]

    def __init__(self, statements: Iterable[Statement], name: str = "") -> None:
        set_ = object.__setattr__
        set_(self, "_name", name)
        set_(self, "_statements", {statement.name: statement for statement in statements})
        groups: dict[str, list[Statement]] = {}
        for statement in self:
            key, dot, _ = statement.name.removeprefix(f"{name}." if name else "").partition(".")
            groups.setdefault(key, []).append(statement)
            if not dot:
                self.__dict__[key] = statement
        for key, group in groups.items():
            if key not in self.__dict__:
                self.__dict__[key] = Queries(group, f"{name}.{key}" if name else key)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[type[Queries], tuple[tuple[Statement, ...], str]]:
        return Queries, (tuple(self), self._name)

    def __getattr__(self, name: str) -> Any:
        """Raise AttributeError: called only for missing attributes.  The type is Any, for ``queries.users.by_id``."""
        if name.startswith("_"):
            raise AttributeError(name)
        where = self._name or "the queries"
        hint = nearest(name, self.__dict__) or f"there are {', '.join(self.__dict__) or 'none'}"
        raise AttributeError(f"{where} has no {shortened(name)}    hint: {hint}", name=name, obj=self)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"queries cannot be changed: {shortened(name)}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"queries cannot be changed: {shortened(name)}")

    def __getitem__(self, name: str) -> Statement:
        """The statement with that full name.  Raises NoSuchStatement, a KeyError."""
        statement = self._statements.get(name)
        if statement is None:
            hint = (isinstance(name, str) and nearest(name, self._statements)) or "pydb list shows all names"
            raise NoSuchStatement(f"there is no statement {shortened(name)}", hint=hint)
        return statement

    def __contains__(self, name: object) -> bool:
        return name in self._statements

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements.values())

    def __len__(self) -> int:
        return len(self._statements)

    def __repr__(self) -> str:
        return f"<Queries {self._name + ': ' if self._name else ''}{number_of(len(self), 'statement')}>"


def load(
    path: str | PathLike[str], *, records: Iterable[type] | ModuleType = (), types: TypeTable | None = None
) -> Queries:
    """Load a folder of .sql files, or one file, as callable statements.

    ``records`` are the dataclasses that headers name, or a module that contains them; without records, rows are Core
    ``Row``s.  ``types`` are the types of parameters and columns that check has found, as ``pydb generate`` writes
    them; directives override them.  Raises SqlFileError if a file breaks the format or names a record that is not in
    ``records``.
    """
    classes = records_by_name(records)
    definitions = load_definitions(path, frozenset(classes) if classes else None)
    return Queries(
        Statement(definition, Runner(definition, classes, types_of(types, definition.name)))
        for definition in definitions
    )
