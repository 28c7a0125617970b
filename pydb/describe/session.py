"""Describe one text of a statement in a database: a Session and a definition in, a DescribedStatement or Refusal out.

Each engine has its own Session.  A session prepares a statement and asks for its columns; it never runs the statement.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pydb.describe.analysis.expansion import HINT, TooManyQueries, check_expansion
from pydb.describe.analysis.parameter_columns import parameter_columns
from pydb.describe.analysis.parameters import Evidence, parameter_evidence
from pydb.describe.analysis.statement_analysis import Analysis, analyse
from pydb.describe.analysis.syntax import analysed_text
from pydb.describe.analysis.value import ALWAYS_NULL, Items, Value
from pydb.describe.catalogue import Catalogue
from pydb.describe.described import (
    DescribedColumn,
    DescribedLevel,
    DescribedParameter,
    DescribedStatement,
    Refusal,
    place_of,
)
from pydb.describe.facts import facts_of
from pydb.describe.levels import described_levels, present_columns
from pydb.describe.traits import traits_of
from pydb.describe.type_mapping import words_of
from pydb.engines import part
from pydb.engines.script_bounds import Bounds
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.rendering import as_written, render
from pydb.sqlfile.tokens import COMMENT, SPACE, STRING
from pydb.sqlfile.type_words import array_item, word_stored_as

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = [
    *("Execute", "Prepared", "RawColumn", "Refused", "Session", "Sessions", "describe_text", "place_of_name"),
    *("common_words", "sessions_of"),
]


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as the engine reports it; ``table`` and ``column`` say where it comes from, if the engine reports that.

    ``depends`` says that its type is the type of a parameter whose values may have several types.
    """

    name: str
    type: str | None
    table: str | None = None
    column: str | None = None
    depends: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """The result of preparing a statement: the columns, and the parameters' types if the engine reports them."""

    columns: tuple[RawColumn, ...]
    parameter_types: Mapping[str, str]


class Refused(Exception):
    """The engine refuses the statement; ``offset`` is the position in the text that was sent, in characters."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


Execute = Callable[[int, str], None]
"""A function that runs one statement of a script, given its line.  It raises Refused, with the line as the offset."""


class Session(Protocol):
    """An open database of one engine.  ``product`` names it with its version: ``PostgreSQL 15.4``."""

    engine: str
    product: str
    catalogue: Catalogue

    def script(self) -> AbstractContextManager[Execute]:
        """A context whose function runs a schema's statements, in a transaction if the engine's DDL allows one."""
        ...

    def script_bounds(self) -> Bounds:
        """The rules for a script that runs in this session."""
        ...

    def ask(self, query: str) -> Sequence[Any]:
        """The rows of a query."""
        ...

    def prepare(self, form: Form, analysis: Analysis) -> Prepared:
        """Prepare a form without running it.  Raises Refused, with an offset in the SQL ``as_written``."""
        ...

    def as_called(
        self, form: Form, analysis: Analysis, prepared: Prepared, parameters: Mapping[str, DescribedParameter]
    ) -> Prepared:
        """``prepared``, with the column types that a call with parameters of these types gets."""
        ...

    def fingerprint(self, spaces: Collection[str] = ()) -> Mapping[str, str]:
        """The definition of each object of the catalogue, by kind and name; equal objects have equal definitions.

        If a database has several schemas, ``spaces`` names those to read in addition to the current one; None means
        all.
        """
        ...

    def settings(self) -> Collection[str]:
        """What decides, besides the schema, how statements are described: settings, and installed extensions."""
        ...

    def elsewhere(self) -> Collection[str]:
        """The names by which a statement can reach something outside the database, such as another database."""
        ...

    def close(self) -> None: ...


class Sessions(ABC):
    """Opens the sessions of one engine."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def scratch(self, url: URL | None) -> AbstractContextManager[Session]:
        """A session in a new, empty database, on the URL's server or in memory.  Raises PydbError."""

    @abstractmethod
    def database(self, url: URL | None) -> AbstractContextManager[URL]:
        """The URL of a new, empty database, on the URL's server or in a file, which exists until the block ends.

        Raises PydbError.
        """

    @abstractmethod
    def existing(self, url: URL) -> Session:
        """A session in an existing database; the session only reads.  Raises PydbError."""


def sessions_of(engine: str) -> Sessions:
    """The ``Sessions`` of the engine of that name.  Raises PydbError for an unknown engine."""
    sessions: Sessions = part(engine, "sessions")
    return sessions


