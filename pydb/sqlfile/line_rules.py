"""Refuse optional lines whose absence would change what the rest means: a statement's lines in, SqlFileError out.

An absent line must omit something complete: a clause with its head, both bounds of a BETWEEN, a column of an INSERT
with its value, a table with every use of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from pydb.sqlfile.clauses import HEADS, SET_OPERATORS, ClauseHead, Clauses, is_word_of_clause
from pydb.sqlfile.guards import Domains, both, implies, possible
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.tokens import TokenList

__all__ = ["MarkedText", "in_one_alternative", "refuse_torn"]

_SECOND_HALVES = {
    "UPDATE": ("SET",),
    "INSERT": ("VALUES", "SELECT", "SET", "WITH"),
    "SELECT": ("FROM",),
    "JOIN": ("ON", "USING"),
    "CONFLICT": ("DO", "UPDATE"),
}
"""A clause with this head needs one of these words, if the statement as written has one."""


_HALVES = frozenset({*_SECOND_HALVES, *(word for words in _SECOND_HALVES.values() for word in words)})
_LISTS = frozenset({"INSERT", "REPLACE", "UNION", "EXCEPT", "INTERSECT"})


_ONCE = frozenset({"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "RETURNING"})


class MarkedText:
    """A marked statement: its lines with SQL, the alternatives among them, its clauses, and the states of its names.

    ``optional_words`` are the words of all optional lines, without those in brackets that one line opens and closes:
    a rule is skipped if none of its words is among them.
    """

    def __init__(self, code: TokenList, lines: Sequence[SourceLine], known: Domains) -> None:
        self.code, self.known, self.all_lines = code, known, lines
        self.lines = [line for line in lines if line.span]
        self.alternatives = [line for line in self.lines if line.alternative]
        self.optional_words: set[str] = set()
        for line in self.lines:
            if line.guard:
                words, opens, first = line.code.words, line.code.opens, line.first
                self.optional_words.update([words[i] for i in line.span if opens[i] < first])

    @cached_property
    def clauses(self) -> Clauses:
        """The clauses of the statement as written."""
        return Clauses(self.code)

    @cached_property
    def _line_of(self) -> list[SourceLine]:
        return [line for line in self.lines if not line.alternative for _ in line.span]

    def line_of(self, i: int) -> SourceLine:
        """The line of the token at position ``i`` of the statement."""
        return self._line_of[i]

    def alternatives_of(self, line: SourceLine) -> Iterator[SourceLine]:
        """The alternatives that replace a line which is not a comment."""
        for i, other in enumerate(self.all_lines):
            if other.alternative and line in self.all_lines[other.place : i]:
                yield other

    def context(self, line: SourceLine) -> Iterator[ClauseHead]:
        """The clauses around the place of an alternative, from the innermost outwards."""
        return self.clauses.chain(self.all_lines[line.place].first - 1)

    def error(self, line: SourceLine, message: str, hint: str) -> Exception:
        """An error at the beginning of a line."""
        return line.code.error(line.first, message, hint)


def refuse_torn(text: MarkedText) -> None:
    """Run every rule.  Raises SqlFileError."""
    words, at = text.optional_words, text.code.at
    _first_commas(text)
    _alternatives(text)
    if not words.isdisjoint(HEADS):
        _heads(text)
    if not words.isdisjoint(_HALVES):
        _second_halves(text)
    if "BETWEEN" in at:
        _between(text)
    if "CASE" in at:
        _cases(text)
    if "OR" in at and "AND" in at:
        _and_or(text)
    if not _LISTS.isdisjoint(at):
        _lists(text)


def conditions_of(line: SourceLine) -> str:
    """The conditions of a line, for messages."""
    return " and ".join(dict.fromkeys(condition.written for condition in line.conditions))


def _first_commas(text: MarkedText) -> None:
    """Refuse a marked line that begins with a comma: only a comma at a line's end is repaired."""
    for line in text.lines:
        if line.mark is not None and line.code.words[line.first] == ",":
            raise text.error(line, "a marked line begins with a comma", "put the comma at the end of the line above")


