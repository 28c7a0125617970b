"""Parse one .sql file: its text in, its statements out, each with one engine's form."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from pydb.engines import readers_of
from pydb.errors import SqlFileError
from pydb.sqlfile.definition import Form
from pydb.sqlfile.header import LOOKS_LIKE_HEADER, Header, Notes, parse_header, parse_notes
from pydb.sqlfile.lexer import Tokenization, tokenizations
from pydb.sqlfile.marked import Marked, read_marked
from pydb.sqlfile.marks import Mark, marks_of, may_be_alternative, refuse_in_notes
from pydb.sqlfile.nested import Nesting
from pydb.sqlfile.nested_rules import refuse_nested
from pydb.sqlfile.optional_lines import Line, OptionalName
from pydb.sqlfile.row_template import cut, row_template
from pydb.sqlfile.side_effects import side_effect
from pydb.sqlfile.site import Site
from pydb.sqlfile.star import fixes_columns
from pydb.sqlfile.syntax import Syntax, syntax_of
from pydb.sqlfile.tokens import Token, TokenList
from pydb.sqlfile.validation import (
    is_membership,
    refuse_brackets,
    refuse_code,
    refuse_comments,
    refuse_placeholders,
    refuse_rows,
    refuse_transaction,
)
from pydb.sqlfile.verbs import CHANGES_ROWS, MAIN_VERBS
from pydb.support.python_names import parameter_name
from pydb.support.suggestions import nearest

_COMMENTS_ONLY = re.compile(r"(?:\s++|--[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
_DIRECTIVE_LINE = re.compile(r"^[ \t]*--[ \t]*@\w", re.MULTILINE)
_COMMENT_LINE = re.compile(r"[ \t]*--")
_NOTES = re.compile(r"(?:[ \t]*+--[^\n]*+(?:\n|\Z))*+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement of one file."""

    header: Header
    notes: Notes
    form: Form
    parameters: tuple[str, ...]
    sequences: frozenset[str]
    line: int
    optional: Mapping[str, OptionalName] = field(default_factory=dict)


def parse_file(
    text: str,
    file: str,
    prefix: str,
    engine: str | None,
    overlaid: Mapping[str, Collection[str]] | None = None,
    on_error: Callable[[SqlFileError], None] | None = None,
) -> list[Parsed]:
    """The statements of a file, in the file's order.

    ``file`` is the path for errors and ``prefix`` the part of each statement's name before the last point.  ``engine``
    is the engine whose overlay this is; None for a shared file.  The file is read for all engines that read such files,
    except, for a statement, those that ``overlaid`` lists.  Raises SqlFileError; ``on_error``, if given, receives each
    error instead, and the statements that can be read are returned.
    """
    report = on_error or _raise
    syntaxes = tuple(map(syntax_of, readers_of(engine)))
    headers = list(LOOKS_LIKE_HEADER.finditer(text))
    try:
        _check_prelude(Site(file, 1, text[: headers[0].start()] if headers else text, whole=text))
    except SqlFileError as error:
        report(error)
    parsed: list[Parsed] = []
    seen: dict[str, int] = {}
    line, position = 1, 0
    for match, end in zip(headers, [*(m.start() for m in headers[1:]), len(text)], strict=False):
        line += text.count("\n", position, match.start())
        position = match.start()
        site = Site(file, line, whole=text)
        try:
            header = parse_header(match.group().rstrip("\r"), site, prefix)
            if header.name in seen:
                report(_taken(header.name, seen[header.name], site))
            seen.setdefault(header.name, line)
            others = overlaid.get(header.name) if overlaid else None
            readers = tuple(syntax for syntax in syntaxes if syntax.engine not in others) if others else syntaxes
            parsed.append(_statement(header, text[match.end() + 1 : end], site, readers or syntaxes))
        except SqlFileError as error:
            report(error)
    return parsed


def _raise(error: SqlFileError) -> NoReturn:
    raise error


def _taken(name: str, line: int, site: Site) -> SqlFileError:
    return site._replace(name=name).error(
        f"the name is already used by the statement in line {line}", "rename one of them"
    )


