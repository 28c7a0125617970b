"""Guess why two engines answer differently: a statement, its values and the difference in, the likely cause out.

The guess is made from the words of the statement and the values that differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pydb.prove.answers import AnswerDifference, Rows

__all__ = ["Seen", "likely_cause", "texts_of"]


_NULLS = "order of NULLs: first on SQLite and MariaDB, last on PostgreSQL; write NULLS FIRST, or order by x IS NULL"
_LITERAL = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Seen:
    """A difference, the statement's ``sql`` on both engines, and all ``values`` of the rows and the call."""

    sql: str
    difference: AnswerDifference
    values: Sequence[Any]

    def has(self, *words: str) -> bool:
        """Whether the statement has one of these words or signs."""
        code = _LITERAL.sub("''", self.sql)
        return any(re.search(word, code, re.IGNORECASE) for word in words)

    @property
    def texts(self) -> list[str]:
        """The texts among the values and in the statement, each once."""
        return list(dict.fromkeys(value for value in (*self.values, *texts_of(self.sql)) if isinstance(value, str)))

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two things that differ."""
        return self.difference.here, self.difference.there


def texts_of(sql: str) -> list[str]:
    """The string literals of a statement."""
    return [literal[1:-1].replace("''", "'") for literal in _LITERAL.findall(sql)]


def likely_cause(seen: Seen) -> str:
    """The first cause that fits what is seen."""
    return next((words for words in (cause(seen) for cause in _CAUSES) if words), "not known")


def _refusal(seen: Seen) -> str | None:
    if seen.difference.what != "error":
        return None
    if seen.has(r"/(?!\*)", r"%", r"\bmod\b", r"\bdiv\b") and any(_is_zero(value) for value in seen.values):
        return "division by zero: an error on PostgreSQL, NULL elsewhere"
    if seen.has(r"\bcast\b", "::"):
        return "a CAST of a text that is not a valid value: an error on some engines, part of the text or 0 on others"
    if seen.has(r"\b(?:ln|log|log2|log10|sqrt|power|pow)\s*\("):
        return "a function outside its domain: an error on some engines, NULL on others"
    if seen.has(r"\b(?:substr|substring|left|right|repeat)\s*\(", r"\blimit\b", r"\boffset\b"):
        return "a negative length or count: an error on some engines"
    texts = {item for item in seen.pair if isinstance(item, str)}
    if texts & {"UniqueViolation", "ForeignKeyViolation"} and _case_pairs(seen.texts):
        return "collation: one engine regards two texts as equal, the other does not"
    if texts & {"UniqueViolation", "ForeignKeyViolation", "CheckViolation", "NotNullViolation"}:
        return "a constraint that is missing in one engine's schema, or has another meaning there"
    if texts & {"NoRow", "TooManyRows"}:
        return _text_cause(seen) or "a condition that is true for different rows"
    return "a value or an operation that one of the engines does not have"


def _order(seen: Seen) -> str | None:
    if seen.difference.what != "order":
        return None
    moved = [value for rows, other in (seen.pair, seen.pair[::-1]) for row in _moved(rows, other) for value in row]
    has_texts = any(isinstance(value, str) for value in moved)
    if None in moved or (None in seen.values and not has_texts):
        return _NULLS
    if has_texts or seen.texts:
        return "collation: the order of letters, of case and accents differs; give the columns one collation"
    return "an ORDER BY that does not determine which row is first"


def _moved(rows: Rows, others: Rows) -> Iterator[tuple[Any, ...]]:
    return (row for row, other in zip(rows, others, strict=True) if row != other)


def _assigned(seen: Seen) -> str | None:
    if seen.difference.where is not None and seen.has(r"\bupdate\b[^;]*\bset\b[^;]*=[^;]*,[^;]*="):
        return "UPDATE: on MariaDB an assignment sees the changes of those to its left, elsewhere the old row"
    return None


def _empty_text(seen: Seen) -> str | None:
    here, there = seen.pair
    if seen.difference.what == "value" and {type(here), type(there)} == {str, type(None)} and "" in (here, there):
        return "empty string: one engine reads it as NULL, or converts it to NULL"
    return None


def _null_in_text(seen: Seen) -> str | None:
    here, there = seen.pair
    if seen.difference.what != "value" or (here is None) == (there is None):
        return None
    if seen.has(r"\|\|", r"\bconcat"):
        return "NULL in a concatenation: || returns NULL, concat() ignores it on PostgreSQL and SQLite"
    if seen.has(r"\bgreatest\b", r"\bleast\b", r"\bmax\s*\([^()]*,", r"\bmin\s*\([^()]*,"):
        return "NULL among the arguments of greatest() or least()"
    if seen.has(r"/(?!\*)", r"%", r"\bmod\b") and any(_is_zero(value) for value in seen.values):
        return "division by zero: NULL on one engine and a value on the other"
    if seen.has(r"\bcast\b", r"\bdate\b", r"\bjson", "->"):
        return "a value that one engine cannot convert, and replaces by NULL"
    return "NULL: one engine returns a value, the other NULL"


def _window(seen: Seen) -> str | None:
    numbers = all(isinstance(item, (float, Decimal)) for item in seen.pair)
    if seen.difference.what == "value" and seen.has(r"\bover\b") and None in seen.values and not numbers:
        return "order of NULLs in the ORDER BY of a window; write NULLS FIRST, or order by x IS NULL"
    return None


def _bitwise(seen: Seen) -> str | None:
    if seen.difference.what == "value" and seen.has(r"\^", r"(?<!\|)\|(?!\|)", r"(?<!&)&(?!&)", "<<", "(?<!-)>>", r"~"):
        return "the same sign is another operator on the other engine"
    return None


def _numbers(seen: Seen) -> str | None:
    here, there = seen.pair
    if seen.difference.what != "value" or not all(isinstance(item, (int, float, Decimal)) for item in seen.pair):
        return None
    if seen.has(r"\bround\b") and abs(float(here) - float(there)) <= 1:
        return "scale: one engine rounds halves to even and the other away from zero, or the value is a binary fraction"
    if seen.has(r"/(?!\*)", r"\bdiv\b") and abs(float(here) - float(there)) <= 1:
        return "integer division: the quotient of integers is an integer on SQLite and PostgreSQL, not on MariaDB"
    if seen.has(r"\blog\b"):
        return "log(x): base 10 on SQLite and PostgreSQL, natural on MariaDB"
    if seen.has(r"%", r"\bmod\b"):
        return "the remainder of a fraction or a negative number"
    if seen.has(r"\blength\b", r"\blen\b", r"\boctet_length\b", r"\bchar_length\b"):
        return "length: characters on SQLite and PostgreSQL, bytes on MariaDB; write char_length() there"
    if seen.has(r"\binstr\b", r"\bposition\b", r"\blocate\b", r"\bstrpos\b"):
        return "collation and case: one engine searches for the exact letters, the other does not"
    if seen.has(r"\bcast\b", "::"):
        return "a CAST that rounds on one engine and truncates on the other"
    if seen.has(r"\bavg\b", r"\bsum\b", r"/(?!\*)", r"\*(?!/)"):
        if _near(here, there):
            return "scale: the engines keep different numbers of decimals, or binary fractions"
        return _text_cause(seen) or "arithmetic: the engines compute in different types"
    if seen.has(r"\bcount\b", r"\bdistinct\b", r"\bgroup\b") or seen.texts:
        return _text_cause(seen) or "a condition that is true for different rows"
    return "scale: the engines keep different numbers of decimals, or binary fractions"


def _moments(seen: Seen) -> str | None:
    here, there = seen.pair
    if seen.difference.what != "value" or not all(isinstance(item, (date, time, timedelta)) for item in seen.pair):
        return None
    if isinstance(here, datetime) and isinstance(there, datetime):
        if (here.tzinfo is None) != (there.tzinfo is None):
            return "time zone: an instant on one engine and a local time on the other"
        apart = abs(here - there)
        if apart < timedelta(seconds=1):
            return "precision of time: one engine keeps fewer digits of a second"
        if apart <= timedelta(hours=15) and not apart % timedelta(minutes=15):
            return "time zone: one engine computes in local time"
    if (
        isinstance(here, time)
        and isinstance(there, time)
        and here.replace(microsecond=0) == there.replace(microsecond=0)
    ):
        return "precision of time: one engine keeps fewer digits of a second"
    return "arithmetic of dates: the end of a month, or another unit"


def _texts(seen: Seen) -> str | None:
    here, there = seen.pair
    if seen.difference.what != "value" or not (isinstance(here, str) and isinstance(there, str)):
        return None
    if here != there and here.strip() == there.strip():
        return "trailing spaces: one engine keeps them"
    if _as_number(here) is not None and _as_number(here) == _as_number(there):
        return "scale: the engines write a number with different numbers of decimals"
    if {here.lower(), there.lower()} <= {"1", "0", "t", "f", "true", "false"}:
        return "text of a boolean: 1 on SQLite and MariaDB, true on PostgreSQL"
    if re.match(r"\d{4}-\d\d-\d\d", here) and re.match(r"\d{4}-\d\d-\d\d", there):
        return "precision of time: the engines write a moment with different digits"
    if seen.has(r"\bupper\b", r"\blower\b", r"\binitcap\b") and here.casefold() == there.casefold():
        return "case: upper() and lower() change letters outside ASCII, except on SQLite"
    if seen.has(r"\bjson", "->"):
        return "text of a JSON document: spaces, the order of keys, or quotes around a text differ"
    if not here or not there:
        return "empty string: one engine returns it, the other returns a text"
    if seen.has(r"\bmin\b", r"\bmax\b", r"\bgreatest\b", r"\bleast\b", r"\border\s+by\b"):
        return "collation: the order of letters, of case and accents differs"
    if seen.has(r"group_concat", r"string_agg", r"array_agg"):
        return "an aggregate of texts: another order (write ORDER BY in its parentheses), or another separator"
    return _text_cause(seen) or "a text function with another meaning on the other engine"


def _counts(seen: Seen) -> str | None:
    if seen.difference.what not in ("count", "value", "columns"):
        return None
    if seen.has(r"/(?!\*)") and any(isinstance(value, int) for value in seen.values):
        return "integer division: the quotient of integers is an integer on SQLite and PostgreSQL, not on MariaDB"
    return _text_cause(seen) or "a condition that is true for different rows"


def _text_cause(seen: Seen) -> str | None:
    texts = seen.texts
    if seen.has(r"\blike\b", r"\bglob\b", r"\bregexp\b", r"\brlike\b", r"\bsimilar\b", r"~", r"\bilike\b"):
        return "collation and case: LIKE and patterns ignore case on some engines"
    if _pairs(texts, lambda text: text.rstrip(" ")):
        return "trailing spaces: texts that differ only in them are equal on one engine"
    if _case_pairs(texts):
        return "collation and case: texts that differ only in case or accents are equal on one engine"
    if "" in texts:
        return "empty string: it is not NULL, and compares as a value"
    if (
        texts
        and any(isinstance(value, (int, Decimal, float)) for value in seen.values)
        and _pairs([*texts, *(str(value) for value in seen.values if isinstance(value, (int, Decimal)))], str.strip)
    ):
        return "a text compared with a number"
    if seen.has(r"<=>", r"\bis\b.*\bdistinct\b", r"\bin\s*\(", r"\bnot\b") and None in seen.values:
        return "NULL in a comparison"
    if seen.has(r"\bbetween\b", r"[<>]", r"\bmin\b", r"\bmax\b") and texts:
        return "collation: the order of letters, of case and accents differs"
    return None


def _case_pairs(texts: Iterable[str]) -> bool:
    return _pairs(texts, _folded)


def _pairs(texts: Iterable[str], folded: Callable[[str], str]) -> bool:
    """Whether two different texts are equal when they are folded."""
    seen: dict[str, str] = {}
    return any(seen.setdefault(folded(text), text) != text for text in texts)


_BARE = str.maketrans("ëéäößİ", "eeaosi")


def _folded(text: str) -> str:
    return text.rstrip(" ").lower().translate(_BARE).replace("ss", "s")


def _is_zero(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and value == 0


def _near(here: Any, there: Any) -> bool:
    return abs(float(here) - float(there)) <= 0.01 * max(abs(float(here)), abs(float(there)), 1.0)


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_CAUSES = (
    *(_refusal, _order, _assigned, _window, _empty_text, _null_in_text, _bitwise, _numbers, _moments, _texts),
    _counts,
)
