"""Prove a project: its files and databases in; a report out.  Nothing is printed.

Every statement is called on all engines with the same rows, and then on each engine alone, with the limits of its
types.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Any

from sqlalchemy.engine import URL

from pydb.check import CheckReport, Inputs, check
from pydb.check.collector import Collector
from pydb.database import Database
from pydb.describe import DescribedStatement
from pydb.describe.session import sessions_of
from pydb.engines import engine_names, engine_of_dialect, registration
from pydb.errors import PydbError
from pydb.findings import Examined, Finding
from pydb.generate import Options
from pydb.prove.arguments import none_fits, unlike
from pydb.prove.calls import calls_of, prove_calls
from pydb.prove.causes import texts_of
from pydb.prove.engine_under_test import EngineUnderTest, Row
from pydb.prove.generated import generated, refused
from pydb.prove.held_values import twins_of
from pydb.prove.same_rows import RowMaker, TableRows, put
from pydb.prove.smallest import Case, smallest
from pydb.prove.spelled import message_of
from pydb.prove.tables import Table, common_tables
from pydb.prove.trial import Refutation, Trial, named_tables, touched
from pydb.prove.variant_calls import variant_calls
from pydb.queries import Queries
from pydb.sqlfile.loader import file_text
from pydb.support.suggestions import nearest

__all__ = ["ProofInputs", "ProofReport", "prove"]

Track = Callable[[Sequence[str], str], Iterable[str]]
"""A function that yields the names of statements one by one, and shows the progress of the proof."""

ROWS, ROUNDS, _FEW = 8, 8, 3
"""The number of rows of a table; the number of rounds, each with other rows; and the number of rows in a small round.