def _check_prelude(site: Site) -> None:
    comments = _COMMENTS_ONLY.match(site.text)
    end = comments.end() if comments else 0
    if end < len(site.text):
        raise site.error("there is SQL before the first header", "start it with -- name: <name> :<rows>", at=end)
    if directive := _DIRECTIVE_LINE.search(site.text):
        raise site.error(
            "there is a directive before the first header", "move it under the header", at=directive.start()
        )


def _statement(header: Header, section: str, site: Site, syntaxes: tuple[Syntax, ...]) -> Parsed:
    line = site.line
    header_site = site._replace(name=header.name)
    block = _NOTES.match(section).group()  # type: ignore[union-attr]
    notes_site = header_site._replace(line=line + 1, text=block)
    notes = parse_notes(block, notes_site)
    refuse_in_notes(block, notes_site)
    sql = section[len(block) :].lstrip()
    if not sql:
        raise header_site.error("the statement is empty", "write its SQL under the header")
    end = _without_trailing_notes(sql)
    end = _with_alternatives(sql, end)
    sql_site = notes_site._replace(text=section).rest(len(section) - len(sql))
    if directive := _DIRECTIVE_LINE.search(sql, end):
        raise sql_site.error("a directive must be directly under the header", "move it there", at=directive.start())
    if end < len(sql):
        refuse_in_notes(sql[end:], sql_site.rest(end))
    form, code, sequences, marked = _form(header, header_site, notes, sql_site._replace(text=sql[:end]), syntaxes)
    written = tuple(dict.fromkeys([code.tokens[i].text[1:] for i in code.parameters]))
    parameters = marked.names if marked else tuple(map(parameter_name, written))
    if notes.parameter_types:
        bound = set(map(parameter_name, written))
        _check_directives(notes, (*written, *(name for name in parameters if name not in bound)), notes_site)
        types = {parameter_name(name): type_ for name, type_ in notes.parameter_types.items()}
        notes = notes._replace(parameter_types=types)
    if notes.column_types and (header.row_word.returns_no_rows or (header.row_word.takes_sets and not form.returning)):
        raise notes_site.error(f"@column on a statement that returns no rows (:{header.row_word})", "remove the line")
    return Parsed(header, notes, form, parameters, sequences, line, marked.optional if marked else {})


def _without_trailing_notes(sql: str) -> int:
    """The end of ``sql`` without the comment lines after it, which belong to the file and are not sent."""
    end = len(sql.rstrip())
    while (last := sql.rfind("\n", 0, end) + 1) and _COMMENT_LINE.match(sql, last):
        end = last
        while sql[end - 1].isspace():
            end -= 1
    return end


def _with_alternatives(sql: str, end: int) -> int:
    """The end of ``sql`` with the alternatives directly under its last line."""
    while end < len(sql):
        start = sql.find("\n", end) + 1
        line_end = sql.find("\n", start)
        line = sql[start : line_end if line_end >= 0 else len(sql)].strip()
        if not start or not may_be_alternative(line):
            break
        end = line_end if line_end >= 0 else len(sql)
    return end


def _check_directives(notes: Notes, parameters: tuple[str, ...], site: Site) -> None:
    known = set(parameters)
    for name in notes.parameter_types:
        if name not in known:
            line = re.search(rf"@param\s+{name}\b", site.text)
            hint = nearest(name, parameters, ":") or "remove the line"
            raise site.error(
                f"@param {name} does not name a parameter of the statement", hint, at=line.start() if line else 0
            )


