"""A script does in ``Database.apply`` and ``pydb check`` what it does in the engine's own shell.

Each script goes to sqlite3, psql or mariadb and to pydb, on a database each, and what the two then hold is compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb.describe.scratch import scratch
from pydb.errors import PydbError
from tests.harness import shells
from tests.harness.servers import Server
from tests.integration.scripts.shells import OWN, random_scripts, scripts_of

NewUrl = Callable[[ExitStack], str]


@pytest.fixture
def new_url(engine_name: str, shared_server: Server | None, tmp_path: Path) -> NewUrl:
    """Makes an empty database, for as long as the stack is open."""
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
    """What is not the same in the shell and in pydb; with ``checked``, in check too."""
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
        if refusal is not None and engine != "mariadb":
            wanted = empty  # apply does all or nothing
        if found != wanted:
            return f"{found}\n---- but the shell:\n{wanted}"
        check_refusal = described(engine, ours, file) if checked else refusal
        if (check_refusal is None) is not (refusal is None):
            return f"apply says {refusal}, check {check_refusal}"
    return None


def applied(url: str, file: Path) -> PydbError | None:
    """How apply refuses the script."""
    with pydb.Database(url) as database:
        try:
            database.apply(file)
        except PydbError as error:
            return error
    return None


def described(engine: str, url: str, file: Path) -> PydbError | None:
    """How check refuses the script."""
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
    """A script with bodies, and one with names like BEGIN, do the same in the shell and in pydb."""
    assert_alike(engine_name, [scripts_of(engine_name)[0], OWN[engine_name][0]], new_url, tmp_path)


@pytest.mark.deep
def test_scripts(engine_name: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Each script of the corpus does the same in the shell and in pydb."""
    scripts = scripts_of(engine_name)
    assert len(scripts) >= 60
    assert_alike(engine_name, scripts, new_url, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(2))
def test_random_scripts(engine_name: str, new_url: NewUrl, tmp_path: Path, seed: int) -> None:
    """So does what pieces and comments make at random."""
    assert_alike(engine_name, list(random_scripts(engine_name, 20, seed)), new_url, tmp_path, checked=False)
