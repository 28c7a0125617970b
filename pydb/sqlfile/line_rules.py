"""The rules that keep a variant from meaning something else: a statement's lines in; SqlFileError or nothing out.

A line that is not there must take a whole with it: a clause with its head, both ends of a BETWEEN, a column of an
INSERT with its value, a table with all that is read of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pydb.sqlfile.clauses import ClauseHead, Clauses
from pydb.sqlfile.guards import Domains, both, implies, possible
from pydb.sqlfile.source_lines import SourceLine
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["MarkedText", "refuse_torn"]

_SECOND_HALVES = {
    "UPDATE": ("SET",),
    "INSERT": ("VALUES", "SELECT", "SET", "WITH"),
}
"""The clauses without which a clause with this head is no statement."""


class MarkedText:
    """A marked statement: its lines with SQL, its clauses, and the states of its names."""

    def __init__(self, code: TokenList, lines: Sequence[SourceLine], known: Domains) -> None:
        self.code, self.known = code, known
        self.lines = [line for line in lines if line.span]
        self.clauses = Clauses(code)
        self._line_of: list[SourceLine] = []
        for line in self.lines:
            if not line.alternative:
                self._line_of.extend([line] * len(line.span))
        self.all_lines = lines

    def line_of(self, i: int) -> SourceLine:
        """The line of the token at position ``i`` of the statement."""
        return self._line_of[i]

    def alternatives_of(self, line: SourceLine) -> Iterator[SourceLine]:
        """The alternatives of the place that a live line is in."""
        for other in self.lines:
            if other.alternative:
                live = self.all_lines[other.place]
                if live is line or (live.mark and line.mark and live.mark.written == line.mark.written):
                    yield other

    def context(self, line: SourceLine) -> Iterator[ClauseHead]:
        """The clauses that the place of an alternative goes with, from the innermost one out."""
        return self.clauses.chain(self.all_lines[line.place].first - 1)

    def error(self, line: SourceLine, message: str, hint: str) -> Exception:
        """An error at the beginning of a line."""
        return line.code.error(line.first, message, hint)


def refuse_torn(text: MarkedText) -> None:
    """Run every rule.  Raises SqlFileError."""
    _alternatives(text)
    _heads(text)
    _second_halves(text)
    _between(text)
    _cases(text)
    _and_or(text)
    _lists(text)


def told(line: SourceLine) -> str:
    """The conditions of a line, for messages."""
    return " and ".join(dict.fromkeys(condition.written for condition in line.conditions))


def _alternatives(text: MarkedText) -> None:
    """No two lines of a place can be there together, and each is whole."""
    by_place: dict[int, list[SourceLine]] = {}
    for line in text.lines:
        if line.alternative:
            by_place.setdefault(line.place, [text.all_lines[line.place]]).append(line)
    for place in by_place.values():
        for i, line in enumerate(place):
            for other in place[:i]:
                if both(line.guard, other.guard) is not None:
                    message = f"lines {other.number} and {line.number} can be there together"
                    missing = next((c for c in other.conditions if c not in line.conditions), other.conditions[-1])
                    hint = f"say and not :{missing.name}" if missing.test == "passed" else "let one exclude the other"
                    raise text.error(line, message, f"{hint}; to take the line out, begin it with -- --")
        for line in place[1:]:
            code = line.code
            if code.unopened >= 0 or code.unclosed >= 0 or _open_cases(code, line.span):
                raise text.error(line, "an alternative opens or closes a bracket or CASE", "write it on one line")


def _heads(text: MarkedText) -> None:
    """A clause keeps its head: a marked line that begins one takes all lines of the clause with it."""
    heads = [
        (clause, line)
        for line in text.lines
        if line.guard and not line.alternative
        for clause in text.clauses.heads(line.span)
    ]
    if not heads:
        return
    for clause, head in heads:
        for line in text.lines:
            if line is head or implies(line.guard, head.guard) or not _goes_with(text, line, clause):
                continue
            raise text.error(
                head,
                f"{clause.word} goes with {told(head)}, and line {line.number} stays",
                f"put {clause.word} on a line of its own" + (" and begin with TRUE" * (clause.word == "WHERE")),
            )


def _goes_with(text: MarkedText, line: SourceLine, clause: ClauseHead) -> bool:
    if line.alternative:
        begins = next(iter(Clauses(line.code).heads(range(1))), None)
        chain = text.context(line)
        return clause in chain and (begins is None or clause.level >= 0 or begins.word == "JOIN")
    return any(clause in text.clauses.chain(i) for i in (line.first, line.last))


def _second_halves(text: MarkedText) -> None:
    """What a clause cannot be without is there with it: the SET of an UPDATE, the ON of a JOIN."""
    code = text.code
    for clause in text.clauses.all:
        if clause.word in _SECOND_HALVES:
            wanted = _SECOND_HALVES[clause.word]
            later = (c for c in text.clauses.all if c.position > clause.position and c.level == clause.level)
            found = next((c.position for c in later if c.word in wanted), None)
        elif clause.word == "JOIN":
            found = _inside(text, clause, ("ON", "USING"))
        elif clause.word == "CONFLICT":
            found = _inside(text, clause, ("DO", "UPDATE"))
        else:
            continue
        if found is not None:
            _whole(
                text, clause.position, found, f"without {{}}, {code.words[clause.position]} has no {code.words[found]}"
            )


def _inside(text: MarkedText, clause: ClauseHead, words: Sequence[str]) -> int | None:
    """The first of these words that stands in a clause, outside of its brackets."""
    places = sorted(i for word in words for i in text.code.at.get(word, ()) if i > clause.position)
    return next((i for i in places if text.clauses.of(i) is clause and text.code.opens[i] == clause.level), None)


def _whole(text: MarkedText, one: int, other: int, message: str) -> None:
    """Refuse that the first token is there without the other."""
    first, second = text.line_of(one), text.line_of(other)
    if first is second or implies(first.guard, second.guard):
        return
    others = [second.guard, *(line.guard for line in text.alternatives_of(second))]
    if possible([first.guard], others, text.known):
        raise text.error(second, message.format(told(second)), "mark both lines alike")


def _between(text: MarkedText) -> None:
    """Both ends of a BETWEEN are there together."""
    code = text.code
    for i, closing in between_ends(code):
        for one, other in ((i, closing), (closing, i)):
            _whole(text, one, other, "without {}, a BETWEEN has one end")


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
    """Of a CASE over several lines only whole WHEN … THEN lines may be optional."""
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
                message = f"CASE goes with {told(begins)}, and line {line.number} stays"
                raise text.error(begins, message, "mark every line of the CASE alike")
            if code.word(line.first) != "WHEN" and code.opens[line.first] <= span.start:
                raise text.error(
                    line, "a part of a CASE is optional", "only whole WHEN … THEN lines may be, or all lines alike"
                )


def _and_or(text: MarkedText) -> None:
    """At one bracket level that has an optional line stand only ANDs or only ORs."""
    code = text.code
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
                line, "AND and OR stand beside each other around an optional line", "put brackets around one"
            )


def _lists(text: MarkedText) -> None:
    """The columns of an INSERT go with their values, and the branches of a UNION have columns alike."""
    code = text.code
    selects = {c.level: [] for c in text.clauses.all}  # type: dict[int, list[list[SourceLine] | None]]
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


def _bracket_items(text: MarkedText, i: int) -> list[SourceLine] | None:
    items = text.code.items(i)
    return None if items is None else [text.line_of(item.start) for item in items if item]


def _select_items(text: MarkedText, clause: ClauseHead) -> list[SourceLine] | None:
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
    return lines


def _same_items(text: MarkedText, one: list[SourceLine] | None, other: list[SourceLine] | None) -> None:
    """Refuse that a column is there without what belongs to it."""
    if one is None or other is None or any(line.alternative for line in text.lines):
        return
    for first, second in zip_longest(one, other):
        if first is None or second is None:
            return
        if not (implies(first.guard, second.guard) and implies(second.guard, first.guard)):
            line, stays = (first, second) if first.guard else (second, first)
            message = f"line {line.number} goes with {told(line)}, and what belongs to it in line {stays.number} stays"
            raise text.error(line, message, "mark both lines alike")


def defined_names(text: MarkedText) -> Iterator[tuple[str, SourceLine]]:
    """The names that FROM, JOIN and WITH give to tables, with the line of each, alternatives included."""
    for line in text.lines:
        code = line.code
        for i in line.span:
            if code.words[i] in ("JOIN", "FROM") and code.kind(i) == WORD:
                yield _table_name(code, i + 1), line
            elif code.words[i] == "AS" and code.word(i - 1) == ")" and code.kind(i + 1) in (WORD, QUOTED):
                yield code.name(i + 1) or "", line
            elif code.kind(i) in (WORD, QUOTED) and code.word(i + 1) == "AS" and code.word(i + 2) == "(":
                yield code.name(i) or "", line


def _table_name(code: TokenList, i: int) -> str:
    """The name by which the table that is named at position ``i`` is read."""
    if code.word(i) == "(":
        return ""
    while code.word(i + 1) == ".":
        i += 2
    if code.word(i + 1) == "AS":
        i += 2
    elif code.kind(i + 1) in (WORD, QUOTED) and code.word(i + 1) not in _AFTER_TABLE:
        i += 1
    return code.name(i) or ""


_AFTER_TABLE = frozenset(
    {
        *("ON", "USING", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "JOIN", "WHERE", "GROUP", "HAVING"),
        *("ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FOR", "RETURNING", "SET"),
        *("VALUES", "TABLESAMPLE", "INDEXED", "NOT", "FORCE", "USE", "IGNORE", "STRAIGHT_JOIN", "DO"),
    }
)


def refuse_lost_tables(text: MarkedText) -> None:
    """Refuse that a line reads of a table that another line may take out."""
    defined: dict[str, list[SourceLine]] = {}
    for name, line in defined_names(text):
        defined.setdefault(name, []).append(line)
    optional = {name: lines for name, lines in defined.items() if name and all(line.guard for line in lines)}
    if not optional:
        return
    for line in text.lines:
        code = line.code
        for i in line.span:
            read = code.name(i) if code.word(i + 1) == "." and code.word(i - 1) != "." else None
            lines = optional.get(read) if read else None
            if lines and possible([line.guard], [other.guard for other in lines], text.known):
                message = f"line {line.number} reads {read}, and line {lines[0].number} goes with {told(lines[0])}"
                raise code.error(i, message, "give the line the same conditions")
