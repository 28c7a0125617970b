"""Refuse SQL that does not mean what its author intended: the tokens of a statement in; nothing, or SqlFileError, out.

The error names the problem and how to fix it.  Each rule is for a case in which an engine, a driver or SQLAlchemy's
``text()`` fails silently or with a message that does not help.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Mapping

from pydb.sqlfile.header import Header
from pydb.sqlfile.lexical_rules import PLACEHOLDER_MARKS
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.site import Site
from pydb.sqlfile.syntax import Syntax, combined, ends_operand, opens_subscript
from pydb.sqlfile.tokens import (
    CAST,
    NUMBER,
    OPERATOR,
    PARAMETER,
    PLACEHOLDER,
    PUNCTUATION,
    QUOTED,
    STRING,
    WORD,
    Token,
    TokenList,
)
from pydb.sqlfile.verbs import CHANGES_ROWS, DEFINES, QUERIES
from pydb.support.python_names import is_python_name, parameter_name

_RESERVED_PARAMETERS = frozenset({"conn", "self", "cls"})
_TRANSACTION = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "END", "ABORT", "XA"})
_WRITABLE = frozenset({"WRITE", "TRANSACTION_READ_ONLY", '"transaction_read_only"'})
_CLAUSE_ENDS = {"LIMIT", "OFFSET", "FETCH", "FOR", "HAVING", "WINDOW", "RETURNING", "SEPARATOR", "INTO"}
_CLAUSE_ENDS |= {"UNION", "EXCEPT", "INTERSECT", "ROWS", "RANGE", "GROUPS"}
_SORT_WORDS = frozenset({"ASC", "DESC", "NULLS", "COLLATE"})
_IDENTIFIER_FOLLOWS = ("INTO", "UPDATE", "JOIN", "TABLE", "SET")
_NAMES_IN_LITERAL = re.compile(r"(?<![\w:]):([^\W\d]\w*)")
_CORE_MARK = re.compile(r"%\((\w+)\)s")
_DIRECTIVE_MARK = re.compile(r"(?:--|\#|/\*)\s*@\w")


def refuse_placeholders(tokens: list[Token], syntax: Syntax, site: Site) -> None:
    """Refuse ``?``, ``$1``, ``@name`` and ``%s`` used as placeholders; pydb's spelling is ``:name``."""
    if not any(map(site.text.__contains__, PLACEHOLDER_MARKS)):
        return
    for i, token in enumerate(tokens):
        if token.kind == PLACEHOLDER or (token.kind == OPERATOR and _is_placeholder(tokens, i, syntax)):
            raise site.error(
                f"{_spelling(tokens, i)} is not a parameter here", "write a parameter as :name", at=token.start
            )


def _is_placeholder(tokens: list[Token], i: int, syntax: Syntax) -> bool:
    # Between two operands, the sign is the modulo operator.
    if tokens[i].text == "%":
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        return after is not None and after.text in ("s", "(") and not ends_operand(tokens, i - 1)
    return syntax.is_placeholder(tokens, i)


def _spelling(tokens: list[Token], i: int) -> str:
    following = "".join(token.text for token in tokens[i + 1 : i + 5])
    if tokens[i].text == "%":
        return f"%{following}" if following.startswith("(") else "%s"
    return "?" if tokens[i].text.endswith("?") else tokens[i].text


def refuse_comments(comments: list[Token], site: Site) -> None:
    """Refuse directives in comments that are not directly under the header."""
    for _, text, start in comments:
        if _DIRECTIVE_MARK.match(text):
            raise site.error("a directive must be directly under the header", "move it there", at=start)


def refuse_brackets(code: TokenList) -> None:
    """Refuse brackets that do not pair."""
    if code.unopened >= 0:
        raise code.error(
            code.unopened, "a closing bracket has no opening bracket", "remove it, or add an opening bracket"
        )
    if code.unclosed >= 0:
        raise code.error(code.unclosed, "a bracket is never closed", "close it, or remove it")