def _alternatives(text: MarkedText) -> None:
    """Refuse two alternatives of one place that can both be present, and an alternative that is not complete."""
    by_place: dict[int, list[SourceLine]] = {}
    for line in text.alternatives:
        by_place.setdefault(line.place, [text.all_lines[line.place]]).append(line)
    for place in by_place.values():
        one_query = not _has_set_operator(place[1:])
        for i, line in enumerate(place):
            for other in place[:i]:
                together = in_one_alternative(line, other) and not (_begin_one_clause(line, other) and one_query)
                if not together and both(line.guard, other.guard) is not None:
                    message = f"lines {other.number} and {line.number} can both be present"
                    missing = next((c for c in other.conditions if c not in line.conditions), other.conditions[-1])
                    hint = (
                        f"add and not :{missing.name}"
                        if missing.test == "passed"
                        else "make their conditions exclude each other"
                    )
                    raise text.error(line, message, f"{hint}; to disable the line, begin it with -- --")
        for line in place[1:]:
            code = line.code
            if code.unopened >= 0 or code.unclosed >= 0 or _open_cases(code, line.span):
                raise text.error(line, "an alternative opens or closes a bracket or CASE", "write it on one line")


def in_one_alternative(line: SourceLine, other: SourceLine) -> bool:
    """Whether two lines are parts of one alternative: they replace the same lines, and have the same mark."""
    if line.mark is None or other.mark is None or not (line.alternative and other.alternative):
        return False
    return line.place == other.place and line.mark.written == other.mark.written


def _begin_one_clause(line: SourceLine, other: SourceLine) -> bool:
    """Whether both lines begin with the same clause, of which a query has only one."""
    word = line.code.word(line.first)
    return word in _ONCE and word == other.code.word(other.first) and is_word_of_clause(line.code, line.first)


def _has_set_operator(lines: Sequence[SourceLine]) -> bool:
    return any(not SET_OPERATORS.isdisjoint(line.code.at) for line in lines)


def _heads(text: MarkedText) -> None:
    """Refuse a clause that would lose its head: if the line that begins it is absent, all its lines must be."""
    heads = [
        (clause, line)
        for line in text.lines
        if line.guard and not line.alternative
        for clause in text.clauses.heads(line.span)
        if clause.level < line.first or (text.code.closing(clause.level) or 0) > line.last
    ]
    if not heads:
        return
    for clause, head in heads:
        for line in text.lines:
            if implies(line.guard, head.guard) or not _goes_with(text, line, clause):
                continue
            raise text.error(
                head,
                f"{clause.word} is only present if {conditions_of(head)}, but line {line.number} needs it",
                _hint_about_head(clause.word),
            )


def _hint_about_head(word: str) -> str:
    if word in ("UNION", "EXCEPT", "INTERSECT"):
        return f"write the optional SELECT below the other one: {word} and its own SELECT have the same mark"
    return f"put {word} on a line of its own" + (" and begin with TRUE" * (word == "WHERE"))


def _goes_with(text: MarkedText, line: SourceLine, clause: ClauseHead) -> bool:
    if line.alternative:
        begins = next(iter(Clauses(line.code).heads(range(1))), None)
        chain = text.context(line)
        return clause in chain and (begins is None or clause.level >= 0 or begins.word == "JOIN")
    return any(clause in text.clauses.chain(i) for i in (line.first, line.last))


def _second_halves(text: MarkedText) -> None:
    """Refuse a clause without its second half: an UPDATE without SET, a JOIN without ON."""
    code = text.code
    for clause in text.clauses.all:
        wanted = _SECOND_HALVES.get(clause.word, ())
        if clause.word == "SELECT":
            found = _from_of(text, clause)
        elif clause.word in ("JOIN", "CONFLICT"):
            found = _inside(text, clause, wanted)
        else:
            later = (c for c in text.clauses.all if c.position > clause.position and c.level == clause.level)
            found = next((c.position for c in later if c.word in wanted), None)
        if found is None:
            continue
        first, second = code.words[clause.position], code.words[found]
        _whole(text, clause.position, found, f"without {{}}, {first} has no {second}", wanted)
        if clause.word not in ("JOIN", "CONFLICT"):
            _whole(text, found, clause.position, f"without {{}}, {second} has no {first}", (first,))


