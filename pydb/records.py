"""Rows in, records out: a record class and the columns of a result become functions that only construct.

A record is the application's own ``@dataclass(frozen=True, slots=True)``.  Its fields are compared with the
result's columns once; after that a row costs one construction and the conversions that its types need.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

from pydb.errors import RecordError
from pydb.readings import Reading
from pydb.types import Kind, kind_of

__all__ = [
    *("Builder", "Construction", "builder", "columns_differ", "compiled", "field_kinds"),
    *("records_by_name", "unfit_column", "wrong_layout"),
]

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
    readings: Mapping[str, Reading]
    columns: tuple[str, ...]


def records_by_name(records: Iterable[type] | ModuleType) -> dict[str, type]:
    """The dataclasses of an iterable or a module, by class name.

    Raises RecordError for a class that is not a dataclass, or two different ones of one name.
    """
    if isinstance(records, ModuleType):
        found = [item for item in vars(records).values() if isinstance(item, type) and dataclasses.is_dataclass(item)]
    elif isinstance(records, Iterable) and not isinstance(records, type):
        found = list(records)
    else:
        what = records.__name__ if isinstance(records, type) else type(records).__name__
        raise RecordError(f"{what} is not an iterable of records", hint="records=[User, BlogPost], or a module of them")
    named: dict[str, type] = {}
    for record in found:
        if not (isinstance(record, type) and dataclasses.is_dataclass(record)):
            raise RecordError(
                f"{getattr(record, '__name__', type(record).__name__)} is not a dataclass",
                hint="a record is a class under @dataclass(frozen=True, slots=True)",
            )
        if named.setdefault(record.__name__, record) is not record:
            raise RecordError(f"two records are named {record.__name__}", hint="rename one of them")
    return named


def field_kinds(record: type) -> dict[str, Kind]:
    """The fields that a row must fill, in order, and the kind of each.

    Raises RecordError for an annotation that no column can have.
    """
    try:
        hints = typing.get_type_hints(record, include_extras=True)
    except NameError as error:
        raise RecordError(
            f"record {record.__name__}: an annotation names {error.name}, which its module does not have",
            hint="import the type outside of `if TYPE_CHECKING:`",
        ) from None
    kinds = {}
    for field in dataclasses.fields(record):
        if field.init:
            try:
                kinds[field.name] = kind_of(hints[field.name])
            except TypeError as error:
                raise RecordError(f"record {record.__name__}: field {field.name}: {error}") from None
    return kinds


def columns_differ(record: type, fields: Iterable[str], columns: Sequence[str]) -> str | None:
    """What is wrong when these columns fill that record, or None."""
    wanted = dict.fromkeys(fields)
    given = set(columns)
    missing = [name for name in wanted if name not in given]
    extra = [name for name in columns if name not in wanted]
    parts = []
    if missing:
        parts.append(f"no column for field {', '.join(missing)}")
    if extra:
        parts.append(f"no field for column {', '.join(extra)}")
    return f"record {record.__name__} has {' and '.join(parts)}" if parts else None


def builder(record: type | None, columns: tuple[str, ...], readings: Mapping[str, Reading]) -> Builder:
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


def construction(record: type | None, columns: tuple[str, ...], readings: Mapping[str, Reading]) -> Construction:
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


def _read(name: str, reading: Reading | None) -> str:
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
