"""The folder in which the tests look for Chinook, and the result of a test without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import chinook


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A project without data beside it, and an environment that names no data."""
    monkeypatch.setattr(chinook, "PROJECT", tmp_path / "project")
    monkeypatch.delenv("PYDB_SHARED_DATA", raising=False)
    monkeypatch.setenv("PYDB_REQUIRE_SERVERS", "1")


def test_the_folder_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """$PYDB_SHARED_DATA is used if it is set, otherwise the folder beside the project."""
    for folder in ("shared/data", "named"):
        (tmp_path / folder / "chinook").mkdir(parents=True)
        (tmp_path / folder / "chinook" / "Chinook_Sqlite.sqlite").touch()
    assert tmp_path / "shared/data" in chinook.chinook_file("sqlite").parents
    monkeypatch.setenv("PYDB_SHARED_DATA", str(tmp_path / "named"))
    assert tmp_path / "named" in chinook.chinook_file("sqlite").parents


def test_without_a_folder_a_test_skips() -> None:
    """Without data a test is skipped, even if servers are required, because the data is not part of the project."""
    with pytest.raises(pytest.skip.Exception, match="PYDB_SHARED_DATA names no folder"):
        chinook.chinook_file("sqlite")


@pytest.mark.parametrize("named", [False, True])
def test_what_a_folder_lacks_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: bool) -> None:
    """If servers are required, a folder without Chinook, or a missing folder that is named, fails the test."""
    if named:
        monkeypatch.setenv("PYDB_SHARED_DATA", str(tmp_path / "absent"))
    else:
        (tmp_path / "shared" / "data").mkdir(parents=True)
    with pytest.raises(pytest.fail.Exception, match=r"Chinook_MySql\.sql is not in"):
        chinook.chinook_file("mariadb")
    monkeypatch.setenv("PYDB_REQUIRE_SERVERS", "0")
    with pytest.raises(pytest.skip.Exception, match=r"Chinook_MySql\.sql is not in"):
        chinook.chinook_file("mariadb")
