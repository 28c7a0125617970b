"""Time is proportional to the length of the text: 32 times the text takes about 32 times the CPU time.

If a loop started again for each piece, 32 times the text would take a thousand times the time.  The texts are those of
``harness.adversarial_texts``.  Each test compares two sizes, so it does not depend on the speed of the machine.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import make_dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from pydb.check.collector import Collector
from pydb.check.drift import check_drift
from pydb.check.records import RecordChecker
from pydb.check.schema_agreement import check_schemas
from pydb.check.statement_rules import check_refusal, check_statement
from pydb.describe import DescribedStatement, Refusal, Session, describe, scratch
from pydb.describe.analysis.parameters import parameter_evidence
from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.describe.changes import SchemaTexts, changes_of
from pydb.describe.session import place_of_name
from pydb.engines import engine_names
from pydb.engines.base import rules_of
from pydb.engines.script_bounds import checked
from pydb.errors import PydbError
from pydb.generate import Options, generate
from pydb.lint import Job, own_rules
from pydb.lint.linter import _lint as lint_one
from pydb.lint.linter import _statements as lint_statements
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.loader import definition_of, read
from pydb.sqlfile.parser import parse_file
from tests.harness.adversarial_texts import BOUNDS, LEXICAL, NESTED, QUERIES, SCRIPTS, STATEMENTS, Text, doubling_views

TIMES = 32
MOST = 3 * TIMES
"""Room for a busy machine; a square would be TIMES * TIMES."""

LONG_ENOUGH = 0.0002
"""Seconds of CPU time that the smaller size takes at least: above what a clock and a cache make of it."""

LONGER = {
    *("comment lines after", "line comments", "marks of optional lines", "quotes that never end"),
    *("square brackets that never close", "executable comments that never end", "directives", "lists", "subscripts"),
    "slices",
}
"""The texts with which a walk that begins anew shows late: what it repeats takes a processor little time."""

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """The CPU time of one run, in seconds."""
    gc.disable()
    try:
        started = process_time()
        with suppress(PydbError):  # a refusal must be as fast
            work()
        return process_time() - started
    finally:
        gc.enable()


def assert_linear(make: Callable[[int], Work], long_enough: float = LONG_ENOUGH) -> None:
    """Fail if this number of times the size takes more than three times that number of times the time."""
    size = 8
    work = make(size)
    while (small := seconds(work)) < long_enough and size < 200_000:
        size *= 2
        work = make(size)
    small = min(small, seconds(work))
    large = make(size * TIMES)
    taken = seconds(large)
    for _ in range(3):
        if taken <= MOST * small:
            break
        small, taken = min(small, seconds(work)), min(taken, seconds(large))
    # A text that is not long with 200,000 pieces is limited by the memory that it needs.
    small = max(small, long_enough)
    assert taken <= MOST * small, f"{TIMES} times {size} pieces take {taken / small:.0f} times the time"


def parametrised(*tables: dict[str, Text]) -> pytest.MarkDecorator:
    texts = {name: text for table in tables for name, text in table.items()}
    return pytest.mark.parametrize(("name", "text"), list(texts.items()), ids=list(texts))


def long_enough(name: str) -> float:
    return 15 * LONG_ENOUGH if name in LONGER else LONG_ENOUGH


# The loader and the scripts.


@pytest.mark.deep
@parametrised(LEXICAL, STATEMENTS)
def test_loading(name: str, text: Text) -> None:
    """A statement is loaded or refused in time proportional to its length, for one engine and for all."""
    assert_linear(lambda size: read_once("-- name: a :many\n" + text(size)), long_enough(name))


@pytest.mark.deep
@parametrised({name: LEXICAL[name] for name in list(LEXICAL)[:12]})
def test_reading_what_stands_before_the_first_header(name: str, text: Text) -> None:
    """The description of a file is read in time proportional to its length."""
    assert_linear(lambda size: read_once(text(size) + "\n-- name: a :many\nSELECT 1;"))


def read_once(text: str) -> Work:
    def work() -> None:
        with suppress(PydbError):
            parse_file(text, "f.sql", "f", "postgresql")
        parse_file(text, "f.sql", "f", None)

    return work


@pytest.mark.deep
@pytest.mark.parametrize("engine", engine_names())
@parametrised(LEXICAL, SCRIPTS)
def test_cutting_scripts(engine: str, name: str, text: Text) -> None:
    """A script is split in time proportional to its length."""

    def make(size: int) -> Work:
        script = text(size)
        return lambda: [None for _ in rules_of(engine).statements(script)]

    assert_linear(make)


@pytest.mark.deep
@pytest.mark.parametrize("engine", engine_names())
@parametrised(BOUNDS)
def test_checking_what_a_script_may_reach(engine: str, name: str, text: Text) -> None:
    """A script is checked in time proportional to its length."""
    rules = rules_of(engine)

    def make(size: int) -> Work:
        script = text(size)
        return lambda: checked(rules.statements(script), rules.script_bounds(answer), "f.sql")

    assert_linear(make)


def answer(query: str) -> list[tuple[Any, ...]]:
    """The answers of a script's connection: its database, the server's databases, and that its user has all rights."""
    if "VERSION" in query:
        return [("app", "11.4.2-MariaDB")]
    return [("app",), ("new",)] if "SHOW" in query else [(1,)]


@pytest.mark.deep
def test_cutting_rows_to_seed() -> None:
    """Each of tens of thousands of INSERTs is split as fast as each of a thousand."""

    def make(size: int) -> Work:
        script = SCRIPTS["rows to seed"](size)
        return lambda: [None for _ in rules_of("sqlite").statements(script)]

    assert_linear(make, 0.01)


def test_a_long_script_is_cut_in_little_memory() -> None:
    """A script's statements are yielded one by one, and none is kept."""
    script = SCRIPTS["rows to seed"](5_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in rules_of("sqlite").statements(script)) == 5_000
        assert tracemalloc.get_traced_memory()[1] < len(script) / 4
    finally:
        tracemalloc.stop()


