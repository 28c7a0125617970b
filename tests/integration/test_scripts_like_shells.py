"""A script has the same effect in ``Database.apply`` and ``pydb check`` as in the engine's shell.

Each script is run by sqlite3, psql or mariadb in one database, and by pydb in another one.  Then the contents of both
are compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

import pydb
from pydb.describe.scratch import scratch
from pydb.errors import PydbError, SqlFileError
from pydb.testing.servers import StartedServer
from tests.harness import shells
from tests.integration.scripts.shells import OWN, random_scripts, scripts_of

NewUrl = Callable[[ExitStack], str]


@pytest.fixture
def new_url(engine_name: str, shared_server: StartedServer | None, tmp_path: Path) -> NewUrl:
    """Make an empty database, which exists as long as the stack is open."""
    if (program := shells.missing_shell(engine_name)) is not None:
        if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {program} is not installed", pytrace=False)
        pytest.skip(f"{program} is not installed")

    @contextmanager
    def made() -> Iterator[str]:
        name = f"pydb_{uuid4().hex[:16]}"
        if shared_server is None:
            yield f"sqlite:///{tmp_path / name}.db"
            return
        shared_server.create_database(name)
        try:
            yield shared_server.url(name)
        finally:
            shared_server.drop_database(name)

    return lambda stack: stack.enter_context(made())


def difference(engine: str, script: str, new_url: NewUrl, folder: Path, *, checked: bool) -> str | None:
    """The difference between the results of the shell and of pydb; with ``checked``, also of check."""
    file = folder / "script.sql"
    file.write_bytes(script.encode())
    found = _difference(engine, file, new_url, checked=checked)
    if found is not None and engine == "mariadb":
        return found if _difference(engine, file, new_url, checked=checked, comments=True) is not None else None
    return found


def _difference(engine: str, file: Path, new_url: NewUrl, *, checked: bool, comments: bool = False) -> str | None:
    with ExitStack() as stack:
        theirs, ours = new_url(stack), new_url(stack)
        empty = shells.catalogue(engine, ours)
        worked = shells.run_shell(engine, theirs, file, comments=comments)
        refusal = applied(ours, file)
        wanted, found = shells.catalogue(engine, theirs), shells.catalogue(engine, ours)
        if worked is not (refusal is None):
            return f"the shell {'accepts' if worked else 'refuses'} it, apply says {refusal}"
        if refusal is not None and (engine != "mariadb" or isinstance(refusal, SqlFileError)):
            wanted = empty  # apply runs everything or nothing, and a script that it refuses by name was not begun
        if found != wanted:
            return f"{found}\n---- but the shell:\n{wanted}"
        check_refusal = described(engine, ours, file) if checked else refusal
        if (check_refusal is None) is not (refusal is None):
            return f"apply says {refusal}, check {check_refusal}"
    return None


def applied(url: str, file: Path) -> PydbError | None:
    """Why apply refuses the script."""
    with pydb.Database(url) as database:
        return applied_by(database, file)


def described(engine: str, url: str, file: Path) -> PydbError | None:
    """Why check refuses the script."""
    try:
        with scratch(None if engine == "sqlite" else make_url(url), str(file)):
            return None
    except PydbError as error:
        return error


def assert_alike(engine: str, scripts: list[str], new_url: NewUrl, folder: Path, *, checked: bool = True) -> None:
    found = [(script, difference(engine, script, new_url, folder, checked=checked)) for script in scripts]
    unlike = [f"{script!r}:\n{what}" for script, what in found if what is not None]
    assert not unlike, f"{len(unlike)} of {len(scripts)}:\n" + "\n\n".join(unlike)


def test_a_few_scripts(engine_name: str, new_url: NewUrl, tmp_path: Path) -> None:
    """A script with bodies, and one with names like BEGIN, has the same effect in the shell and in pydb."""
    assert_alike(engine_name, [scripts_of(engine_name)[0], OWN[engine_name][0]], new_url, tmp_path)


@pytest.mark.deep
def test_scripts(engine_name: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Each script of the corpus has the same effect in the shell and in pydb."""
    scripts = scripts_of(engine_name)
    assert len(scripts) >= 60
    assert_alike(engine_name, scripts, new_url, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(2))
def test_random_scripts(engine_name: str, new_url: NewUrl, tmp_path: Path, seed: int) -> None:
    """Scripts from random pieces and comments have the same effect in the shell and in pydb."""
    assert_alike(engine_name, list(random_scripts(engine_name, 20, seed)), new_url, tmp_path, checked=False)


