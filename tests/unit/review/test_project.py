"""The review of two versions, on SQLite; tests/integration/test_review.py has Git and all engines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pydb.migrations.rolling import Version
from pydb.review.model import ChangeKind, Review, StatementChange
from pydb.review.project import ReviewInputs, review
from pydb.usage.callers import Caller

SCHEMA = "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text NULL);\nCREATE INDEX t_b_idx ON t (b);\n"

STATEMENTS = """\
-- name: of_b :many
SELECT a FROM t WHERE b = :b;

-- name: add :exec
-- @param a int
INSERT INTO t (a, b) VALUES (:a, :b);

-- name: page :many
SELECT a FROM t
WHERE
    TRUE
    AND b = :b -- if :b
ORDER BY a;
"""


def version(folder: Path, schema: str, statements: str | None) -> Version:
    """A version in a separate folder; None for a version without statements."""
    folder.mkdir()
    (folder / "schema.sql").write_text(schema)
    if statements is not None:
        (folder / "sql").mkdir()
        (folder / "sql" / "t.sql").write_text(statements)
    return Version(folder.name, str(folder / "sql"), {"sqlite": str(folder / "schema.sql")})


def found(
    tmp_path: Path,
    statements: str = STATEMENTS,
    schema: str = SCHEMA,
    old: str | None = STATEMENTS,
    callers: Mapping[str, tuple[Caller, ...]] | None = None,
) -> Review:
    """The differences from the old version."""
    before, after = version(tmp_path / "old", SCHEMA, old), version(tmp_path / "new", schema, statements)
    shown = f"{tmp_path / 'old'}/"
    return review(
        ReviewInputs(
            before,
            after,
            shown=lambda file: file.removeprefix(shown),
            callers=None if callers is None else lambda definitions: callers,
        )
    )


def one(found: Review) -> StatementChange:
    """The only statement that differs."""
    (change,) = found.changes
    return change


def test_nothing_differs(tmp_path: Path) -> None:
    """Without a difference, there is no page."""
    same = found(tmp_path)
    assert (same.changes, same.schemas, same.unsafe) == ((), (), ())
    assert same.revision == "old"


def test_a_changed_statement(tmp_path: Path) -> None:
    """The page has the SQL, signature, plan, tables and columns before and after."""
    change = one(
        found(tmp_path, STATEMENTS.replace("SELECT a FROM t WHERE b = :b;", "SELECT b FROM t WHERE a = :key;"))
    )
    assert (change.kind, change.name, change.place) == (ChangeKind.CHANGED, "t.of_b", f"{tmp_path}/new/sql/t.sql:2")
    (form,) = change.forms
    assert (form.engines, form.old_place) == (("sqlite", "postgresql", "mariadb"), "sql/t.sql:2")
    assert form.text.lines[1:] == ("-SELECT a FROM t WHERE b = :b;", "+SELECT b FROM t WHERE a = :key;")
    assert "+    key: int," in change.signature.lines
    (engine,) = change.engines
    (plan,) = engine.plans
    assert plan.text.old == "`--SEARCH t USING COVERING INDEX t_b_idx (b=?)"
    assert plan.text.new == "`--SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"
    assert change.unsafe == change.notes == ()


def test_come_gone_and_renamed(tmp_path: Path) -> None:
    """A statement of only one version has one side, and a renamed statement has both."""
    new = (
        STATEMENTS.replace("name: of_b", "name: by_b")
        .replace("name: add :exec", "name: put :exec")
        .replace("(a, b)", "(b, a)")
    )
    kinds = {change.name: change for change in found(tmp_path, new.replace("(:a, :b)", "(:b, :a)")).changes}
    assert {name: change.kind for name, change in kinds.items()} == {
        "t.by_b": ChangeKind.RENAMED,
        "t.put": ChangeKind.ADDED,
        "t.add": ChangeKind.REMOVED,
    }
    assert kinds["t.by_b"].old_name == "t.of_b"
    assert kinds["t.put"].signature.old is None
    assert kinds["t.add"].engines[0].touches.new is None
    assert kinds["t.add"].place == "sql/t.sql:6"


def test_layout_asks_no_engine(tmp_path: Path) -> None:
    """If only the layout has changed, nothing is described."""
    change = one(found(tmp_path, STATEMENTS.replace("SELECT a FROM t WHERE b", "SELECT a\nFROM t\nWHERE b")))
    assert (change.kind, change.engines) == (ChangeKind.LAYOUT, ())


def test_a_variant_that_is_new(tmp_path: Path) -> None:
    """A new optional line gives new variants, and the others keep their plans."""
    change = one(found(tmp_path, STATEMENTS.replace("-- if :b\n", "-- if :b\n    AND a > :a -- if :a\n")))
    plans = {label: plan.text for plan in change.engines[0].plans for label in plan.variants}
    assert {label: (text.old is None, text.is_change) for label, text in plans.items()} == {
        "": (False, False),
        "b": (False, False),
        "a": (True, True),
        "b,a": (True, True),
    }


def test_the_schema_alone(tmp_path: Path) -> None:
    """A dropped index gives a page for each statement whose plan used it, and no other page."""
    changed = found(tmp_path, schema=SCHEMA.replace("CREATE INDEX t_b_idx ON t (b);\n", ""))
    assert {change.name: change.kind for change in changed.changes} == {
        "t.of_b": ChangeKind.AFFECTED,
        "t.page": ChangeKind.AFFECTED,
    }
    assert [schema.file for schema in changed.schemas] == [f"{tmp_path}/new/schema.sql"]
    assert changed.unsafe == ()


def test_an_unsafe_deploy(tmp_path: Path) -> None:
    """An old statement that fails on the new schema is reported at its old place, also a removed one."""
    new = STATEMENTS[: STATEMENTS.index("-- name: add")]
    changed = found(tmp_path, new, SCHEMA.replace("b text NULL)", "b text NULL, c text NOT NULL)"))
    (unsafe,) = changed.unsafe
    assert (unsafe.name, unsafe.kind) == ("t.add", ChangeKind.REMOVED)
    (finding,) = unsafe.unsafe
    assert (finding.file, finding.line) == ("sql/t.sql", 6)
    assert "INSERT writes no value to t.c" in finding.message


def test_migrate_first(tmp_path: Path) -> None:
    """A new statement that needs the new schema has a note."""
    new = STATEMENTS.replace("SELECT a FROM t WHERE b = :b;", "SELECT a, c FROM t WHERE b = :b;")
    changed = found(tmp_path, new, SCHEMA.replace("b text NULL)", "b text NULL, c text NULL)"))
    assert [(change.name, len(change.notes), change.unsafe) for change in changed.changes] == [("t.of_b", 1, ())]


def test_a_statement_that_is_refused(tmp_path: Path) -> None:
    """A statement that the engine refuses has the engine's message."""
    change = one(found(tmp_path, STATEMENTS.replace("SELECT a FROM t WHERE b", "SELECT nowhere FROM t WHERE b")))
    (engine,) = change.engines
    assert "nowhere" in engine.refused
    assert (engine.plans, engine.touches.is_change, change.signature.is_change) == ((), False, False)


