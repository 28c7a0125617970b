"""Adapt one statement's parameters for one engine: the caller's values in, the driver's values out.

Raises ParameterError for wrong names and unsuitable values, before anything is sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any
from weakref import ref

from sqlalchemy import Connection

from pydb.errors import ParameterError, PydbError
from pydb.sqlfile.definition import Definition
from pydb.support.absent import ABSENT, Absent
from pydb.support.escapes import listed
from pydb.values.adapters import Adapter, ParameterType, Unfit, adapter_for

__all__ = ["BY_NAME_ONLY", "Adapters", "Binder", "Error", "call_example", "check_connection", "check_known"]


Error = Callable[[type[PydbError], str, str | None], PydbError]
"""A function that makes an error with the statement's file and line."""

MAX_CLASSES = 100
"""The maximum number of the application's classes whose adapters a statement caches."""


class Adapters(dict[type, Adapter]):
    """The adapter for each type of value; ``made`` makes an adapter at the first value of a type.

    Adapters of the engine's types are permanent.  Those of the application's classes are cached separately, while the
    class exists and up to a maximum: an application may create any number of classes.
    """

    def __init__(self, known: Mapping[type, Adapter], made: Callable[[type], Adapter]) -> None:
        self._known, self._made = known, made
        self._others: dict[ref[type], Adapter] = {}

    def __missing__(self, kind: type) -> Adapter:
        if kind is Absent:
            raise Unfit("pydb.ABSENT, which is not a value")
        adapter = self._others.get(ref(kind))
        if adapter is None:
            adapter = self._made(kind)
            if kind in self._known:
                self[kind] = adapter
            else:
                if len(self._others) >= MAX_CLASSES:
                    self._others.clear()
                self._others[ref(kind, self._forget)] = adapter
        return adapter

    def _forget(self, kind: ref[type]) -> None:
        self._others.pop(kind, None)


class Binder:
    """Checks and adapts the parameters of one statement.

    ``types`` are those that ``@param`` declares or check has found; ``error`` makes an error that contains the
    statement's file and line.
    """

    def __init__(
        self,
        definition: Definition,
        known: Mapping[type, Adapter],
        types: Mapping[str, ParameterType],
        error: Error,
    ) -> None:
        self.definition = definition
        self.names = frozenset(definition.parameters)
        self.adapters = Adapters(known, partial(adapter_for, adapters=known))
        self.typed = {
            name: Adapters(known, partial(type_.adapter, adapters=self.adapters)) for name, type_ in types.items()
        }
        self._error = error

    def bind(self, parameters: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """The driver's values.  Raises ParameterError, with ``where`` before its message."""
        if not isinstance(parameters, Mapping) or parameters.keys() != self.names:
            raise self._wrong_names(parameters, where)
        bound = {}
        name, value = "", None
        try:
            for name, value in parameters.items():
                bound[name] = self.adapt(name, value)
            return bound
        except Unfit as error:
            message = f"{where}parameter {name} is {error}"
        if value is ABSENT:
            raise self._wrong_names(parameters, where)
        raise self._error(ParameterError, message, "pass a value that the engine can store without change")

    def adapters_of(self, name: str) -> Adapters:
        """The adapters of one parameter's values."""
        return self.typed.get(name, self.adapters)

    def adapt(self, name: str, value: Any) -> Any:
        """The driver's value of one parameter, or its list of values for ``IN``.  Raises Unfit."""
        adapters = self.adapters_of(name)
        return adapt_list(value, adapters) if name in self.definition.sequences else adapters[type(value)](value)

    def adapt_column(self, name: str, values: Sequence[Any]) -> Sequence[Any]:
        """The driver's values of one parameter in many sets.  Raises Unfit."""
        kinds, adapters = set(map(type, values)), self.adapters_of(name)
        if name in self.definition.sequences or len(kinds) > 1:
            return [self.adapt(name, value) for value in values]
        kind = kinds.pop()
        adapter = adapters[kind]
        if adapter is not self.adapters[kind]:
            return list(map(adapter, values))
        if kind is int:
            # All values are in range if the smallest and the largest are.
            self.adapters[int](min(values))
            self.adapters[int](max(values))
            return values
        if kind is str:
            # A text is valid if its characters are.
            self.adapters[str]("".join(values))
            return values
        if kind is float and math.isfinite(sum(values)):
            # The sum is not finite if a value is NaN or infinite.
            return values
        return list(map(adapter, values))

    def by_name_only(self) -> PydbError:
        """The error of a call with a positional argument."""
        return self._error(ParameterError, BY_NAME_ONLY, call_example(self.definition))

    def _wrong_names(self, parameters: Any, where: str) -> PydbError:
        if not isinstance(parameters, Mapping):
            message = f"{where}a {type(parameters).__name__} is not a mapping of parameters"
            hint = "{" + ", ".join(f'"{name}": …' for name in self.definition.parameters) + "}"
            return self._error(ParameterError, message, f"each set is {hint}")
        message = f"{where}{_wrong_names(self.names, self.names, parameters)}"
        return self._error(ParameterError, message, call_example(self.definition))


BY_NAME_ONLY = "takes its parameters by name only"


def _wrong_names(required: Collection[str], known: Collection[str], given: Mapping[str, Any]) -> str:
    """The message for missing and unknown names among the parameters that a caller passes."""
    parts = []
    passed = {name for name, value in given.items() if value is not ABSENT}
    if missing := sorted(set(required) - passed):
        parts.append(f"missing {', '.join(missing)}")
    if unknown := given.keys() - set(known):
        parts.append(f"unknown {listed(unknown)}")
    return f"parameters: {'; '.join(parts)}"


def check_connection(given: object, definition: Definition, error: Error) -> None:
    """Raise ParameterError if ``given`` is not a SQLAlchemy Connection."""
    if not isinstance(given, Connection):
        message = f"takes a SQLAlchemy Connection first, not a {type(given).__name__}"
        hint = f"with db.begin() as conn: {definition.name}(conn, …)"
        if isinstance(getattr(given, "sync_connection", None), Connection):
            hint = f"await {definition.name}.aio(conn, …), or await conn.run_sync({definition.name}, …)"
        raise error(ParameterError, message, hint)


def check_known(given: Mapping[str, Any], definition: Definition, error: Error, required: Collection[str] = ()) -> None:
    """Raise ParameterError for an unknown parameter; the error also names the ``required`` ones that are missing."""
    if given.keys() - set(definition.parameters):
        raise error(ParameterError, _wrong_names(required, definition.parameters, given), call_example(definition))


def call_example(definition: Definition) -> str:
    """An example of a call of the statement, for hints; its name has no suffix of a variant."""
    arguments = "".join(f", {name}=…" for name in definition.parameters if name not in definition.optional)
    optional = f"; may be left out: {', '.join(definition.optional)}" if definition.optional else ""
    return f"{definition.name.partition('[')[0]}(conn{arguments}){optional}"


def adapt_list(values: Any, adapters: Mapping[type, Adapter]) -> list[Any]:
    """The values of a list for ``IN``.  Raises Unfit."""
    if not isinstance(values, (list, tuple, set, frozenset, range)):
        raise Unfit(f"a {type(values).__name__}, where IN takes a list, tuple, set or range")
    if None in values:
        raise Unfit("a list with None: IN never matches NULL, and NOT IN with a NULL matches nothing")
    if not {list, dict}.isdisjoint(map(type, values)):
        raise Unfit("a list of lists or dicts: IN compares with plain values")
    return [adapters[type(value)](value) for value in values]
