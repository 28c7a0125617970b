"""The consequences of a touch through views, triggers and foreign keys."""

from __future__ import annotations

from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Act, Touch
from tests.harness.described import opened
from tests.harness.touching import following_in

TABLES = (
    "CREATE TABLE users (id integer PRIMARY KEY, name text, age integer)",
    "CREATE TABLE posts (id integer PRIMARY KEY, user_id integer REFERENCES users (id) ON DELETE CASCADE)",
    "CREATE TABLE notes (id integer, post_id integer REFERENCES posts ON DELETE SET NULL ON UPDATE CASCADE)",
    "CREATE TABLE log (what text)",
)


def test_views() -> None:
    """A view's query reads its tables, also through other views."""
    views = (
        "CREATE VIEW adults AS SELECT id, name AS called FROM users WHERE age > 17",
        "CREATE VIEW names AS SELECT called FROM adults",
    )
    found, unknown = following_in("SELECT called FROM names", *TABLES, *views)
    assert found == [
        "select adults by view names",
        "select adults.called by view names",
        "select users by view adults",
        "select users.age by view adults",
        "select users.id by view adults",
        "select users.name by view adults",
    ]
    assert unknown == ()


def test_cascades() -> None:
    """A deleted row affects other rows as the foreign keys say, from table to table."""
    found, _ = following_in("DELETE FROM users", *TABLES)
    assert found == [
        "delete posts by ON DELETE CASCADE of posts (user_id)",
        "update notes by ON DELETE SET NULL of notes (post_id)",
        "update notes.post_id by ON DELETE SET NULL of notes (post_id)",
    ]


def test_an_update_of_a_key_cascades() -> None:
    """Only an UPDATE of the referenced key has consequences."""
    found, _ = following_in("UPDATE posts SET id = 2", *TABLES)
    assert found == [
        "update notes by ON UPDATE CASCADE of notes (post_id)",
        "update notes.post_id by ON UPDATE CASCADE of notes (post_id)",
    ]
    assert following_in("UPDATE posts SET user_id = 2", *TABLES) == ([], ())


def test_triggers() -> None:
    """A trigger does what its code says if its act and column are written, also by a cascade."""
    trigger = (
        "CREATE TRIGGER renamed AFTER UPDATE OF name ON users WHEN (SELECT count(*) FROM posts) > 0 "
        "BEGIN INSERT INTO log (what) VALUES (NEW.name); END"
    )
    deleted = "CREATE TRIGGER post_gone AFTER DELETE ON posts BEGIN UPDATE log SET what = 'gone'; END"
    found, _ = following_in("UPDATE users SET name = :name", *TABLES, trigger, deleted)
    assert found == [
        "insert log by trigger renamed",
        "insert log.what by trigger renamed",
        "select posts by trigger renamed",
        "select users.name by trigger renamed",
    ]
    assert following_in("UPDATE users SET age = 1", *TABLES, trigger, deleted) == ([], ())
    found, _ = following_in("DELETE FROM users", *TABLES, trigger, deleted)
    assert "update log.what by trigger post_gone" in found


def test_a_view_that_is_written() -> None:
    """If a trigger replaces the act, the view's tables are those that the trigger writes."""
    schema = (
        *TABLES,
        "CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17",
        "CREATE TRIGGER adult INSTEAD OF INSERT ON adults BEGIN INSERT INTO log (what) VALUES (NEW.name); END",
    )
    found, _ = following_in("INSERT INTO adults (name) VALUES (:name)", *schema)
    assert found == [
        "insert log by trigger adult",
        "insert log.what by trigger adult",
        "select adults.name by trigger adult",
    ]


def test_a_body_that_cannot_be_read() -> None:
    """The actions of a trigger are unknown if its code has a statement that cannot be analysed."""
    trigger = "CREATE TRIGGER odd AFTER DELETE ON posts BEGIN SELECT CAST(what AS an odd type) FROM log; END"
    assert following_in("DELETE FROM posts", *TABLES, trigger)[1] == ("trigger odd: its code cannot be read",)


def test_users_in_the_schema() -> None:
    """The views and triggers whose code touches a table or column are known, whoever uses them."""
    view = "CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17"
    trigger = "CREATE TRIGGER gone AFTER DELETE ON users BEGIN INSERT INTO log (what) VALUES (OLD.name); END"
    with opened(*TABLES, view, trigger) as session:
        acting = ActingSchema.of(session)
        assert acting.users("users", "age") == ("view adults",)
        assert acting.users("users", "name") == ("view adults", "trigger gone")
        assert acting.users("log", None) == ("trigger gone",)
        assert acting.users("notes", None) == ()


def test_names_that_lead_to_a_table() -> None:
    """Views, triggers and foreign keys lead to a table; a quoted name may be in any text."""
    view = "CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17"
    trigger = "CREATE TRIGGER gone AFTER DELETE ON users BEGIN INSERT INTO log (what) VALUES (OLD.name); END"
    with opened(*TABLES, 'CREATE TABLE "an ""odd"" one" (a integer)', view, trigger) as session:
        acting = ActingSchema.of(session)
        assert acting.names_leading_to("log") == {"log", "users", "adults"}
        assert acting.names_leading_to("notes") == {"notes", "posts", "users", "adults"}
        assert acting.names_leading_to('an "odd" one') >= {""}


def test_rows_of_a_view_that_are_changed() -> None:
    """An UPDATE through a view reads the columns with which the view's query finds the rows."""
    view = "CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17"
    trigger = "CREATE TRIGGER adult INSTEAD OF DELETE ON adults BEGIN DELETE FROM log; END"
    with opened(*TABLES, view, trigger) as session:
        acting = ActingSchema.of(session)
        updated = acting.following([Touch("adults", None, Act.UPDATE, 1), Touch("adults", "name", Act.UPDATE, 1)])
        deleted = acting.following([Touch("adults", None, Act.DELETE, 1)])
    assert {("users.age", "select"), ("users.name", "update")} <= {(t.name, str(t.act)) for t in updated.touches}
    assert {touch.name for touch in deleted.touches} == {"log"}
