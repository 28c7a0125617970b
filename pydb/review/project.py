"""Review a project: two versions of its files in, a Review out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.engine import URL

from pydb.check.collector import Collector
from pydb.engines import default_engine, engine_names
from pydb.errors import SqlFileError
from pydb.findings import Finding
from pydb.generate import Options
from pydb.migrations.check import wanted_engines
from pydb.migrations.rolling import Version, add_rolling
from pydb.review.model import (
    ChangeKind,
    EngineChange,
    FormChange,
    PlanChange,
    Review,
    SchemaChange,
    StatementChange,
    TextChange,
)
from pydb.review.pairs import Pair, pairs
from pydb.review.same_variants import same_variants
from pydb.review.sides import SeenStatement, Side, Wanted, side
from pydb.review.signatures import signature_of
from pydb.review.statement_text import statement_text
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.loader import file_text, read
from pydb.usage.callers import Caller

__all__ = ["ReviewInputs", "review"]

Callers = Callable[[Iterable[Definition]], Mapping[str, tuple[Caller, ...]]]


@dataclass(frozen=True, slots=True)
class ReviewInputs:
    """What to compare: the old version, which has the name of its revision, and the current version.

    ``shown`` converts a path of the old version to the path that the reader knows.  ``callers`` finds the Python
    callers of the statements of both versions; None if callers are not wanted.
    """

    old: Version
    new: Version
    urls: Sequence[URL] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Options = field(default_factory=lambda: Options("", ""))
    shown: Callable[[str], str] = str
    callers: Callers | None = None


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both versions on one engine; if the schema has not changed, only the statements that differ."""

    engine: str
    old: Side | None
    new: Side


def review(inputs: ReviewInputs) -> Review:
    """Compare two versions.

    Raises SqlFileError for statements or schemas that cannot be read, and PydbError if a server cannot be reached.
    """
    with _at_revision(inputs):
        before = _definitions(inputs.old)
    found = pairs(before, _definitions(inputs.new))
    engines = wanted_engines(inputs.new.schemas, inputs.urls)
    schemas = tuple(filter(None, (_schema(inputs, engine) for engine in engine_names())))
    changed = {schema.engine for schema in schemas}
    sides = [_sides(inputs, engine, url, found, engine in changed) for engine, url in engines.items()]
    rolling = _rolling(inputs, sides)
    callers = {} if inputs.callers is None else inputs.callers(_every(found))
    unproven = [schema.engine for schema in schemas if schema.engine not in engines]
    changes = [_change(inputs, pair, sides, rolling, callers, unproven) for pair in found]
    return Review(
        inputs.old.name,
        tuple(one.new.product for one in sides),
        schemas,
        tuple(change for change in changes if change is not None),
        tuple(_unchecked(inputs, engines)),
    )


def _definitions(version: Version) -> tuple[Definition, ...]:
    return read(version.sql, None) if Path(version.sql).exists() else ()


@contextmanager
def _at_revision(inputs: ReviewInputs) -> Iterator[None]:
    """Change an error in a file of the old version: it names the revision, and the path that the reader knows."""
    try:
        yield
    except SqlFileError as error:
        error.file = error.file and inputs.shown(error.file)
        error.message = f"at {inputs.old.name}: {error.message}"
        raise


def _every(found: Iterable[Pair]) -> Iterable[Definition]:
    """The definitions of both versions, one for each name: the current definition if it exists, else the old one."""
    every = {item.name: item for pair in found for item in (pair.old, pair.new) if item is not None}
    return every.values()


def _unchecked(inputs: ReviewInputs, engines: Mapping[str, URL | None]) -> Iterable[str]:
    if not Path(inputs.old.sql).exists():
        yield f"{inputs.old.name} (it has no {inputs.shown(inputs.old.sql)})"
    for engine in inputs.new.schemas:
        if engine not in engines:
            yield f"{engine} (no --db names a server)"
    if default_engine() not in inputs.new.schemas:
        yield f"{default_engine()} (it has no schema script)"
    if inputs.callers is None:
        yield "callers (no --callers names a folder of Python)"


# Schemas.


def _schema(inputs: ReviewInputs, engine: str) -> SchemaChange | None:
    old, new = (
        file_text(version.schemas[engine]) if engine in version.schemas else None
        for version in (inputs.old, inputs.new)
    )
    if old == new:
        return None
    file = inputs.new.schemas.get(engine) or inputs.shown(inputs.old.schemas[engine])
    return SchemaChange(engine, file, TextChange(old, new))


def _rolling(inputs: ReviewInputs, sides: Sequence[_Sides]) -> Sequence[Finding]:
    """What fails while the versions run side by side; nothing if the schema has not changed."""
    collector = Collector([one.engine for one in sides if one.new.on_schema is not None])
    for one in sides:
        if one.old is not None and one.old.on_schema is not None and one.new.on_schema is not None:
            add_rolling(collector, inputs.old.name, one.old.on_schema, one.new.on_schema)
    return [replace(item, file=inputs.shown(item.file)) for item in collector.findings()]


