"""Random SQL for the property tests: fragments with the names and strings that each engine must find in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import strategies as st


class Fragments(NamedTuple):
    """SQL, the names of its parameters in order, and its strings and quoted identifiers in order."""

    sql: str
    parameters: list[str]
    literals: list[str]


CODE = ["SELECT", "a", "t.b", "=", "<>", "||", "(", ")", ",", "1", "2.5e-3", "*", "% 3", "a - -1", "x1", ":=", "12:30"]
CASTS = ["::text", " ::numeric(10,2)", "::int"]
NASTY = st.text(alphabet="ab:x '\"\\%-/*#$`[]?\n;é€😀", max_size=12)


def _comment(text: str, engine: str) -> str:
    # There is no slash beside a star, because that would open or close a comment.
    inside = re.sub(r"(?<=[/*])(?=[/*])", " ", text).lstrip("!M")
    return f"/* {inside} /* nested :n */ */" if engine == "postgresql" else f"/* {inside} */"


def strings(engine: str) -> st.SearchStrategy[str]:
    """String literals that ``engine`` reads as one token."""
    plain = NASTY.map(lambda text: "'" + text.replace("'", "''") + "'")
    escaped = NASTY.map(lambda text: "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'")
    if engine == "mariadb":
        return escaped
    if engine == "postgresql":
        dollars = NASTY.map(lambda text: f"$q1${text.replace('$', '')}$q1$")
        return plain | escaped.map(lambda text: f"E{text}") | dollars
    return plain


def value(literal: str) -> str:
    """The text of a string literal of ``strings``."""
    if literal.startswith("$q1$"):
        return literal[4:-4]
    if literal.startswith("E"):
        return re.sub(r"\\(.)", r"\1", literal[2:-1])
    return literal[1:-1].replace("''", "'")


def quoted(engine: str) -> st.SearchStrategy[str]:
    """Quoted identifiers that ``engine`` reads as one token."""
    # MariaDB without ANSI_QUOTES reads "…" as a string, with backslashes.
    double = NASTY.map(lambda text: '"' + text.replace("\\", "").replace('"', '""') + '"')
    backticks = NASTY.map(lambda text: "`" + text.replace("`", "``") + "`")
    if engine == "postgresql":
        return double
    if engine == "sqlite":
        return double | backticks | NASTY.map(lambda text: "[" + text.replace("]", "") + "]")
    return double | backticks


def comments(engine: str) -> st.SearchStrategy[str]:
    """Comments of ``engine``; a line comment includes the line break that ends it."""
    line = NASTY.map(lambda text: "-- " + text.replace("\n", "") + "\n")
    block = NASTY.map(lambda text: _comment(text, engine))
    if engine == "mariadb":
        return line | block | NASTY.map(lambda text: "#" + text.replace("\n", "") + "\n")
    return line | block


def fragments(engine: str) -> st.SearchStrategy[Fragments]:
    """SQL that ``engine`` reads as it was built."""
    parameter = st.from_regex(re.compile(r"\A[a-z_][a-z0-9_]{0,5}\Z", re.ASCII)).map(lambda name: f":{name}")
    piece = st.one_of(
        st.tuples(st.just("parameter"), parameter),
        st.tuples(st.just("literal"), strings(engine) | quoted(engine)),
        st.tuples(st.just("comment"), comments(engine)),
        st.tuples(st.just("code"), st.sampled_from(CODE)),
        st.tuples(st.just("code"), st.sampled_from(CASTS)),
    )
    # Two adjacent literals would be one literal if nothing is between them, or one E string over several lines.
    separator = st.sampled_from([" ", "\n", "\t", " , "])
    return st.lists(st.tuples(piece, separator), max_size=14).map(_join)


def _join(parts: list[tuple[tuple[str, str], str]]) -> Fragments:
    built = Fragments("".join(text + ("," if kind == "literal" else "") + gap for (kind, text), gap in parts), [], [])
    for (kind, text), _ in parts:
        if kind == "parameter":
            built.parameters.append(text[1:])
        elif kind == "literal":
            built.literals.append(text)
    return built
