"""Compute the time of each statement: a project's statements and a server's statistics in, a line per statement out.

A query is assigned to a statement by the name in its comment, if the server keeps that, or else by its normal text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pydb.errors import ParameterError
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.rendering import as_written, render
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.variants import all_keys, variant
from pydb.usage.statistics import EngineStatistics, Measured, Statistics

__all__ = ["MOST_VARIANTS", "Top", "TopLine", "top"]

MOST_VARIANTS = 4096
"""The maximum number of variants of a statement that are found by text; others are found only by name in a comment."""


@dataclass(frozen=True, slots=True)
class TopLine:
    """The calls and time of one variant, or of several that the server counts as one.

    ``names`` are the possible variants, in the order of the files; ``places`` are their ``file:line``, empty for a
    statement that the project does not have.
    """

    names: tuple[str, ...]
    places: tuple[str, ...]
    calls: int
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True)
class Top:
    """The lines, the longest total time first, and the total of the ``foreign`` queries that are not pydb's."""

    lines: tuple[TopLine, ...]
    foreign: int
    foreign_calls: int
    foreign_seconds: float


def top(definitions: Iterable[Definition], engine: str, ways: EngineStatistics, statistics: Statistics) -> Top:
    """Assign the queries to the statements' forms on that engine.  Raises SqlFileError."""
    known = _Known(definitions, engine, ways)
    found: dict[tuple[str, ...], list[Measured]] = defaultdict(list)
    for query in statistics.queries:
        found[known.names(query)].append(query)
    foreign = found.pop((), [])
    lines = [
        TopLine(
            names,
            known.places(names),
            sum(query.calls for query in queries),
            sum(query.seconds for query in queries),
            sum(query.rows for query in queries),
        )
        for names, queries in found.items()
    ]
    return Top(
        tuple(sorted(lines, key=lambda line: (-line.seconds, line.names))),
        len(foreign),
        sum(query.calls for query in foreign),
        sum(query.seconds for query in foreign),
    )


class _Known:
    """The variants of the project's statements, by name and by normal text."""

    def __init__(self, definitions: Iterable[Definition], engine: str, ways: EngineStatistics) -> None:
        self._places: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        names: dict[str, list[str]] = defaultdict(list)
        for definition in definitions:
            if engine in definition.forms:
                form = definition.forms[engine]
                self._places[definition.name] = f"{form.file}:{form.line}"
                streamed = definition.row_word is RowWord.STREAM
                for name, sql in _variants(definition, engine):
                    self._texts[name] = ways.normal(sql, streamed=streamed)
                    names[self._texts[name]].append(name)
        self._names: Mapping[str, Sequence[str]] = names

    def names(self, query: Measured) -> tuple[str, ...]:
        """The variants that the query may be; empty if it is not pydb's."""
        if query.name is not None:
            text = self._texts.get(query.name)
            return (query.name,) if text is None else tuple(self._names[text])
        if query.cut:
            alike = (names for text, names in self._names.items() if text.startswith(query.normal))
            return tuple(name for names in alike for name in names)
        return tuple(self._names.get(query.normal, ()))

    def places(self, names: Sequence[str]) -> tuple[str, ...]:
        found = (self._places.get(name.partition("[")[0]) for name in names)
        return tuple(dict.fromkeys(place for place in found if place is not None))


def _variants(definition: Definition, engine: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each variant."""
    for key in islice(all_keys(definition), MOST_VARIANTS) if definition.optional else [()]:
        try:
            one = variant(definition, engine, key)
        except ParameterError:
            # only the form of another engine has this variant
            continue
        yield one.name, render(one.forms[engine].parts, as_written)
