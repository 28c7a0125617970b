"""Call a statement with optional lines: arguments in, the call of their variant out.

A variant is a plain statement with its own runner, which is made at its first call and cached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary, ref

from sqlalchemy import Connection, Engine

from pydb.engines.base import rules_for
from pydb.errors import ParameterError
from pydb.execution.argument_states import ArgumentStates
from pydb.execution.call_log import called
from pydb.execution.core_internals import probe_for
from pydb.execution.dispatcher import MAX_VARIANTS, Dispatcher, VariantCall
from pydb.execution.fast_path import MAX_PARAMETERS, FastCall, fast_call, general_by_position, may_be_generated
from pydb.execution.parameters import BY_NAME_ONLY, Error, call_example, check_known
from pydb.execution.plan import Plan
from pydb.execution.row_words import Run
from pydb.execution.ways import Called, Way
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.refused_calls import wrong_need
from pydb.sqlfile.variants import Key
from pydb.support.absent import ABSENT

__all__ = ["OptionalCalls", "VariantRunner"]


class VariantRunner(Protocol):
    """Runs one variant on one engine; ``pydb.execution.runner`` has the only implementation."""

    definition: Definition

    def prepared(self, conn: Connection) -> tuple[Plan, Run]: ...


class OptionalCalls:
    """The calls of one statement; ``make`` makes a runner from engine and key, ``error`` makes errors."""

    def __init__(self, definition: Definition, make: Callable[[str, Key], VariantRunner], error: Error) -> None:
        self.definition, self.error, self._make = definition, error, make
        self._states = ArgumentStates(definition, error)
        self._needed = [name for name in definition.optional.values() if name.needed]
        self._runners: dict[str, dict[Key, VariantRunner]] = {}

    def runner(self, engine: str, key: Key) -> VariantRunner:
        """The runner of the variant with that key.  Raises ParameterError for a key that no call may have."""
        known = self._runners.setdefault(engine, {})
        found = known.get(key)
        if found is None:
            # No lock, because a child that is forked meanwhile would wait for it forever.  Two threads may make the
            # same runner at the same time, which does no harm; each may exceed the maximum by one.
            if len(known) >= MAX_VARIANTS:
                known.clear()
            found = known[key] = self._make(engine, key)
        return found

    def chosen(self, engine: str, arguments: Mapping[str, Any], *, complete: bool) -> tuple[Key, VariantRunner]:
        """The key of these arguments, and the runner of its variant.  Raises ParameterError if no call may have them.

        ``complete`` says that the arguments must contain every value that the variant needs.
        """
        definition = self.definition
        required = [name for name in definition.parameters if complete and name not in definition.optional]
        check_known(arguments, definition, self.error, required)
        states = self._states.of(arguments)
        key = tuple(states.values())
        runner = self.runner(engine, key)
        for name in self._needed:
            passed = arguments.get(name.name, ABSENT) is not ABSENT
            message = wrong_need(name, definition.forms[engine].lines, states, passed) if passed or complete else ""
            if message:
                hint = f"pass {name.name} if, and only if, its lines are in the statement"
                raise self.error(ParameterError, message, hint)
        return key, runner

    def key_and_values(self, conn: Connection, arguments: Mapping[str, Any]) -> tuple[Key, dict[str, Any]]:
        """The key of a call's arguments, and the arguments that its variant binds."""
        key, runner = self.chosen(_engine_of(conn), arguments, complete=True)
        return key, {name: arguments[name] for name in runner.definition.parameters if name in arguments}

    def prepared(self, conn: Connection, key: Key) -> tuple[Plan, Run]:
        """The plan of a variant for this connection's dialect, and the function that runs it."""
        return self.runner(_engine_of(conn), key).prepared(conn)

    def check_sets(self, sets: tuple[Any, ...]) -> None:
        """Raise ParameterError for a positional argument."""
        if sets:
            raise self.error(ParameterError, BY_NAME_ONLY, call_example(self.definition))

    def dispatcher(self, general_call: FastCall) -> Dispatcher:
        """A new dispatcher without variants."""
        return Dispatcher(self.definition, self._states, general_call)

    def call_for(self, called: Called, way: Way) -> FastCall:
        """The general call of ``called``.  When it can, it replaces itself by a generated function."""
        return _GeneralCall(self, called, way).call


def _engine_of(conn: Connection) -> str:
    """pydb's name of the engine."""
    return rules_for(conn.dialect.name).name


class _GeneralCall:
    """The general call of one statement, and its generated dispatchers, by SQLAlchemy engine."""

    def __init__(self, calls: OptionalCalls, called: Called, way: Way) -> None:
        self._calls, self._called, self._way = calls, called, way
        self._dispatchers: WeakKeyDictionary[Engine, Dispatcher] = WeakKeyDictionary()

    def call(self, given: Any, /, *sets: Any, **arguments: Any) -> Any:
        """Call the variant for these arguments."""
        conn = self._connection(given)
        self._calls.check_sets(sets)
        key, values = self._calls.key_and_values(conn, arguments)
        return self._call_variant(given, key, self._dispatcher(conn).number(arguments), values)

    def _connection(self, given: Any) -> Connection:
        return self._way.connection(given, self._calls.definition, self._calls.error)

    def _call_variant(self, given: Any, key: Key, number: int, values: dict[str, Any]) -> Any:
        dispatcher = self._dispatcher(self._connection(given))
        known = dispatcher.variant(number)
        if known is not None and dispatcher.call is not None and dispatcher.call is not self._called.__call__:
            # The last call was on another engine, whose generated function cannot be used here.
            self._called.__call__ = dispatcher.call
            return known.call(given, *[values.get(name, ABSENT) for name in known.parameters])
        return self._way.run(given, partial(self._run, key, number, values))

    def _run(self, key: Key, number: int, values: dict[str, Any], conn: Connection) -> Any:
        plan, run = self._calls.prepared(conn, key)
        dispatcher = self._dispatcher(conn)
        if dispatcher.variant(number) is None and (made := self._by_position(plan, run, conn.engine, key, number)):
            self._called.__call__ = dispatcher.add(number, VariantCall(made, plan.definition.parameters))
        return called(plan, run, conn, (), values)

    def _dispatcher(self, conn: Connection) -> Dispatcher:
        found = self._dispatchers.get(conn.engine)
        if found is None:
            found = self._dispatchers[conn.engine] = self._calls.dispatcher(self.call)
        return found

    def _by_position(self, plan: Plan, run: Run, engine: Engine, key: Key, number: int) -> FastCall | None:
        """The function that the dispatcher calls for a variant; None if it cannot be made yet."""
        known_engine = ref(engine)

        def again(given: Any, /, **values: Any) -> Any:
            """The general call of the variant, for cases that its generated function does not handle."""
            if self._connection(given).engine is known_engine():
                return self._way.run(given, lambda conn: called(plan, run, conn, (), values))
            return self._call_variant(given, key, number, values)

        if len(self._calls.definition.parameters) > MAX_PARAMETERS:
            return None
        if not may_be_generated(plan) or (self._way.awaits and plan.async_cursors_of is None):
            return general_by_position(plan.definition.parameters, again)
        return fast_call(plan, probe_for(engine), again, awaits=self._way.awaits, by_position=True)