def place_of_name(sql: str, name: str, engine: str) -> int | None:
    """The offset of the first use of a name in a statement; the name may be qualified."""
    tokens = [token for token in tokenize(sql, engine) if token.kind not in (SPACE, COMMENT, STRING)]
    words = [token.text.strip('`"[]').lower() for token in tokens]
    # A name has at most three parts; a name with more points is a quoted word.
    wanted = [part for item in name.lower().split(".")[-3:] for part in (item, ".")][:-1]
    for parts in (wanted, wanted[-1:]):
        for index in range(len(words) - len(parts) + 1):
            if words[index : index + len(parts)] == parts:
                return tokens[index].start
    return None


def describe_text(
    session: Session,
    definition: Definition,
    said: Mapping[str, str] | None = None,
    given: Collection[str] = (),
    *,
    keep_analysis: bool = False,
) -> DescribedStatement | Refusal:
    """Describe the whole text of a statement's form on the session's engine; the statement must have that form.

    ``said`` has the types that the project declares for tables' columns, by ``table.column``.  ``given`` are parameters
    that are not None, even if their places expect NULL.
    """
    form = definition.forms[session.engine]
    try:
        check_expansion(render(form.parts, as_written), session.engine, session.catalogue.sizes)
    except TooManyQueries as error:
        return Refusal(definition, session.engine, form, f"it {error}; {HINT}", form.line, None)
    text = analysed_text(form.parts)
    known = _declared_parameters(definition, session.engine, given)
    analysis = analyse(text, session.catalogue, never_null=known.never_null, parameter_types=known.types)
    try:
        prepared = session.prepare(form, analysis)
    except Refused as refused:
        line, column = place_of(form, refused.offset)
        return Refusal(definition, session.engine, form, refused.message, line, column)
    parameters = _parameters(prepared, definition, session.engine, analysis)
    worked_out = _with_parameters(known, parameters, session.engine)
    again = partial(analyse, text, session.catalogue, tree=analysis.tree)
    if analysis.columns and worked_out != known:
        # What the signature says of a parameter is also true of a result column that returns its value.
        walked, known, context = known, worked_out, analysis.context
        if any(known.of(name) != walked.of(name) for name in context.asked):
            analysis = again(never_null=known.never_null, parameter_types=known.types)
        else:
            context.never_null, context.parameter_types = known
    finite = never_none = analysis
    if any(column.nullable for column in analysis.columns or ()):
        if analysis.context.met_infinity:
            finite = again(never_null=known.never_null, parameter_types=known.types, assume_finite=True)
        if analysis.context.asked & parameters.keys() - known.never_null:
            never_none = again(never_null=parameters, parameter_types=known.types)
    prepared = session.as_called(form, analysis, prepared, parameters)
    columns = _columns(prepared, definition, session.engine, analysis, finite, never_none)
    levels: tuple[DescribedLevel, ...] = ()
    if form.nesting is not None:
        narrowed = partial(analyse, text, session.catalogue, never_null=known.never_null, parameter_types=known.types)
        found = described_levels(form.nesting, [column.name for column in columns])
        columns, levels = present_columns(
            columns, found, analysis, definition.column_types, lambda tree: narrowed(tree=tree)
        )
    if said:
        columns = tuple(
            replace(column, said=_said(said, [(column.table, column.column)], session.catalogue)) for column in columns
        )
        met = parameter_columns(analysis)
        parameters = {
            name: replace(parameter, said=_said(said, met.get(name, ()), session.catalogue))
            for name, parameter in parameters.items()
        }
    traits = traits_of(analysis, definition, form.nesting, columns, levels)
    return DescribedStatement(
        definition,
        session.engine,
        form,
        columns,
        parameters,
        traits,
        levels=levels,
        analysis=analysis if keep_analysis else None,
    )


def _said(
    said: Mapping[str, str], columns: Iterable[tuple[str | None, str | None]], catalogue: Catalogue
) -> str | None:
    """The type that the project declares for these columns, or the columns from which a view's columns come.

    Returns None if there is no such type, or more than one.
    """
    found = set()
    for table, column in columns:
        place = None if table is None or column is None else (table, column)
        while place is not None and ".".join(place).lower() not in said:
            place = catalogue.origin(*place)
        if place is not None:
            found.add(said[".".join(place).lower()])
    return found.pop() if len(found) == 1 else None


