"""Write the files of a package: its model in; typed Python, which ruff leaves unchanged at 88 to 120 columns, out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from pydb.generate.layout import assignment, broken, compared, docstring, exported, mapping, subscript
from pydb.generate.model import ANY, Function, Module, Package, Record, TypeSpec
from pydb.generate.names import WIDTH, Names, numbered
from pydb.generate.ownership import RECORDS, TYPES, Owner
from pydb.generate.text import literal
from pydb.sqlfile.optional_lines import NULL, NameKind, OptionalName
from pydb.sqlfile.row_word import RowWord

__all__ = ["ModuleWriter", "defined_by", "folders", "module_path", "namespace", "render_package"]

_TYPES_DOC = "The types of the statements' parameters and columns, as `pydb check` has found them."
_RECORDS_DOC = "The records of the statements' rows.  Their factories and methods run statements."


def render_package(package: Package) -> dict[PurePosixPath, str]:
    """The text of each file, by its path inside the package's folder."""
    files = {RECORDS: _records(package), TYPES: _types(package)}
    for module in package.modules:
        files[module_path(module)] = ModuleWriter(package, module).text()
    for folder, children in folders(package):
        files[PurePosixPath(*folder, "__init__.py")] = _namespace(package, folder, children)
    return files


def folders(package: Package) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Each folder of the package, and the names of the modules and folders in it."""
    children: dict[tuple[str, ...], set[str]] = defaultdict(set, {(): set()})
    for module in package.modules:
        for depth, child in enumerate(module.parts):
            children[module.parts[:depth]].add(child)
    for folder in sorted(children):
        yield folder, sorted(children[folder])


def module_path(module: Module) -> PurePosixPath:
    """The file of a module, inside the package's folder."""
    return PurePosixPath(*module.parts).with_suffix(".py")


def _owner(package: Package) -> Owner:
    return Owner(package.name, PurePosixPath(package.sql).name)


def _file(first_line: str, doc: str, names: Names, blocks: Iterable[str], listed: Sequence[str] = ()) -> str:
    """The text of a file: its first line, docstring, imports, ``__all__``, and the blocks with their blank lines."""
    head = f"{first_line}\n# Change the SQL and run `pydb generate`.\n{docstring(doc, 0)}\n"
    # The import from __future__ is a group of its own, the first one.
    imports = "\n\n".join(part for part in (names.future_import(), names.imports()) if part)
    return "".join([f"{head}\n{imports}\n", f"\n{exported(listed)}\n" if listed else "", *blocks])


