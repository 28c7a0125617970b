"""Build the model of a package: described statements in, records and functions out; what is unknown is a finding."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from operator import itemgetter
from types import ModuleType

from pydb.describe import DescribedColumn, DescribedStatement
from pydb.describe.result_names import naming_hint
from pydb.errors import PydbError
from pydb.findings import Finding
from pydb.generate.clashes import field_clash, function_clashes, module_clashes, record_clash
from pydb.generate.drafts import Column, RecordDraft
from pydb.generate.levels import LevelShape, level_shapes
from pydb.generate.model import ANY, Function, Module, Package, Record, TypeSpec
from pydb.generate.record_check import mismatches, module_of
from pydb.generate.record_methods import home, is_factory
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.support.python_names import is_python_name
from pydb.values.application_modules import ApplicationModules

__all__ = ["Options", "build"]

UNTYPED, DISAGREEING, COLUMNS, NAME, BY_HAND = "G101", "G102", "G103", "G104", "G105"
FOREIGN, JSON = "G108", "G109"
"""The codes of this module's findings; docs/generate.md explains them."""

_NO_DOC = "A row of {}."


@dataclass(frozen=True, slots=True)
class Options:
    """The application's settings: the package's name, the path to its SQL, its own records, base classes and modules.

    ``own`` are the top-level names of the application's modules.  ``modules`` are the modules that the SQL may name.
    With ``asynchronous``, asynchronous functions are generated too.
    """

    package: str
    sql: str
    by_hand: ModuleType | None = None
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    modules: ApplicationModules = field(default_factory=ApplicationModules)
    asynchronous: bool = False


def build(
    forms: Iterable[Sequence[DescribedStatement]], docs: Mapping[str, str], options: Options
) -> tuple[Package | None, list[Finding]]:
    """The package with notes, or None with the findings that prevent it.

    ``forms`` has a sequence for each statement: its descriptions on its engines, the leading engine first.  ``docs``
    has the descriptions of the files, by namespace (``reports.stock``).
    """
    builder = _Builder(docs, options)
    for described in forms:
        builder.add(described)
    return builder.finish()


_Placed = tuple[int, DescribedStatement, Function]
"""A position in the file, a statement, and its function."""


