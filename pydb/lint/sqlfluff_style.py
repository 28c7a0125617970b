"""Check SQL style with sqlfluff: one statement's text in, violations out.  sqlfluff is imported at its first use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from configparser import Error as ConfigParserError
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydb.engines import engine_names
from pydb.errors import PydbError
from pydb.sqlfile.syntax import syntax_of

if TYPE_CHECKING:
    from sqlfluff.core import Linter
    from sqlfluff.core.errors import SQLBaseError

__all__ = ["CONSTANT", "INDENT", "LONG", "TERMINATOR", "UNREADABLE", "Style", "Violation", "dialects_for"]

FALSE_ALARM = re.compile(r"'VALUES' keyword and start bracket")
"""``VALUES(column)`` in ON DUPLICATE KEY UPDATE is a function."""

CONSTANT = "ST10"
"""A comparison of two constants; it is found at the sign between them."""

TERMINATOR, INDENT, LONG = "CV06", "LT02", "LT05"
"""A semicolon that is not directly after the statement, a wrong indentation, and a line that is too long."""

UNREADABLE = ("PRS", "LXR", "TMP")
UNPARSABLE = re.compile(r"Found unparsable section: (.+?)\. Expected")


def dialects_for(engine: str | None) -> tuple[str, ...]:
    """The dialects of sqlfluff for one engine's files, or for files of all engines, in the order of the attempts."""
    if engine is not None:
        return syntax_of(engine).sqlfluff_dialects
    # The dialect of most engines can read most files.
    counts = Counter(dialect for name in engine_names() for dialect in syntax_of(name).sqlfluff_dialects)
    return tuple(dialect for dialect, _ in counts.most_common())


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation that sqlfluff found in a statement; line and column count from 1 within its text."""

    line: int
    column: int
    code: str
    message: str


class Style:
    """The house style, overridden by the [tool.sqlfluff] and .sqlfluff of ``folder``.

    Raises PydbError when sqlfluff is not installed or its configuration is wrong.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._configuration = _configuration(folder)
        self._linters: dict[str, Linter] = {}

    def violations(self, sql: str, dialects: Sequence[str]) -> list[Violation]:
        """Lint with the first dialect that can read the whole statement; if none can, return the error of the first."""
        first: list[SQLBaseError] = []
        for dialect in dialects:
            found = self._linter(dialect).lint_string(sql).get_violations()
            if not any(error.rule_code() in UNREADABLE for error in found):
                return [_slip(error) for error in found if not FALSE_ALARM.search(error.desc())]
            first = first or [error for error in found if error.rule_code() in UNREADABLE]
        return [_slip(error) for error in first[:1]]

    def _linter(self, dialect: str) -> Linter:
        if dialect not in self._linters:
            self._linters[dialect] = _linter(self._configuration, dialect)
        return self._linters[dialect]


def _configuration(folder: Path | None) -> dict[str, Any]:
    try:
        from sqlfluff.core.config import load_config_at_path, load_config_string
        from sqlfluff.core.errors import SQLFluffUserError
        from sqlfluff.core.helpers.dict import nested_combine
    except ModuleNotFoundError as error:
        missing = f"pydb lint needs {error.name}, which is not installed"
        raise PydbError(missing, hint='pip install "pydb[lint]"') from error
    house = load_config_string((files("pydb.lint") / "sqlfluff.cfg").read_text("utf-8"))
    try:
        return nested_combine(house, load_config_at_path(str(folder)) if folder is not None else {})
    except (ConfigParserError, SQLFluffUserError) as error:
        raise _refused(" ".join(str(error).split())) from error


def _linter(configuration: dict[str, Any], dialect: str) -> Linter:
    from sqlfluff.core import FluffConfig, Linter
    from sqlfluff.core.errors import SQLFluffUserError

    try:
        return Linter(FluffConfig(configuration, overrides={"dialect": dialect}))
    except SQLFluffUserError as error:
        raise _refused(str(error)) from error


def _refused(reason: str) -> PydbError:
    return PydbError(f"sqlfluff rejects its configuration: {reason}", hint="see [tool.sqlfluff] and .sqlfluff")


def _slip(error: SQLBaseError) -> Violation:
    message = " ".join(error.desc().split())
    unreadable = UNPARSABLE.search(message)
    if unreadable:
        message = f"sqlfluff cannot read {unreadable[1]}"
    return Violation(error.line_no, error.line_pos, error.rule_code(), message)
