"""The reasons why a column may be NULL, or why not, as phrases."""

import pytest

from pydb.describe.analysis.reasons import reasons_of
from pydb.describe.analysis.statement_analysis import analyse
from tests.harness.analysis import catalogue


def reasons(sql: str, engine: str = "postgresql") -> tuple[str, ...]:
    """The phrase of each column."""
    return reasons_of(analyse(sql, catalogue(engine)))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("u.id", "users.id is NOT NULL"),
        ("u.email", "users.email may be NULL"),
        ("1", "it is a constant"),
        ("NULL", "it is NULL"),
        (":x", "the parameter :x may be None"),
        ("coalesce(u.email, '-')", "an argument of coalesce() is never NULL: '-'"),
        ("coalesce(u.email, u.email)", "each argument of coalesce() may be NULL"),
        ("u.id + u.age", "users.age may be NULL"),
        ("u.id + 1", "no part of u.id + 1 may be NULL"),
        ("CASE WHEN u.id = 1 THEN 1 END", "CASE has no ELSE"),
        ("CASE WHEN u.id = 1 THEN 1 ELSE 2 END", "every branch has a value"),
        ("CASE WHEN u.id = 1 THEN u.age ELSE 2 END", "a branch: users.age may be NULL"),
        ("(SELECT p.title FROM posts AS p WHERE p.id = u.id)", "the sub-query may find no row"),
        ("(SELECT count(*) FROM posts AS p)", "the sub-query always has one row, with a value"),
        ("(SELECT max(p.id) FROM posts AS p)", "the sub-query: max() over no rows is NULL"),
        ("lag(u.id) OVER (ORDER BY u.id)", "lag() is NULL if that row does not exist"),
        ("row_number() OVER (ORDER BY u.id)", "row_number() over a window has a value in each row"),
        ("CAST(u.email AS text)", "users.email may be NULL"),
        ("some_function(u.id)", "nothing is known about SOME_FUNCTION(u.id)"),
        ("EXISTS (SELECT 1 FROM posts AS p)", "EXISTS(SELECT 1 FROM posts AS p) always has a value"),
    ],
)
def test_an_expression(expression: str, reason: str) -> None:
    """Each kind of expression has its own reason, or that of the part that decides."""
    assert reasons(f"SELECT {expression} FROM users AS u") == (reason,)


def test_an_outer_join() -> None:
    """If an outer join may leave a row out, its columns may be NULL for that reason."""
    found = reasons("SELECT u.id, p.id FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id")
    assert found == ("users.id is NOT NULL", "an outer join may find no row of posts")


def test_a_condition() -> None:
    """A condition that is not true for NULL is the reason why a nullable column is not NULL."""
    (found,) = reasons("SELECT u.age FROM users AS u WHERE u.age > 18")
    assert found == "a condition leaves out the rows in which users.age is NULL"


def test_aggregates() -> None:
    """An aggregate over all rows may have no row; each group has one."""
    assert reasons("SELECT sum(id), count(*) FROM users") == (
        "sum() over no rows is NULL",
        "count() always has a value",
    )
    assert reasons("SELECT name, max(id), max(age) FROM users GROUP BY name")[1:] == (
        "each group has a row, and no argument of max() is NULL",
        "max() over only NULLs is NULL: users.age may be NULL",
    )


def test_other_queries() -> None:
    """A star, RETURNING, a common table expression and both halves of a UNION have reasons too."""
    assert reasons("SELECT * FROM posts")[2:] == ("posts.title is NOT NULL", "posts.score may be NULL")
    assert reasons("DELETE FROM users WHERE id = 1 RETURNING id, age") == (
        "users.id is NOT NULL",
        "users.age may be NULL",
    )
    assert reasons("WITH w AS (SELECT max(age) AS top FROM users) SELECT w.top FROM w") == (
        "column top of w may be NULL",
    )
    assert reasons("SELECT id FROM users UNION SELECT score FROM posts") == (
        "users.id is NOT NULL; other query: posts.score may be NULL",
    )


def test_nothing_is_known() -> None:
    """A statement without columns, or one that is not analysed, has no reasons."""
    assert reasons("UPDATE users SET name = 'x'") == ()
    assert reasons("NOT SQL AT ALL (") == ()
