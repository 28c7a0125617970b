"""Cut a script into statements: its text in, each statement with the number of its first line of code out.

A semicolon inside a body ends no statement: ``BEGIN … END`` of a trigger, ``BEGIN ATOMIC … END`` of a function
(https://www.postgresql.org/docs/current/sql-createfunction.html).  ``DELIMITER`` lines are understood as MariaDB's
shell does: https://mariadb.com/kb/en/delimiters/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, pairwise

from pydb.sqlfile.lexer import Unterminated, first_code, scan, skim
from pydb.sqlfile.syntax import syntax_of
from pydb.sqlfile.tokens import COMMENT, INSIGNIFICANT, PLAIN, QUOTED, SPACE, STRING, WORD, Token

_FIRST_WORD = re.compile(r"[^\W\d][\w$]*+")
_WITH_BODY = frozenset({"TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"})
_WORDS_BEFORE = 9
"""How many words may stand before one of these: ``CREATE OR REPLACE DEFINER …``."""

_COMPOUND = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_DELIMITER = re.compile(r"^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*$", re.M | re.I)


def statements(script: str, engine: str) -> Iterator[tuple[int, str]]:
    """Each statement of the script from its first word on, without the delimiter.

    They are cut as they are asked for, so that a long script is not held a second time.
    """
    line, counted = 1, 0
    for start, end in _spans(script, engine):
        line += script.count("\n", counted, start)
        counted = start
        yield line, script[start:end].rstrip()


def _spans(script: str, engine: str) -> Iterator[tuple[int, int]]:
    """Where the statements stand, each from its first word to its delimiter."""
    for start, end, delimiter in _sections(script, engine):
        if delimiter == ";":
            yield from _between_semicolons(script, engine, start, end)
        else:
            yield from _between(delimiter, script, engine, start, end)


def _sections(script: str, engine: str) -> Iterator[tuple[int, int, str]]:
    """The parts of a script between DELIMITER lines, each with its delimiter."""
    start, delimiter = 0, ";"
    for line in _DELIMITER.finditer(script) if syntax_of(engine).delimiter_lines else ():
        yield start, line.start(), delimiter
        start, delimiter = line.end(), line.group(1)
    yield start, len(script), delimiter


def _between_semicolons(script: str, engine: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first, word = -1, None
    while True:
        for token in _code(skim(script, engine, start, end)):
            if token.text == ";":
                if first >= 0:
                    yield first, token.start
                first, word = -1, None
                continue
            if first < 0:
                first = token.start
            if word is None and token.kind == PLAIN:
                word = _FIRST_WORD.search(token.text)
                if word is not None and word[0].upper() == "CREATE":
                    break
        else:
            break
        start = _end_of_create(_code(scan(script, engine, first, end)), end)
        yield first, start
        first, word, start = -1, None, start + 1
    if first >= 0:
        yield first, end


def _code(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens but comments, up to what is never closed: what is wrong there, the database says."""
    with suppress(Unterminated):
        for token in tokens:
            if token.kind not in INSIGNIFICANT:
                yield token


def _end_of_create(tokens: Iterator[Token], end: int) -> int:
    """The offset of the semicolon that ends a CREATE, which may have a body; ``end`` where there is none."""
    words: list[str] = []
    depth, has_body, before = 0, False, ""
    for token, following in pairwise(chain(tokens, [Token(SPACE, "", 0)])):
        if token.text == ";" and depth == 0:
            return token.start
        if token.kind == WORD:
            word = token.text.upper()
            if len(words) <= _WORDS_BEFORE:
                words.append(word)
                has_body = words[0] == "CREATE" and not _WITH_BODY.isdisjoint(words)
            if has_body and (before, word) != ("END", "CASE"):
                depth += _step(word, following.text.upper(), depth)
            before = word
    return end


def _step(word: str, following: str, depth: int) -> int:
    """How much deeper in bodies a word leads: psql counts BEGIN, CASE and END just so."""
    if word == "BEGIN" or (word == "CASE" and depth > 0):
        return 1
    return -1 if word == "END" and depth > 0 and following not in _COMPOUND else 0


def _between(delimiter: str, script: str, engine: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cut in chain(_found(delimiter, script, engine, start, end), [end]):
        first = first_code(script, engine, start, cut)
        if first is not None:
            yield first.start, cut
        start = cut + len(delimiter)


def _found(delimiter: str, script: str, engine: str, start: int, end: int) -> Iterator[int]:
    """The offsets of a delimiter outside of strings and comments."""
    texts = _texts(script, engine, start, end)
    text = next(texts, None)
    for found in re.compile(re.escape(delimiter)).finditer(script, start, end):
        while text is not None and text.start + len(text.text) <= found.start():
            text = next(texts, None)
        if text is None or found.start() < text.start:
            yield found.start()


def _texts(script: str, engine: str, start: int, end: int) -> Iterator[Token]:
    """The strings, quoted names and comments, up to one that is never closed."""
    with suppress(Unterminated):
        for token in skim(script, engine, start, end):
            if token.kind in (STRING, QUOTED, COMMENT):
                yield token
