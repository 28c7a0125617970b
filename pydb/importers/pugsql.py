"""Import PugSQL's files: a file or folder of them in; pydb's files out.

The format is that of https://pugsql.org/tutorial: ``-- :name find_user :one``, with a word that says what is returned.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydb.importers.imported import Imported, ImportedFile, as_name
from pydb.importers.placeholders import with_casts, with_lists
from pydb.importers.returning import with_inserted_rows
from pydb.importers.sources import ends_in_semicolon, files_of, notes_of, script_reason, without_notes
from pydb.importers.stars import without_stars

__all__ = ["import_pugsql"]

_HEADER = re.compile(r"^[ \t]*-{2,}[ \t]*:name[ \t]+(?P<name>[^\s:]+)[ \t]*(?P<words>[^\n]*)\n?", re.MULTILINE)
_LINE = re.compile(r"\s*:(?P<key>command|result|doc)\s+(?P<value>.*)")
_IDENTIFIER = re.compile(r"\{\{\s*\w+\s*\}\}")
_COMMANDS = frozenset((":query", ":?", ":execute", ":exec", ":!"))
_ROWS = {
    **dict.fromkeys((":one", ":1"), ("maybe", None)),
    **dict.fromkeys((":many", ":*"), ("many", None)),
    ":scalar": ("maybe", "scalar"),
    **dict.fromkeys((":affected", ":n"), ("affected", None)),
    ":insert": ("affected", None),
    ":raw": ("many", None),
}


def import_pugsql(source: Path, schema: str | None = None, engine: str | None = None) -> list[ImportedFile]:
    """The files of statements below ``source``.  ``schema`` is the text of a script with the columns of ``SELECT *``.

    With ``engine``, the files are only for that engine.  Raises PydbError if there are no files.
    """
    return files_of(source, engine, _HEADER, partial(_statement, schema=schema))


def _statement(header: re.Match[str], section: str, source: str, engine: str | None, schema: str | None) -> Imported:
    name = as_name(header["name"])
    doc, words = _keys(notes_of(section), header["words"].split())
    given = [word for word in words if word.lower() not in _COMMANDS]
    word = " ".join(given) or (":affected" if {":execute", ":exec", ":!"} & {*map(str.lower, words)} else "")
    sql = without_notes(section)
    changes = [f"renamed to {name}"] if name != header["name"] else []
    rows, record = _ROWS.get(word.lower() or ":raw", ("many", None))
    one = Imported(name, rows, sql, source, record, tuple(doc))
    if word and word.lower() not in _ROWS:
        return replace(one, reason=f"PugSQL has no result {word}")
    if not sql:
        return replace(one, reason="it has no SQL")
    if found := _IDENTIFIER.search(sql):
        return replace(one, reason=f"{found[0]} is a name inserted at run time: write a statement for each name")
    if word.lower() in ("", ":raw"):
        changes.append("it returned SQLAlchemy's result, and now returns a list of rows")
    one = replace(one, sql=ends_in_semicolon(sql), changes=tuple(changes), reason=script_reason(sql, engine))
    one = without_stars(with_casts(with_lists(one)), schema, engine)
    return with_inserted_rows(one, engine) if word.lower() == ":insert" else one


def _keys(notes: list[str], words: list[str]) -> tuple[list[str], list[str]]:
    """The documentation, and the words of the header and of the ``:command`` and ``:result`` lines."""
    doc = []
    for note in notes:
        found = _LINE.match(note)
        if found is None or found["key"] == "doc":
            doc.append(found["value"] if found else note)
        else:
            words = [*words, *found["value"].split()]
    return doc, words
