"""The registry of engines: names, dialects, overlays, and parts that are made at their first use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

import pydb.engines
from pydb.engines import (
    default_engine,
    engine_names,
    engine_of_dialect,
    part,
    readers_of,
    register,
    registration,
)
from pydb.errors import PydbError


class Rules:
    """A part of an engine."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Remove the registrations of a test after it."""
    before = dict(pydb.engines._engines)
    yield
    pydb.engines._engines.clear()
    pydb.engines._engines.update(before)


def test_the_three() -> None:
    """The built-in engines are registered like others, the default one first."""
    assert engine_names() == ("sqlite", "postgresql", "mariadb")
    assert default_engine() == "sqlite"
    assert engine_of_dialect("mysql") == engine_of_dialect("mariadb") == "mariadb"
    assert [registration(name).product for name in engine_names()] == ["SQLite", "PostgreSQL", "MariaDB"]


def test_an_engine_of_its_own() -> None:
    """Without ``like``, an engine has the given parts, under its own name, and one overlay folder."""
    register("other", rules=Rules)
    assert part("other", "rules").name == "other"
    assert registration("other").overlays == ("other",)
    assert registration("other").product == "other"
    with pytest.raises(KeyError):
        part("other", "facts")


def test_an_engine_like_another() -> None:
    """With ``like``, it also has the other's parts, as separate objects, and overlays the other's folders."""
    register("first", rules=Rules, facts=Rules)
    register("second", like="first", facts="tests.unit.engines.test_engines:Rules")
    assert registration("second").overlays == ("second", "first")
    assert part("second", "rules").name == part("second", "facts").name == "second"
    assert part("second", "rules") is part("second", "rules") is not part("first", "rules")
    assert readers_of("first") == ("first", "second")
    assert readers_of(None) == engine_names()


@pytest.mark.parametrize(("name", "dialects"), [("sqlite", ("new",)), ("new", ("mysql",)), ("postgresql", ())])
def test_what_is_taken(name: str, dialects: tuple[str, ...]) -> None:
    """A name or a dialect that is already registered is refused, and nothing is registered."""
    with pytest.raises(PydbError, match="is registered already"):
        register(name, dialects=dialects, rules=Rules)
    assert engine_names() == ("sqlite", "postgresql", "mariadb")


def test_unknown_names() -> None:
    """An unknown engine or dialect is refused with the known names, whatever the caller's text is."""
    with pytest.raises(PydbError, match="no engine is named oracle    hint: one of sqlite, postgresql, mariadb"):
        registration("oracle")
    with pytest.raises(PydbError, match="unsupported dialect oracle    hint: one of sqlite, postgresql, mariadb, "):
        engine_of_dialect("oracle")
    with pytest.raises(PydbError, match=r"no engine is named x{39}… "):
        registration("x" * 1_000)


def test_parts_are_imported_late() -> None:
    """The registry imports no part of an engine, and no driver."""
    program = (
        "import sys, pydb.engines\n"
        "assert pydb.engines.engine_names()\n"
        "print(sorted(m for m in sys.modules if m.startswith(('pydb.engines.', 'psycopg', 'pymysql', 'sqlite3'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pydb.engines.postgresql" not in done.stdout
    assert "psycopg" not in done.stdout
    assert "pymysql" not in done.stdout
