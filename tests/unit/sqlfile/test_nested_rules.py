"""The SQL of nested rows: labels, keys, limits and the order of a stream, as far as the text shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.lexer import tokenizations
from pydb.sqlfile.loader import read
from pydb.sqlfile.nested_rules import select_list
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.site import Site
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import TokenList

COLUMNS = "SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title"
TABLES = "FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id"
LONG = "posts__" + "a" * 57


def load(sql: str, rows: str = "many User", lines: str = "-- @group posts Post", engine: str | None = None) -> None:
    parse_file(f"-- name: x :{rows}\n{lines}\n{sql};\n", "t.sql", "t", engine)


def refusal(sql: str, rows: str = "many User", lines: str = "-- @group posts Post", engine: str | None = None) -> str:
    with pytest.raises(SqlFileError) as caught:
        load(sql, rows, lines, engine)
    return str(caught.value).split("\n")[0].partition("t.x: ")[2]


@pytest.mark.parametrize(
    ("sql", "labels"),
    [
        ('SELECT a, t.b, "C d" FROM t', ["a", "b", "C d"]),
        ("SELECT DISTINCT a + 1 AS b, count(*) AS n, t.a c FROM t", ["b", "n", "c"]),
        ("SELECT DISTINCT ON (a, b) a, f(a, b) AS x, ARRAY[a, b] AS y FROM t", ["a", "x", "y"]),
        ("SELECT t.*, a + b, CASE WHEN a THEN b END FROM t", [None, None, None]),
        ("WITH q AS (SELECT x FROM y) SELECT a FROM q", ["a"]),
        ("UPDATE t SET a = 1 RETURNING id, a AS b", ["id", "b"]),
        ("INSERT INTO t (a) SELECT x FROM s RETURNING id, a", ["id", "a"]),
        ("DELETE FROM t", []),
    ],
)
def test_labels_of_a_select_list(sql: str, labels: list[str | None]) -> None:
    """The labels are read from the text; None means that the text does not show one."""
    (tokenization,) = tokenizations(sql, (syntax_of("postgresql"),))
    items = select_list(TokenList(tokenization.code, Site("t.sql", 1, sql)))
    assert [item.label for item in items] == labels


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        (
            f"{COLUMNS}, 1 AS post__id {TABLES}",
            "post__id names the level post, which does not exist",
            "did you mean posts?",
        ),
        (
            f"{COLUMNS}, 1 AS comments__id {TABLES}",
            "comments__id names the level comments, which does not exist",
            "the levels are posts",
        ),
        (
            f"{COLUMNS}, 1 AS posts {TABLES}",
            "posts is both a column and the level posts",
            "rename one of them with AS",
        ),
        (
            f"{COLUMNS}, 1 AS {LONG} {TABLES}",
            f"PostgreSQL truncates a label to 63 bytes: {LONG}",
            "shorten the path or the field's name",
        ),
        (f"SELECT p.id AS posts__id {TABLES}", "the root has no column of its own", "select its key"),
        (f"SELECT u.id {TABLES}", "the level posts has no columns", "name its columns with AS posts__…"),
        *(
            (
                f"{COLUMNS} {TABLES} ORDER BY u.id {limit}",
                f"{limit.split()[0]} counts joined rows, not roots, with the joined @group posts",
                "limit the roots in a sub-query, or write the groups as json levels",
            )
            for limit in ("LIMIT 5", "LIMIT :n", "OFFSET 2", "FETCH FIRST 5 ROWS ONLY")
        ),
    ],
)
def test_refused_sql(sql: str, message: str, hint: str) -> None:
    """SQL that cannot return nested rows is refused with a hint."""
    assert refusal(sql) == f"{message}    hint: {hint}"


@pytest.mark.parametrize(
    ("sql", "lines"),
    [
        (f"SELECT u.*, p.id AS posts__id {TABLES}", "-- @group posts Post"),
        (f"{COLUMNS} {TABLES} WHERE u.id IN (SELECT id FROM users LIMIT 5)", "-- @group posts Post"),
        ("SELECT u.id, u.posts FROM users AS u LIMIT 5", "-- @group posts Post json"),
        ("SELECT p.id, u.id AS author__id FROM posts AS p, users AS u LIMIT 5 OFFSET 2", "-- @embed author Name"),
    ],
)
def test_accepted_sql(sql: str, lines: str) -> None:
    """A limit in a sub-query, or without joined groups, is accepted."""
    load(sql, lines=lines)


def test_a_long_label_is_refused_only_where_postgresql_reads_it() -> None:
    """An overlay for another engine may have a longer label."""
    load(f"{COLUMNS}, 1 AS {LONG} {TABLES}", engine="sqlite")


def test_json_levels_need_their_column() -> None:
    """A json level is one column with its name."""
    found = refusal("SELECT u.id FROM users AS u", lines="-- @group posts Post json")
    assert found == "the json level posts has no column    hint: name it with AS posts"


def test_keys_are_columns_of_their_level() -> None:
    """A key that is not a column of its level is refused with the nearest column."""
    found = refusal(f"{COLUMNS} {TABLES}", lines="-- @group posts Post key titel")
    assert found == "the key titel of the level posts is not one of its columns    hint: did you mean title?"
    found = refusal(f"{COLUMNS} {TABLES}", lines="-- @key email\n-- @group posts Post")
    assert found == "the key email of the root is not one of its columns    hint: the columns are id, name"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("affected", ":affected cannot return nested rows"),
        ("many", "@group needs a record that has the levels"),
        ("many scalar", "@group needs a record that has the levels"),
    ],
)
def test_row_words_and_shapes(rows: str, message: str) -> None:
    """Nested rows need a record, and a row word that returns rows."""
    sql = "DELETE FROM t" if rows == "affected" else f"{COLUMNS} {TABLES}"
    assert refusal(sql, rows).startswith(message)


@pytest.mark.parametrize(
    "order",
    ["u.id", "id", "1", "u.name DESC NULLS LAST, u.id, p.id", "name, id DESC, p.title", "U.NAME, U.ID", "2, 1"],
)
def test_streams_in_the_order_of_their_roots(order: str) -> None:
    """A stream may be sorted by columns of the root's table, up to and including the root's key."""
    load(f"{COLUMNS} {TABLES} ORDER BY {order}", "stream User")


def test_a_stream_by_its_key_alone_needs_no_table() -> None:
    """If all items are the key, it does not matter how the key is computed."""
    load(f"SELECT lower(u.name) AS name, p.id AS posts__id {TABLES} ORDER BY name, p.id", "stream User")


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("", "a :stream of groups needs an ORDER BY that begins with the root's key"),
        ("ORDER BY u.name", "the ORDER BY of a :stream of groups lacks the root's key id"),
        (
            "ORDER BY p.id, u.id",
            "a :stream of groups must be sorted by columns of the root's table up to its key, not by p.id",
        ),
        (
            "ORDER BY lower(u.name), u.id",
            "a :stream of groups must be sorted by columns of the root's table up to its key, not by lower(u.name)",
        ),
        (
            "ORDER BY 3, u.id",
            "a :stream of groups must be sorted by columns of the root's table up to its key, not by 3",
        ),
    ],
)
def test_streams_in_another_order(order: str, message: str) -> None:
    """If a root's rows may be separated, the stream is refused, with the ORDER BY that it needs."""
    found = refusal(f"{COLUMNS} {TABLES} {order}".rstrip(), "stream User")
    assert found == f"{message}    hint: ORDER BY u.id, …"


