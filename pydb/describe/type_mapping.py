"""Map an engine's types to Python types: a type's name in, the type words of ``@column`` out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydb.describe.facts import facts_of
from pydb.sqlfile.type_words import array_item, word_stored_as
from pydb.values import kinds
from pydb.values.kinds import DictOf, Kind, ListOf

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

_STORED_ALIKE = (bytearray, memoryview)
"""Types of fields that accept the values of a column of bytes."""

_DETAILS = re.compile(r"\s*\(([^)]*)\)|\s+(?:unsigned|zerofill|signed)\b")


def words_of(type_: str | None, engine: str) -> tuple[str, ...]:
    """The type words that fit an engine's type, the likeliest first; empty if the type is unknown."""
    if type_ is None:
        return ()
    whole = type_.strip().lower()
    if whole.endswith("[]"):
        return tuple(f"{word}[]" for word in words_of(whole.removesuffix("[]"), engine))
    own = facts_of(engine).own_types
    if whole in own:
        return own[whole]
    base = _DETAILS.sub("", whole).strip()
    found = own.get(base) or _SHARED.get(base) or ()
    # A numeric without decimals may also be an int, if @column says so: sum(bigint) is numeric on the servers.
    scale = re.search(r"\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)", whole)
    if found == _EXACT and (scale is None or int(scale.group(1) or 0) == 0):
        return (*found, "int")
    return found


def word_of_field(kind: Kind, known: Iterable[str] = ()) -> str | None:
    """The type word of a record's field; for an Enum, that of its values.  None if the field accepts anything."""
    plain: Any = kinds.base_value(kind.type)
    if plain is object:
        return None
    if isinstance(plain, ListOf):
        item = word_of_field(plain.item)
        return "list" if item is None else f"{item}{'?' if plain.item.nullable else ''}[]"
    if isinstance(plain, DictOf):
        return "dict"
    return word_stored_as(kinds.word_of(Kind(plain))) if plain in _STORED_ALIKE else kinds.word_of(Kind(plain))


def fits(word: str | None, words: tuple[str, ...]) -> bool:
    """Whether a field of the type ``word`` accepts the values of a column with these type words."""
    if word is None or word == "any" or not words:
        return True
    item = array_item(word)
    if item is not None:
        items = tuple(found[0] for found in map(array_item, words) if found is not None)
        # A JSON array is also a list; its items are checked when a value is read.
        return fits(item[0], items) if items else "json" in map(word_stored_as, words)
    if word == "list" and any(map(array_item, words)):
        return True
    return word_stored_as(word) in map(word_stored_as, words)
