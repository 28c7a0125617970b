"""Read the comment lines above a statement's SQL: its header, its documentation, its directives.

In: lines of a .sql file.  Out: a Header and Notes, or SqlFileError.
"""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.nested import DIRECTIVES as NESTING_DIRECTIVES
from pydb.sqlfile.nested import Nesting, NestingNotes
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.site import Site
from pydb.sqlfile.type_words import SCALARS, scalar_of
from pydb.support.python_names import is_python_name
from pydb.support.suggestions import nearest

LOOKS_LIKE_HEADER = re.compile(
    r"""^[ \t]*+(?:--|\#|/\*)[ \t]*+
    (?: :?name[ \t]*+:
      | :name\b
      | name[ \t]++\w++[ \t]*+:\w++(?:[ \t]++\w++)?+[ \t]*+\r?$
      | (?-i:name)[ \t]++\w++[ \t]*+\r?$
      | (?:names|nam|nmae|naem|anme|mame|nane)[ \t]*+:?[ \t]*+\w++[ \t]++:\w
    )[^\n]*+""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
"""A line that can only have been meant as a header, well-formed or not."""

_FORMAT = "-- name: <name> :<rows> [<Record> | scalar]"
_WORDS = tuple(word.value for word in RowWord)
_ROW_WORDS = "one of " + " ".join(f":{word}" for word in RowWord)
_HEADER_WORD = re.compile(r"\S+")
_RECORD = re.compile(r"[A-Z][A-Za-z0-9]*")
_DIRECTIVE = re.compile(r"--\s*@(?P<word>\w*)(?P<rest>.*)")
_OPERANDS = re.compile(r"[ \t]+(?P<name>[^\W\d]\w*)[ \t]+(?P<type>[^\W\d][\w.]*(?:\??\[\])*)(?P<nullable>\??)")

_TYPE_PATH = re.compile(r"(?:[a-z_]\w*\.)*[A-Z][A-Za-z0-9]*")


class Header(NamedTuple):
    """``-- name: by_id :maybe User``: the name, the row word and the record, without ``:`` and dashes."""

    name: str
    row_word: RowWord
    record: str | None


class Notes(NamedTuple):
    """The comment lines under a header: documentation, and the types and levels that directives state."""

    doc: str
    parameter_types: dict[str, TypeName]
    column_types: dict[str, TypeName]
    nesting: Nesting | None = None


def parse_header(line: str, site: Site, prefix: str) -> Header:
    """Read one line that LOOKS_LIKE_HEADER; the name is returned with its prefix, ``users.by_id``."""
    if line.lstrip().startswith("-- name: ") and line[0] != "-":
        raise site.error("the header is indented", "start it at the beginning of the line", at=0)
    if not line.startswith("-- name: "):
        raise site.error(f"this looks like a header but is not one: {line.strip()}", f"write it as {_FORMAT}", at=0)
    words = list(_HEADER_WORD.finditer(line, 9))
    if not words:
        raise site.error("the header has no name", f"write it as {_FORMAT}", at=len(line))
    name = words[0][0]
    _check_name(name, site, words[0].start())
    site = site._replace(name=f"{prefix}.{name}")
    if len(words) == 1:
        raise site.error("the header has no row word", _ROW_WORDS, at=len(line))
    row_word = _row_word(words[1][0], site, words[1].start())
    record = _record(words[2][0], site, words[2].start()) if len(words) > 2 else None
    if len(words) > 3:
        extra = " ".join(word[0] for word in words[3:])
        raise site.error(f"the header has extra words: {extra}", f"write it as {_FORMAT}", at=words[3].start())
    return Header(f"{prefix}.{name}", row_word, record)


def _check_name(name: str, site: Site, at: int) -> None:
    plain, colon, rows = name.partition(":")
    if colon and rows in _WORDS:
        raise site.error(f"no space between name and row word: {name}", f"write {plain} :{rows}", at=at + len(plain))
    if not (name.isascii() and name.isidentifier()):
        hint = "use ASCII letters, digits and _, and do not start with a digit"
        raise site.error(f'"{name}" cannot be a statement name', hint, at=at)
    if keyword.iskeyword(name):
        raise site.error(
            f'"{name}" is a Python keyword, so it cannot be a statement name', f"for example {name}_", at=at
        )
    if name.startswith("_"):
        message = f'"{name}" starts with an underscore, so it cannot be a public function'
        raise site.error(message, "start it with a letter", at=at)


def _row_word(word: str, site: Site, at: int) -> RowWord:
    text = word.removeprefix(":")
    if text == word:
        if text in _WORDS:
            raise site.error(f"the row word {text} has no colon", f"write :{text}", at=at)
        raise site.error(f"a row word must follow the name, not {word}", _ROW_WORDS, at=at)
    if text not in _WORDS:
        near = nearest(text, _WORDS, ":")
        raise site.error(f"unknown row word :{text}", f"{near} {_ROW_WORDS}" if near else _ROW_WORDS, at=at)
    return RowWord(text)


def _record(word: str, site: Site, at: int) -> str:
    if word == "scalar" or (_RECORD.fullmatch(word) and not keyword.iskeyword(word) and word.lower() != "scalar"):
        return word
    near = nearest(word, ["scalar"], any_case=True)
    hint = near or "a record name is CapWords, like User; or write scalar"
    raise site.error(f"{word} is not a record name", hint, at=at)


def parse_notes(block: str, site: Site) -> Notes:
    """Read the comment lines under a header, ``block``; ``site.text`` is the block."""
    notes, nesting = Notes("", {}, {}), NestingNotes(site)
    doc: list[str] = []
    at = 0
    for line in block.split("\n"):
        text = line.strip()
        if directive := _DIRECTIVE.match(text):
            place = at + line.index("@")
            if directive["word"] in NESTING_DIRECTIVES:
                nesting.read(directive["word"], directive["rest"], text, place)
            else:
                _directive(directive, text, notes, site, place)
        else:
            doc.append(text.removeprefix("--").removeprefix(" "))
        at += len(line) + 1
    return notes._replace(doc="\n".join(doc).strip(), nesting=nesting.nesting())


def _directive(match: re.Match[str], text: str, notes: Notes, site: Site, at: int) -> None:
    word = match["word"]
    if word == "plan":
        raise site.error(f"the directive @{word} is not supported yet", "remove the line", at=at)
    if word not in ("param", "column"):
        known = ("param", "column", *NESTING_DIRECTIVES)
        hint = f"the directives are {' '.join(f'@{name}' for name in known)}"
        raise site.error(f"unknown directive @{word}", nearest(word, known, "@") or hint, at=at)
    operands = _OPERANDS.fullmatch(match["rest"].rstrip())
    if not operands or not text.startswith("-- @"):
        raise site.error(f"malformed directive: {text}", f"write it as -- @{word} <name> <type>[?]", at=at)
    types = notes.parameter_types if word == "param" else notes.column_types
    if operands["name"] in types:
        raise site.error(f"@{word} {operands['name']} is given twice", "keep one of the lines", at=at)
    _check_type(operands["type"], site, at - text.index("@") + match.start("rest") + operands.start("type"))
    types[operands["name"]] = TypeName(operands["type"], nullable=bool(operands["nullable"]))


def _check_type(word: str, site: Site, at: int) -> None:
    name = scalar_of(word)
    if name in SCALARS:
        return
    if _TYPE_PATH.fullmatch(name):
        for part in name.split("."):
            if not is_python_name(part) or part.startswith("__"):
                raise site.error(f"{part} in the type {name} cannot be imported", "write it as app.types.Role", at=at)
        return
    known = f"one of {' '.join(SCALARS)}, or the name of an Enum"
    raise site.error(f"unknown type {name}", nearest(name, SCALARS, any_case=True) or known, at=at)
