"""Cut a script into statements: its text in, each statement with the number of its first line of code out.

The script is cut as the engine's shell (sqlite3, psql, mariadb) cuts it.  Each engine's Syntax says what its shell does
at the start of a statement, and which semicolons are inside a statement.  MariaDB's shell also has ``DELIMITER`` lines:
https://mariadb.com/kb/en/delimiters/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from pydb.sqlfile.lexer import Unterminated, scan, skim
from pydb.sqlfile.syntax import Syntax, syntax_of
from pydb.sqlfile.tokens import COMMENT, INSIGNIFICANT, PLAIN, Token

__all__ = ["statements"]

_FIRST_WORD = re.compile(r"[^\W\d][\w$]*+")
_WITH_BODY = ("CREATE", "EXPLAIN")
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)", re.IGNORECASE)


def statements(script: str, engine: str) -> Iterator[tuple[int, str]]:
    """The statements of the script, each from its first word, without the delimiter, and with the number of its line.

    The iterator cuts on demand, so that a long script is not in memory twice.  A psql command counts as a statement.
    """
    line, counted = 1, 0
    cutter = _Cutter(script, engine)
    for start, end in cutter.spans():
        line += script.count("\n", counted, start)
        counted = start
        text = script[start:end].rstrip()
        cutter.modes.note(text)
        yield line, text


class _Cutter:
    """Cuts one script, from start to end."""

    def __init__(self, script: str, engine: str) -> None:
        self._script = script
        self._engine = engine
        self._syntax: Syntax = syntax_of(engine)
        self.modes = self._syntax.script_modes(script)
        self._end = len(script)
        self._delimiter = ";"
        self._texts: _Texts | None = None

    def spans(self) -> Iterator[tuple[int, int]]:
        """The start and end of each statement, from its first word to its delimiter."""
        position = 0
        while (first := self._start(position)) < self._end:
            delimiter = self._delimiter_line(first)
            if delimiter:
                self._delimiter, position = delimiter, self._end_of_line(first)
                continue
            end, position = self._statement_end(first)
            if end > first:
                yield first, end

    def _start(self, position: int) -> int:
        """The offset of the next code."""
        script, blank = self._script, self._syntax.blank
        while True:
            found = blank.match(script, position)
            position = found.end() if found else position
            if not script.startswith("/*", position):
                return position
            try:
                token = next(self._scan(position))
            except Unterminated:
                # An engine with nested comments reports an unterminated comment itself.
                return position if self._syntax.nested_comments else self._end
            if token.kind != COMMENT:
                return position
            position += len(token.text)

    def _delimiter_line(self, first: int) -> str:
        found = _DELIMITER.match(self._script, first) if self._syntax.delimiter_lines else None
        while first > 0 and self._script[first - 1] in " \t":
            first -= 1
        return found[1] if found and (first == 0 or self._script[first - 1] == "\n") else ""

    def _end_of_line(self, position: int) -> int:
        end = self._script.find("\n", position, self._end)
        return self._end if end < 0 else end

    def _statement_end(self, first: int) -> tuple[int, int]:
        """The end of the statement that begins at ``first``, and the position from which the next one may start."""
        if self._delimiter != ";":
            end = self._delimited_end(first)
            return end, end + len(self._delimiter)
        if self._script[first] == self._syntax.command_mark:
            end = self._end_of_line(first)
            return end, end
        code = _Code(self._skim(first), self._syntax.command_mark)
        end = self._semicolon(first, code)
        return end, end + 1 if self._script.startswith(";", end) else end

    def _semicolon(self, first: int, code: _Code) -> int:
        looked = False
        for token in code:
            if token.text == ";":
                return token.start
            if not looked and token.kind == PLAIN and (word := _FIRST_WORD.search(token.text)):
                looked = True
                if word[0].upper() in _WITH_BODY:
                    code = _Code(self._scan(first), self._syntax.command_mark)
                    end = self._syntax.end_of_create(iter(code))
                    return self._code_end(code) if end is None else end
        return self._code_end(code)

    def _code_end(self, code: _Code) -> int:
        return self._end if code.command is None else code.command

    def _scan(self, start: int) -> Iterator[Token]:
        return scan(self._script, self._engine, start, self._end, plain_backslashes=self.modes.plain_backslashes)

    def _skim(self, start: int) -> Iterator[Token]:
        return skim(self._script, self._engine, start, self._end, plain_backslashes=self.modes.plain_backslashes)

    def _delimited_end(self, position: int) -> int:
        """The offset of the next delimiter outside of strings and comments."""
        # One search for all delimiters: a search for each of them would read up to the next string, which may be far.
        plain = self.modes.plain_backslashes
        if self._texts is None or self._texts.plain_backslashes != plain or not self._texts.is_code(position):
            self._texts = _Texts(self._script, position, self._syntax, plain)
        while (at := self._script.find(self._delimiter, position)) >= 0:
            end = self._texts.end_of_text_around(at)
            if end is None:
                return at
            position = end
        return self._end


class _Code:
    """The tokens except comments, up to an unterminated token or a command of the shell."""

    def __init__(self, tokens: Iterator[Token], command_mark: str) -> None:
        self._tokens = tokens
        self._command_mark = command_mark
        self.command: int | None = None

    def __iter__(self) -> Iterator[Token]:
        with suppress(Unterminated):  # the database reports the unterminated token
            for token in self._tokens:
                if token.text == self._command_mark:
                    self.command = token.start
                    return
                if token.kind not in INSIGNIFICANT:
                    yield token


class _Texts:
    """The strings, quoted names and comments of a script, from one position on."""

    def __init__(self, script: str, position: int, syntax: Syntax, plain_backslashes: bool) -> None:
        self.plain_backslashes = plain_backslashes
        self._length = len(script)
        self._found = syntax.texts(plain_backslashes).finditer(script, position)
        self._text = next(self._found, None)

    def end_of_text_around(self, offset: int) -> int | None:
        """The end of the text around ``offset``; None for code.  Offsets must not decrease from call to call."""
        return None if self.is_code(offset) else self._text_end()

    def is_code(self, offset: int) -> bool:
        """Whether ``offset`` is outside all texts, or at the start of one.  Offsets must not decrease."""
        while self._text is not None and self._text_end() <= offset:
            self._text = next(self._found, None)
        return self._text is None or self._text.start() >= offset

    def _text_end(self) -> int:
        assert self._text is not None
        return self._length if self._text.lastgroup == "open" else self._text.end()
