"""The list of tokens: words, brackets, items and names by position, in any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.sqlfile.lexer import token_list, tokenize
from pydb.sqlfile.tokens import TokenList, significant, unquoted

SQL = 'INSERT INTO t (a, "b b", c) VALUES (:a, f(1, 2), ()) -- why\nRETURNING a;'
LIST = token_list(SQL, "sqlite")


def texts(code: TokenList, items: list[range] | None) -> list[str] | None:
    return None if items is None else [" ".join(code.words[item.start : item.stop]) for item in items]


def test_words() -> None:
    """Words are in upper case, and quoted names as written; outside the list there is an empty word."""
    assert LIST.phrase(0, 6) == "INSERT INTO T ( A ,"
    assert (LIST.word(-1), LIST.word(len(LIST)), LIST.kind(-1), LIST.kind(0)) == ("", "", "", "word")
    assert LIST.word(-1) == ""
    assert [LIST.tokens[i].text for i in LIST.parameters] == [":a"]
    assert LIST.after(0, frozenset({"INTO", "OR"})) == 2
    assert list(LIST.top("A")) == [len(LIST) - 2]


def test_significant() -> None:
    """Comments and white space have no meaning."""
    assert list(significant(tokenize(SQL, "sqlite"))) == LIST.tokens


def test_names() -> None:
    """A name is returned without quotes and in lower case; a keyword is a name too, a number and a bracket are not."""
    code = token_list('"A ""b""" [c]]d] `e``f` G 1 (', "sqlite")
    names = [code.name(i) for i in range(-1, len(code) + 1)]
    assert names[:3] == [None, 'a "b"', "c"]
    assert names[-5:] == ["e`f", "g", None, None, None]
    assert unquoted(code.tokens[0]) == 'A "b"'


def test_items() -> None:
    """The items of a bracket are found from both of its ends, with and without inner brackets."""
    columns, values = LIST.at["("][:2]
    assert texts(LIST, LIST.items(columns)) == ["A", '"b b"', "C"]
    assert texts(LIST, LIST.items(values)) == [":a", "F ( 1 , 2 )", "( )"]
    for opening in LIST.at["("]:
        closing = LIST.closing(opening)
        assert closing is not None
        assert LIST.opening(closing) == opening
        assert LIST.items(closing) == LIST.items(opening)
    assert LIST.items(0) is None
    assert LIST.items(-1) is None


@pytest.mark.parametrize(
    ("sql", "unclosed", "unopened"), [("a (b, (c)", 1, -1), ("a) (b)", -1, 1), (")(", 1, 0), ("(a)", -1, -1)]
)
def test_unbalanced(sql: str, unclosed: int, unopened: int) -> None:
    """Unbalanced brackets are no error here: a list has their positions, and they have no items."""
    code = token_list(sql, "sqlite")
    assert (code.unclosed, code.unopened) == (unclosed, unopened)
    assert code.items(max(unclosed, unopened)) is None


@given(st.text(alphabet="(), a"))
def test_brackets_of_any_text(sql: str) -> None:
    """In any text, the items of a bracket are the text between its ends, without the commas."""
    code = token_list(sql, "sqlite")
    for opening in code.at.get("(", ()):
        closing = code.closing(opening)
        if closing is not None:
            items = code.items(opening)
            assert items is not None
            assert items[0].start == opening + 1
            assert items[-1].stop == closing
            assert sum(map(len, items)) + len(items) - 1 == closing - opening - 1
            assert code.opens[closing] == code.opens[opening]


def test_statements() -> None:
    """The statements are the parts between semicolons that are not empty; a single one is the list itself."""
    code = token_list("a; ;b c;", "sqlite")
    assert [part.words for part in code.statements()] == [["A"], ["B", "C"]]
    alone = token_list("a b", "sqlite")
    assert list(alone.statements()) == [alone]


def test_query_in() -> None:
    """The first query directly inside a bracket is found, and not one in an inner bracket."""
    code = token_list("SELECT (SELECT a FROM (DELETE FROM t)), (1)", "postgresql")
    first, second, third = code.at["("]
    assert [code.query_in(i) for i in (first, second, third, -1)] == [first + 1, second + 1, None, 0]
