"""Check migrations: a folder, schema scripts and servers in; findings out.  Only scratch databases are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.engine import URL

from pydb.check.collector import Collector
from pydb.check.drift import around_difference, line_in_schema
from pydb.check.schema_agreement import SchemaScript
from pydb.describe.changes import differing
from pydb.engines import default_engine, engine_names, engine_of_dialect
from pydb.errors import MigrationError, PydbError, SqlFileError
from pydb.findings import Examined, Finding
from pydb.migrations.files import Migration, read_migrations
from pydb.migrations.lock_lint import check_locks
from pydb.migrations.replay import replayed, schema_fingerprint

__all__ = ["MigrationInputs", "MigrationReport", "check_migrations", "wanted_engines"]


@dataclass(frozen=True, slots=True)
class MigrationInputs:
    """What to check: the folder of migrations, a schema script for each engine, and servers for scratch databases."""

    folder: str
    schemas: Mapping[str, str]
    urls: Sequence[URL] = ()


@dataclass(slots=True)
class MigrationReport:
    """The result of a check.  ``examined`` are the replayed files, and ``replayed`` is their number for each engine.

    ``unchecked`` says what was not checked, and why.
    """

    findings: tuple[Finding, ...] = ()
    examined: list[Examined] = field(default_factory=list)
    replayed: dict[str, int] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)


def check_migrations(inputs: MigrationInputs) -> MigrationReport:
    """Replay the migrations on each engine, and compare the result with the schema: C611 and C612.

    Raises PydbError if a server cannot be reached.
    """
    report = MigrationReport()
    engines = wanted_engines(inputs.schemas, inputs.urls)
    collector = Collector(list(engines))
    for engine, url in engines.items():
        _check_one(engine, url, inputs, collector, report)
    for engine in inputs.schemas:  # needs no server: only the files are read
        _check_locks(engine, inputs.folder, collector, report)
    for engine in engine_names():
        if engine not in engines:
            why = "no --db names a server" if engine in inputs.schemas else "it has no schema script"
            report.unchecked.append(f"{engine} ({why})")
    report.findings = collector.findings()
    report.examined = list(dict.fromkeys(report.examined))
    return report


def wanted_engines(schemas: Mapping[str, str], urls: Sequence[URL]) -> dict[str, URL | None]:
    """The engines that have a schema script, each with its server; the default engine uses a file instead.

    Raises PydbError for a server whose engine has no schema script.
    """
    given: dict[str, URL | None] = {engine_of_dialect(url.get_backend_name()): url for url in urls}
    for engine in given:
        if engine not in schemas:
            raise PydbError(
                f"{engine} has no schema script", hint=f"write {engine}/schema.sql in the folder of the statements"
            )
    if default_engine() in schemas:
        given[default_engine()] = None
    if not given:
        raise PydbError("there is no engine to check on", hint="give a server with --db URL")
    return {engine: given[engine] for engine in engine_names() if engine in given}


def _check_one(
    engine: str, url: URL | None, inputs: MigrationInputs, collector: Collector, report: MigrationReport
) -> None:
    """Replay the migrations of one engine."""
    try:
        migrations = read_migrations(inputs.folder, engine)
        _note_drafts(migrations, engine, collector)
        report.examined += [Examined(migration.file, 1) for migration in migrations]
        with replayed(engine, url, migrations) as replay:
            report.replayed[engine] = len(migrations)
            found = replay.fingerprint()
    except (MigrationError, SqlFileError) as error:
        collector.add(
            "C611",
            error.message,
            file=error.file or inputs.folder,
            line=error.line or 1,
            hint=error.hint,
            engine=engine,
        )
        return
    _compare(schema_fingerprint(engine, url, inputs.schemas[engine]), found, inputs.schemas[engine], engine, collector)


def _check_locks(engine: str, folder: str, collector: Collector, report: MigrationReport) -> None:
    # If a file cannot be read, the replay reports that; without a server, the file is not checked.
    with suppress(MigrationError, SqlFileError):
        try:
            check_locks(engine, read_migrations(folder, engine), collector)
        except ModuleNotFoundError as error:
            report.unchecked.append(f'locks on {engine} ({error}; pip install "pydb[migrate-lint]")')


def _note_drafts(migrations: Sequence[Migration], engine: str, collector: Collector) -> None:
    for migration in migrations:
        if migration.draft_line is not None:
            collector.add(
                "C611",
                "the migration is a draft, which pydb migrate refuses",
                file=migration.file,
                line=migration.draft_line,
                hint="read it, correct it, and delete this line",
                engine=engine,
            )


def _compare(
    wanted: Mapping[str, str], found: Mapping[str, str], schema: str, engine: str, collector: Collector
) -> None:
    """Report C612: what the migrations do not create, create differently, or create in addition to the schema."""
    script = SchemaScript(schema, engine)
    for item in differing(found, wanted):
        name = item.name
        if item.have is None:
            message, hint = f"the migrations do not create {name}", f"the schema has: {item.want}"
        elif item.want is None:
            message, hint = (
                f"the migrations create {name}, which the schema does not have",
                f"the migrations have: {item.have}",
            )
        else:
            one, two = around_difference(item.want, item.have)
            message, hint = f"the migrations create {name} differently", f"schema: {one}    migrations: {two}"
        collector.add("C612", message, file=schema, line=line_in_schema(script, name), hint=hint[:400], engine=engine)
