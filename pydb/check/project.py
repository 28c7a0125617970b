"""Check a project: its files, records and databases in, a report out.  No statement is run, nothing is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydb.check.collector import Collector
from pydb.check.drift import check_drift
from pydb.check.form_agreement import check_forms
from pydb.check.records import RecordChecker
from pydb.check.schema_agreement import check_schemas
from pydb.check.statement_rules import check_refusal, check_statement
from pydb.describe import DescribedStatement, Refusal, Session, describe, existing, scratch
from pydb.describe.cache import DescriptionCache, circumstances
from pydb.describe.catalogue import Catalogue, without_own_tables
from pydb.engines import default_engine, engine_names, engine_of_dialect
from pydb.errors import PydbError, SqlFileError
from pydb.findings import Examined, Finding
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.load_cache import program_digest
from pydb.sqlfile.loader import file_text, read
from pydb.sqlfile.parsed_files import ParsedFiles
from pydb.sqlfile.variants import chosen, count
from pydb.support.plurals import number_of
from pydb.support.suggestions import nearest

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["CheckReport", "Inputs", "check"]

Track = Callable[[Sequence[Definition], str], Iterable[Definition]]
"""A function that yields the definitions one by one, and shows the progress on the named engine."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to check: the folder of statements, a schema script for each engine, servers, and the records by name.

    With ``live``, the databases of ``urls`` themselves are checked.  Without it, each server gets a scratch database,
    and SQLite's scratch database is in memory.  ``records`` is None if no records of the project were found.
    ``columns`` are the types that the project declares for columns, by ``table.column`` in lower case.  The report
    contains the variants of statements only with ``keep_variants``, because they need much memory.  ``cache`` is the
    folder with the results of earlier checks.
    """

    sql: str
    schemas: Mapping[str, str]
    urls: Sequence[URL] = ()
    records: Mapping[str, type] | None = None
    live: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    keep_variants: bool = False
    cache: str | None = None


@dataclass(slots=True)
class CheckReport:
    """The result of a check.  ``proven`` has the number of proven forms by product; ``unchecked`` the omissions.

    ``examined`` are the statements and the schema scripts.  ``variants`` has for each statement with optional lines the
    number of described variants, and the number of all.  ``catalogues`` are those of the databases, by engine.
    ``definitions`` are the statements that could be read.  ``interface`` is a digest of everything in ``described``
    that generated code depends on; None if something is unknown.
    """

    findings: tuple[Finding, ...] = ()
    statements: int = 0
    proven: dict[str, int] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    described: tuple[DescribedStatement, ...] = ()
    examined: tuple[Examined, ...] = ()
    variants: dict[str, tuple[int, int]] = field(default_factory=dict)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    interface: bytes | None = None
    definitions: tuple[Definition, ...] = ()


def check(inputs: Inputs, track: Track = lambda definitions, product: definitions) -> CheckReport:
    """Check a project.  Raises PydbError when a database cannot be reached or created."""
    report = CheckReport()
    definitions, errors = _read(inputs)
    report.definitions, report.statements = definitions, len(definitions)
    with ExitStack() as stack:
        sessions, collector = _open(inputs, stack, report)
        _check_columns(inputs.columns, sessions.values())
        described, checker = _describe_all(sessions, definitions, inputs, collector, report, track)
        _compare(described, sessions, definitions, inputs, collector)
        for error in errors:
            _add_unreadable(error, inputs.sql, collector)
        if not errors:
            checker.check_needless(described)
        if inputs.live:
            for session in sessions.values():
                _check_live(session, inputs, collector, report)
        report.described = tuple(described)
        report.catalogues = {engine: session.catalogue for engine, session in sessions.items()}
    _add_unchecked(inputs, sessions, definitions, report)
    report.examined = (*_scripts(inputs, sessions), *_statements(definitions, sessions, report))
    if errors:
        report.unchecked.append(
            f"{number_of(len(errors), 'statement or file', 'statements or files')} that cannot be loaded"
        )
    report.findings = collector.findings()
    return report


def _scripts(inputs: Inputs, sessions: Iterable[str]) -> Iterable[Examined]:
    return (Examined(inputs.schemas[engine], 1) for engine in sessions if not inputs.live)


def _statements(
    definitions: Sequence[Definition], sessions: Mapping[str, Session], report: CheckReport
) -> Iterable[Examined]:
    asked = (item for item in definitions if set(item.forms) & set(sessions))
    return (Examined(item.file, item.line, item.name, *report.variants.get(item.name, (0, 0))) for item in asked)


def _check_columns(columns: Mapping[str, str], sessions: Iterable[Session]) -> None:
    """Raise PydbError if a type is declared for an unknown column."""
    tables = [(name, table) for session in sessions for name, table in session.catalogue.tables.items()]
    known = {f"{name}.{column}".lower() for name, table in tables for column in table.columns}
    for name in columns:
        if tables and name not in known:
            hint = nearest(name, known) or "write it as table.column, of a table of the schema"
            raise PydbError(f"[tool.pydb.columns] {name} is not a column of the schema", hint=hint)


def _read(inputs: Inputs) -> tuple[tuple[Definition, ...], list[SqlFileError]]:
    """The statements that can be read, and the errors of the files and statements that cannot."""
    errors: list[SqlFileError] = []
    try:
        names = None if inputs.records is None else frozenset(inputs.records)
        program = None if inputs.cache is None else program_digest()
        if inputs.cache is None or program is None:
            return read(inputs.sql, names, errors.append), errors
        files = ParsedFiles(inputs.cache, program)
        found = read(inputs.sql, names, errors.append, parse=files.parse)
        files.save()
        return found, errors
    except SqlFileError as error:
        if not Path(inputs.sql).exists():
            raise
        return (), [error]


def _add_unreadable(error: SqlFileError, sql: str, collector: Collector) -> None:
    collector.add(
        "C001",
        error.message,
        file=error.file or sql,
        line=error.line or 1,
        column=error.column,
        statement=error.statement_name,
        hint=error.hint,
    )


def _open(inputs: Inputs, stack: ExitStack, report: CheckReport) -> tuple[dict[str, Session], Collector]:
    """The sessions by engine.  If an engine refuses its schema, that is a finding and the engine is left out."""
    wanted = _wanted(inputs)
    collector = Collector(list(wanted))
    sessions: dict[str, Session] = {}
    for engine, url in wanted.items():
        if not inputs.live and engine not in inputs.schemas:
            if url is not None:
                raise PydbError(
                    f"{engine} has no schema script", hint=f"write {inputs.sql}/{engine}/schema.sql, or use --live"
                )
            report.unchecked.append(f"{engine} (it has no schema script)")
            continue
        try:
            sessions[engine] = stack.enter_context(_session(inputs, engine, url))
        except SqlFileError as error:
            file = error.file or inputs.schemas[engine]
            collector.add("C507", error.message, file=file, line=error.line or 1, hint=error.hint)
            report.unchecked.append(f"{engine} (its schema is refused)")
        except PydbError as error:
            from pydb.errors import DatabaseError  # it imports SQLAlchemy

            if not isinstance(error, DatabaseError):
                raise
            # A server that cannot be reached is not a finding: the check cannot run.
            raise PydbError(f"{engine}: {error.message}", hint=error.hint) from None
    if not sessions and not collector.findings():
        raise PydbError(
            "there is no database to check", hint="give --schema FILE, set schema in [tool.pydb], or use --live"
        )
    return sessions, collector


def _wanted(inputs: Inputs) -> dict[str, URL | None]:
    """The engines to check on, in order, each with its server's URL; the default engine runs in memory without one."""
    given: dict[str, URL | None] = {}
    for url in inputs.urls:
        engine = engine_of_dialect(url.get_backend_name())
        if engine in given:
            raise PydbError(f"--db was given twice for {engine}", hint="check the two databases one after the other")
        given[engine] = url
    if not inputs.live:
        given.setdefault(default_engine(), None)
    return {engine: given[engine] for engine in engine_names() if engine in given}