class _Parameters(NamedTuple):
    """The parameters that are never None, and the types of those parameters whose type is known."""

    never_null: frozenset[str]
    types: Mapping[str, str]

    def of(self, name: str) -> tuple[bool, str | None]:
        """Whether the parameter is never None, and its type if it is known."""
        return name in self.never_null, self.types.get(name)


def _declared_parameters(definition: Definition, engine: str, given: Collection[str]) -> _Parameters:
    types, declared = facts_of(engine).parameter_types, definition.parameter_types
    never_null = (name for name, type_ in declared.items() if not type_.nullable and type_.name != "any")
    return _Parameters(
        frozenset({*never_null, *given}),
        {name: types[word] for name, type_ in declared.items() if (word := word_stored_as(type_.name)) in types},
    )


def _with_parameters(declared: _Parameters, parameters: Mapping[str, DescribedParameter], engine: str) -> _Parameters:
    """The declared parameters, and for all others what their places show."""
    types = facts_of(engine).parameter_types
    typed = [item for item in parameters.values() if item.words and item.name not in declared.types]
    return _Parameters(
        declared.never_null | {item.name for item in parameters.values() if item.words and not item.nullable},
        {**declared.types, **{item.name: types[word] for item in typed if (word := item.words[0]) in types}},
    )


def _columns(
    prepared: Prepared, definition: Definition, engine: str, analysis: Analysis, finite: Analysis, never_none: Analysis
) -> tuple[DescribedColumn, ...]:
    seen = analysis.columns or ()
    known = analysis.columns is not None and len(seen) == len(prepared.columns)
    values = seen if known else tuple(Value() for _ in prepared.columns)
    columns = [
        _column(raw, value, definition, engine, known) for raw, value in zip(prepared.columns, values, strict=True)
    ]
    never_null = [
        [not value.nullable for value in other.columns or ()] if known else [] for other in (finite, never_none)
    ]
    return tuple(
        replace(
            column,
            unless_infinite=any(never_null[0][index : index + 1]),
            unless_none=any(never_null[1][index : index + 1]),
        )
        if column.nullable
        else column
        for index, column in enumerate(columns)
    )


def _column(raw: RawColumn, value: Value, definition: Definition, engine: str, known: bool) -> DescribedColumn:
    declared = definition.column_types.get(raw.name)
    by_rules = known and facts_of(engine).types is not None
    type_ = (value.type or raw.type) if by_rules else (raw.type or value.type)
    type_ = None if type_ == ALWAYS_NULL or raw.depends else type_ or None
    return DescribedColumn(
        name=raw.name,
        type=type_,
        words=_with_items(words_of(type_, engine), value.items),
        nullable=value.nullable if declared is None else declared.nullable,
        table=raw.table or value.table,
        column=raw.column or value.column,
        certain=known or declared is not None,
    )


def _with_items(words: tuple[str, ...], items: Items) -> tuple[str, ...]:
    """The words of an array, with ``?`` if its items may be NULL; no words if the items may be arrays."""
    if items is Items.VALUES or not any(map(array_item, words)):
        return words
    return () if items is Items.ARRAYS else tuple(f"{word.removesuffix('[]')}?[]" for word in words)


def _parameters(
    prepared: Prepared, definition: Definition, engine: str, analysis: Analysis
) -> dict[str, DescribedParameter]:
    evidence = parameter_evidence(analysis) if definition.parameters else {}
    return {
        name: _parameter(name, prepared.parameter_types.get(name), evidence.get(name, Evidence()), definition, engine)
        for name in definition.parameters
    }


def _parameter(
    name: str, type_: str | None, evidence: Evidence, definition: Definition, engine: str
) -> DescribedParameter:
    asked = (type_,) if type_ is not None else tuple(evidence.types)
    types = asked or (("text",) if evidence.text else ())
    declared = definition.parameter_types.get(name)
    return DescribedParameter(
        name=name,
        types=types,
        words=common_words([words_of(item, engine) for item in types]),
        nullable=evidence.nullable if declared is None else declared.nullable,
        sequence=name in definition.sequences,
        certain=bool(asked),
        declared=None if declared is None else declared.name,
    )


def common_words(choices: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The words that fit every place; the words of the first place if no word fits all."""
    known = [words for words in choices if words]
    if not known:
        return ()
    common = tuple(word for word in known[0] if all(word in words for words in known))
    return common or known[0]