def _form(
    header: Header, header_site: Site, notes: Notes, site: Site, syntaxes: tuple[Syntax, ...]
) -> tuple[Form, TokenList, frozenset[str], Marked | None]:
    tokenization = _read(site.text, site, syntaxes)
    checked = _checked(tokenization, site, syntaxes)
    code = checked.code
    refuse_rows(header, checked.verb, checked.returning, _writes_inside(code), header_site)
    _refuse_levels(code, header, notes, syntaxes)
    lists = {parameter_name(code.tokens[i].text[1:]) for i in checked.sequences}
    marks: list[Mark] = []
    if tokenization.comments:
        refuse_comments(tokenization.comments, site)
        marks += marks_of(tokenization.comments, site, {code.tokens[i].text[1:] for i in code.parameters})
    if not marks:
        return _made(checked, site, syntaxes, notes.nesting), code, frozenset(lists), None
    if header.row_word.takes_sets:
        raise header_site.error("a :batch statement cannot have optional lines", "use :affected, and call it in a loop")

    def tokens(part: Site) -> TokenList:
        return TokenList(_read(part.text, part, syntaxes).code, part)

    def refuse(code: TokenList) -> None:
        refuse_brackets(code)
        refuse_code(code, syntaxes)
        _refuse_levels(code, header, notes, syntaxes)
        lists.update(parameter_name(code.tokens[i].text[1:]) for i in _sequences(code))

    types = {parameter_name(name): type_ for name, type_ in notes.parameter_types.items()}
    marked = read_marked(tokenization, code, marks, types, checked.verb, syntaxes, tokens, refuse)
    if checked.returning and not header.row_word.returns_no_rows:
        _refuse_optional_returning(marked, site)
    return _made(checked, site, syntaxes, notes.nesting, marked.lines), code, frozenset(lists), marked


def _refuse_levels(code: TokenList, header: Header, notes: Notes, syntaxes: tuple[Syntax, ...]) -> None:
    if notes.nesting is not None:
        refuse_nested(code, notes.nesting, header.row_word, header.record, syntaxes)


def _refuse_optional_returning(marked: Marked, site: Site) -> None:
    """Refuse a statement that returns rows only for some arguments."""
    for line in marked.lines:
        if line.guard and line.first == "RETURNING":
            start = sum(len(text) + 1 for text in site.text.split("\n")[: line.number - site.line])
            raise site.error(
                "RETURNING cannot be optional in a statement that returns rows", "remove its mark", at=start
            )


class _Checked(NamedTuple):
    """A text that is one statement: its tokens without the ``;``, and the positions of the parameters that are lists.

    ``end`` is the offset of the ``;``.
    """

    code: TokenList
    sequences: Collection[int]
    verb: str
    returning: bool
    end: int


def _checked(tokenization: Tokenization, site: Site, syntaxes: tuple[Syntax, ...]) -> _Checked:
    """The statement, to which every rule was applied.  Raises SqlFileError."""
    end = _terminator(tokenization.code, site)
    code = TokenList(tokenization.code[:-1], site)
    refuse_brackets(code)
    sequences = _sequences(code)
    refuse_code(code, syntaxes)
    verb = _verb(code)
    returning = verb in CHANGES_ROWS and any(code.word(i + 1) != "=" for i in code.top("RETURNING"))
    refuse_transaction(code, verb)
    return _Checked(code, sequences, verb, returning, end)


def _made(
    checked: _Checked,
    site: Site,
    syntaxes: tuple[Syntax, ...],
    nesting: Nesting | None = None,
    lines: tuple[Line, ...] = (),
) -> Form:
    """The form of a statement; ``lines`` are those of one with optional lines."""
    code, sequences, verb, returning, end = checked
    sql = site.text
    return Form(
        sql=sql.rstrip() if lines else sql[: end + 1],
        file=site.file,
        line=site.line,
        parts=cut(code, sql, 0, end, sequences),
        verb=verb,
        returning=returning,
        row_template=None if sequences or lines else row_template(code, sql, end, verb, syntaxes),
        writes_outside=side_effect(code, verb, syntaxes),
        fixes_columns=fixes_columns(code, verb),
        nesting=nesting,
        lines=lines,
    )


def form_of(site: Site, engine: str) -> Form:
    """The form of a site's text, for one engine.  Raises SqlFileError."""
    syntaxes = (syntax_of(engine),)
    return _made(_checked(_read(site.text, site, syntaxes), site, syntaxes), site, syntaxes)


