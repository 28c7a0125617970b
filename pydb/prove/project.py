"""The whole proof: a project's files and databases in; a report out.  Nothing is printed.

Every statement is called on every engine, on the same rows, and then on each engine alone, on the ends of its types.
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
from pydb.prove.generated import generated, refused
from pydb.prove.held_values import twins_of
from pydb.prove.same_rows import RowMaker, TableRows, put
from pydb.prove.smallest import Case, smallest
from pydb.prove.spelled import message_of
from pydb.prove.stand import Row, Stand
from pydb.prove.tables import Table, common_tables
from pydb.prove.trial import Refutation, Trial, named_tables, touched
from pydb.prove.variant_calls import variant_calls
from pydb.queries import Queries
from pydb.sqlfile.loader import file_text
from pydb.support.suggestions import nearest

__all__ = ["ProofInputs", "ProofReport", "prove"]

Track = Callable[[Sequence[str], str], Iterable[str]]
"""Passes the statements' names on, one by one, and shows how far the proof has come."""

ROWS, ROUNDS, _FEW = 8, 8, 3
"""Rows of a table, and how often tables are filled with others, every other time with few; the first round has none."""

_CALLS = 14
"""Calls of one statement in one round, at most, on each engine."""

_LONGEST = 5.0
"""Seconds for a statement: an argument may ask for all days of all years."""

_LIKE = re.compile(r"\bI?LIKE\s+:(\w+)", re.IGNORECASE)
_TRIGGERS = re.compile(r"\bCREATE\b[^;]*?\bTRIGGER\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProofInputs:
    """What to prove: what is checked first, how the package would be generated, and the names of statements or files.

    No ``names`` are all of them.  The same ``rows`` and ``seed`` give the same proof.
    """

    check: Inputs
    options: Options
    names: Sequence[str] = ()
    rows: int = ROWS
    seed: int = 0


@dataclass(slots=True)
class ProofReport:
    """What was found; ``statements`` were called, ``calls`` times on the ``engines``."""

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
            _stands(inputs, package, described) as stands,
        ):
            proof.run(stands, package)
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
            raise PydbError(f"there is no statement, and no file of statements, {name}", hint=hint)
    return set().union(*found.values())


def _is_schema(finding: Finding) -> bool:
    return finding.code == "C507"


@contextmanager
def _stands(inputs: ProofInputs, package: ModuleType, described: Sequence[DescribedStatement]) -> Iterator[list[Stand]]:
    """A stand for each engine, on a scratch database with its schema."""
    urls = {engine_of_dialect(url.get_backend_name()): url for url in inputs.check.urls}
    by_engine: dict[str, list[DescribedStatement]] = defaultdict(list)
    for item in described:
        by_engine[item.engine].append(item)
    with ExitStack() as stack:
        stands = []
        for engine in engine_names():
            if engine in by_engine:
                url: URL = stack.enter_context(sessions_of(engine).database(urls.get(engine)))
                database = stack.enter_context(Database(url, statement_timeout=_LONGEST, pool_size=1))
                database.apply(inputs.check.schemas[engine])
                functions = {item.definition.name: _function(package, item) for item in by_engine[engine]}
                stands.append(Stand(engine, database, functions))
        yield stands


def _function(package: ModuleType, described: DescribedStatement) -> Callable[..., Any]:
    namespace, _, name = described.definition.name.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(f"{package.__name__}.{namespace}"), name)
    return function


