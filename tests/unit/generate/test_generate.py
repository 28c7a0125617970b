"""A folder of SQL in; the package's files, or findings, out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

import pydb.generate as generate_module
from pydb.describe import DescribedStatement, describe
from pydb.errors import PydbError
from pydb.generate import Options, descriptions, generate
from pydb.sqlfile.loader import read
from tests.harness.described import opened
from tests.harness.sql_folders import write

OPTIONS = Options(package="app.db", sql="../../sql")
USERS = "-- People.\n--\n-- And more.\n\n-- name: all :many User\nSELECT id, name FROM users;\n"


def generated(folder: Path) -> tuple[Mapping[PurePosixPath, str], list[str]]:
    """The files, and the codes of the findings."""
    definitions = read(folder)
    with opened() as session:
        found = [describe(session, definition) for definition in definitions]
    forms = [form for form in found if isinstance(form, DescribedStatement)]
    files, findings = generate(definitions, forms, str(folder), OPTIONS)
    return files, [finding.code for finding in findings]


def test_a_folder(tmp_path: Path) -> None:
    """There is a module for each file, whose docstring is the comment at its top, and there are the records."""
    files, codes = generated(write(tmp_path, {"users.sql": USERS}))
    assert codes == []
    assert sorted(map(str, files)) == ["__init__.py", "records.py", "statement_types.py", "users.py"]
    assert "class User:" in files[PurePosixPath("records.py")]
    assert '"""People.\n\nAnd more.\n"""' in files[PurePosixPath("users.py")]


def test_what_no_database_was_asked_about(tmp_path: Path) -> None:
    """A statement that only another engine has is a finding, and nothing is generated."""
    text = "-- name: other :many User\nSELECT id, name FROM users;\n"
    files, codes = generated(write(tmp_path, {"users.sql": USERS, "mariadb/users.sql": text}))
    assert (files, codes) == ({}, ["G106"])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"users.sql": USERS}, {"users": "People.\n\nAnd more."}),
        ({"reports/stock.sql": USERS}, {"reports.stock": "People.\n\nAnd more."}),
        (
            {"users.sql": USERS, "mariadb/users.sql": USERS.replace("People", "Others")},
            {"users": "People.\n\nAnd more."},
        ),
        ({"users.sql": "-- name: a :exec\nDELETE FROM users;\n"}, {}),
    ],
)
def test_descriptions(tmp_path: Path, files: dict[str, str], expected: dict[str, str]) -> None:
    """The docstring is the comment above the first statement, of the shared file before an engine's."""
    assert descriptions(str(write(tmp_path, files))) == expected


def test_a_file_that_would_not_be_python(tmp_path: Path) -> None:
    """Whatever the reason, it is an error that names the SQL, and nothing is written."""
    folder = write(tmp_path, {"users.sql": USERS})
    definitions = read(folder)
    with opened() as session:
        form = describe(session, definitions[0])
    assert isinstance(form, DescribedStatement)
    with pytest.raises(PydbError, match="generated from it, would not be valid Python"):
        generate(definitions, [form], str(folder), Options(package="app.class", sql="sql"))
    # Each time, with the cache and without it.
    for _ in range(2):
        with pytest.raises(PydbError, match="generated from it, would not be valid Python"):
            generate(definitions, [form], str(folder), Options(package="app.class", sql="sql"), str(tmp_path / "cache"))


def test_a_text_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cache, a text that was compiled is not compiled again, except by another Python."""
    folder = write(tmp_path, {"users.sql": USERS})
    definitions = read(folder)
    with opened() as session:
        form = describe(session, definitions[0])
    assert isinstance(form, DescribedStatement)
    checked: list[str] = []
    check = generate_module._check_python

    def counted(path: PurePosixPath, text: str, source: str) -> None:
        checked.append(path.name)
        check(path, text, source)

    monkeypatch.setattr(generate_module, "_check_python", counted)
    for count in (4, 0):
        checked.clear()
        generate(definitions, [form], str(folder), OPTIONS, str(tmp_path / "cache"))
        assert len(checked) == count
    monkeypatch.setattr(sys, "version", "4.0")
    generate(definitions, [form], str(folder), OPTIONS, str(tmp_path / "cache"))
    assert len(checked) == 4
