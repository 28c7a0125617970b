"""Parse a statement as the engine does on pydb's connections: the parts of a form in, sqlglot's tree out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser
from sqlglot.tokens import Tokenizer

from pydb.describe.facts import facts_of
from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.lexer import Unterminated, first_code, scan
from pydb.sqlfile.rendering import as_written, render
from pydb.sqlfile.tokens import COMMENT, WORD

__all__ = ["analysed_text", "parse"]

# sqlglot logs statements that it cannot parse; here the caller gets None instead.
logging.getLogger("sqlglot").addFilter(lambda record: "unsupported syntax" not in record.getMessage())


_MARK = "pydb__"

MAX_TYPES = 5
"""The maximum nesting of words that may be types or functions, as in ``date(char(…))``.

sqlglot tries both meanings of each such word, so the time doubles with each level.
"""


def analysed_text(parts: Sequence[str | Placeholder]) -> str:
    """The parts as a text for ``parse``, with parameters that sqlglot does not take for keywords."""
    return render(parts, lambda placeholder: as_written(replace(placeholder, name=_MARK + placeholder.name)))


def parse(sql: str, engine: str) -> exp.Expr | None:
    """The tree of one statement, or None if sqlglot cannot parse it."""
    if _nests_types(sql, engine):
        return None
    # For the analysis, REPLACE INTO is an INSERT: it has the same columns and the same RETURNING.
    first = first_code(sql, engine)
    if first is not None and first.text.upper() == "REPLACE":
        sql = f"{sql[: first.start]}INSERT{sql[first.start + len(first.text) :]}"
    tree = _tree(sql, engine)
    if tree is None and first is not None:
        respelled = _respelled(sql, first.start, engine)
        tree = None if respelled == sql else _tree(respelled, engine)
    if isinstance(tree, exp.Delete) and tree.args.get("using") and facts_of(engine).delete_from_has_targets:
        _list_targets(tree)
    return tree


def _list_targets(tree: exp.Delete) -> None:
    """Write ``DELETE FROM a USING …`` as ``DELETE a FROM …``."""
    listed, (first, *others) = tree.this, tree.args["using"]
    targets = [listed, *(join.this for join in listed.args.pop("joins", None) or ())]
    for other in others:
        first.append("joins", exp.Join(this=other))
    tree.set("tables", targets)
    tree.set("this", first)
    tree.set("using", None)


def _tree(sql: str, engine: str) -> exp.Expr | None:
    tokenizer, parser = _reader(engine)
    try:
        tokens = tokenizer.tokenize(sql)
        for token in tokens if _MARK in sql else ():
            token.text = token.text.removeprefix(_MARK)  # the token already has the type of a name
        trees = parser.parse(tokens, sql)
    except (SqlglotError, RecursionError):
        return None
    tree = trees[0] if len(trees) == 1 else None
    return None if tree is None or isinstance(tree, exp.Command) else facts_of(engine).corrected(tree, sql)


@cache
def _reader(engine: str) -> tuple[Tokenizer, Parser]:
    """The tokenizer and the parser of the engine's SQL; both reset themselves for each text."""
    dialect = Dialect.get_or_raise(facts_of(engine).dialect)
    return dialect.tokenizer(), dialect.parser()


def _respelled(sql: str, start: int, engine: str) -> str:
    """The text without words that sqlglot cannot parse and the analysis does not need; lines keep their numbers."""
    facts = facts_of(engine)
    head = facts.ignored_words.match(sql, start) if facts.ignored_words is not None else None
    if head is not None:
        begin, end = head.span(1)
        sql = sql[:begin] + "".join("\n" if character == "\n" else " " for character in sql[begin:end]) + sql[end:]
    return sql if facts.next_value is None else facts.next_value.sub(r"nextval(\1)", sql)


def _nests_types(sql: str, engine: str) -> bool:
    """Whether words that may be types are nested deeper than sqlglot can parse in reasonable time."""
    if sql.count("(") + sql.count("[") <= MAX_TYPES:
        return False
    types, depth, before = [False], 0, ""
    try:
        for kind, text, _ in scan(sql, engine):
            if text in ("(", "["):
                types.append(before in _type_words(engine))
                depth += types[-1]
                if depth > MAX_TYPES:
                    return True
            elif text in (")", "]"):
                depth -= types.pop()
                types = types or [False]
            if kind != COMMENT:
                before = text.upper() if kind == WORD else text
    except Unterminated:
        return True
    return False


@cache
def _type_words(engine: str) -> frozenset[str]:
    """The words that sqlglot may take for types, except UNION, which is nearly always the keyword."""
    dialect = Dialect.get_or_raise(facts_of(engine).dialect)
    keywords, types = dialect.tokenizer_class.KEYWORDS, dialect.parser_class.TYPE_TOKENS
    return frozenset(word.split()[-1] for word, token in keywords.items() if token in types) - {"UNION"}