class _Proof:
    """The proof at work: it adds to the collector and the report."""

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

    def run(self, stands: Sequence[Stand], package: ModuleType) -> None:
        """Compare the engines, and then call all on each of them alone."""
        tables = self._tables(stands)
        trials = self._trials(stands, tables, import_module(f"{package.__name__}.records").queries)
        for trial in trials.values():
            for variant in trial.arbitrary_limits[:1]:
                message = f"LIMIT chooses among rows whose order is not total{f' with {variant}' if variant else ''}"
                self._add("P301", trial, message, hint="order by a key too")
        refuted = self._compare(trials, stands, tables)
        self._call_alone(stands, package, refuted)
        self.report.calls += sum(trial.calls for trial in trials.values())
        for name, trial in trials.items():
            missing = [stand.engine for stand in trial.stands if stand.engine not in trial.worked]
            if missing and name not in refuted:
                message = f"no call has worked on {' and '.join(missing)}: {trial.last_error}"
                self._add("P402", trial, message, level="note")

    def _tables(self, stands: Sequence[Stand]) -> list[Table]:
        adverse = []
        for stand in stands:
            with stand.transaction():
                adverse.append(stand.adverse.tables(stand.ask()))
                stand.adverse.set_keys_apart(stand.ask())
        return common_tables([self.catalogues[stand.engine] for stand in stands], adverse)

    def _trials(self, stands: Sequence[Stand], tables: Sequence[Table], queries: Queries) -> dict[str, Trial]:
        scripts = [file_text(self.inputs.check.schemas[stand.engine]) for stand in stands]
        triggers = any(map(_TRIGGERS.search, scripts))
        return {
            name: Trial(
                name,
                described,
                [stand for stand in stands if name in stand.functions],
                touched(described, tables, has_triggers=triggers),
                queries[name],
            )
            for name, described in self.by_name.items()
        }

    def _compare(self, trials: Mapping[str, Trial], stands: Sequence[Stand], tables: Sequence[Table]) -> set[str]:
        """Call all statements in each round; the names of those that are refuted."""
        refuted: set[str] = set()
        noted: set[str] = set()
        decks: dict[tuple[str, str], list[Any]] = {}
        words = sorted({word for trial in trials.values() for word in texts_of(trial.sql)})
        for number in range(ROUNDS + 1):
            found: list[tuple[Trial, Refutation, Case]] = []
            maker = RowMaker(tables, _count(number, self.inputs.rows), f"{self.inputs.seed} {number}", words, decks)
            with _transactions(stands):
                maker.fill(stands)
                left = [name for name in trials if name not in refuted]
                for name in self.track(left, f"round {number + 1} of {ROUNDS + 1}"):
                    pool = _pool(maker, named_tables(self.by_name[name], tables))
                    pool |= _patterns(trials[name].sql, pool)
                    found += self._round(trials[name], maker.made, pool, number)
            for trial, refutation, case in found:
                seen = refuted if refutation.code != "P204" else noted
                if trial.name not in seen:
                    seen.add(trial.name)
                    self._tell(trial, *self._smallest(trial, refutation, case, tables))
            if number == 1:
                self._tell_empty(maker)
        return refuted

    def _round(
        self, trial: Trial, rows: TableRows, pool: Mapping[str, Sequence[Any]], number: int
    ) -> Iterator[tuple[Trial, Refutation, Case]]:
        """What calls show, up to the first that refutes the statement."""
        function = trial.stands[0].functions[trial.name]
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
            with _transactions(trial.stands):
                seen = trial.call(smaller.arguments) if put(trial.stands, tables, smaller.rows) else None
            if seen is None or not refutation.is_like(seen):
                return False
            last = seen
            return True

        best = smallest(case, tables, shows, f"{self.inputs.seed} {trial.name}")
        return (last, best) if shows(best) else (refutation, case)

    def _tell(self, trial: Trial, seen: Refutation, case: Case) -> None:
        again = f"pydb prove {trial.name} --seed {self.inputs.seed} --rows {self.inputs.rows} shows it again"
        engine = seen.engines[0] if len(seen.engines) == 1 else None
        level = "note" if seen.code == "P204" else "error"
        self._add(seen.code, trial, message_of(seen, case, trial.sql), hint=again, engine=engine, level=level)

    def _tell_empty(self, maker: RowMaker) -> None:
        for table in maker.tables:
            if maker.count and not maker.made[table.name]:
                script = next(iter(self.inputs.check.schemas.values()))
                message = f"no row could be written into {table.name} that every engine accepts"
                self.collector.add("P401", message, file=script, line=1, level="note")

    def _call_alone(self, stands: Sequence[Stand], package: ModuleType, refuted: set[str]) -> None:
        for stand in stands:
            law = prove_calls(stand.database, package, stand.engine)
            self.report.calls += law.calls
            for broken in law.broken:
                if broken.statement not in refuted:
                    refuted.add(broken.statement)
                    described = next(item for item in self.by_name[broken.statement] if item.engine == stand.engine)
                    self.collector.add(
                        broken.code,
                        f"{stand.engine}: {broken.came}; call ({broken.arguments}) on rows with {broken.stage} values",
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
    """The rows of a table in a round: none in the first, and few in every other one, where one row may decide."""
    if number == 0:
        return 0
    return rows if number % 2 else min(rows, _FEW)


@contextmanager
def _transactions(stands: Sequence[Stand]) -> Iterator[None]:
    with ExitStack() as stack:
        for stand in stands:
            stack.enter_context(stand.transaction())
        yield


def _pool(maker: RowMaker, named: Sequence[Table]) -> dict[str, list[Any]]:
    """Values of each column by its name, those of the statement's own tables first.

    A row that is in no table comes before those that are: a call may write it.
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
    """The row with texts that some collation takes for the same."""
    return {name: twins_of(value)[0] if isinstance(value, str) else value for name, value in row.items()}


def _patterns(sql: str, pool: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Patterns for the parameters that stand behind a LIKE: the beginnings of texts, in letters of another case."""
    texts = unlike(value for values in pool.values() for value in values if isinstance(value, str) and value)
    made = [pattern for text in texts[:6] for pattern in (f"{text[:1].swapcase()}%", f"%{text[-1:]}", text)]
    return {name: ["%", *made] for name in _LIKE.findall(sql)}


def products(engines: Sequence[str]) -> str:
    """The engines by their products' names."""
    return " and ".join(registration(engine).product for engine in engines)
