"""Make a statement callable: a Definition in, the function that its Statement calls out.

A ``Runner`` belongs to one statement.  It makes one ``Plan`` for each SQLAlchemy dialect, with everything that does not
depend on the call.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, TextClause
from sqlalchemy.engine import Dialect

from pydb.engines import engine_names
from pydb.engines.base import Rules, rules_for
from pydb.errors import NotSupportedError, PydbError, RecordError, SqlFileError
from pydb.execution import call_log
from pydb.execution.core_internals import probe_for
from pydb.execution.fast_path import FastCall, fast_call
from pydb.execution.nested import NestedRows, nested_rows
from pydb.execution.parameters import check_known
from pydb.execution.plan import Plan
from pydb.execution.row_words import Run, run_for
from pydb.execution.statement_types import NO_TYPES, StatementTypes
from pydb.execution.text_clause import clause
from pydb.execution.variant_choice import OptionalCalls
from pydb.execution.ways import Called, way_of
from pydb.sqlfile.definition import Definition, Form, TypeName
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.sqlfile.variants import Key, variant
from pydb.support.escapes import shortened
from pydb.values.adapters import ParameterType
from pydb.values.application_modules import imported
from pydb.values.kinds import Kind, kind_named, kind_of
from pydb.values.nested_records import kinds_by_label
from pydb.values.records import field_kinds

__all__ = ["Runner"]

Failure = TypeVar("Failure", bound=PydbError)

_NONE_YET: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
"""The empty cache that all statements share before their first call: most loaded statements are never called."""


class Runner:
    """Runs one statement on any engine's connections; it pickles with its definition and the names of its records."""

    __slots__ = ("_classes", "_is_variant", "_optional", "_prepared", "_types", "definition")

    def __init__(
        self,
        definition: Definition,
        classes: Mapping[str, type],
        types: StatementTypes | None = None,
        *,
        is_variant: bool = False,
    ) -> None:
        self.definition = definition
        self._classes = classes
        self._types = types or NO_TYPES
        self._is_variant = is_variant
        self._optional = OptionalCalls(definition, self._variant, self.error) if definition.optional else None
        self._prepared: WeakKeyDictionary[Dialect, tuple[Plan, Run]] = _NONE_YET

    def __reduce__(self) -> tuple[type[Runner], tuple[Definition, Mapping[str, type], StatementTypes]]:
        return Runner, (self.definition, self._classes, self._types)

    def call_for(self, called: Called, /, *, awaits: bool = False) -> FastCall:
        """The general call of ``called``.  When it can, it replaces itself by a generated function.

        ``awaits`` says that the call gets Core's AsyncConnection.
        """
        way = way_of(self.definition, awaits=awaits)
        if self._optional is not None:
            return self._optional.call_for(called, way)
        generated: WeakKeyDictionary[Engine, FastCall] = _NONE_YET

        def call(given: Any, /, *sets: Any, **parameters: Any) -> Any:
            conn = way.connection(given, self.definition, self.error)
            known = generated.get(conn.engine)
            if known is not None and known is not called.__call__:
                # The last call was on another engine, whose generated function cannot be used here.
                called.__call__ = known
                return known(given, *sets, **parameters)
            return way.run(given, partial(general, sets, parameters))

        def general(sets: tuple[Any, ...], parameters: dict[str, Any], conn: Connection) -> Any:
            nonlocal generated
            plan, run = self.prepared(conn)
            engine = conn.engine
            if engine not in generated and (made := fast_call(plan, probe_for(engine), call, awaits=awaits)):
                if generated is _NONE_YET:
                    generated = WeakKeyDictionary()
                called.__call__ = generated[engine] = made
            return call_log.called(plan, run, conn, sets, parameters)

        return call

    def prepared(self, conn: Connection) -> tuple[Plan, Run]:
        """The plan for this connection's dialect, and the function that runs it."""
        return self._prepared.get(conn.dialect) or self._prepare(conn)

    def error(self, kind: type[Failure], message: str, hint: str | None) -> Failure:
        definition = self.definition
        place = {"statement_name": definition.name, "file": definition.file, "line": definition.line}
        return kind(message, hint=hint, **place)  # type: ignore[arg-type]

    def text(self, engine: str, arguments: Mapping[str, Any]) -> TextClause:
        """The Core ``text()`` for one engine, with its binds and the optional lines of a call with these arguments.

        Raises ValueError for an unknown engine, SqlFileError if the statement has no form for the engine,
        ParameterError for an unknown parameter and for arguments that no call may have.
        """
        if engine not in engine_names():
            raise ValueError(f"no engine is named {shortened(engine)}    hint: one of {', '.join(engine_names())}")
        form = self._form(engine)
        if self._optional is not None:
            definition = self._optional.chosen(engine, arguments, complete=False)[1].definition
            return clause(definition.name, definition.forms[engine])
        check_known(arguments, self.definition, self.error)
        return clause(self.definition.name, form)

    def _variant(self, engine: str, key: Key) -> Runner:
        self._form(engine)
        return Runner(variant(self.definition, engine, key), self._classes, self._types, is_variant=True)

    def _form(self, engine: str) -> Form:
        definition = self.definition
        if engine not in definition.forms:
            hint = f"it exists on {', '.join(definition.forms)}; write it in a folder {engine}/ to add one"
            raise self.error(SqlFileError, f"has no form for {engine}", hint)
        return definition.forms[engine]

    def _prepare(self, conn: Connection) -> tuple[Plan, Run]:
        definition, dialect, rules = self.definition, conn.dialect, rules_for(conn.dialect.name)
        form = self._form(rules.name)
        if difference := rules.mode_conflict(conn, form):
            raise NotSupportedError(
                difference,
                statement_name=definition.name,
                file=form.file,
                line=form.line,
                hint="use pydb.Database, or give this engine's sessions the modes that Database sets",
            )
        nested = self._nested(form, rules)
        plan = Plan(
            definition=definition,
            form=form,
            dialect=dialect,
            rules=rules,
            record=self._classes.get(definition.record or ""),
            column_kinds=self._column_kinds(rules) if nested is None else kinds_by_label(nested.tree),
            parameter_types=self._parameter_types(rules),
            nested=nested,
            lacks_columns=self._is_variant,
        )
        if self._prepared is _NONE_YET:
            self._prepared = WeakKeyDictionary()
        prepared = self._prepared[dialect] = (plan, run_for(plan))
        return prepared

    def _nested(self, form: Form, rules: Rules) -> NestedRows | None:
        """The records of the levels of nested rows; None for flat rows, and without records."""
        record = self._classes.get(self.definition.record or "")
        if record is None or form.nesting is None:
            return None
        return nested_rows(form.nesting, record, self._classes, rules, self.error)

    def _column_kinds(self, rules: Rules) -> dict[str, Kind]:
        """The kind of each column: from the record's annotation, from ``@column``, or from check."""
        record = self._classes.get(self.definition.record or "")
        if record is None:
            declared = self._kinds(self.definition.column_types)
            # In Core rows, the driver's values stay unchanged if their types are those that check has found.
            as_given = rules.native_words if self.definition.record is None else frozenset()
            found = {name: word for name, word in self._types.columns.items() if word.name not in as_given}
            return {**self._kinds(found), **declared}
        try:
            return field_kinds(record)
        except RecordError as error:
            raise self.error(RecordError, error.message, error.hint) from None

    def _parameter_types(self, rules: Rules) -> dict[str, ParameterType]:
        """The type of each parameter: from ``@param``, or from check."""
        declared, names = self.definition.parameter_types, frozenset(self.definition.parameters)
        found = {name: word for name, word in self._types.parameters.items() if name in names and name not in declared}
        kinds = self._kinds({**found, **declared})
        return {name: ParameterType(kind, name in declared, rules.array) for name, kind in kinds.items()}

    def _kinds(self, names: Mapping[str, TypeName]) -> dict[str, Kind]:
        return {name: self._kind(word) for name, word in names.items()}

    def _kind(self, word: TypeName) -> Kind:
        name = scalar_of(word.name)
        try:
            classes = self._importable(name)
            kind = kind_named(word.name, word.nullable, classes)
        except PydbError as error:
            raise self.error(SqlFileError, f"the type {word.name}: {error.message}", error.hint) from error
        if kind is None:
            module = word.name.rpartition(".")[0]
            hint = f"import {module} before the first call" if module else "write the module too: app.types.Role"
            raise self.error(SqlFileError, f"unknown type {word.name}", hint)
        if name not in SCALARS:
            try:
                kind_of(classes[name])
            except TypeError as error:
                hint = "name an Enum, or a subclass of int, float, str or bytes"
                raise self.error(SqlFileError, f"the type {word.name}: {error}", hint) from None
        return kind

    def _importable(self, name: str) -> dict[str, Any]:
        """The class that a type word names: by its module, or in the modules of the records."""
        module, _, attribute = name.rpartition(".")
        homes = sorted({record.__module__ for record in self._classes.values()})
        # A .sql file alone imports nothing, except modules from the packages of the records.
        if module not in sys.modules and module.partition(".")[0] in {home.partition(".")[0] for home in homes}:
            imported(module)
        for candidate in [module] if module else homes:
            found = getattr(sys.modules.get(candidate), attribute, None)
            if isinstance(found, type):
                return {name: found}
        return {}