# The analysis, and check.


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """SQLite in memory with the tables of the texts."""
    schema = tmp_path_factory.mktemp("linear") / "schema.sql"
    columns = ", ".join(f"c{n} integer" for n in range(60))
    schema.write_text(f"CREATE TABLE t (a integer PRIMARY KEY, b text NOT NULL);\nCREATE TABLE w ({columns});")
    with scratch(None, str(schema)) as opened:
        yield opened


@pytest.mark.deep
@parametrised(QUERIES)
def test_describing_and_checking(session: Session, name: str, text: Text) -> None:
    """A statement is described and checked in time proportional to its length."""

    def make(size: int) -> Work:
        definition = defined(text(size))
        return lambda: check_one(session, definition)

    assert_linear(make)


def defined(sql: str) -> Definition:
    rows = "many" if sql.startswith(("SELECT", "WITH", "/*")) else "exec"
    (parsed,) = parse_file(f"-- name: a :{rows}\n{sql};", "f.sql", "f", None)
    return definition_of({None: parsed})


def check_one(session: Session, definition: Definition) -> None:
    collector, found = Collector(["sqlite"]), describe(session, definition)
    if isinstance(found, DescribedStatement):
        check_statement(found, collector)
    elif isinstance(found, Refusal):
        check_refusal(found, collector)
    collector.findings()


@pytest.mark.deep
def test_what_nests_comes_to_an_end() -> None:
    """Nothing doubles with each level of nesting: loader, splitter and check accept thirty levels."""
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def read_nested_texts(folder: Path) -> None:
    """Read each nested text in every way; with exponential time, this would not end."""
    schema = folder / "schema.sql"
    schema.write_text("CREATE TABLE t (a integer);")
    with scratch(None, str(schema)) as session:
        for text in NESTED.values():
            sql = text(30)
            for engine in engine_names():
                list(rules_of(engine).statements(sql))
                parameter_evidence(analyse(sql, replace(session.catalogue, engine=engine)))
                rules_of(engine).counts_many(sql)
            with suppress(PydbError):
                check_one(session, defined(sql.rstrip(";")))
    views = folder / "views.sql"
    views.write_text("\n".join(doubling_views(40)))
    with suppress(PydbError), scratch(None, str(views)):
        raise AssertionError("it was not refused")


