"""Find the statements that no test has run: calls in; statements and variants without a call, by file:line, out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydb.execution.call_log import observe
from pydb.execution.plan import Plan
from pydb.project import find_project
from pydb.sqlfile.definition import Definition, Form
from pydb.sqlfile.loader import read
from pydb.sqlfile.variants import chosen, label, variant
from pydb.support.escapes import escaped

__all__ = ["CoverageReport", "Missing", "StatementCoverage"]

Ran = tuple[str, int, str]
"""The file, the line and the SQL of a form, or of a variant of it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A statement that no test has run; with ``variant``, such as ``author,order=oldest``, that variant of it.

    The empty text is the variant without optional parameters.
    """

    file: str
    line: int
    statement: str
    variant: str | None = None

    def __str__(self) -> str:
        variant = "" if self.variant is None else f"[{self.variant}]"
        return escaped(f"{self.file}:{self.line}: {self.statement}{variant}")


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The numbers of ``statements`` and ``variants``, how many of them ran, and the ``missing`` ones."""

    statements: int
    statements_ran: int
    variants: int
    variants_ran: int
    missing: Sequence[Missing]

    def summary(self) -> str:
        """The counts in one line."""
        variants = f", {self.variants_ran} of {self.variants} variants" if self.variants else ""
        return f"pydb: {self.statements_ran} of {self.statements} statements ran{variants}"

    def lines(self) -> Iterator[str]:
        """A line for each missing statement or variant, and the summary."""
        yield from map(str, self.missing)
        yield self.summary()

    def json(self) -> str:
        """The missing statements and the counts as a JSON document."""
        return json.dumps(asdict(self), indent=2) + "\n"


class StatementCoverage:
    """Records the calls of a project's statements until ``close()``; ``top`` is the project's folder.

    Raises PydbError if there is no project.
    """

    def __init__(self, top: Path) -> None:
        self._top = top
        self._sql = Path(find_project(top).sql_path(None)).resolve()
        self._ran: set[Ran] = set()
        self.close = observe(self._note)

    @property
    def ran(self) -> list[Ran]:
        """The calls so far, in a form that another process can ``add``."""
        return sorted(self._ran)

    def add(self, ran: Iterable[Sequence[object]]) -> None:
        """Add the calls of another process."""
        self._ran |= {(str(file), int(str(line)), str(sql)) for file, line, sql in ran}

    def report(self, engines: Iterable[str]) -> CoverageReport:
        """Compare with the statements of the project that exist on these engines.  Raises PydbError."""
        seen: dict[tuple[str, int], bool] = {}
        missing: list[Missing] = []
        variants = variants_ran = 0
        for definition in read(self._sql):
            for engine in engines:
                form = definition.forms.get(engine)
                place = None if form is None else self._place(form)
                if form is None or place is None or place in seen:
                    continue
                wanted = dict(_variants(definition, engine))
                found = [label for label, sql in wanted.items() if (*place, sql) in self._ran]
                seen[place] = bool(found)
                absent = [label for label in wanted if label not in found] if found else [None]
                missing += [Missing(self._shown(place[0]), form.line, definition.name, label) for label in absent]
                if definition.optional:
                    variants, variants_ran = variants + len(wanted), variants_ran + len(found)
        return CoverageReport(len(seen), sum(seen.values()), variants, variants_ran, missing)

    def _note(self, plan: Plan) -> None:
        self._ran.add((*self._place(plan.form), plan.form.sql))

    def _place(self, form: Form) -> tuple[str, int]:
        file = self._top / form.file
        return str((file if file.exists() else Path(form.file)).resolve()), form.line

    def _shown(self, file: str) -> str:
        path = Path(file)
        return path.relative_to(self._top).as_posix() if path.is_relative_to(self._top) else file


def _variants(definition: Definition, engine: str) -> Iterator[tuple[str | None, str]]:
    """The label and the SQL of each variant that check examines; the label is None without optional lines."""
    if not definition.optional:
        yield None, definition.forms[engine].sql
        return
    for key in chosen(definition):
        yield label(definition, key), variant(definition, engine, key).sql