class _Writer:
    """The code that the writers of records and of functions share: annotations and signatures."""

    connection = "Connection"

    def __init__(self, names: Names, record_home: str | None) -> None:
        self.names = names
        self.record_home = record_home

    def signature(self, function: Function, first: Sequence[str], result: str, indent: int) -> list[str]:
        """The lines of ``def name(conn: Connection, /, *, …) -> result:``."""
        parts = [*first, f"conn: {self.names.get(self.connection)}"]
        if function.row_word.takes_sets:
            parts.append(f"sets: {self.names.get('Iterable')}[{set_name(function)}]")
        parts.append("/")
        given = [(name, spec) for name, spec in function.parameters if name not in function.key]
        if given and not function.row_word.takes_sets:
            parts.append("*")
            parts += [self._parameter(name, spec, function) for name, spec in given]
        return broken(f"{self.definition(function)} {function.name}", parts, f" -> {result}:", indent)

    def definition(self, function: Function) -> str:
        """The words before the name of a function: ``def``, or ``async def``."""
        return "def"

    def _parameter(self, name: str, spec: TypeSpec, function: Function) -> str:
        """A parameter of the signature, such as ``statuses: Collection[str] | None = None``."""
        optional = function.optional.get(name)
        if optional is None:
            return f"{name}: {self._value(name, spec, function)}"
        if optional.kind is NameKind.FLAG:
            return f"{name}: {self.names.get('bool')} = False"
        if optional.kind is NameKind.CHOICE:
            return self._choice(function, optional)
        if optional.needed or NULL in optional.states:
            if spec.word == ANY and name not in function.sequences:
                return f"{name}: {self.names.type(spec)} = {self.names.get('ABSENT')}"
            type_ = self._value(name, TypeSpec(spec.word), function)
            # Linters require None to be the last member of a union.
            none = " | None" if spec.nullable else ""
            return f"{name}: {type_} | {self.names.get('Absent')}{none} = {self.names.get('ABSENT')}"
        type_ = self._value(name, TypeSpec(spec.word, nullable=name not in function.sequences), function)
        return f"{name}: {type_}{' | None' * (name in function.sequences)} = None"

    def _value(self, name: str, spec: TypeSpec, function: Function) -> str:
        type_ = self.names.type(spec)
        return f"{self.names.get('Collection')}[{type_}]" if name in function.sequences else type_

    def _choice(self, function: Function, choice: OptionalName) -> str:
        """A choice, such as ``order: SearchOrder = "newest"``; in ``records.py``, a ``Literal`` of the words."""
        default = f" = {literal(choice.default)}" if choice.default else " | None = None"
        if self.record_home:
            return f"{choice.name}: {choice_name(function, choice)}{default}"
        values = [literal(value) for value in choice.values]
        head = f"{choice.name}: {self.names.get('Literal')}"
        line = f"{head}[{', '.join(values)}]{default}"
        # It must fit into the signature of a method, with a comma after it.
        if 8 + len(line) < WIDTH:
            return line
        inside = "".join(f"            {value},\n" for value in values)
        return f"{head}[\n{inside}        ]" + (default if choice.default else f"\n        {default.lstrip()}")

    def returns(self, function: Function) -> str:
        """The annotation of the function's result."""
        word = function.row_word
        if word is RowWord.EXEC:
            return "None"
        if word is RowWord.AFFECTED or not function.columns:
            return self.names.get("int")
        row = self.row(function)
        if word is RowWord.MAYBE:
            return row if row.endswith(" | None") else f"{row} | None"
        generic = {"many": "list", "batch": "list", "stream": "Iterator"}.get(word)
        return f"{self.names.get(generic)}[{row}]" if generic else row

    def row(self, function: Function) -> str:
        """The annotation of one row."""
        if function.record == "scalar":
            return self.names.type(function.columns[0])
        if function.record is None:
            return row_name(function)
        return self.names.of(self.record_home, function.record) if self.record_home else function.record

    def alias(self, name: str, function: Function) -> str:
        """The line ``_by_id: Callable[..., User | None] = queries["users.by_id"]``."""
        kind = f"{self.names.get('Callable')}[..., {self.returns(function)}]"
        queries = self.names.of(self.record_home, "queries") if self.record_home else "queries"
        return assignment(name, kind, queries, function.statement)


# records.py.


def _records(package: Package) -> str:
    written = [record for record in package.records if record.by_hand_in is None]
    shadowing = {name for record in written for name in _members(record)}
    names = Names({*shadowing, *(record.name for record in written), "queries", "SQL"}, package.own)
    # Names that pydb does not choose come first, so that they stay unchanged.
    for record in package.records:
        if record.by_hand_in is not None:
            names.keep(record.by_hand_in, record.name)
        for base in record.bases:
            names.of(*base.rsplit(".", 1))
    writer = _RecordWriter(names, package)
    blocks = [f"\n{_where(package, names)}\n", *(f"\n\n{writer.record(record)}\n" for record in written)]
    listed = [record.name for record in package.records]
    inner = "".join(f"        {name},\n" for name in listed)
    records = f"    records=[\n{inner}    ],\n" if listed else ""
    types = names.of(f"{package.name}.{TYPES.stem}", "TYPES")
    gap = "\n\n" if written else "\n"
    blocks.append(f"{gap}queries = {names.get('load')}(\n    SQL,\n{records}    types={types},\n)\n")
    if writer.aliases:
        blocks.append("\n" + "\n".join(writer.aliases.values()) + "\n")
    return _file(_owner(package).first_line(RECORDS), _RECORDS_DOC, names, blocks, [*listed, "SQL", "queries"])


