"""The linter: the path of .sql files and schema scripts in, a LintReport with the files' lines out.

Each statement is linted separately, so that one that cannot be read does not hide others: by pydb's parser and its
own rules (``own_rules``), and by sqlfluff in the house style (``sqlfluff_style``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydb.engines import default_engine
from pydb.engines.base import rules_of
from pydb.errors import SqlFileError
from pydb.findings import Examined, Finding
from pydb.lint.column_lists import long_lists
from pydb.lint.optional_lines import is_false_alarm, is_marked, variant_violations
from pydb.lint.own_rules import FORMAT, HINTS, LINES, own_violations
from pydb.lint.sqlfluff_style import CONSTANT, LONG, UNREADABLE, Style, dialects_for
from pydb.sqlfile.lexer import Unterminated, tokenize
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.loader import file_text, read, statement_files
from pydb.sqlfile.parser import Parsed, parse_file
from pydb.sqlfile.tokens import Token, TokenList, significant

__all__ = ["Job", "LintReport", "lint"]


@dataclass(frozen=True, slots=True)
class Job:
    """One statement to lint.  ``text`` begins at ``line`` with the comments above it; ``sql`` is the end of ``text``.

    ``marked`` is the parsed statement if it has optional lines.
    """

    file: str
    line: int
    name: str | None
    text: str
    sql: str
    engine: str | None
    documentation: str = ""
    marked: Parsed | None = None


@dataclass(frozen=True, slots=True)
class LintReport:
    """The findings in the order of files and lines, and the numbers of files and statements.

    ``examined`` are the statements of the files, and the schema scripts.
    """

    findings: tuple[Finding, ...]
    files: int
    statements: int
    examined: tuple[Examined, ...] = ()


def lint(
    path: str,
    schemas: Mapping[str, str],
    *,
    folder: Path | None = None,
    track: Callable[[list[Job]], Iterable[Job]] = iter,
) -> LintReport:
    """Lint the statements under ``path`` and the schema scripts, given by engine.

    ``folder`` contains the [tool.sqlfluff] or .sqlfluff of the project; ``track`` yields the jobs and may
    show progress.  Raises PydbError when sqlfluff is missing, SqlFileError when ``path`` does not exist.
    """
    jobs, findings, files = _statements(path)
    for engine, script in schemas.items():
        jobs += _script(script, engine)
    style = Style(folder)
    for job in track(jobs):
        findings += _lint(job, style)
    findings.sort(key=lambda finding: (finding.file, finding.line, finding.column or 0))
    named = {job.name: Examined(job.file, job.line, job.name) for job in jobs if job.name}
    examined = (*(Examined(script, 1) for script in schemas.values()), *named.values())
    return LintReport(tuple(findings), files + len(schemas), len(jobs), examined)


def _statements(path: str) -> tuple[list[Job], list[Finding], int]:
    """The statements that can be read; there is a finding for each of the others."""
    jobs: list[Job] = []
    findings: list[Finding] = []
    overlaid: dict[str, list[str]] = {}
    files = _files(path)
    for engine, prefix, file in files:
        try:
            text = file_text(file)
        except SqlFileError as error:
            findings.append(_refused(error))
            continue
        lines = LineStarts(text)
        errors: list[SqlFileError] = []
        for parsed in parse_file(text, file, prefix, engine, overlaid, errors.append):
            jobs.append(_job(parsed, text, lines, engine))
            if engine:
                overlaid.setdefault(parsed.header.name, []).append(engine)
        findings += map(_refused, errors)
    findings += _across(path, findings)
    return jobs, findings, len(files)


def _files(path: str) -> list[tuple[str | None, str, str]]:
    """The files as (engine, name, path), overlays first: a shared text is read only by the engines without one."""
    if Path(path).is_file():
        return [(None, Path(path).stem, path)]
    found = [(engine, ".".join(parts), file) for engine, parts, file in statement_files(path, lambda _: None)]
    return sorted(found, key=lambda file: (file[0] is None, file[2]))


def _job(parsed: Parsed, text: str, lines: LineStarts, engine: str | None) -> Job:
    sql = parsed.form.sql
    end = text.index(sql, lines.start(parsed.form.line)) + len(sql)
    whole = text[lines.start(parsed.line) : end]
    marked = parsed if parsed.form.lines else None
    return Job(parsed.form.file, parsed.line, parsed.header.name, whole, sql, engine, parsed.notes.doc, marked)


def _across(path: str, found: list[Finding]) -> Iterator[Finding]:
    """The findings about the whole folder: forms that disagree, names that clash, files that cannot be opened."""
    known = {(one.file, one.line, one.message) for one in found}
    errors: list[SqlFileError] = []
    try:
        read(path, on_error=errors.append)
    except SqlFileError as error:
        if not Path(path).exists():
            raise
        errors.append(error)
    for finding in map(_refused, errors):
        if (finding.file, finding.line, finding.message) not in known:
            known.add((finding.file, finding.line, finding.message))
            yield finding


def _refused(error: SqlFileError) -> Finding:
    return Finding(
        error.file or "",
        error.line or 1,
        error.column,
        FORMAT,
        error.message,
        statement=error.statement_name,
        hint=error.hint,
    )


def _script(script: str, engine: str) -> list[Job]:
    text = file_text(script)
    found = []
    for line, statement in rules_of(engine).statements(text):
        # The engine's rules may omit the ; that sqlfluff expects.
        whole = statement if statement.endswith(";") else f"{statement};"
        found.append(Job(script, line, None, whole, whole, engine))
    return found


def _lint(job: Job, style: Style) -> Iterator[Finding]:
    lines, before = LineStarts(job.text, job.line), len(job.text) - len(job.sql)
    try:
        tokens = tokenize(job.sql, job.engine or default_engine())
    except Unterminated as error:
        yield _finding(job, lines.place(before + error.start), FORMAT, f"a {error.what} is never closed")
        return
    own = [(code, lines.place(before + at), message) for code, at, message in own_violations(tokens, job.documentation)]
    for code, place, message in own:
        yield _finding(job, place, code, message)
    for at, message in long_lists(tokens):
        yield _finding(job, lines.place(before + at), LINES, message)
    if job.marked is not None:
        known = {(code, place[0]) for code, place, _ in own}
        for code, line, message in variant_violations(job.marked, job.engine):
            if (code, line) not in known:
                yield Finding(job.file, line, None, code, message, job.name, HINTS.get(code))
    text = job.text.removesuffix(job.sql) + _with_literals(tokens) + "\n"
    dialects = dialects_for(job.engine)
    compared = {lines.place(before + offset) for offset in _beside_parameters(tokens)}
    for violation in style.violations(text, dialects):
        place = (job.line + violation.line - 1, violation.column)
        # Only sqlfluff sees a constant here: the number in place of a parameter.
        if violation.code == CONSTANT and place in compared:
            continue
        if job.marked is not None and is_false_alarm(job.marked.form, violation.code, place[0]):
            continue
        hint = f"dialects of sqlfluff that were tried: {', '.join(dialects)}" if violation.code in UNREADABLE else None
        if violation.code == LONG and job.marked is not None and is_marked(job.marked.form, place[0]):
            hint = "break the line by hand: a formatter would move its mark to a line of its own"
        yield Finding(job.file, *place, violation.code, violation.message, job.name, hint)


def _with_literals(tokens: Sequence[Token]) -> str:
    """The SQL with a number of the same length instead of each parameter: a number may be used as any value.

    sqlfluff reads a pattern only as a string.
    """
    code = TokenList(list(significant(tokens)))
    literals = {code.tokens[i].start: _literal(code.tokens[i], code.word(i - 1)) for i in code.parameters}
    return "".join(literals.get(token.start, token.text) for token in tokens)


def _beside_parameters(tokens: Sequence[Token]) -> Iterator[int]:
    """The offsets of the tokens directly before and after each parameter."""
    code = TokenList(list(significant(tokens)))
    for i in code.parameters:
        yield from (code.tokens[j].start for j in (i - 1, i + 1) if 0 <= j < len(code))


def _literal(parameter: Token, before: str) -> str:
    length = len(parameter.text)
    return f"'{'x' * (length - 2)}'" if before in ("REGEXP", "RLIKE") else "1" * length


def _finding(job: Job, place: tuple[int, int], code: str, message: str) -> Finding:
    return Finding(job.file, *place, code, message, job.name, HINTS.get(code))
