"""Cut a script into statements: its text in, each statement with the number of its first line of code out.

A semicolon inside a body ends no statement: ``BEGIN … END`` of a trigger, ``BEGIN ATOMIC … END`` of a function
(https://www.postgresql.org/docs/current/sql-createfunction.html).  ``DELIMITER`` lines are understood as MariaDB's
shell does: https://mariadb.com/kb/en/delimiters/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pydb.lexer import COMMENT, PUNCTUATION, QUOTED, SPACE, STRING, WORD, Token, Unterminated, tokenize

_WITH_BODY = re.compile(r"CREATE (?:\S+ ){0,8}(?:TRIGGER|FUNCTION|PROCEDURE|EVENT) ")
_COMPOUND = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_DELIMITER = re.compile(r"^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*$", re.M | re.I)


def statements(script: str, engine: str) -> Iterator[tuple[int, str]]:
    """Each statement of the script from its first word on, without the delimiter."""
    for start, end in _spans(script, engine):
        code = next((token for token in _tokens(script[start:end], engine) if token.kind not in (SPACE, COMMENT)), None)
        if code is not None:
            first = start + code.start
            yield script.count("\n", 0, first) + 1, script[first:end].rstrip()


def _spans(script: str, engine: str) -> Iterator[tuple[int, int]]:
    """Where the statements stand, with the comments before them."""
    for start, end, delimiter in _sections(script, engine):
        section = script[start:end]
        tokens = _tokens(section, engine)
        ends = _semicolons(tokens) if delimiter == ";" else _found(delimiter, section, tokens)
        begin = 0
        for cut in ends:
            yield start + begin, start + cut
            begin = cut + len(delimiter)
        yield start + begin, end


def _sections(script: str, engine: str) -> Iterator[tuple[int, int, str]]:
    """The parts of a script between DELIMITER lines, each with its delimiter."""
    start, delimiter = 0, ";"
    for line in _DELIMITER.finditer(script) if engine == "mariadb" else ():
        yield start, line.start(), delimiter
        start, delimiter = line.end(), line.group(1)
    yield start, len(script), delimiter


def _tokens(sql: str, engine: str) -> list[Token]:
    """The tokens up to a string or comment that never ends: what is wrong there, the database says."""
    try:
        return list(tokenize(sql, engine))
    except Unterminated as error:
        return list(tokenize(sql[: error.start], engine))


def _semicolons(tokens: list[Token]) -> Iterator[int]:
    """The offsets of the semicolons that end a statement."""
    words, depth = "", 0
    code = [token for token in tokens if token.kind not in (SPACE, COMMENT)]
    for token, following in pairwise([*code, Token(SPACE, "", 0)]):
        if token.kind == PUNCTUATION and token.text == ";" and depth == 0:
            yield token.start
            words = ""
        elif token.kind == WORD:
            word = token.text.upper()
            words += f"{word} "
            if _WITH_BODY.match(words) and not words.endswith("END CASE "):
                depth += _step(word, following.text.upper(), depth)


def _step(word: str, following: str, depth: int) -> int:
    """How much deeper in bodies a word leads: psql counts BEGIN, CASE and END just so."""
    if word == "BEGIN" or (word == "CASE" and depth > 0):
        return 1
    return -1 if word == "END" and depth > 0 and following not in _COMPOUND else 0


def _found(delimiter: str, section: str, tokens: list[Token]) -> Iterator[int]:
    """The offsets of a delimiter outside of strings and comments."""
    texts = [range(one.start, one.start + len(one.text)) for one in tokens if one.kind in (STRING, QUOTED, COMMENT)]
    for found in re.finditer(re.escape(delimiter), section):
        if not any(found.start() in text for text in texts):
            yield found.start()
