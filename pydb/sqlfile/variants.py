"""The variants of a statement with optional lines: a definition and a key in, the plain definition of that variant out.

A key has a state for each name that has more than one state.  Only the key decides which lines are present.  All text
of a variant comes from the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice, product

from pydb.errors import ParameterError
from pydb.sqlfile.definition import Definition, Form, Placeholder, TypeName
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.nested_rules import refuse_nested
from pydb.sqlfile.optional_lines import (
    GIVEN,
    LEFT_OUT,
    NULL,
    TRUE,
    Line,
    NameKind,
    OptionalName,
    States,
    assembled,
    is_there,
)
from pydb.sqlfile.parser import form_of
from pydb.sqlfile.refused_calls import no_effect, refused_change
from pydb.sqlfile.site import Site
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import TokenList
from pydb.support.suggestions import nearest

__all__ = [
    *("Key", "all_keys", "chosen", "count", "key_from", "key_names", "label", "needed_by", "refuse_variants"),
    "variant",
]

Key = tuple[str, ...]
"""A state for each name of ``key_names``, in that order."""

_MAX_TRIED = 100_000
"""The maximum number of combinations of states that are tried one by one."""


def key_names(definition: Definition) -> tuple[OptionalName, ...]:
    """The names whose states make up a key."""
    return tuple(name for name in definition.optional.values() if len(name.states) > 1)


def variant(definition: Definition, engine: str, key: Key, *, keep_lines: bool = False) -> Definition:
    """The statement of one key on one engine, as a plain definition without optional names.

    Its name shows the variant: ``posts.search[statuses,order=oldest]``.  Its parameters are those that its lines bind.
    With ``keep_lines``, its SQL has an empty line for each absent line, so that line numbers match the file.
    Raises ParameterError for a key that no call may have, and SqlFileError for SQL that cannot be read.
    """
    form = definition.forms[engine]
    if not definition.optional:
        return replace(definition, forms={engine: form})
    states = _states(definition, key)
    shown = label(definition, key)
    name = f"{definition.name}[{shown}]" if shown else definition.name
    _refuse(definition, form, states, name)
    text = assembled(form.lines, states, keep_lines=keep_lines).rstrip()
    last = text[text.rfind("\n") + 1 :]
    # A comment in the last line would include the semicolon.
    sql = f"{text}\n;" if "--" in last or "#" in last else f"{text};"
    site = Site(form.file, form.line, sql, name)
    made = replace(form_of(site, engine), nesting=form.nesting)
    if form.nesting is not None:
        code = TokenList(token_list(sql, engine).tokens[:-1], site)
        refuse_nested(code, form.nesting, definition.row_word, definition.record, (syntax_of(engine),))
    bound = {part.name for part in made.parts if isinstance(part, Placeholder)}
    parameters = tuple(filter(bound.__contains__, definition.parameters))
    return replace(
        definition,
        name=name,
        parameters=parameters,
        sequences=definition.sequences & bound,
        parameter_types={key: _type(definition, key) for key in definition.parameter_types if key in bound},
        forms={engine: made},
        sql=made.sql,
        optional={},
    )


def refuse_variants(definition: Definition) -> None:
    """Refuse nested rows that some variants cannot return.  Raises SqlFileError."""
    forms = {id(form): engine for engine, form in definition.forms.items() if form.nesting is not None}
    for engine in forms.values():
        for key in chosen(definition):
            with suppress(ParameterError):
                variant(definition, engine, key)


def _type(definition: Definition, name: str) -> TypeName:
    """The type that ``@param`` declares for a value; nullable if ``:x is null`` names it."""
    type_, optional = definition.parameter_types[name], definition.optional.get(name)
    return replace(type_, nullable=True) if optional is not None and optional.takes_null else type_


def _states(definition: Definition, key: Key) -> dict[str, str]:
    states = {name.name: state for name, state in zip(key_names(definition), key, strict=True)}
    return {name: states.get(name, LEFT_OUT) for name in definition.optional}


def _refuse(definition: Definition, form: Form, states: States, name: str) -> None:
    for optional in definition.optional.values():
        if message := no_effect(optional, form.lines, states):
            raise _error(definition, form, name, message, "pass both, or neither")
    if refused := refused_change(form.lines, states):
        raise _error(definition, form, name, *refused)


def _error(definition: Definition, form: Form, name: str, message: str, hint: str) -> ParameterError:
    return ParameterError(message, statement_name=name, file=form.file, line=definition.line, hint=hint)


def label(definition: Definition, key: Key) -> str:
    """The states of a key that are not the default: ``statuses,order=oldest,manager_id=null``."""
    return ",".join(
        name.name if state in (GIVEN, TRUE) and name.kind is not NameKind.CHOICE else f"{name.name}={state}"
        for name, state in zip(key_names(definition), key, strict=True)
        if state != name.states[0]
    )


def key_from(definition: Definition, words: Iterable[str]) -> Key:
    """The key from the parts of a label.  Raises ValueError, with a hint, for an unknown name or state."""
    names = {name.name: name for name in key_names(definition)}
    states = {name: optional.states[0] for name, optional in names.items()}
    for word in words:
        name, _, value = word.partition("=")
        optional = names.get(name) or names.get(f"{name}_")
        if optional is None:
            hint = nearest(name, names) or f"the optional names are {', '.join(names) or 'none'}"
            raise ValueError(f"{name} is not an optional name of {definition.name}    hint: {hint}")
        states[optional.name] = _state_from(optional, value)
    return tuple(states.values())


def _state_from(optional: OptionalName, value: str) -> str:
    if optional.kind is NameKind.CHOICE:
        fits, hint = optional.values, f"one of {', '.join(f'{optional.name}={v}' for v in optional.values)}"
    elif optional.kind is NameKind.FLAG:
        fits, hint, value = (TRUE,), f"write {optional.name}", value or TRUE
    else:
        fits, value = optional.states[1:], value or GIVEN
        hint = f"write {optional.name}" + (f" or {optional.name}=null" if NULL in fits else "")
    if value not in fits:
        message = f"{optional.name} has no state {value}" if value else f"{optional.name} needs a value"
        raise ValueError(f"{message}    hint: {hint}")
    return value


def needed_by(definition: Definition, engine: str, key: Key) -> frozenset[str]:
    """The optional names that the lines of a key bind: a call passes them besides the required parameters."""
    form, states = definition.forms[engine], _states(definition, key)
    bound = {
        name
        for line, there in zip(form.lines, is_there(form.lines, states), strict=True)
        if there
        for name in line.binds
    }
    return frozenset(bound & definition.optional.keys())


def all_keys(definition: Definition) -> Iterator[Key]:
    """One key for each variant with different lines; the first one is that of a call without optional arguments."""
    names, lines = key_names(definition), _any_form(definition).lines
    seen: set[tuple[bool, ...]] = set()
    for key in product(*(name.states for name in names)):
        states = _states(definition, key)
        there = tuple(is_there(lines, states))
        if there not in seen and _fits(lines, names, states):
            seen.add(there)
            yield key


def count(definition: Definition) -> int:
    """The number of variants; names that do not depend on each other are counted separately."""
    names, lines = key_names(definition), _any_form(definition).lines
    groups = [list(names)] if any(line.parts for line in lines) else _groups(lines, names)
    total = 1
    for group in groups:
        mine = {name.name for name in group}
        own = [line for line in lines if mine & line.guard.keys()] if len(groups) > 1 else lines
        seen = set()
        for combination in islice(product(*(name.states for name in group)), _MAX_TRIED):
            states = dict(zip((name.name for name in group), combination, strict=True))
            if _fits(own, group, states):
                seen.add(tuple(is_there(own, states)))
        total *= len(seen)
    return total


def _fits(lines: Sequence[Line], names: Sequence[OptionalName], states: States) -> bool:
    return not any(no_effect(name, lines, states) for name in names) and not refused_change(lines, states)


def _any_form(definition: Definition) -> Form:
    return next(iter(definition.forms.values()))


def _groups(lines: Sequence[Line], names: Sequence[OptionalName]) -> list[list[OptionalName]]:
    """The names in groups; no line depends on names of two groups."""
    group_of = {name.name: {name.name} for name in names}
    for line in lines:
        together = [name for name in line.guard if name in group_of]
        merged = set().union(*(group_of[name] for name in together)) if together else set()
        for name in merged:
            group_of[name] = merged
    found = {id(group): group for group in group_of.values()}
    return [[name for name in names if name.name in group] for group in found.values()]


def _may_be(definition: Definition, key: Key) -> bool:
    return _fits(_any_form(definition).lines, key_names(definition), _states(definition, key))


def chosen(definition: Definition, most: int = 64) -> tuple[Key, ...]:
    """The keys whose variants are checked: all keys if there are at most ``most``.

    If there are more: all off, all on, each alone, each missing, and a set that covers all pairs of states.
    """
    if count(definition) <= most:
        return tuple(all_keys(definition))
    names = key_names(definition)
    off = tuple(name.states[0] for name in names)
    on = tuple(name.states[-1] if name.kind is not NameKind.VALUE else GIVEN for name in names)
    found = dict.fromkeys([off, on])
    for i, name in enumerate(names):
        for state in name.states:
            found[*off[:i], state, *off[i + 1 :]] = None
            found[*on[:i], state, *on[i + 1 :]] = None
    found.update(dict.fromkeys(_pairwise(names)))
    repaired = dict.fromkeys(_repaired(definition, key) for key in found)
    return tuple(key for key in repaired if key is not None)


def _repaired(definition: Definition, key: Key) -> Key | None:
    """The key without the names that have no effect; None if no call may have the rest."""
    names, form = key_names(definition), _any_form(definition)
    for _ in names:
        states = _states(definition, key)
        idle = [name for name in names if no_effect(name, form.lines, states)]
        if not idle:
            break
        key = tuple(name.states[0] if name in idle else state for name, state in zip(names, key, strict=True))
    return key if _may_be(definition, key) else None


def _pairwise(names: Sequence[OptionalName]) -> Iterator[Key]:
    """Keys that cover every pair of states of every two names; each key covers as many missing pairs as possible."""
    missing = {
        (i, a, k, b)
        for i, one in enumerate(names)
        for k, other in enumerate(names[:i])
        for a in one.states
        for b in other.states
    }
    while missing:
        key: dict[int, str] = {}
        i, a, k, b = min(missing)
        key[i], key[k] = a, b
        for n, name in enumerate(names):
            if n not in key:
                key[n] = max(name.states, key=lambda state: _gain(missing, key, n, state))
        yield tuple(key[n] for n in range(len(names)))
        missing -= {pair for pair in missing if key[pair[0]] == pair[1] and key[pair[2]] == pair[3]}


def _gain(missing: set[tuple[int, str, int, str]], key: Mapping[int, str], n: int, state: str) -> int:
    """The number of missing pairs that this state would cover."""
    return sum(((n, state, k, other) if n > k else (k, other, n, state)) in missing for k, other in key.items())
