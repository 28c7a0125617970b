"""Import aiosql's files: a file or folder of them in; pydb's files out.

The format is that of https://nackjicholson.github.io/aiosql/defining-sql-queries.html: ``-- name: get_user^``, with an
operator that says what is returned.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydb.engines import default_engine
from pydb.importers.imported import Imported, ImportedFile, as_name
from pydb.importers.placeholders import PYFORMAT, QUESTIONS, with_casts, with_lists, with_names
from pydb.importers.returning import with_inserted_rows
from pydb.importers.sources import ends_in_semicolon, files_of, notes_of, script_reason, without_notes
from pydb.importers.stars import without_stars
from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.tokens import OPERATOR, PARAMETER

__all__ = ["import_aiosql"]

_HEADER = re.compile(r"^[ \t]*--[ \t]*name[ \t]*:[ \t]*(?P<rest>[^\n]*)\n?", re.MULTILINE)
_NAME = re.compile(r"(?P<name>[\w-]+)\s*(?:\((?P<parameters>[^)]*)\))?\s*(?P<operator>\^|\$|<!|\*!|!|\#)?\s*\Z")
_RECORD = re.compile(r"[ \t]*--[ \t]*record_class[ \t]*:[ \t]*(?P<name>\w+)[ \t]*\n?")
_HIDDEN = re.compile(
    r"""'(?:''|[^'])*'|"[^"]*"|--[^\n]*|(?P<comment>/\*.*?\*/)""",
    re.DOTALL,
)
"""aiosql removes ``/* */`` comments before it looks for headers."""

_ATTRIBUTE = re.compile(r"\.(?P<attribute>[A-Za-z_]\w*)")
_ROWS = {"": "many", "^": "maybe", "$": "maybe", "!": "affected", "*!": "batch", "#": "exec", "<!": "one"}


def import_aiosql(source: Path, schema: str | None = None, engine: str | None = None) -> list[ImportedFile]:
    """The files of statements below ``source``.  ``schema`` is the text of a script with the columns of ``SELECT *``.

    With ``engine``, the files are only for that engine.  Raises PydbError if there are no files.
    """
    return files_of(source, engine, _HEADER, partial(_statement, schema=schema), _HIDDEN)


def _statement(header: re.Match[str], section: str, source: str, engine: str | None, schema: str | None) -> Imported:
    found = _NAME.match(header["rest"].strip())
    if found is None:
        return Imported(as_name(header["rest"]), "many", section, source, reason="its header cannot be read")
    name, operator, record = as_name(found["name"]), found["operator"] or "", None
    if named := _RECORD.match(section):
        record, section = named["name"], section[named.end() :]
    changes = [f"renamed to {name}"] if name != found["name"].replace("-", "_") else []
    doc, sql = notes_of(section), without_notes(section)
    one = Imported(name, _ROWS[operator], sql, source, record, tuple(doc), tuple(changes))
    if not sql:
        return replace(one, reason="it has no SQL")
    one = _with_parameters(replace(one, sql=ends_in_semicolon(sql)), operator, engine or default_engine())
    return _by_operator(without_stars(one, schema, engine), operator, engine)


def _with_parameters(one: Imported, operator: str, engine: str) -> Imported:
    """The statement with ``:name`` for ``%s`` (in a batch for ``?``), ``:x_real`` for ``:x.real``, ``%`` for ``%%``."""
    try:
        tokens = list(scan(one.sql, engine))
    except Unterminated as error:
        return replace(one, reason=f"a {error.what} is never closed")
    sql, changes = one.sql, []
    for token in reversed(tokens):
        end = token.start + len(token.text)
        attribute = _ATTRIBUTE.match(sql, end) if token.kind == PARAMETER else None
        if attribute:
            written = f"{token.text}_{attribute['attribute']}"
            sql = f"{sql[: token.start]}{written}{sql[attribute.end() :]}"
            changes.append(f"the attribute {token.text}{attribute[0]} is now the parameter {written}")
        elif token.kind == OPERATOR and "%%" in token.text:
            sql = f"{sql[: token.start]}{token.text.replace('%%', '%')}{sql[end:]}"
            changes.append("%% is now %")
    one = replace(one, sql=sql, changes=(*one.changes, *dict.fromkeys(reversed(changes))))
    if not any(token.kind == PARAMETER for token in tokens):
        one = with_names(one, engine, PYFORMAT)
        one = with_names(one, engine, QUESTIONS) if operator == "*!" else one
    return with_casts(with_lists(one))


def _by_operator(one: Imported, operator: str, engine: str | None) -> Imported:
    """The statement, changed as aiosql's operator requires."""
    if operator == "$":
        return replace(one, record="scalar")
    if operator == "<!":
        return with_inserted_rows(one, engine)
    if operator == "#" and (reason := script_reason(one.sql, engine)):
        return replace(one, reason=reason)
    return replace(one, record=None) if operator in ("!", "*!", "#") else one