def _session(inputs: Inputs, engine: str, url: URL | None) -> AbstractContextManager[Session]:
    return existing(url) if inputs.live and url is not None else scratch(url, inputs.schemas[engine])


def _describe_all(
    sessions: Mapping[str, Session],
    definitions: Sequence[Definition],
    inputs: Inputs,
    collector: Collector,
    report: CheckReport,
    track: Track,
) -> tuple[list[DescribedStatement], RecordChecker]:
    checker = RecordChecker(inputs.records or {}, collector)
    described: list[DescribedStatement] = []
    interfaces: list[bytes | None] = []
    keys = {item.name: chosen(item) for item in definitions if item.optional and set(item.forms) & set(sessions)}
    report.variants = {item.name: (len(keys[item.name]), count(item)) for item in definitions if item.name in keys}
    for session in sessions.values():
        proven = 0
        cached = _cache(inputs, session)
        for definition in track(definitions, session.product):
            wanted = keys.get(definition.name)
            if cached is not None:
                found = cached.describe(definition, inputs.columns, wanted)
            else:
                found = describe(session, definition, inputs.columns, wanted)
            if isinstance(found, Refusal):
                check_refusal(found, collector)
            elif found is not None:
                proven += 1
                check_statement(found, collector)
                checker.check(found)
                keeps = inputs.keep_variants or not found.variants
                described.append(found if keeps else replace(found, variants={}))
        report.proven[session.product] = proven
        if cached is not None:
            cached.save()
        interfaces.append(None if cached is None else cached.interface())
    known = [interface for interface in interfaces if interface is not None]
    report.interface = b"".join(known) if len(known) == len(sessions) else None
    return described, checker


