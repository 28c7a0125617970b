"""SQLite's plan, as its shell draws it."""

from pydb.usage.plans import plan_of
from tests.harness.described import opened, statement

QUERY = "SELECT u.id FROM users AS u WHERE u.id IN (SELECT user_id FROM posts WHERE title = :title) ORDER BY u.name;"


def test_the_tree_of_the_shell() -> None:
    """Nodes are below their parents, and the last one ends the line."""
    with opened() as session:
        assert plan_of(session, statement(QUERY)).splitlines() == [
            "|--SEARCH u USING INTEGER PRIMARY KEY (rowid=?)",
            "|--LIST SUBQUERY 1",
            "|  `--SCAN posts",
            "`--USE TEMP B-TREE FOR ORDER BY",
        ]