def test_views_that_double_are_refused(tmp_path: Path) -> None:
    """A schema whose views stand for a thousand queries is refused, with the line of the first such view."""
    schema = tmp_path / "schema.sql"
    schema.write_text("\n".join(doubling_views(30)))
    with (
        pytest.raises(PydbError, match=r"schema\.sql:11: the view v9 expands to more than 1,000 queries"),
        scratch(None, str(schema)),
    ):
        pass


def test_a_statement_that_doubles_is_refused(session: Session) -> None:
    """A statement whose expressions stand for a thousand queries is refused before the engine gets it."""
    found = describe(session, defined(NESTED["expressions that double"](30)))
    assert isinstance(found, Refusal)
    assert found.message.startswith("it expands to more than 1,000 queries")
    assert isinstance(describe(session, defined(NESTED["expressions that double"](5))), DescribedStatement)


def test_what_is_nested_too_deep_is_said(session: Session) -> None:
    """A statement that is nested too deep for the analysis is described, and nothing is known about NULL."""
    found = describe(session, defined(NESTED["brackets"](85)))
    assert isinstance(found, DescribedStatement)
    assert [column.certain for column in found.columns] == [False]


@pytest.mark.parametrize("joint", ["AND", "OR"])
def test_long_chains_of_conditions_are_analysed(session: Session, joint: str) -> None:
    """A condition of a thousand parts is analysed like one of two."""
    found = describe(session, defined(f"SELECT b FROM t WHERE {f' {joint} '.join(['a = :p'] * 900)}"))
    assert isinstance(found, DescribedStatement)
    assert [column.nullable for column in found.columns] == [False]
    assert found.parameters["p"].types == ("integer",)


# Projects: many statements, files, tables and findings.

_numbers = count()


def folder_of(files: dict[str, str], top: Path) -> str:
    """A new folder with these files."""
    folder = top / str(next(_numbers))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return str(folder)


STATEMENT = "-- name: s{0} :many R{0}\n-- Doc.\nSELECT a, b FROM t WHERE a = :a;\n\n"
FACTORY = "-- name: c{0} :one R{0}\nINSERT INTO t (a, b) VALUES (:a, :b) RETURNING a, b;\n\n"


def statements(size: int, form: str = STATEMENT) -> str:
    return "".join(form.format(n) for n in range(size))


FOLDERS: dict[str, Callable[[int], dict[str, str]]] = {
    "statements in a file": lambda size: {"q.sql": statements(size)},
    "files": lambda size: {f"f{n}.sql": statements(1) for n in range(size)},
    "folders": lambda size: {f"d{n}/f.sql": statements(1) for n in range(size)},
    "overlays": lambda size: {name: statements(size) for name in ("q.sql", "sqlite/q.sql", "mariadb/q.sql")},
    "statements with errors": lambda size: {"q.sql": statements(size, "-- name: s{0} :mani R\nSELECT 1;\n")},
    "statements of one name": lambda size: {"q.sql": "-- name: s :many\nSELECT 1;\n" * size},
}


@pytest.mark.deep
@pytest.mark.parametrize("files", list(FOLDERS.values()), ids=list(FOLDERS))
def test_loading_folders(tmp_path: Path, files: Callable[[int], dict[str, str]]) -> None:
    """A folder is loaded, and linted by pydb's own rules, in time proportional to its statements."""

    def make(size: int) -> Work:
        folder = folder_of(files(size), tmp_path)

        def work() -> None:
            lint_statements(folder)
            read(folder)

        return work

    assert_linear(make)