def _types(package: Package) -> str:
    """The text of ``statement_types.py``."""
    table = {
        function.statement: {
            key: {name: str(spec) for name, spec in specs.items()} for key, specs in function.found.items() if specs
        }
        for module in package.modules
        for function in module.functions
    }
    head = "TYPES: dict[str, dict[str, dict[str, str]]] = "
    block = f"\n{mapping(head, {name: found for name, found in table.items() if found}, 0)}\n"
    return _file(_owner(package).first_line(TYPES), _TYPES_DOC, Names({"TYPES"}, package.own), [block], ["TYPES"])


class _RecordWriter(_Writer):
    def __init__(self, names: Names, package: Package) -> None:
        super().__init__(names, None)
        self.package = package
        self.aliases: dict[str, str] = {}
        self._aliased: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}

    def record(self, record: Record) -> str:
        bases = [self.names.of(*base.rsplit(".", 1)) for base in record.bases]
        lines = [
            f"@{self.names.get('dataclass')}(frozen=True, slots=True)",
            *broken(f"class {record.name}", bases, ":", 0, empty=""),
            docstring(record.doc, 4),
            "",
            *(f"    {name}: {self.names.type(spec)}" for name, spec in record.fields),
        ]
        for factory in record.factories:
            lines += ["", f"    @{self.names.get('classmethod')}", self._method(record, factory, "cls")]
        for method in record.methods:
            lines += ["", self._method(record, method, "self")]
        return "\n".join(lines)

    def _method(self, record: Record, function: Function, first: str) -> str:
        counts = function.row_word is RowWord.AFFECTED
        result = self.names.get("bool") if counts else self.returns(function)
        own = {name: f"{name}=self.{name}" for name in function.key}
        arguments = [own.get(name, f"{name}={name}") for name, _ in function.parameters]
        call = self._alias_of(record, function)
        leave = "" if function.row_word is RowWord.EXEC else "return "
        if counts:
            lines = compared(call, ["conn", *arguments], "> 0", 8)
        else:
            lines = broken(leave + call, ["conn", *arguments], "", 8)
        return "\n".join(
            [
                *self.signature(function, [first], result, 4),
                docstring(function.doc, 8),
                *lines,
            ]
        )

    def _alias_of(self, record: Record, function: Function) -> str:
        name = plain = f"_{_snake(record.name)}_{function.name}"
        key = (plain, function.statement)
        if key not in self._aliased:
            while name in self.aliases:
                name = numbered(plain, self._numbers)
            self.aliases[name] = self.alias(name, function)
            self._aliased[key] = name
        return self._aliased[key]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _members(record: Record) -> list[str]:
    return [*(name for name, _ in record.fields), *(f.name for f in (*record.factories, *record.methods))]


def _where(package: Package, names: Names) -> str:
    """The lines that find the SQL: beside the package if it is installed, else in the project."""
    path = PurePosixPath(package.sql)
    ups = sum(part == ".." for part in path.parts)
    here = f"{names.get('Path')}(__file__).parent"
    outside = here + ".parent" * ups + "".join(f" / {literal(part)}" for part in path.parts[ups:])
    if ups in (0, len(path.parts)):
        return f"SQL = {outside}"
    return "\n".join(
        [
            "# If the SQL is installed, it is beside this module; else it is in the project.",
            f"SQL = {here} / {literal(path.name)}",
            "if not SQL.exists():",
            f"    SQL = {outside}",
        ]
    )


# A module of functions.


