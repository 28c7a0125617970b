"""Find the state of each optional name in a call: the arguments in; the states, which are the key of a variant, out.

A state is always a fixed word or one of the words in the statement's marks.  A key never contains text from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydb.errors import ParameterError
from pydb.execution.parameters import Error
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.optional_lines import GIVEN, LEFT_OUT, NULL, TRUE, NameKind, OptionalName
from pydb.sqlfile.variants import key_names
from pydb.support.absent import ABSENT

__all__ = ["ArgumentStates"]


class ArgumentStates:
    """The states of one statement's arguments."""

    def __init__(self, definition: Definition, error: Error) -> None:
        self.names = key_names(definition)
        self._error = error

    def of(self, arguments: Mapping[str, Any]) -> dict[str, str]:
        """The state of each name of the key, in order.  Raises ParameterError for a wrong flag or choice."""
        return {name.name: self.state(name, arguments.get(name.name, ABSENT)) for name in self.names}

    def state(self, name: OptionalName, value: Any) -> str:
        """The state of one argument.  Raises ParameterError for a wrong flag or choice."""
        if value is ABSENT:
            return name.states[0]
        if name.kind is NameKind.CHOICE:
            return self._chosen(name, value)
        if name.kind is NameKind.FLAG:
            return self._flag(name, value)
        if value is None:
            return NULL if NULL in name.states else LEFT_OUT
        return GIVEN

    def _flag(self, name: OptionalName, value: Any) -> str:
        if value is True:
            return TRUE
        if value is False or value is None:
            return LEFT_OUT
        raise self._error(ParameterError, f"{name.name} must be True or False", f"if left out, {name.name} is False")

    def _chosen(self, name: OptionalName, value: Any) -> str:
        if value is None:
            return name.states[0]
        if issubclass(type(value), Enum):
            value = value.value
        # A subclass of str may define its own equality, so its text is compared.
        word = str.__str__(value) if issubclass(type(value), str) else None
        for state in name.values:
            if state == word:
                return state
        *others, last = name.values
        wanted = f"{', '.join(others)} or {last}" if others else last
        hint = "pass a str, or an Enum member with that value"
        raise self._error(ParameterError, f"{name.name} must be {wanted}", hint)
