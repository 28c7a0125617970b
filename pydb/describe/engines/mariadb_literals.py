"""Choose literals in place of a statement's parameters: parameters in, literals as PyMySQL writes them out.

PyMySQL writes the values into the text.  So a column that is computed with a parameter has the type that the literal
gives it: MariaDB reports that ``price * ?`` is a double, but ``price * 1.5`` is a decimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pydb.describe.described import DescribedParameter
from pydb.describe.session import RawColumn
from pydb.describe.type_mapping import words_of
from pydb.sqlfile.type_words import word_stored_as

__all__ = ["agreed", "literals", "with_nulls"]

_INTEGER, _DECIMAL, _FLOAT, _TEXT, _BYTES = "1", "1.0", "1.0e0", "'x'", "_binary X'78'"
NULL = "NULL"

_LITERALS = {
    **dict.fromkeys(("int", "bool"), _INTEGER),
    "Decimal": _DECIMAL,
    "float": _FLOAT,
    "bytes": _BYTES,
    **dict.fromkeys(("date", "datetime", "AwareDatetime"), "'2000-01-01 00:00:00'"),
    **dict.fromkeys(("time", "timedelta"), "'00:00:00'"),
    **dict.fromkeys(("str", "UUID", "json"), _TEXT),
}
"""A literal for a value of each type word."""

_NUMBERS = frozenset({"int", "bool", "Decimal"})
_ANY = (_INTEGER, _DECIMAL, _FLOAT, _TEXT, _BYTES)


def literals(parameters: Mapping[str, DescribedParameter]) -> Iterator[dict[str, str]]:
    """Literals for all parameters; if a parameter's type is unknown, one set of literals for each kind of value."""
    known = {name: _LITERALS.get(word_stored_as(parameter.word or "")) for name, parameter in parameters.items()}
    for kind in _ANY if None in known.values() else _ANY[:1]:
        yield {name: literal or kind for name, literal in known.items()}


def with_nulls(parameters: Mapping[str, DescribedParameter]) -> Iterator[dict[str, str]]:
    """The same, with NULL for each parameter that may be None; nothing if there is no such parameter."""
    missing = {name: NULL for name, found in parameters.items() if found.nullable or found.word is None}
    return ({**values, **missing} for values in literals(parameters)) if missing else iter(())


def agreed(column: RawColumn, types: Sequence[str | None], nulls: Sequence[str | None], engine: str) -> RawColumn:
    """The column with the type that all literals give it; without a type if they give it different types.

    ``nulls`` are the types with NULL among the literals.
    """
    words = [words_of(type_, engine)[:1] for type_ in types]
    if not words or any(word != words[0] for word in words) or not words[0]:
        return replace(column, type=None, depends=True)
    # NULL has no type, and MariaDB reports a computation with it as a double, although its value is NULL.
    ignored = {(), ("float",)} if words[0][0] in _NUMBERS else {()}
    if any(word != words[0] and word not in ignored for word in (words_of(type_, engine)[:1] for type_ in nulls)):
        return replace(column, type=None, depends=True)
    return replace(column, type=types[0])