class _Builder:
    def __init__(self, docs: Mapping[str, str], options: Options) -> None:
        self.docs, self.options = docs, options
        self.findings: list[Finding] = []
        self.drafts: dict[str, RecordDraft] = {}
        self.json_records: dict[str, DescribedStatement] = {}
        self.functions: dict[str, list[tuple[DescribedStatement, Function]]] = {}
        self.written: dict[tuple[str, str | None, str | None], list[_Placed]] = defaultdict(list)

    def add(self, described: Sequence[DescribedStatement]) -> None:
        """Read one statement."""
        first = described[0]
        definition = first.definition
        columns, uneven = self._columns(described), any(form.uneven for form in described)
        if columns and definition.nesting is not None and not uneven:
            for shape in level_shapes(described, definition.nesting):
                self._add_level(shape)
        elif columns and self._is_record(definition):
            numbers = {name: index for index, name in enumerate(columns)}
            self._add_to_record(first, definition.record or "", columns, numbers)
        elif columns and not uneven:
            self._note_untyped_columns(first, columns)
        parameters = self._parameters(described)
        bound = [item for item in parameters if item[0] in definition.bound]
        function = Function(
            name=definition.name.rpartition(".")[2],
            statement=definition.name,
            doc=definition.doc,
            row_word=definition.row_word,
            record=definition.record,
            columns=tuple(column.spec for column in columns.values()),
            parameters=parameters,
            sequences=definition.sequences,
            found={
                "parameters": _found(bound, definition.parameter_types),
                "columns": {}
                if self._is_record(definition)
                else _found([(name, column.spec) for name, column in columns.items()], definition.column_types),
            },
            optional=definition.optional,
            uneven=uneven,
        )
        namespace = definition.name.rpartition(".")[0]
        inside = self.functions.setdefault(namespace, [])
        self.written[namespace, first.traits.table, definition.record].append((len(inside), first, function))
        inside.append((first, function))

    def finish(self) -> tuple[Package | None, list[Finding]]:
        """The package of all statements that were read, or None, and the findings."""
        drafts = [self._record(self.drafts[name]) for name in sorted(self.drafts)]
        records = tuple(sorted([*drafts, *self._json_records()], key=lambda record: record.name))
        modules = tuple(self._module(namespace) for namespace in sorted(self.functions))
        self._check_modules(modules)
        findings = sorted(self.findings, key=lambda finding: (finding.file, finding.line))
        if any(finding.level == "error" for finding in findings):
            return None, findings
        options = self.options
        return Package(options.package, options.sql, records, modules, options.own, options.asynchronous), findings

    # Columns and parameters.

    def _columns(self, described: Sequence[DescribedStatement]) -> dict[str, Column]:
        first = described[0]
        columns: dict[str, Column] = {}
        for index, column in enumerate(first.columns):
            others = [form.columns[index] for form in described if index < len(form.columns)]
            columns[column.name] = self._column(first, column.name, others)
        return columns

    def _column(self, first: DescribedStatement, name: str, others: Sequence[DescribedColumn]) -> Column:
        column = others[0]
        words = self._common(first, f"column {name}", [(other.words, other.type) for other in others])
        declared = first.definition.column_types.get(name)
        if declared is not None:
            self._check_type(first, f"@column {name}", declared.name)
        nullable = any(other.nullable for other in others)
        project = next((other.said for other in others if other.said is not None), None)
        if declared is None and project is not None:
            self._check_type(first, f"[tool.pydb.columns] {column.table}.{column.column}", project)
        return Column(words, nullable, declared.name if declared else project)

    def _note_untyped_columns(self, described: DescribedStatement, columns: Mapping[str, Column]) -> None:
        for name, column in columns.items():
            if column.spec.word == ANY and column.said is None and column.level is None:
                hint = f"{'' if is_python_name(name) else 'name it with AS, then '}add -- @column {name} <type>, or any"
                self._note(described, f"the type of column {name} is unknown: Any", hint)

    @staticmethod
    def _is_record(definition: Definition) -> bool:
        return definition.record not in (None, "scalar")

    def _parameters(self, described: Sequence[DescribedStatement]) -> tuple[tuple[str, TypeSpec], ...]:
        definition = described[0].definition
        # Parameters that may be left out come last.
        names = sorted(definition.parameters, key=lambda name: name in definition.optional)
        return tuple((name, self._parameter(described, name)) for name in names)

    def _parameter(self, described: Sequence[DescribedStatement], name: str) -> TypeSpec:
        first = described[0]
        declared: TypeName | None = first.definition.parameter_types.get(name)
        written = first.form.written(name)
        if name.startswith("_"):
            self._find(first, NAME, f"the parameter :{written} starts with an underscore", "start it with a letter")
        forms = [form.parameters[name] for form in described]
        if declared is not None:
            self._check_type(first, f"@param {written}", declared.name)
            optional = first.definition.optional.get(name)
            return TypeSpec(declared.name, declared.nullable or (optional is not None and optional.takes_null))
        said = next((form.said for form in forms if form.said is not None), None)
        if said is not None:
            self._check_type(first, f"[tool.pydb.columns], for :{written},", said)
            return TypeSpec(said, any(form.nullable for form in forms))
        words = self._common(first, f"parameter :{written}", [(form.words, ", ".join(form.types)) for form in forms])
        if not words:
            hint = f"add -- @param {written} <type>, or any"
            self._note(first, f"the type of parameter :{written} is unknown: Any", hint)
        return TypeSpec(words[0] if words else ANY, any(form.nullable for form in forms))

    def _check_type(self, described: DescribedStatement, directive: str, word: str) -> None:
        """Report a type of the application that the generated file cannot import."""
        word = scalar_of(word)
        if word in SCALARS:
            return
        what, own = f"{directive} names {word}", self.options.modules
        if "." not in word:
            hint = "write its module too: app.types.Role"
            self._find(described, UNTYPED, f"{what}, which cannot be imported", hint)
        elif refused := own.refusal(word):
            self._find(described, FOREIGN, f"{what}: {refused[0]}", refused[1])
        else:
            try:
                if not own.has(word):
                    self._find(described, UNTYPED, f"{what}, which cannot be imported", "check its spelling")
            except PydbError as error:
                self._find(described, UNTYPED, f"{what}: {error.message}", error.hint or "")

    def _common(
        self, described: DescribedStatement, what: str, choices: Sequence[tuple[tuple[str, ...], str | None]]
    ) -> tuple[str, ...]:
        """The words that fit on every engine that knows the type, the likeliest first."""
        known = [words for words, _ in choices if words]
        common = tuple(word for word in known[0] if all(word in words for words in known)) if known else ()
        if known and not common:
            types = " and ".join(dict.fromkeys(str(type_) for words, type_ in choices if words))
            self._find(
                described,
                DISAGREEING,
                f"{what} is {types}, which no single Python type represents",
                "cast it to one type",
            )
        return common

    # Records.

    def _add_level(self, shape: LevelShape) -> None:
        """Read one level of nested rows; a json level only names a record."""
        lead = shape.lead
        columns = {
            field_: self._column(lead, lead.columns[shape.numbers[field_]].name, others)
            for field_, others in shape.fields.items()
        }
        columns |= {level.name: Column((), absent, None, level) for level, absent in shape.children}
        self.json_records.update({level.record: lead for level, _ in shape.children if level.json})
        self._add_to_record(lead, shape.record, columns, shape.numbers)

    def _json_records(self) -> Iterator[Record]:
        """The records that only json levels name: the application must define them."""
        for name, described in self.json_records.items():
            if name in self.drafts:
                continue
            by_hand = getattr(self.options.by_hand, name, None)
            if isinstance(by_hand, type):
                yield Record(name, "", (), by_hand_in=module_of(name, by_hand, self.options.by_hand))
            else:
                message = f"{name} is the record of a json level, but its fields are unknown"
                self._find(described, JSON, message, "return it from another statement too, or define it yourself")

    def _add_to_record(
        self, described: DescribedStatement, name: str, columns: dict[str, Column], numbers: Mapping[str, int]
    ) -> None:
        draft = self.drafts.get(name)
        if draft is None:
            self.drafts[name] = RecordDraft(name, dict(columns), [described], numbers)
            return
        draft.statements.append(described)
        if list(draft.columns) != list(columns):
            message = f"{name} has the columns {', '.join(columns)} here"
            other = draft.statements[0].definition
            self._find(
                described,
                COLUMNS,
                f"{message}, but {', '.join(draft.columns)} in {other.name}",
                "list the same columns in the same order, or name another record",
            )
            return
        for column, new in columns.items():
            draft.columns[column] = self._merged(described, column, draft.columns[column], new)

    def _merged(self, described: DescribedStatement, column: str, known: Column, new: Column) -> Column:
        if known.shape != new.shape:
            message = f"{column} is not the same level of nested rows in all statements of the record"
            self._find(described, COLUMNS, message, "name another record")
        if known.said and new.said and known.said != new.said:
            message = f"@column {column} is {new.said} here but {known.said} in an earlier statement"
            self._find(described, DISAGREEING, message, "state it once")
        words = tuple(word for word in known.words if word in new.words) if known.words and new.words else ()
        said = known.said or new.said
        if known.words and new.words and not words and not said:
            message = f"column {column} is {new.words[0]} here but {known.words[0]} in another statement of the record"
            self._find(described, DISAGREEING, message, f"add -- @column {column} <type>")
        return Column(words or known.words or new.words, known.nullable or new.nullable, said, known.level)

    def _record(self, draft: RecordDraft) -> Record:
        by_hand = getattr(self.options.by_hand, draft.name, None)
        first = draft.statements[0]
        if isinstance(by_hand, type):
            plain = {name: column for name, column in draft.columns.items() if column.level is None}
            specs = {name: (column.words, column.nullable) for name, column in plain.items()}
            levels = {name: (c.level, c.nullable) for name, c in draft.columns.items() if c.level is not None}
            for message, hint in mismatches(by_hand, specs, levels):
                self._find(first, BY_HAND, message, hint)
            return Record(draft.name, "", (), by_hand_in=module_of(draft.name, by_hand, self.options.by_hand))
        self._note_untyped_columns(first, draft.columns)
        if clash := record_clash(draft.name):
            self._find(first, NAME, *clash)
        for name in draft.columns:
            if clash := field_clash(name):
                hint = (
                    naming_hint(first, draft.numbers[name]) if name in draft.numbers else "give the level another name"
                )
                self._find(first, NAME, clash[0], hint)
        factories, methods = self._own_functions(draft)
        for name in (draft.name, *(function.name for function in (*factories, *methods))):
            if name in draft.columns:
                message = f"the column {name} of {draft.name} has the name of the record or of one of its methods"
                self._find(first, NAME, message, "rename it with AS")
        return Record(
            name=draft.name,
            doc=self._doc(draft, factories),
            fields=tuple((name, column.spec) for name, column in draft.columns.items()),
            factories=factories,
            methods=methods,
            bases=self.options.bases.get(draft.name, ()),
        )

    def _own_functions(self, draft: RecordDraft) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
        """The record's factories and methods: the statements in its home file that write its table."""
        own = [statement for statement in draft.statements if statement.definition.record == draft.name]
        place = next((found for statement in own if (found := home(statement))), None)
        inside: list[_Placed] = []
        if place:
            # In the order of the file: functions that return the record, and functions that return no record.
            kinds = [self.written.get((*place, record), []) for record in (draft.name, None)]
            inside = list(merge(*kinds, key=itemgetter(0)))
        factories = tuple(function for _, described, function in inside if is_factory(described, draft.name))
        methods = tuple(
            method for _, described, function in inside if (method := self._method(described, function, draft))
        )
        return factories, methods

    def _doc(self, draft: RecordDraft, factories: Sequence[Function]) -> str:
        """The record's docstring: its file's description for the file's first record, else its statements' names."""
        place = factories[0].statement.rpartition(".")[0] if factories else ""
        if self._first_created.get(place) == draft.name and self.docs.get(place):
            return self.docs[place].split("\n\n")[0]
        return _NO_DOC.format(", ".join(statement.definition.name for statement in draft.statements))

    @cached_property
    def _first_created(self) -> dict[str, str]:
        """For each file, the first record that one of its statements creates."""
        created: dict[str, set[str]] = defaultdict(set)
        for namespace, inside in self.functions.items():
            for described, _ in inside:
                record = described.definition.record
                if record is not None and is_factory(described, record):
                    created[record].add(namespace)
        # In reverse order, so that the record that was read first replaces later ones.
        return {namespace: name for name in reversed(self.drafts) for namespace in created[name]}

    def _method(self, described: DescribedStatement, function: Function, draft: RecordDraft) -> Function | None:
        """The function as a method, if it changes the one row that the record's key identifies."""
        if described.form.verb not in ("UPDATE", "DELETE") or not (
            function.row_word.at_most_one or function.row_word.returns_no_rows
        ):
            return None
        if function.record not in (None, draft.name):
            return None
        key = described.traits.key
        if not key or not key <= draft.columns.keys() or key & function.optional.keys():
            return None
        return dataclasses.replace(function, key=key)

    # Modules.

    def _module(self, namespace: str) -> Module:
        functions = tuple(function for _, function in self.functions[namespace])
        return Module(tuple(namespace.split(".")), self.docs.get(namespace, ""), functions)

    def _check_modules(self, modules: Sequence[Module]) -> None:
        """Report modules and records that would have the same file or name in the package."""
        folders = {module.parts[:depth] for module in modules for depth in range(1, len(module.parts))}
        for module in modules:
            inside = self.functions[".".join(module.parts)]
            for message, hint in module_clashes(module, folders, self.drafts, self.options.asynchronous):
                self._find(inside[0][0], NAME, message, hint)
            statements = {function.name: described for described, function in inside}
            for function, message, hint in function_clashes(module.functions):
                self._find(statements[function.name], NAME, message, hint)

    def _note(self, described: DescribedStatement, message: str, hint: str) -> None:
        definition = described.definition
        name = definition.name
        self.findings.append(Finding(definition.file, definition.line, None, UNTYPED, message, name, hint, "note"))

    def _find(self, described: DescribedStatement, code: str, message: str, hint: str) -> None:
        definition = described.definition
        self.findings.append(Finding(definition.file, definition.line, None, code, message, definition.name, hint))


def _found(types: Iterable[tuple[str, TypeSpec]], declared: Container[str]) -> dict[str, TypeSpec]:
    """The types that check has found, which no directive declares."""
    return {name: spec for name, spec in types if spec.word != ANY and name not in declared}
