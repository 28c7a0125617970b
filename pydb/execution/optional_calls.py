"""Calls of a statement with optional lines: arguments in, the call of the variant that they ask for out.

A variant is a plain statement with a runner of its own, which is made when a call first asks for it, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary, ref

from sqlalchemy import Connection, Engine

from pydb.engines.base import rules_for
from pydb.errors import ParameterError
from pydb.execution.argument_states import ArgumentStates
from pydb.execution.call_log import called
from pydb.execution.core_internals import probe_for
from pydb.execution.dispatcher import MAX_VARIANTS, Dispatcher, VariantCall
from pydb.execution.fast_path import MAX_PARAMETERS, FastCall, fast_call, fits, general_by_position
from pydb.execution.parameters import BY_NAME_ONLY, Error, call_example, check_connection, check_known
from pydb.execution.plan import Plan
from pydb.execution.row_words import Run
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.refused_calls import wrong_need
from pydb.sqlfile.variants import Key
from pydb.statement import Statement
from pydb.support.absent import ABSENT

__all__ = ["OptionalCalls", "VariantRunner"]


class VariantRunner(Protocol):
    """What runs one variant on one engine; ``pydb.execution.runner`` has the one implementation."""

    definition: Definition

    def prepared(self, conn: Connection) -> tuple[Plan, Run]: ...


class OptionalCalls:
    """The calls of one statement.  ``make`` makes the runner of a variant, by engine and key; ``error`` an error."""

    def __init__(self, definition: Definition, make: Callable[[str, Key], VariantRunner], error: Error) -> None:
        self._definition, self._make, self._error = definition, make, error
        self._states = ArgumentStates(definition, error)
        self._needed = [name for name in definition.optional.values() if name.needed]
        self._runners: dict[str, dict[Key, VariantRunner]] = {}

    def runner(self, engine: str, key: Key) -> VariantRunner:
        """What runs the variant of that key.  Raises ParameterError for a key that no call may ask for."""
        known = self._runners.setdefault(engine, {})
        found = known.get(key)
        if found is None:
            # No lock: a process that is forked meanwhile would wait for it for ever.  Two threads that make the same
            # one at once do no harm, and each keeps at most one more than there should be.
            if len(known) >= MAX_VARIANTS:
                known.clear()
            found = known[key] = self._make(engine, key)
        return found

    def chosen(self, engine: str, arguments: Mapping[str, Any], *, complete: bool) -> tuple[Key, VariantRunner]:
        """The key of these arguments, and what runs its variant.  Raises ParameterError where there is none.

        ``complete`` says that a value which the variant needs must be among them.
        """
        definition = self._definition
        required = [name for name in definition.parameters if complete and name not in definition.optional]
        check_known(arguments, definition, self._error, required)
        states = self._states.of(arguments)
        key = tuple(states.values())
        runner = self.runner(engine, key)
        for name in self._needed:
            passed = arguments.get(name.name, ABSENT) is not ABSENT
            message = wrong_need(name, definition.forms[engine].lines, states, passed) if passed or complete else ""
            if message:
                hint = f"pass {name.name} where its lines are there, and only there"
                raise self._error(ParameterError, message, hint)
        return key, runner

    def call_for(self, statement: Statement, /) -> FastCall:
        """What calling ``statement`` does: any call.  Where it can, it puts a generated function in its own place."""
        dispatchers: WeakKeyDictionary[Engine, Dispatcher] = WeakKeyDictionary()

        def call(conn: Connection, /, *sets: Any, **arguments: Any) -> Any:
            check_connection(conn, self._definition, self._error)
            if sets:
                raise self._error(ParameterError, BY_NAME_ONLY, call_example(self._definition))
            key, runner = self.chosen(rules_for(conn.dialect.name).name, arguments, complete=True)
            given = {name: arguments[name] for name in runner.definition.parameters if name in arguments}
            return call_variant(conn, key, dispatcher_for(conn).number(arguments), given)

        def call_variant(conn: Connection, key: Key, number: int, given: dict[str, Any]) -> Any:
            check_connection(conn, self._definition, self._error)
            plan, run = self.runner(rules_for(conn.dialect.name).name, key).prepared(conn)
            dispatcher = dispatcher_for(conn)
            known = dispatcher.variant(number)
            if known is None:
                engine = ref(conn.engine)

                def again(conn: Connection, /, **given: Any) -> Any:
                    if getattr(conn, "engine", None) is engine():
                        return called(plan, run, conn, (), given)
                    return call_variant(conn, key, number, given)

                if made := self._by_position(plan, conn.engine, again):
                    statement.__call__ = dispatcher.add(number, VariantCall(made, plan.definition.parameters))
            elif dispatcher.call is not None and dispatcher.call is not statement.__call__:
                # The statement was called on another engine since; what that has generated is of no use here.
                statement.__call__ = dispatcher.call
                return known.call(conn, *[given.get(name, ABSENT) for name in known.parameters])
            return called(plan, run, conn, (), given)

        def dispatcher_for(conn: Connection) -> Dispatcher:
            found = dispatchers.get(conn.engine)
            if found is None:
                found = dispatchers[conn.engine] = Dispatcher(self._definition, self._states, call)
            return found

        return call

    def _by_position(self, plan: Plan, engine: Engine, general_call: FastCall) -> FastCall | None:
        """The function that the dispatcher calls for a variant; None while there is none."""
        if len(self._definition.parameters) > MAX_PARAMETERS:
            return None
        if fits(plan):
            return fast_call(plan, probe_for(engine), general_call, by_position=True)
        return general_by_position(plan.definition.parameters, general_call)
