"""Columns of a result in; functions that build records, or single values, of its rows out.

The functions are generated, as dataclasses generates ``__init__``: after the columns were compared once, a row costs
one construction and the conversions that its types need.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from pydb.values.converters import Conversion

_SOURCE = "<pydb row builder>"


@dataclass(frozen=True, slots=True)
class Construction:
    """The Python source that makes a value of a row: ``unpack`` the row, run ``lines``, and ``result`` is it."""

    unpack: str
    lines: tuple[str, ...]
    result: str
    scope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Builder:
    """What turns driver rows of one layout into values: ``one`` a row, ``many`` all of them."""

    one: Callable[[Sequence[Any]], Any]
    many: Callable[[Iterable[Sequence[Any]]], list[Any]]
    construction: Construction
    readings: Mapping[str, Conversion]
    columns: tuple[str, ...]


def builder(record: type | None, columns: tuple[str, ...], readings: Mapping[str, Conversion]) -> Builder:
    """The functions that build ``record`` from rows of these columns; without a record, the one column's value.

    The functions are generated, as dataclasses generates ``__init__``: a loop that calls nothing but the
    conversions it needs is what makes a row cheap.
    """
    made = construction(record, columns, readings)
    scope = compiled(
        [
            "def one(values):",
            f"    {made.unpack}= values",
            *(f"    {line}" for line in made.lines),
            f"    return {made.result}",
            "def many(rows):",
            "    built = []",
            "    append = built.append",
            f"    for {made.unpack}in rows:",
            *(f"        {line}" for line in made.lines),
            f"        append({made.result})",
            "    return built",
        ],
        made.scope,
    )
    return Builder(scope["one"], scope["many"], made, dict(readings), columns)


def construction(record: type | None, columns: tuple[str, ...], readings: Mapping[str, Conversion]) -> Construction:
    """The lines of Python that make one row's value; each of their names begins with an underscore."""
    names = [f"_v{index}" for index in range(len(columns))]
    values = [_read(name, readings.get(column)) for name, column in zip(names, columns, strict=True)]
    scope: dict[str, Any] = {}
    for name, column in zip(names, columns, strict=True):
        if column in readings:
            scope |= {f"_c{name}": readings[column].convert, f"_t{name}": readings[column].exact}
    unpack = "".join(f"{name}, " for name in names)
    twin = _unfrozen_twin(record)
    if record is None:
        return Construction(unpack, (), f"({values[0]})", scope)
    if twin is None:
        arguments = ", ".join(f"{column}=({value})" for column, value in zip(columns, values, strict=True))
        return Construction(unpack, (), f"_record({arguments})", {**scope, "_record": record})
    fills = [f"_row.{column} = {value}" for column, value in zip(columns, values, strict=True)]
    lines = ("_row = _new(_twin)", *fills, "_row.__class__ = _record")
    return Construction(unpack, lines, "_row", {**scope, "_record": record, "_twin": twin, "_new": object.__new__})


def _read(name: str, reading: Conversion | None) -> str:
    """The expression for ``reading.value`` of the variable: a class is compared faster than a function is called."""
    if reading is None:
        return name
    null = f"{name} is None" if reading.nullable else ""
    exact = f"{name}.__class__ is _t{name}" if reading.exact is not None else ""
    as_it_is = " or ".join(filter(None, (exact, null)))
    return f"{name} if {as_it_is} else _c{name}({name})" if as_it_is else f"_c{name}({name})"


def compiled(source: Iterable[str], scope: Mapping[str, Any]) -> dict[str, Any]:
    """The names that these lines of Python define; ``unfit_column`` knows their frames."""
    names = dict(scope)
    exec(compile("\n".join(source), _SOURCE, "exec"), names)
    return names


def unfit_column(build: Builder, error: BaseException) -> tuple[str, type] | None:
    """The column whose value was refused, and the value's class; None if the exception was about something else.

    It is found from where the builder stopped.
    """
    frame = _stopped_in(error)
    if frame is None or "_v0" not in frame.f_locals or wrong_layout(error):
        return None
    given = [(column, frame.f_locals.get(f"_v{index}")) for index, column in enumerate(build.columns)]
    return next(((column, type(value)) for column, value in given if _refused(build, column, value)), None)


def wrong_layout(error: BaseException) -> bool:
    """Whether the builder stopped because a row has not as many columns as those it was made for."""
    return isinstance(error, ValueError) and _stopped_in(error) is not None and "values to unpack" in str(error)


def _stopped_in(error: BaseException) -> FrameType | None:
    """The innermost frame of generated code: the builder's own may lie within that of a call."""
    frame, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == _SOURCE:
            frame = step.tb_frame
        step = step.tb_next
    return frame


def _refused(build: Builder, column: str, value: Any) -> bool:
    try:
        if column in build.readings:
            build.readings[column].value(value)
    except Exception:
        return True
    return False


def _unfrozen_twin(record: type | None) -> type | None:
    """A class of the same memory layout whose fields can be assigned, or None where the record must construct itself.

    Filling a frozen dataclass through ``__init__`` costs an ``object.__setattr__`` a field; filling its twin and
    then giving the instance the record's class costs a third of that.  It is only the same thing where
    ``__init__`` does nothing but assign.
    """
    if record is None or "__dataclass_params__" not in vars(record) or "__slots__" not in vars(record):
        return None
    fields = dataclasses.fields(record)
    plain = (
        vars(record)["__dataclass_params__"].init
        and not hasattr(record, "__post_init__")
        # A hand-written __init__ comes from a file; dataclasses compile theirs from a string.
        and vars(record)["__init__"].__code__.co_filename == "<string>"
        and "__new__" not in {name for base in record.__mro__[:-1] for name in vars(base)}
        and all(field.init for field in fields)
    )
    if not plain:
        return None
    body = {"__slots__": vars(record)["__slots__"], "__setattr__": object.__setattr__}
    try:
        twin = type(f"_Unfrozen{record.__name__}", record.__bases__, body)
        probe: Any = object.__new__(twin)
        probe.__class__ = record
    except TypeError:
        return None
    return twin
