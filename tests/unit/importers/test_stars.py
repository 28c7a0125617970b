"""``*`` is replaced by columns."""

from __future__ import annotations

import sqlite3

import pytest

from pydb.importers.imported import Imported
from pydb.importers.stars import without_stars

SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, "name" text, CONSTRAINT a UNIQUE (name));
CREATE TABLE posts (id integer, user_id integer);
CREATE TABLE tags (tag text, post_id integer);
"""


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM users;", 'SELECT id, "name" FROM users;'),
        ("SELECT u.*, 1 FROM users u;", 'SELECT u.id, u."name", 1 FROM users u;'),
        (
            "SELECT p.* FROM posts AS p JOIN users u ON TRUE;",
            "SELECT p.id, p.user_id FROM posts AS p JOIN users u ON TRUE;",
        ),
        ("INSERT INTO posts (id) VALUES (1) RETURNING *;", "INSERT INTO posts (id) VALUES (1) RETURNING id, user_id;"),
        (
            "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = 'c' RETURNING *;",
            "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = 'c' RETURNING id, \"name\";",
        ),
        (
            "INSERT INTO posts SELECT * FROM posts WHERE TRUE RETURNING *;",
            "INSERT INTO posts SELECT id, user_id FROM posts WHERE TRUE RETURNING id, user_id;",
        ),
        ("DELETE FROM posts RETURNING *;", "DELETE FROM posts RETURNING id, user_id;"),
        ("UPDATE posts SET id = 1 RETURNING *;", "UPDATE posts SET id = 1 RETURNING id, user_id;"),
        (
            "SELECT * FROM posts JOIN tags ON post_id = id;",
            "SELECT posts.id, posts.user_id, tags.tag, tags.post_id FROM posts JOIN tags ON post_id = id;",
        ),
        (
            "SELECT * FROM posts AS p LEFT JOIN users u ON u.id = p.user_id, tags WHERE TRUE;",
            'SELECT p.id, p.user_id, u.id AS u_id, u."name", tags.tag, tags.post_id'
            " FROM posts AS p LEFT JOIN users u ON u.id = p.user_id, tags WHERE TRUE;",
        ),
        (
            "SELECT p.*, u.*, tag AS u_id FROM posts p, users u, tags;",
            'SELECT p.id, p.user_id, u.id AS u_id_2, u."name", tag AS u_id FROM posts p, users u, tags;',
        ),
        (
            "SELECT p.*, x.n FROM posts p JOIN (SELECT count(*) AS n FROM users) AS x ON TRUE;",
            "SELECT p.id, p.user_id, x.n FROM posts p JOIN (SELECT count(*) AS n FROM users) AS x ON TRUE;",
        ),
        (
            'SELECT * FROM tags AS "a b" JOIN tags c ON TRUE;',
            'SELECT "a b".tag, "a b".post_id, c.tag AS c_tag, c.post_id AS c_post_id'
            ' FROM tags AS "a b" JOIN tags c ON TRUE;',
        ),
        (
            'SELECT c.*, d.* FROM tags c JOIN tags AS "d e" ON TRUE JOIN tags d ON TRUE;',
            "SELECT c.tag, c.post_id, d.tag AS d_tag, d.post_id AS d_post_id"
            ' FROM tags c JOIN tags AS "d e" ON TRUE JOIN tags d ON TRUE;',
        ),
        (
            'SELECT c.*, "d e".* FROM tags c, tags AS "d e";',
            'SELECT c.tag, c.post_id, "d e".tag AS d_e_tag, "d e".post_id AS d_e_post_id FROM tags c, tags AS "d e";',
        ),
        (
            "SELECT id, * FROM posts;",
            "SELECT id, id AS id_2, user_id FROM posts;",
        ),
        (
            "SELECT * FROM posts WHERE user_id IN (SELECT id FROM users);",
            "SELECT id, user_id FROM posts WHERE user_id IN (SELECT id FROM users);",
        ),
        (
            "SELECT * FROM posts UNION ALL SELECT * FROM posts ORDER BY id;",
            "SELECT id, user_id FROM posts UNION ALL SELECT id, user_id FROM posts ORDER BY id;",
        ),
        (
            "SELECT p.* FROM posts p WHERE EXISTS (SELECT * FROM users p);",
            "SELECT p.id, p.user_id FROM posts p WHERE EXISTS (SELECT * FROM users p);",
        ),
    ],
)
def test_a_star_is_written_out_where_the_schema_is_known(sql: str, expected: str) -> None:
    """Each column is that of its own table, and SQLite returns the same rows."""
    assert without_stars(Imported("x", "many", sql, "a:1"), SCHEMA).sql == expected
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(SCHEMA)
        connection.executescript(
            "INSERT INTO users VALUES (1, 'a'), (2, 'b');"
            "INSERT INTO posts VALUES (7, 1), (8, 2); INSERT INTO tags VALUES ('t', 7);"
        )
        answers = []
        for text in (sql, expected):
            connection.execute("SAVEPOINT here")
            answers.append(connection.execute(text).fetchall())
            connection.execute("ROLLBACK TO here")
        assert answers[0] == answers[1]
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*), 2 * 3 FROM users;",
        "SELECT * FROM others;",
        "SELECT * FROM other.posts;",
        "SELECT * FROM posts JOIN others ON TRUE;",
        "SELECT * FROM posts NATURAL JOIN users;",
        "SELECT * FROM posts JOIN users USING (id);",
        "SELECT * FROM (SELECT id FROM posts) p;",
        "SELECT * FROM posts, (SELECT 1 AS a) x;",
        "SELECT * FROM posts, generate_series(1, 2);",
        "SELECT * FROM posts AS p (a, b);",
        "SELECT * FROM ONLY posts;",
        "SELECT * FROM posts FOR SYSTEM_TIME ALL JOIN users ON TRUE;",
        "SELECT o.* FROM posts p;",
        "SELECT x.* FROM posts p JOIN (SELECT 1 AS a) x ON TRUE;",
        "SELECT x.* FROM posts p JOIN LATERAL (SELECT 1 AS a) AS x ON TRUE;",
        "SELECT * FROM posts CROSS JOIN LATERAL generate_series(1, 2) AS x;",
        "SELECT * FROM (posts JOIN users ON TRUE);",
        "SELECT * FROM posts p, posts AS q (a, b);",
        "WITH posts AS (SELECT 1 AS a) SELECT * FROM posts;",
        "WITH posts (a) AS (SELECT 1) SELECT * FROM posts;",
        "WITH posts AS MATERIALIZED (SELECT 1 AS a) SELECT * FROM posts;",
        "DELETE FROM posts USING users WHERE TRUE RETURNING *;",
        "UPDATE posts SET id = 1 FROM users RETURNING *;",
        "MERGE INTO posts USING users ON TRUE WHEN MATCHED THEN DELETE RETURNING *;",
    ],
)
def test_a_star_stays_where_its_columns_are_not_certain(sql: str) -> None:
    """A ``*`` stays for an unknown table, merged columns, or a table that the statement defines."""
    assert without_stars(Imported("x", "many", sql, "a:1"), SCHEMA, "postgresql").sql == sql


def test_a_second_name_is_told() -> None:
    """The report says which column gets another name."""
    made = without_stars(Imported("x", "many", "SELECT * FROM posts p, users u;", "a:1"), SCHEMA)
    assert made.changes == ("the columns are written out instead of *", "a second column id is named u_id")