def _read(sql: str, site: Site, syntaxes: tuple[Syntax, ...]) -> Tokenization:
    """The tokens of the statement.  Raises SqlFileError if the engines that run it read different tokens."""
    found = tokenizations(sql, syntaxes)
    for each in found:
        refuse_placeholders(each.code, each.syntax, site)
    first = found[0]
    for other in found[1:]:
        if other.code != first.code or bool(other.unterminated) != bool(first.unterminated):
            _refuse_disagreement(first, other, site)
    if first.unterminated:
        raise site.error(
            f"a {first.unterminated.what} is never closed",
            "close it; a line that starts with -- name: always starts a new statement",
            at=first.unterminated.start,
        )
    return first


_COMMENTS = (
    (re.compile(r"--(?=[^\W\d])"), "write a space after --"),
    (re.compile(r"#\s*(?=[^\W\d])"), "begin a comment with --"),
)
"""The signs that begin a comment on only some engines, with a hint what to write for all engines."""


def _refuse_disagreement(first: Tokenization, other: Tokenization, site: Site) -> NoReturn:
    at = _difference(first, other)
    if first.syntax is other.syntax:
        raise site.error(*first.syntax.backslash_hint, at=at)
    one, two = first.syntax.engine, other.syntax.engine
    hint = next((f"{hint}, or " for mark, hint in _COMMENTS if mark.match(site.text, at)), "")
    raise site.error(f"the SQL is read differently by {two} than by {one}", f"{hint}write an overlay for {two}", at=at)


def _difference(first: Tokenization, other: Tokenization) -> int:
    for one, two in zip(first.code, other.code, strict=False):
        if one != two:
            return min(one.start, two.start)
    unterminated = first.unterminated or other.unterminated
    return unterminated.start if unterminated else 0


def _terminator(code: list[Token], site: Site) -> int:
    """The offset of the ``;`` that ends the statement.  Raises SqlFileError if there is not exactly one statement."""
    if not code or code[0].text == ";":
        raise site.error("the statement is empty", "write its SQL under the header")
    ends = [i for i, token in enumerate(code) if token.text == ";"]
    if not ends:
        raise site.error("the statement does not end in ;", "add ; at its end", at=code[-1].start)
    if ends[0] < len(code) - 1 and not _is_routine(code):
        raise site.error("one name has two statements", "give the second one a header", at=code[ends[0] + 1].start)
    return code[-1].start


def _is_routine(code: list[Token]) -> bool:
    """Whether it is a CREATE TRIGGER or similar, whose body contains statements up to END;."""
    words = [token.text.upper() for token in code]
    kinds = {"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"}
    return words[0] == "CREATE" and "BEGIN" in words and words[-2:] == ["END", ";"] and not kinds.isdisjoint(words[1:6])


def _verb(code: TokenList) -> str:
    first = next((word for word, token in zip(code.words, code.tokens, strict=True) if token.kind == "word"), "")
    if first != "WITH":
        return first
    for i, word in enumerate(code.words):
        # The name of a common table expression may be a verb: it follows WITH, RECURSIVE or a comma.
        if code.opens[i] < 0 and word in MAIN_VERBS and code.word(i - 1) not in ("WITH", "RECURSIVE", ","):
            return word
    return "SELECT"


def _writes_inside(code: TokenList) -> bool:
    """Whether a common table expression changes rows, as PostgreSQL allows."""
    return any(
        code.word(i - 1) == "(" and code.word(i - 2) in ("AS", "MATERIALIZED")
        for verb in CHANGES_ROWS
        for i in code.at.get(verb, ())
    )


def _sequences(code: TokenList) -> frozenset[int]:
    """The positions of the parameters that are written as ``IN (:name)``."""
    found = frozenset(
        i
        for i in code.parameters
        if code.word(i - 1) == "("
        and code.word(i + 1) == ")"
        and code.word(i - 2) == "IN"
        and is_membership(code, i - 2)
    )
    names = {code.tokens[i].text for i in found}
    for i in code.parameters:
        if code.tokens[i].text in names and i not in found:
            name = code.tokens[i].text
            raise code.error(i, f"{name} is a list in IN ({name}) and a single value here", "use two parameters")
    return found
