"""Checks that a signal ends leave no scratch database, and the next check drops that of a killed check."""

from __future__ import annotations

import gc
import re
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from pydb.describe.scratch_database import scratch_database
from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import sessions_of
from pydb.testing.servers import StartedServer
from tests.harness.command_processes import Fork, interrupted_everywhere
from tests.harness.proxy import Proxy
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.deep, pytest.mark.engines("postgresql", "mariadb")]

SCHEMA = "CREATE TABLE notes (id integer NOT NULL PRIMARY KEY);\n"
FILES = {
    "pyproject.toml": '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n',
    "schema.sql": SCHEMA,
    "sql/postgresql/schema.sql": SCHEMA,
    "sql/mariadb/schema.sql": SCHEMA,
    "sql/notes.sql": "-- name: marked :many scalar\nSELECT id + 4711 AS marked FROM notes ORDER BY id;\n",
    "app/__init__.py": "",
}
DATABASES = {"postgresql": "SELECT datname FROM pg_database", "mariadb": "SHOW DATABASES"}
SESSIONS = {
    "postgresql": "SELECT 1 FROM pg_stat_activity WHERE datname = '{0}' OR application_name = '{0}'",
    "mariadb": "SELECT 1 FROM information_schema.processlist WHERE db = '{0}' OR is_used_lock('{0}')",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a table and a statement, whose text contains the number 4711."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def scratch_databases(own_server: StartedServer) -> Callable[[], set[str]]:
    """The scratch databases on a server that no other check uses."""
    query = DATABASES[own_server.engine]
    return lambda: {name for (name,) in own_server.execute(query) if name.startswith("pydb_check_")}


class Held(Fork):
    """A check on the server that is held where its connection sends a text, or at the answer to the text."""

    def __init__(self, folder: Path, url: str, text: str, *, after: bool = False, command: str = "check") -> None:
        self.proxy = Proxy(make_url(url).port or 0)
        self.hold = self.proxy.hold_after(text) if after else self.proxy.hold_before(text)
        super().__init__(folder, command, "--no-cache", "--db", self.proxy.url(url))

    def reach(self) -> None:
        """Wait until the check is held."""
        wait_until(self.hold.reached.is_set, "the check comes to its place")

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self.proxy.close()


def interrupt_waiting(check: Held) -> None:
    """The driver waits for an answer, which comes only after a new connection was tried."""
    before = check.proxy.connections
    check.send(signal.SIGINT)
    wait_until(lambda: check.proxy.connections > before, "a new connection cancels or cleans up")
    check.hold.release()


def terminate_working(check: Held) -> None:
    """The answer comes at once, because the driver may wait for it outside Python, which sees no signal there."""
    check.send(signal.SIGTERM)
    check.hold.release()


def hang_up_working(check: Held) -> None:
    """The same with another signal."""
    check.send(signal.SIGHUP)
    check.hold.release()


def interrupt_twice(check: Held) -> None:
    """A second signal comes while the clean-up after the first one drops the database."""
    second = check.proxy.hold_before("DATABASE IF EXISTS")
    check.send(signal.SIGINT)
    check.hold.release()
    wait_until(second.reached.is_set, "the clean-up drops the database")
    check.send(signal.SIGTERM)
    second.release()


NOT_FINISHED = "pydb: interrupted: the check is not finished\n"
MOMENTS: list[tuple[str, dict[str, Any], Callable[[Held], None], int, str]] = [
    ("CREATE DATABASE", {"after": True}, interrupt_waiting, 130, NOT_FINISHED),
    ("TABLE notes", {}, terminate_working, 143, NOT_FINISHED),
    ("4711", {"command": "generate"}, hang_up_working, 129, "pydb: interrupted: no file was written\n"),
    ("4711", {}, interrupt_twice, 130, NOT_FINISHED),
    ("DATABASE IF EXISTS", {"after": True}, interrupt_waiting, 130, NOT_FINISHED),
    ("DATABASE IF EXISTS", {}, interrupt_waiting, 130, NOT_FINISHED),
]
"""Where a command is held up, what happens there, its exit code and what it says."""


def test_no_interrupt_leaves_a_database(own_url: str, folder: Path, scratch_databases: Callable[[], set[str]]) -> None:
    """Whenever a signal ends a check, its scratch database is dropped; `generate` then has written nothing."""
    with (folder / "pyproject.toml").open("a") as project:
        project.write('package = "app.db"\n')
    with ExitStack() as stack:
        checks = [stack.enter_context(Held(folder, own_url, text, **how)) for text, how, *_ in MOMENTS]
        for check in checks:
            check.reach()
        for check, (text, _, interrupt, code, message) in zip(checks, MOMENTS, strict=True):
            interrupt(check)
            done = check.done()
            assert (done.code, done.out, done.err) == (code, "", message), (text, interrupt.__name__)
    assert scratch_databases() == set()
    assert [file.name for file in (folder / "app").iterdir()] == ["__init__.py"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_anywhere_leaves_no_database(
    own_url: str, engine_name: str, scratch_databases: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same is true between the creation and the block, at the end of the block, and in the drop itself."""
    # A connection that is interrupted before it is assigned to a variable is closed at once.
    monkeypatch.setattr(f"pydb.describe.engines.{engine_name}_scratch.GRACE", 0)
    made: set[str | None] = set()

    sessions = sessions_of(engine_name)
    assert isinstance(sessions, ServerSessions)
    server = sessions.server

    def work() -> None:
        with scratch_database(make_url(own_url), server) as url:
            made.add(url.database)

    for _ in interrupted_everywhere(work, within=["scratch_database.py"]):
        assert scratch_databases() == set()
    assert scratch_databases() == set()
    assert len(made) > 2
    # The unassigned connections of such an interrupt, which would cause warnings in a later test.
    for found in gc.get_objects():
        if issubclass(type(found), psycopg.Connection) and type(found) is not psycopg.Connection:
            found.close()
    gc.collect()


IMPOSTORS = {
    "pydb_check_ab12cd34ef56",
    "pydb_check_20200101t000000_ab12cd34ef5",
    "pydb_check_20200101t000000_ab12cd34efgh",
    "pydb_check_20201301t000000_ab12cd34ef56",
    "pydb_check_20200101t000000_ab12cd34ef56_",
}
"""Databases whose names only begin like those of scratch databases."""


def test_the_next_check_drops_what_others_have_left(
    own_server: StartedServer, own_url: str, folder: Path, scratch_databases: Callable[[], set[str]]
) -> None:
    """The check reports it with its age, and touches neither another check's database nor one with a similar name."""
    with ExitStack() as stack:
        for name in IMPOSTORS:
            own_server.create_database(name)
            stack.callback(own_server.drop_database, name)
        # At this moment, no session uses the other check's database.
        other = stack.enter_context(Held(folder, own_url, "CREATE DATABASE", after=True))
        other.reach()
        (living,) = scratch_databases() - IMPOSTORS

        killed = stack.enter_context(Held(folder, own_url, "4711"))
        killed.reach()
        (first,) = scratch_databases() - IMPOSTORS - {living}
        cut_off = stack.enter_context(Held(folder, own_url, "4711"))
        cut_off.reach()
        (second,) = scratch_databases() - IMPOSTORS - {living, first}
        killed.send(signal.SIGKILL)
        cut_off.send(signal.SIGTERM)
        for check in (killed, cut_off):
            check.proxy.close()
        done = cut_off.done()
        assert done.code == 143
        assert done.err.startswith(f"pydb: the scratch database {second} could not be dropped: ")
        assert done.err.endswith(f"    hint: the next check on this server drops it\n{NOT_FINISHED}")
        sessions = [SESSIONS[own_server.engine].format(name) for name in (first, second)]
        wait_until(lambda: not any(map(own_server.execute, sessions)), "the server notices that they have gone")

        done = stack.enter_context(Fork(folder, "check", "--db", own_url)).done()
        assert done.code == 0
        told = [
            rf"dropped {name}, which a killed check has left; it was created \d+ s ago\n" for name in (first, second)
        ]
        assert re.fullmatch("".join(told), done.err) or re.fullmatch("".join(reversed(told)), done.err)
        assert scratch_databases() == IMPOSTORS | {living}
        other.hold.release()
        assert other.done().code == 0
        assert scratch_databases() == IMPOSTORS


@pytest.mark.engines("postgresql")
def test_what_another_user_owns_stays(
    own_server: StartedServer, own_url: str, folder: Path, scratch_databases: Callable[[], set[str]]
) -> None:
    """A leftover database that the check's user may not drop is ignored, without a message."""
    name = "pydb_check_20200101t000000_ab12cd34ef56"
    own_server.execute(f"CREATE DATABASE {name}")
    try:
        with Fork(folder, "check", "--db", own_url) as check:
            assert (check.done().code, check.done().err) == (0, "")
        assert scratch_databases() == {name}
    finally:
        own_server.drop_database(name)
