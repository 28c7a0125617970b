"""The rules for a statement and its record: described columns and a dataclass in, findings out."""

from __future__ import annotations

import ast
import inspect
import os
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydb.check.collector import Collector, Reporter
from pydb.check.statements import spelled
from pydb.describe import DescribedColumn, DescribedStatement
from pydb.describe.type_mapping import fits, word_of_field
from pydb.describe.variants import with_variant
from pydb.errors import RecordError
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.values.kinds import Kind
from pydb.values.records import field_kinds

__all__ = ["RecordChecker"]


@dataclass(slots=True)
class RecordChecker:
    """Compares statements with their records, and remembers which fields are ever NULL."""

    records: Mapping[str, type]
    collector: Collector
    _nullable_seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _filled: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _lines: dict[str, dict[str, int]] = field(default_factory=dict)

    def check(self, described: DescribedStatement) -> None:
        """C201 to C205 and C207 of one form."""
        record = self.records.get(described.definition.record or "")
        if record is None or described.uneven:
            return
        reporter = Reporter(self.collector, described)
        try:
            kinds = field_kinds(record)
        except RecordError as error:
            reporter.error("C207", error.message, error.hint)
            return
        if _same_names(reporter, record, kinds):
            for column in described.columns:
                self._check_column(reporter, record, column, kinds[column.name])

    def _check_column(self, reporter: Reporter, record: type, column: DescribedColumn, kind: Kind) -> None:
        where = f"{record.__name__}.{column.name}"
        self._filled[record.__name__].add(column.name)
        if column.nullable:
            self._nullable_seen[record.__name__].add(column.name)
        declared = reporter.described.definition.column_types.get(column.name)
        said = column.said if declared is None else declared.name
        words = (said,) if said is not None and scalar_of(said) in SCALARS else column.words
        word = word_of_field(kind)
        if not fits(word, words):
            reporter.error(
                "C204",
                f"column {column.name} is {spelled(words)}, {where} is {word}",
                f"annotate it {spelled(words)}, or CAST in the SQL",
            )
        settle = f"-- @column {column.name} {word or '<type>'}"
        if column.unless_infinite and declared is None and not kind.nullable:
            message = f"column {column.name} is NULL where Inf and -Inf meet, {where} may not be None"
            reporter.note("C208", message, f"bound what it is computed of by a CHECK, or {settle}")
        elif column.nullable and not kind.nullable:
            reporter.error(
                "C205",
                f"column {column.name} may be NULL{_shown_by(reporter.described, column.name)}, {where} may not",
                f"annotate it {word or 'object'} | None, or -- @column {column.name} {word or '<type>'} if it never is",
            )

    def check_needless(self, described: Iterable[DescribedStatement]) -> None:
        """C206: fields that may be None and whose columns never are NULL, in any statement of the record."""
        used = {item.definition.record for item in described}
        for name, record in self.records.items():
            if name not in used or not self._filled[name]:
                continue
            for column, kind in field_kinds(record).items():
                if kind.nullable and column in self._filled[name] and column not in self._nullable_seen[name]:
                    file, line = self._source(record)
                    self.collector.add(
                        "C206",
                        f"{name}.{column} may be None, and no statement gives NULL for it",
                        file=file,
                        line=line,
                        hint="drop the | None",
                        level="note",
                    )

    def _source(self, record: type) -> tuple[str, int]:
        """Where a record is written; its module's name where that cannot be told."""
        try:
            file = inspect.getsourcefile(record) or record.__module__
            if file not in self._lines:
                self._lines[file] = _class_lines(file)
            return os.path.relpath(file), self._lines[file].get(record.__qualname__, 1)
        except (OSError, TypeError, SyntaxError, UnicodeDecodeError):
            return record.__module__, 1


def _shown_by(described: DescribedStatement, name: str) -> str:
    """The first of the variants in which the column may be NULL, where it may not be in all of them."""
    maybe = [key for key, one in described.variants.items() if any(c.name == name and c.nullable for c in one.columns)]
    return f" {with_variant(maybe[0])}" if 0 < len(maybe) < len(described.variants) else ""


def _same_names(reporter: Reporter, record: type, kinds: Mapping[str, Kind]) -> bool:
    names = [column.name for column in reporter.described.columns]
    given = set(names)
    missing = [name for name in kinds if name not in given]
    extra = [name for name in names if name not in kinds]
    for name in missing:
        reporter.error("C201", f"no column fills {record.__name__}.{name}", f"select {name}, or drop the field")
    for name in extra:
        hint = f"add {name} to {record.__name__}, or take another record"
        reporter.error("C202", f"column {name} has no field in {record.__name__}", hint)
    if missing or extra or len(names) != len(kinds):
        return False
    if names != list(kinds):
        reporter.error(
            "C203", f"the columns stand in the order {', '.join(names)}", f"{record.__name__} has {', '.join(kinds)}"
        )
    return True


def _class_lines(file: str) -> dict[str, int]:
    """The lines on which the classes of a module begin, read once for all of them."""
    with tokenize.open(file) as stream:
        tree = ast.parse(stream.read())
    found: dict[str, int] = {}
    left: list[tuple[ast.AST, str]] = [(tree, "")]
    while left:
        node, prefix = left.pop()
        if isinstance(node, ast.ClassDef):
            first = node.decorator_list[0] if node.decorator_list else node
            found[f"{prefix}{node.name}"] = first.lineno
            prefix = f"{prefix}{node.name}."
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            prefix = f"{prefix}{node.name}.<locals>."
        left += [(child, prefix) for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found
