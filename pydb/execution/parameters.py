"""One statement's parameters on one engine: what the caller gave in, what the driver takes out.

Raises ParameterError for what does not fit, before anything is sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import ref

from pydb.errors import ParameterError, PydbError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.type_words import Json
from pydb.support.escapes import listed
from pydb.values.adapters import Adapter, Unfit, adapter_for, check_parameter
from pydb.values.kinds import Kind

__all__ = ["Adapters", "Binder"]


MAX_CLASSES = 100
"""Of how many classes of the application's a statement keeps the adapters."""


class Adapters(dict[type, Adapter]):
    """The adapter of each type of value, looked up once a type.

    Those of the engine's own types stay; those of the application's classes are kept apart, as long as the class
    lives, and only so many of them: an application may make classes without end.
    """

    def __init__(self, known: Mapping[type, Adapter]) -> None:
        self._known = known
        self._others: dict[ref[type], Adapter] = {}

    def __missing__(self, kind: type) -> Adapter:
        adapter = self._others.get(ref(kind))
        if adapter is None:
            adapter = adapter_for(kind, self._known)
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

    ``kinds`` are those that ``@param`` declares; ``error`` makes an error that says where the statement stands.
    """

    def __init__(
        self,
        definition: Definition,
        known: Mapping[type, Adapter],
        kinds: Mapping[str, Kind],
        error: Callable[[type[PydbError], str, str | None], PydbError],
    ) -> None:
        self.definition, self.kinds = definition, kinds
        self.names = frozenset(definition.parameters)
        self.adapters = Adapters(known)
        self._error = error

    def bind(self, parameters: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """The values as the driver takes them.  Raises ParameterError, with ``where`` before its text."""
        if not isinstance(parameters, Mapping) or parameters.keys() != self.names:
            raise self._wrong_names(parameters, where)
        bound = {}
        name = ""
        try:
            for name, value in parameters.items():
                bound[name] = self.adapt(name, value)
            return bound
        except Unfit as error:
            message = f"{where}parameter {name} is {error}"
        raise self._error(ParameterError, message, "docs/values.md says what each engine holds")

    def adapt(self, name: str, value: Any) -> Any:
        """One parameter's value as the driver takes it, or the list of them for ``IN``.  Raises Unfit."""
        kind = self.kinds.get(name)
        if name in self.definition.sequences:
            items = self.adapt_list(value)
            if kind is not None:
                for item in value:
                    check_parameter(item, kind)
            return items
        if kind is not None:
            check_parameter(value, kind)
            if kind.type is Json and value is not None:
                return self.adapters[dict](value)
        return self.adapters[type(value)](value)

    def adapt_list(self, values: Any) -> list[Any]:
        """The values of a list for ``IN``.  Raises Unfit."""
        if not isinstance(values, (list, tuple, set, frozenset, range)):
            raise Unfit(f"a {type(values).__name__}, where IN takes a list, tuple, set or range")
        if None in values:
            raise Unfit("a list with None: IN never finds NULL, and NOT IN finds nothing beside it")
        if not {list, dict}.isdisjoint(map(type, values)):
            raise Unfit("a list of lists or dicts: IN compares with plain values")
        return [self.adapters[type(value)](value) for value in values]

    def adapt_column(self, name: str, values: Sequence[Any]) -> Sequence[Any]:
        """One parameter's values in many sets, as the driver takes them.  Raises Unfit."""
        kinds = set(map(type, values))
        if name in self.kinds or len(kinds) > 1:
            return [self.adapt(name, value) for value in values]
        kind = kinds.pop()
        if kind is int:
            # All fit when the ends do.
            self.adapters[int](min(values))
            self.adapters[int](max(values))
            return values
        if kind is str:
            # A text fits when its characters do.
            self.adapters[str]("".join(values))
            return values
        if kind is float and math.isfinite(sum(values)):
            # A sum with a NaN or an infinity in it is one itself.
            return values
        return list(map(self.adapters[kind], values))

    def by_name_only(self) -> PydbError:
        """The error of a call with a positional argument."""
        return self._error(ParameterError, "takes its parameters by name only", self._call())

    def _wrong_names(self, parameters: Any, where: str) -> PydbError:
        if not isinstance(parameters, Mapping):
            message = f"{where}a {type(parameters).__name__} is not a mapping of parameters"
            hint = "{" + ", ".join(f'"{name}": …' for name in self.definition.parameters) + "}"
            return self._error(ParameterError, message, f"each set is {hint}")
        parts = []
        if missing := sorted(self.names - parameters.keys()):
            parts.append(f"missing {', '.join(missing)}")
        if unknown := parameters.keys() - self.names:
            parts.append(f"unknown {listed(unknown)}")
        return self._error(ParameterError, f"{where}parameters: {'; '.join(parts)}", self._call())

    def _call(self) -> str:
        arguments = "".join(f", {name}=…" for name in self.definition.parameters)
        return f"{self.definition.name}(conn{arguments})"