def _from_of(text: MarkedText, clause: ClauseHead) -> int | None:
    """The FROM of a SELECT: the next clause of its level."""
    following = (c for c in text.clauses.all if c.position > clause.position and c.level == clause.level)
    found = next(following, None)
    return found.position if found and found.word == "FROM" else None


def _inside(text: MarkedText, clause: ClauseHead, words: Sequence[str]) -> int | None:
    """The position of the first of these words in a clause, outside of its brackets; None if there is none."""
    places = sorted(i for word in words for i in text.code.at.get(word, ()) if i > clause.position)
    return next((i for i in places if text.clauses.of(i) is clause and text.code.opens[i] == clause.level), None)


def _whole(text: MarkedText, one: int, other: int, message: str, words: Sequence[str] = ()) -> None:
    """Refuse the token ``one`` if it can be present without ``other`` or an alternative with one of ``words``."""
    first, second = text.line_of(one), text.line_of(other)
    if first is second or implies(first.guard, second.guard):
        return
    alternatives = (line for line in text.alternatives_of(second) if any(w in line.code.at for w in words))
    others = [second.guard, *(line.guard for line in alternatives)]
    if possible([first.guard], others, text.known):
        raise text.error(second, message.format(conditions_of(second)), "put the same mark on both lines")


def _between(text: MarkedText) -> None:
    """Refuse a BETWEEN that can have only one bound."""
    code = text.code
    for i, closing in between_ends(code):
        for one, other in ((i, closing), (closing, i)):
            _whole(text, one, other, "without {}, BETWEEN has only one bound")


def between_ends(code: TokenList) -> Iterator[tuple[int, int]]:
    """The positions of each BETWEEN and of its AND."""
    taken: set[int] = set()
    for i in code.at.get("BETWEEN", ()):
        ends = (k for k in code.at.get("AND", ()) if k > i and k not in taken and code.opens[k] == code.opens[i])
        if (closing := next(ends, None)) is not None:
            taken.add(closing)
            yield i, closing


def _open_cases(code: TokenList, span: range) -> int:
    words = [code.words[i] for i in span]
    return words.count("CASE") - words.count("END")


def case_spans(code: TokenList) -> Iterator[range]:
    """The positions of each CASE, up to and with its END."""
    stack: list[int] = []
    for i in sorted([*code.at.get("CASE", ()), *code.at.get("END", ())]):
        if code.words[i] == "CASE":
            stack.append(i)
        elif stack:
            yield range(stack.pop(), i + 1)


def _cases(text: MarkedText) -> None:
    """Refuse an optional part of a CASE over several lines, except whole WHEN … THEN lines."""
    code = text.code
    for span in case_spans(code):
        begins = text.line_of(span.start)
        if text.line_of(span.stop - 1) is begins:
            continue
        for line in text.lines:
            inside = not line.alternative and line.first > span.start and line.first in span
            if not inside or (implies(line.guard, begins.guard) and implies(begins.guard, line.guard)):
                continue
            if not implies(line.guard, begins.guard):
                message = f"CASE is only present if {conditions_of(begins)}, but line {line.number} needs it"
                raise text.error(begins, message, "put the same mark on every line of the CASE")
            if code.word(line.first) != "WHEN" and code.opens[line.first] <= span.start:
                raise text.error(
                    line,
                    "a part of a CASE is optional",
                    "mark whole WHEN … THEN lines, or put the same mark on all lines",
                )