def refuse_code(code: TokenList, syntaxes: tuple[Syntax, ...]) -> None:
    """Run every rule about the code of one statement that the engines of ``syntaxes`` run."""
    _colons(code)
    if code.parameters:
        together = combined(syntaxes)
        names = {code.tokens[i].text[1:]: i for i in code.parameters}
        for i in names.values():
            _parameter_name(code, i, names)
        for i in code.parameters:
            _place(code, i)
            if together.strict:
                _untyped_null(code, i, together.strict, together.text_type)
        _literals(code, names.keys())
        _core_marks(code.site, {parameter_name(name): name for name in names})
        _sort_items(code)
    if not code.site.text.isascii():
        _strange_characters(code)


def _parameter_name(code: TokenList, i: int, names: Collection[str]) -> None:
    """Refuse a parameter name that a Python function cannot have."""
    name = code.tokens[i].text[1:]
    given = parameter_name(name)
    if given != name and given in names:
        raise code.error(
            i, f"in Python both :{name} and :{given} are named {given}", "rename one of the two parameters"
        )
    if name in _RESERVED_PARAMETERS:
        raise code.error(
            i,
            f"the parameter name :{name} is reserved",
            "conn, self and cls are reserved for the functions; choose another name",
        )
    # Inside a class, Python mangles a name that begins with __: the argument would get another name.
    if not is_python_name(given) or name.startswith("__"):
        raise code.error(i, f"Python would change the name of the parameter :{name}", "use plain letters")


def _colons(code: TokenList) -> None:
    for i in code.at.get(":", ()):
        if code.kind(i + 1) not in (WORD, NUMBER) or _in_square_brackets(code, i):
            continue
        name = code.tokens[i + 1]
        if name.start > code.tokens[i].start + 1:
            continue
        if name.kind == NUMBER:
            if code.kind(i - 1) not in (WORD, NUMBER):
                raise code.error(i, f":{name.text} is not a parameter here", "a parameter's name starts with a letter")
            continue
        if code.kind(i - 1) in (WORD, NUMBER, PARAMETER):
            before = code.tokens[i - 1].text
            raise code.error(
                i, f"{before}:{name.text} contains no parameter", f"put a space before the colon: {before} :{name.text}"
            )
        raise code.error(i, f":{name.text} after a colon is not a parameter", f"write a space before :{name.text}")


def _in_square_brackets(code: TokenList, i: int) -> bool:
    """Whether position ``i`` is in a subscript: there ``lo:hi`` is a slice."""
    return bisect(code.at.get("[", ()), i) > bisect(code.at.get("]", ()), i)


def _place(code: TokenList, i: int) -> None:
    name = code.tokens[i].text
    before, after = code.word(i - 1), code.kind(i + 1)
    end = code.tokens[i].start + len(name)
    if after == CAST and code.tokens[i + 1].start == end:
        raise code.error(
            i, f"{name}::{_type_after(code, i + 2)} is not bound", f"CAST({name} AS {_type_after(code, i + 2)})"
        )
    if before == "IN" and is_membership(code, i - 1):
        raise code.error(i, f"IN {name} has no brackets", f"write IN ({name})")
    identifier = before in _IDENTIFIER_FOLLOWS and code.word(i - 2) != "VACUUM"
    if identifier or (before == "FROM" and _starts_table(code, i - 1)):
        raise code.error(
            i, f"{name} is used as an identifier after {before}", "a parameter is a value: write the name itself"
        )
    if before == "." and code.kind(i - 2) in (WORD, QUOTED):
        raise code.error(i, f"{name} is used as an identifier after a dot", "a parameter is a value: write the name")
    if before == "(" and code.word(i - 2) == "(" and code.word(i - 3) == "IN" and after == PUNCTUATION:
        _single_in(code, i)
    adjacent = before == "[" and code.tokens[i - 1].start == code.tokens[i].start - 1
    if adjacent and opens_subscript(code.tokens[i - 2]):
        raise code.error(
            i,
            f"[{name} can be read as a slice or as a parameter",
            f"write [ {name} for the parameter, [1:… for the slice",
        )
    if _in_square_brackets(code, i) and ends_operand(code.tokens, i - 1):
        hint = f"write : {name} for the parameter, : {name[1:]} for the slice"
        raise code.error(i, f"{before} {name} can be read as a slice or as a parameter", hint)
    if before.endswith("\\"):
        raise code.error(
            i, f"there is a backslash before {name}", "remove it: outside a string a backslash has no meaning"
        )


