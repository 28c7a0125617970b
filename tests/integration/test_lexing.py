"""The lexer compared with the engines: a string of the lexer is the string that the engine returns."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from pydb.execution.text_clause import clause
from pydb.sqlfile.definition import Form, Placeholder
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.tokens import PARAMETER, STRING
from tests.harness.random_sql import comments, strings, value


def test_engines_read_strings_comments_and_parameters_alike(engine_name: str, empty_url: str) -> None:
    """Engines return random strings, comments and parameters as the lexer has split them."""
    item = st.tuples(comments(engine_name), st.just(":p") | strings(engine_name))
    engine = create_engine(empty_url)

    @given(st.lists(item, min_size=1, max_size=8))
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def run(items: list[tuple[str, str]]) -> None:
        sql = "SELECT " + ", ".join(f"{comment}{text} AS c{n}" for n, (comment, text) in enumerate(items))
        tokens = tokenize(sql, engine_name)
        assert [token.text for token in tokens if token.kind in (STRING, PARAMETER)] == [text for _, text in items]
        parts = tuple(Placeholder(token.text[1:]) if token.kind == PARAMETER else token.text for token in tokens)
        form = Form(sql=f"{sql};", file="t.sql", line=1, parts=parts, verb="SELECT", returning=False)
        parameters = {"p": "it's :p \\"} if any(text == ":p" for _, text in items) else {}
        row = conn.execute(clause("t.x", form), parameters).one()
        expected = [parameters["p"] if text == ":p" else _value(engine_name, text) for _, text in items]
        assert list(row) == expected

    with engine.connect() as conn:
        run()
    engine.dispose()


def _value(engine_name: str, literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1]) if engine_name == "mariadb" else value(literal)