def _and_or(text: MarkedText) -> None:
    """Refuse AND and OR at one bracket level that has an optional line."""
    code = text.code
    levels = [{code.opens[i] for i in code.at[word]} for word in ("AND", "OR")]
    if levels[0].isdisjoint(levels[1]) and not text.alternatives:
        return
    ends = {closing for _, closing in between_ends(code)}
    cases = sorted(case_spans(code), key=len)
    found: dict[tuple[int, int, int], set[str]] = {}

    def level_of(i: int) -> tuple[int, int, int]:
        clause = text.clauses.of(i)
        case = next((span for span in cases if i in span and i != span.start), None)
        part = max((k for k in code.at.get("WHEN", ()) if case and k in case and k <= i), default=-1)
        return code.opens[i], clause.position if clause else -1, part

    for word in ("AND", "OR"):
        for i in code.at.get(word, ()):
            if i not in ends:
                found.setdefault(level_of(i), set()).add(word)
    for line in text.lines:
        if not line.guard:
            continue
        at = line.first if not line.alternative else text.all_lines[line.place].first
        level = level_of(at)
        opened = text.line_of(level[0]).guard if level[0] >= 0 else {}
        words = found.get(level, set())
        if line.alternative:
            own = line.code
            words = words | {own.words[i] for i in line.span if own.words[i] in ("AND", "OR") and own.opens[i] < 0}
        if len(words) > 1 and not implies(opened, line.guard):
            raise text.error(
                line, "AND and OR are mixed around an optional line", "put brackets around the ANDs or the ORs"
            )


def _lists(text: MarkedText) -> None:
    """Refuse a column of an INSERT without its value, and branches of a UNION with different columns."""
    code = text.code
    selects: dict[int, list[_Items | None]] = {c.level: [] for c in text.clauses.all}
    for clause in text.clauses.all:
        if clause.word == "SELECT":
            selects[clause.level].append(_select_items(text, clause))
    for lists in selects.values():
        for one in lists[1:]:
            _same_items(text, lists[0], one)
    for clause in text.clauses.all:
        if clause.word != "INSERT":
            continue
        opening = next((i for i in code.at.get("(", ()) if i > clause.position and code.opens[i] == clause.level), None)
        if opening is None or text.clauses.of(opening) is not clause:
            continue
        columns = _bracket_items(text, opening)
        values = next((c for c in text.clauses.all if c.position > clause.position and c.level == clause.level), None)
        if values is None:
            continue
        if values.word == "VALUES":
            for i in code.at.get("(", ()):
                if text.clauses.of(i) is values and code.opens[i] == clause.level:
                    _same_items(text, columns, _bracket_items(text, i))
        elif selects.get(clause.level):
            _same_items(text, columns, selects[clause.level][0])


class _Items(NamedTuple):
    """The line of each item of a list, and the line in which the list begins with its bracket or its clause's word."""

    head: SourceLine
    lines: list[SourceLine]


def _bracket_items(text: MarkedText, i: int) -> _Items | None:
    items = text.code.items(i)
    return None if items is None else _Items(text.line_of(i), [text.line_of(item.start) for item in items if item])


def _select_items(text: MarkedText, clause: ClauseHead) -> _Items | None:
    """The line of each column of a SELECT; None where a ``*`` hides how many there are."""
    code, lines = text.code, []
    start = clause.position + 1
    for i in range(clause.position + 1, len(code) + 1):
        inside = i < len(code) and code.opens[i] >= clause.level and text.clauses.of(i) is not None
        own = inside and (text.clauses.of(i) is clause or code.opens[i] != clause.level)
        if not own or (code.words[i] == "," and code.opens[i] == clause.level):
            if i > start:
                if code.words[i - 1] == "*" and code.word(i - 2) in ("SELECT", ".", ",", "DISTINCT"):
                    return None
                lines.append(text.line_of(start))
            start = i + 1
        if not own:
            break
    return _Items(text.line_of(clause.position), lines)


def _same_items(text: MarkedText, one: _Items | None, other: _Items | None) -> None:
    """Refuse an item that can be present without its counterpart, if both lists are present."""
    if one is None or other is None or text.alternatives:
        return
    heads = (one.head.guard, other.head.guard)
    for pair in zip_longest(one.lines, other.lines):
        for line, stays in (pair, reversed(pair)):
            if line is None or stays is None:
                return
            if possible([*heads, stays.guard], [line.guard], text.known):
                present = f"line {line.number} is only present if {conditions_of(line)}"
                message = f"{present}, but its counterpart in line {stays.number} remains"
                raise text.error(line, message, "put the same mark on both lines")
