"""Describe one statement with its variants: a session and a statement in, its description or the refusal out.

For a statement with optional lines, each variant is described separately.  The description of the statement combines
them: it says what is true of every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pydb.describe.described import DescribedColumn, DescribedLevel, DescribedParameter, DescribedStatement, Refusal
from pydb.describe.session import Session, common_words, describe_text
from pydb.errors import ParameterError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.optional_lines import NULL, NameKind, holds
from pydb.sqlfile.variants import Key, chosen, key_names, label, variant

__all__ = ["describe", "of_two_types", "with_variant"]

_CONDITION_WORDS = {NameKind.FLAG: ("bool",), NameKind.CHOICE: ("str",)}
"""The type words of a parameter that is used only in conditions."""


def describe(
    session: Session,
    definition: Definition,
    said: Mapping[str, str] | None = None,
    keys: Sequence[Key] | None = None,
    *,
    keep_analysis: bool = False,
) -> DescribedStatement | Refusal | None:
    """Describe a statement's form on the session's engine; None if the statement has no form there.

    ``said`` has the types that the project declares for tables' columns, by ``table.column``.  ``keys`` are the keys of
    the variants to describe; the default is ``chosen(definition)``.  A caller that describes a statement on several
    engines passes the same keys to all of them.  With ``keep_analysis``, the description of each text contains its
    analysis, which takes much memory.
    """
    if session.engine not in definition.forms:
        return None
    if not definition.optional:
        return describe_text(session, definition, said, keep_analysis=keep_analysis)
    wanted = chosen(definition) if keys is None else keys
    found = _described(session, definition, said, wanted, keep_analysis=keep_analysis)
    refusals = {shown_by: one for shown_by, one in found.items() if isinstance(one, Refusal)}
    if refusals:
        return _refused(definition, refusals, len(found))
    return _joined(definition, session.engine, {k: v for k, v in found.items() if isinstance(v, DescribedStatement)})


def with_variant(shown_by: str) -> str:
    """A phrase that names a variant in a message."""
    return f"with {shown_by}" if shown_by else "with all optional lines left out"


def _described(
    session: Session,
    definition: Definition,
    said: Mapping[str, str] | None,
    keys: Sequence[Key],
    *,
    keep_analysis: bool,
) -> dict[str, DescribedStatement | Refusal]:
    """The description of each variant, by the arguments that select it."""
    found: dict[str, DescribedStatement | Refusal] = {}
    # Two keys may have the same text: for example, with a parameter that is left out or passed as None.
    known: dict[object, DescribedStatement | Refusal] = {}
    for key in keys:
        try:
            one = variant(definition, session.engine, key, keep_lines=True)
        except ParameterError:
            # Only the form of another engine has this variant: there a line depends on the argument.
            continue
        text = one.forms[session.engine].parts
        if text not in known:
            given = _never_none(definition, session.engine, key)
            known[text] = describe_text(session, one, said, given, keep_analysis=keep_analysis)
        found[label(definition, key)] = known[text]
    return found


def _never_none(definition: Definition, engine: str, key: Key) -> frozenset[str]:
    """The values that no call of that variant passes as None: with None, the lines that bind them would be left out."""
    states = dict(zip((name.name for name in key_names(definition)), key, strict=True))
    bound: set[str] = set()
    maybe: set[str] = set()
    for line in definition.forms[engine].lines:
        if holds(line.guard, states):
            bound.update(line.binds)
            maybe.update(name for name in line.binds if NULL in line.guard.get(name, (NULL,)))
    return frozenset(bound - maybe)


def _refused(definition: Definition, refusals: Mapping[str, Refusal], count: int) -> Refusal:
    """The refusals, each once: most errors in a line occur in many variants."""
    shown_by: dict[tuple[str, int, int | None], list[str]] = {}
    for key, one in refusals.items():
        shown_by.setdefault((one.message, one.line, one.column), []).append(key)
    first, *others = (
        replace(refusals[keys[0]], definition=definition, shown_by=keys[0] if len(keys) < count else None)
        for keys in shown_by.values()
    )
    return replace(first, others=tuple(others))


def _joined(definition: Definition, engine: str, found: Mapping[str, DescribedStatement]) -> DescribedStatement:
    """The description of the statement: what is true of every call."""
    first, *others = found.values()
    uneven = not all(_even(first.columns, other.columns) for other in others)
    columns = (_any_columns if uneven else _columns)([one.columns for one in found.values()])
    parameters = {name: _parameter(definition, name, found.values()) for name in definition.parameters}
    form = definition.forms[engine]
    levels = () if uneven else _levels(list(found.values()))
    return DescribedStatement(definition, engine, form, columns, parameters, first.traits, found, uneven, levels)


def _levels(found: Sequence[DescribedStatement]) -> tuple[DescribedLevel, ...]:
    """The levels of variants that have the same columns: a level may be absent if it may be in any variant."""
    together = zip(*(one.levels for one in found), strict=True)
    return tuple(replace(same[0], absent=any(level.absent for level in same)) for same in together)


def _even(one: Sequence[DescribedColumn], other: Sequence[DescribedColumn]) -> bool:
    """Whether two variants return the same columns, in the same order and with the same types."""
    return len(one) == len(other) and all(
        first.name == second.name and not of_two_types(first, second) for first, second in zip(one, other, strict=True)
    )


def of_two_types(one: DescribedColumn, other: DescribedColumn) -> bool:
    """Whether the likeliest types of two columns differ.

    Other types do not count: a numeric may also be an int, if it has no fraction.
    """
    return bool(one.words) and bool(other.words) and one.words[0] != other.words[0]


def _columns(found: Sequence[Sequence[DescribedColumn]]) -> tuple[DescribedColumn, ...]:
    return tuple(_column(same) for same in zip(*found, strict=True))


def _any_columns(found: Sequence[Sequence[DescribedColumn]]) -> tuple[DescribedColumn, ...]:
    """The columns of variants that return different columns, by name; without a type if variants differ in it."""
    named: dict[str, list[DescribedColumn]] = {}
    for columns in found:
        for column in columns:
            named.setdefault(column.name, []).append(column)
    return tuple(
        replace(_column(same), words=()) if any(of_two_types(same[0], other) for other in same) else _column(same)
        for same in named.values()
    )


def _column(same: Sequence[DescribedColumn]) -> DescribedColumn:
    """One column of all variants: it may be NULL if it may be NULL in any of them."""
    maybe = [column for column in same if column.nullable]
    known = [column.words for column in same if column.words]
    return replace(
        next((column for column in same if column.words), same[0]),
        words=common_words(known),
        nullable=bool(maybe),
        certain=all(column.certain for column in same),
        unless_infinite=bool(maybe) and all(column.unless_infinite for column in maybe),
        unless_none=bool(maybe) and all(column.unless_none for column in maybe),
        said=next((column.said for column in same if column.said is not None), None),
    )


def _parameter(definition: Definition, name: str, found: Iterable[DescribedStatement]) -> DescribedParameter:
    """The description of a parameter, from all variants that bind it."""
    optional = definition.optional.get(name)
    if optional is not None and not optional.is_bound:
        return DescribedParameter(name, (), _CONDITION_WORDS[optional.kind], nullable=False)
    binding = [parameter for one in found if (parameter := one.parameters.get(name)) is not None]
    if not binding:
        # None of the described variants binds it, or only conditions name it.
        declared = definition.parameter_types.get(name)
        return DescribedParameter(name, (), (), nullable=True, declared=declared.name if declared else None)
    certain = [parameter for parameter in binding if parameter.certain]
    asked = certain or binding
    return replace(
        binding[0],
        types=tuple(dict.fromkeys(type_ for parameter in asked for type_ in parameter.types)),
        words=common_words([parameter.words for parameter in asked]),
        nullable=any(parameter.nullable for parameter in binding) or (optional is not None and optional.takes_null),
        certain=bool(certain),
        said=next((parameter.said for parameter in binding if parameter.said is not None), None),
    )
