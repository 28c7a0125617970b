"""Find the names in a statement's marks: its lines in; the kind and states of each name, and each line's guard, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.marks import Condition, Mark
from pydb.sqlfile.optional_lines import GIVEN, LEFT_OUT, NULL, TRUE, Guard, NameKind, OptionalName
from pydb.sqlfile.site import Site
from pydb.sqlfile.source_lines import SourceLine
from pydb.support.suggestions import nearest

__all__ = ["guard", "optional_names"]

_PASSED = frozenset({GIVEN})


def optional_names(lines: Sequence[SourceLine], flags: Mapping[str, TypeName], site: Site) -> dict[str, OptionalName]:
    """The names that a call may leave out, in the order of their first use; each line gets its guard.

    ``flags`` are the types that ``@param`` declares.  Raises SqlFileError.
    """
    bound: dict[str, list[SourceLine]] = {}
    tested: dict[str, list[Condition]] = {}
    order: dict[str, None] = {}
    for line in lines:
        if line.mark is None and not line.binds:
            continue
        for name in line.binds:
            order[name] = None
            bound.setdefault(name, []).append(line)
        for condition in line.mark.conditions if line.mark else ():
            order[condition.name] = None
            tested.setdefault(condition.name, []).append(condition)
    choices = {name for name, conditions in tested.items() for condition in conditions if condition.test == "choice"}
    found: dict[str, OptionalName] = {}
    for name in order:
        conditions = tested.get(name, [])
        if name in choices or name not in bound:
            _refuse_two_uses(name, bound, flags, lines, site)
        if name in bound and conditions:
            _refuse_free_lines(name, bound[name], site)
            found[name] = _value(name, conditions)
        elif name in bound:
            if () not in [line.conditions for line in bound[name]]:
                found[name] = OptionalName(name, NameKind.VALUE, (LEFT_OUT,), needed=True)
        elif name in choices:
            found[name] = _choice(name, conditions, _default(name, lines, site))
        else:
            _refuse_undeclared(name, lines, flags, [*bound, *flags, *choices], site)
            found[name] = OptionalName(name, NameKind.FLAG, (LEFT_OUT, TRUE))
    guards: dict[tuple[Condition, ...], Guard] = {}
    for line in lines:
        if not line.conditions:
            continue
        known_guard = guards.get(line.conditions)
        if known_guard is not None:
            line.guard = known_guard
            continue
        line.guard = guards[line.conditions] = guard(line.conditions, found)
        if frozenset() in line.guard.values():
            empty = next(name for name, states in line.guard.items() if not states)
            written = " and ".join(c.written for c in line.conditions if c.name == empty)
            raise _error(
                site, line, f"the line is never present: {written}", "remove the line, or one of the conditions"
            )
    return found


def guard(conditions: Iterable[Condition], names: Mapping[str, OptionalName]) -> Guard:
    """The states in which all conditions are true."""
    found: dict[str, frozenset[str]] = {}
    for condition in conditions:
        fits = _states(condition, names[condition.name])
        found[condition.name] = found[condition.name] & fits if condition.name in found else fits
    return found


def _states(condition: Condition, name: OptionalName) -> frozenset[str]:
    match condition.test:
        case "choice":
            return frozenset(condition.values)
        case "null":
            return frozenset({NULL})
        case "given":
            return frozenset({GIVEN, NULL})
        case "passed" if name.kind is NameKind.VALUE:
            return _PASSED
        case "passed":
            return frozenset(name.states) - {LEFT_OUT}
    return frozenset(name.states) & {LEFT_OUT, NULL}


def _is_choice(conditions: Collection[Condition]) -> bool:
    return "choice" in [condition.test for condition in conditions]


def _value(name: str, conditions: Collection[Condition]) -> OptionalName:
    tests = [condition.test for condition in conditions]
    if "given" in tests or "null" in tests:
        return OptionalName(name, NameKind.VALUE, (LEFT_OUT, GIVEN, NULL), "null" in tests)
    return OptionalName(name, NameKind.VALUE, (LEFT_OUT, GIVEN))


def _choice(name: str, conditions: Collection[Condition], default: str) -> OptionalName:
    values = dict.fromkeys(value for condition in conditions for value in condition.values)
    return OptionalName(name, NameKind.CHOICE, tuple(dict.fromkeys((default, *values))))


def _default(name: str, lines: Sequence[SourceLine], site: Site) -> str:
    """The default of a choice: the first value in the mark of a line that an alternative of that choice replaces."""
    found = ""
    for line in lines:
        if line.place < 0 or not any(condition.name == name for condition in _own(line)):
            continue
        live = lines[line.place]
        value = next((c.values[0] for c in _own(live) if c.name == name and c.values), "")
        if found and value and value != found:
            raise _error(
                site,
                live,
                f"the default of :{name} is {value} here, but {found} above",
                "write the same value first in both marks",
            )
        found = found or value
    return found


def _own(line: SourceLine) -> tuple[Condition, ...]:
    return line.mark.conditions if line.mark else ()


def _refuse_two_uses(
    name: str, bound: Collection[str], flags: Collection[str], lines: Sequence[SourceLine], site: Site
) -> None:
    """Refuse a name whose conditions belong to two kinds of names."""
    used = [(line, condition) for line in lines for condition in _own(line) if condition.name == name]
    is_choice = _is_choice([condition for _, condition in used])
    if is_choice and name in bound:
        line = next(line for line, condition in used if condition.test == "choice")
        raise _error(
            site,
            line,
            f":{name} is used both as a choice and as a value",
            "a choice is never bound; rename one of them",
        )
    if is_choice and name in flags:
        message = f":{name} is a choice, so @param cannot declare it"
        raise _error(site, used[0][0], message, "remove the @param line: the marks list its values")
    if name not in bound:
        for line, condition in used:
            if condition.test in ("given", "null"):
                what = "a choice" if is_choice else "a flag"
                message = f"{condition.written} needs a value, but :{name} is {what}"
                raise _error(site, line, message, f"write :{name} or not :{name}")


def _refuse_free_lines(name: str, lines: Sequence[SourceLine], site: Site) -> None:
    """Refuse an optional value that a line binds without a condition that it was passed."""
    for line in lines:
        if not [c for c in line.conditions if c.name == name and c.test in ("passed", "given")]:
            message = f":{name} is optional, but line {line.number} binds it without a mark"
            raise _error(site, line, message, f"end the line with -- if :{name}")


def _refuse_undeclared(
    name: str, lines: Sequence[SourceLine], flags: Mapping[str, TypeName], known: Sequence[str], site: Site
) -> None:
    declared = flags.get(name)
    if declared is not None and declared.name == "bool" and not declared.nullable:
        return
    line = next(line for line in lines if any(c.name == name for c in _own(line)))
    hint = nearest(name, known, ":") or f"declare a flag with -- @param {name} bool"
    raise _error(site, line, f":{name} is not a parameter of the statement", hint)


def _error(site: Site, line: SourceLine, message: str, hint: str) -> Exception:
    mark: Mark | None = line.mark
    return site.error(message, hint, at=mark.start if mark else line.start)
