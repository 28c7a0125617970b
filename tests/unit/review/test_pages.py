"""A review as pages."""

from __future__ import annotations

from dataclasses import replace

from pydb.findings import Finding
from pydb.review.model import (
    ChangeKind,
    EngineChange,
    FormChange,
    PlanChange,
    Review,
    SchemaChange,
    StatementChange,
    TextChange,
)
from pydb.review.pages import MOST_PLANS, Page, Section, page_of, schema_sections, verdict
from pydb.usage.callers import Caller

NONE = TextChange(None, None)
SAME = EngineChange("sqlite", "SQLite 3", (PlanChange(("",), TextChange("SCAN t", "SCAN t")),), NONE, NONE)
CHANGED = StatementChange(
    ChangeKind.CHANGED,
    "t.x",
    None,
    (FormChange(("sqlite", "mariadb"), TextChange("a\nb", "a\nc"), "sql/t.sql:1", "sql/t.sql:4"),),
    NONE,
    (SAME,),
)
UNSAFE = Finding("sql/t.sql", 1, None, "C613", "column b is gone", "t.x", "first deploy", "error")


def page(**changes: object) -> Page:
    """The page of a changed statement with these differences."""
    return page_of(replace(CHANGED, **changes))  # type: ignore[arg-type]


def sections(**changes: object) -> dict[str, tuple[str, ...]]:
    """The lines of its sections, by title."""
    return {section.title: section.lines for section in page(**changes).sections}


def with_plans(*plans: PlanChange) -> tuple[EngineChange, ...]:
    """An engine with these plans."""
    return (replace(SAME, plans=plans),)


def test_a_changed_statement() -> None:
    """A page has the kind of change and the place, the SQL, and the only plan, which is the same."""
    assert page() == Page(
        "t.x",
        "changed",
        "sql/t.sql:4",
        "the same",
        "safe",
        (Section("SQL", (" a", "-b", "+c")), Section("plan on SQLite 3, the same", (" SCAN t",))),
    )


def test_a_renamed_statement() -> None:
    """The old name is given, and the SQL is shown although only its header differs."""
    text = FormChange(("sqlite",), TextChange("a", "a"), "sql/t.sql:1", "sql/t.sql:1")
    found = page(kind=ChangeKind.RENAMED, old_name="t.y", forms=(text,))
    assert found.what == "renamed, was t.y"
    assert found.sections[0] == Section("SQL", (" a",))


def test_layout_alone() -> None:
    """If only the layout has changed, the page says so, and shows no plan."""
    found = page(kind=ChangeKind.LAYOUT)
    assert found.what == "only layout, comments or documentation changed"
    assert [section.title for section in found.sections] == ["SQL"]


def test_forms_of_engines() -> None:
    """If engines have their own forms, each form that differs has its engines."""
    other = FormChange(("postgresql",), TextChange("z", "z"), "sql/postgresql/t.sql:1", "sql/postgresql/t.sql:1")
    assert list(sections(forms=(*CHANGED.forms, other), engines=())) == ["SQL of sqlite, mariadb"]


def test_affected_by_the_schema() -> None:
    """A statement with the same text has no SQL on its page, but the plans that differ."""
    engine = with_plans(PlanChange(("",), TextChange("SEARCH t", "SCAN t")))
    found = page(kind=ChangeKind.AFFECTED, engines=(*engine, replace(SAME, product="MariaDB 11")))
    assert found.plans == "changed"
    assert [(section.title, section.lines) for section in found.sections] == [
        ("plan on SQLite 3", ("-SEARCH t", "+SCAN t")),
        ("plans that are the same", ("MariaDB 11: 1 plan",)),
    ]


