"""Decide whether a server's message can be shown: the message and its SQL in, yes or no out.

A message may contain a value: of a parameter, or one that was read.  A value is in quotes, after a colon, or a number
or name without quotes.  Such words are shown only if they are part of the statement's SQL text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

__all__ = ["holds_no_value", "words_stand_in"]

_QUOTES = "\"'`"
_QUOTED = re.compile(rf"(?<!\w)(?P<quote>[{_QUOTES}])(?P<word>[^{_QUOTES}]*)(?P=quote)(?!\w)")
# The text between two quoted names; any other text may be part of a value that contains quotes.
_BETWEEN = re.compile(
    r",? (?:(?:and|or|of|in|on|for|to|from|by|is|as|with|at|the|type|relation|table|column|schema|constraint|index|row"
    r"|function|query|view|violates|not-null|unique|check|exclusion|foreign|key|must|appear|domain|reference|database)"
    r" ?)*|\.|\s*,\s*"
)
_PLACES = re.compile(r"\b(?:at |in )?(?:line|row|position|offset|argument|character|byte) \d+")
_WORD = re.compile(r"[^\s()\[\],;:=<>…]+")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z'/-]*[.!?]?|[-+*/%|&!~@#^]+")
# A name without quotes.
_NAMED = re.compile(
    r"\b(?:permission denied for|must be owner of) (?:[a-z]+ )*?(\S+)$"
    r"|\b(?:database|table|column|function|procedure|operator|role|user) ([A-Za-z_]\S*) "
    r"(?:does not exist|is already in use|has no column|is locked)"
)


def holds_no_value(text: str, sql: str | None, known: Collection[str] = ()) -> bool:
    """Whether every word that may be a value is part of the SQL, or one of the ``known`` words."""
    words = _Words(sql or "", known)
    first, last = _quoted_part(text)
    head, tail = text[:first], text[last:]
    # After a colon, the rest may be part of a value that contains quotes.
    return (
        words.quotes_known(text[first:last])
        and words.is_plain(head)
        and words.is_plain(f": {tail}" if ":" in head else tail)
    )


def _quoted_part(text: str) -> tuple[int, int]:
    """The position at which the first quotation begins, and the one at which the last quotation ends."""
    found = re.search(rf"(?<!\w)[{_QUOTES}]", text)
    if found is None:
        return len(text), len(text)
    last = max(text.rfind(quote) for quote in _QUOTES) + 1
    return found.start(), max(last, found.end())


class _Words:
    """The words that a message may contain: those of the SQL, and the ``known`` ones."""

    def __init__(self, sql: str, known: Collection[str]) -> None:
        self._sql = sql.lower()
        self._known = {word.lower() for word in known}

    def is_known(self, word: str) -> bool:
        """Whether the word is known, or each of its parts between dots is."""
        word = word.lower()
        if word in self._known or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self._sql):
            return True
        parts = word.split(".")
        return len(parts) > 1 and all(map(self.is_known, parts))

    def quotes_known(self, part: str) -> bool:
        """Whether a part of the message, from one quotation to another, consists of known words in quotes."""
        end = 0
        for found in _QUOTED.finditer(part):
            between = part[end : found.start()]
            if not self.is_known(found["word"]) or (end and not _BETWEEN.fullmatch(between)) or (not end and between):
                return False
            end = found.end()
        return end == len(part)

    def is_plain(self, part: str) -> bool:
        """Whether a part without quotes consists of plain words, and after a colon of known words."""
        before, _, behind = _PLACES.sub("", part).partition(": ")
        named = [name for found in _NAMED.finditer(before) for name in found.groups() if name]
        unusual = [word for word in _WORD.findall(before) if not _PLAIN.fullmatch(word)]
        detail = [word for word in _WORD.findall(behind) if re.search(r"\w", word)]
        return all(self.is_known(word.strip(".'")) for word in (*named, *unusual, *detail))


def words_stand_in(words: tuple[str, ...], sql: str | None) -> bool:
    """Whether every word is part of the SQL text, so that it cannot be the value of a parameter."""
    lowered = sql.lower() if sql is not None else ""
    return sql is not None and all(word.strip("\"'`[]").lower() in lowered for word in words)