The first round has no rows.  After it, every second round is a small one."""

_CALLS = 14
"""The highest number of calls of one statement in one round, on each engine."""

_LONGEST = 5.0
"""The timeout of a statement, in seconds: with some arguments, a statement may list all days of all years."""

_LIKE = re.compile(r"\bI?LIKE\s+:(\w+)", re.IGNORECASE)
_TRIGGERS = re.compile(r"\bCREATE\b[^;]*?\bTRIGGER\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProofInputs:
    """What to prove: the inputs of the check, the options of the generator, and the names of statements or files.

    Without ``names`` all statements are proven.  The same ``rows`` and ``seed`` give the same proof.
    """

    check: Inputs
    options: Options
    names: Sequence[str] = ()
    rows: int = ROWS
    seed: int = 0


@dataclass(slots=True)
class ProofReport:
    """The findings, and how many ``statements`` were called, with how many ``calls``, on which ``engines``."""

    findings: Sequence[Finding] = ()
    examined: Sequence[Examined] = ()
    statements: int = 0
    calls: int = 0
    engines: Sequence[str] = ()


def prove(inputs: ProofInputs, track: Track = lambda names, what: names) -> ProofReport:
    """Prove a project.  Raises PydbError when a database cannot be reached or created, or nothing can be called."""
    checked = check(replace(inputs.check, keep_variants=True))
    wanted = _wanted(checked, inputs.names)
    wrong = [
        item for item in checked.findings if item.level == "error" and (item.statement in wanted or _is_schema(item))
    ]
    named = {item.statement for item in wrong}
    described = [item for item in checked.described if item.definition.name in wanted - named]
    for findings in refused(described, inputs.check.sql, inputs.options).values():
        wrong += findings
        named |= {finding.statement for finding in findings}
    described = [item for item in described if item.definition.name not in named]
    report = ProofReport()
    report.engines = [engine for engine in engine_names() if any(item.engine == engine for item in described)]
    if described:
        proof = _Proof(inputs, checked, described, Collector(report.engines), report, track)
        with (
            generated(described, inputs.check.sql, inputs.options) as package,
            _engines_under_test(inputs, package, described) as tested_engines,
        ):
            proof.run(tested_engines, package)
        wrong += proof.collector.findings()
    report.findings = sorted(wrong, key=lambda item: (item.file, item.line, item.code, item.message))
    report.examined = [item for item in checked.examined if item.statement in wanted]
    report.statements = len({item.definition.name for item in described})
    return report


def _wanted(checked: CheckReport, names: Sequence[str]) -> set[str]:
    named = [*(item.statement for item in checked.examined), *(item.statement for item in checked.findings)]
    known = {name for name in named if name}
    if not names:
        return known
    found = {name: {item for item in known if item == name or item.startswith(f"{name}.")} for name in names}
    for name, items in found.items():
        if not items:
            hint = nearest(name, known) or "pydb list shows all names"
            raise PydbError(f'there is no statement or statement file "{name}"', hint=hint)
    return set().union(*found.values())


def _is_schema(finding: Finding) -> bool:
    return finding.code == "C507"


@contextmanager
def _engines_under_test(
    inputs: ProofInputs, package: ModuleType, described: Sequence[DescribedStatement]
) -> Iterator[list[EngineUnderTest]]:
    """The engines under test, each with a scratch database that has its schema."""
    urls = {engine_of_dialect(url.get_backend_name()): url for url in inputs.check.urls}
    by_engine: dict[str, list[DescribedStatement]] = defaultdict(list)
    for item in described:
        by_engine[item.engine].append(item)
    with ExitStack() as stack:
        tested_engines = []
        for engine in engine_names():
            if engine in by_engine:
                url: URL = stack.enter_context(sessions_of(engine).database(urls.get(engine)))
                database = stack.enter_context(Database(url, statement_timeout=_LONGEST, pool_size=1))
                database.apply(inputs.check.schemas[engine])
                functions = {item.definition.name: _function(package, item) for item in by_engine[engine]}
                tested_engines.append(EngineUnderTest(engine, database, functions))
        yield tested_engines


def _function(package: ModuleType, described: DescribedStatement) -> Callable[..., Any]:
    namespace, _, name = described.definition.name.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(f"{package.__name__}.{namespace}"), name)
    return function


class _Proof:
    """One proof, which adds to the collector and the report."""

    def __init__(
        self,
        inputs: ProofInputs,
        checked: CheckReport,
        described: Sequence[DescribedStatement],
        collector: Collector,
        report: ProofReport,
        track: Track,
    ) -> None:
        self.inputs, self.collector, self.report, self.track = inputs, collector, report, track
        self.catalogues = checked.catalogues
        self.by_name: dict[str, list[DescribedStatement]] = defaultdict(list)
        for item in described:
            self.by_name[item.definition.name].append(item)

    def run(self, tested_engines: Sequence[EngineUnderTest], package: ModuleType) -> None:
        """Compare the engines, and then call all statements on each engine alone."""
        tables = self._tables(tested_engines)
        trials = self._trials(tested_engines, tables, import_module(f"{package.__name__}.records").queries)
        for trial in trials.values():
            for variant in trial.arbitrary_limits[:1]:
                message = f"LIMIT chooses among rows whose order is not total{f' with {variant}' if variant else ''}"
                self._add("P301", trial, message, hint="add a unique key to ORDER BY")
        refuted = self._compare(trials, tested_engines, tables)
        self._call_alone(tested_engines, package, refuted)
        self.report.calls += sum(trial.calls for trial in trials.values())
        for name, trial in trials.items():
            missing = [tested.engine for tested in trial.tested_engines if tested.engine not in trial.worked]
            if missing and name not in refuted:
                message = f"no call succeeded on {' and '.join(missing)}: {trial.last_error}"
                self._add("P402", trial, message, level="note")

    def _tables(self, tested_engines: Sequence[EngineUnderTest]) -> list[Table]:
        adverse = []
        for tested in tested_engines:
            with tested.transaction():
                adverse.append(tested.adverse.tables(tested.ask()))
                tested.adverse.set_keys_apart(tested.ask())
        return common_tables([self.catalogues[tested.engine] for tested in tested_engines], adverse)

    def _trials(
        self, tested_engines: Sequence[EngineUnderTest], tables: Sequence[Table], queries: Queries
    ) -> dict[str, Trial]:
        scripts = [file_text(self.inputs.check.schemas[tested.engine]) for tested in tested_engines]
        triggers = any(map(_TRIGGERS.search, scripts))
        return {
            name: Trial(
                name,
                described,
                [tested for tested in tested_engines if name in tested.functions],
                touched(described, tables, has_triggers=triggers),
                queries[name],
            )
            for name, described in self.by_name.items()
        }

    def _compare(
        self, trials: Mapping[str, Trial], tested_engines: Sequence[EngineUnderTest], tables: Sequence[Table]
    ) -> set[str]:
        """Call all statements in each round.  Return the names of the refuted statements."""
        refuted: set[str] = set()
        noted: set[str] = set()
        decks: dict[tuple[str, str], list[Any]] = {}
        words = sorted({word for trial in trials.values() for word in texts_of(trial.sql)})
        for number in range(ROUNDS + 1):
            found: list[tuple[Trial, Refutation, Case]] = []
            maker = RowMaker(tables, _count(number, self.inputs.rows), f"{self.inputs.seed} {number}", words, decks)
            with _transactions(tested_engines):
                maker.fill(tested_engines)
                left = [name for name in trials if name not in refuted]
                for name in self.track(left, f"round {number + 1} of {ROUNDS + 1}"):
                    pool = _pool(maker, named_tables(self.by_name[name], tables))
                    pool |= _patterns(trials[name].sql, pool)
                    found += self._round(trials[name], maker.made, pool, number)
            for trial, refutation, case in found:
                seen = refuted if refutation.code != "P204" else noted
                if trial.name not in seen:
                    seen.add(trial.name)
                    self._report(trial, *self._smallest(trial, refutation, case, tables))
            if number == 1:
                self._report_empty_tables(maker)
        return refuted

    def _round(
        self, trial: Trial, rows: TableRows, pool: Mapping[str, Sequence[Any]], number: int
    ) -> Iterator[tuple[Trial, Refutation, Case]]:
        """The refutations that the calls find, until one of them ends the trial."""
        function = trial.tested_engines[0].functions[trial.name]
        calls = calls_of(function, pool, number, 4 * _CALLS)
        taken = filter(trial.takes, variant_calls(trial.statement.definition, calls, none_fits(function)))
        for arguments in islice(taken, _CALLS * (2 if trial.statement.definition.optional else 1)):
            refutation = trial.call(arguments)
            if refutation is not None:
                yield trial, refutation, Case(rows, arguments)
                if refutation.code != "P204":
                    return

    def _smallest(
        self, trial: Trial, refutation: Refutation, case: Case, tables: Sequence[Table]
    ) -> tuple[Refutation, Case]:
        last = refutation

        def shows(smaller: Case) -> bool:
            nonlocal last
            with _transactions(trial.tested_engines):
                seen = trial.call(smaller.arguments) if put(trial.tested_engines, tables, smaller.rows) else None
            if seen is None or not refutation.is_like(seen):
                return False
            last = seen
            return True

        best = smallest(case, tables, shows, f"{self.inputs.seed} {trial.name}")
        return (last, best) if shows(best) else (refutation, case)

    def _report(self, trial: Trial, seen: Refutation, case: Case) -> None:
        again = f"pydb prove {trial.name} --seed {self.inputs.seed} --rows {self.inputs.rows} repeats this call"
        engine = seen.engines[0] if len(seen.engines) == 1 else None
        level = "note" if seen.code == "P204" else "error"
        self._add(seen.code, trial, message_of(seen, case, trial.sql), hint=again, engine=engine, level=level)

    def _report_empty_tables(self, maker: RowMaker) -> None:
        for table in maker.tables:
            if maker.count and not maker.made[table.name]:
                script = next(iter(self.inputs.check.schemas.values()))
                message = f"no row was found for {table.name} that every engine accepts"
                self.collector.add("P401", message, file=script, line=1, level="note")

    def _call_alone(self, tested_engines: Sequence[EngineUnderTest], package: ModuleType, refuted: set[str]) -> None:
        for tested in tested_engines:
            law = prove_calls(tested.database, package, tested.engine)
            self.report.calls += law.calls
            for broken in law.broken:
                if broken.statement not in refuted:
                    refuted.add(broken.statement)
                    described = next(item for item in self.by_name[broken.statement] if item.engine == tested.engine)
                    self.collector.add(
                        broken.code,
                        f"{tested.engine}: {broken.came}; call ({broken.arguments}) on rows with {broken.stage} values",
                        file=described.form.file,
                        line=described.form.line,
                        statement=broken.statement,
                    )

    def _add(
        self,
        code: str,
        trial: Trial,
        message: str,
        hint: str | None = None,
        engine: str | None = None,
        level: Any = "error",
    ) -> None:
        described = next((item for item in trial.described if item.engine == engine), trial.described[0])
        self.collector.add(
            code,
            message,
            file=described.form.file,
            line=described.form.line,
            statement=trial.name,
            hint=hint,
            level=level,
        )


def _count(number: int, rows: int) -> int:
    """The number of rows of a table in a round; in a round with few rows, a single row can change the result."""
    if number == 0:
        return 0
    return rows if number % 2 else min(rows, _FEW)


@contextmanager
def _transactions(tested_engines: Sequence[EngineUnderTest]) -> Iterator[None]:
    with ExitStack() as stack:
        for tested in tested_engines:
            stack.enter_context(tested.transaction())
        yield


def _pool(maker: RowMaker, named: Sequence[Table]) -> dict[str, list[Any]]:
    """The values of each column by its name, first those of the statement's tables.

    The values of a row that is not in its table come before the others, because a call may insert that row.
    """
    pool: dict[str, list[Any]] = defaultdict(list)
    for table in (*named, *(table for table in maker.tables if table not in named)):
        spare = maker.spare.get(table.name, ())
        made = maker.made.get(table.name, ())
        for row in (*spare[:1], *made[:1], *map(_twin, made[:2]), *made[1:], *spare[1:]):
            for name, value in row.items():
                if value is not None:
                    pool[name].append(value)
    return {name: unlike(values) for name, values in pool.items()}


def _twin(row: Row) -> Row:
    """The row with texts that are equal to its own in some collation."""
    return {name: twins_of(value)[0] if isinstance(value, str) else value for name, value in row.items()}


def _patterns(sql: str, pool: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Patterns for the parameters of LIKE: the beginnings of texts, with upper and lower case swapped."""
    texts = unlike(value for values in pool.values() for value in values if isinstance(value, str) and value)
    made = [pattern for text in texts[:6] for pattern in (f"{text[:1].swapcase()}%", f"%{text[-1:]}", text)]
    return {name: ["%", *made] for name in _LIKE.findall(sql)}


def products(engines: Sequence[str]) -> str:
    """The product names of the engines."""
    return " and ".join(registration(engine).product for engine in engines)