def test_streams_of_json_are_in_any_order() -> None:
    """A stream without joined groups needs no order."""
    load("SELECT u.id, u.posts FROM users AS u", "stream User", "-- @group posts Post json")


ORDERED = f"""\
-- name: all :stream User
-- @group posts Post
-- @param newest bool
{COLUMNS}
{TABLES}
ORDER BY
    u.name, -- if :newest
    {{}}
    p.id;
"""


def test_every_variant_of_a_stream_is_in_order(tmp_path: Path) -> None:
    """The root's key must not depend on an optional line: all variants are examined at load."""
    file = tmp_path / "q.sql"
    file.write_text(ORDERED.format("u.id,"), encoding="utf-8")
    assert len(read(file)) == 1
    file.write_text(ORDERED.format("u.id, -- if :newest"), encoding="utf-8")
    with pytest.raises(SqlFileError, match=r"q\.all: .*sorted by columns of the root's table up to its key, not by p"):
        read(file)


@pytest.mark.parametrize("line", ["LIMIT :n -- if :n", "ORDER BY u.id -- if :o\n-- LIMIT 5 -- if not :o"])
def test_an_optional_limit_is_a_limit(line: str) -> None:
    """A LIMIT on an optional line, or in an alternative, limits joined rows too."""
    with pytest.raises(SqlFileError, match="LIMIT counts joined rows"):
        load(f"{COLUMNS}\n{TABLES}\n{line}\n")