@pytest.mark.deep
def test_a_dump_of_the_sample(engine_name: str, new_url: NewUrl, sample_url: str, tmp_path: Path) -> None:
    """The dump of a database with rows creates the same database, in the shell and in pydb."""
    with pydb.Database(sample_url) as database, database.begin() as conn:
        for name in ("it's; a \\ and a \"", "two\nlines;\n-- none", "BEGIN; /* %s :x ? */"):
            conn.execute(text("INSERT INTO tags (name) VALUES (:name)"), {"name": name})
    script = shells.script_of(engine_name, sample_url)
    assert "two" in script
    assert_alike(engine_name, [script], new_url, tmp_path)
    with ExitStack() as stack:
        ours = new_url(stack)
        assert applied(ours, tmp_path / "script.sql") is None


SETTINGS = {
    "sqlite": ("PRAGMA recursive_triggers = ON", "PRAGMA recursive_triggers"),
    "postgresql": ("SELECT pg_catalog.set_config('search_path', '', false)", "SHOW search_path"),
    "mariadb": (
        "SET FOREIGN_KEY_CHECKS = 0, sql_mode = '', @a = 1",
        "SELECT @@foreign_key_checks, @@sql_mode, @a",
    ),
}


@pytest.mark.parametrize("end", ["", "nonsense;\n"])
def test_what_a_script_sets_ends_with_it(engine_name: str, empty_url: str, tmp_path: Path, end: str) -> None:
    """The next user of the pool's only connection finds the settings of Database, also after a failed script."""
    setting, question = SETTINGS[engine_name]
    file = tmp_path / "script.sql"
    file.write_text(f"{setting};\n{end}")
    with pydb.Database(empty_url, pool_size=1) as database:
        with database.connect() as conn:
            before = conn.exec_driver_sql(question).all()
        assert (applied_by(database, file) is None) is (end == "")
        with database.connect() as conn:
            assert conn.exec_driver_sql(question).all() == before


def test_what_a_script_sets_ends_with_it_in_check(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """check describes statements in a session with Database's settings, not with those of the script."""
    setting, question = SETTINGS[engine_name]
    file = tmp_path / "script.sql"
    answers = []
    for script in ("", f"{setting};\n"):
        file.write_text(script)
        with scratch(None if engine_name == "sqlite" else make_url(empty_url), str(file)) as session:
            answers.append(list(session.ask(question)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///file:kept?mode=memory&cache=shared&uri=true"])
def test_a_database_in_memory_keeps_its_rows(url: str, tmp_path: Path) -> None:
    """A script's settings end with it, and the rows of a database in memory stay."""
    file = tmp_path / "script.sql"
    with pydb.Database(url) as database:
        for script in (
            "CREATE TABLE a (x integer);\nINSERT INTO a VALUES (1);",
            "PRAGMA recursive_triggers = ON;\nno;",
        ):
            file.write_text(script)
            applied_by(database, file)
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT x FROM a").scalars().all() == [1]
            assert conn.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 0


REFUSED = {
    "sqlite": ["BEGIN;", "COMMIT;", ".read other.sql", ".mode list", "ATTACH 'x.db' AS x;"],
    "postgresql": [
        *("BEGIN;", "COMMIT;", "COPY a FROM STDIN;\n1\n\\.", "COPY a (x) FROM stdin WITH CSV;\n'\n\\.", "\\connect x"),
        *("SELECT 1 \\g", "\\i other.sql", "\\copy a from 'it''s'", "\\! echo it's", "SELECT 1 \\; SELECT 2;"),
    ],
    "mariadb": [
        *("BEGIN;", "COMMIT;", "START TRANSACTION;", "source other.sql", "\\. other.sql", "SELECT 1\\G", "system ls"),
        *("SELECT 'it\\'s';", "connect x", "\\! echo it's", "tee x", "delimiter", "USE mysql;"),
    ],
}


def test_what_pydb_refuses_by_name(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """The end of a transaction, rows for COPY and shell commands are refused with their line before anything runs."""
    file = tmp_path / "script.sql"
    for statement in REFUSED[engine_name]:
        file.write_text(f"CREATE TABLE a (x integer);\n{statement}\nCREATE TABLE b (x integer);\n")
        with pydb.Database(empty_url) as database:
            refusal = applied_by(database, file)
            assert isinstance(refusal, SqlFileError), statement
            assert (refusal.line, bool(refusal.hint)) == (2, True), statement
            with database.connect() as conn:
                assert inspect(conn).get_table_names() == [], statement
        found = described(engine_name, empty_url, file)
        assert str(found) == str(refusal), statement


def applied_by(database: pydb.Database, file: Path) -> PydbError | None:
    try:
        database.apply(file)
    except PydbError as error:
        return error
    return None
