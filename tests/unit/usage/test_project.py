"""The touches of a project's statements, and the table or column that a user names."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.sqlfile.loader import read
from pydb.usage.project import named_place, opened_usage, usages
from tests.harness.described import SCHEMA, opened


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A folder of statements and a schema script."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "users.sql").write_text(
        "-- name: names :many\nSELECT name FROM users;\n\n-- name: wrong :many\nSELECT nothing FROM users;\n"
    )
    (tmp_path / "schema.sql").write_text(";\n".join((*SCHEMA, "")))
    return str(tmp_path / "sql"), str(tmp_path / "schema.sql")


def test_usages(files: tuple[str, str]) -> None:
    """A statement that its engine refuses does not prevent the others from being analysed."""
    (usage,) = usages(read(files[0], None), {"sqlite": files[1]}, {"sqlite": None}, "users.name")
    assert [one.name for one in usage.touched] == ["users.names"]
    assert [one.definition.name for one in usage.refused] == ["users.wrong"]
    ((one, touches),) = usage.users("users", "name")
    assert (one.name, one.line, touches[0].line) == ("users.names", 2, 2)
    assert usage.users("users", "age") == ()


def test_an_engine_without_a_schema() -> None:
    """An engine without a schema script is an error."""
    with pytest.raises(PydbError, match="has no schema script"), opened_usage([], {}, None):
        pass


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("users", ("users", None)),
        ("USERS.Name", ("users", "name")),
        ("posts.id", ("posts", "id")),
        ('"users"."name"', ("users", "name")),
    ],
)
def test_names(name: str, place: tuple[str, str | None]) -> None:
    """A table and a column are found in any case, and are returned as the catalogue spells them."""
    with opened() as session:
        assert named_place(name, [session.catalogue]) == place


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("user", 'there is no table "user"    hint: did you mean users?'),
        ("user.name", 'there is no table "user"    hint: did you mean users?'),
        ("users.nam", 'the table "users" has no column "nam"    hint: did you mean name?'),
        ("users.zzz", 'the table "users" has no column "zzz"    hint: its columns are id, name, age'),
        ("zzz", 'there is no table "zzz"    hint: the tables are posts, users'),
    ],
)
def test_unknown_names(name: str, message: str) -> None:
    """An unknown name is refused, with the nearest one."""
    with opened() as session, pytest.raises(PydbError) as raised:
        named_place(name, [session.catalogue])
    assert str(raised.value) == message