@pytest.mark.deep
def test_linting() -> None:
    """pydb's own rules find violations in time proportional to the statement's length."""

    class NoStyle:
        def violations(self, *_: object) -> list[Any]:
            return []

    def findings(size: int) -> Work:
        sql = "SELECT " + "t.*,\n" * size + "1;"
        style: Any = NoStyle()
        return lambda: list(lint_one(Job("f.sql", 1, "a", f"-- Doc.\n{sql}", sql, None), style))

    def own_findings(text: str, size: int) -> Work:
        return lambda: list(own_rules.own_violations(tokenize(text * size, "sqlite"), ""))

    assert_linear(findings)
    for text in ("(UPDATE t SET a = 1 ", "(DELETE FROM t) ", "(UPDATE t WHERE (DELETE FROM t "):
        assert_linear(partial(own_findings, text))


def test_following_links_comes_to_an_end(tmp_path: Path) -> None:
    """Links to a folder above are refused."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "q.sql").write_text("-- name: a :many\nSELECT 1;")
    for name in ("x", "y"):
        (tmp_path / "sql" / name).symlink_to(tmp_path / "sql")
    with pytest.raises(PydbError, match="folders are nested more than 16 deep"):
        read(tmp_path / "sql")


def tables(size: int, columns: int = 1) -> str:
    parts = ",\n".join(f"    c{n} integer NOT NULL" for n in range(columns))
    return "".join(f"CREATE TABLE t{n} (\n{parts}\n);\n\n" for n in range(size))


def catalogue(engine: str, size: int, columns: int = 1, *, nullable: bool = False) -> Catalogue:
    facts = {f"c{n}": ColumnFacts(f"c{n}", "integer", nullable) for n in range(columns)}
    return Catalogue(engine, {f"t{n}": TableFacts(f"t{n}", facts) for n in range(size)})


def two_schemas(size: int, columns: int, other: Catalogue, top: Path) -> Work:
    folder = folder_of({"a.sql": tables(size, columns), "b.sql": tables(size, columns)}, top)
    files = {"sqlite": f"{folder}/a.sql", "postgresql": f"{folder}/b.sql"}
    one = catalogue("sqlite", size, columns)
    return lambda: check_schemas(one, other, files, Collector(["sqlite", "postgresql"]))


def drifted(size: int, top: Path) -> Work:
    file = folder_of({"schema.sql": tables(size)}, top) + "/schema.sql"
    one, two = ({f"column t{n}.c0": type_ for n in range(size)} for type_ in ("integer", "text"))
    return lambda: check_drift(one, two, file, "sqlite", Collector(["sqlite"]))


def drafted(engine: str, size: int, top: Path) -> Work:
    """The drafted changes create all tables, rebuild them, and drop them."""
    size *= 8
    file = folder_of({"schema.sql": tables(size, 2)}, top) + "/schema.sql"
    texts = SchemaTexts(file, engine)
    made = "CREATE INDEX i{} ON t{} "
    wide = {
        "sqlite": {"table t{}": "CREATE TABLE t{}", "column t{}.c0": "c0 integer", "index i{}": made + "( c0 )"},
        "postgresql": {"column t{}.c0": "integer", "constraint k{} of t{}": "UNIQUE (c0)",
                       "sequence t{}_c0_seq": "x", "index i{}": made + "USING btree (c0)"},
        "mariadb": {"table t{}": "ENGINE=InnoDB", "column t{}.c0": "`c0` int(11)",
                    "constraint t{}.k": "FOREIGN KEY (c0)"},
    }[engine]  # fmt: skip
    wide |= {"view v{}": "CREATE VIEW v{} AS SELECT c0 FROM t{}"}
    one = {name.replace("{}", str(n)): text.replace("{}", str(n)) for n in range(size) for name, text in wide.items()}
    two = {name: text if name.startswith("table") else text.replace("c0", "c1") for name, text in one.items()}
    own = changes_of(engine)
    return lambda: [own.changes(have, want, texts) for have, want in (({}, one), (one, two), (one, {}))]


def applied(size: int, text: Text, top: Path) -> Work:
    file = folder_of({"schema.sql": text(size)}, top) + "/schema.sql"

    def work() -> None:
        with scratch(None, file):
            pass

    return work


CHECKS: dict[str, Callable[[int, Path], Work]] = {
    "tables that are missing": lambda size, top: two_schemas(size, 1, catalogue("postgresql", 0), top),
    "columns that differ": lambda size, top: two_schemas(
        1, size, catalogue("postgresql", 1, size, nullable=True), top
    ),
    "drift": drifted,
    **{f"a draft for {engine}": partial(drafted, engine) for engine in ("sqlite", "postgresql", "mariadb")},
    "tables of a schema": lambda size, top: applied(min(size, 1024), tables, top),
    "views of a schema": lambda size, top: applied(
        min(size, 1024),
        lambda n: "CREATE TABLE t (a integer);" + "".join(
            f"CREATE VIEW v{i:05} AS SELECT a FROM {f'v{i - 1:05}' if i % 9 else 't'};\n" for i in range(n)
        ),
        top,
    ),
    "rows of a schema": lambda size, top: applied(
        size, lambda n: "CREATE TABLE t (a integer);\n" + "INSERT INTO t VALUES (1);\n" * n, top
    ),
    "a name with points": lambda size, _: lambda: place_of_name('"a"."b".' * size + "c", "a." * size, "sqlite"),
}  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("make", list(CHECKS.values()), ids=list(CHECKS))
def test_checking_schemas(tmp_path: Path, make: Callable[[int, Path], Work]) -> None:
    """Schemas are read and compared in time proportional to their tables, columns and findings."""
    assert_linear(lambda size: make(size, tmp_path))


@pytest.mark.deep
def test_checking_records(session: Session) -> None:
    """Statements are compared with their records in time proportional to both."""

    def make(size: int) -> Work:
        described = [describe(session, item) for item in definitions(statements(size))]
        records = {f"R{n}": make_dataclass(f"R{n}", [("a", int), ("b", str | None)]) for n in range(size)}

        def work() -> None:
            checker = RecordChecker(records, Collector(["sqlite"]))
            found = [item for item in described if isinstance(item, DescribedStatement)]
            for item in found:
                checker.check(item)
            checker.check_needless(found)

        return work

    assert_linear(make)


def definitions(text: str, prefix: str = "q") -> list[Definition]:
    return [definition_of({None: parsed}) for parsed in parse_file(text, "q.sql", prefix, None)]


PACKAGES: dict[str, Callable[[int], list[Definition]]] = {
    "records": lambda size: definitions(statements(size, FACTORY)),
    "modules": lambda size: [one for n in range(size) for one in definitions(statements(1), f"d{n}.q")],
    "columns": lambda size: definitions(
        f"-- name: a :many R\nSELECT {', '.join(f'a AS c{n}' for n in range(size))} FROM t;"
    ),
    "records whose names differ in case": lambda size: definitions(
        "".join(FACTORY.format(n).replace(f"R{n}", f"R{n:b}".translate({48: "x", 49: "X"})) for n in range(size))
    ),
}


@pytest.mark.deep
@pytest.mark.parametrize("make", list(PACKAGES.values()), ids=list(PACKAGES))
def test_generating(tmp_path: Path, session: Session, make: Callable[[int], list[Definition]]) -> None:
    """A package is written in time proportional to its statements."""
    folder = folder_of({"q.sql": statements(1)}, tmp_path)

    def work_for(size: int) -> Work:
        wanted = make(min(size, 2048))
        described = [found for item in wanted if isinstance(found := describe(session, item), DescribedStatement)]

        def work() -> None:
            files, findings = generate(wanted, described, folder, Options(package="app.db", sql="../sql"))
            assert files, findings

        return work

    assert_linear(work_for)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        read_nested_texts(Path(place))
    print("done")
