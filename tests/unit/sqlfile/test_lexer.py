"""The lexer splits every text as its engine would, and the parts can be joined again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.engines import engine_names
from pydb.sqlfile.lexer import Unterminated, tokenizations, tokenize
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import COMMENT, PARAMETER, SPACE, Token
from tests.harness.random_sql import Fragments, fragments

ALL = engine_names()
SYNTAXES = [syntax_of(engine) for engine in ALL]
SQLITE, POSTGRESQL, MARIADB = engine_names()

# Text in the SQL, its engines, and the parameters in it.
TRAPS: list[tuple[str, tuple[str, ...], str, list[str]]] = [
    ("parameter", ALL, "a = :a AND b=:b", [":a", ":b"]),
    ("name with digits and underscores", ALL, ":_a1, :b_2", [":_a1", ":b_2"]),
    ("letters beyond ASCII", ALL, "größe > :größe", [":größe"]),
    ("no digit first", ALL, "12:30:45, :1", []),
    ("string", ALL, "'at :noon' = :a", [":a"]),
    ("JSON in a string", ALL, """'{"a":1}'""", []),
    ("doubled quote", ALL, "'it''s :x' || :a", [":a"]),
    ("empty string", ALL, "'' = :a AND '' = ''", [":a"]),
    ("line comment", ALL, "a -- don't :x\n= :a", [":a"]),
    ("block comment", ALL, "a /* don't :x */ = :a", [":a"]),
    ("block comment over lines", ALL, "a /* don't\n-- :x */ = :a", [":a"]),
    ("quoted identifier", ALL, '"a:b", "c""d:e" = :a', [":a"]),
    ("cast", ALL, "a::int, :b ::text", [":b"]),
    ("three colons", ALL, "a:::b", []),
    ("word before the colon", ALL, "LIMIT:n", []),
    ("number before the colon", ALL, "1:n", []),
    ("assignment", ALL, "a := :a", [":a"]),
    ("slice of a subscript", (POSTGRESQL,), "a[1:2], a[lo:hi], a[:2], a[:a_1]", [":a_1"]),
    ("function in a slice", (POSTGRESQL,), "a[abs(-1):abs(2)], a[:abs (2)], a[b[1]:t.c], a[(1) :f(2)]", []),
    ("slice up to a column", (POSTGRESQL,), 'a[f(1):n], a[b[1]:n], a["lo":n]', []),
    (
        "parameters in a slice",
        (POSTGRESQL,),
        "a[ :lo : :hi], a[f(:x): :hi], a[f(:x):f(:y)]",
        [":lo", ":hi", ":x", ":hi", ":x", ":y"],
    ),
    (
        "elements of an array",
        (POSTGRESQL,),
        "ARRAY[:a, :b], ARRAY[[:a],[:b]], array [:c]",
        [":a", ":b", ":a", ":b", ":c"],
    ),
    ("bracket quoting", (SQLITE,), "[a:b], [c :d] = :a", [":a"]),
    ("brackets are no quotes", (POSTGRESQL, MARIADB), "[c :d]", [":d"]),
    ("backtick quoting", (SQLITE, MARIADB), "`a:b`, `c``:d` = :a", [":a"]),
    ("backticks are no quotes", (POSTGRESQL,), "`c :d`", [":d"]),
    ("backslash before a quote", (MARIADB,), r"'it\'s :x' = :a", [":a"]),
    ("backslash before a double quote", (MARIADB,), r'"say \":x" = :a', [":a"]),
    ("backslash is a character", (SQLITE, POSTGRESQL), r"'C:\' = :a AND b = ' :c'", [":a"]),
    ("colon after a backslash", ALL, r"'C:\:x' = :a", [":a"]),
    ("E string", (POSTGRESQL,), r"E'it\'s :x' = :a, e'\\' = :b", [":a", ":b"]),
    ("E string over lines", (POSTGRESQL,), "E'a'\n  'b\\' :x' = :a", [":a"]),
    ("E string over a comment", (POSTGRESQL,), "E'a' -- why\n'b\\' :x' = :a", [":a"]),
    ("a word that ends in e", (POSTGRESQL,), r"date'2020\' = :a", [":a"]),
    ("dollar quote", (POSTGRESQL,), "$$ don't :x $$ = :a", [":a"]),
    ("dollar quote with a tag", (POSTGRESQL,), "$q$ $$ :x $r$ $q$ = :a", [":a"]),
    ("dollar in a name", ALL, "a$b$c = :a", [":a"]),
    ("dollars are names", (MARIADB,), "$$ :x $$", [":x"]),
    ("nested comment", (POSTGRESQL,), "/* a /* :b */ :c /* /* */ */ */ :d", [":d"]),
    ("comments do not nest", (SQLITE, MARIADB), "/* a /* :b */ :c", [":c"]),
    ("hash comment", (MARIADB,), "a # don't :x\n= :a", [":a"]),
    ("hash operator", (POSTGRESQL,), "a #>> :x # :y", [":x", ":y"]),
    ("two dashes without a space", (MARIADB,), "5 --:x\n", [":x"]),
    ("two dashes at the end", ALL, ":a --", [":a"]),
    ("two dashes before a control character", (MARIADB,), "a --\t:x\n", []),
    ("dashes without a space are a comment", (SQLITE, POSTGRESQL), "5 --:x\n", []),
    ("executable comment", (MARIADB,), "a /*!50000 , :x */, /*M! :y */ :z", [":x", ":y", ":z"]),
    ("executable comment elsewhere", (SQLITE, POSTGRESQL), "a /*!50000 , :x */", []),
    ("comment in an executable comment", (MARIADB,), "/*! a /* :x */ :y */", [":y"]),
    ("user variable", (MARIADB,), "@x := :x, @@sql_mode", [":x"]),
    ("JSON operators", (POSTGRESQL,), "a ? 'b' AND a ?| :keys AND a @> :doc", [":keys", ":doc"]),
    ("operator before a comment", ALL, "a */* :x */:y", [":y"]),
]


@pytest.mark.parametrize(
    ("engine", "sql", "parameters"),
    [(engine, sql, found) for _, engines, sql, found in TRAPS for engine in engines],
    ids=[f"{name}-{engine}" for name, engines, _, _ in TRAPS for engine in engines],
)
def test_parameters_are_found_in_code_only(engine: str, sql: str, parameters: list[str]) -> None:
    """A parameter is found only where the engine reads code."""
    tokens = tokenize(sql, engine)
    assert [token.text for token in tokens if token.kind == PARAMETER] == parameters
    assert "".join(token.text for token in tokens) == sql


@pytest.mark.parametrize(
    ("engine", "sql", "what", "start"),
    [
        *((engine, "a = 'it''s", "string", 4) for engine in engine_names()),
        *((engine, 'a = "b', "quoted identifier", 4) for engine in engine_names()),
        *((engine, "a /* b", "comment", 2) for engine in engine_names()),
        (SQLITE, "a [b", "quoted identifier", 2),
        (SQLITE, "a `b", "quoted identifier", 2),
        (MARIADB, "a `b", "quoted identifier", 2),
        (MARIADB, r"a 'b\'", "string", 2),
        (POSTGRESQL, r"a E'b\'", "string", 2),
        (POSTGRESQL, "a $q$ b $$", "string", 2),
        (POSTGRESQL, "a /* b /* c */", "comment", 2),
    ],
)
def test_unterminated(engine: str, sql: str, what: str, start: int) -> None:
    """An unterminated token is reported where it begins."""
    with pytest.raises(Unterminated) as caught:
        tokenize(sql, engine)
    assert (caught.value.what, caught.value.start) == (what, start)


def test_kinds() -> None:
    """Every kind of token has a name."""
    sql = """SELECT "a", 1.5e-3, 'b'::text, :c, ?, (d) <> e -- f"""
    assert [(token.kind, token.text) for token in tokenize(sql, "sqlite") if token.kind != SPACE] == [
        ("word", "SELECT"),
        ("quoted", '"a"'),
        ("punctuation", ","),
        ("number", "1.5e-3"),
        ("punctuation", ","),
        ("string", "'b'"),
        ("cast", "::"),
        ("word", "text"),
        ("punctuation", ","),
        ("parameter", ":c"),
        ("punctuation", ","),
        ("placeholder", "?"),
        ("punctuation", ","),
        ("punctuation", "("),
        ("word", "d"),
        ("punctuation", ")"),
        ("operator", "<>"),
        ("word", "e"),
        ("comment", "-- f"),
    ]


@pytest.mark.parametrize(
    "sql", ["SELECT a, 'b''c', \"d\" -- e\nFROM f WHERE g = :g AND h <> 1.5", "e = 'x'", "a - -1 / b"]
)
def test_plain_text_is_cut_once(sql: str) -> None:
    """Text that every engine splits in the same way has one reading, which is equal to each engine's."""
    (reading,) = tokenizations(sql, SYNTAXES)
    for engine in engine_names():
        tokens = [token for token in tokenize(sql, engine) if token.kind != SPACE]
        assert sorted(reading.code + reading.comments, key=lambda token: token.start) == tokens


