"""Which Python types hold the values of an engine's type: its name in, type words as ``@column`` spells them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydb.describe.facts import facts_of
from pydb.sqlfile.type_words import Instant, Json, word_stored_as
from pydb.values import kinds
from pydb.values.kinds import Kind

__all__ = ["fits", "word_of_field", "words_of"]

_WHOLE = ("int", "bool")
_EXACT = ("Decimal", "float")
_FLOATING = ("float", "Decimal")
_TEXT = ("str",)

_SHARED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("int", "integer", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8"), _WHOLE),
    **dict.fromkeys(("numeric", "decimal", "dec", "fixed"), _EXACT),
    **dict.fromkeys(("real", "float", "double", "double precision", "float4", "float8"), _FLOATING),
    **dict.fromkeys(("text", "varchar", "character varying", "char", "character", "nchar", "clob", "bpchar"), _TEXT),
    **dict.fromkeys(
        ("tinytext", "mediumtext", "longtext", "enum", "set", "name", "citext", "nvarchar", '"char"'), _TEXT
    ),
    **dict.fromkeys(("boolean", "bool"), ("bool",)),
    **dict.fromkeys(("blob", "bytea", "binary", "varbinary", "tinyblob", "mediumblob", "longblob"), ("bytes",)),
    **dict.fromkeys(("timestamptz", "timestamp with time zone"), ("AwareDatetime",)),
    **dict.fromkeys(("timestamp", "timestamp without time zone", "datetime"), ("datetime",)),
    **dict.fromkeys(("time", "time without time zone"), ("time",)),
    **dict.fromkeys(("json", "jsonb"), ("json",)),
    "date": ("date",),
    "interval": ("timedelta",),
    "uuid": ("UUID",),
}

_DETAILS = re.compile(r"\s*\(([^)]*)\)|\s+(?:unsigned|zerofill|signed)\b")


def words_of(type_: str | None, engine: str) -> tuple[str, ...]:
    """The Python types that fit an engine's type, the likeliest first; none where it cannot be told."""
    if type_ is None:
        return ()
    whole = type_.strip().lower()
    if whole.endswith("[]"):
        return ("list",)
    own = facts_of(engine).own_types
    if whole in own:
        return own[whole]
    base = _DETAILS.sub("", whole).strip()
    found = own.get(base) or _SHARED.get(base) or ()
    # A number without decimals is an int to whoever says so: sum(bigint) is numeric on the servers.
    scale = re.search(r"\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)", whole)
    if found == _EXACT and (scale is None or int(scale.group(1) or 0) == 0):
        return (*found, "int")
    return found


def word_of_field(kind: Kind, known: Iterable[str] = ()) -> str | None:
    """The type word of a record's field; None where the field takes anything.  An Enum is the word of its values."""
    plain: Any = kinds.base_value(kind.type)
    if plain is object:
        return None
    if plain is Instant:
        return "AwareDatetime"
    if plain is Json:
        return "json"
    if plain in (bytearray, memoryview):
        return "bytes"
    return str(plain.__name__)


def fits(word: str | None, words: tuple[str, ...]) -> bool:
    """Whether a field of that type holds what a column of these types gives."""
    return word is None or not words or word_stored_as(word) in map(word_stored_as, words)
