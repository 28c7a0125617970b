"""Find the levels of nested rows: a statement's descriptions on its engines in, the columns of each level's record out.

One engine may join a level that another engine returns as JSON.  The columns are those on the engines that join it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydb.describe import DescribedColumn, DescribedStatement
from pydb.describe.described import DescribedLevel
from pydb.sqlfile.nested import Level, Nesting

__all__ = ["LevelShape", "level_shapes"]


@dataclass(frozen=True, slots=True)
class LevelShape:
    """One level: ``fields`` has its columns, each with the descriptions of the engines.

    ``lead`` is the description on the first engine that joins the level; ``numbers`` has the columns' positions in it.
    ``children`` has the levels below, each with whether it may be absent.
    """

    record: str
    lead: DescribedStatement
    fields: Mapping[str, Sequence[DescribedColumn]]
    numbers: Mapping[str, int]
    children: tuple[tuple[Level, bool], ...]


def level_shapes(described: Sequence[DescribedStatement], nesting: Nesting) -> Iterator[LevelShape]:
    """The levels that at least one engine joins, the root first."""
    paths = {"": described[0].definition.record or "", **{level.path: level.record for level in nesting.levels}}
    for path, record in paths.items():
        joining = [(form, level) for form in described for level in form.levels if level.path == path]
        if not joining:
            continue
        below = nesting.children(path)
        lead, first = joining[0]
        numbers = {name: number for name, number in first.fields.items() if name not in {item.name for item in below}}
        fields = {
            name: [form.columns[level.fields[name]] for form, level in joining if name in level.fields]
            for name in numbers
        }
        yield LevelShape(record, lead, fields, numbers, tuple((item, _absent(item, described)) for item in below))


def _absent(level: Level, described: Sequence[DescribedStatement]) -> bool:
    """Whether an embed may be absent on at least one engine."""
    found: list[DescribedLevel] = [item for form in described for item in form.levels if item.path == level.path]
    return not level.many and any(item.absent for item in found)