def test_plans_of_variants() -> None:
    """Variants with the same plan are together, some of them by name; those without a change are counted."""
    labels = ("", *(f"p{number}" for number in range(5)))
    found = sections(
        engines=with_plans(PlanChange(labels, TextChange("a", "b")), PlanChange(("q", "q,r"), TextChange("a", "a")))
    )
    assert list(found) == ["SQL", "plan on SQLite 3 [] [p0] [p1] [p2] and 2 more", "plans that are the same"]
    assert found["plans that are the same"] == ("SQLite 3: 2 plans",)


def test_many_plans() -> None:
    """Only the first plans are shown, those of variants in both versions before others; the rest is counted."""
    new = [PlanChange((f"n{number}",), TextChange(None, str(number))) for number in range(MOST_PLANS)]
    both = PlanChange(("a,b,c",), TextChange("a", "b"))
    titles = list(sections(engines=with_plans(*new, both)))
    assert titles[1] == "plan on SQLite 3 [a,b,c]"
    assert len(titles) == 1 + MOST_PLANS + 1
    assert titles[-1] == "more plans on SQLite 3"


def test_tables_of_engines() -> None:
    """A difference that is the same on several engines is shown once."""
    touches = TextChange("select t: a", "select t: a, b")
    engines = (replace(SAME, touches=touches), replace(SAME, product="MariaDB 11", touches=touches))
    assert sections(engines=engines)["tables and columns on SQLite 3, MariaDB 11"] == (
        "-select t: a",
        "+select t: a, b",
    )


def test_what_stands_behind() -> None:
    """A refusal, callers and the rolling deploy have sections of text."""
    found = page(
        engines=(replace(SAME, refused="no such column: b"),),
        callers=(Caller("app/x.py", 3, "f"), Caller("app/x.py", 9, "")),
        unsafe=(UNSAFE,),
        notes=(replace(UNSAFE, level="note"),),
    )
    assert found.deploy == "NOT SAFE"
    texts = {section.title: section.lines for section in found.sections if section.form == "text"}
    assert texts["refused by SQLite 3"] == ("no such column: b",)
    assert texts["callers: 2"] == ("app/x.py:3 in f", "app/x.py:9")
    assert texts["rolling deploy"] == (
        "not safe: sql/t.sql:1: column b is gone    hint: first deploy",
        "note: sql/t.sql:1: column b is gone    hint: first deploy",
    )


def test_the_deploy() -> None:
    """It is safe only if the new form is accepted, the old one works, and every changed schema was checked."""
    assert page().deploy == "safe"
    assert page(unproven=("mariadb",)).deploy == "not checked on mariadb"
    assert page(notes=(UNSAFE,), unproven=("mariadb",)).deploy == "migrate first"
    assert page(engines=(replace(SAME, refused="no such column"),), notes=(UNSAFE,)).deploy == "REFUSED"
    assert page(unsafe=(UNSAFE,), engines=(replace(SAME, refused="no such column"),)).deploy == "NOT SAFE"


def test_the_verdict() -> None:
    """One line has the counts, what is not safe, and what was not checked."""
    changes = (CHANGED, replace(CHANGED, kind=ChangeKind.LAYOUT), replace(CHANGED, unsafe=(UNSAFE,)))
    assert verdict(Review("main", ("SQLite 3",), (), changes, ("mariadb (no --db names a server)",))) == (
        "3 statements differ from main on SQLite 3: 2 changed, 1 in layout only; "
        "the rolling deploy is NOT SAFE: 1 statement; not checked: mariadb (no --db names a server)"
    )
    refused = replace(CHANGED, engines=(replace(SAME, refused="no such column"),))
    assert verdict(Review("main", (), (), (refused,))).endswith(": 1 changed; REFUSED: 1 statement")
    assert verdict(Review("main", (), (), ())) == "no statement differs from main"


def test_schemas() -> None:
    """A changed schema script is a section with its changed lines."""
    (section,) = schema_sections(
        Review("main", (), (SchemaChange("sqlite", "schema.sql", TextChange("a\nb", "a")),), ())
    )
    assert section.title == "schema.sql, sqlite"
    assert section.lines[1:] == (" a", "-b")
