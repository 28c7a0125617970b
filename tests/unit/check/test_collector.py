"""Equal findings of several engines become one, which names the engines if not all have it."""

from __future__ import annotations

from pydb.check.collector import Collector, Reporter
from tests.harness.described import statement


def test_equal_findings_are_one() -> None:
    """A finding on every engine names none; a finding on some engines names them, in the order of the engines."""
    collector = Collector(["sqlite", "postgresql", "mariadb"])
    for engine in ("mariadb", "sqlite", "postgresql"):
        collector.add("C1", "everywhere", file="a.sql", line=1, engine=engine)
    for engine in ("mariadb", "sqlite"):
        collector.add("C2", "on two", file="a.sql", line=1, engine=engine)
    collector.add("C3", "between them", file="a.sql", line=1)
    found = [finding.message for finding in collector.findings()]
    assert found == ["everywhere", "on two (on sqlite and mariadb)", "between them"]


def test_one_engine_is_not_named() -> None:
    """If only one engine is checked, it is not named."""
    collector = Collector(["sqlite"])
    collector.add("C1", "here", file="a.sql", line=1, engine="sqlite")
    assert [finding.message for finding in collector.findings()] == ["here"]


def test_the_order() -> None:
    """Findings are sorted by file and line."""
    collector = Collector(["sqlite"])
    for file, line in (("b.sql", 1), ("a.sql", 9), ("a.sql", 2)):
        collector.add("C1", "here", file=file, line=line)
    assert [(finding.file, finding.line) for finding in collector.findings()] == [
        ("a.sql", 2),
        ("a.sql", 9),
        ("b.sql", 1),
    ]


def test_the_reporter() -> None:
    """A finding about a form is at its first line and names its statement; errors and notes differ in their level."""
    collector = Collector(["sqlite"])
    reporter = Reporter(collector, statement("\n\nSELECT 1;"))
    reporter.error("C1", "wrong", "mend it", line=7, column=3)
    reporter.note("C2", "odd")
    note, error = collector.findings()
    assert (error.line, error.column, error.level, error.hint, error.statement) == (7, 3, "error", "mend it", "t.x")
    assert (note.line, note.column, note.level, note.hint) == (4, None, "note", None)