def is_membership(code: TokenList, i: int) -> bool:
    """Whether the IN at position ``i`` tests membership; the one of ``position(:a IN :b)`` does not."""
    return code.opens[i] < 1 or code.word(code.opens[i] - 1) != "POSITION"


def _single_in(code: TokenList, i: int) -> None:
    """Refuse ``IN ((:ids))``: in double brackets it is one value."""
    name = code.tokens[i].text
    if code.word(i + 1) == code.word(i + 2) == ")" and is_membership(code, i - 3):
        raise code.error(
            i, f"IN (({name})) compares with one value", f"write IN ({name}) for a list, = {name} for a value"
        )


def _type_after(code: TokenList, i: int) -> str:
    """The type name of a cast: ``numeric(10,2)``, ``int[]``."""
    end = i + 1
    if code.word(end) == "(":
        end = next(j for j in range(end, len(code.words)) if code.words[j] == ")") + 1
    while code.word(end) == "[" and code.word(end + 1) == "]":
        end += 2
    return "".join(token.text for token in code.tokens[i:end]) or "…"


def _starts_table(code: TokenList, i: int) -> bool:
    """Whether the FROM at position ``i`` opens a table list, not an operand: substring(:s FROM :n)."""
    if code.word(i - 1) == "DISTINCT" and code.word(i - 2) in ("IS", "NOT"):
        return False
    opening = code.opens[i]
    if opening < 0:
        return True
    query = code.query_in(opening)
    return query is not None and query < i


def _untyped_null(code: TokenList, i: int, strict: Syntax, text_type: str) -> None:
    name, product = code.tokens[i].text, strict.product
    if code.word(i + 1) in ("ISNULL", "NOTNULL"):
        test = "IS NULL" if code.word(i + 1) == "ISNULL" else "IS NOT NULL"
        hint = _cast_hint(code, name, test, strict, text_type)
        raise code.error(i, f"{product} cannot determine the type of {name} here", hint)
    if code.word(i + 1) != "IS":
        return
    negated = code.word(i + 2) == "NOT"
    if code.word(i + 3 if negated else i + 2) == "NULL":
        test = "IS NOT NULL" if negated else "IS NULL"
        hint = _cast_hint(code, name, test, strict, text_type)
        raise code.error(i, f"{product} cannot determine the type of {name} in {name} {test}", hint)


def _cast_hint(code: TokenList, name: str, test: str, strict: Syntax, text_type: str) -> str:
    """A hint with the cast that the statement uses for the parameter elsewhere, or else casts for texts and others."""
    for i in code.parameters:
        if code.tokens[i].text == name and code.word(i - 2) == "CAST" and code.word(i + 1) == "AS":
            return f"CAST({name} AS {_type_after(code, i + 2)}) {test}"
    where = "" if text_type == strict.text_type else f" in an overlay for {strict.engine}"
    other = f"else its type{where}: CAST({name} AS {strict.other_type}) {test}"
    return f"CAST({name} AS {text_type}) {test} for a text, {other}"


def _literals(code: TokenList, names: Collection[str]) -> None:
    for i, token in enumerate(code.tokens):
        if token.kind not in (STRING, QUOTED) or ":" not in token.text:
            continue
        for mention in _NAMES_IN_LITERAL.findall(token.text):
            if mention in names:
                kind, cure = "string", f"join with || :{mention}"
                if token.kind == QUOTED:
                    kind, cure = "quoted identifier", "a parameter cannot be part of a name"
                raise code.error(i, f"a {kind} contains the parameter :{mention}", f"it is not bound there; {cure}")


