"""Which Python types hold the values of an engine's type: its name in, type words as ``@column`` spells them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydb.sqlfile.type_words import Instant, Json, word_stored_as
from pydb.values import kinds
from pydb.values.kinds import Kind

__all__ = ["fits", "word_of", "words_of"]

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

# What is true of one engine only.
_OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        # SQLite keeps five kinds of value; what a text or a number means is the record's to say.
        **dict.fromkeys(("int", "integer", "bigint", "smallint", "tinyint"), ("int", "bool", "timedelta")),
        **dict.fromkeys(
            ("text", "varchar", "char", "clob", "character", "nchar", "nvarchar"),
            ("str", "date", "time", "datetime", "AwareDatetime", "UUID", "json", "Decimal"),
        ),
        **dict.fromkeys(("boolean", "bool"), ("bool", "int")),
        "interval": ("timedelta", "int"),
        "blob": ("bytes",),
    },
    "mariadb": {
        # DATETIME has no zone: an instant is kept in UTC.
        **dict.fromkeys(("datetime", "timestamp"), ("datetime", "AwareDatetime")),
        "time": ("time", "timedelta"),
        "tinyint(1)": ("bool", "int"),
        "year": ("int",),
        "bit": ("bytes",),
        **dict.fromkeys(("longtext", "mediumtext"), ("str", "json")),
    },
    "postgresql": {
        **dict.fromkeys(("int2", "int4", "int8", "integer", "bigint", "smallint", "oid"), ("int",)),
        **dict.fromkeys(("money", '"char"', "inet", "cidr", "macaddr", "xml", "tsvector"), _TEXT),
    },
}

_DETAILS = re.compile(r"\s*\(([^)]*)\)|\s+(?:unsigned|zerofill|signed)\b")


def words_of(type_: str | None, engine: str) -> tuple[str, ...]:
    """The Python types that fit an engine's type, the likeliest first; none where it cannot be told."""
    if type_ is None:
        return ()
    whole = type_.strip().lower()
    if whole.endswith("[]"):
        return ("list",)
    own = _OWN[engine]
    if whole in own:
        return own[whole]
    base = _DETAILS.sub("", whole).strip()
    found = own.get(base) or _SHARED.get(base) or ()
    # A number without decimals is an int to whoever says so: sum(bigint) is numeric on the servers.
    scale = re.search(r"\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)", whole)
    if found == _EXACT and (scale is None or int(scale.group(1) or 0) == 0):
        return (*found, "int")
    return found


def word_of(kind: Kind, known: Iterable[str] = ()) -> str | None:
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
