"""Whether the text of a statement determines the order of its columns."""

import pytest

from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.star import fixes_columns


@pytest.mark.parametrize(
    ("sql", "fixed"),
    [
        ("SELECT a, b FROM t", True),
        ("SELECT a * b, a*-1, count(*), :x * :y, (a) * (b), count(*) * 2 FROM t", True),
        ("SELECT a FROM t WHERE EXISTS (SELECT * FROM u)", True),
        ("WITH w AS (SELECT * FROM t) SELECT a, b FROM w", True),
        ("INSERT INTO t (a) VALUES (1) RETURNING a * 2", True),
        ("SELECT * FROM t", False),
        ("SELECT a, t.* FROM t", False),
        ("SELECT DISTINCT ON (a) * FROM t", False),
        ('SELECT "t" . * FROM t', False),
        ("SELECT *, a FROM t", False),
        ("SELECT *", False),
        ("(SELECT * FROM t) UNION ALL (SELECT * FROM t)", False),
        ("SELECT a, b FROM t UNION ALL SELECT * FROM t", False),
        ("WITH w AS (SELECT 1) SELECT * FROM w", False),
        ("DELETE FROM t RETURNING *", False),
        ("TABLE t", False),
        ("CALL p()", False),
    ],
)
def test_texts(sql: str, fixed: bool) -> None:
    """A ``*`` in the outermost list stands for columns that the text does not list; a multiplication does not."""
    code = token_list(sql, "postgresql")
    verb = "SELECT" if sql.startswith(("WITH", "(")) else code.word(0)
    assert fixes_columns(code, verb) is fixed