def _core_marks(site: Site, names: Mapping[str, str]) -> None:
    """Refuse ``%(name)s`` everywhere: SQLAlchemy compiles parameters to it before it writes ``?``, and replaces it."""
    for mark in _CORE_MARK.finditer(site.text):
        if mark[1] in names:
            message = f"%({mark[1]})s in a string or comment would become a parameter"
            raise site.error(message, f"remove it, or rename the parameter :{names[mark[1]]}", at=mark.start())


def _sort_items(code: TokenList) -> None:
    if "BY" not in code.at:
        return
    # The clause of each open list, by the bracket around it, so that one pass is enough for any depth.
    lists: dict[int, str] = {}
    for i in range(code.at["BY"][0], len(code.words)):
        word, level = code.words[i], code.opens[i]
        if word == ",":
            if level in lists:
                _sort_item(code, i + 1, lists[level])
        elif word == "BY" and code.word(i - 1) in ("ORDER", "GROUP", "PARTITION"):
            lists[level] = f"{code.word(i - 1)} BY"
            _sort_item(code, i + 1, lists[level])
        elif word in _CLAUSE_ENDS:
            lists.pop(level, None)


def _sort_item(code: TokenList, i: int, clause: str) -> None:
    first = i
    while code.word(i) == "(":
        i += 1
    last = i + 1
    for _ in range(i - first):
        last += code.word(last) == ")"
    following = code.word(last)
    ends = following in ("", ")", ",") or following in _SORT_WORDS or following in _CLAUSE_ENDS or following == "ORDER"
    if code.kind(i) == PARAMETER and ends:
        name = code.tokens[i].text
        effect, cure = "groups by a constant", "write the column"
        if clause == "ORDER BY":
            effect, cure = "sorts by a constant", "write one statement for each order, or use ORDER BY CASE"
        raise code.error(i, f"{clause} {name} {effect}", f"a parameter cannot be a column: {cure}")


def _strange_characters(code: TokenList) -> None:
    for i, token in enumerate(code.tokens):
        if token.kind == OPERATOR and not token.text.isascii():
            raise code.error(
                i,
                f"the character U+{ord(token.text[0]):04X} is not SQL",
                "type it again: it may come from a word processor",
            )


def refuse_transaction(code: TokenList, verb: str) -> None:
    """Refuse BEGIN, COMMIT and similar statements."""
    if verb == "UNLOCK" or (verb == "LOCK" and code.word(1) == "TABLES"):
        raise code.error(0, f"{verb} TABLES ends the transaction on MariaDB", "lock rows: SELECT … FOR UPDATE")
    # PostgreSQL does not refuse all of these in a read-only transaction.
    is_writable = verb == "SET" and not _WRITABLE.isdisjoint(code.at)
    if verb in _TRANSACTION or is_writable or (verb in ("START", "PREPARE") and code.word(1) == "TRANSACTION"):
        raise code.error(0, f"{verb} controls the transaction", "the caller controls it: use Database.begin()")


def refuse_rows(header: Header, verb: str, returning: bool, writes_inside: bool, site: Site) -> None:
    """Refuse a row word or record that does not match a statement with this verb."""
    word, record = header.row_word, header.record
    what = "a record" if record != "scalar" else "scalar"
    if word.returns_no_rows and record:
        raise site.error(f":{word} returns no rows, so it cannot have {what}", f"remove {record}")
    if word in (RowWord.AFFECTED, RowWord.BATCH) and verb in QUERIES:
        raise site.error(
            f":{word} cannot be used with {verb}, which changes no rows", "use :one, :maybe, :many or :stream"
        )
    if word.takes_sets and record and not returning:
        raise site.error(f":batch without RETURNING returns no rows, so it cannot have {what}", f"remove {record}")
    if not word.returns_rows:
        return
    if (verb in CHANGES_ROWS and not returning) or verb in DEFINES:
        hint = "add RETURNING, or use :affected or :exec" if verb in CHANGES_ROWS else "use :exec"
        raise site.error(f":{word} cannot be used with {verb}{' without RETURNING' * (verb in CHANGES_ROWS)}", hint)
    if word.streams and (verb in CHANGES_ROWS or writes_inside):
        raise site.error(
            ":stream cannot be used with a statement that writes: if it is not read to the end, its work is incomplete",
            "use :many",
        )
