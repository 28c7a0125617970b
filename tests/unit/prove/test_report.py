"""The report about the calls, for a person."""

from pydb.prove.report import Broken, LawReport, Unproven, lines_of


def test_lines() -> None:
    """The report has each broken statement with its call, statements that never worked, and empty tables."""
    report = LawReport("sqlite", called=3, calls=12, held=["a.held"])
    report.broken = [Broken("sqlite", "a.b", "x is annotated as int but is None", "id=1", "plain")] * 3
    report.unproven = [Unproven("sqlite", "a.c", "NoRow")]
    report.empty_tables = ["t"]
    first, *others = lines_of(report)
    assert first.startswith("sqlite: 3 statements called 12 times, 1 held")
    assert others == [
        *["  broken: sqlite: a.b(id=1): x is annotated as int but is None    rows: plain"] * 2,
        "  no call succeeded: a.c: NoRow",
        "  no row could be written into t",
    ]