def _cache(inputs: Inputs, session: Session) -> DescriptionCache | None:
    """The results of earlier checks of a database that was created from its schema script alone."""
    if inputs.cache is None or inputs.live:
        return None
    key = circumstances(session, file_text(inputs.schemas[session.engine]), inputs.columns)
    return None if key is None else DescriptionCache(inputs.cache, session, key)


def _compare(
    described: Sequence[DescribedStatement],
    sessions: Mapping[str, Session],
    definitions: Sequence[Definition],
    inputs: Inputs,
    collector: Collector,
) -> None:
    """Compare the forms of each statement with each other, and the schemas unless the databases are live."""
    by_name: dict[str, list[DescribedStatement]] = defaultdict(list)
    for item in described:
        by_name[item.definition.name].append(item)
    for definition in definitions:
        check_forms(by_name[definition.name], inputs.records or {}, collector)
    if inputs.live:
        return
    first, *others = sessions.values() if sessions else [None]
    for other in others:
        if first is not None and other is not None:
            check_schemas(first.catalogue, other.catalogue, dict(inputs.schemas), collector)


def _add_unchecked(
    inputs: Inputs, sessions: Mapping[str, Session], definitions: Sequence[Definition], report: CheckReport
) -> None:
    for engine in engine_names():
        if engine not in sessions and not any(item.startswith(f"{engine} (") for item in report.unchecked):
            report.unchecked.append(f"{engine} (no --db names a {'database' if inputs.live else 'server'})")
    alone = [item for item in definitions if not set(item.forms) & set(sessions)]
    if alone:
        report.unchecked.append(f"{number_of(len(alone), 'statement')} without a form for a checked engine")
    left = {name: whole - checked for name, (checked, whole) in report.variants.items() if checked < whole}
    report.unchecked += [f"{number_of(number, 'variant')} of {name}" for name, number in left.items()]
    if inputs.records is None:
        report.unchecked.append("records (none are configured)")


def _check_live(session: Session, inputs: Inputs, collector: Collector, report: CheckReport) -> None:
    """Compare a live database with its schema script, applied to a scratch database on the same server."""
    engine = session.engine
    url = next(url for url in inputs.urls if engine_of_dialect(url.get_backend_name()) == engine)
    if engine not in inputs.schemas:
        report.unchecked.append(f"drift on {engine} (it has no schema script)")
        return
    try:
        with scratch(url, inputs.schemas[engine]) as fresh:
            found = session.fingerprint(fresh.catalogue.namespaces)
            wanted, found = without_own_tables(fresh.fingerprint()), without_own_tables(found)
            check_drift(wanted, found, inputs.schemas[engine], engine, collector)
    except PydbError as error:
        report.unchecked.append(f"drift on {engine} ({error.message})")