def test_a_statement_that_was_refused_before(tmp_path: Path) -> None:
    """If only the schema changes, a statement that was already refused has no page."""
    wrong = STATEMENTS + "\n-- name: wrong :many\nSELECT nowhere FROM t;\n"
    assert found(tmp_path, wrong, SCHEMA.replace("t_b_idx", "t_b_key"), wrong).changes[-1].name == "t.page"


def test_callers_of_both_names(tmp_path: Path) -> None:
    """A caller of the old name is found if callers are requested."""
    callers = {"t.of_b": (Caller("app/x.py", 3, "f"),), "t.by_b": (Caller("app/y.py", 4, ""),)}
    changed = found(tmp_path, STATEMENTS.replace("name: of_b", "name: by_b"), callers=callers)
    assert [caller.file for caller in one(changed).callers] == ["app/y.py", "app/x.py"]
    assert changed.unchecked == ()


def test_what_was_not_looked_at(tmp_path: Path) -> None:
    """Engines without a server, and callers that were not requested, are listed."""
    assert found(tmp_path).unchecked == ("callers (no --callers names a folder of Python)",)


def test_the_first_version(tmp_path: Path) -> None:
    """If the revision has no statements, all of them are new."""
    changed = found(tmp_path, old=None)
    assert {change.kind for change in changed.changes} == {ChangeKind.ADDED}
    assert len(changed.changes) == 3


@pytest.mark.parametrize("statements", ["SELECT 1;\n"])
def test_files_that_cannot_be_read(tmp_path: Path, statements: str) -> None:
    """A file that does not load is an error with its place."""
    from pydb.errors import SqlFileError

    with pytest.raises(SqlFileError):
        found(tmp_path, statements)


def test_an_engine_that_was_not_asked(tmp_path: Path) -> None:
    """If its schema differs too, the deploy on that engine is unknown."""
    new = STATEMENTS.replace("SELECT a FROM t WHERE b = :b;", "SELECT b FROM t WHERE b = :b;")
    before, after = version(tmp_path / "old", SCHEMA, STATEMENTS), version(tmp_path / "new", SCHEMA, new)
    for one in (before, after):
        script = Path(one.sql, "postgresql", "schema.sql")
        script.parent.mkdir()
        script.write_text(f"-- {one.name}\n{SCHEMA}")
    scripts = [{**one.schemas, "postgresql": f"{one.sql}/postgresql/schema.sql"} for one in (before, after)]
    old, now = (Version(one.name, one.sql, schemas) for one, schemas in zip((before, after), scripts, strict=True))
    changed = review(ReviewInputs(old, now))
    assert (one_change := changed.changes[0]).unproven == ("postgresql",)
    assert one_change.unsafe == ()
    assert "postgresql (no --db names a server)" in changed.unchecked