# Engines.

_NOTHING = TextChange(None, None)


def _sides(inputs: ReviewInputs, engine: str, url: URL | None, found: Iterable[Pair], every: bool) -> _Sides:
    old: list[Wanted] = []
    new: list[Wanted] = []
    for pair in found:
        if every or pair.kind not in (None, ChangeKind.LAYOUT):
            old_keys, new_keys = same_variants(pair.old, pair.new)
            old += [] if pair.old is None else [(pair.old, old_keys)]
            new += [] if pair.new is None else [(pair.new, new_keys)]
    before: Side | None = None
    runs_beside = every and engine in inputs.old.schemas and Path(inputs.old.sql).exists()
    if (old_schema := inputs.old.schemas.get(engine)) is not None:
        with _at_revision(inputs):
            before = side(url, old_schema, old, inputs.columns, new if runs_beside else None)
    return _Sides(
        engine, before, side(url, inputs.new.schemas[engine], new, inputs.columns, old if runs_beside else None)
    )


def _engine_change(pair: Pair, sides: _Sides) -> EngineChange | None:
    """The differences on an engine that has at least one of the two forms."""
    old = sides.old.seen.get(pair.old.name) if sides.old is not None and pair.old is not None else None
    new = sides.new.seen.get(pair.new.name) if pair.new is not None else None
    if old is None and new is None:
        return None
    old, new = old or SeenStatement(), new or SeenStatement()
    if new.refused and old.refused and pair.kind is None:
        return None  # it was refused before too
    if new.refused:
        # A refused statement has no plan and no tables, which is not an additional difference.
        return EngineChange(sides.engine, sides.new.product, (), _NOTHING, _NOTHING, new.refused)
    return EngineChange(
        sides.engine,
        sides.new.product,
        tuple(_plans(old.plans, new.plans)),
        TextChange(old.touches, new.touches),
        TextChange(old.rights, new.rights),
    )


def _plans(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[PlanChange]:
    """The plans before and after; variants with the same plans are grouped."""
    grouped: dict[TextChange, list[str]] = {}
    for label in dict.fromkeys([*new, *old]):
        grouped.setdefault(TextChange(old.get(label), new.get(label)), []).append(label)
    return (PlanChange(tuple(labels), text) for text, labels in grouped.items())


# Statements.


def _change(
    inputs: ReviewInputs,
    pair: Pair,
    sides: Sequence[_Sides],
    rolling: Sequence[Finding],
    callers: Mapping[str, tuple[Caller, ...]],
    unproven: Sequence[str],
) -> StatementChange | None:
    """The page of a statement; None without a difference."""
    engines = tuple(filter(None, (_engine_change(pair, one) for one in sides)))
    names = {item.name for item in (pair.old, pair.new) if item is not None}
    about = [finding for finding in rolling if finding.statement in names]
    signature = _signature(inputs, pair, sides)
    affected = signature.is_change or bool(about) or any(engine.is_change for engine in engines)
    if pair.kind is None and not affected:
        return None
    return StatementChange(
        pair.kind or ChangeKind.AFFECTED,
        pair.name,
        pair.old.name if pair.old is not None and pair.old.name != pair.name else None,
        tuple(_forms(inputs, pair)),
        signature,
        engines,
        tuple(caller for name in sorted(names) for caller in callers.get(name, ())),
        tuple(finding for finding in about if finding.level == "error"),
        tuple(finding for finding in about if finding.level == "note"),
        tuple(engine for engine in unproven if any(engine in item.forms for item in (pair.old, pair.new) if item)),
    )


def _signature(inputs: ReviewInputs, pair: Pair, sides: Sequence[_Sides]) -> TextChange:
    old = [one.old.seen.get(pair.old.name) for one in sides if one.old is not None and pair.old is not None]
    new = [one.new.seen.get(pair.new.name) for one in sides if pair.new is not None]
    if any(seen is not None and seen.refused for seen in new):
        return _NOTHING
    return TextChange(*(_signature_of(seen, inputs.options) for seen in (old, new)))


def _signature_of(seen: Iterable[SeenStatement | None], options: Options) -> str | None:
    described = [one.described for one in seen if one is not None and one.described is not None]
    return signature_of(described, options) if described else None


def _forms(inputs: ReviewInputs, pair: Pair) -> Iterable[FormChange]:
    """The text of each form; a form that several engines share is listed once."""
    grouped: dict[tuple[str, str, TextChange], list[str]] = {}
    for engine in engine_names():
        old, new = (item.forms.get(engine) if item is not None else None for item in (pair.old, pair.new))
        if old is not None or new is not None:
            text = TextChange(*(None if form is None else statement_text(form) for form in (old, new)))
            key = (_place(old, inputs.shown), _place(new, str), text)
            grouped.setdefault(key, []).append(engine)
    return (FormChange(tuple(engines), text, old, new) for (old, new, text), engines in grouped.items())


def _place(form: Form | None, shown: Callable[[str], str]) -> str:
    return "" if form is None else f"{shown(form.file)}:{form.line}"
