"""The cache of a load, and when the next load may use it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pydb
from pydb.errors import SqlFileError
from pydb.sqlfile import load_cache
from pydb.sqlfile.load_cache import CODE, load_definitions
from pydb.sqlfile.loader import read
from pydb.sqlfile.stored_definition import StoredDefinition
from pydb.support.own_code import PACKAGE
from tests.harness.random_sql import strings
from tests.harness.sql_folders import write

PROJECT = Path(pydb.__file__).parent.parent
FOLDERS = [PROJECT / "sql", *sorted((PROJECT / "tests").glob("**/sql"))]
ONE = "-- name: {} :one\nSELECT 1;\n"
NOBODY = 65534


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python write compiled files beside the source."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def users(sql: Path) -> Path:
    """A folder with one file and an overlay, loaded once."""
    write(sql, {"users.sql": ONE.format("a") + ONE.format("b"), "mariadb/users.sql": ONE.format("b")})
    assert not from_cache("sql")
    return sql


def from_cache(path: str | Path) -> bool:
    """Whether a load uses the cache; its result must be that of reading the files."""
    found = load_definitions(path)
    assert found == read(path)
    assert [definition.file for definition in found] == [definition.file for definition in read(path)]
    return all(isinstance(definition, StoredDefinition) for definition in found)


def outcome(path: str | Path, load: Callable[[str | Path], object] = read) -> str | None:
    """The error of a load, or None."""
    try:
        load(path)
    except SqlFileError as error:
        return str(error)
    return None


def caches(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").iterdir()) if (folder / "__pycache__").exists() else []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_second_load(folder: Path, tmp_path: Path) -> None:
    """The second load of a folder uses the cache, and has the same result in the same order."""
    copy = shutil.copytree(folder, tmp_path / "sql", ignore=shutil.ignore_patterns("__pycache__"))
    paths = [copy] if outcome(copy) is None else [file for file in copy.rglob("*.sql") if outcome(file) is None]
    assert paths
    for path in paths:
        assert not from_cache(path)
        assert from_cache(path)


TEXT = st.one_of(
    *map(strings, ("sqlite", "postgresql", "mariadb")), st.sampled_from([":a", "(:b)", "c  -- if :c\n", "/* x */"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=st.lists(st.lists(TEXT, min_size=1, max_size=4).map(",\n".join), min_size=1, max_size=3))
def test_any_file(texts: list[str], sql: Path) -> None:
    """Whatever a file contains, a second load has the result or the error of reading it."""
    statements = [f"-- name: s{number} :many\nSELECT {text}\nFROM t;\n" for number, text in enumerate(texts)]
    write(sql, {"any.sql": "".join(statements)})
    expected = outcome("sql")
    for _ in range(2):
        assert outcome("sql", load_definitions) == expected
    assert expected is not None or from_cache("sql")


def changed(sql: Path) -> None:
    """Size and time are unchanged: only the bytes differ."""
    status = (sql / "users.sql").stat()
    write(sql, {"users.sql": ONE.format("a") + ONE.format("c")})
    os.utime(sql / "users.sql", ns=(status.st_atime_ns, status.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a changed file": changed,
    "a new file": lambda sql: write(sql, {"posts.sql": ONE.format("a")}),
    "a renamed file": lambda sql: (sql / "users.sql").rename(sql / "people.sql"),
    "a new folder": lambda sql: write(sql, {"old/users.sql": ONE.format("a")}),
    "a new overlay": lambda sql: write(sql, {"sqlite/users.sql": ONE.format("a")}),
    "a removed overlay": lambda sql: (sql / "mariadb" / "users.sql").unlink(),
    "an overlay of another engine": lambda sql: (sql / "mariadb").rename(sql / "sqlite"),
    "a byte order mark": lambda sql: (sql / "users.sql").write_bytes(
        b"\xef\xbb\xbf" + (sql / "users.sql").read_bytes()
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_folder_is_read_anew(users: Path, change: Callable[[Path], object]) -> None:
    """After any change of the files the cache is not used, and the next load uses the new one."""
    assert from_cache("sql")
    change(users)
    assert not from_cache("sql")
    assert from_cache("sql")
    assert len(caches(users)) == 1


def test_a_file_that_is_broken_since(users: Path) -> None:
    """A load of files with an error raises it, whatever the cache contains, and leaves no cache."""
    write(users, {"users.sql": "-- name: a :lots\nSELECT 1;\n"})
    before = caches(users)[0].read_bytes()
    for _ in range(2):
        with pytest.raises(SqlFileError, match="lots"):
            load_definitions("sql")
    assert caches(users)[0].read_bytes() == before
    shutil.rmtree(users / "__pycache__")
    with pytest.raises(SqlFileError, match="lots"):
        load_definitions("sql")
    assert caches(users) == []


@pytest.mark.parametrize("bad", ["Person", "Pet"])
def test_records_are_looked_at_each_time(sql: Path, bad: str) -> None:
    """A missing record is an error at every load, with and without a cache."""
    nested = "-- name: b :many Person\n-- @embed pet Pet\nSELECT id, name AS pet__name FROM people;\n"
    write(sql, {"users.sql": ONE.format("a") + nested})
    for _ in range(2):
        with pytest.raises(SqlFileError, match=f"there is no record {bad}") as caught:
            load_definitions("sql", frozenset({"Person", "Pet"} - {bad}))
        with pytest.raises(SqlFileError) as expected:
            read("sql", frozenset({"Person", "Pet"} - {bad}))
        assert str(caught.value) == str(expected.value)
        assert load_definitions("sql", frozenset({"Person", "Pet", "Other"})) == read("sql")
    assert from_cache("sql")


def test_each_path_has_its_own(users: Path) -> None:
    """A folder, one file of it, and the same folder at another path have separate caches."""
    for path in ("sql", "./sql", "sql/users.sql", users.absolute()):
        load_definitions(path)
        assert from_cache(path)
    assert len(caches(users)) == 4
    assert [len(read(path)[0].forms) for path in ("sql", "sql/users.sql")] == [3, 3]


def test_links(users: Path, tmp_path: Path) -> None:
    """A folder and a file may be links; their targets count."""
    write(tmp_path, {"one.sql": ONE.format("x"), "two.sql": ONE.format("y")})
    link = users / "linked.sql"
    link.symlink_to(tmp_path / "one.sql")
    Path("other").symlink_to("sql")
    load_definitions("other")
    assert from_cache("other")
    link.unlink()
    link.symlink_to(tmp_path / "two.sql")
    assert not from_cache("other")


def test_another_program(users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of other code of pydb, or of another Python, is not used."""
    package = tmp_path / "pydb"
    for pattern in CODE:
        for file in PACKAGE.glob(pattern):
            (package / file.relative_to(PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, package / file.relative_to(PACKAGE))
    monkeypatch.setattr(load_cache, "PACKAGE", package)
    load_cache._code.cache_clear()
    try:
        assert from_cache("sql")
        with (package / "sqlfile" / "verbs.py").open("a") as stream:
            stream.write("#")
        load_cache._code.cache_clear()
        assert not from_cache("sql")
        assert from_cache("sql")
        monkeypatch.setattr(sys, "version", sys.version + "+")
        assert not from_cache("sql")
        shutil.rmtree(package)
        load_cache._code.cache_clear()
        assert not from_cache("sql")
        assert not from_cache("sql")
    finally:
        load_cache._code.cache_clear()


def test_all_code_that_decides_counts() -> None:
    """Every module of pydb that reading imports is part of the cache's digest, except the errors.

    The ``__init__.py`` files of the engines contain only documentation.
    """
    program = "import sys\nfrom pydb.sqlfile.loader import read\nread('sql')\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    modules = [Path(*name.split(".")) for name in done.stdout.split() if name.startswith("pydb.")]
    files = {path / "__init__.py" if (PROJECT / path).is_dir() else path.with_suffix(".py") for path in modules}
    counted = {file.relative_to(PROJECT) for pattern in CODE for file in (PROJECT / "pydb").glob(pattern)}
    empty = {file for file in files if len(ast.parse((PROJECT / file).read_text()).body) == 1}
    assert files - counted - empty == {Path("pydb/errors/__init__.py"), Path("pydb/errors/base.py")}


def test_engines(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another engine there is another cache, and if its syntax is not pydb's, there is none."""
    before = dict(pydb.engines._engines)
    try:
        pydb.engines.register("alike", like="mariadb")
        assert not from_cache("sql")
        assert "alike" in load_definitions("sql")[0].forms
        assert from_cache("sql")
        pydb.engines.register("strange", like="mariadb", syntax="tests.strange:Syntax")
        with pytest.raises(ModuleNotFoundError, match=r"tests\.strange"):
            load_definitions("sql")
    finally:
        pydb.engines._engines.clear()
        pydb.engines._engines.update(before)
    assert not from_cache("sql")
    assert from_cache("sql")


def test_a_damaged_file_is_not_taken(users: Path) -> None:
    """If the cache is cut or any byte is changed, it is not used, and it is written again."""
    (file,) = caches(users)
    whole = file.read_bytes()
    step = max(1, len(whole) // 15)
    damaged = [whole[:end] for end in range(0, len(whole), step)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), step)]
    for data in (*damaged, whole + b"x", b"something else", whole.replace(b"cache 1", b"cache 0")):
        file.write_bytes(data)
        assert not from_cache("sql")
        assert file.read_bytes() == whole


def test_what_stands_in_its_place(users: Path) -> None:
    """A link, a folder or a pipe in the place of the cache is neither followed nor waited for."""
    (file,) = caches(users)
    elsewhere = users.parent / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert not from_cache("sql")
    assert from_cache("sql")
    assert not file.is_symlink()
    file.unlink()
    os.mkfifo(file)
    assert not from_cache("sql")
    assert from_cache("sql")
    file.unlink()
    file.mkdir()
    assert not from_cache("sql")
    assert not from_cache("sql")
    assert caches(users) == [file]


def test_a_folder_that_is_a_link(users: Path) -> None:
    """A link in the place of the folder is not followed, for reading or writing."""
    (users / "__pycache__").rename("elsewhere")
    (users / "__pycache__").symlink_to(Path("elsewhere").absolute())
    before = [file.read_bytes() for file in Path("elsewhere").iterdir()]
    changed(users)
    assert not from_cache("sql")
    assert not from_cache("sql")
    assert [file.read_bytes() for file in Path("elsewhere").iterdir()] == before


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_may_write_to(users: Path, mode: int) -> None:
    """If other users could write to the folder, no file is read or written."""
    (users / "__pycache__").chmod(mode)
    assert not from_cache("sql")
    caches(users)[0].unlink()
    assert not from_cache("sql")
    assert caches(users) == []


def test_a_file_that_others_may_write_to(users: Path) -> None:
    """A cache that other users could have changed is not read, but replaced."""
    caches(users)[0].chmod(0o666)
    assert not from_cache("sql")
    assert caches(users)[0].stat().st_mode & 0o022 == 0
    assert from_cache("sql")


def test_the_modes_do_not_depend_on_the_umask(sql: Path) -> None:
    """Even with a umask of 0, other users may not write to the files and folders."""
    write(sql, {"users.sql": ONE.format("a")})
    before = os.umask(0)
    try:
        load_definitions("sql")
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (sql / "__pycache__", *caches(sql))] == [0o755, 0o644]
    assert from_cache("sql")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to somebody else")
