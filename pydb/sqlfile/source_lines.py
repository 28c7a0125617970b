"""Cut a marked statement into lines: its tokens and marks in; lines with the conditions of their groups out.

The mark of a line that opens brackets applies to every line up to the end of the outermost bracket.  A comment line
that ends in a mark is an alternative of the marked line above it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from pydb.sqlfile.marks import Condition, Mark
from pydb.sqlfile.optional_lines import Guard
from pydb.sqlfile.tokens import Token, TokenList
from pydb.support.python_names import parameter_name

__all__ = ["SourceLine", "source_lines"]

_LINE_END = re.compile("\n")
_ALWAYS: Guard = {}


class SourceLine:
    """One line of the statement's text, from ``start`` to ``end``; lines that share a string count as one line.

    ``code`` and ``span`` are its tokens, from the statement or from the alternative itself.  ``conditions`` are those
    of its mark and of the groups around it.  ``place`` is the index of the first line that an alternative replaces.
    ``binds`` are its parameters by their names in Python, ``first`` and ``last`` the positions of its first and last
    token, and ``alternative`` is true if it is a comment in the file.
    """

    __slots__ = (
        *("alternative", "binds", "code", "conditions", "end", "first", "guard", "last", "mark", "number", "place"),
        *("span", "start"),
    )

    def __init__(
        self, number: int, start: int, end: int, code: TokenList, span: range, mark: Mark | None, binds: tuple[str, ...]
    ) -> None:
        self.number, self.start, self.end = number, start, end
        self.code, self.span, self.mark, self.binds = code, span, mark, binds
        self.first, self.last = span.start, span.stop - 1
        self.alternative = mark is not None and mark.alternative is not None
        self.conditions: tuple[Condition, ...] = ()
        self.guard: Guard = _ALWAYS
        self.place = -1


def source_lines(
    code: TokenList, comments: Sequence[Token], marks: Sequence[Mark], alternatives: Mapping[int, TokenList]
) -> list[SourceLine]:
    """The lines of the statement whose tokens, without the ``;``, are ``code``.

    ``alternatives`` has the tokens of each alternative, by the offset of its mark.  Raises SqlFileError.
    """
    lines = _cut(code, comments, marks, alternatives)
    if alternatives:
        _attach(lines)
    for i, line in enumerate(lines):
        if line.mark and not line.alternative:
            _take_group(lines, i)
    if alternatives:
        for line in lines:
            if line.alternative:
                line.conditions += line.mark.conditions  # type: ignore[union-attr]
    return lines


def _cut(
    code: TokenList, comments: Sequence[Token], marks: Sequence[Mark], alternatives: Mapping[int, TokenList]
) -> list[SourceLine]:
    """The lines, cut at each line end that is not inside a token or a comment."""
    text, tokens, parameters = code.site.text, code.tokens, code.parameters
    begins = [begin for _, _, begin in tokens]
    inside = _inside(comments)
    following = iter(marks)
    mark = next(following, None)
    lines: list[SourceLine] = []
    position, bound, start, end = 0, 0, 0, 0
    number = first = code.site.line
    while end < len(text):
        end = text.find("\n", end) + 1 or len(text)
        number += 1
        stop = bisect_left(begins, end, position)
        if end in inside or (stop and begins[stop - 1] + len(tokens[stop - 1][1]) > end):
            continue
        own = None
        if mark is not None and mark.start < end:
            own, mark = mark, next(following, None)
            if first + 1 < number:
                raise code.site.error(
                    "a string, name or comment continues past the end of a marked line",
                    "write it on one line",
                    at=own.start,
                )
        if own is not None and own.alternative is not None:
            alone = alternatives[own.start]
            lines.append(SourceLine(first, start, end, alone, range(len(alone)), own, _binds(alone, 0, len(alone))))
        else:
            binds: tuple[str, ...] = ()
            if bound < len(parameters) and parameters[bound] < stop:
                binds = _binds(code, position, stop)
                bound = bisect_left(parameters, stop, bound)
            lines.append(SourceLine(first, start, end, code, range(position, stop), own, binds))
        start, first, position = end, number, stop
    return lines


def _inside(comments: Sequence[Token]) -> set[int]:
    """The offsets after the line ends that are inside a comment."""
    over = [comment for comment in comments if "\n" in comment[1]]
    return {begins + at.end() for _, text, begins in over for at in _LINE_END.finditer(text)}


def _binds(code: TokenList, lo: int, hi: int) -> tuple[str, ...]:
    """The parameters from one position up to another, by their names in Python."""
    first = bisect_left(code.parameters, lo)
    if first == len(code.parameters) or code.parameters[first] >= hi:
        return ()
    last = bisect_left(code.parameters, hi, first)
    return tuple(dict.fromkeys([parameter_name(code.tokens[i].text[1:]) for i in code.parameters[first:last]]))


def _attach(lines: list[SourceLine]) -> None:
    """Find the line that each alternative replaces, and the groups that it is in."""
    for i, line in enumerate(lines):
        if not line.alternative:
            continue
        before = lines[i - 1] if i else None
        if before is not None and before.alternative:
            line.place = before.place
            continue
        place = _unit_before(lines, i)
        if place is None:
            raise line.code.site.error(
                "a comment line ends in a mark, but no marked line is directly above it",
                "put an alternative directly under the line that it replaces; begin a plain comment with -- --",
                at=line.mark.start,  # type: ignore[union-attr]
            )
        line.place = place


def _unit_before(lines: list[SourceLine], i: int) -> int | None:
    """The first of the marked lines directly above: consecutive lines with the same mark, or a group in brackets."""
    place = i - 1
    if place < 0 or not lines[place].span:
        return None
    if lines[place].mark is None:
        place = next((k for k in range(place, -1, -1) if lines[k].mark and _group_end(lines, k) == i - 1), -1)
        return place if place >= 0 else None
    mark = lines[place].mark
    while place and (above := lines[place - 1].mark) and above.alternative is None and above.written == mark.written:  # type: ignore[union-attr]
        place -= 1
    return place


def _group_end(lines: list[SourceLine], i: int) -> int:
    """The last line of the group that a marked line begins: the line itself if it leaves no bracket open."""
    line = lines[i]
    code = line.code
    closings = [code.closing(p) for p in line.span if code.words[p] == "("]
    last = max((p for p in closings if p is not None), default=-1)
    return next((k for k in range(i, len(lines)) if last in lines[k].span and lines[k].code is code), i)


def _take_group(lines: list[SourceLine], i: int) -> None:
    """Give the conditions of a marked line to all lines of its group.  Raises SqlFileError."""
    line, code = lines[i], lines[i].code
    assert line.mark is not None
    if not line.span:
        raise code.site.error(
            "a mark is on a line of its own", "put it at the end of its line of SQL", at=line.mark.start
        )
    words = code.words[line.first : line.span.stop]
    if "(" not in words and ")" not in words:
        line.conditions += line.mark.conditions
        return
    for p in line.span:
        if code.words[p] == ")" and code.opening(p) < line.first:
            raise code.error(
                p, "a marked line closes a bracket that an earlier line opens", "mark the line that opens it"
            )
    end = _group_end(lines, i) if words.count("(") > words.count(")") else i
    if end > i:
        opened = min(p for p in line.span if code.words[p] == "(" and (code.closing(p) or 0) > line.last)
        closing = code.closing(opened)
        assert closing is not None
        if code.words[line.first] in ("AND", "OR"):
            _refuse_rest(code, range(closing + 1, lines[end].span.stop), code.opens[opened])
    for k in range(i, end + 1):
        lines[k].conditions += line.mark.conditions


def _refuse_rest(code: TokenList, rest: range, level: int) -> None:
    """Refuse an AND or OR after the bracket that closes a group: it would be removed with the group."""
    for p in rest:
        if code.words[p] in ("AND", "OR") and code.opens[p] == level:
            message = f"{code.words[p]} follows the bracket that closes an optional group, and would be removed with it"
            raise code.error(p, message, "put it on a line of its own")
