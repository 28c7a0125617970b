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
from pydb.check.statement_rules import spelled
from pydb.describe import DescribedColumn, DescribedStatement
from pydb.describe.type_mapping import fits, word_of_field
from pydb.describe.variants import with_variant
from pydb.engines.base import rules_of
from pydb.errors import RecordError
from pydb.sqlfile.nested import Nesting, place_of_label
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.values.json_level import refused_field
from pydb.values.kinds import Kind
from pydb.values.nested_records import RecordLevel, record_tree
from pydb.values.records import field_hints, field_kinds

__all__ = ["RecordChecker"]


@dataclass(slots=True)
class RecordChecker:
    """Compares statements with their records, and remembers which fields may be NULL."""

    records: Mapping[str, type]
    collector: Collector
    _nullable_seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _filled: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _lines: dict[str, dict[str, int]] = field(default_factory=dict)

    def check(self, described: DescribedStatement) -> None:
        """Report C201 to C205 and C207 for one form."""
        record = self.records.get(described.definition.record or "")
        if record is None or described.uneven:
            return
        reporter = Reporter(self.collector, described)
        if described.form.nesting is not None:
            self._check_levels(reporter, record, described.form.nesting)
            return
        try:
            kinds = field_kinds(record)
        except RecordError as error:
            reporter.error("C207", error.message, error.hint)
            return
        if _same_names(reporter, record, kinds, {column.name: column.name for column in described.columns}):
            for column in described.columns:
                self._check_column(reporter, record, column.name, column, kinds[column.name])

    def _check_levels(self, reporter: Reporter, record: type, nesting: Nesting) -> None:
        """Check each level of nested rows against its record."""
        try:
            tree = record_tree(record, nesting, self.records)
        except RecordError as error:
            reporter.error("C207", error.message, error.hint)
            return
        for label in (column.name for column in reporter.described.columns):
            if label not in nesting.by_label and place_of_label(label, nesting) is None:
                reporter.error("C202", f"column {label} belongs to no level", "rename it with AS, or add its level")
        self._check_level(reporter, tree)

    def _check_level(self, reporter: Reporter, node: RecordLevel) -> None:
        described = reporter.described
        level = next(item for item in described.levels if item.path == node.path)
        json = [child for child in node.children if child.level is not None and child.level.json]
        columns = {field: described.columns[number] for field, number in level.fields.items()}
        for child in json:
            columns.pop(child.path.rpartition(".")[2], None)
            self._check_objects(reporter, child)
        if _same_names(reporter, node.record, node.kinds, {field: column.name for field, column in columns.items()}):
            for field_, column in columns.items():
                self._check_column(reporter, node.record, field_, column, node.kinds[field_])
        if level.level is not None and not level.level.many and level.absent and not node.optional:
            message = f"the embed {node.path} may be absent, but its field may not be None"
            reporter.error("C205", message, f"annotate it {node.record.__name__} | None, or join with INNER JOIN")
        for child in node.children:
            if child not in json:
                self._check_level(reporter, child)

    def _check_objects(self, reporter: Reporter, node: RecordLevel) -> None:
        """Check the keys and values of a JSON call, as far as the SQL shows them."""
        described, level = reporter.described, node.level
        assert level is not None
        rules = rules_of(described.engine)
        if refused := refused_field(node.kinds, rules.json_values):
            where = f"{node.record.__name__}.{refused[0]} is {refused[1]}"
            message = f"{where}, which {rules.product} cannot write into JSON unchanged"
            reporter.error("C207", message, f"join the level {level.path}, or write a separate statement for it")
        values = described.traits.objects.get(level.label)
        if values is None:
            message = f"not checked: the SQL does not show the keys of the objects in {level.label}"
            reporter.note("C308", message, "write them: json_object('id', …), json_build_object('id', …)")
            return
        same = _same_names(
            reporter, node.record, node.kinds, {key: f"{level.label}.{key}" for key in values}, ordered=False
        )
        for key, column in values.items() if same else ():
            self._check_column(reporter, node.record, key, column, node.kinds[key])

    def _check_column(self, reporter: Reporter, record: type, field: str, column: DescribedColumn, kind: Kind) -> None:
        where = f"{record.__name__}.{field}"
        self._filled[record.__name__].add(field)
        if column.nullable:
            self._nullable_seen[record.__name__].add(field)
        declared = reporter.described.definition.column_types.get(column.name)
        said = column.said if declared is None else declared.name
        words = (said,) if said is not None and scalar_of(said) in SCALARS else column.words
        word = word_of_field(kind)
        if not fits(word, words):
            reporter.error(
                "C204",
                f"column {column.name} is {spelled(words)}, but {where} is {word}",
                f"annotate it {spelled(words)}, or write a CAST in the SQL",
            )
        settle = f"-- @column {column.name} {word or '<type>'}"
        if column.unless_infinite and declared is None and not kind.nullable:
            message = f"column {column.name} is NULL if Inf and -Inf meet, but {where} may not be None"
            reporter.note("C208", message, f"add a CHECK that excludes infinite values, or add {settle}")
        elif column.nullable and not kind.nullable:
            reporter.error(
                "C205",
                f"column {column.name} may be NULL{_shown_by(reporter.described, column.name)}, "
                f"but {where} may not be None",
                f"annotate it {word or 'object'} | None, or add {settle} if it is never NULL",
            )

    def check_needless(self, described: Iterable[DescribedStatement]) -> None:
        """Report C206: fields that may be None although their columns are never NULL in any statement of the record."""
        used = {item.definition.record for item in described}
        used |= {name for item in described if item.form.nesting for name in item.form.nesting.records}
        for name, record in self.records.items():
            if name not in used or not self._filled[name]:
                continue
            for column, kind in field_kinds(record, without=field_hints(record).keys() - self._filled[name]).items():
                if kind.nullable and column in self._filled[name] and column not in self._nullable_seen[name]:
                    file, line = self._source(record)
                    self.collector.add(
                        "C206",
                        f"{name}.{column} may be None, but no statement returns NULL for it",
                        file=file,
                        line=line,
                        hint="remove | None",
                        level="note",
                    )

    def _source(self, record: type) -> tuple[str, int]:
        """The file and line of a record; its module's name and 1 if they are unknown."""
        try:
            file = inspect.getsourcefile(record) or record.__module__
            if file not in self._lines:
                self._lines[file] = _class_lines(file)
            return os.path.relpath(file), self._lines[file].get(record.__qualname__, 1)
        except (OSError, TypeError, SyntaxError, UnicodeDecodeError):
            return record.__module__, 1


def _shown_by(described: DescribedStatement, name: str) -> str:
    """The first variant in which the column may be NULL; empty if it may be NULL in all or in none."""
    maybe = [key for key, one in described.variants.items() if any(c.name == name and c.nullable for c in one.columns)]
    return f" {with_variant(maybe[0])}" if 0 < len(maybe) < len(described.variants) else ""


def _same_names(
    reporter: Reporter, record: type, kinds: Mapping[str, Kind], columns: Mapping[str, str], ordered: bool = True
) -> bool:
    """Whether the columns, given by the names of their fields, are the fields of the record."""
    names = list(columns)
    missing = [name for name in kinds if name not in columns]
    extra = [column for name, column in columns.items() if name not in kinds]
    for name in missing:
        reporter.error("C201", f"no column fills {record.__name__}.{name}", f"select {name}, or remove the field")
    for name in extra:
        hint = f"add {name} to {record.__name__}, or use another record"
        reporter.error("C202", f"column {name} has no field in {record.__name__}", hint)
    if missing or extra or len(names) != len(kinds):
        return False
    if ordered and names != list(kinds):
        reporter.error(
            "C203",
            f"the columns are in the order {', '.join(names)}",
            f"the fields of {record.__name__} are in the order {', '.join(kinds)}",
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