def test_what_somebody_else_owns(users: Path) -> None:
    """A folder or file of another user is not read, and nothing is written into such a folder."""
    os.chown(caches(users)[0], NOBODY, NOBODY)
    assert not from_cache("sql")
    assert from_cache("sql")
    os.chown(users / "__pycache__", NOBODY, NOBODY)
    assert not from_cache("sql")
    caches(users)[0].unlink()
    assert not from_cache("sql")
    assert caches(users) == []


@contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user() -> None:
    """A user who may only read loads without an error, leaves nothing, and uses root's cache."""
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        top.chmod(0o755)
        write(top, {"users.sql": ONE.format("a")})
        read(top)
        with as_nobody():
            assert not from_cache(top)
            assert not from_cache(top)
        assert caches(top) == []
        assert not from_cache(top)
        with as_nobody():
            assert from_cache(top)


def test_no_room(users: Path) -> None:
    """If the folder cannot be created, loads work without a cache."""
    shutil.rmtree(users / "__pycache__")
    (users / "__pycache__").write_text("a file\n")
    assert not from_cache("sql")
    assert not from_cache("sql")


def test_python_is_told_to_write_nothing(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONDONTWRITEBYTECODE nothing is written, and an existing cache is used, as Python does."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert from_cache("sql")
    changed(users)
    assert not from_cache("sql")
    assert not from_cache("sql")
    shutil.rmtree(users / "__pycache__")
    assert not from_cache("sql")
    assert caches(users) == []


def test_python_is_told_another_place(sql: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONPYCACHEPREFIX everything is below that folder, and nothing beside the sources."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "prefix"))
    write(sql, {"users.sql": ONE.format("a")})
    assert not from_cache("sql")
    assert from_cache("sql")
    assert not (sql / "__pycache__").exists()
    (file,) = (path for path in (tmp_path / "prefix").rglob("*") if path.is_file())
    assert file.parent == tmp_path / "prefix" / sql.absolute().relative_to("/")


def test_many_at_once(users: Path) -> None:
    """Threads that load while the cache is created and removed all have the right result, and leave no other file."""
    expected = read("sql")

    def load(number: int) -> bool:
        if number % 5 == 0:
            for file in caches(users):
                file.unlink(missing_ok=True)
        return load_definitions("sql") == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(load, range(80)))
    load_definitions("sql")
    assert len(caches(users)) == 1


@pytest.mark.deep
def test_processes_at_once(users: Path) -> None:
    """Processes that load and write at the same time all have the right result."""
    program = (
        "import pathlib\nfrom pydb.sqlfile.load_cache import load_definitions\nfrom pydb.sqlfile.loader import read\n"
        "expected = read('sql')\nfor number in range(200):\n    assert load_definitions('sql') == expected\n"
        "    if number % 7 == 0:\n        for file in pathlib.Path('sql/__pycache__').iterdir():\n"
        "            file.unlink(missing_ok=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": ""}
    running = [subprocess.Popen([sys.executable, "-c", program], env=environment) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
