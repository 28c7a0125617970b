"""The things that a schema script creates, and the kinds of changes."""

from __future__ import annotations

from pathlib import Path

from pydb.describe.changes import Difference, SchemaTexts, changes_of, differing, mentioned, with_dependents

SCRIPT = """\
CREATE TABLE IF NOT EXISTS app."Users" (id integer);
CREATE UNIQUE INDEX CONCURRENTLY users_idx ON ONLY app.users (id);
CREATE OR REPLACE VIEW v AS SELECT 1;
CREATE MATERIALIZED VIEW m AS SELECT 1;
INSERT INTO x VALUES ('CREATE TABLE y');
CREATE TRIGGER t AFTER INSERT ON users EXECUTE FUNCTION f();
"""


def test_what_a_script_creates(tmp_path: Path) -> None:
    """Each CREATE is recognized with its kind, its name and its table."""
    (tmp_path / "schema.sql").write_text(SCRIPT)
    texts = SchemaTexts(str(tmp_path / "schema.sql"), "postgresql")
    assert [(item.kind, item.name, item.table) for item in texts.created] == [
        ("table", "Users", None),
        ("index", "users_idx", "users"),
        ("view", "v", None),
        ("materialized view", "m", None),
        ("trigger", "t", "users"),
    ]
    assert texts.of("table", "app.users")[0].text.startswith("CREATE TABLE")
    created = list(texts.create("trigger", ["t", "u"]))
    assert [change.about for change in created] == [("trigger t of users",), ("trigger u",)]
    assert created[1].note == "The schema script has no CREATE TRIGGER u."


def test_differences() -> None:
    """A difference has its kind and its label."""
    (one, two) = differing({"view v": "1", "a": "x"}, {"materialized view v": "1", "a": "x"})
    assert (one.kind, one.label, one.have) == ("materialized view", "v", None)
    assert two == Difference("view v", "1", None)


def test_dependents() -> None:
    """A view depends on the things that it names, and on those of the views that it names."""
    views = {"v": 'SELECT * FROM "t"', "w": "SELECT * FROM v", "x": "SELECT 't'"}
    assert "t" in mentioned(views["v"], "sqlite")
    assert with_dependents(["t"], views, "sqlite") == {"v", "w"}


def test_names() -> None:
    """A name is quoted if the engine needs that."""
    assert changes_of("postgresql").name("app.order") == 'app."order"'
    assert changes_of("mariadb").name("order") == "`order`"
    assert changes_of("sqlite").name("users") == "users"