@given(st.text(alphabet="aE1'\"`[]$:;-/*!#\\@?%. \n(,", max_size=40))
def test_one_reading_means_no_difference(sql: str) -> None:
    """If the lexer uses one reading for all engines, each engine's own rules agree with it."""
    found = tokenizations(sql, SYNTAXES)
    if len(found) == 1 and not found[0].unterminated:
        for engine in engine_names():
            assert [token for token in tokenize(sql, engine) if token.kind not in (SPACE, COMMENT)] == found[0].code


@pytest.mark.parametrize("engine", engine_names())
@given(data=st.data())
def test_any_text_comes_back_whole(engine: str, data: st.DataObject) -> None:
    """The tokens of any text can be joined to the text again, or its unterminated end is named."""
    sql = data.draw(st.text(alphabet="aeE1'\"`[]$:;-/*!#\\@?%. \n\r(,é", max_size=60))
    tokens: list[Token] = []
    ends = len(sql)
    try:
        tokens = tokenize(sql, engine)
    except Unterminated as error:
        ends = error.start
    assert "".join(token.text for token in tokens) == sql if tokens else ends < len(sql) or not sql
    assert all(sql.startswith(token.text, token.start) for token in tokens)


@pytest.mark.parametrize("engine", engine_names())
@given(data=st.data())
def test_random_sql_binds_what_it_was_built_with(engine: str, data: st.DataObject) -> None:
    """SQL from code, strings, comments, quoted identifiers and casts has exactly the inserted parameters."""
    built: Fragments = data.draw(fragments(engine))
    tokens = tokenize(built.sql, engine)
    assert "".join(token.text for token in tokens) == built.sql
    assert [token.text[1:] for token in tokens if token.kind == PARAMETER] == built.parameters
    assert [token.text for token in tokens if token.kind in ("string", "quoted")] == built.literals