class ModuleWriter(_Writer):
    """Writes the file of one module."""

    def __init__(self, package: Package, module: Module) -> None:
        super().__init__(Names(self.taken(module), package.own), f"{package.name}.records")
        self.module = module
        self.owner = _owner(package)

    def taken(self, module: Module) -> list[str]:
        """The names that the file defines."""
        return [name for function in module.functions for name in defined_by(function)]

    def text(self) -> str:
        functions = self.module.functions
        types, sets = self.types(), self.sets()
        blocks = ["\n" + "\n".join(types) + "\n"] if types else []
        blocks += [f"\n\n{set_}\n" for set_ in sets]
        aliases = "\n".join(self.alias(f"_{function.name}", function) for function in functions)
        blocks.append(("\n\n" if sets else "\n") + aliases + "\n")
        blocks += [f"\n\n{self._function(function)}\n" for function in functions]
        path = module_path(self.module)
        doc = self.module.doc or f"The statements of {self.owner.source(path)}."
        return _file(self.owner.first_line(path), doc, self.names, blocks)

    def types(self) -> list[str]:
        """The lines that define the types of rows and choices."""
        return [alias for function in self.module.functions for alias in self._aliases(function)]

    def sets(self) -> list[str]:
        """The classes for the parameter sets of batches."""
        return [self._set(function) for function in self.module.functions if function.row_word.takes_sets]

    def call(self, function: Function) -> str:
        """The beginning of a function's last line, such as ``return _by_id``."""
        return f"_{function.name}" if function.row_word is RowWord.EXEC else f"return _{function.name}"

    def _aliases(self, function: Function) -> Iterator[str]:
        """The definitions of a function's types: its rows if they are not records, and its choices."""
        alias = self.names.get("TypeAlias") if _has_row(function) or function.choices else ""
        if _has_row(function):
            types = [self.names.type(spec) for spec in function.columns]
            if function.uneven:
                types = [f"*{self.names.get('tuple')}[{self.names.get('Any')}, ...]"]
            yield subscript(f"{row_name(function)}: {alias} = {self.names.get('Row')}", types)
        for choice in function.choices:
            head = f"{choice_name(function, choice)}: {alias} = {self.names.get('Literal')}"
            yield subscript(head, map(literal, choice.values))

    def _set(self, function: Function) -> str:
        lines = [
            f"class {set_name(function)}({self.names.get('TypedDict')}):",
            docstring(f"One set of parameters of {function.statement}.", 4),
            "",
            *(f"    {name}: {self.names.type(spec)}" for name, spec in function.parameters),
        ]
        return "\n".join(lines if function.parameters else lines[:2])

    def _function(self, function: Function) -> str:
        arguments = ["sets"] if function.row_word.takes_sets else [f"{name}={name}" for name, _ in function.parameters]
        return "\n".join(
            [
                *self.signature(function, [], self.returns(function), 0),
                docstring(function.doc, 4),
                *broken(self.call(function), ["conn", *arguments], "", 4),
            ]
        )


def _has_row(function: Function) -> bool:
    return function.record is None and bool(function.columns) and function.row_word is not RowWord.AFFECTED


def defined_by(function: Function) -> list[str]:
    """The names that a function defines in its module: its own, and those of its types."""
    rows = [row_name(function)] if _has_row(function) else []
    choices = [choice_name(function, choice) for choice in function.choices]
    return [function.name, *rows, *choices, *([set_name(function)] if function.row_word.takes_sets else [])]


def set_name(function: Function) -> str:
    """The name of the TypedDict for a ``:batch``, such as ``CreateManySet``."""
    return _camel(function.name) + "Set"


def row_name(function: Function) -> str:
    """The name of the type of a row that is not a record, such as ``ByMonthRow``."""
    return _camel(function.name) + "Row"


def choice_name(function: Function, choice: OptionalName) -> str:
    """The name of the type of a choice, such as ``SearchOrder``."""
    return _camel(function.name) + _camel(choice.name)


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


# __init__.py.


def _namespace(package: Package, folder: tuple[str, ...], children: Sequence[str]) -> str:
    doc = "The statements of {} as typed functions, one module per file."
    if folder:
        return namespace(package, folder, folder, children, doc)
    # A module queries.py is the package's ``queries``.
    names = [record.name for record in package.records] + ["queries"] * ("queries" not in children)
    return namespace(package, (), (), children, doc, [(f"{package.name}.records", name) for name in names])


def namespace(
    package: Package,
    place: tuple[str, ...],
    folder: tuple[str, ...],
    children: Sequence[str],
    doc: str,
    others: Sequence[tuple[str, str]] = (),
) -> str:
    """The text of ``__init__.py`` in the folder ``place``: it imports the ``children``, and the names in ``others``.

    ``folder`` is the folder of the SQL for which it is.
    """
    names = Names((), package.own)
    listed = [names.of(".".join((package.name, *place)), child) for child in children]
    listed += [names.of(module, name) for module, name in others]
    owner, path = _owner(package), PurePosixPath(*folder, "__init__.py")
    return _file(owner.first_line(path), doc.format(owner.source(path)), names, [], listed)
