"""Described statements in, the package's nouns out; what cannot be told becomes a finding, never a guess."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from sqlglot import exp

from pydb.describe.described import DescribedStatement
from pydb.describe.facts import Catalogue
from pydb.describe.python_types import word_of
from pydb.errors import RecordError
from pydb.findings import Finding
from pydb.generate.model import Function, Module, Package, Record, TypeSpec
from pydb.records import field_kinds
from pydb.statement import Definition

__all__ = ["Options", "build"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the application says: the package's dotted name, where the SQL is from there, its own records, base classes."""

    package: str
    sql: str
    by_hand: ModuleType | None = None
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A record while its statements are read."""

    name: str
    fields: dict[str, TypeSpec]
    first: DescribedStatement
    statements: list[Definition] = field(default_factory=list)


def build(
    forms: Iterable[Sequence[DescribedStatement]],
    catalogue: Catalogue,
    docs: Mapping[str, str],
    options: Options,
) -> tuple[Package | None, list[Finding]]:
    """The package, or None with findings that say why there is none.

    ``forms`` holds a sequence a statement: its description on each engine, the first one leading.
    ``catalogue`` is that engine's; ``docs`` are the descriptions of the files, by namespace.
    """
    builder = _Builder(catalogue, docs, options)
    for described in forms:
        builder.add(described)
    return builder.finish()


class _Builder:
    def __init__(self, catalogue: Catalogue, docs: Mapping[str, str], options: Options) -> None:
        self.catalogue, self.docs, self.options = catalogue, docs, options
        self.findings: list[Finding] = []
        self.drafts: dict[str, _Draft] = {}
        self.functions: dict[str, list[tuple[DescribedStatement, Function]]] = {}

    def add(self, described: Sequence[DescribedStatement]) -> None:
        """Read one statement."""
        first = described[0]
        definition = first.definition
        columns = self._columns(described)
        if definition.record not in (None, "scalar") and columns:
            self._add_to_record(first, columns)
        namespace = definition.name.rpartition(".")[0]
        function = self._function(described, tuple(columns.values()))
        self.functions.setdefault(namespace, []).append((first, function))

    def finish(self) -> tuple[Package | None, list[Finding]]:
        """The package of everything that was read."""
        records = tuple(self._record(draft) for draft in self.drafts.values())
        modules = tuple(self._module(namespace) for namespace in sorted(self.functions))
        if self.findings:
            return None, self.findings
        return Package(self.options.package, self.options.sql, records, modules), []

    # Types.

    def _columns(self, described: Sequence[DescribedStatement]) -> dict[str, TypeSpec]:
        definition = described[0].definition
        specs: dict[str, TypeSpec] = {}
        for index, column in enumerate(described[0].columns):
            forms = [form.columns[index] for form in described if index < len(form.columns)]
            nullable = any(other.nullable for other in forms)
            declared = definition.column_types.get(column.name)
            word = declared.name if declared else _common([other.words for other in forms])
            if word is None and not self._field_word(definition, column.name):
                self._find(described[0], f"column {column.name} has no type that can be told", f"-- @column {column.name} <type>")
            specs[column.name] = TypeSpec(word or "Any", nullable)
        return specs

    def _field_word(self, definition: Definition, column: str) -> bool:
        """Whether another statement of the same record has said what the column is."""
        draft = self.drafts.get(definition.record or "")
        by_hand = self._by_hand(definition.record or "")
        return by_hand is not None or (draft is not None and column in draft.fields)

    def _parameters(self, described: Sequence[DescribedStatement]) -> tuple[tuple[str, TypeSpec], ...]:
        definition = described[0].definition
        specs = []
        for name in definition.parameters:
            forms = [form.parameters[name] for form in described]
            declared = definition.parameter_types.get(name)
            word = declared.name if declared else _common([other.words for other in forms])
            if word is None:
                self._find(described[0], f"parameter {name} has no type that can be told", f"-- @param {name} <type>")
            specs.append((name, TypeSpec(word or "Any", any(other.nullable for other in forms))))
        return tuple(specs)

    # Functions.

    def _function(self, described: Sequence[DescribedStatement], columns: tuple[TypeSpec, ...]) -> Function:
        definition, form = described[0].definition, described[0].form
        return Function(
            name=definition.name.rpartition(".")[2],
            statement=definition.name,
            doc=definition.doc,
            rows=definition.rows,
            record=definition.record,
            columns=columns or (TypeSpec("Any"),),
            returning=form.returning,
            parameters=self._parameters(described),
            sequences=definition.sequences,
        )

    def _module(self, namespace: str) -> Module:
        found = self.functions[namespace]
        parts = tuple(namespace.split("."))
        file = "/".join((self.options.sql.rpartition("/")[2], *parts)) + ".sql"
        functions = tuple(dataclasses.replace(function, columns=function.columns) for _, function in found)
        return Module(parts, file, self.docs.get(namespace, ""), functions)

    # Records.

    def _add_to_record(self, described: DescribedStatement, columns: dict[str, TypeSpec]) -> None:
        definition = described.definition
        name = definition.record or ""
        draft = self.drafts.get(name)
        if draft is None:
            self.drafts[name] = _Draft(name, dict(columns), described, [definition])
            return
        draft.statements.append(definition)
        if list(draft.fields) != list(columns):
            other = draft.first.definition
            self._find(
                described,
                f"{name} has the columns {', '.join(columns)} here, {', '.join(draft.fields)} in {other.name}",
                "list the same columns in the same order, or name another record",
            )
            return
        for column, spec in columns.items():
            draft.fields[column] = self._merged(described, column, draft.fields[column], spec)

    def _merged(self, described: DescribedStatement, column: str, known: TypeSpec, new: TypeSpec) -> TypeSpec:
        declared = described.definition.column_types.get(column)
        words = {known.word, new.word} - {"Any"}
        said = [d.column_types[column].name for d in self.drafts[described.definition.record or ""].statements if column in d.column_types]
        if len(set(said)) > 1 or (len(words) > 1 and not said):
            self._find(described, f"column {column} is {new.word} here and {known.word} before", f"-- @column {column} <type>")
        word = declared.name if declared else said[0] if said else known.word if known.word != "Any" else new.word
        return TypeSpec(word, known.nullable or new.nullable)

    def _by_hand(self, name: str) -> type | None:
        found = getattr(self.options.by_hand, name, None)
        return found if isinstance(found, type) else None

    def _record(self, draft: _Draft) -> Record:
        by_hand = self._by_hand(draft.name)
        if by_hand is not None:
            self._check_by_hand(by_hand, draft)
            return Record(draft.name, "", (), by_hand_in=by_hand.__module__)
        home = self._home(draft)
        inside = [pair for pair in self.functions.get(home, ()) if home]
        factories = [function for described, function in inside if _is_factory(described, draft.name)]
        methods = [method for described, function in inside if (method := self._method(described, function, draft))]
        for function in (*factories, *methods):
            if function.name in draft.fields:
                hint = "rename the statement or, with AS, the column"
                self._find(draft.first, f"{draft.name} has a field and a statement named {function.name}", hint)
        for name, spec in draft.fields.items():
            if spec.word == "Any":
                self._find(draft.first, f"column {name} has no type that can be told", f"-- @column {name} <type>")
        return Record(
            name=draft.name,
            doc=self._doc(draft, home),
            fields=tuple(draft.fields.items()),
            factories=tuple(factories),
            methods=tuple(methods),
            bases=self.options.bases.get(draft.name, ()),
        )

    def _home(self, draft: _Draft) -> str:
        """The file whose statements become the record's methods: the first that inserts it, or none."""
        for namespace, pairs in self.functions.items():
            if any(_is_factory(described, draft.name) for described, _ in pairs):
                return namespace
        return ""

    def _doc(self, draft: _Draft, home: str) -> str:
        if home and self.docs.get(home):
            return self.docs[home].split("\n\n")[0]
        names = [definition.name for definition in draft.statements]
        return f"A row of {names[0]}: {draft.first.definition.doc}" if len(names) == 1 else f"A row of {', '.join(names)}."

    def _method(self, described: DescribedStatement, function: Function, draft: _Draft) -> Function | None:
        """The function as a method, when it changes the one row that the record's key names."""
        if described.form.verb not in ("UPDATE", "DELETE") or function.rows not in ("one", "maybe", "affected", "exec"):
            return None
        if function.record not in (None, draft.name):
            return None
        key = self._key_bound(described)
        if not key or not key <= draft.fields.keys():
            return None
        return dataclasses.replace(function, key=key)

    def _key_bound(self, described: DescribedStatement) -> frozenset[str]:
        """The key columns that the WHERE compares with parameters of the same names; empty when no whole key is."""
        tree = described.analysis.tree
        where = tree.args.get("where") if tree is not None else None
        if tree is None or where is None or not isinstance(tree.this, exp.Table):
            return frozenset()
        facts = self.catalogue.table(self.catalogue.fold_table(tree.this.name, quoted=bool(tree.this.this.args.get("quoted"))))
        bound = frozenset(name for part in where.this.flatten() if (name := _own_parameter(part)))
        keys = sorted((sorted(key) for key in facts.keys), key=len) if facts else []
        return next((frozenset(key) for key in keys if frozenset(key) <= bound), frozenset())

    def _check_by_hand(self, record: type, draft: _Draft) -> None:
        try:
            kinds = field_kinds(record)
        except RecordError as error:
            self._find(draft.first, error.message, error.hint or "")
            return
        if list(kinds) != list(draft.fields):
            message = f"{draft.name} has the fields {', '.join(kinds)}, the statement {', '.join(draft.fields)}"
            self._find(draft.first, message, "give the record a field per column, in the columns' order")
        for name, kind in kinds.items():
            spec = draft.fields.get(name)
            if spec is not None and spec.nullable and not kind.nullable and kind.type is not object:
                self._find(draft.first, f"{draft.name}.{name} may be NULL", f"annotate it `{word_of(kind)} | None`")

    def _find(self, described: DescribedStatement, message: str, hint: str) -> None:
        definition = described.definition
        self.findings.append(
            Finding(definition.file, definition.line, None, "GENERATE", f"{definition.name}: {message}", hint)
        )


def _is_factory(described: DescribedStatement, record: str) -> bool:
    definition, form = described.definition, described.form
    inserts = form.verb in ("INSERT", "REPLACE") and form.returning
    return inserts and definition.record == record and definition.rows in ("one", "maybe")


def _own_parameter(part: exp.Expr) -> str | None:
    """``id`` of ``id = :id``."""
    if isinstance(part, exp.EQ):
        for left, right in ((part.this, part.expression), (part.expression, part.this)):
            if isinstance(left, exp.Column) and isinstance(right, exp.Placeholder) and left.name == right.name:
                return str(left.name)
    return None


def _common(choices: Sequence[tuple[str, ...]]) -> str | None:
    """The likeliest word that fits on every engine that knows the type."""
    known = [words for words in choices if words]
    if not known:
        return None
    return next((word for word in known[0] if all(word in words for words in known)), None)
